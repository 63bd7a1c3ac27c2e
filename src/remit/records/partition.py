"""One practice's part of an import: the rows that can be stored, joined with those that are, sorted and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from remit.core.problems import Place, refuse
from remit.files.hashes import sha256_file
from remit.files.private import private_folder
from remit.files.whole import sync_folder, synced
from remit.records.by_code import tables_by_code
from remit.records.identity import OF_NOBODY
from remit.records.later_extracts import Later
from remit.records.layout import BY_NAME, PATIENTS, PRACTICES, TABLES, Layout
from remit.records.manifest import DROPPED, SUPERSEDED, Extract, Partition, Stored, table_of
from remit.records.pieces import PLACES
from remit.records.source import ROW, Rejected
from remit.records.standing import resolve, same_as_before
from remit.records.store import IMPORT_AGAIN, Store

_ROW_GROUP = 1 << 17
_DICTIONARY = (
    "patient_id", "code", "unit", "episode", "sex", "ethnicity", "flags", "registered_at", "extract",
    "system", "comparator", "answer", "status", "negation",
)  # fmt: skip


@dataclass
class Outcome:
    """What became of a practice's rows of an import, by table."""

    partition: Partition | None
    stored: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, list[Rejected]] = field(default_factory=dict)
    two_births: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))
    """The patients of several days of birth in the new extract."""
    gone: dict[str, int] = field(default_factory=dict)
    """What the new extract no longer has, as `Later` says; nothing where it is not the latest of several."""


def make_partition(
    folder: Path,
    code: str,
    number: int,
    extracts: Sequence[Extract],
    kept_rows: Mapping[str, pa.Table],
    new: Extract | None,
    read: Mapping[str, tuple[pa.Table, Sequence[Rejected]]],
) -> Outcome:
    """Write a practice's files for import `number` and say what they are. No file that is there is touched.

    `extracts` are those of the new state, the earliest first; `kept_rows` the stored rows that stay, superseded ones
    too; `read` the rows of the `new` extract, and those of it that could not be read. A partition of no extract is
    None: the practice leaves the store.
    """
    outcome = Outcome(None)
    patients: pa.Array | None = None
    later = Later(new.id) if new and len(extracts) > 1 and extracts[-1] == new else None
    tables: dict[str, Stored] = {}
    home = folder / f"practice={code}"
    for layout in TABLES:
        rows = kept_rows.get(layout.name, layout.schema.empty_table())
        if new and layout.name in read:
            rows = layout.joined([rows, rows_to_store(outcome, layout, *read[layout.name], new, patients)])
        if not extracts:
            continue
        current, superseded = resolve(layout, rows, [extract.id for extract in extracts])
        if layout is PATIENTS:
            patients = current["patient_id"].combine_chunks()
        if later and (gone := later.gone(layout, current, superseded)):
            outcome.gone[layout.name] = gone
        for name, part in ((layout.name, current), (layout.name + SUPERSEDED, superseded)):
            if part.num_rows or name == PATIENTS.name:
                tables[name] = write_file(folder, code, number, name, part)
    if extracts:
        tables |= tables_by_code(folder, tables, patients)
        sync_folder(home)
        outcome.partition = Partition(tuple(extracts), tables)
    return outcome


def rows_to_store(
    outcome: Outcome,
    layout: Layout,
    typed: pa.Table,
    wrong: Sequence[Rejected],
    new: Extract,
    patients: pa.Array | None,
) -> pa.Table:
    """The rows of a new extract that can be stored, with their extract; the others are `rejected` in the outcome.

    Tables come patients first; `patients` are those whom the practice has then, and None for their own table.
    """
    rejected = [*wrong]
    if layout is PATIENTS:
        typed, outcome.two_births = _without(_ids_of_two_births(typed), typed, rejected)
    if layout.key:
        typed = _without_doubles(layout, typed, rejected)
    if layout not in (PATIENTS, PRACTICES):
        typed, _ = _without(outcome.two_births, typed, rejected)
        typed = _rows_of_known(typed, patients, rejected)
    outcome.rejected[layout.name] = rejected
    outcome.stored[layout.name] = typed.num_rows
    return typed.drop_columns([ROW]).append_column("extract", pa.repeat(new.id, typed.num_rows))


TWO_BIRTHS = "has several days of birth in the patients file: nobody can say whose the records of this id are"
_END = "the end, open or not"


def _without_doubles(layout: Layout, table: pa.Table, rejected: list[Rejected]) -> pa.Table:
    """Of rows with the same key the first in the file; of two stays that begin on one day the one that lasts longer."""
    by = [(name, "ascending") for name in layout.key]
    sorting = table
    if layout.key and "end_date" in layout.names:
        sorting = table.append_column(_END, pc.fill_null(table["end_date"], date.max))
        by.append((_END, "descending"))
    ordered = table.take(pc.sort_indices(sorting, [*by, (ROW, "ascending")]))
    double = same_as_before(ordered, layout.key)
    if not pc.any(double).as_py():
        return ordered
    firsts = pc.fill_null_forward(pc.if_else(double, None, ordered[ROW].combine_chunks()))
    for row, first in zip(ordered[ROW].filter(double).to_pylist(), firsts.filter(double).to_pylist(), strict=True):
        why = f"is listed twice: row {first} is the same by {_listed(layout.key)}"
        rejected.append(Rejected(row, layout.key[0], why))
    return ordered.filter(pc.invert(double))


def _ids_of_two_births(table: pa.Table) -> pa.Array:
    """The patients of whom there are several days of birth."""
    births = table.group_by("patient_id", use_threads=False).aggregate([("birth_date", "count_distinct")])
    several = pc.greater(births["birth_date_count_distinct"], 1)
    return births["patient_id"].filter(several).combine_chunks()


def _without(two_births: pa.Array, table: pa.Table, rejected: list[Rejected]) -> tuple[pa.Table, pa.Array]:
    """A table without the rows of patients of several days of birth, and these. Nobody can say whose the records of
    such an id are: none is stored, so that nobody is counted by another's."""
    if not len(two_births) or not table.num_rows:
        return table, two_births
    whose = pc.is_in(table["patient_id"], two_births)
    rejected.extend(Rejected(row, "patient_id", TWO_BIRTHS) for row in table[ROW].filter(whose).to_pylist())
    return table.filter(pc.invert(whose)), two_births


def unidentified(table: str, rejected: Sequence[Rejected]) -> int:
    """How many rejected rows of a table name no known patient. They do not show how the file was written."""
    reasons = (OF_NOBODY,) if table == PATIENTS.name else (OF_NOBODY, TWO_BIRTHS)
    return sum(row.reason in reasons for row in rejected)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _rows_of_known(table: pa.Table, patients: pa.Array | None, rejected: list[Rejected]) -> pa.Table:
    """The rows of patients whom the store knows."""
    if patients is None or not table.num_rows:
        return table
    is_known = pc.is_in(table["patient_id"], patients)
    if pc.all(is_known).as_py():
        return table
    reason = "the practice has no such patient: none is in the patients file, or that row was rejected"
    rejected.extend(Rejected(row, "patient_id", reason) for row in table[ROW].filter(pc.invert(is_known)).to_pylist())
    return table.filter(is_known)


def write_file(folder: Path, code: str, number: int, name: str, table: pa.Table) -> Stored:
    """Write a table of a practice, sorted as its layout says, and wait until it is on the disk.

    `name` may end in `.superseded` or `.dropped`. The same rows give the same bytes, whoever sorted them.
    """
    path = folder / f"practice={code}" / f"{name}-{number:06d}.parquet"
    private_folder(path.parent)
    sort = PLACES.names
    if not name.endswith(DROPPED):
        layout = BY_NAME[table_of(name)]
        table, sort = layout.as_stored(table), list(layout.sort)
    by = [pq.SortingColumn(table.schema.get_field_index(column)) for column in sort]
    with synced(path) as file:
        pq.write_table(
            table,
            file,
            compression="zstd",
            row_group_size=_ROW_GROUP,
            use_dictionary=[column for column in table.column_names if column in _DICTIONARY],
            sorting_columns=by,
            write_page_checksum=True,
        )
    return Stored(path.relative_to(folder).as_posix(), sha256_file(path), table.num_rows)


def check_unchanged(store: Store, code: str) -> None:
    """Refuse records that are not those that were imported: written anew, they would be taken for such."""
    for name, path in store.changed(code):
        what = "was changed or damaged after the import."
        raise refuse("records.file-changed", what, Place(str(path)), IMPORT_AGAIN, practice=code, table=name)


def rows_that_stay(store: Store, code: str, extracts: set[str]) -> dict[str, pa.Table]:
    """The stored rows of the extracts that stay, superseded ones too: another extract may make them stand again.

    Raises Refused where they are not those that were imported.
    """
    check_unchanged(store, code)
    rows = {}
    for layout in TABLES:
        both = layout.joined([store.table(code, layout.name), store.table(code, layout.name + SUPERSEDED)])
        rows[layout.name] = both.filter(pc.is_in(both["extract"], pa.array(sorted(extracts), pa.string())))
    return rows
