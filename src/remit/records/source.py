"""A folder to import, as it is read: `extracts.csv` and a CSV or a Parquet file for each table.

Rows come as text, in batches, each with its number in the file; no row is lost on the way: what cannot be a row of
the table is handed on with its number and the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from remit.core.dates import parse_date
from remit.core.nhs_numbers import holds_nhs_number
from remit.core.problems import Collector, Place, did_you_mean, refuse
from remit.core.words import agreed
from remit.files.hashes import sha256_file
from remit.files.tables import Header, read_table, scan
from remit.records.cells import Otherwise
from remit.records.days import known
from remit.records.layout import EXTRACT_ID, EXTRACTS, PRACTICE_CODE, TABLES, Layout
from remit.records.store import first_line

PRACTICE = "practice_code"
ROW = "row"
_BLOCK = 8 << 20


@dataclass(frozen=True)
class Rejected:
    """A row that is not stored: its number in the file (the header is row 1 of a CSV), the column, the reason."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True)
class File:
    """A table's file: its hash, how many rows and which columns it has; of a CSV, how many lines follow the header."""

    layout: Layout
    path: Path
    sha256: str
    lines: int = 0
    header: Header | None = None
    names: tuple[str, ...] = ()

    @property
    def is_csv(self) -> bool:
        return self.path.suffix == ".csv"


@dataclass
class Source:
    """What is to be imported: the files, and for each practice its extract's id and last day."""

    folder: Path
    extracts: dict[str, tuple[str, date]]
    extracts_sha256: str
    files: list[File] = field(default_factory=list)

    @property
    def hashes(self) -> dict[str, str]:
        return {"extracts.csv": self.extracts_sha256, **{file.path.name: file.sha256 for file in self.files}}


@dataclass
class Batch:
    """Rows of a file as columns of text: `practice_code`, the table's columns and the row's number."""

    rows: pa.Table
    rejected: list[Rejected]


def open_source(folder: Path, only_extracts: bool = False) -> Source:
    """Find and hash the files of a folder. Raises Refused for all that is wrong with the folder as a whole."""
    if not folder.is_dir():
        raise refuse(
            "records.no-such-folder",
            "there is no such folder.",
            Place(str(folder)),
            "Name the folder that holds extracts.csv.",
        )
    named = folder / "extracts.csv"
    if not named.is_file():
        raise refuse("records.no-extracts-file", "has no extracts.csv.", Place(str(folder)),
                     f"It says whose records these are, one row for each practice: {', '.join(EXTRACTS)}.")  # fmt: skip
    source = Source(folder, read_extracts(named), sha256_file(named))
    if only_extracts:
        return source
    own_names = {f"{layout.name}{ending}" for layout in TABLES for ending in (".csv", ".parquet")} | {"extracts.csv"}
    problems = Collector()
    for path in sorted(folder.iterdir()):
        if path.suffix in (".csv", ".parquet") and path.name not in own_names:
            near = did_you_mean(path.name, sorted(own_names))
            problems.add(
                "records.unknown-table",
                "is not a table of records.",
                Place(str(path)),
                near or "Move it out of the folder.",
                name=path.name,
            )
    paths = {}
    for layout in TABLES:
        both = [path for ending in (".csv", ".parquet") if (path := folder / f"{layout.name}{ending}").is_file()]
        if len(both) > 1:
            problems.add(
                "records.table-twice",
                f"holds {both[0].name} and {both[1].name}.",
                Place(str(folder)),
                "Leave one of them out.",
                table=layout.name,
            )
        elif both:
            paths[layout.name] = both[0]
    if "patients" not in paths:
        problems.add("records.no-patients", "has no patients.csv and no patients.parquet.", Place(str(folder)))
    problems.refuse_if_any()
    source.files = [_opened(layout, paths[layout.name]) for layout in TABLES if layout.name in paths]
    return source


def read_extracts(path: Path) -> dict[str, tuple[str, date]]:
    """`extracts.csv`: for each practice its extract's id and the last day that it covers."""
    table = read_table(path, EXTRACTS)
    problems = Collector(100)
    extracts: dict[str, tuple[str, date]] = {}
    for row, (extract, practice, last) in table.rows(problems):
        place = table.place(row)
        if holds_nhs_number(extract) or holds_nhs_number(practice):
            problems.add(
                "records.nhs-number-in-extracts",
                "extract_id or practice_code holds what has the form of an NHS number.",
                place,
                "Give the extract another name.",
            )
            continue
        if not EXTRACT_ID.fullmatch(extract):
            problems.add(
                "records.extract-id-malformed",
                "extract_id: expected letters, digits, '.', '_' or '-', at most 64.",
                place,
                extract=extract,
            )
        if not PRACTICE_CODE.fullmatch(practice):
            problems.add(
                "records.practice-code-malformed",
                "practice_code: expected capitals, digits, '-' or '_', at most 20.",
                place,
                practice=practice,
            )
            continue
        if practice in extracts:
            problems.add(
                "records.practice-twice",
                f"practice {practice} is listed twice.",
                place,
                "Import one extract at a time.",
                practice=practice,
            )
        try:
            extracts[practice] = extract, _day(last)
        except ValueError as error:
            problems.add("records.last-day-unreadable", f"last_day: {error}.", place, practice=practice, reason=error)
    if not extracts and not problems.total:
        problems.add("records.no-extract", "there is no extract below the header.", table.place(1))
    problems.refuse_if_any()
    return extracts


def _day(text: str) -> date:
    """A day that must be known. Raises ValueError, which says what was found: no NHS number is asked for here."""
    try:
        read = known(text)
    except ValueError:
        parse_date(text)
        raise
    day: date = read.value if isinstance(read, Otherwise) else read
    return day


def _opened(layout: Layout, path: Path) -> File:
    if path.suffix == ".csv":
        scanned = scan(path)
        return File(layout, path, scanned.sha256, scanned.lines, scanned.header, scanned.header.cells)
    with _parquet(path) as opened:
        names = tuple(opened.schema_arrow.names)
        return File(layout, path, sha256_file(path), opened.metadata.num_rows, names=names)


def batches(file: File) -> Iterator[Batch]:
    """The rows of a file. Raises Refused where it is not well-formed or lacks a column."""
    yield from _csv_batches(file) if file.is_csv else _parquet_batches(file)


def _positions(layout: Layout, header: Header) -> dict[str, int]:
    """Where each column stands that is there. Further columns are passed over."""
    required = [PRACTICE, *(column.name for column in layout.columns if column.required)]
    optional = [column.name for column in layout.columns if not column.required]
    places = dict(zip((*required, *optional), header.find(required, optional), strict=True))
    return {name: places[name] for name in (PRACTICE, *layout.names) if places[name] >= 0}


def _csv_batches(file: File) -> Iterator[Batch]:
    place = Place(str(file.path))
    assert file.header is not None, "a CSV file's"
    positions = _positions(file.layout, file.header)
    if not file.lines:
        return
    named = [f"c{n}" for n in range(len(file.header.cells))]
    wrong: list[Rejected] = []

    def skip(row: pacsv.InvalidRow) -> str:
        cells = agreed("cell{|s}", row.actual_columns)
        reason = f"the row has {row.actual_columns} {cells} where the header has {row.expected_columns}"
        wrong.append(Rejected(row.number, "", reason))
        return "skip"

    read = 0
    try:
        reader = pacsv.open_csv(
            file.path.absolute(),  # pyarrow takes a leading `~` for the home folder
            pacsv.ReadOptions(use_threads=False, block_size=_BLOCK, skip_rows=1, column_names=named),
            pacsv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=skip),
            pacsv.ConvertOptions(
                column_types=dict.fromkeys(named, pa.string()),
                strings_can_be_null=False,
                include_columns=[named[n] for n in positions.values()],
            ),
        )
        passed = 0  # of `wrong`
        for part in reader:
            rows = pa.Table.from_batches([part]).rename_columns(list(positions))
            numbers: list[int] = []
            first = read + passed + 2
            while len(numbers) < rows.num_rows:
                end = wrong[passed].row if passed < len(wrong) else first + rows.num_rows
                take = min(end - first, rows.num_rows - len(numbers))
                numbers += range(first, first + take)
                first += take
                if first == end and passed < len(wrong):
                    first, passed = first + 1, passed + 1
            read += rows.num_rows
            yield Batch(_without_blank(_whole(rows, numbers, file.layout)), [])
    except pa.ArrowInvalid as error:
        if "Empty CSV" not in str(error) or read:
            reason = first_line(error).removeprefix("CSV parse error: ")
            raise refuse(
                "files.not-csv",
                f"is not well-formed CSV: {reason}.",
                place,
                "Look for a quote that is not closed.",
                reason=reason,
            ) from None
    if read + len(wrong) != file.lines:
        raise refuse(
            "records.rows-unlike-lines",
            f"has {file.lines:,} lines below its header, but {read + len(wrong):,} rows.",
            place,
            "A line ends within a cell, or a quote is not closed: write each row on one line.",
            lines=file.lines,
            rows=read + len(wrong),
        )
    if wrong:
        yield Batch(_whole(None, [], file.layout), wrong)


def _parquet_batches(file: File) -> Iterator[Batch]:
    with _parquet(file.path) as opened:
        schema = opened.schema_arrow
        positions = _positions(file.layout, Header(tuple(schema.names), ",", Place(str(file.path))))
        names = [schema.names[n] for n in positions.values()]
        for name in names:
            kind = schema.field(name).type
            if pa.types.is_floating(kind):
                raise refuse(
                    "records.floating-point",
                    f"{name} holds binary floating-point numbers, which are not exact.",
                    Place(str(file.path)),
                    "Write it as decimals or as text.",
                    column=name,
                )
        read = 0
        for part in opened.iter_batches(1 << 17, columns=names):
            columns = [_as_text(part.column(name), name, file.path, read) for name in names]
            rows = pa.table(dict(zip(positions, columns, strict=True)))
            numbers = list(range(read + 1, read + 1 + rows.num_rows))
            read += rows.num_rows
            yield Batch(_whole(rows, numbers, file.layout), [])


@contextmanager
def _parquet(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(path.absolute()) as opened:
            yield opened
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        message = f"cannot be read as Parquet: {first_line(error)}."
        raise refuse("records.not-parquet", message, Place(str(path)), "Export it again.") from None


def _as_text(column: pa.Array, name: str, path: Path, before: int) -> pa.Array:
    """A column as text. Raises Refused at its first row that is not UTF-8; `before` rows came before these.

    A file can say of any bytes that they are text, and nothing looks at them until they are read one by one.
    """
    is_bytes = pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type)
    text = pc.fill_null(column.cast(pa.string(), safe=not is_bytes), "")
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        row = before + 1 + next(n for n, cell in enumerate(text.cast(pa.binary()).to_pylist()) if not _is_utf_8(cell))
        what = f"{name} of row {row:,} is not UTF-8."
        place = Place(str(path))
        raise refuse(
            "records.text-not-utf-8", what, place, "Export it again, as UTF-8.", column=name, row=row
        ) from None
    return text


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _whole(rows: pa.Table | None, numbers: list[int], layout: Layout) -> pa.Table:
    """With every column of the table, of the optional ones those that the file has, in order; and the rows' numbers."""
    columns = {}
    for name in (PRACTICE, *layout.names):
        there = rows is not None and name in rows.column_names
        if not there and name in layout.optional:
            continue
        columns[name] = rows[name] if rows is not None and there else pa.array([""] * len(numbers), pa.string())
    return pa.table({**columns, ROW: pa.array(numbers, pa.int64())})


def _without_blank(rows: pa.Table) -> pa.Table:
    """Blank lines are not rows."""
    blank = pc.equal(rows[PRACTICE], "")
    if not pc.any(blank).as_py():
        return rows
    for name in rows.column_names:
        if name not in (PRACTICE, ROW):
            blank = pc.and_(blank, pc.equal(rows[name], ""))
    return rows.filter(pc.invert(blank))
