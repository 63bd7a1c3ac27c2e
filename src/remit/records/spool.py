"""The rows of the files to import, parted by practice and laid aside, so that a practice at a time fits in memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from remit.records.source import PRACTICE, File, Rejected, batches

_MOST = 192 << 20
"""How many bytes of rows are held before they are laid aside."""


def part_by_practice(
    file: File,
    practices: Collection[str],
    spool: Path,
    rejected: Callable[[Rejected], None],
    told: Callable[[int], None],
) -> Counter[str]:
    """Lay a file's rows aside, by practice. Says how many were `read`, and how many of them are `rejected` at once."""
    held: dict[str, list[pa.Table]] = defaultdict(list)
    size, round_ = 0, 0
    count: Counter[str] = Counter()

    def lay_aside() -> None:
        nonlocal size, round_
        for code, parts in held.items():
            home = spool / code
            home.mkdir(parents=True, exist_ok=True)
            table = pa.concat_tables(parts).combine_chunks()
            with pa.ipc.new_file(
                (home / f"{file.layout.name}-{round_:04d}.arrow").absolute(),
                table.schema,
                options=pa.ipc.IpcWriteOptions(compression="lz4"),
            ) as writer:
                writer.write_table(table)
        held.clear()
        size, round_ = 0, round_ + 1

    def reject(what: Rejected) -> None:
        count["rejected"] += 1
        rejected(what)

    for batch in batches(file):
        for wrong in batch.rejected:
            reject(wrong)
        count["read"] += batch.rows.num_rows + len(batch.rejected)
        for code, rows in _by_practice(batch.rows):
            if code in practices:
                held[code].append(rows.drop_columns([PRACTICE]))
                size += rows.nbytes
            else:
                reason = "is empty" if not code else "extracts.csv names no extract of this practice"
                for row in rows["row"].to_pylist():
                    reject(Rejected(row, PRACTICE, reason))
        if size > _MOST:
            lay_aside()
        told(count["read"])
    lay_aside()
    return count


def _by_practice(rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each practice, in the order of the file."""
    codes = pc.utf8_trim_whitespace(rows[PRACTICE]).combine_chunks()
    counted = sorted(pc.value_counts(codes).to_pylist(), key=lambda found: found["values"])
    if len(counted) == 1:
        yield counted[0]["values"], rows
        return
    rows = rows.take(pc.sort_indices(pa.table({"code": codes, "row": rows["row"]}),
                                     [("code", "ascending"), ("row", "ascending")]))  # fmt: skip
    start = 0
    for found in counted:
        yield found["values"], rows.slice(start, found["counts"])
        start += found["counts"]


def laid_aside(spool: Path, code: str, table: str) -> pa.Table | None:
    """The rows of a practice's table; None where it has none."""
    paths = sorted((spool / code).glob(f"{table}-*.arrow"))
    if not paths:
        return None
    parts = []
    for path in paths:
        with _opened(path) as reader:
            parts.append(reader.read_all())
    return pa.concat_tables(parts)


@contextmanager
def _opened(path: Path) -> Iterator[pa.RecordBatchFileReader]:
    with pa.OSFile(str(path.absolute())) as file:
        yield pa.ipc.open_file(file)
