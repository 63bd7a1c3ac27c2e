"""Adds to the counts of made-up people made-up figures for what no record can tell, so that every item has pounds.

Last year's points of items that rest on them, and counts of indicators without rules over records: in proportion to the
lists, and they mean nothing. For demonstrations alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from remit.application.progress import Cancelled, OnProgress, never, silent
from remit.application.template import WantedFigure, needed
from remit.files.tables import own_rows, write_table
from remit.files.whole import write_whole
from remit.scheme import Scheme, load_scheme

PER_THOUSAND = {"CS": 330, "CS005": 190, "CS006": 140, "CHOL": 60}
"""People of a thousand on the list; of what is not named here, eight."""
_FIGURE = ("practice_code", "indicator_code", "measure", "period", "value")


@dataclass(frozen=True)
class Request:
    """The scheme, by id or file; the folder that an evaluation of made-up people wrote; the file of counts to write."""

    scheme: str
    counted: Path
    out: Path


@dataclass(frozen=True)
class Result:
    """How many figures were made up, and how many had been counted."""

    made_up: int
    counted: int


def evaluate(request: Request, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> Result:
    """Write the counts with a row for each figure that the scheme needs besides."""
    wanted = [one for one in needed((request.scheme,)).figures if not one.optional]
    header, *counted = own_rows(request.counted / "counts.csv")
    counts = [dict(zip(header, row, strict=True)) for row in counted]
    head, *rows = own_rows(request.counted / "practices.csv")
    practices = [dict(zip(head, row, strict=True)) for row in rows]
    more = list(_rows(load_scheme(request.scheme), wanted, counts, practices))
    lines = [*counted, *([row.get(column, "") for column in header] for row in more)]
    write_whole(request.out, partial(write_table, columns=header, rows=lines), private=True)
    return Result(len(more), len(counted))


def _rows(
    scheme: Scheme, wanted: Iterable[WantedFigure], counts: list[dict[str, str]], practices: list[dict[str, str]]
) -> Iterator[dict[str, str]]:
    """A row for each figure that the counts lack, of each practice."""
    registers = {
        (row["practice_code"], row["indicator_code"]): int(row["value"])
        for row in counts
        if row["measure"] == "REGISTER"
    }
    there = {(row["practice_code"], row["indicator_code"], row["measure"]) for row in counts}
    points = {item.item: getattr(item.kind, "points", None) for item in scheme.items}
    each = {(one.subject, one.measure, one.period): None for one in wanted}
    each |= {(group.group, "REGISTER", ""): None for group in scheme.groups}  # those that a sum over the run needs, too
    day = next(row["period"] for row in counts if row["measure"] == "DENOMINATOR")  # the day of the evaluation, if any
    each["*", "HISTORIC_POINTS", str(scheme.year.before)] = None
    for n, practice in enumerate(practices):
        code, size = practice["practice_code"], int(practice["list_size"])
        for m, (subject, measure, period) in enumerate(each):
            if (code, subject, measure) in there:
                continue
            people = max(5, size * PER_THOUSAND.get(subject, 8) // 1000)
            people = min(people, registers.get((code, subject.rstrip("0123456789")), people))
            if measure == "HISTORIC_POINTS":
                most = points.get(subject)
                value = f"{540 - 15 * n}" if most is None else str(most.value - (n if most.value > 20 else 0))
            else:
                value = str(people * (70 + 3 * ((n + m) % 9)) // 100 if measure == "NUMERATOR" else people)
            yield dict(zip(_FIGURE, (code, subject, measure, period or day, value), strict=True))
