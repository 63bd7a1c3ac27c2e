"""What luck does at the steps of one item, over all practices of a base year: how many it lifts, and the cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from remit.analysis.beta_binomial import BetaBinomial
from remit.analysis.design.lucky_steps import OwnRate, luck, lucks, own_rate
from remit.analysis.design.placing import Sizes


@dataclass(frozen=True)
class StepLuck:
    """At one step: how many practices are expected to reach it by luck and to miss it by bad luck in a year.

    `median` and `smallest_tenth` are the chances to reach it of a practice of that size of whose own rate only is known
    that it is below the step: None where no practice's is.
    """

    at: Fraction
    lucky: float
    unlucky: float
    median: float | None
    smallest_tenth: float | None


@dataclass(frozen=True)
class ItemLuck:
    """By step, and for each practice the chance that it is paid for a step that its own rate does not reach; `heads`
    are the weighted patients for whom each step is expected to be paid by luck, `missed` those for whom bad luck is
    expected to leave it unpaid."""

    steps: tuple[StepLuck, ...]
    any_step: tuple[float, ...]
    heads: tuple[float, ...]
    missed: tuple[float, ...]


@dataclass(frozen=True)
class CountedPractice:
    """A practice's counts of an item in the base year, and its weighted list."""

    numerator: int
    denominator: int
    heads: Fraction


def item_luck(
    practices: Sequence[CountedPractice],
    steps: Sequence[Fraction],
    sizes: Sizes,
    fitted: BetaBinomial,
    above: bool = False,
) -> ItemLuck:
    """Each practice's own rate is estimated from its counts and from how all practices differ. The steps ascend; a rate
    reaches them where it is not below them, or is `above` them."""
    owns = [own_rate(fitted.mean, fitted.alike, one.numerator, one.denominator) for one in practices]
    any_of_them = own_rate(fitted.mean, fitted.alike)
    every = [lucks(own, steps, one.denominator, above) for own, one in zip(owns, practices, strict=True)]
    found: list[StepLuck] = []
    heads: list[float] = []
    missed: list[float] = []
    for n, step in enumerate(steps):
        chances = [one[n] for one, _ in every]
        lucky, unlucky = sum(one.lucky for one in chances), sum(one.unlucky for one in chances)
        of_size = [_of_size(any_of_them, step, size, above) for size in (sizes.median, sizes.smallest_tenth)]
        found.append(StepLuck(step, lucky, unlucky, *of_size))
        heads.append(sum(one.lucky * float(of.heads) for one, of in zip(chances, practices, strict=True)))
        missed.append(sum(one.unlucky * float(of.heads) for one, of in zip(chances, practices, strict=True)))
    return ItemLuck(tuple(found), tuple(chance for _, chance in every), tuple(heads), tuple(missed))


def _of_size(own: OwnRate, step: Fraction, patients: int, above: bool) -> float | None:
    return luck(own, step, patients, above).of_those_below
