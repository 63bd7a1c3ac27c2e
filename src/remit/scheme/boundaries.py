"""What a practice gets just below, exactly at and just above every threshold of a scheme, beside the source's words.

A threshold is disputed at its edge: QIF 1a pays 15p above 0.75%, and 1b's better table holds from 0.75%. Both are as
printed, and only this table shows what they do to a practice at exactly 0.75%.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from remit.core.rounding import exact_text, pounds_text
from remit.scheme.kinds import ChangeOver, Fixed, HigherOf, Kind, Steps, Threshold, Unit
from remit.scheme.model import Item, Scheme
from remit.scheme.quantity import Range

JUST = Fraction(1, 10_000)
"""`Just` below or above: 0.01 of a percentage point, the smallest step of a rate with two decimals."""


@dataclass(frozen=True)
class BoundarySide:
    """One side of a threshold: the rate there, what it earns, and for a gate, the table that holds."""

    rate: Fraction
    earned: Fraction | None
    table: str = ""


@dataclass(frozen=True)
class Boundary:
    """A threshold and what is earned around it, in the item's unit. A side outside 0% to 100% is None.

    Where lower is better, it `falls`: what is better is below the threshold. `of_change`: it stands on the scale of the
    change over the practice's own baseline, in percentage points or, where that is relative, in per cent of it. `per`
    is of how many the rate is: 100, or 1,000 where events are counted for each 1,000 people.
    """

    threshold: Threshold
    below: BoundarySide | None
    at: BoundarySide
    above: BoundarySide | None
    falls: bool = False
    of_change: Literal["", " points", "%"] = ""
    per: int = 100

    @property
    def operator(self) -> str:
        if self.falls:
            return "<=" if self.threshold.above else "<"
        return ">" if self.threshold.above else ">="


@dataclass(frozen=True)
class BoundaryTable:
    """The thresholds that hold together: an item's only ones, or those of one table of a gated item."""

    when: str
    words: str
    boundaries: tuple[Boundary, ...]
    note: str = ""


@dataclass(frozen=True)
class ItemBoundaries:
    """The thresholds of one item. `gate` is the item whose achievement chooses the table, `gates` its thresholds."""

    item: Item
    unit: Unit
    tables: tuple[BoundaryTable, ...]
    gate: str = ""
    gates: tuple[Boundary, ...] = ()
    note: str = ""


def boundaries(scheme: Scheme, only: Sequence[str] = ()) -> Iterator[ItemBoundaries]:
    """Every item's thresholds, in the order of the scheme; with `only`, of these items."""
    for item in scheme.items:
        if only and item.item not in only:
            continue
        kind = item.kind
        if kind.missing():
            yield ItemBoundaries(item, kind.unit, (), note=f"must be supplied first: {kind.missing()}")
        elif isinstance(kind, Steps) and kind.gate:
            yield _gated(scheme, item, kind, kind.gate)
        elif isinstance(kind, HigherOf):
            yield ItemBoundaries(item, kind.unit, tuple(_two_scales(item, kind)))
        elif isinstance(kind, ChangeOver):
            yield ItemBoundaries(item, kind.unit, (_by_change(item, kind),))
        else:
            by_head = "For each patient on the list." if isinstance(kind, Fixed) and kind.per == "head" else ""
            table = BoundaryTable("", item.words, tuple(_boundaries(kind)), by_head)
            note = "" if table.boundaries else kind.words()
            yield ItemBoundaries(item, kind.unit, (table,) if table.boundaries else (), note=note)


def _two_scales(item: Item, kind: HigherOf) -> Iterator[BoundaryTable]:
    """The ordinary scale and that of the change over the baseline, each with what it pays by itself."""
    yield BoundaryTable("on the ordinary scale", item.words, tuple(_boundaries(kind.scale)))
    note = f"In percentage points over {kind.improvement.described()}. The higher of the two scales is paid."
    yield BoundaryTable("for improvement", "", tuple(_of_change(kind)), note)


def _by_change(item: Item, kind: ChangeOver) -> BoundaryTable:
    """The scale of the change over the baseline."""
    unit = "per cent" if kind.relative else "percentage points"
    way = "Down from" if kind.falls else "Up from"
    note = f"{way} {kind.described()}, in {unit}."
    return BoundaryTable("for the change", item.words, tuple(_of_change(kind)), note)


def _of_change(kind: HigherOf | ChangeOver) -> Iterator[Boundary]:
    thresholds = kind.of_change()
    for one in thresholds:
        step = just(one.at, [other.at for other in thresholds])
        sides = [BoundarySide(at, kind.by_change(at)) for at in (one.at - step, one.at, one.at + step)]
        relative = isinstance(kind, ChangeOver) and kind.relative
        yield replace(_boundary(one, sides), of_change="%" if relative else " points")


def just(at: Fraction, others: Sequence[Fraction]) -> Fraction:
    """The step to `just` below or above a threshold: 0.01 point, or a tenth of it (…) where another is as near."""
    step = JUST
    while any(0 < abs(other - at) <= step for other in others):
        step /= 10
    return step


def _boundaries(kind: Kind, gate: Fraction | None = None) -> Iterator[Boundary]:
    thresholds = kind.thresholds(gate)
    for threshold in thresholds:
        step = just(threshold.at, [other.at for other in thresholds])
        sides = [
            BoundarySide(rate, kind.earned(rate, gate))
            for rate in (threshold.at - step, threshold.at, threshold.at + step)
        ]
        yield _boundary(threshold, sides, kind.falls, kind.rates_per)


def _boundary(threshold: Threshold, sides: Sequence[BoundarySide], falls: bool = False, per: int = 100) -> Boundary:
    below, at, above = sides
    beyond = above.rate > 1 and per == 100
    return Boundary(threshold, below if below.rate >= 0 else None, at, None if beyond else above, falls, per=per)


def _gated(scheme: Scheme, item: Item, kind: Steps, gate: str) -> ItemBoundaries:
    """Each table with its own thresholds, and the gate's thresholds with what the gate's own item earns there."""
    tables = tuple(
        BoundaryTable(table.when.text, table.words, tuple(_boundaries(kind, inside(table.when))), table.note)
        for table in kind.tables
    )
    own = scheme.item(gate).kind
    marks = {
        mark
        for table in kind.tables
        for mark in ((table.when.low, table.when.low_above), (table.when.high, not table.when.high_below))
        if mark[0] is not None
    }
    around = [at for at, _ in marks if at is not None]
    around += [] if own.missing() else [threshold.at for threshold in own.thresholds()]
    gates = []
    for at, above in sorted((at, above) for at, above in marks if at is not None):
        step = just(at, around)
        sides = [BoundarySide(rate, _earned(own, rate), _table_at(kind, rate)) for rate in (at - step, at, at + step)]
        words = next((t.words for t in kind.tables if at in (t.when.low, t.when.high)), "")
        gates.append(_boundary(Threshold(at, above, words), sides))
    return ItemBoundaries(item, kind.unit, tables, gate, tuple(gates))


def _earned(kind: Kind, rate: Fraction) -> Fraction | None:
    """What a rate earns by itself; None where it takes more than the rate to say."""
    return None if kind.missing() or kind.gated_by or kind.by_figures else kind.earned(rate)


def _table_at(kind: Steps, rate: Fraction) -> str:
    return next((table.when.text for table in kind.tables if table.when.holds(rate)), "")


def inside(when: Range) -> Fraction:
    """A rate at which a table of steps holds."""
    return ((when.low or Fraction(0)) + (when.high if when.high is not None else Fraction(1))) / 2


def award_text(amount: Fraction | None, unit: str) -> str:
    """`15p`, `nothing` or `3.5 points`."""
    if amount is None:
        return "not known"
    if unit == "points":
        return f"{exact_text(amount, most=4)} {'point' if amount == 1 else 'points'}"
    if unit == "pounds":
        return pounds_text(amount)
    return f"{exact_text(amount * 100, most=4)}p" if amount else "nothing"


def percent_text(rate: Fraction, per: int = 100) -> str:
    """A rate with at least two decimals: `0.75%`, or `89.90 per 1,000`."""
    return f"{exact_text(rate * 100, 2)}%" if per == 100 else f"{exact_text(rate * per, 2)} per {per:,}"
