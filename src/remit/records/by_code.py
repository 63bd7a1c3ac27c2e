"""A practice's events or prescriptions once more, by code: for an engine that asks for some codes of all patients.

The file is made of the plain one, in which the rows are by patient, and has the same rows: by code, those of one code
in the order of the plain file. A patient is a number: the place in the practice's file of patients that the same import
wrote. It says nothing that the plain file does not say, so that what rests on records rests on the plain files alone.

What later extracts lay beside the plain file is read from there, besides the rows by code. An append writes the
patients anew; whom the numbers meant is then in a file of its own.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from remit.files.hashes import sha256_file
from remit.files.whole import synced
from remit.records.beside import rows_found
from remit.records.layout import EVENTS, PATIENTS, PRESCRIPTIONS, Layout
from remit.records.manifest import BY_CODE, Stored
from remit.records.pieces import Piece
from remit.records.store import Store, check_schema, reading, stored_rows

LEAST_ROWS = 10_000
"""Of fewer rows the plain file is read as quickly."""
_ROW_GROUP = 1 << 15
_OWN_GROUPS = 1 << 14
"""A code of so many rows has row groups of its own; others share some. So the rows of a code are found by what each
group says of its first and last code, with few of others."""
_ENCODINGS = {"patient": "DELTA_BINARY_PACKED", "date": "DELTA_BINARY_PACKED"}
_WORDS = ("patient_id", "code", "unit", "episode", "system", "comparator", "answer", "status", "negation")
"""What is one of a few words: read and written as places in a dictionary."""
_DICTIONARY = (*_WORDS, "value", "quantity")
SORT = ("code", "patient_id", "patient", "date")
"""By what the rows of such files are sorted, of the columns that they have."""
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
    patients: pa.Array | None = None
    """Whom the numbers mean, where these are not their places among the practice's patients."""
    changed: pa.Table | None = None
    """Code, patient and date of the rows that are not to be read here, as a later extract dropped some of them."""

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
    """A practice's table by code, as the first of its plain files has it; None where it has no such file."""
    tables = store.partition(practice).tables
    stored, ids = tables.get(layout.name + BY_CODE), None
    if stored is None:
        return None
    if stored.number != tables[PATIENTS.name].number:
        if PATIENTS.name + BY_CODE not in tables:
            return None
        ids = stored_rows(store.folder / tables[PATIENTS.name + BY_CODE].file, PATIENTS.name + BY_CODE)
        ids = ids["patient_id"].combine_chunks()
    return ByCode(store.folder / stored.file, layout, ids)


def without_changed(by_code: ByCode, plain: Piece, patients: pa.Array) -> tuple[ByCode, pa.Table | None]:
    """The rows by code without those that a later extract changed, and the rows of these that still stand, as in the
    plain file: of rows of one code, patient and date no other difference is looked at here.

    `plain` is the file that it was made of, `patients` the ids of the practice's patients.
    """
    gone = plain.places()
    if not len(gone):
        return by_code, None
    with (
        reading(plain.path),
        pq.ParquetFile(plain.path.absolute(), read_dictionary=["patient_id", "code"]) as file,
    ):
        keys = file.read(columns=["code", "patient_id", "date"], use_threads=False)
    keys = keys.unify_dictionaries().combine_chunks()
    codes, ids = (_encoded(keys[name]) for name in ("code", "patient_id"))
    day = keys["date"].cast(pa.int32()).to_numpy()
    begins = np.ones(keys.num_rows, bool)
    begins[1:] = False
    for column in (codes.indices.to_numpy(), ids.indices.to_numpy(), day):
        begins[1:] |= column[1:] != column[:-1]
    group = np.cumsum(begins)
    touched = np.isin(group, group[gone])
    stands = touched.copy()
    stands[gone] = False
    numbers = pc.index_in(ids.dictionary, patients if by_code.patients is None else by_code.patients).take(ids.indices)
    alike = pa.table({"code": codes.cast(pa.string()), "patient": numbers, "date": keys["date"]})
    rows = [found for found, _ in rows_found(plain, lambda _, places: stands[places])]
    changed = alike.filter(pa.array(touched & begins))
    return replace(by_code, changed=changed), pa.concat_tables(rows) if rows else None


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


def numbered(folder: Path, tables: Mapping[str, Stored], number: int, patients: pa.Array) -> dict[str, Stored]:
    """Write whom the numbers of a practice's rows by code mean, for an import that writes its patients anew; nothing
    where it has no rows by code, or this is written."""
    name = PATIENTS.name + BY_CODE
    if name in tables or not any(other.endswith(BY_CODE) for other in tables):
        return {}
    path = (folder / tables[PATIENTS.name].file).with_name(f"{name}-{number:06d}.parquet")
    with synced(path) as file:
        pq.write_table(pa.table({"patient_id": patients}), file, compression="zstd", write_page_checksum=True)
    return {name: Stored(path.relative_to(folder).as_posix(), sha256_file(path), len(patients))}
