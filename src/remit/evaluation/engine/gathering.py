"""The records of several practices in one table each of events and prescriptions, where they are few.

A statement for each practice takes longer to plan than a month's records take to read. So files of few rows, and those
rows by code that are wanted, are read here, and one statement goes over them all. Patients are numbered through all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from remit.evaluation.engine import scan
from remit.evaluation.engine.entries import Entries, Held, Tables, Whose
from remit.records.by_code import ByCode
from remit.records.layout import EVENTS, PRESCRIPTIONS, Layout
from remit.records.pieces import Piece
from remit.records.store import reading, rows_of

_FEW = 200_000
"""Rows of a file that is read whole."""
_ByTable = dict[str, list[pa.Table]]
_BOTH = ((EVENTS, False), (PRESCRIPTIONS, True))


def gathered(
    entries: Entries,
    practices: Sequence[tuple[int, Tables]],
    said: tuple[bool, bool],
    wanted: Whose | None = None,
) -> tuple[str, list[tuple[int, Tables]]]:
    """The scan of those practices whose records are few, as one statement, '' where there is none; and the others.
    Each practice comes with the number of its first patient. `wanted`: as `Entries.select` has it."""
    needs = entries.needs(*said)
    near: _ByTable = {layout.name: [] for layout, _ in _BOTH}
    far: _ByTable = {layout.name: [] for layout, _ in _BOTH}
    others = []
    for start, tables in practices:
        if not all(_is_few(one, wanted) for _, issued in _BOTH for one in _each(tables, issued)):
            others.append((start, tables))
        else:
            for layout, issued in _BOTH:
                for one in _each(tables, issued):
                    more, dates = _rows(entries, layout, one, tables, start, needs, wanted)
                    near[layout.name].append(more)
                    far[layout.name].append(dates)
                    if wanted is None and "unit" in needs:
                        units = entries.written.setdefault(tables.practice, set())
                        units.update(text for text in pc.unique(more["unit"]).to_pylist() if text)
    if len(others) == len(practices):
        return "", others
    read = [_readable(entries, layout, issued, near, far) for layout, issued in _BOTH]
    return entries.over(read, needs, wanted), others


def _each(tables: Tables, issued: bool) -> Sequence[Held]:
    held = tables.prescriptions if issued else tables.events
    return (held, *held.beside)


def _is_few(held: Held, wanted: Whose | None) -> bool:
    if isinstance(held.rows, ByCode):
        return wanted is not None and held.rows.changed is None
    if held.files is None:
        return False
    rows = 0
    for file in held.files:
        with reading(file.path):
            rows += pq.read_metadata(file.path.absolute()).num_rows
    return rows <= _FEW


def _rows(
    entries: Entries,
    layout: Layout,
    held: Held,
    tables: Tables,
    start: int,
    needs: Collection[str],
    wanted: Whose | None,
) -> tuple[pa.Table, pa.Table]:
    """Rows with their patients by number: with all that is needed of them, and with what is where only dates are."""
    if isinstance(held.rows, ByCode):
        return entries.wanted_rows(held.rows, layout is PRESCRIPTIONS, tables, start, needs, wanted or {})
    found = []
    for file in held.files or ():
        rows = rows_of(Piece(file.path, layout, file.number, tuple(file.drops), file.dropped))
        rows = rows.filter(pc.greater(rows["date"], file.after)) if file.after else rows
        found.append(rows.filter(pc.less_equal(rows["date"], file.until)) if file.until else rows)
    rows = layout.joined(found) if found else layout.schema.empty_table()
    numbers = pc.index_in(rows["patient_id"], tables.patients["patient_id"].combine_chunks())
    rows = rows.drop_columns(["patient_id", "extract"])
    rows = rows.append_column("patient", pc.add(numbers, pa.scalar(start, pa.int32())))
    rows = rows.filter(pc.is_valid(rows["patient"]))  # nobody else is asked for
    return rows, rows


def _readable(entries: Entries, layout: Layout, issued: bool, near: _ByTable, far: _ByTable) -> scan.Readable:
    columns = {name for table in near[layout.name] for name in table.column_names} & {*layout.optional}
    names = [
        entries.named(f"gathered_{which}_{layout.name}", _together(layout, tables))
        for which, tables in (("near", near[layout.name]), ("far", far[layout.name]))
    ]
    return scan.Readable(names[1], frozenset(columns), issued, 0, names[0])


def _together(layout: Layout, tables: Sequence[pa.Table]) -> pa.Table:
    """Rows of several tables, with every column that one of them has; what a table lacks says nothing."""
    names: Collection[str] = dict.fromkeys(name for table in tables for name in table.column_names)
    types = {column.name: (column.type, column.empty) for column in layout.columns} | {"patient": (pa.int32(), None)}
    schema = pa.schema([(name, types[name][0]) for name in names])
    whole = []
    for table in tables:
        columns = [
            table[name].cast(schema.field(name).type)
            if name in table.column_names
            else pa.repeat(pa.scalar(types[name][1], types[name][0]), table.num_rows)
            for name in names
        ]
        whole.append(pa.table(columns, schema=schema))
    return pa.concat_tables(whole) if whole else schema.empty_table()
