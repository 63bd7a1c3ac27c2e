"""A store of records as it is read: whole tables for an engine, patients one by one for the interpreter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from remit.core.problems import Place, did_you_mean, refuse
from remit.files.hashes import sha256_file
from remit.records.event_rows import events_of, plain
from remit.records.layout import BY_NAME, PATIENTS, PRACTICES
from remit.records.manifest import BY_CODE, DROPPED, Manifest, Partition, read_manifest, table_of
from remit.records.model import Patient, PracticeRow, Registration
from remit.records.pieces import PLACES, Piece, merged, pieces_of

_AT_A_TIME = 1 << 16
IMPORT_AGAIN = "Import the practice's extract again, in place of what the store has."


class Store:
    """The records of a folder that `remit records import` made.

    Raises Refused for a folder that is not a store, is of a newer format, or is damaged.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.manifest: Manifest = read_manifest(self.folder)

    @property
    def codes(self) -> list[str]:
        """The practices whose records are held, in order."""
        return sorted(self.manifest.partitions)

    def partition(self, practice: str) -> Partition:
        """Raises Refused for a practice whose records are not held."""
        try:
            return self.manifest.partitions[practice]
        except KeyError:
            near = did_you_mean(practice, self.codes)
            raise refuse(
                "records.practice-unknown",
                f"there are no records of practice {practice}.",
                Place(str(self.folder)),
                near,
                practice=practice,
            ) from None

    def last_day(self, practice: str) -> date | None:
        """The last day that the practice's latest extract covers; None where no records of it are held.

        What is worked out for a later day is provisional.
        """
        partition = self.manifest.partitions.get(practice)
        return partition.last_day if partition else None

    def practices(self, on: date | None = None) -> dict[str, PracticeRow]:
        """Each practice as it was on a day, or as it is last said to be; with nothing but its code where none says."""
        return {code: self.practice(code, on) for code in self.codes}

    def practice(self, code: str, on: date | None = None) -> PracticeRow:
        """A practice as it was on a day, or as it is last said to be; with nothing but its code where none says."""
        rows = [r for r in self.practice_rows(code) if on is None or r.since is None or r.since <= on]
        return rows[-1] if rows else PracticeRow(code)

    def practice_rows(self, practice: str) -> list[PracticeRow]:
        """All that is said of a practice, from the earliest day on."""
        if PRACTICES.name not in self.partition(practice).tables:
            return []
        rows = [
            PracticeRow(
                practice,
                row["since"],
                row["practice_name"],
                row["list_size"],
                None if row["weighted_list_size"] is None else plain(row["weighted_list_size"]),
                row["place_code"],
                row["network_code"],
            )
            for row in self.table(practice, PRACTICES.name).to_pylist()
        ]
        return sorted(rows, key=lambda row: row.since or date.min)

    def pieces(self, practice: str, table: str) -> list[Piece]:
        """The Parquet files of a practice's table, for an engine to scan; none where it has no rows at all."""
        return pieces_of(self.folder, self.partition(practice), table)

    def changed(self, practice: str) -> Iterator[tuple[str, Path]]:
        """The practice's tables of which a file is not as it was imported, each with that file."""
        for name, stored in self.partition(practice).named().items():
            path = self.folder / stored.file
            with reading(path):
                same = path.is_file() and sha256_file(path) == stored.sha256
            if not same:
                yield name.partition("@")[0], path

    def table(self, practice: str, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A practice's table, sorted as docs/reference/records.md says. Raises Refused where the file is damaged.

        It has the optional columns that its file has, and those of `columns` that its file lacks, with nothing said.
        """
        layout = BY_NAME[table_of(table)]
        pieces = self.pieces(practice, table)
        if not pieces:
            return layout.filled(layout.schema.empty_table(), columns or layout.schema.names)
        if len(pieces) == 1 and not pieces[0].drops:
            whole = rows_of(pieces[0], columns)
        else:
            whole = merged(layout, (rows_of(piece) for piece in pieces))
        return layout.filled(whole, columns) if columns else whole

    def brought(self, practice: str, table: str, number: int, columns: Sequence[str]) -> pa.Table:
        """The rows of a practice's table that import `number` brought and that stand, in no order."""
        ids = [extract.id for extract in self.partition(practice).extracts if extract.imported == number]
        layout, found = BY_NAME[table], []
        for piece in self.pieces(practice, table) if ids else ():
            if piece.number >= number:  # an earlier file has none of them
                rows = rows_of(piece, [*columns, "extract"])
                found.append(layout.filled(rows.filter(pc.is_in(rows["extract"], pa.array(ids))), columns))
        return pa.concat_tables(found) if found else layout.filled(layout.schema.empty_table(), columns)

    def parts(self, practice: str, table: str) -> Iterator[pa.Table]:
        """A practice's table in parts of some rows, in its order; none where it has no rows at all."""
        pieces = self.pieces(practice, table)
        if len(pieces) > 1 or any(piece.drops for piece in pieces):
            yield self.table(practice, table)
            return
        for piece in pieces:
            path = piece.path
            with reading(path), pq.ParquetFile(path.absolute(), page_checksum_verification=True) as file:
                check_schema(path, file.schema_arrow, piece.layout.schema_with(file.schema_arrow.names))
                for batch in file.iter_batches(_AT_A_TIME):
                    yield pa.Table.from_batches([batch])

    def patients(self, practice: str, codes: Collection[str] | None = None) -> Iterator[Patient]:
        """The practice's patients in the order of their ids. Holds one patient at a time, and some of each file.

        With `codes`, each with the records of those codes alone.
        """
        registrations = self._grouped(practice, "registrations")
        events = self._grouped(practice, "events", codes)
        prescriptions = self._grouped(practice, "prescriptions", codes)
        for id_, (row,) in self._grouped(practice, "patients").each():
            _, born, sex, died, ethnicity, deprivation, flags, _ = row
            stays = sorted(
                (Registration(at, start, end) for _, at, start, end, _ in registrations.rows_of(id_)),
                key=lambda stay: (stay.start, stay.practice),
            )
            yield Patient(
                id_,
                practice,
                born,
                sex,
                died,
                tuple(stays),
                events_of(events.rows_of(id_), prescriptions.rows_of(id_), events.optional, prescriptions.optional),
                ethnicity,
                deprivation,
                frozenset(flags.split(";")) if flags else frozenset(),
            )

    def _grouped(self, practice: str, table: str, codes: Collection[str] | None = None) -> _Ahead:
        """The rows of each patient of a table."""
        parts = self.parts(practice, table)
        first = next(parts, None)
        if first is None:
            return _Ahead(iter(()), ())
        wanted = None if codes is None else pa.array(sorted(codes), pa.string())
        rows = _rows(self.pieces(practice, table)[0].path, chain([first], parts), wanted)
        optional = tuple(name for name in first.column_names if name in BY_NAME[table].optional)
        return _Ahead(((id_, list(group)) for id_, group in groupby(rows, key=itemgetter(0))), optional)


class _Ahead:
    """The groups of a sorted table, to be asked for in order; and the optional columns that their rows have."""

    def __init__(self, groups: Iterator[tuple[str, list[tuple[Any, ...]]]], optional: tuple[str, ...]) -> None:
        self.groups, self.optional = groups, optional
        self.next = next(groups, None)

    def each(self) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
        """The groups that are left, one after the other."""
        while self.next is not None:
            yield self.next
            self.next = next(self.groups, None)

    def rows_of(self, id_: str) -> list[tuple[Any, ...]]:
        while self.next is not None and self.next[0] < id_:
            self.next = next(self.groups, None)
        if self.next is None or self.next[0] != id_:
            return []
        rows = self.next[1]
        self.next = next(self.groups, None)
        return rows


def _rows(path: Path, parts: Iterable[pa.Table], wanted: pa.Array | None) -> Iterator[tuple[Any, ...]]:
    """The rows of a table one by one; with `wanted` those of these codes alone."""
    with reading(path):
        for part in parts:
            for batch in part.to_batches(_AT_A_TIME):
                if wanted is not None:
                    batch = batch.filter(pc.is_in(batch["code"], value_set=wanted))
                yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def stored_rows(path: Path, name: str, columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of one file of a practice; `name` is what the partition calls it, as `events.dropped`."""
    layout = BY_NAME[table_of(name)]
    with reading(path):
        if name.endswith(DROPPED):
            return read_parquet(path, PLACES)
        names = pq.read_schema(path.absolute()).names
        if name == PATIENTS.name + BY_CODE:
            return read_parquet(path, pa.schema([layout.schema.field("patient_id")]))
        if name.endswith(BY_CODE):
            return read_parquet(path, layout.schema_by_code(names))
        there = columns and [name for name in columns if name in names or name not in layout.optional]
        return read_parquet(path, layout.schema_with(names), there)


def rows_of(piece: Piece, columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of a file that are meant."""
    whole = stored_rows(piece.path, piece.layout.name, columns)
    if not piece.drops:
        return whole
    with reading(piece.drops[0]):
        return whole.filter(piece.meant(whole.num_rows))


def read_parquet(path: Path, schema: pa.Schema, columns: Sequence[str] | None = None) -> pa.Table:
    """A file of the store, whole; `columns` narrows. To be called within `reading`.

    Here and wherever pyarrow is given a path it is one from the root: a leading `~` would be the home folder.
    """
    with pq.ParquetFile(path.absolute(), page_checksum_verification=True) as file:
        check_schema(path, file.schema_arrow, schema)
        large = file.metadata.num_rows > _AT_A_TIME  # of few rows the threads take longer than what they do
        table = file.read(columns=list(columns) if columns else None, use_threads=large)
    table.validate(full=True)  # a file can say of any bytes that they are text
    return table


def check_schema(path: Path, actual: pa.Schema, expected: pa.Schema) -> None:
    """Refuse a file of other columns or types."""
    if not actual.equals(expected):
        raise refuse(
            "records.columns-changed",
            "has other columns than the store's.",
            Place(str(path)),
            "It was changed: import the records again.",
        )


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """What goes wrong with a file of the store, as a refusal."""
    place = Place(str(path))
    try:
        yield
    except FileNotFoundError:
        raise refuse(
            "records.file-gone", "is missing from the store.", place, "If an import has just ended, start again."
        ) from None
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = first_line(error)
        raise refuse(
            "records.file-damaged",
            f"is damaged: {reason}.",
            place,
            IMPORT_AGAIN,
            reason=reason,
        ) from None


def first_line(error: BaseException) -> str:
    """What an error says, in a line."""
    return next(islice(str(error).splitlines(), 1), type(error).__name__).rstrip(".")
