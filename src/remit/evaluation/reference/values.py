"""What a field or a term comes to, and how two of them are compared; readings put together from their halves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from remit.evaluation.reference.measured import BEYOND, Number, Range, between, ends
from remit.records.model import Event
from remit.rules import model as r


@dataclass(frozen=True)
class Reading:
    """One reading: its date, and the value of each of its halves by cluster."""

    day: date
    values: tuple[tuple[str, Number], ...]
    events: tuple[Event, ...] = ()


FieldValue = date | Number | str | Reading | None
"""What a field or a term comes to; None is missing."""


class Step(NamedTuple):
    """A rule that was tried: whether it was true, and what each field that it names came to."""

    rule: r.Rule
    true: bool
    values: dict[str, FieldValue]


def compared(left: FieldValue, op: r.Comparison, right: FieldValue) -> bool:
    """A comparison; false where a side is missing, `<>` too."""
    if left is None or right is None:
        return False
    if isinstance(left, Range) or isinstance(right, Range):
        return _surely(left, op, right)
    if op == "=":
        return left == right
    if op == "<>":
        return left != right
    return _ORDER[op](left, right)


def _surely(left: FieldValue, op: r.Comparison, right: FieldValue) -> bool:
    """Whether a comparison is true of all that the two numbers can be."""
    assert isinstance(left, Fraction | Range), "a number beside a number"
    assert isinstance(right, Fraction | Range), "a number beside a number"
    (low, high), (least, most) = ends(left), ends(right)
    below, above = high < least, low > most
    match op:
        case "=":
            return False
        case "<>":
            return below or above
        case "<":
            return below
        case "<=":
            return below or high == least
        case ">":
            return above
        case ">=":
            return above or low == most


Read = Callable[[Event, str, str], Number | None]
"""The value of a record as a half of a reading: in a cluster, in a unit."""


def readings(events: Iterable[Event], rule_field: r.ReadingOf, read: Read) -> Iterator[Reading]:
    """The readings among records that have a value in every cluster. Halves without an identity go together by day."""
    groups: dict[tuple[date, str], list[Event]] = {}
    for event in events:
        groups.setdefault((event.date, event.reading), []).append(event)
    for (day, _), group in groups.items():
        values: list[tuple[str, Number]] = []
        whole: list[Event] = []
        for cluster in rule_field.clusters:
            own = [(v, e) for e in group if (v := read(e, cluster, rule_field.unit)) is not None]
            if own:
                values.append((cluster, lowest([value for value, _ in own])))
                whole += [event for _, event in own if event not in whole]
        if len(values) == len(rule_field.clusters):
            yield Reading(day, tuple(values), tuple(whole))


_ORDER: dict[str, Callable[[object, object], bool]] = {
    "<": lambda a, b: a < b,  # type: ignore[operator]
    "<=": lambda a, b: a <= b,  # type: ignore[operator]
    ">": lambda a, b: a > b,  # type: ignore[operator]
    ">=": lambda a, b: a >= b,  # type: ignore[operator]
}


def lowest(values: list[Number]) -> Number:
    """The lowest of numbers: the lowest that each end of it can be."""
    return between(min(ends(value)[0] for value in values), min(ends(value)[1] for value in values))


def highest(values: list[Number]) -> Number:
    """The highest of numbers."""
    return between(max(ends(value)[0] for value in values), max(ends(value)[1] for value in values))


def mean(values: list[Number]) -> Number:
    """The mean; open where one of the numbers is."""
    lows, highs = ([ends(value)[end] for value in values] for end in (0, 1))
    low = -BEYOND if -BEYOND in lows else sum(lows, Fraction(0)) / len(values)
    high = BEYOND if BEYOND in highs else sum(highs, Fraction(0)) / len(values)
    return between(low, high)


TIES: dict[str, Callable[[list[Number]], Number | None]] = {
    "lowest": lowest,
    "highest": highest,
    "mean": mean,
    "last": lambda values: values[-1],
    "only": lambda values: values[0] if len(set(values)) == 1 else None,
}
