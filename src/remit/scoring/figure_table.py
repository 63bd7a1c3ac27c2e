"""The figures of a run, by practice, subject, measure and period: what scoring rests on, wherever rows came from."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

from remit.core.figures import THE_YEAR, FigureKey, Figures
from remit.core.rounding import exact_text
from remit.scoring.subjects import MEASURES


class FigureTable(Mapping[str, dict[str, Figures]]):
    """Figures by practice that are kept in columns, and can be asked for one of them over many practices."""

    @abstractmethod
    def of_each(self, subject: str, key: FigureKey, practices: Iterable[str]) -> list[int | Fraction | None]:
        """One figure of each of some practices; None where one has none."""


def of_each(
    figures: Mapping[str, Mapping[str, Figures]], subject: str, key: FigureKey, practices: Iterable[str]
) -> list[int | Fraction | None]:
    """One figure of each of some practices; None where one has none."""
    if isinstance(figures, FigureTable):
        return figures.of_each(subject, key, practices)
    nothing: Figures = {}
    return [figures.get(code, {}).get(subject, nothing).get(key) for code in practices]


@dataclass
class Counts:
    """The figures of a run: by practice, then subject, then measure and period.

    `previous` holds those of the year before the scheme's. `skipped` counts the rows that were not needed, by why;
    `edited` those that are not as they were counted.
    """

    figures: Mapping[str, dict[str, Figures]] = field(default_factory=dict)
    previous: Mapping[str, dict[str, Figures]] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    other_days: dict[str, int] = field(default_factory=dict)
    edited: int = 0
    year: str = ""

    def of(self, practice: str) -> dict[str, Figures]:
        """All subjects of a practice."""
        return self.figures.get(practice, {})

    def of_each(self, subject: str, key: FigureKey, practices: Iterable[str]) -> list[int | Fraction | None]:
        """One figure of each of some practices; None where one has none."""
        return of_each(self.figures, subject, key, practices)

    def rows(self, practices: Iterable[str], order: Callable[[str], Mapping[str, int]]) -> Iterator[list[str]]:
        """The figures as rows in one order: practice, subject as the scheme has it, measure."""
        rank = {measure: n for n, measure in enumerate(MEASURES)}

        @cache  # of a few hundred thousand subjects, nearly all have one of four patterns
        def in_order(keys: tuple[FigureKey, ...]) -> list[FigureKey]:
            return sorted(keys, key=lambda key: (rank[key.measure], key))

        for code in practices:
            places = order(code)
            for of_period, period in ((self.figures, ""), (self.previous, self.year)):
                subjects = of_period.get(code, {})
                for subject in sorted(subjects, key=lambda s: (places.get(s, len(places)), s)):
                    figures = subjects[subject]
                    for key in in_order(tuple(figures)):
                        value = figures[key]
                        text = str(value) if type(value) is int else exact_text(value)
                        yield [code, subject, key.measure, text, period if key.period is THE_YEAR else str(key.period)]
