"""The practices of a run of several schemes: whoever is in a scheme of the run has accepted it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from remit.core.problems import Collector, Place
from remit.core.rows import RowSource, SelectedRows
from remit.scheme.asked import ACCEPTED

_BETWEEN = "+"


@dataclass(frozen=True)
class WithAccepted:
    """The rows of a practices file, with the schemes of the run in the column `accepted`, beside what it has there."""

    source: RowSource
    schemes: Mapping[str, Sequence[str]]

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def head(self) -> Place:
        return self.source.head

    def select(self, required: Sequence[str], optional: Sequence[str] = ()) -> SelectedRows:
        """The rows in these columns; the file need not have the column itself."""
        if ACCEPTED not in required:
            return self.source.select(required, optional)
        rest = [column for column in required if column != ACCEPTED]
        return _Rows(self.source.select(rest, [*optional, ACCEPTED]), (*required, *optional), self.schemes)


@dataclass(frozen=True)
class _Rows:
    selected: SelectedRows
    columns: tuple[str, ...]
    schemes: Mapping[str, Sequence[str]]

    def rows(self, problems: Collector | None = None) -> Iterator[tuple[int, Sequence[str]]]:
        for number, cells in self.selected.rows(problems):
            row = dict(zip(self.selected.columns, cells, strict=True))
            named = [row[ACCEPTED], *self.schemes.get(row["practice_code"], ())]
            row[ACCEPTED] = _BETWEEN.join(name for name in named if name)
            yield number, [row[column] for column in self.columns]

    def place(self, row: int) -> Place:
        return self.selected.place(row)
