"""Reliability: which share of the spread of practices' rates is of the practices, and which is chance.

R = between / (between + within). Methods: Adams, The Reliability of Provider Profiling (RAND TR-653): expected at a
denominator of n, R = n / (n + alpha + beta), so that the n for R is R (alpha + beta) / (1 - R); of one practice,
R = between / (between + p (1 - p) / n). 0.7 is the usual threshold (BMJ Quality & Safety 27:21, PMC5750427).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isinf

import numpy as np
from numpy.typing import NDArray

from remit.analysis.beta_binomial import BetaBinomial, NotFitted, fit

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

ADEQUATE = 0.7
"""The reliability at which practices can be told apart."""
NICE_LEAST, NICE_LIST = 20, 10_000
"""NICE asks for more than 20 patients in a practice of 10,000, before PCAs (IND172)."""


@dataclass(frozen=True)
class Reliability:
    """How well an item's rates tell practices apart. `own` is each practice's, None where nothing can be said.

    `median` is the middle one of the denominators above 0, `expected` the reliability there. `needed` is the
    denominator for 0.7, infinite where practices differ by chance alone, and `list_needed` the list that has so many.
    """

    spread: BetaBinomial | NotFitted
    practices: int
    median: float
    own: Floats | None = None
    expected: float | None = None
    needed: float | None = None
    per_head: float | None = None

    @property
    def reason(self) -> str:
        """Why nothing is said; '' where something is."""
        return self.spread.reason if isinstance(self.spread, NotFitted) else ""

    @property
    def reaching(self) -> int | None:
        """How many practices reach 0.7."""
        return None if self.own is None else int((self.own >= ADEQUATE).sum())

    @property
    def list_needed(self) -> float | None:
        """The list for a reliability of 0.7 at the run's patients per head; infinite where no list is enough."""
        return self.needed / self.per_head if self.needed is not None and self.per_head else None

    @property
    def per_10_000(self) -> float | None:
        """How many are counted in a list of 10,000."""
        return None if self.per_head is None else self.per_head * NICE_LIST


def reliability(
    over: Counts, under: Counts, lists: Counts, spread: BetaBinomial | NotFitted | None = None
) -> Reliability:
    """Of practices' counts, with their lists (0 where not known); `spread` is their fit, where it is there already."""
    if spread is None:
        spread = fit(over, under)
    counted = under > 0
    over, under, lists = over[counted], under[counted], lists[counted]
    median = float(np.median(under)) if len(under) else 0.0
    known = lists > 0
    per_head = float(under[known].sum() / lists[known].sum()) if known.any() else None
    if isinstance(spread, NotFitted):
        return Reliability(spread, len(under), median, per_head=per_head)
    return Reliability(
        spread, len(under), median, own_reliability(spread, over, under), spread.reliability(median),
        spread.size_for(ADEQUATE), per_head,
    )  # fmt: skip


def own_reliability(spread: BetaBinomial, over: Counts, under: Counts) -> Floats:
    """Of each practice. Its p is its rate drawn towards the others', as far as its numbers let chance in: a practice
    with 4 of 4 is not sure of its 100%."""
    if isinf(spread.alike):
        return np.zeros(len(under))
    rate = (spread.alpha + over) / (spread.alike + under)
    return formula(spread.between, rate, under)


def formula(between: float, rate: Floats, size: Counts) -> Floats:
    """between / (between + p (1 - p) / n)."""
    found: Floats = between / (between + rate * (1 - rate) / size)
    return found


def pooled(keys: Sequence[str], *counts: Counts) -> tuple[tuple[str, ...], list[Counts]]:
    """Counts summed over what has the same key, such as a network; what has none is left out. In the keys' order."""
    names = tuple(sorted({key for key in keys if key}))
    place = {name: n for n, name in enumerate(names)}
    kept = np.array([n for n, key in enumerate(keys) if key], dtype=np.int64)
    at = np.array([place[key] for key in keys if key], dtype=np.int64)
    summed = []
    for count in counts:
        total = np.zeros(len(names), dtype=np.int64)
        np.add.at(total, at, count[kept])
        summed.append(total)
    return names, summed


def with_earlier(
    codes: Sequence[str], over: Counts, under: Counts, earlier: Mapping[str, tuple[int, int]]
) -> tuple[Counts, Counts, int]:
    """The counts with those of the same practices in an earlier year; of how many there are any."""
    added = [earlier.get(code, (0, 0)) for code in codes]
    more, of = (np.array([pair[n] for pair in added], dtype=np.int64) for n in (0, 1))
    return over + more, under + of, int((of > 0).sum())
