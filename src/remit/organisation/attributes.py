"""What practices are like: deprivation, rurality, and the network or place to see them under in a report.

Nothing is paid by these. A practice without a row, and a cell that is empty, is not known; it is never taken as 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from remit.core import exact
from remit.core.problems import Collector, Problem, did_you_mean, warning
from remit.core.rows import RowSource
from remit.core.words import agreed
from remit.organisation.practices import add_unreadable

COLUMNS = ("deprivation", "deprivation_fifth", "rurality", "network", "place")
FIFTHS = 5


@dataclass(frozen=True)
class PracticeAttributes:
    """What a practice is like. `deprivation` is its score, the higher the more deprived (as the Index of Multiple
    Deprivation); `fifth` is 1 for the most deprived to 5 for the least, where it is given."""

    deprivation: Fraction | None = None
    fifth: int | None = None
    rurality: str = ""
    network: str = ""
    place: str = ""


def check_attributes(rows: RowSource, limit: int = 20) -> dict[str, PracticeAttributes]:
    """The attributes that rows describe, by practice code. Raises Refused with all row errors, up to `limit`."""
    table = rows.select(["practice_code"], COLUMNS)
    problems = Collector(limit)
    found: dict[str, PracticeAttributes] = {}
    first: dict[str, int] = {}
    for number, cells in table.rows(problems):
        row = dict(zip(table.columns, cells, strict=True))
        code, place = row["practice_code"], table.place(number)
        if not code:
            problems.add("practices.code-empty", "the practice code is empty.", place)
            continue
        if code in first:
            hint = f"It is first on row {first[code]}."
            problems.add("practices.code-twice", f"practice {code} is listed twice.", place, hint, practice=code)
            continue
        first[code] = number

        def read(
            column: str, how: Callable[[str], Any], row: dict[str, str] = row, number: int = number, code: str = code
        ) -> Any:
            try:
                return how(row[column]) if row[column] else None
            except ValueError as error:
                add_unreadable(problems, table.place(number), code, column, error)
                return None

        found[code] = PracticeAttributes(
            read("deprivation", exact.number),
            read("deprivation_fifth", _fifth),
            row["rurality"],
            row["network"],
            row["place"],
        )
    if not found and not problems.total:
        problems.add("practices.none", "there are no practices below the header.", rows.head)
    problems.refuse_if_any()
    return found


def without_unknown(
    found: Mapping[str, PracticeAttributes], codes: frozenset[str], name: str
) -> tuple[dict[str, PracticeAttributes], list[Problem]]:
    """The attributes of the practices with these codes, and a warning that names those of others."""
    other = [code for code in found if code not in codes]
    kept = {code: found[code] for code in found if code in codes}
    if not other:
        return kept, []
    shown = ", ".join(other[:5]) + (f" and {len(other) - 5:,} more" if len(other) > 5 else "")
    many = agreed("{practice|practices}", len(other))
    what = f"{name} has {len(other):,} {many} that the run does not have, which {agreed('{is|are}', len(other))} left"
    hint = did_you_mean(other[0], codes) if len(other) == 1 else ""
    return kept, [warning("practices.not-in-run", f"{what} out: {shown}.", None, hint, practices=other)]


def _fifth(text: str) -> int:
    number = exact.whole(text)
    if not 1 <= number <= FIFTHS:
        raise ValueError(f"expected 1 (the most deprived fifth) to {FIFTHS} (the least), found '{text}'")
    return number
