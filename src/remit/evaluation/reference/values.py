"""What a field or a term comes to, and how two of them are compared; readings put together from their halves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from remit.records.model import Event
from remit.rules import model as r


@dataclass(frozen=True)
class Reading:
    """One reading: its date, and the value of each of its halves by cluster."""

    day: date
    values: tuple[tuple[str, Fraction], ...]
    events: tuple[Event, ...] = ()


Seen = date | Fraction | str | Reading | None
"""What a field or a term comes to; None is missing."""


class Step(NamedTuple):
    """A rule that was tried: whether it was true, and what each field that it names came to."""

    rule: r.Rule
    true: bool
    seen: dict[str, Seen]


def compared(left: Seen, op: r.Comparison, right: Seen) -> bool:
    """A comparison; false where a side is missing, `<>` too."""
    if left is None or right is None:
        return False
    if op == "=":
        return left == right
    if op == "<>":
        return left != right
    return _ORDER[op](left, right)


Read = Callable[[Event, str, str], Fraction | None]
"""The value of a record as a half of a reading: in a cluster, in a unit."""


def readings(events: Iterable[Event], given: r.ReadingOf, read: Read) -> Iterator[Reading]:
    """The readings among records that have a value in every cluster. Halves without an identity go together by day."""
    groups: dict[tuple[date, str], list[Event]] = {}
    for event in events:
        groups.setdefault((event.date, event.reading), []).append(event)
    for (day, _), group in groups.items():
        values: list[tuple[str, Fraction]] = []
        whole: list[Event] = []
        for cluster in given.clusters:
            own = [(v, e) for e in group if (v := read(e, cluster, given.unit)) is not None]
            if own:
                values.append((cluster, min(value for value, _ in own)))
                whole += [event for _, event in own if event not in whole]
        if len(values) == len(given.clusters):
            yield Reading(day, tuple(values), tuple(whole))


_ORDER: dict[str, Callable[[object, object], bool]] = {
    "<": lambda a, b: a < b,  # type: ignore[operator]
    "<=": lambda a, b: a <= b,  # type: ignore[operator]
    ">": lambda a, b: a > b,  # type: ignore[operator]
    ">=": lambda a, b: a >= b,  # type: ignore[operator]
}
TIES: dict[str, Callable[[list[Fraction]], Fraction | None]] = {
    "lowest": min,
    "highest": max,
    "mean": lambda values: sum(values, Fraction(0)) / len(values),
    "last": lambda values: values[-1],
    "only": lambda values: values[0] if len(set(values)) == 1 else None,
}
