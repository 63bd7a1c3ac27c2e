"""Four tests of practices' PCA rates side by side, each practice's band by those that are chosen, and the spread.

PCA rate = PCAs / (denominator + PCAs). The point rule: above every reference. The exact binomial test and that of a
rise on the year before are the guard rail's own (`scoring/guard.py`). The funnel has limits of 99.8% around each
reference, with additive overdispersion (`analysis/funnel.py`). A band is a reason to look: no pounds change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import quantiles
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from remit.analysis.funnel import Funnel, NoFunnel, funnel
from remit.scoring.guard import IN_LINE, REVIEW, WATCH, Findings, PcaCount, Rise, findings
from remit.scoring.tails import as_many

Test = Literal["point", "binomial", "funnel", "rise"]
TESTS: tuple[Test, ...] = ("point", "binomial", "funnel", "rise")
Side = Literal["above", "below", "within"]

OWN = "this run's practices"
"""Whose rate an item without a guard rail is compared with, where none is given."""

_LEVEL = 0.998
"""The limits of the funnel."""

BENCHMARK_2005 = Fraction(53, 1000)
"""The median exception rate of practices in 2005/06, as the Review of QOF has it (R004-20)."""


@dataclass(frozen=True)
class PcaRule:
    """What an item's PCA rates are compared with, and which tests decide the band.

    `references` are rates by whose they are, `level` is that of significance, `rise` how much more than the year
    before is looked at (0.02 is two points). `own` says that the reference is the run's own rate.
    """

    references: Mapping[str, Fraction]
    chosen: tuple[Test, ...] = ("binomial",)
    level: Fraction = Fraction(5, 100)
    rise: Fraction = Fraction(2, 100)
    both_ways: bool = False
    own: bool = False

    @property
    def highest(self) -> Fraction | None:
        """The highest of the references."""
        return max(self.references.values(), default=None)


@dataclass(frozen=True)
class PracticePca:
    """One practice under the four tests; None is a test that could not be made.

    `over` are the references that its rate is above, `chance` that of as many PCAs or more at the highest of them.
    """

    practice: str
    count: PcaCount
    band: str
    point: Side | None
    binomial: Side | None
    funnel: Side | None
    rise: bool | None
    over: tuple[str, ...]
    chance: float | None
    change: Rise | None

    def flags(self, test: Test) -> bool:
        """Whether one of the tests finds something."""
        return getattr(self, test) in ("above", "below", True)


@dataclass(frozen=True)
class Quartiles:
    """Half of the practices lie between `low` and `high`."""

    low: Fraction
    median: Fraction
    high: Fraction


@dataclass(frozen=True)
class DrawnFunnel:
    """The limits of 99.8% around a reference, by people: of chance alone, and with overdispersion."""

    target: Fraction
    people: tuple[int, ...]
    chance: tuple[tuple[float, ...], tuple[float, ...]]
    over: tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True)
class ItemPca:
    """An item's PCAs over all practices; `no_funnel` says why there is no funnel, `drawn` is that of the highest
    reference."""

    rule: PcaRule
    practices: tuple[PracticePca, ...]
    no_funnel: str = ""
    drawn: DrawnFunnel | None = None

    @property
    def pcas(self) -> int:
        return sum(one.count.pcas for one in self.practices)

    @property
    def people(self) -> int:
        return sum(one.count.people for one in self.practices)

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.pcas, self.people) if self.people else None

    @property
    def quartiles(self) -> Quartiles | None:
        return quartiles([one.count.rate for one in self.practices])

    @property
    def year_before(self) -> tuple[Fraction, Fraction] | None:
        """The rate of the year before and this year's, of the practices that have both."""
        both = [one.count for one in self.practices if one.count.previous]
        before = sum(sum(one.previous or ()) for one in both)
        if not before:
            return None
        pcas = sum(one.previous[0] for one in both if one.previous)
        return Fraction(pcas, before), Fraction(sum(one.pcas for one in both), sum(one.people for one in both))

    def many(self, band: str) -> int:
        """How many practices are in a band."""
        return sum(one.band == band for one in self.practices)


def quartiles(rates: Sequence[Fraction]) -> Quartiles | None:
    """Of at least two practices: as numpy's and Excel's inclusive quartiles, but exact."""
    return Quartiles(*quantiles(rates, n=4, method="inclusive")) if len(rates) > 1 else None


def examine(rule: PcaRule, counts: Mapping[str, PcaCount]) -> ItemPca:
    """The practices of an item under the four tests. Who has more people than there can be is left out."""
    found = findings(rule.references, rule.level, counts, rule.both_ways)
    codes = list(found)
    pcas = np.array([counts[code].pcas for code in codes], np.int64)
    people = np.array([counts[code].people for code in codes], np.int64)
    each = [funnel(pcas, people, float(reference)) for reference in rule.references.values()]
    lacks = next((one.reason for one in each if isinstance(one, NoFunnel)), "")
    funnels = [one for one in each if isinstance(one, Funnel)]
    if not funnels:
        lacks = lacks or "There is no rate to hold them against."
    outside = [None] * len(codes) if lacks else _outside(funnels, len(codes))
    practices = (
        _practice(rule, code, counts[code], found[code], beyond) for code, beyond in zip(codes, outside, strict=True)
    )
    drawn = None if lacks else _drawn(max(funnels, key=lambda one: one.target), rule, people)
    return ItemPca(rule, tuple(practices), lacks, drawn)


def _drawn(around: Funnel, rule: PcaRule, people: NDArray[np.int64]) -> DrawnFunnel:
    sizes = np.unique(np.linspace(max(1, people.min() // 2), people.max(), 60).astype(np.int64))
    chance, over = around.limits(sizes, _LEVEL), around.wide_limits(sizes, _LEVEL)
    lines = [(tuple(low.tolist()), tuple(high.tolist())) for low, high in (chance, over)]
    return DrawnFunnel(rule.highest or Fraction(0), tuple(sizes.tolist()), lines[0], lines[1])


def _outside(funnels: Sequence[Funnel], many: int) -> list[Side | None]:
    """On which side of the limits of every funnel each practice lies."""
    above, below = np.ones(many, bool), np.ones(many, bool)
    for one in funnels:
        beyond = np.zeros(many, bool)
        beyond[one.outside(_LEVEL)] = True
        above &= beyond & (one.z_over > 0)
        below &= beyond & (one.z_over < 0)
    return ["above" if up else "below" if down else "within" for up, down in zip(above, below, strict=True)]


def _practice(rule: PcaRule, code: str, count: PcaCount, found: Findings, outside: Side | None) -> PracticePca:
    highest, known = rule.highest, bool(rule.references)
    if outside == "below" and not rule.both_ways:
        outside = "within"
    point: Side = "above" if known and len(found.over) == len(rule.references) else "within"
    binomial: Side = "above" if found.above else "below" if found.below else "within"
    rise = found.rise.beyond(rule.rise) if found.rise else None
    likely = float(as_many(count.pcas, count.people, highest).roughly[0]) if highest is not None else None
    made = PracticePca(
        code, count, IN_LINE, point if known else None, binomial if known else None, outside, rise, found.over, likely,
        found.rise,
    )  # fmt: skip
    return PracticePca(**{**vars(made), "band": _band(rule, made)})


def _band(rule: PcaRule, one: PracticePca) -> str:
    """For review where a chosen test finds something; to watch where its rate is above a reference, another test finds
    something, or it rose at all and rises are looked at."""
    if any(one.flags(test) for test in rule.chosen):
        return REVIEW
    rose = "rise" in rule.chosen and one.change is not None and one.change.points > 0
    return WATCH if one.over or rose or any(one.flags(test) for test in TESTS) else IN_LINE


def put_back(count: PcaCount, reference: Fraction) -> int:
    """How many PCAs are above a reference rate: the fewest that must go back for the rate not to be above it."""
    return max(0, count.pcas - int(reference * count.people))
