"""The guard rail on personalised care adjustments: a review band and its reason, never a change of pounds.

PCA rate = PCAs / (denominator + PCAs) (github NHSDigital/QOF, notebook of 2023-24). The rate is held against each
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
from remit.scoring.tails import Tail, as_few, as_many, as_many_of_both

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
    for practice, subjects in figures.items():
        now = subjects.get(subject, {})
        if PCAS not in now or DENOMINATOR not in now or not now[PCAS] + now[DENOMINATOR]:
            continue
        before = previous.get(practice, {}).get(subject, {})
        known = PCAS in before and DENOMINATOR in before and before[PCAS] + before[DENOMINATOR]
        year_before = (int(before[PCAS]), int(before[DENOMINATOR])) if known else None
        yield practice, PcaCount(int(now[PCAS]), int(now[DENOMINATOR]), year_before)


def bands(guard: PcaGuard, counts: Mapping[str, PcaCount]) -> dict[str, Band]:
    """A band for each practice.

    `review`: significantly above every reference, or below every one where the guard looks both ways, or a clear rise;
    `watch`: above one.
    """
    beyond = {practice: count for practice, count in counts.items() if count.people > _MOST_PEOPLE}
    counts = {practice: count for practice, count in counts.items() if practice not in beyond}
    level, references = guard.significance.known(), {name: rate.known() for name, rate in guard.references.items()}
    above = [
        _surely({p: as_many(c.pcas, c.people, rate) for p, c in counts.items()}, level) for rate in references.values()
    ]
    below: list[Collection[str]] = []
    if guard.looks == "both ways":
        below = [
            _surely({p: as_few(c.pcas, c.people, rate) for p, c in counts.items()}, level)
            for rate in references.values()
        ]
    names = ", ".join(f"{n} {ref}" for n, ref in guard.references.items())
    result = {}
    for practice, count in counts.items():
        shown = f"PCA rate {_percent(count.rate)}"
        over = ", ".join(f"{n} {ref}" for n, ref in guard.references.items() if count.rate > ref.known())
        sides = [
            side for side, sure in (("above", above), ("below", below)) if sure and all(practice in s for s in sure)
        ]
        if sides:
            why = f"{shown} is significantly {sides[0]} {names} (exact binomial, {guard.significance})."
            band = Band(REVIEW, why)
        elif over:
            band = Band(WATCH, f"{shown} is above {over}, not significantly above all of them.")
        elif guard.looks == "both ways":
            band = Band(IN_LINE, f"{shown} is not above {names}, nor significantly below all of them.")
        else:
            band = Band(IN_LINE, f"{shown} is not above {names}.")
        result[practice] = _with_rise(guard, count, band)
    for practice, count in beyond.items():
        why = f"{count.people:,} people are more than there can be: the PCA rate is not looked at."
        result[practice] = Band(REVIEW, why)
    return result


def _surely(tails: Mapping[str, Tail], level: Fraction) -> Collection[str]:
    """Whose chance is below the level after Benjamini and Hochberg's correction.

    The n-th smallest of m chances is held against n/m of the level: all are sure up to the last that is below its own.
    """
    if not level:
        return ()
    every = len(tails)
    levels = {practice: tail.holds(level / every, every) for practice, tail in tails.items()}
    below = [0] * (every + 1)
    for parts in levels.values():
        below[parts] += 1
    sure = total = 0
    for n in range(1, every + 1):
        total += below[n - 1]  # so many chances are below n/m of the level
        if total >= n:
            sure = n
    return {practice for practice, parts in levels.items() if parts < sure}


def _with_rise(guard: PcaGuard, count: PcaCount, band: Band) -> Band:
    if count.previous is None or guard.increase_points is None:
        return band
    pcas, denominator = count.previous
    before = Fraction(pcas, pcas + denominator)
    rise = count.rate - before
    if pcas + denominator > _MOST_PEOPLE:
        return Band(REVIEW, f"{band.reason} The year before has more people than there can be.")
    if rise <= 0:
        return Band(band.band, f"{band.reason} The year before: {_percent(before)}.")
    likely = as_many_of_both(count.pcas, count.people, pcas, pcas + denominator)
    sure = likely.is_below(guard.significance.known()) and rise > guard.increase_points.known()
    word = "a significant rise" if sure else "a rise, not significant"
    return Band(
        REVIEW if sure else (WATCH if band.band == IN_LINE else band.band),
        f"{band.reason} {word.capitalize()} from {_percent(before)} the year before.",
    )


def _percent(rate: Fraction) -> str:
    return f"{exact_text(rate * 100, most=1)}%"
