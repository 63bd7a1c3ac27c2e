"""What the value of a record is to the interpreter: the unit, however it is written, and the limits of what can be.

The engine reads values by functions of its own (records/values.py); only the tables are the same.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from unicodedata import normalize

from remit.evaluation.model import IMPOSSIBLE, UNIT_NOT_READ
from remit.records.measures import HIGHEST, Measures
from remit.records.model import Event


@cache
def unit_key(measures: Measures, text: str) -> str:
    """A unit as it is compared: '' for none, one key for all of its spellings."""
    shortened = _shortened(text)
    return next(
        (_shortened(ucum) for written, ucum in measures.spellings if _shortened(written) == shortened), shortened
    )


_SAME = {
    "\u03bc": "u",
    "\u2212": "-",
    "\u2010": "-",
    "\u2013": "-",
    "\u00b7": ".",
    "\u22c5": ".",
    "\u2215": "/",
    "\u2044": "/",
}
"""Small mu, other hyphens and minus signs, raised dots and slashes, as they are written on a keyboard."""


@cache
def _shortened(text: str) -> str:
    """Small letters, without blanks, brackets, powers' signs, and what UCUM has in braces; micro is u."""
    kept, begun = "", -1
    for letter in normalize("NFKC", normalize("NFKC", text).casefold()):
        if letter == "}" and begun >= 0:
            kept, begun = kept[:begun], -1
            continue
        begun = len(kept) if letter == "{" else begun
        kept += _SAME.get(letter, letter)
    return "".join(letter for letter in kept if not letter.isspace() and letter not in "[]^")


@dataclass(frozen=True)
class Range:
    """A number of which only the ends are known, both of them possible: what a comparator stands by. Numbers have six
    decimals at most, so that what is above 130 begins half a millionth above it."""

    low: Fraction
    high: Fraction


Number = Fraction | Range

BEYOND = Fraction(10**15)
"""Above every number that can be written; what is open to below ends at its opposite."""
BESIDE = Fraction(1, 2_000_000)
"""How far beside a number that begins which is above it."""


def ends(value: Number) -> tuple[Fraction, Fraction]:
    """Between what a number is."""
    return (value.low, value.high) if isinstance(value, Range) else (value, value)


def between(low: Fraction, high: Fraction) -> Number:
    """The number that is between two ends."""
    return low if low == high else Range(low, high)


def with_comparator(event: Event) -> Number | None:
    """The value of a record as its comparator has it."""
    if event.value is None:
        return None
    value = Fraction(event.value)
    match event.comparator:
        case ">":
            return Range(value + BESIDE, BEYOND)
        case ">=":
            return Range(value, BEYOND)
        case "<":
            return Range(-BEYOND, value - BESIDE)
        case "<=":
            return Range(-BEYOND, value)
        case _:
            return value


def read_in(measures: Measures, event: Event, clusters: Collection[str], unit_read: str = "") -> Number | None:
    """The value of a record as a field reads it that looks at these clusters and wants this unit ('' for any).

    None where there is none, where it is in another unit, or where nobody can have it. A value without a unit is in the
    one that is wanted. Where none is wanted, what has limits is measured in the units of these: a weight is no BMI.
    """
    if event.value is None:
        return None
    value, unit, key = Fraction(event.value), unit_key(measures, event.unit), unit_key(measures, unit_read)
    right = {key} if key else _own_units(measures, frozenset(clusters))
    if unit and right and unit not in right:
        return None
    units = (unit, key) if key and not unit else (unit,)
    limits = [limits_of(measures, frozenset(clusters), one) for one in units]
    return with_comparator(event) if all(lowest <= value <= highest for lowest, highest in limits) else None


@cache
def _own_units(measures: Measures, clusters: frozenset[str]) -> frozenset[str]:
    """The units, by their keys, of the limits that the clusters have of their own."""
    return frozenset(unit_key(measures, one.unit) for one in measures.limits if one.cluster in clusters)


@cache
def limits_of(measures: Measures, clusters: frozenset[str], unit: str) -> tuple[Fraction, Fraction]:
    """The lowest and the highest value that can be, in a unit by its key: by the limits of the clusters in the unit,
    else of the unit, else of the clusters in their own units; else it is not below 0."""
    own = [one for one in measures.limits if one.cluster in clusters]
    for limits in (
        [one for one in own if unit_key(measures, one.unit) == unit],
        [one for one in measures.limits if one.cluster == "" and unit_key(measures, one.unit) == unit],
        own,
    ):
        if limits:
            return min(Fraction(one.lowest) for one in limits), max(Fraction(one.highest) for one in limits)
    return Fraction(0), Fraction(HIGHEST)


def why_not_read(measures: Measures, event: Event, clusters: Collection[str], units: Collection[str]) -> str:
    """Why no field of these clusters reads the value of a record, in whichever of the units that are asked for ('' for
    any; none where only its presence is asked for); '' where one reads it."""
    keys = {unit_key(measures, unit) for unit in units} or {""}
    written = unit_key(measures, event.unit)
    own = _own_units(measures, frozenset(clusters)) or {written}
    if written not in {"", *keys, *(own if "" in keys else ())}:
        return UNIT_NOT_READ
    return "" if any(read_in(measures, event, clusters, way) is not None for way in keys) else IMPOSSIBLE
