"""The points of the next year for each CCG and indicator, predicted from one year's published file and nothing else.

A CCG with high or low points owes some of that to chance, so each CCG's share of the points is drawn towards the
nation's, by as much as chance explains (`remit.analysis.beta_binomial`). Two ways, because the file does not say
which of the two chances counts: by practices (each of a CCG's practices gets its points or not) and by patients (each
patient is treated or not, and the scheme's line prices the rate). Neither knows what will be otherwise next year.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import isinf
from pathlib import Path
from typing import Any

import numpy as np

import remit
from remit.analysis import beta_binomial
from remit.analysis.shrinkage import drawn_in

Key = tuple[str, str]
SCHEME = "qof-england-2018-19"


@dataclass(frozen=True)
class Row:
    """What the file says of a CCG and an indicator: practices, points of each at most, points of all, and counts."""

    practices: int
    most: Fraction
    points: Fraction
    counts: tuple[int, int] | None

    @property
    def share(self) -> Fraction:
        """Of the points available to all its practices, those that they earned."""
        return self.points / (self.most * self.practices)


@dataclass(frozen=True)
class Prediction:
    """Points per practice by (CCG, indicator): as they were, and predicted in two ways.

    `alike` is, by indicator, alpha + beta of the fit by practices: infinite where CCGs differ by chance alone.
    """

    rows: dict[Key, Row]
    unchanged: dict[Key, float]
    by_practices: dict[Key, float]
    by_patients: dict[Key, float]
    alike: dict[str, float]


def read(file: Path) -> dict[Key, Row]:
    """The published rows by (CCG, indicator)."""
    found = {}
    with file.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            counts = (int(row["numerator"]), int(row["denominator"])) if row["numerator"] else None
            found[row["ccg_code"], row["indicator_code"]] = Row(
                int(row["n_practices"]), Fraction(row["max_points"]), Fraction(row["achievement_score_total"]), counts
            )
    return found


def predict(file: Path) -> Prediction:
    """Fit on one year's file, and predict the next year's points of every indicator that stays."""
    rows = read(file)
    unchanged = {key: float(row.share * row.most) for key, row in rows.items()}
    by_practices, by_patients, alike = dict(unchanged), dict(unchanged), {}
    scheme = remit.load_scheme(SCHEME)
    lines = {item.item: item.kind for item in scheme.items}
    for code, ccgs in _by_indicator(rows):
        held = [rows[ccg, code] for ccg in ccgs]
        most = float(held[0].most)
        full = np.array([round(row.share * row.practices) for row in held])
        practices = np.array([row.practices for row in held])
        fitted = beta_binomial.fit(full, practices)
        if not isinstance(fitted, beta_binomial.NotFitted):
            alike[code] = fitted.alike
            shares = np.array([float(row.share) for row in held])
            by_practices |= _keyed(ccgs, code, most * drawn_in(fitted, shares, practices))
        if held[0].counts is None:
            continue
        numerators, denominators = (np.array([row.counts[n] for row in held if row.counts]) for n in (0, 1))
        of_patients = beta_binomial.fit(numerators, denominators)
        if isinstance(of_patients, beta_binomial.NotFitted) or isinf(of_patients.alike):
            continue
        rates = numerators / np.maximum(denominators, 1)
        moved = drawn_in(of_patients, rates, denominators) - rates
        for ccg, row, rate, more in zip(ccgs, held, rates, moved, strict=True):
            slope = _earned(lines[code], rate + more) - _earned(lines[code], rate)
            by_patients[ccg, code] = min(max(float(row.share * row.most) + slope, 0.0), most)
    return Prediction(rows, unchanged, by_practices, by_patients, alike)


def _by_indicator(rows: dict[Key, Row]) -> Iterator[tuple[str, list[str]]]:
    ccgs: dict[str, list[str]] = defaultdict(list)
    for ccg, code in rows:
        ccgs[code].append(ccg)
    yield from ccgs.items()


def _keyed(ccgs: list[str], code: str, values: np.ndarray) -> dict[Key, float]:
    return {(ccg, code): float(value) for ccg, value in zip(ccgs, values, strict=True)}


def _earned(kind: Any, rate: float) -> float:
    """The scheme's points for a rate: a straight line between its thresholds."""
    return float(kind.earned(Fraction(rate).limit_denominator(1_000_000)))
