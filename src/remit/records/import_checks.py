"""What an import is refused for once all of its rows were read: a table or a column of which nearly nothing is left.

Where one cell in a hundred is wrong, its row is rejected or the cell is stored as not known. Where nearly every cell is
wrong, the file is written in another way than Remit reads it: counting the rest would count next to nothing, and look
like a result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from remit.core.problems import Place, Problem, Refused, error, refuse
from remit.records.cells import NO_DAY, UNREAD
from remit.records.import_state import ImportedPractice, Spooled
from remit.records.layout import BY_NAME, PATIENTS

FEW = 10
"""Below so many rows or cells only a table of which none is left is refused, and not for a single row."""

TENTHS = 9
"""A table is refused where so many tenths of its rows, or more, are rejected."""

_SHOWN = 3

Rejects = Callable[[str, str], Iterator[list[str]]]
"""The rejected rows of a table and a practice ("" for all), as file, row, column and reason."""


def check_columns(spooled: Spooled, files: Mapping[str, Path], unread: Callable[[], Iterator[list[str]]]) -> None:
    """Refuse a file of which more than half the filled cells of a column could not be read, or more than half the rows
    have no day. Where the row goes with the cell, as without a code, more than half must be wrong in one way: that is
    how a file is written, and many ways are many slips. Raises Refused, with all such columns at once."""
    problems = []

    def unreadable(table: str, column: str, count: int, reasons: Mapping[str, int]) -> None:
        total, leave = (
            spooled.filled[f"{table}.{column}"],
            "" if BY_NAME[table].column(column).required else ", or leave it out",
        )
        what = f"{column}: {count:,} of {total:,} cells could not be read: {_reasons(reasons)}."
        place, hint = Place(str(files[table])), f"Write the column as expected{leave}."
        problems.append(error("records.column-unreadable", what, place, hint, column=column))

    for cells in spooled.cells:
        path, name = files[cells.table], f"{cells.table}.{cells.column}"
        if cells.how == UNREAD and _most(cells.count, spooled.filled.get(name, 0)):
            counted = Counter(
                reason for file, _, column, reason in unread() if (file, column) == (path.name, cells.column)
            )
            unreadable(cells.table, cells.column, cells.count, counted)
        elif cells.how == NO_DAY and _most(cells.count, total := spooled.read[cells.table]):
            what = f"{cells.column}: {cells.count:,} of {total:,} rows have no known day."
            hint = "Look whether the column was exported."
            problems.append(error("records.days-missing", what, Place(str(path)), hint, column=cells.column))
    for name, reasons in spooled.kept_out.items():
        table, _, column = name.partition(".")
        count = sum(reasons.values())
        if column != "patient_id" and _most(max(reasons.values()), spooled.filled.get(name, 0)):
            unreadable(table, column, count, reasons)
    if problems:
        raise Refused(problems)


def _reasons(counted: Mapping[str, int]) -> str:
    """The reasons that cells have most often; how many have each, where there are several."""
    most = sorted(counted, key=lambda reason: (-counted[reason], reason))[:_SHOWN]
    if len(counted) == 1:
        return most[0]
    more = len(counted) - len(most)
    return "; ".join(f"{reason} ({counted[reason]:,})" for reason in most) + (
        f"; {more:,} more reasons" if more else ""
    )


def _most(count: int, total: int) -> bool:
    return count >= FEW and count * 2 > total


def check_rows(
    spooled: Spooled, done: Mapping[str, ImportedPractice], files: Mapping[str, Path], rejects: Rejects
) -> None:
    """Refuse where no row of a table was stored, or nearly none, of the whole file or of one practice's rows in it.

    Raises Refused, with the reasons that most rows have.
    """
    problems: list[Problem] = []
    for table, path in files.items():
        parts = {code: _without_unidentified(one, table) for code, one in sorted(done.items())}
        at_once = spooled.rejected[table] - spooled.elsewhere[table]  # of no practice
        lost = at_once + sum(rejected for rejected, _ in parts.values())
        total = at_once + sum(read for _, read in parts.values())
        none_of_ours = spooled.read[table] > 1 and spooled.read[table] == spooled.elsewhere[table]
        whose = [code for code, counted in parts.items() if _lost(*counted)]
        nobody = table == PATIENTS.name and spooled.read[table] > 0 and lost == total
        if nobody or _lost(lost, total) or none_of_ours:
            if nobody:
                what = "none of the patients can be stored. The first rows say why."
                problems.append(error("records.no-patient-stored", what, Place(str(path.parent))))
                problems += _first(path, rejects(table, ""), "records.patient-rejected")
                break
            problems.append(_table(path, lost or spooled.rejected[table], total or spooled.read[table], ""))
            problems += _first(path, rejects(table, ""))
        elif whose:
            code = whose[0]
            more = f", and nearly as many of {len(whose) - 1:,} other practices," if len(whose) > 1 else ""
            problems.append(_table(path, *parts[code], f" of practice {code}{more}"))
            problems += _first(path, rejects(table, code))
    if problems:
        raise Refused(problems)


def _without_unidentified(one: ImportedPractice, table: str) -> tuple[int, int]:
    """How many rows of a table were rejected, and how many there were, without those of no known NHS number."""
    unidentified = one.unidentified.get(table, 0)
    return one.rejected.get(table, 0) - unidentified, one.read.get(table, 0) - unidentified


def _lost(rejected: int, total: int) -> bool:
    return (total > 1 and rejected == total) or (total >= FEW and rejected * 10 >= total * TENTHS)


def _table(path: Path, rejected: int, total: int, whose: str) -> Problem:
    what = f"{rejected:,} of {total:,} rows{whose} cannot be stored. The first rows of each kind say why."
    hint = "Correct the export, or take the file or the practice out."
    return error("records.table-rejected", what, Place(str(path)), hint, rejected=rejected, rows=total)


def _first(path: Path, rows: Iterator[list[str]], kind: str = "records.row-rejected") -> list[Problem]:
    """The first row of each of the reasons that most rows have."""
    first: dict[tuple[str, str], int] = {}
    count: Counter[tuple[str, str]] = Counter()
    for _, row, column, reason in rows:
        count[column, reason] += 1
        first.setdefault((column, reason), int(row))
    return [
        error(kind, f"{column or 'row'}: {reason}.", Place(str(path), first[column, reason]), column=column, rows=many)
        for (column, reason), many in sorted(count.items(), key=lambda one: (-one[1], first[one[0]]))[:5]
    ]


def check_conserved(read: Mapping[str, int], stored: Mapping[str, int], rejected: Mapping[str, int]) -> None:
    """Refuse where read is not stored and rejected: that is a fault of the import itself."""
    for table, rows in read.items():
        if rows != stored.get(table, 0) + rejected.get(table, 0):
            stored_and_rejected = f"{stored.get(table, 0):,} stored and {rejected.get(table, 0):,} rejected"
            what = f"{table}: {rows:,} rows were read, but {stored_and_rejected}. This is a fault in Remit."
            raise refuse("records.rows-not-conserved", what, table=table, read=rows)
