"""How much of a run's payments is chance: by practice and item, and together. One place for every page that says it.

The steps, points and pounds are the plan's: what a count earns is its kind's, and what that is worth to a practice is
what the evaluator pays it in full for the item. Items are taken as independent of each other. Amounts are in pence, as
floats: they are estimates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import sqrt
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from remit.analysis.beta_binomial import BetaBinomial
from remit.analysis.reliability import ADEQUATE
from remit.analysis.repeat_year import HIGH, LOW, RepeatYear, awards_of, repeat_year
from remit.analysis.run_counts import ItemCounts, WithoutChance, counted_items
from remit.pricing.award import Award
from remit.pricing.evaluator import price
from remit.pricing.scenario import Scenario
from remit.runs.engine import Run
from remit.scoring.achievement import Achievement

Floats = NDArray[np.float64]

MOST_SUMMED = 20
"""Up to this many items an interval sums every combination; with more, the sum is close to a normal curve."""
_POINTS = 4000
_NORMAL_90 = 1.6448536269514722


Pays = Literal["steps", "points", "both"]


class Paid(NamedTuple):
    """What a practice is paid for an item, and what one of its kind's unit is worth to it: pence, None if not known."""

    pence: int | None
    worth: float | None


@dataclass(frozen=True, slots=True)
class ItemChance:
    """One item of one practice, in a repeat of the year with the same care.

    `other` is the probability of a different award. In the kind's unit: what was `earned`, the `mean` of a repeat, the
    mean distance of the two (`apart`), the `variance` of a repeat, and `least` and `most`, which hold 90%. `pence`
    is the year's award, and `worth` what one of the unit is worth to the practice; None where they are not known.
    """

    counts: ItemCounts
    place: int
    other: float
    earned: float
    mean: float
    apart: float
    variance: float
    least: float
    most: float
    pence: int | None
    worth: float | None

    @property
    def code(self) -> str:
        return self.counts.code

    @property
    def moved(self) -> float | None:
        """The mean distance of its pounds from the year's, in pence."""
        return None if self.worth is None else self.apart * self.worth


@dataclass(frozen=True)
class PracticeChance:
    """A practice's items for which a chance is stated, and their pounds together."""

    code: str
    items: tuple[ItemChance, ...]

    @property
    def others(self) -> float:
        """How many items can be expected to earn a different award."""
        return sum(one.other for one in self.items)

    @property
    def priced(self) -> list[ItemChance]:
        """The items whose pounds are known."""
        return [one for one in self.items if one.worth is not None]

    @property
    def pays(self) -> Pays:
        """By what its items are paid."""
        return paid_by(self.items)

    @property
    def pence(self) -> int:
        """What its items are paid."""
        return sum(one.pence or 0 for one in self.priced)

    @property
    def moved(self) -> float:
        """The pounds that can be expected to move, up or down, in pence."""
        return sum(one.moved or 0.0 for one in self.priced)

    @property
    def deviation(self) -> float:
        """The standard deviation of the sum, in pence."""
        return sqrt(sum(one.variance * (one.worth or 0.0) ** 2 for one in self.priced))


@dataclass(frozen=True)
class RunChance:
    """A run's items for which a chance is stated, and those for which none is, with the reason.

    `practice` gives any one of its practices, so that a statement needs no other's.
    """

    run: Run
    items: tuple[ItemCounts, ...]
    without: tuple[WithoutChance, ...]

    @cached_property
    def stated(self) -> tuple[ItemCounts, ...]:
        """The items whose practices could be compared: with two at least that have somebody to count."""
        return tuple(one for one in self.items if isinstance(one.spread, BetaBinomial))

    @cached_property
    def _of_item(self) -> dict[tuple[str, str], RepeatYear]:
        return {(one.scheme, one.code): _repeat(one, one.counted) for one in self.stated}

    def everyone(
        self,
        paid: Mapping[str, Mapping[str, Paid]] | None = None,
        report: Callable[[int, int], None] = lambda done, of: None,
    ) -> Sequence[PracticeChance]:
        """Every practice for which any chance can be stated, in the order of their codes.

        `paid` has by practice and item what is known already; without it, they are priced, and `report(done, of)` says
        how far that is.
        """
        found, codes = [], sorted({one.codes[n] for one in self.stated for n in one.counted})
        for n, code in enumerate(codes, 1):
            of = paid.get(code, {}) if paid is not None else self.paid(code)
            found.append(self._practice(code, of, every=True))
            report(n, len(codes))
        return found

    def practice(self, code: str, awards: Sequence[Award] | None = None) -> PracticeChance:
        """One practice, whose `awards` may be known already."""
        if all(one.place(code) is None for one in self.stated):
            return PracticeChance(code, ())
        return self._practice(code, self.paid(code, awards), False)

    def paid(self, code: str, awards: Sequence[Award] | None = None) -> Mapping[str, Paid]:
        """What a practice is paid for each item, and what it is paid in full."""
        those = [one.code for one in self.stated if one.place(code) is not None]
        scheme = self.run.standings.plan(code)
        best = {item: Achievement(Fraction(0 if scheme.lines[item].kind.falls else 1)) for item in those}
        full = price(scheme, self.run.standing(code), Scenario(achieved=best, items=frozenset(best))).awards
        pence = {a.item.item: a.pence for a in (self.run.practice(code).awards if awards is None else awards)}
        return {a.item.item: Paid(pence.get(a.item.item), worth_of_one(a.pence, a.earned)) for a in full}

    def _practice(self, code: str, paid: Mapping[str, Paid], every: bool) -> PracticeChance:
        lines = []
        for counts in self.stated:
            at = counts.place(code)
            if at is None:
                continue
            if every:
                repeat, n = self._of_item[counts.scheme, counts.code], int(counts.order[at])
            else:
                repeat, n = _repeat(counts, np.array([at])), 0
            lines.append(_line(counts, at, repeat, n, paid.get(counts.code, Paid(None, None))))
        return PracticeChance(code, tuple(lines))


def chance(run: Run, only: Sequence[str] = ()) -> RunChance:
    """How much of a run is chance; `only` of some of its items."""
    items, without = counted_items(run, only)
    return RunChance(run, tuple(items), tuple(without))


@dataclass(frozen=True)
class RunTotals:
    """A run together: of so many `items` (practices x items) how many can be expected to earn a different award, by
    chance alone; of their pounds, those that can be expected to move, and those in items below a reliability of 0.7.

    Amounts are in pence. `pays` says by what the items are paid.
    """

    practices: int
    items: int
    others: float
    pence: int
    moved: float
    unreliable: int
    pays: Pays


def totals(found: RunChance, everyone: Sequence[PracticeChance]) -> RunTotals | None:
    """The sums over practices; None where no chance can be stated of any item."""
    weak = {
        (one.scheme, one.code)
        for one in found.stated
        if isinstance(one.spread, BetaBinomial) and one.spread.reliability(one.median) < ADEQUATE
    }
    lines = [one for practice in everyone for one in practice.items]
    if not lines:
        return None
    priced = [one for one in lines if one.worth is not None]
    return RunTotals(
        len(everyone), len(lines), sum(one.other for one in lines), sum(one.pence or 0 for one in priced),
        sum(one.moved or 0.0 for one in priced),
        sum(one.pence or 0 for one in priced if (one.counts.scheme, one.code) in weak),
        paid_by(lines),
    )  # fmt: skip


def interval(practice: PracticeChance) -> tuple[float, float] | None:
    """The two sums of the items' pounds between which 90% of repeats lie, in pence; None where no item's are known."""
    priced = practice.priced
    if not priced:
        return None
    if len(priced) > MOST_SUMMED:
        mean = sum(one.mean * (one.worth or 0.0) for one in priced)
        reach = _NORMAL_90 * practice.deviation
        return mean - reach, mean + reach
    values, chances = np.zeros(1), np.ones(1)
    for one in priced:
        more, with_chance = _pence_of(one)
        values, chances = _merged((values[:, None] + more).ravel(), (chances[:, None] * with_chance).ravel())
    summed = np.cumsum(chances)
    ends = [float(values[min(int((summed < p - 1e-12).sum()), len(values) - 1)]) for p in (LOW, HIGH)]
    return ends[0], ends[1]


def _repeat(counts: ItemCounts, places: NDArray[np.int64]) -> RepeatYear:
    assert isinstance(counts.spread, BetaBinomial)
    return repeat_year(counts.scale, counts.spread, counts.over[places], counts.under[places])


def paid_by(items: Sequence[ItemChance]) -> Pays:
    """Whether items are paid by steps, by points on a line, or some by either."""
    kinds = {one.counts.scale.stepped for one in items}
    return "both" if len(kinds) > 1 else "steps" if True in kinds else "points"


def worth_of_one(pence: int | None, earned: Fraction | None) -> float | None:
    """The pence that one of a kind's unit is worth, where so many pay so much."""
    return pence / float(earned) if pence is not None and earned else None


def _line(counts: ItemCounts, place: int, repeat: RepeatYear, n: int, paid: Paid) -> ItemChance:
    known = None if paid.pence is None else paid.worth
    return ItemChance(
        counts, place, min(float(repeat.other[n]), 1.0), float(repeat.earned[n]), float(repeat.mean[n]),
        float(repeat.moved[n]), float(repeat.variance[n]), float(repeat.low[n]), float(repeat.high[n]),
        paid.pence, known,
    )  # fmt: skip


def _pence_of(one: ItemChance) -> tuple[Floats, Floats]:
    """What a practice may be paid for an item in a repeat of the year, in pence, and with which probability each."""
    counts = one.counts
    assert isinstance(counts.spread, BetaBinomial)
    earned, chances = awards_of(counts.scale, counts.spread, int(counts.over[one.place]), int(counts.under[one.place]))
    return _merged(earned * (one.worth or 0.0), chances)


def _merged(pence: Floats, chances: Floats) -> tuple[Floats, Floats]:
    """Amounts that are the same to the penny together; of very many, those that are near each other."""
    values, place = np.unique(np.rint(pence), return_inverse=True)
    if len(values) > _POINTS:
        step = float(values[-1] - values[0]) / _POINTS
        values, place = np.unique(np.rint(pence / step), return_inverse=True)
        values = values * step
    return values, np.bincount(place, chances).astype(np.float64)
