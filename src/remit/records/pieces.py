"""The files of a practice's table: one, or one with what later extracts laid beside it. Which of their rows stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from remit.records.layout import BY_NAME, Layout
from remit.records.manifest import DROPPED, Partition, table_of

PLACES = pa.schema([pa.field("import", pa.int32()), pa.field("row", pa.int64())])
"""A file of dropped rows: the import that wrote the file, and the row's place in it from 0; sorted."""


@dataclass(frozen=True)
class Piece:
    """A file of rows, and which of them are meant: all but `without`, or nothing but `only` where it is given."""

    path: Path
    layout: Layout
    number: int
    """The import that wrote it."""
    drops: tuple[Path, ...] = ()
    """The files that say which of its rows a later extract dropped."""
    dropped: bool = False
    """Whether the dropped rows are meant, and not the others."""

    def names(self) -> list[str]:
        """The columns that the file has."""
        return list(pq.read_schema(self.path.absolute()).names)

    def places(self) -> np.ndarray:
        """The places of its rows that were dropped, in order."""
        found = [np.zeros(0, "i8")]
        for path in self.drops:
            table = pq.read_table(path.absolute(), schema=PLACES)
            found.append(table["row"].to_numpy()[table["import"].to_numpy() == self.number])
        return np.sort(np.concatenate(found))

    def meant(self, rows: int) -> pa.Array | None:
        """Of each of its rows whether it is meant; None where all are."""
        if not self.drops:
            return None
        mask = np.full(rows, not self.dropped)
        mask[self.places()] = self.dropped
        return pa.array(mask)


def pieces_of(folder: Path, partition: Partition, table: str) -> list[Piece]:
    """The files in which the rows of a table are, in the order in which they came; `table` may end in `.superseded`."""
    name = table_of(table)
    layout = BY_NAME[name]
    drops = [(stored.number, folder / stored.file) for stored in partition.files(name + DROPPED)]
    standing = [
        Piece(
            folder / stored.file,
            layout,
            stored.number,
            tuple(path for number, path in drops if number > stored.number),
            dropped=table != name,
        )
        for stored in partition.files(name)
    ]
    if table == name:
        return standing
    own = [Piece(folder / stored.file, layout, stored.number) for stored in partition.files(table)]
    return own + [piece for piece in standing if piece.drops]


def merged(layout: Layout, tables: Iterator[pa.Table]) -> pa.Table:
    """Rows of several files as one file would have them, to the byte."""
    rows = layout.as_stored(layout.joined(list(tables)))
    return rows.sort_by([(name, "ascending") for name in (*layout.order(rows.column_names), "extract")])
