"""Groups that save nothing, beside what `remit savings` says of how often such a group is paid.

Activity is drawn around the same mean in the baseline year and in this one, and the payment kind is asked. Sizes of
groups go by turns, and so does a variance of one or two times the mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache

import numpy as np
from areas import Area
from tally import Claim, Outcome

from remit.analysis.savings import Activity, odds, paid_by
from remit.scheme.kinds.shared_savings import SharedSavings

GROUPS = 40
SIZES = (3_000, 10_000, 30_000)
RATE, PRICE, SAVING = Fraction(1, 4), Fraction(150), Fraction(3, 100)

CLAIMS = (
    Claim("savings-nothing", "the chance that a group which saved nothing is paid", "savings"),
    Claim("savings-saving", "the chance that a group which truly saved 3% is paid", "savings"),
)


@cache
def _stated(size: int, spread: float) -> tuple[float, float]:
    found = odds(_rule(), Activity(RATE, PRICE, spread), size, SAVING)
    return found.paid_for_nothing, found.paid_for_saving


@cache
def _rule() -> SharedSavings:
    return SharedSavings.model_validate({"share": "50%", "minimum_rate": "2%"})


def savings_outcomes(area: Area) -> Iterator[Outcome]:
    """Forty groups of one size."""
    size, spread = SIZES[area.number % len(SIZES)], 1.0 + area.number // len(SIZES) % 2
    random, paid = area.random(5), paid_by(_rule(), PRICE)
    stated = _stated(size, spread)
    for name, cut, chance in (("nothing", 0.0, stated[0]), ("saving", float(SAVING), stated[1])):
        before = _drawn(random, float(size * RATE), spread)
        now = _drawn(random, float(size * RATE) * (1 - cut), spread)
        hits = sum(paid(Fraction(int(b)), int(n)) > 0 for b, n in zip(before, now, strict=True))
        yield Outcome(f"savings-{name}", hits, chance * GROUPS, GROUPS)


def _drawn(random: np.random.Generator, mean: float, spread: float) -> np.ndarray:
    if spread == 1:
        return random.poisson(mean, GROUPS)
    return random.negative_binomial(mean / (spread - 1), 1 / spread, GROUPS)
