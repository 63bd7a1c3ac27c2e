"""A repeat of the year with the same care: what a practice would count, and what that would earn, by chance alone.

A practice's own rate is not known: after x of n patients it is Beta(alpha + x, beta + n - x), alpha and beta being
those of the practices of its run. Given that rate the repeat is binomial, so what it counts is beta-binomial
(methods: Adams, RAND TR-653; `beta_binomial.py`). Where practices differ by chance alone, all have the mean rate.
Each count is summed with its exact probability; nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isinf

import numpy as np
from numpy.typing import NDArray

from remit.analysis.beta_binomial import BetaBinomial
from remit.analysis.payment_scale import PaymentScale

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

SHARE = 0.1
"""On a line of points nearly every count pays differently: a different award is one that differs by more than this
share of the year's."""
LOW, HIGH = 0.05, 0.95
"""The ends of the interval that is stated."""

_CELLS = 50_000
"""How many counts are held at once, over practices."""
_WHOLE, _REACH = 64, 9.0
"""Up to so many patients every count is summed; with more, those within so many standard deviations, where both alpha
and beta are large enough (`_SMOOTH`) that what lies beyond has a probability below 1e-10."""
_SMOOTH = 30.0
_SLIGHT = 1e-9


@dataclass(frozen=True)
class RepeatYear:
    """What a repeat of the year would earn each practice, in the kind's unit.

    `other` is the probability of a different award: a different step, or on a line points more than `SHARE` away.
    `moved` is the mean distance from the year's award either way; `low` and `high` hold 90% of the awards.
    """

    earned: Floats
    other: Floats
    moved: Floats
    mean: Floats
    variance: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class _Block:
    """Some practices (`rows`), the counts that a repeat may bring each, and their probabilities."""

    rows: NDArray[np.int64]
    counts: Counts
    chances: Floats


def repeat_year(scale: PaymentScale, spread: BetaBinomial, over: Counts, under: Counts) -> RepeatYear:
    """For practices with `over` of `under` patients, each with at least one."""
    earned = scale.earned(over, under)
    found = {name: np.zeros(len(over)) for name in ("other", "moved", "mean", "variance", "low", "high")}
    for block in _blocks(spread, over, under):
        rows, chances = block.rows, block.chances
        sizes = np.broadcast_to(under[rows][:, None], block.counts.shape)
        awards = scale.earned(block.counts, sizes)
        apart = np.abs(awards - earned[rows][:, None])
        found["other"][rows] = (chances * is_other(scale, apart, earned[rows][:, None])).sum(axis=1)
        found["moved"][rows] = (chances * apart).sum(axis=1)
        mean = (chances * awards).sum(axis=1)
        found["mean"][rows] = mean
        found["variance"][rows] = (chances * (awards - mean[:, None]) ** 2).sum(axis=1)
        ends = _ends(awards, chances)
        found["low"][rows], found["high"][rows] = ends
    return RepeatYear(earned=earned, **found)


def awards_of(scale: PaymentScale, spread: BetaBinomial, over: int, under: int) -> tuple[Floats, Floats]:
    """What one practice may earn in a repeat of the year, and with which probability each."""
    [block] = _blocks(spread, np.array([over]), np.array([under]))
    sizes = np.full(block.counts.shape, under)
    return scale.earned(block.counts, sizes)[0], block.chances[0]


def is_other(scale: PaymentScale, apart: Floats, earned: Floats) -> NDArray[np.bool_]:
    """Whether an award so far from the year's is a different one."""
    return apart > (_SLIGHT if scale.stepped else SHARE * earned + _SLIGHT)


def own_rate_earns_other(scale: PaymentScale, spread: BetaBinomial, over: Counts, under: Counts) -> Floats:
    """The probability that a practice's own underlying rate, beyond chance, earns a different award from its count."""
    from scipy.special import betainc

    earned = scale.earned(over, under)
    slack = _SLIGHT if scale.stepped else SHARE * earned + _SLIGHT
    low, high = scale.rates_that_earn(earned - slack, earned + slack)
    if isinf(spread.alike):
        return np.where((spread.mean < low) | (spread.mean > high), 1.0, 0.0)
    a, b = spread.alpha + over, spread.beta + under - over
    inside = betainc(a, b, np.clip(high, 0, 1)) - betainc(a, b, np.clip(low, 0, 1))
    outside: Floats = np.clip(1 - inside, 0.0, 1.0)
    return outside


def _ends(awards: Floats, chances: Floats) -> tuple[Floats, Floats]:
    """The awards between which 90% lie. An award rises, or falls, with the count throughout."""
    summed = np.cumsum(chances, axis=1)
    rows = np.arange(len(awards))
    one = awards[rows, np.minimum((summed < LOW - 1e-12).sum(axis=1), awards.shape[1] - 1)]
    two = awards[rows, np.minimum((summed < HIGH - 1e-12).sum(axis=1), awards.shape[1] - 1)]
    return np.minimum(one, two), np.maximum(one, two)


def _blocks(spread: BetaBinomial, over: Counts, under: Counts) -> Iterator[_Block]:
    """The counts of all practices, those of like numbers together, so that few are held at once."""
    if spread.mean in (0.0, 1.0):
        yield _Block(np.arange(len(over)), (under * int(spread.mean))[:, None], np.ones((len(over), 1)))
        return
    first, last = _reach(spread, over, under)
    width = last - first + 1
    order = np.argsort(width, kind="stable")
    at = 0
    while at < len(order):
        end = at + 1
        while end < len(order) and (end + 1 - at) * width[order[end]] <= _CELLS:
            end = min(len(order), end + max(1, (end - at) // 4))
        rows = order[at:end]
        counts = first[rows][:, None] + np.arange(width[rows].max())
        chances = _chances(spread, over[rows][:, None], under[rows][:, None], counts, last[rows][:, None])
        yield _Block(rows, np.minimum(counts, under[rows][:, None]), chances)
        at = end


def _reach(spread: BetaBinomial, over: Counts, under: Counts) -> tuple[Counts, Counts]:
    """The least and the most that a repeat may count."""
    if isinf(spread.alike):
        middle, variance = under * spread.mean, under * spread.mean * (1 - spread.mean)
        smooth = variance > _SMOOTH
    else:
        a, b = spread.alpha + over, spread.beta + under - over
        whole = a + b
        middle = under * a / whole
        variance = under * (a / whole) * (b / whole) * (whole + under) / (whole + 1)
        smooth = np.minimum(a, b) > _SMOOTH
    reach = _REACH * np.sqrt(variance)
    narrow = smooth & (under > _WHOLE)
    first = np.where(narrow, np.maximum(np.floor(middle - reach), 0), 0)
    last = np.where(narrow, np.minimum(np.ceil(middle + reach), under), under)
    return first.astype(np.int64), last.astype(np.int64)


def _chances(spread: BetaBinomial, over: Counts, under: Counts, counts: Counts, last: Counts) -> Floats:
    """The probability of each count, from the ratio of each to the one before; 0 above the last."""
    before = counts[:, :-1].astype(np.float64)
    left = np.maximum(under - before, 0.5)  # above the last count it has no meaning, and is left out
    if isinf(spread.alike):
        ratio = left / (before + 1) * (spread.mean / (1 - spread.mean))
    else:
        rest = np.maximum(spread.beta + under - over + left - 1, 1e-300)
        ratio = left / (before + 1) * (spread.alpha + over + before) / rest
    logs = np.zeros(counts.shape)
    np.cumsum(np.log(ratio), axis=1, out=logs[:, 1:])
    logs[counts > last] = -np.inf
    logs -= logs.max(axis=1, keepdims=True)
    chances: Floats = np.exp(logs)
    chances /= chances.sum(axis=1, keepdims=True)
    return chances
