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
from awards import CLAIMS as OF_AWARDS
from awards import repeat_awards
from reforms import CLAIMS as OF_REFORMS
from reforms import reform_outcomes
from savings import CLAIMS as OF_SAVINGS
from savings import savings_outcomes
from scipy.stats import beta, betabinom, binom
from tally import Claim, Outcome

import remit
from remit.analysis.beta_binomial import BetaBinomial
from remit.analysis.design.lucky_steps import least_step, luck, own_rate
from remit.analysis.funnel import LEVELS, NoFunnel, funnel
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


def pca_rise(area: Area, spread: BetaBinomial) -> Iterator[Outcome]:
    """Of practices whose PCA rate is as the year before, at most 5% are found to have risen by over two points."""
    guard = _scheme("qif-2024-25").item(STEPS).guard
    reference = replace(next(iter(guard.references.values())), value=Fraction(9, 10))
    guard = guard.model_copy(update={"references": {"England": reference}, "looks": "above"})
    random = area.random(3)
    now, before = (random.binomial(area.under, REFERENCE) for _ in range(2))
    counts = {
        str(n): PcaCount(int(now[n]), int(every - now[n]), (int(before[n]), int(every - before[n])))
        for n, every in enumerate(area.under)
    }
    found = sum(band.band == REVIEW for band in bands(guard, counts).values())
    yield Outcome("pca-rise", found, 0.05 * len(counts), len(counts))


def funnel_false_alarms(area: Area, spread: BetaBinomial) -> Iterator[Outcome]:
    """No practice of these areas is an outlier: 1 in 20 lies outside the limits of 95%, 1 in 500 outside 99.8%."""
    drawn = funnel(area.over, area.under)
    if isinstance(drawn, NoFunnel):
        return
    many = len(area.under)
    for level, name in zip(LEVELS, ("95", "998"), strict=True):
        yield Outcome(f"funnel-wide-{name}", len(drawn.outside(level)), (1 - level) * many, many)
        if np.isinf(area.shape.alike):
            low, high = drawn.limits(area.under, level)
            rates = area.over / area.under
            outside = ((rates < low) | (rates > high)).sum()
            yield Outcome(f"funnel-chance-{name}", float(outside), (1 - level) * many, many)


CHECKS: tuple[Callable[[Area, BetaBinomial], Iterator[Outcome]], ...] = (
    repeat_interval, own_rate_interval, repeat_awards, lucky_step, least_lucky_step, pca_false_alarms, pca_rise,
    funnel_false_alarms,
)  # fmt: skip

CLAIMS = (
    Claim("repeat-interval", "90% of repeats of the year count within the interval", "chance"),
    Claim("own-rate-interval", "90% of practices' own rates lie in the interval after their counts", "chance"),
    *OF_AWARDS,
    Claim("lucky-step", "the chance that a practice reaches the 72% step by luck", "design"),
    Claim("least-step", "of practices just below a step, at most 5% reach the next one by luck", "design", "at most"),
    Claim("pca-none", "no practice is truly above: areas with any finding, at most 5%", "pca", "at most"),
    Claim("pca-some", "some practices are truly above: wrong findings of all findings, at most 5%", "pca", "at most"),
    Claim("pca-rise", "practices with the rate of the year before: found to have risen, at most 5%", "rise", "at most"),
    Claim("funnel-chance-95", "limits of chance alone, 95%: practices outside", "funnel"),
    Claim("funnel-chance-998", "limits of chance alone, 99.8%: practices outside", "funnel"),
    Claim("funnel-wide-95", "limits with overdispersion, 95%: practices outside", "funnel"),
    Claim("funnel-wide-998", "limits with overdispersion, 99.8%: practices outside", "funnel"),
    *OF_REFORMS,
    *OF_SAVINGS,
)


def outcomes(area: Area, spread: BetaBinomial) -> Iterator[Outcome]:
    """All that is stated of an area whose practices have that spread."""
    for check in CHECKS:
        yield from check(area, spread)
    yield from reform_outcomes(area)
    yield from savings_outcomes(area)
