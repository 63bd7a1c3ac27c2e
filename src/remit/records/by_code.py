"""A practice's events or prescriptions once more, by code: for an engine that asks for some codes of all patients.

The file is made of the plain one, in which the rows are by patient, and has the same rows: by code, those of one code
in the order of the plain file. A patient is a number: the place in the practice's file of patients that the same import
wrote. It says nothing that the plain file does not say, so that what rests on records rests on the plain files alone.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from remit.files.hashes import sha256_file
from remit.files.whole import synced
from remit.records.layout import EVENTS, PRESCRIPTIONS, Layout
from remit.records.manifest import BY_CODE, Stored
from remit.records.store import Store, check_schema, reading

LEAST_ROWS = 10_000
"""Of fewer rows the plain file is read as quickly."""
_ROW_GROUP = 1 << 15
_OWN_GROUPS = 1 << 12
"""A code of so many rows has row groups of its own; others share some. So the rows of a code are found by what each
group says of its first and last code, with few of others."""
_ENCODINGS = {"patient": "DELTA_BINARY_PACKED", "date": "DELTA_BINARY_PACKED"}
_WORDS = ("patient_id", "code", "unit", "episode", "system", "comparator", "answer", "status", "negation")
"""What is one of a few words: read and written as places in a dictionary."""
_DICTIONARY = (*_WORDS, "value", "quantity")
_COUNTS = b"remit.codes"
"""In the file's own notes: each code and how many rows it has, in order, as JSON."""


def by_code(layout: Layout, plain: pa.Table, patients: pa.Array) -> pa.Table:
    """A table's rows by code. Words may be given as places in a dictionary, and are handed on so."""
    plain = plain.unify_dictionaries().combine_chunks()
    codes, ids = (_encoded(plain[name]) for name in ("code", "patient_id"))
    place = np.empty(len(codes.dictionary), "u4" if len(codes.dictionary) >> 16 else "u2")
    place[pc.sort_indices(codes.dictionary).to_numpy()] = np.arange(len(place))
    order = pa.array(np.argsort(place[codes.indices.to_numpy()], kind="stable"))
    numbers = pc.index_in(ids.dictionary, patients).take(ids.indices)
    names = layout.schema_by_code(plain.column_names).names
    columns = {**{name: plain[name] for name in names if name != "patient"}, "patient": numbers}
    return pa.table([columns[name] for name in names], names=names).take(order)


def _encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    whole = column.combine_chunks()
    return whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()


def write_by_code(folder: Path, layout: Layout, plain: Stored, patients: pa.Array) -> Stored | None:
    """Write a practice's table by code beside its plain file, which is there, and wait until it is on the disk.

    `patients` are the ids of the practice's file of patients. The same plain file and patients give the same bytes.
    None is written where some row is of nobody among them: they have no number, and an engine reads the plain file.
    """
    source = folder / plain.file
    with reading(source):
        names = pq.read_schema(source.absolute()).names
        words = [name for name in names if name in _WORDS]
        with pq.ParquetFile(source.absolute(), read_dictionary=words, page_checksum_verification=True) as file:
            held = file.read(columns=[name for name in names if name != "extract"], use_threads=False)
    rows = by_code(layout, held, patients)
    if rows["patient"].null_count:
        return None
    path = source.with_name(source.name.replace(layout.name, layout.name + BY_CODE))
    with synced(path) as to:
        write_rows(to, rows)
    return Stored(path.relative_to(folder).as_posix(), sha256_file(path), rows.num_rows)


def write_rows(to: Any, rows: pa.Table) -> None:
    """Write rows by code to a file that is open."""
    counted = pc.value_counts(rows["code"].combine_chunks())
    counts = [(code, many) for code, many in zip(*(counted.field(at).to_pylist() for at in (0, 1)), strict=True)]
    with pq.ParquetWriter(
        to,
        rows.schema,
        compression="zstd",
        use_dictionary=[name for name in rows.column_names if name in _DICTIONARY],
        column_encoding=_ENCODINGS,
        sorting_columns=[pq.SortingColumn(0)],
        write_page_checksum=True,
        store_decimal_as_integer=True,
        store_schema=False,
    ) as writer:
        start = 0
        for many in _groups([many for _, many in counts]):
            writer.write_table(rows.slice(start, many), row_group_size=_ROW_GROUP)
            start += many
        said = json.dumps(counts, ensure_ascii=False, separators=(",", ":"))
        writer.add_key_value_metadata({_COUNTS: said.encode()})


def _groups(counts: Sequence[int]) -> Iterator[int]:
    """How many rows are written at a time: those of a code that has many, else those of several codes in order."""
    waiting = 0
    for many in counts:
        if many >= _OWN_GROUPS or waiting + many > _ROW_GROUP:
            yield from [waiting] if waiting else []
            waiting = 0
        waiting += many
        if many >= _OWN_GROUPS:
            yield waiting
            waiting = 0
    yield from [waiting] if waiting else []


@dataclass(frozen=True)
class ByCode:
    """A file of rows by code."""

    path: Path
    layout: Layout

    def optional(self) -> frozenset[str]:
        """The optional columns that it has. Raises Refused where its columns are not those of such a file."""
        with reading(self.path):
            schema = pq.read_schema(self.path.absolute())
            check_schema(self.path, schema.remove_metadata(), self.layout.schema_by_code(schema.names))
        return frozenset(schema.names) & {*self.layout.optional}

    def counts(self) -> tuple[pa.Array, pa.Array]:
        """The codes in order, and how many rows each has."""
        with reading(self.path):
            each = json.loads((pq.read_metadata(self.path.absolute()).metadata or {}).get(_COUNTS, b"[]"))
        return pa.array([code for code, _ in each], pa.string()), pa.array([many for _, many in each], pa.int64())

    def near(self, codes: Sequence[str], columns: Sequence[str]) -> pa.Table:
        """These columns of every row of some codes, which are given in order, with some rows of codes beside them."""
        words = [name for name in columns if name in _WORDS]
        with (
            reading(self.path),
            pq.ParquetFile(self.path.absolute(), read_dictionary=words, page_checksum_verification=True) as file,
        ):
            return file.read_row_groups(list(_groups_of(file, codes)), columns=list(columns), use_threads=False)


def _groups_of(file: pq.ParquetFile, codes: Sequence[str]) -> Iterator[int]:
    """The row groups in which one of some codes may be."""
    for number in range(file.num_row_groups):
        said = file.metadata.row_group(number).column(0).statistics
        at = bisect_left(codes, said.min) if said and said.has_min_max else 0
        if at < len(codes) and not (said and said.has_min_max and codes[at] > said.max):
            yield number


def by_code_of(store: Store, practice: str, layout: Layout) -> ByCode | None:
    """A practice's table by code; None where it has no such file, or later extracts changed what it says."""
    partition = store.partition(practice)
    stored = partition.tables.get(layout.name + BY_CODE)
    same = stored and stored.number == partition.tables["patients"].number
    if stored is None or not same or partition.later(layout.name):
        return None
    return ByCode(store.folder / stored.file, layout)


def tables_by_code(folder: Path, tables: Mapping[str, Stored], patients: pa.Array) -> dict[str, Stored]:
    """Write by code what a practice's plain files hold of events and prescriptions, where it is much. `patients` are
    the ids of its file of patients."""
    written = {}
    for layout in (EVENTS, PRESCRIPTIONS):
        plain = tables.get(layout.name)
        made = write_by_code(folder, layout, plain, patients) if plain and plain.rows >= LEAST_ROWS else None
        if made:
            written[layout.name + BY_CODE] = made
    return written
