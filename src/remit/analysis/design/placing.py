"""Which steps to propose: at the marks of a base year, and far enough apart that few practices climb one by luck.

The marks are the median, the upper quartile and the achievable benchmark of the practices' rates, in whole units (per
cent, of small rates a tenth or a hundredth of one). A step stands at its mark, or higher: where a practice whose own
rate is that of the step below it (of the lowest step: the lower quartile) reaches it by luck with at most the limit's
chance. A step that would then ask for more than the best have achieved is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from remit.analysis.design.lucky_steps import least_step, patients_needed, reach
from remit.analysis.design.thresholds import Marks

NAMES = ("median", "upper quartile", "achievable benchmark")


@dataclass(frozen=True)
class Sizes:
    """Denominators of the practices of a base year: the median, and the largest of the smallest tenth."""

    median: int
    smallest_tenth: int

    @classmethod
    def of(cls, denominators: Sequence[int]) -> Sizes:
        """Of practices with patients. Both are a practice's own: of an even number, the lower median."""
        ordered = sorted(denominators)
        return cls(ordered[(len(ordered) - 1) // 2], ordered[max(0, -(-len(ordered) // 10) - 1)])


@dataclass(frozen=True)
class PlacedStep:
    """A step: at which rate, the mark that it is for, and whether it stands above that so as to be out of luck's reach.

    `below` is the rate from which it is climbed. `by_luck` and `by_luck_small` are the chances that a practice with
    that own rate reaches it, of the median denominator and of the smallest tenth's; `least_distance` and
    `least_distance_small` how far above `below` a step must stand for the limit, None where none up to 100% is so.
    """

    at: Fraction
    mark: str
    moved: bool
    below: Fraction
    by_luck: float
    by_luck_small: float
    least_distance: Fraction | None
    least_distance_small: Fraction | None


@dataclass(frozen=True)
class StepLeftOut:
    """A mark at which no step can stand: from `below`, the denominators are too small for it, or it is no higher.

    `patients` is the denominator from which on the mark itself would hold the limit; None where the mark is not above
    the step below it.
    """

    mark: str
    at: Fraction
    below: Fraction
    patients: int | None


@dataclass(frozen=True)
class Placed:
    """The steps that are proposed, lowest first, and the marks that have none."""

    steps: tuple[PlacedStep, ...]
    left_out: tuple[StepLeftOut, ...]
    unit: Fraction


def unit_of(rate: Fraction) -> Fraction:
    """The unit of steps: one per cent; for rates below 10% a tenth of one, below 1% a hundredth."""
    return Fraction(1, 100) if rate >= Fraction(1, 10) else Fraction(1, 1000 if rate >= Fraction(1, 100) else 10000)


def place_steps(marks: Marks, sizes: Sizes, limit: float, for_smallest: bool = False) -> Placed:
    """The steps of an item. The limit is kept for the median denominator, or for that of the smallest tenth."""
    unit = unit_of(marks.benchmark.rate)
    size = sizes.smallest_tenth if for_smallest else sizes.median
    best = max(_to(marks.benchmark.rate, unit), _to(marks.upper, unit))
    steps: list[PlacedStep] = []
    left_out: list[StepLeftOut] = []
    below = marks.lower
    for name, rate in zip(NAMES, (marks.median, marks.upper, marks.benchmark.rate), strict=True):
        mark = _to(rate, unit)
        least = least_step(below, size, limit, unit)
        at = None if least is None else max(mark, least)
        if at is None or at > best or at <= below:
            left_out.append(StepLeftOut(name, mark, below, patients_needed(below, mark, limit)))
            continue
        steps.append(_placed(at, name, mark, below, sizes, limit, unit))
        below = at
    return Placed(tuple(steps), tuple(left_out), unit)


def _placed(
    at: Fraction, name: str, mark: Fraction, below: Fraction, sizes: Sizes, limit: float, unit: Fraction
) -> PlacedStep:
    least = [least_step(below, size, limit, unit) for size in (sizes.median, sizes.smallest_tenth)]
    away = [None if step is None else step - below for step in least]
    chances = [reach(below, at, size) for size in (sizes.median, sizes.smallest_tenth)]
    return PlacedStep(at, name, at > mark, below, chances[0], chances[1], away[0], away[1])


def _to(rate: Fraction, unit: Fraction) -> Fraction:
    """The nearest whole number of units; a half goes up."""
    units = rate / unit + Fraction(1, 2)
    return unit * (units.numerator // units.denominator)
