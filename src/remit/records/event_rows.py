"""The events of one patient, from the rows of the tables of events and prescriptions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any

from remit.records.layout import EVENTS
from remit.records.model import OPEN_DAY, UNKNOWN_DAY, Event

_Rows = Sequence[tuple[Any, ...]]
_FIRST = itemgetter(0, 1, 2)


def events_of(
    coded: _Rows, issued: _Rows, more: Sequence[str] = (), of_issues: Sequence[str] = ()
) -> tuple[Event, ...]:
    """A patient's rows of the two tables together: by date, then code, then reading.

    Each row has the columns of its table in their order; `more` and `of_issues` are the optional ones that the tables
    have. What follows them is not looked at.
    """
    further, issue = _of_event(tuple(more)), _of_issue(tuple(of_issues))
    # Tuples and not yet events: sorting them is quick.
    rows = [(day, code, reading, value, unit, episode, further(rest))
            for _, day, code, value, unit, episode, reading, *rest in coded]  # fmt: skip
    if issued:
        rows += [(day, code, "", quantity, unit, "", issue(day, rest))
                 for _, day, code, quantity, unit, *rest in issued]  # fmt: skip
        rows.sort(key=_FIRST)
    return tuple(
        Event(day, code, None if value is None else plain(value), unit, episode, reading, *rest)
        for day, code, reading, value, unit, episode, rest in rows
    )


@lru_cache(maxsize=64)
def _of_event(names: tuple[str, ...]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """What the optional columns of a row of events say, as the last fields of an `Event` that stand there in order."""
    if not names:
        return lambda rest: ()
    nothing: list[Any] = [EVENTS.column(name).empty for name in _EVENT_FIELDS]
    at = [names.index(name) if name in names else -1 for name in _EVENT_FIELDS]

    def fields(rest: Sequence[Any]) -> tuple[Any, ...]:
        time, end, *others = [rest[n] if n >= 0 else nothing[k] for k, n in enumerate(at)]
        return (time, *lasting(end), *others)

    return fields


_EVENT_FIELDS = ("time", "end_date", "system", "comparator", "answer", "status", "negation", "record")


def lasting(end: date | None) -> tuple[str, date | None]:
    """How long a record lasts, by the last day that is stored for it; and that day."""
    if end is None:
        return "", None
    if end == OPEN_DAY:
        return "open", None
    return ("unknown", None) if end == UNKNOWN_DAY else ("ended", end)


@lru_cache(maxsize=64)
def _of_issue(names: tuple[str, ...]) -> Callable[[date, Sequence[Any]], tuple[Any, ...]]:
    """The same of a row of prescriptions, which ends when its days are over."""
    if not names:
        return lambda day, rest: ()

    def fields(day: date, rest: Sequence[Any]) -> tuple[Any, ...]:
        row = dict(zip(names, rest, strict=False))
        end = issued_until(day, row.get("days"))
        return (None, "ended" if end else "", end, row.get("system", ""), "", "", row.get("status", ""), "",
                row.get("record", ""))  # fmt: skip

    return fields


def issued_until(day: date, days: int | None) -> date | None:
    """The last day of a prescription of so many days, the day of issue counted; before `OPEN_DAY`."""
    if days is None:
        return None
    return date.fromordinal(min(day.toordinal() + days - 1, OPEN_DAY.toordinal() - 1))


@lru_cache(maxsize=1 << 16)
def plain(value: Decimal) -> Decimal:
    """The same number without the zeros that fill it up to six decimals: `58`, not `58.000000` or `5.8E+1`."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if whole == value else value.normalize()
