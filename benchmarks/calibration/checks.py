"""What each part of the laboratory states of an area, beside what is true of it.

A check takes an area and gives outcomes. Intervals state the share of repeats that their own distribution puts within
them (counts are whole, so that is seldom just 90%).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
from areas import Area
from scipy.stats import beta, betabinom, binom
from tally import Claim, Outcome

import remit
from remit.analysis.beta_binomial import BetaBinomial, fit
from remit.analysis.design.lucky_steps import least_step, luck, own_rate
from remit.scoring.guard import REVIEW, PcaCount, bands

STEPS = "4"
"""Of QIF 2024/25: above 65%, 72% and 78%."""
REFERENCE, WORSE = 0.1, 0.2
"""PCA rates: what practices are held against, and the rate of those that are truly above it."""


@cache
def _scheme(name: str) -> remit.scheme.Scheme:
    return remit.load_scheme(name)


def repeat_interval(area: Area, spread: BetaBinomial) -> Iterator[Outcome]:
    """Nine repeats in ten count within the interval."""
    if np.isinf(spread.alike):
        law = binom(area.under, spread.mean)
    else:
        law = betabinom(area.under, spread.alpha + area.over, spread.beta + area.under - area.over)
    low, high = law.ppf(0.05), law.ppf(0.95)
    stated = law.cdf(high) - law.cdf(low - 1)
    within = (area.again >= low) & (area.again <= high)
    yield Outcome("repeat-interval", float(within.sum()), float(stated.sum()), len(within))


def own_rate_interval(area: Area, spread: BetaBinomial) -> Iterator[Outcome]:
    """Nine own rates in ten lie in the interval after the counts. Where all are the same there is no interval."""
    if np.isinf(spread.alike) or np.isinf(area.shape.alike):
        return
    law = beta(spread.alpha + area.over, spread.beta + area.under - area.over)
    within = (area.rates >= law.ppf(0.05)) & (area.rates <= law.ppf(0.95))
    yield Outcome("own-rate-interval", float(within.sum()), 0.9 * len(within), len(within))


def lucky_step(area: Area, spread: BetaBinomial) -> Iterator[Outcome]:
    """The chance that a practice reaches the middle step by luck next year: its own rate is below it."""
    step = Fraction(72, 100)
    stated, hits = 0.0, 0
    for rate, under, over, again in zip(area.rates, area.under, area.over, area.again, strict=True):
        own = own_rate(spread.mean, spread.alike, int(over), int(under))
        stated += luck(own, step, int(under)).lucky
        hits += bool(rate < step and again >= step * int(under))
    yield Outcome("lucky-step", hits, stated, len(area.rates))


def least_lucky_step(area: Area, spread: BetaBinomial) -> Iterator[Outcome]:
    """A step set for a limit of 5% is reached by at most 5% of practices whose own rate is just below the last one."""
    random = area.random(1)
    below, hits, trials = Fraction(65, 100), 0, 0
    for under in area.under:
        step = least_step(below, int(under), 0.05, Fraction(1, 100))
        if step is not None:
            trials += 1
            hits += bool(random.binomial(under, float(below)) >= step * int(under))
    yield Outcome("least-step", hits, 0.05 * trials, trials)


def pca_false_alarms(area: Area, spread: BetaBinomial) -> Iterator[Outcome]:
    """Benjamini and Hochberg: of practices found above the reference, at most 5% are not, and none where none is."""
    guard = _scheme("qif-2024-25").item(STEPS).guard
    reference = replace(next(iter(guard.references.values())), value=Fraction(str(REFERENCE)))
    guard = guard.model_copy(update={"references": {"England": reference}, "looks": "above", "increase_points": None})
    random = area.random(2)
    people = area.under
    worse = random.random(len(people)) < 0.15
    for name, rates in (
        ("pca-none", np.full(len(people), REFERENCE)),
        ("pca-some", np.where(worse, WORSE, REFERENCE)),
    ):
        pcas = random.binomial(people, rates)
        counts = {
            str(n): PcaCount(int(some), int(all_ - some))
            for n, (some, all_) in enumerate(zip(pcas, people, strict=True))
        }
        found = [int(code) for code, band in bands(guard, counts).items() if band.band == REVIEW]
        wrong = sum(rates[n] <= REFERENCE for n in found)
        # The false discovery rate is the mean over areas of the wrong share of the findings, 0 where there are none.
        yield Outcome(name, wrong / len(found) if found else 0.0, 0.05, 1)


CHECKS: tuple[Callable[[Area, BetaBinomial], Iterator[Outcome]], ...] = (
    repeat_interval, own_rate_interval, lucky_step, least_lucky_step, pca_false_alarms,
)  # fmt: skip

CLAIMS = (
    Claim("repeat-interval", "90% of repeats of the year count within the interval", "chance"),
    Claim("own-rate-interval", "90% of practices' own rates lie in the interval after their counts", "chance"),
    Claim("lucky-step", "the chance that a practice reaches the 72% step by luck", "design"),
    Claim("least-step", "of practices just below a step, at most 5% reach the next one by luck", "design", "at most"),
    Claim("pca-none", "no practice is truly above: areas with any finding, at most 5%", "pca", "at most"),
    Claim("pca-some", "some practices are truly above: wrong findings of all findings, at most 5%", "pca", "at most"),
)


def outcomes(area: Area) -> Iterator[Outcome]:
    """All that is stated of an area. An area that cannot be fitted has none."""
    spread = fit(area.over, area.under)
    if isinstance(spread, BetaBinomial):
        for check in CHECKS:
            yield from check(area, spread)
