"""A store of records as it is read: whole tables for an engine, patients one by one for the interpreter."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from remit.core.problems import Place, did_you_mean, refuse
from remit.files.hashes import sha256_file
from remit.records.event_rows import events_of, plain
from remit.records.layout import BY_NAME, EVENTS, PRACTICES, PRESCRIPTIONS, Layout
from remit.records.manifest import Manifest, Partition, read_manifest
from remit.records.model import Patient, PracticeRow, Registration

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

    def path(self, practice: str, table: str) -> Path | None:
        """The Parquet file of a practice's table, for an engine to scan; None where it has no rows at all."""
        stored = self.partition(practice).tables.get(table)
        return self.folder / stored.file if stored else None

    def optional(self, practice: str, layout: Layout) -> list[str]:
        """The optional columns that a practice's file of a table has, in order."""
        path = self.path(practice, layout.name)
        if path is None:
            return []
        with reading(path):
            return [name for name in pq.read_schema(path.absolute()).names if name in layout.optional]

    def changed(self, practice: str) -> Iterator[tuple[str, Path]]:
        """The practice's tables whose file is not as it was imported, each with its file."""
        for name, stored in self.partition(practice).tables.items():
            path = self.folder / stored.file
            with reading(path):
                same = path.is_file() and sha256_file(path) == stored.sha256
            if not same:
                yield name, path

    def table(self, practice: str, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A practice's table, sorted as docs/reference/records.md says. Raises Refused where the file is damaged.

        It has the optional columns that its file has, and those of `columns` that its file lacks, with nothing said.
        """
        layout = BY_NAME[table.partition(".")[0]]
        path = self.path(practice, table)
        if path is None:
            return layout.filled(layout.schema.empty_table(), columns or layout.schema.names)
        with reading(path):
            names = pq.read_schema(path.absolute()).names
            there = columns and [name for name in columns if name in names or name not in layout.optional]
            whole = read_parquet(path, layout.schema_with(names), there)
        return layout.filled(whole, columns) if columns else whole

    def parts(self, practice: str, table: str) -> Iterator[pa.Table]:
        """A practice's table in parts of some rows, in its order; none where it has no rows at all."""
        path = self.path(practice, table)
        if path is None:
            return
        with reading(path), pq.ParquetFile(path.absolute(), page_checksum_verification=True) as file:
            check_schema(path, file.schema_arrow, BY_NAME[table].schema_with(file.schema_arrow.names))
            for batch in file.iter_batches(_AT_A_TIME):
                yield pa.Table.from_batches([batch])

    def patients(self, practice: str, codes: Collection[str] | None = None) -> Iterator[Patient]:
        """The practice's patients in the order of their ids. Holds one patient at a time, and some of each file.

        With `codes`, each with the records of those codes alone.
        """
        registrations = _Ahead(self._grouped(practice, "registrations"))
        optional = self.optional(practice, EVENTS), self.optional(practice, PRESCRIPTIONS)
        events = _Ahead(self._grouped(practice, "events", codes))
        prescriptions = _Ahead(self._grouped(practice, "prescriptions", codes))
        for id_, (row,) in self._grouped(practice, "patients"):
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
                events_of(events.rows_of(id_), prescriptions.rows_of(id_), *optional),
                ethnicity,
                deprivation,
                frozenset(flags.split(";")) if flags else frozenset(),
            )

    def _grouped(
        self, practice: str, table: str, codes: Collection[str] | None = None
    ) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
        """The rows of each patient of a table."""
        path = self.path(practice, table)
        if path is None:
            return
        with reading(path):
            rows = _rows(path, BY_NAME[table], codes)
            for id_, group in groupby(rows, key=itemgetter(0)):
                yield id_, list(group)


class _Ahead:
    """The groups of a sorted table, to be asked for in order."""

    def __init__(self, groups: Iterator[tuple[str, list[tuple[Any, ...]]]]) -> None:
        self.groups = groups
        self.next = next(groups, None)

    def rows_of(self, id_: str) -> list[tuple[Any, ...]]:
        while self.next is not None and self.next[0] < id_:
            self.next = next(self.groups, None)
        if self.next is None or self.next[0] != id_:
            return []
        rows = self.next[1]
        self.next = next(self.groups, None)
        return rows


def _rows(path: Path, layout: Layout, codes: Collection[str] | None) -> Iterator[tuple[Any, ...]]:
    code_set = None if codes is None else pa.array(sorted(codes), pa.string())
    with pq.ParquetFile(path.absolute(), page_checksum_verification=True) as file:
        check_schema(path, file.schema_arrow, layout.schema_with(file.schema_arrow.names))
        for batch in file.iter_batches(_AT_A_TIME):
            if code_set is not None:
                batch = batch.filter(pc.is_in(batch["code"], value_set=code_set))
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def read_parquet(path: Path, schema: pa.Schema, columns: Sequence[str] | None = None) -> pa.Table:
    """A file of the store, whole; `columns` narrows. To be called within `reading`.

    Here and wherever pyarrow is given a path it is one from the root: a leading `~` would be the home folder.
    """
    with pq.ParquetFile(path.absolute(), page_checksum_verification=True) as file:
        check_schema(path, file.schema_arrow, schema)
        table = file.read(columns=list(columns) if columns else None)
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
