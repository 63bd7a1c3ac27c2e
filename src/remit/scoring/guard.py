"""The guard rail on personalised care adjustments: a review band and its reason, never a change of pounds.

PCA rate = PCAs / (denominator + PCAs) (github NHSDigital/QOF, notebook of 2023-24). The rate is compared with each
reference by the exact one-sided binomial test, with Benjamini and Hochberg's correction across the practices of the
run: upwards, and downwards too where the scheme looks both ways; and against the practice's own rate of the year
before, where that is given. Rates are exact and so are decisions: a chance at the level of significance itself is not
below it, on any machine (`scoring/tails.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from remit.core.figures import DENOMINATOR, PCAS, Figures
from remit.core.rounding import exact_text
from remit.scheme.model import PcaGuard
from remit.scoring.figure_table import of_each
from remit.scoring.tails import as_few, as_many, as_many_of_both, surely

IN_LINE, WATCH, REVIEW = "in line", "watch", "review"
_MOST_PEOPLE = 10**9


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
    def people(self) -> int:
        """All for whom the care was meant: the denominator, and those taken out of it."""
        return self.denominator + self.pcas

    @property
    def rate(self) -> Fraction:
        return Fraction(self.pcas, self.people)


def pca_counts(
    figures: Mapping[str, Mapping[str, Figures]], previous: Mapping[str, Mapping[str, Figures]], subject: str
) -> Iterator[tuple[str, PcaCount]]:
    """The practices for which a subject's PCA rate is known."""
    pcas, left = (of_each(figures, subject, key, figures) for key in (PCAS, DENOMINATOR))
    for practice, taken_out, denominator in zip(figures, pcas, left, strict=True):
        if taken_out is None or denominator is None or not taken_out + denominator:
            continue
        before = previous.get(practice, {}).get(subject, {})
        known = PCAS in before and DENOMINATOR in before and before[PCAS] + before[DENOMINATOR]
        year_before = (int(before[PCAS]), int(before[DENOMINATOR])) if known else None
        yield practice, PcaCount(int(taken_out), int(denominator), year_before)


@dataclass(frozen=True)
class Rise:
    """A rate beside the practice's own of the year before: `clear` where chance alone hardly explains it."""

    before: Fraction
    points: Fraction
    clear: bool

    def beyond(self, points: Fraction) -> bool:
        """Whether it is clear and more than so many points (0.02 is two)."""
        return self.clear and self.points > points


@dataclass(frozen=True)
class Findings:
    """What the tests say of one practice: above which references its rate lies, whether it is significantly above all
    of them, or below, and what became of its own rate."""

    over: tuple[str, ...]
    above: bool
    below: bool
    rise: Rise | None


def findings(
    references: Mapping[str, Fraction], level: Fraction, counts: Mapping[str, PcaCount], both_ways: bool = False
) -> dict[str, Findings]:
    """The tests of each practice against every reference, by name, downwards too where they look `both_ways`.

    `level` is that of significance. Who has more people than there can be is left out.
    """
    counts = {practice: count for practice, count in counts.items() if not _beyond(count)}
    rates = references.values()
    above = [surely({p: as_many(c.pcas, c.people, r) for p, c in counts.items()}, level) for r in rates]
    below: list[Collection[str]] = []
    if both_ways:
        below = [
            surely({p: as_few(c.pcas, c.people, r) for p, c in counts.items()}, level) for r in references.values()
        ]
    return {
        practice: Findings(
            tuple(name for name, reference in references.items() if count.rate > reference),
            bool(above) and all(practice in sure for sure in above),
            bool(below) and all(practice in sure for sure in below),
            _rise(count, level),
        )
        for practice, count in counts.items()
    }


def _rise(count: PcaCount, level: Fraction) -> Rise | None:
    if count.previous is None or sum(count.previous) > _MOST_PEOPLE:
        return None
    pcas, denominator = count.previous
    before = Fraction(pcas, pcas + denominator)
    points = count.rate - before
    likely = as_many_of_both(count.pcas, count.people, pcas, pcas + denominator)
    return Rise(before, points, points > 0 and likely.is_below(level))


def _beyond(count: PcaCount) -> bool:
    return count.people > _MOST_PEOPLE


def bands(guard: PcaGuard, counts: Mapping[str, PcaCount]) -> dict[str, Band]:
    """A band for each practice.

    `review`: significantly above every reference, or below every one where the guard looks both ways, or a clear rise;
    `watch`: above one.
    """
    references = {name: rate.known() for name, rate in guard.references.items()}
    names = ", ".join(f"{n} {ref}" for n, ref in guard.references.items())
    result = {}
    both = guard.looks == "both ways"
    for practice, found in findings(references, guard.significance.known(), counts, both).items():
        count = counts[practice]
        shown = f"PCA rate {_percent(count.rate)}"
        over = ", ".join(f"{n} {guard.references[n]}" for n in found.over)
        if found.above or found.below:
            side = "above" if found.above else "below"
            why = f"{shown} is significantly {side} {names} (exact binomial, {guard.significance})."
            band = Band(REVIEW, why)
        elif over:
            band = Band(WATCH, f"{shown} is above {over}, not significantly above all of them.")
        elif both:
            band = Band(IN_LINE, f"{shown} is not above {names}, nor significantly below all of them.")
        else:
            band = Band(IN_LINE, f"{shown} is not above {names}.")
        result[practice] = _with_rise(guard, count, band, found.rise)
    for practice, count in counts.items():
        if _beyond(count):
            why = f"{count.people:,} people are more than there can be: the PCA rate is not looked at."
            result[practice] = Band(REVIEW, why)
    return result


def _with_rise(guard: PcaGuard, count: PcaCount, band: Band, rise: Rise | None) -> Band:
    if count.previous is None or guard.increase_points is None:
        return band
    if rise is None:
        return Band(REVIEW, f"{band.reason} The year before has more people than there can be.")
    before = _percent(rise.before)
    if rise.points <= 0:
        return Band(band.band, f"{band.reason} The year before: {before}.")
    sure = rise.beyond(guard.increase_points.known())
    word = "a significant rise" if sure else "a rise, not significant"
    return Band(
        REVIEW if sure else (WATCH if band.band == IN_LINE else band.band),
        f"{band.reason} {word.capitalize()} from {before} the year before.",
    )


def _percent(rate: Fraction) -> str:
    return f"{exact_text(rate * 100, most=1)}%"
