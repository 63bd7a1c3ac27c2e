"""What came to a practice's files since an evaluation, and what of them no longer stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from remit.evaluation.engine import scan
from remit.evaluation.engine.entries import Held, Tables
from remit.evaluation.engine.onward import Change
from remit.evaluation.kept_results.folder import Then
from remit.records.layout import EVENTS, PRESCRIPTIONS, Layout
from remit.records.pieces import Piece
from remit.records.store import Store, check_schema, reading

_TYPES = {pa.string(): "text", pa.date32(): "date"}


def change_of(store: Store, whole: Tables, then: Then, on: date) -> Change | None:
    """A practice with what came and what went since; None where that cannot be told."""
    known = then.files_in(store, whole.practice)
    if on < then.on or known is None:
        return None
    still = pc.is_in(then.kept.patients["patient_id"], whole.patients["patient_id"])
    if not pc.all(still, min_count=0).as_py():
        return None
    came: list[Held] = []
    gone: list[Held] = []
    some_went = False
    for layout in (EVENTS, PRESCRIPTIONS):
        new, old = [], []
        for piece in store.pieces(whole.practice, layout.name):
            file = file_of(piece)
            if piece.path not in known:
                new.append(file)
                continue
            if on > then.on and _has_later(piece.path, then.on):
                new.append(scan.FileOfRows(file.path, file.columns, file.number, file.drops, after=then.on))
            if drops := [path for path in piece.drops if path not in known]:
                some_went = True
                old.append(scan.FileOfRows(file.path, file.columns, file.number, drops, dropped=True, until=then.on))
        for files, held in ((new, came), (old, gone)):
            one = held_in(layout, files)
            if one is None:
                return None
            held.append(one)
    practice, patients, registrations = whole.practice, whole.patients, whole.registrations
    return Change(
        whole,
        Tables(practice, patients, registrations, *came),
        Tables(practice, patients, registrations, *gone) if some_went else None,
        then.kept,
    )


def file_of(piece: Piece) -> scan.FileOfRows:
    """A file of a practice's table as it is scanned. Raises Refused where it has other columns than the store's."""
    with reading(piece.path):
        schema = pq.read_schema(piece.path.absolute())
        check_schema(piece.path, schema, piece.layout.schema_with(schema.names))
    return scan.FileOfRows(piece.path, frozenset(schema.names) & {*piece.layout.optional}, piece.number, piece.drops)


def held_in(layout: Layout, files: Sequence[scan.FileOfRows]) -> Held | None:
    """Files as SQL can read them; without rows where there are none. None where SQL cannot read such a path."""
    own = [column for column in layout.columns if not column.optional]
    if not files:
        return Held(scan.empty_table({one.name: _TYPES.get(one.type, "number") for one in own}), files=())
    if len(files) == 1 and files[0] == scan.FileOfRows(files[0].path, files[0].columns, files[0].number):
        rows = scan.parquet(files[0].path)
    else:
        rows = scan.several(files, [column.name for column in own])
    columns = frozenset[str]().union(*(file.columns for file in files))
    return Held(rows, columns, files=tuple(files)) if rows else None


def _has_later(path: Path, day: date) -> bool:
    """Whether some row of a file may be dated after a day."""
    with reading(path):
        metadata = pq.read_metadata(path.absolute())
        at = metadata.schema.to_arrow_schema().get_field_index("date")
        groups = [metadata.row_group(number).column(at).statistics for number in range(metadata.num_row_groups)]
    return any(said is None or not said.has_min_max or said.max > day for said in groups)
