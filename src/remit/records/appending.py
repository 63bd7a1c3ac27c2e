"""An extract that is the latest of its practice, appended: its events and prescriptions are laid beside the files.

What a month brings is a small part of what is held. Tables with a key, as patients, are few rows and are written anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from remit.files.whole import sync_folder
from remit.records.beside import Beside, lay_beside, places_in, rows_found
from remit.records.by_code import numbered
from remit.records.later_extracts import Later, first_in_common
from remit.records.layout import EVENTS, PATIENTS, PRESCRIPTIONS, TABLES, Layout
from remit.records.manifest import DROPPED, SUPERSEDED, Extract, Partition, Stored
from remit.records.partition import Outcome, check_unchanged, rows_to_store, write_file
from remit.records.pieces import PLACES, Piece
from remit.records.source import Rejected
from remit.records.standing import resolve, sorted_rows
from remit.records.store import Store

_MOST = 24
"""Extracts beside a practice's files: with more of them a reader opens many small files."""
_PART = 3
"""A practice's files are written anew where what is beside them would be more than the third part of them."""

Read = Mapping[str, tuple[pa.Table, Sequence[Rejected]]]


def pays(partition: Partition, read: Read) -> bool:
    """Whether an extract is laid beside a practice's files, and these not written anew with it."""
    held = (EVENTS.name, PRESCRIPTIONS.name)
    own = sum(partition.tables[name].rows for name in held if name in partition.tables)
    beside = sum(stored.rows for tables in partition.beside for stored in tables.values())
    new = sum(read[name][0].num_rows for name in held if name in read)
    return len(partition.beside) < _MOST and (beside + new) * _PART <= own


def append_partition(store: Store, code: str, number: int, new: Extract, read: Read) -> Outcome:
    """Write what a practice's latest extract brings, for import `number`, and say what the practice's files are then.

    The rows that stand, and those that do not, are the same as if all were written anew. Raises Refused where the
    files are not those that were imported.
    """
    check_unchanged(store, code)
    before, outcome = store.partition(code), Outcome(None)
    tables, beside = dict(before.tables), dict[str, Stored]()
    extracts, later = (*before.extracts, new), Later(new.id)
    patients: pa.Array | None = None

    def write(into: dict[str, Stored], name: str, rows: pa.Table) -> None:
        if rows.num_rows:
            into[name] = write_file(store.folder, code, number, name, rows)

    for layout in TABLES:
        added = rows_to_store(outcome, layout, *read[layout.name], new, patients) if layout.name in read else None
        if layout.key:
            held = [store.table(code, layout.name), store.table(code, layout.name + SUPERSEDED)]
            rows = layout.joined(held if added is None else [*held, added])
            current, superseded = resolve(layout, rows, [extract.id for extract in extracts])
            if layout is PATIENTS:
                patients = current["patient_id"].combine_chunks()
            if added is not None:
                write(tables, layout.name, current)
                write(tables, layout.name + SUPERSEDED, superseded)
            gone = later.gone(layout, current, superseded)
        else:
            laid = _laid(store, code, layout, added)
            write(beside, layout.name, laid.standing)
            write(beside, layout.name + SUPERSEDED, laid.superseded)
            write(beside, layout.name + DROPPED, laid.dropped)
            gone = _gone(store, code, layout, laid, later)
        if gone:
            outcome.gone[layout.name] = gone
    if tables[PATIENTS.name] != before.tables[PATIENTS.name]:
        ids = store.table(code, PATIENTS.name, ["patient_id"])["patient_id"].combine_chunks()
        tables |= numbered(store.folder, tables, number, ids)
    sync_folder(store.folder / f"practice={code}")
    outcome.partition = Partition(extracts, tables, (*before.beside, *([beside] if beside else [])), before.folded)
    return outcome


def _laid(store: Store, code: str, layout: Layout, added: pa.Table | None) -> Beside:
    """The new rows of a table beside its files, sorted as they are stored."""
    if added is None:
        none = layout.schema.empty_table()
        return Beside(none, none)
    added = layout.as_stored(added)
    new = sorted_rows(added.combine_chunks(), layout.order(added.column_names))
    pieces = (store.pieces(code, layout.name + ending) for ending in ("", SUPERSEDED))
    return lay_beside(layout, new, *pieces)


def _gone(store: Store, code: str, layout: Layout, laid: Beside, later: Later) -> int:
    """What `Later.gone` says of a table whose earlier rows are not read for it, unless they must be."""
    held = store.partition(code)
    dropped = laid.dropped.num_rows
    superseded = held.rows(layout.name + SUPERSEDED) + laid.superseded.num_rows + dropped
    if not superseded or held.rows(layout.name) == dropped:
        return 0
    first = first_in_common(laid.standing, laid.superseded)
    return later.gone_beside(layout, _left(store.pieces(code, layout.name), later, first, laid), laid.superseded)


def _left(pieces: Sequence[Piece], later: Later, first: date, laid: Beside) -> Iterator[pa.Table]:
    """The earlier rows that still stand, of patients whom the extract has and from a day on, file by file."""
    numbers, rows = (laid.dropped[name].to_numpy() for name in PLACES.names)
    patients = later.patients if later.patients is not None else pa.array([], pa.string())
    for piece in pieces:
        gone = np.concatenate([piece.places(), rows[numbers == piece.number]])

        def wanted(keys: pa.Table, places: np.ndarray, gone: np.ndarray = gone) -> np.ndarray:
            stands = np.array(pc.greater_equal(keys["date"], first)) & ~np.isin(places, gone)
            stands[stands] = places_in(keys["patient_id"].filter(pa.array(stands)), patients) >= 0
            return stands

        if found := [part for part, _ in rows_found(piece, wanted)]:
            yield pa.concat_tables(found)  # together: of two rows alike one may begin another part
