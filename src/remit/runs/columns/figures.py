"""The figures of many practices as one table of whole numbers: a row for each practice, a column for each figure.

It is a mapping like any other figures of a run: a practice's own are made when they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt

from remit.core.figures import FigureKey, Figures
from remit.scoring.figure_table import FigureTable

Whole = npt.NDArray[np.int64]

_KEPT = 256
"""Of how many practices the figures are kept that were asked for last."""


@dataclass(frozen=True, eq=False)
class FigureColumns(FigureTable):
    """Figures by practice, then subject, then measure.

    `numbers[n, k]` is the figure `named[k]` of the practice `codes[n]`, -1 where it has none. Of an amount, which may
    have decimals, it is the place in `amounts` instead; `of_amounts` are the columns of those.
    """

    codes: Sequence[str]
    named: Sequence[tuple[str, FigureKey]]
    numbers: Whole
    amounts: Sequence[Fraction]
    of_amounts: frozenset[int]
    _asked: dict[str, dict[str, Figures]] = field(default_factory=dict)

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """The row of each practice."""
        return {code: n for n, code in enumerate(self.codes)}

    @cached_property
    def columns(self) -> Mapping[tuple[str, FigureKey], int]:
        """The column of each figure."""
        return {key: n for n, key in enumerate(self.named)}

    @cached_property
    def subjects(self) -> frozenset[str]:
        """Whom figures are about."""
        return frozenset(subject for subject, _ in self.named)

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[str]:
        return iter(self.codes)

    def __contains__(self, code: object) -> bool:
        return code in self.rows

    def __getitem__(self, code: str) -> dict[str, Figures]:
        subjects = self._asked.get(code)
        if subjects is None:
            subjects = self._of(self.rows[code])
            if len(self._asked) >= _KEPT:
                self._asked.clear()
            self._asked[code] = subjects
        return subjects

    @cached_property
    def _by_subject(self) -> Sequence[tuple[str, Sequence[tuple[FigureKey, int]]]]:
        """The subjects in their order, each with its figures and the columns of those."""
        by_subject: dict[str, list[tuple[FigureKey, int]]] = {}
        for n, (subject, key) in enumerate(self.named):
            by_subject.setdefault(subject, []).append((key, n))
        return list(by_subject.items())

    def _of(self, row: int) -> dict[str, Figures]:
        numbers: list[int | Fraction] = self.numbers[row].tolist()
        for n in self.of_amounts:
            if numbers[n] >= 0:
                numbers[n] = self.amounts[int(numbers[n])]
        subjects = {}
        for subject, keys in self._by_subject:
            figures = {key: numbers[n] for key, n in keys if numbers[n] >= 0}
            if figures:
                subjects[subject] = figures
        return subjects

    def of_each(self, subject: str, key: FigureKey, practices: Iterable[str]) -> list[int | Fraction | None]:
        """One figure of each of some practices; None where one has none."""
        n = self.columns.get((subject, key))
        numbers = [] if n is None else self.numbers[:, n].tolist()
        amounts = self.amounts if n in self.of_amounts else None
        figures: list[int | Fraction | None] = []
        for code in practices:
            row = self.rows.get(code) if numbers else None
            number = -1 if row is None else numbers[row]
            figures.append(None if number < 0 else number if amounts is None else amounts[number])
        return figures

    def of_all(self, subject: str, key: FigureKey) -> Whole:
        """A figure of every practice, -1 where one has none. Amounts are no such figures."""
        n = self.columns.get((subject, key))
        return self._nobody if n is None or n in self.of_amounts else self.numbers[:, n]

    @cached_property
    def _nobody(self) -> Whole:
        return np.full(len(self.codes), -1, np.int64)

    def amounts_where(self, subject: str, key: FigureKey, holds: Callable[[Fraction], bool]) -> npt.NDArray[np.bool_]:
        """Of which practices something holds for an amount that they have."""
        n = self.columns.get((subject, key))
        if n is None or n not in self.of_amounts:
            return np.zeros(len(self.codes), np.bool_)
        places = self.numbers[:, n]
        used = np.unique(places[places >= 0]).tolist()
        return np.isin(places, [place for place in used if holds(self.amounts[place])])
