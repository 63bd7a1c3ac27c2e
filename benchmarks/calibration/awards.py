"""How likely a repeat of the year earns another award, by steps and on a line of points: `remit chance`'s chances."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache

import numpy as np
from areas import Area, Floats
from tally import Claim, Outcome

import remit
from remit.analysis.beta_binomial import BetaBinomial
from remit.analysis.payment_scale import payment_scale
from remit.analysis.repeat_year import is_other, own_rate_earns_other, repeat_year
from remit.scheme.kinds import Kind

STEPS = "qif-2024-25", "4"
"""Above 65%, 72% and 78%."""
LINE = "qof-england-2018-19", "AF006"
"""12 points on a line from 40% to 90%."""

CLAIMS = (
    Claim("steps-other", "the chance that a repeat of the year reaches another step", "chance"),
    Claim("steps-interval", "at least 90% of repeats earn within the interval, by steps", "chance", "at least"),
    Claim("steps-own", "the chance that a practice's own rate earns another step than its count", "chance"),
    Claim("line-other", "the chance that a repeat's points differ by more than a tenth", "chance"),
    Claim("line-interval", "at least 90% of repeats earn within the interval, on a line", "chance", "at least"),
    Claim("line-own", "the chance that a practice's own rate earns points that differ by more than a tenth", "chance"),
)


@cache
def _kind(scheme: str, item: str) -> Kind:
    return remit.load_scheme(scheme).item(item).kind


def repeat_awards(area: Area, spread: BetaBinomial) -> Iterator[Outcome]:
    """How likely a repeat of the year earns another award, by steps and on a line, and between which it lies."""
    for name, kind in (("steps", _kind(*STEPS)), ("line", _kind(*LINE))):
        scale = payment_scale(kind)
        repeat = repeat_year(scale, spread, area.over, area.under)
        came = scale.earned(area.again, area.under)
        many = len(came)
        other = is_other(scale, np.abs(came - repeat.earned), repeat.earned)
        yield Outcome(f"{name}-other", float(other.sum()), float(repeat.other.sum()), many)
        within = (came >= repeat.low - 1e-9) & (came <= repeat.high + 1e-9)
        yield Outcome(f"{name}-interval", float(within.sum()), 0.9 * many, many)
        truly = is_other(scale, np.abs(_earned_by(kind, area.rates) - repeat.earned), repeat.earned)
        own = own_rate_earns_other(scale, spread, area.over, area.under)
        yield Outcome(f"{name}-own", float(truly.sum()), float(own.sum()), many)


def _earned_by(kind: Kind, rates: Floats) -> Floats:
    """What own rates earn, by the kind itself."""
    return np.array([float(kind.earned(Fraction(float(rate)))) for rate in rates])
