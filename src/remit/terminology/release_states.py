"""States of the members of a SNOMED CT release (RF2): of each, the latest holds.

A Snapshot has one state of each member. A Full has every one that it ever had. A Delta has what a release changed, and
nothing of the rest, so that it makes no cluster by itself; with a Snapshot or a Full it makes it later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from remit.core.problems import Collector, Place, Problem, warning
from remit.core.rows import column_name
from remit.files.tables import read_table

REFSET = ("id", "effectiveTime", "active", "moduleId", "refsetId", "referencedComponentId")
DESCRIPTION = ("id", "effectiveTime", "active", "moduleId", "conceptId", "languageCode", "typeId", "term")
_FULL_NAME = "900000000000003001"  # the type of a description that is the fully specified name
NO_DAY = "00010101"
"""Where a table says whether a member is active, and not since when."""

_DELTA = re.compile(r"delta", re.IGNORECASE)


class States:
    """The states that were read so far: of each member the latest, and how many members have several."""

    def __init__(self, problems: Collector) -> None:
        self.problems = problems
        self.latest: dict[str, tuple[str, str, Path, int]] = {}
        self.members_of_several: set[str] = set()

    def take(self, member: str, day: str, active: str, path: Path, row: int) -> bool:
        """A row's state. Whether it is the latest of the member so far; nothing of a row that cannot be read is."""
        place = Place(str(path), row)
        if active not in ("0", "1"):
            message = f"'{_shown(active)}' is not a state: active must be 0 or 1."
            self.problems.add("terminology.state-unknown", message, place, found=_shown(active))
            return False
        if not _is_day(day):
            message = f"effectiveTime '{_shown(day)}' is not a day: write it as 20241101."
            self.problems.add("terminology.day-unreadable", message, place, found=_shown(day))
            return False
        latest = self.latest.get(member)
        if latest:
            if latest[:2] != (day, active):
                self.members_of_several.add(member)
            if latest[0] == day and latest[1] != active:
                when = "in one list" if day == NO_DAY else f"on one day, {day}"
                message = f"member {_shown(member)} is active and inactive {when}."
                self.problems.add("terminology.two-states-on-a-day", message, place, member=_shown(member))
            if latest[0] >= day:
                return False
        self.latest[member] = day, active, path, row
        return True

    def tell(self, warnings: list[Problem], path: Path) -> None:
        """Say that members had several states, where they had."""
        if several := len(self.members_of_several):
            message = f"{several:,} members have several states in these files: the latest of each is used."
            warnings.append(warning("terminology.several-states", message, Place(str(path))))

    def active(self, member: str) -> tuple[Path, int] | None:
        """Where the latest state of a member stands, if that is active."""
        latest = self.latest.get(member)
        return (latest[2], latest[3]) if latest and latest[1] == "1" else None


def check_not_deltas_alone(files: Sequence[Path], problems: Collector) -> None:
    """A Delta, which its name says it is, needs a Snapshot or a Full beside it."""
    if files and all(_DELTA.search(path.name) for path in files):
        message = "is a Delta: it has what one release changed, and none of the other members."
        hint = "Give the Snapshot of the release, or the Full; a Delta may come beside them."
        problems.add("terminology.delta-alone", message, Place(str(files[0])), hint)


def _is_day(text: str) -> bool:
    if not re.fullmatch("[0-9]{8}", text, re.ASCII):
        return False
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in text)


def terms_of(descriptions: list[Path], codes: set[str], problems: Collector) -> dict[str, str]:
    """A term for each code that has one: the fully specified name, else a synonym."""
    states = States(problems)
    listed: dict[str, tuple[str, str, str]] = {}
    for path in descriptions:
        for row, cells in release_rows(path, DESCRIPTION, problems):
            one, day, active, code, kind, term = *cells[:3], cells[4], cells[6], cells[7]
            if code in codes and states.take(one, day, active, path, row):
                listed[one] = code, kind, term
    terms: dict[str, str] = {}
    for one, (code, kind, term) in listed.items():
        if states.active(one) and (kind == _FULL_NAME or code not in terms):
            terms[code] = term
    return terms


def release_rows(path: Path, columns: Iterable[str], problems: Collector) -> Iterator[tuple[int, list[str]]]:
    """The rows of a release file of SNOMED CT (RF2), whose columns tabs separate."""
    return read_table(path, [column_name(column) for column in columns], mark="\t").rows(problems)
