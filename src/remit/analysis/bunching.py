"""When in the year PCAs were recorded: how many of those with a day fall into its last part, beside an even spread.

At an even spread each PCA falls into the last part with the share of the year's days that it has. The chance of as many
or more is the exact binomial tail, with Benjamini and Hochberg's correction across practices: the guard rail's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from remit.scoring.tails import as_many, surely


@dataclass(frozen=True)
class LastPart:
    """The last part of a year that is looked at, such as its last month: its first day, of the days `start` to `end`,
    the last of which is its own last."""

    name: str
    first: date
    start: date
    end: date

    @property
    def even(self) -> Fraction:
        """Its share of the days."""
        return Fraction((self.end - self.first).days + 1, (self.end - self.start).days + 1)


@dataclass(frozen=True)
class Bunching:
    """How many of a practice's PCAs with a day are `late`; `chance` is that of as many or more at an even spread.

    It is `bunched` where that is below the level after the correction for many practices.
    """

    late: int
    dated: int
    chance: float
    bunched: bool

    @property
    def share(self) -> Fraction:
        return Fraction(self.late, self.dated)


def bunching(counts: Mapping[str, tuple[int, int]], even: Fraction, level: Fraction) -> dict[str, Bunching]:
    """By practice, of those late and those with a day; who has none with a day is left out."""
    counts = {practice: each for practice, each in counts.items() if each[1]}
    tails = {practice: as_many(late, dated, even) for practice, (late, dated) in counts.items()}
    sure = surely(tails, level)
    return {
        practice: Bunching(*counts[practice], float(tail.between(64)[0]), practice in sure)
        for practice, tail in tails.items()
    }


def last_parts(start: date, end: date) -> tuple[LastPart, LastPart]:
    """The last month and the last three of the days from `start` to `end`, as months go."""
    month = date(end.year, end.month, 1)
    back = end.year * 12 + end.month - 3
    quarter = date(back // 12, back % 12 + 1, 1)
    return (
        LastPart("last month", max(month, start), start, end),
        LastPart("last three months", max(quarter, start), start, end),
    )


def late_and_dated(months: Iterable[tuple[str, str, int]], part: LastPart) -> dict[str, tuple[int, int]]:
    """By practice, of rows of practice, month (`2024-04`) and PCAs: those of the last part, and those of all its year.

    A month outside of the year is not in either.
    """
    counts: dict[str, tuple[int, int]] = {}
    first, start, end = (f"{day:%Y-%m}" for day in (part.first, part.start, part.end))
    for practice, month, many in months:
        late, dated = counts.get(practice, (0, 0))
        if start <= month <= end:
            counts[practice] = late + (many if month >= first else 0), dated + many
    return counts
