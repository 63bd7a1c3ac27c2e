"""The rows of the files to import: read, divided by practice and laid aside, for a practice at a time to fit in memory.

Rows are read before they are laid aside: what stands on the disk is typed values under pseudonyms and reasons that
quote no cell. Whenever an import is ended, no NHS number of the files is anywhere below the store.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from remit.files.private import private_file, private_folder
from remit.records.layout import Layout
from remit.records.source import PRACTICE, ROW, File, Rejected, batches
from remit.records.typed_rows import REASONS, Reader

_MOST = 192 << 20
"""How many bytes of rows are held before they are laid aside."""

_REJECTED = ".rejected"
_NOT_NAMED = "extracts.csv names no extract of this practice"


def part_by_practice(
    file: File,
    practices: Collection[str],
    spool: Path,
    reader: Reader,
    rejected: Callable[[Rejected], None],
    unread: Callable[[Rejected], None],
    on_progress: Callable[[int], None],
) -> Counter[str]:
    """Read a file's rows and lay them aside, by practice, with the reasons of those that cannot be stored.

    Returns how many were `read`, and how many of them are `rejected` at once, since they are of no practice. `unread`
    is called for each cell that could not be read, of a row that is stored.
    """
    waiting: dict[tuple[str, str], list[pa.Table]] = defaultdict(list)
    size, round_ = 0, 0
    count: Counter[str] = Counter()

    def lay_aside() -> None:
        nonlocal size, round_
        for (code, name), parts in waiting.items():
            private_folder(spool / code)
            _write(spool / code / f"{name}-{round_:04d}.arrow", pa.concat_tables(parts).combine_chunks())
        waiting.clear()
        size, round_ = 0, round_ + 1

    def reject(what: Rejected) -> None:
        count["rejected"] += 1
        rejected(what)

    practice_codes = pa.array(sorted(practices), pa.string())
    for batch in batches(file):
        for wrong in batch.rejected:
            reject(wrong)
        count["read"] += batch.rows.num_rows + len(batch.rejected)
        codes = pc.utf8_trim_whitespace(batch.rows[PRACTICE]).combine_chunks()
        rows = batch.rows.set_column(0, PRACTICE, codes)
        ours = pc.is_in(codes, practice_codes)
        if not pc.all(ours).as_py():
            others = rows.filter(pc.invert(ours))
            for row, code in zip(others[ROW].to_pylist(), others[PRACTICE].to_pylist(), strict=True):
                count["elsewhere"] += 1
                reject(Rejected(row, PRACTICE, _NOT_NAMED if code else "is empty"))
            rows = rows.filter(ours)
        read = reader.typed(file.layout, rows)
        for wrong in _listed(read.unread):
            unread(wrong)
        for ending, table in (("", read.stored), (_REJECTED, read.rejected)):
            for code, part in _by_practice(table):
                waiting[code, file.layout.name + ending].append(part.drop_columns([PRACTICE]))
                size += part.nbytes
        if size > _MOST:
            lay_aside()
        on_progress(count["read"])
    lay_aside()
    return count


def _by_practice(rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each practice, in the order of the file."""
    codes = rows[PRACTICE].combine_chunks()
    counted = sorted(pc.value_counts(codes).to_pylist(), key=lambda count: count["values"])
    if len(counted) == 1:
        yield counted[0]["values"], rows
        return
    rows = rows.take(pc.sort_indices(rows, [(PRACTICE, "ascending"), (ROW, "ascending")]))
    start = 0
    for count in counted:
        yield count["values"], rows.slice(start, count["counts"])
        start += count["counts"]


def _write(path: Path, table: pa.Table) -> None:
    private_file(path)
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_file(path.absolute(), table.schema, options=options) as writer:
        writer.write_table(table)


def laid_aside(spool: Path, code: str, layout: Layout) -> tuple[pa.Table, list[Rejected]] | None:
    """The rows of a practice's table, and those of it that could not be read; None where it has none at all."""
    rows, reasons = (_read(spool / code, layout.name + ending) for ending in ("", _REJECTED))
    if rows is None and reasons is None:
        return None
    wrong = [] if reasons is None else _listed(reasons)
    none = (
        layout.schema.remove(layout.schema.get_field_index("extract")).append(pa.field(ROW, pa.int64())).empty_table()
    )
    return (none if rows is None else rows), wrong


def _listed(reasons: pa.Table) -> list[Rejected]:
    return list(map(Rejected, *(reasons[name].to_pylist() for name in REASONS.names)))


def _read(home: Path, name: str) -> pa.Table | None:
    parts = []
    for path in sorted(home.glob(f"{name}-*.arrow")):
        with _opened(path) as reader:
            parts.append(reader.read_all())
    return pa.concat_tables(parts) if parts else None


@contextmanager
def _opened(path: Path) -> Iterator[pa.RecordBatchFileReader]:
    with pa.OSFile(str(path.absolute())) as file:
        yield pa.ipc.open_file(file)
