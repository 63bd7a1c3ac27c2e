"""The guard rail on personalised care adjustments: a review band and its reason, never a change of pounds.

PCA rate = PCAs / (denominator + PCAs) (github NHSDigital/QOF, notebook of 2023-24). The rate is held against each
reference by the exact one-sided binomial test, with Benjamini and Hochberg's correction across the practices of the
run; and against the practice's own rate of the year before, where that is given. Rates and chances are exact: a chance
at the level of significance itself is not below it, on any machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from remit.core.figures import DENOMINATOR, PCAS, Figures
from remit.core.rounding import exact_text
from remit.scheme.model import PcaGuard

IN_LINE, WATCH, REVIEW = "in line", "watch", "review"


@dataclass(frozen=True)
class Band:
    """Where a practice's PCA rate stands, and why."""

    band: str
    reason: str


@dataclass(frozen=True)
class PcaCount:
    """PCAs and the denominator left after them, this year and (where given) the year before."""

    pcas: int
    denominator: int
    previous: tuple[int, int] | None = None

    @property
    def rate(self) -> Fraction:
        return Fraction(self.pcas, self.denominator + self.pcas)


def pca_counts(
    figures: Mapping[str, Mapping[str, Figures]], previous: Mapping[str, Mapping[str, Figures]], subject: str
) -> Iterator[tuple[str, PcaCount]]:
    """The practices for which a subject's PCA rate is known."""
    for practice, subjects in figures.items():
        held = subjects.get(subject, {})
        if PCAS not in held or DENOMINATOR not in held or not held[PCAS] + held[DENOMINATOR]:
            continue
        before = previous.get(practice, {}).get(subject, {})
        known = PCAS in before and DENOMINATOR in before and before[PCAS] + before[DENOMINATOR]
        year_before = (int(before[PCAS]), int(before[DENOMINATOR])) if known else None
        yield practice, PcaCount(int(held[PCAS]), int(held[DENOMINATOR]), year_before)


def bands(guard: PcaGuard, counts: Mapping[str, PcaCount]) -> dict[str, Band]:
    """A band for each practice. `review`: significantly above every reference, or a clear rise; `watch`: above one."""
    level = guard.significance.known()
    adjusted = {name: _adjusted(_tails(counts, ref.known())) for name, ref in guard.references.items()}
    result = {}
    for practice, count in counts.items():
        rate = count.rate
        shown = f"PCA rate {_percent(rate)}"
        above = [n for n, ref in guard.references.items() if rate > ref.known()]
        surely = [n for n in guard.references if adjusted[n][practice] < level]
        names = ", ".join(f"{n} {ref}" for n, ref in guard.references.items())
        if guard.references and len(surely) == len(guard.references):
            band = Band(REVIEW, f"{shown} is significantly above {names} (exact binomial, {guard.significance}).")
        elif above:
            over = ", ".join(f"{n} {guard.references[n]}" for n in above)
            band = Band(WATCH, f"{shown} is above {over}, not significantly above all of them.")
        else:
            band = Band(IN_LINE, f"{shown} is not above {names}.")
        result[practice] = _with_rise(guard, count, band)
    return result


def _with_rise(guard: PcaGuard, count: PcaCount, band: Band) -> Band:
    if count.previous is None or guard.increase_points is None:
        return band
    pcas, denominator = count.previous
    before = Fraction(pcas, pcas + denominator)
    rise = count.rate - before
    if rise <= 0:
        return Band(band.band, f"{band.reason} The year before: {_percent(before)}.")
    likely = _two_proportions(count.pcas, count.pcas + count.denominator, pcas, pcas + denominator)
    sure = likely < guard.significance.known() and rise > guard.increase_points.known()
    word = "a significant rise" if sure else "a rise, not significant"
    return Band(
        REVIEW if sure else (WATCH if band.band == IN_LINE else band.band),
        f"{band.reason} {word.capitalize()} from {_percent(before)} the year before.",
    )


def _tails(counts: Mapping[str, PcaCount], reference: Fraction) -> dict[str, Fraction]:
    """The chance of as many PCAs or more, were the practice's true rate the reference."""
    return {practice: _as_many(c.pcas, c.denominator + c.pcas, reference) for practice, c in counts.items()}


def _as_many(hits: int, of: int, rate: Fraction) -> Fraction:
    """The chance of `hits` or more among `of` at a true rate: the binomial tail, by the side that has fewer terms."""
    hit, below = rate.as_integer_ratio()
    miss = below - hit
    if not hits or not miss:
        return Fraction(1)
    if not hit:
        return Fraction(0)
    upper = 2 * hits > of
    first, last = (hits, of) if upper else (0, hits - 1)
    term = total = comb(of, first) * hit**first * miss ** (of - first)
    for k in range(first, last):
        term = term * (of - k) * hit // ((k + 1) * miss)
        total += term
    return Fraction(total if upper else below**of - total, below**of)


def _adjusted(chances: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Benjamini and Hochberg's adjusted values."""
    ranked = sorted(chances.items(), key=lambda pair: (pair[1], pair[0]), reverse=True)
    adjusted, least, total = {}, Fraction(1), len(ranked)
    for n, (practice, chance) in enumerate(ranked):
        least = min(least, chance * total / (total - n))
        adjusted[practice] = least
    return adjusted


def _two_proportions(hits: int, of: int, hits_before: int, of_before: int) -> Fraction:
    """One-sided chance of such a rise between two equal rates (Fisher's exact test): the hypergeometric tail."""
    every = hits + hits_before
    first, last = max(hits, of - (of + of_before - every), 0), min(of, every)
    misses = of + of_before - every
    term = total = comb(every, first) * comb(misses, of - first)
    for k in range(first, last):
        term = term * (every - k) * (of - k) // ((k + 1) * (misses - of + k + 1))
        total += term
    return Fraction(total, comb(of + of_before, of))


def _percent(rate: Fraction) -> str:
    return f"{exact_text(rate * 100, most=1)}%"
