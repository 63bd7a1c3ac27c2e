"""An area as a table of its own: one row for each organisation, and one more for each further membership.

Columns: code, name, kind, parent, and where known since, until (of the membership in the parent), successor with
successor_day, list_size with list_size_day.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TypeVar

from remit.core.dates import parse_date
from remit.core.exact import whole
from remit.core.problems import Collector, Place, did_you_mean
from remit.core.rows import RowSource
from remit.organisation.area_map import (
    COMMISSIONER,
    KINDS,
    PRACTICE,
    AreaMap,
    DatedMembership,
    MapListSize,
    MapOrganisation,
    Merger,
)

REQUIRED = ("code", "name", "kind", "parent")
OPTIONAL = ("since", "until", "successor", "successor_day", "list_size", "list_size_day")
COLUMNS = REQUIRED + OPTIONAL

Value = TypeVar("Value")


class _Reader:
    """What was read so far, with where each code was first."""

    def __init__(self, problems: Collector) -> None:
        self.problems = problems
        self.organisations: dict[str, MapOrganisation] = {}
        self.first: dict[str, Place] = {}
        self.memberships: list[tuple[DatedMembership, Place]] = []
        self.mergers: dict[str, tuple[Merger, Place]] = {}
        self.lists: dict[str, MapListSize] = {}

    def row(self, row: Mapping[str, str], place: Place) -> None:
        """Read one row."""
        code, name, kind = row["code"], row["name"], row["kind"].casefold()
        empty = [column for column in ("code", "name", "kind") if not row[column]]
        if kind != COMMISSIONER and not row["parent"]:
            empty.append("parent")
        if empty:
            what = f"{', '.join(empty)}: empty."
            self.problems.add("area.cell-empty", what, place, "Fill it in.", columns=empty)
            return
        if kind not in KINDS:
            what = f"kind: expected {', '.join(KINDS)}, found '{row['kind']}'."
            self.problems.add("area.kind-unknown", what, place, did_you_mean(kind, KINDS), found=row["kind"])
            return
        here = MapOrganisation(code, name, kind)
        before = self.organisations.setdefault(code, here)
        self.first.setdefault(code, place)
        if before != here:
            what = f"{code} has another name or kind than on row {self.first[code].line}."
            self.problems.add("area.two-kinds", what, place, "Give each code one name and one kind.", organisation=code)
        since, until = self.value(row, "since", parse_date, place), self.value(row, "until", parse_date, place)
        if since and until and until < since:
            what = f"{code}: until {until} is before since {since}."
            self.problems.add("area.ends-before-beginning", what, place, organisation=code)
        elif row["parent"]:
            self.memberships.append((DatedMembership(code, row["parent"], since, until), place))
        self.merger(row, code, place)
        self.list_size(row, here, place)

    def merger(self, row: Mapping[str, str], code: str, place: Place) -> None:
        """The organisation that took this one over."""
        day = self.value(row, "successor_day", parse_date, place)
        if row["successor"] and not row["successor_day"]:
            what = f"{code}: successor_day is empty."
            self.problems.add("area.cell-empty", what, place, "Fill in the first day of the merger.", columns=[code])
        elif row["successor"] and day:
            self.mergers[code] = Merger(code, row["successor"], day), place

    def list_size(self, row: Mapping[str, str], of: MapOrganisation, place: Place) -> None:
        """How many people are registered with a practice."""
        people = self.value(row, "list_size", whole, place)
        day = self.value(row, "list_size_day", parse_date, place)
        if people is None:
            return
        if of.kind != PRACTICE or people < 0:
            what = f"list_size: expected a whole number from 0, of a practice; {of.code} is a {of.kind}."
            self.problems.add("area.value-unreadable", what, place, column="list_size")
        elif self.lists.setdefault(of.code, here := MapListSize(of.code, people, day)) != here:
            what = f"{of.code} has another list size than on row {self.first[of.code].line}."
            self.problems.add("area.value-unreadable", what, place, column="list_size")

    def value(self, row: Mapping[str, str], column: str, how: Callable[[str], Value], place: Place) -> Value | None:
        """A cell as it is meant; None for an empty one, or one that cannot be read."""
        if not row[column]:
            return None
        try:
            return how(row[column])
        except ValueError as error:
            what = f"{column}: {error}."
            self.problems.add("area.value-unreadable", what, place, column=column, reason=error)
            return None

    def check_parents(self) -> None:
        """Each parent is in the file and of an earlier kind; so is each successor, of the same kind."""
        known = self.organisations
        for membership, place in self.memberships:
            parent = known.get(membership.parent)
            if parent is None:
                what = f"parent {membership.parent} of {membership.member} is not in the file."
                hint = partial(did_you_mean, membership.parent, sorted(known))
                self.problems.add("area.parent-unknown", what, place, hint, organisation=membership.parent)
            elif KINDS.index(parent.kind) >= KINDS.index(known[membership.member].kind):
                what = f"a {known[membership.member].kind} ({membership.member}) cannot belong to a {parent.kind}"
                self.problems.add("area.above-its-parent", f"{what} ({parent.code}).", place, organisation=parent.code)
        for merger, place in self.mergers.values():
            into = known.get(merger.successor)
            if into is None:
                what = f"successor {merger.successor} of {merger.predecessor} is not in the file."
                hint = partial(did_you_mean, merger.successor, sorted(known))
                self.problems.add("area.parent-unknown", what, place, hint, organisation=merger.successor)
            elif into.kind != known[merger.predecessor].kind or into.code == merger.predecessor:
                what = f"{merger.predecessor} cannot be merged into {into.code}: name another {into.kind}."
                self.problems.add("area.merger-unfit", what, place, organisation=into.code)


def is_area_file(names: Collection[str]) -> bool:
    """Whether a header, as `column_name` has its names, is of an area's own table."""
    return set(REQUIRED) <= set(names)


def check_area_file(source: RowSource, commissioner: str, limit: int = 20) -> AreaMap:
    """The area of a commissioner as its table describes it. Raises Refused with all errors, up to `limit`."""
    table = source.select(REQUIRED, OPTIONAL)
    problems = Collector(limit)
    reader = _Reader(problems)
    for number, cells in table.rows(problems):
        reader.row(dict(zip(table.columns, cells, strict=True)), table.place(number))
    reader.check_parents()
    known = reader.organisations
    commissioners = [code for code, one in known.items() if one.kind == COMMISSIONER]
    if commissioner not in commissioners and not problems.total:
        what = f"there is no commissioner {commissioner} in the file."
        problems.add("area.commissioner-unknown", what, source.head, partial(did_you_mean, commissioner, commissioners))
    problems.refuse_if_any()
    below = _below(commissioner, [one for one, _ in reader.memberships])
    return AreaMap(
        commissioner,
        {code: one for code, one in known.items() if code in below},
        tuple(one for one, _ in reader.memberships if one.parent in below),
        tuple(one for one, _ in reader.mergers.values() if one.successor in below and one.predecessor in below),
        tuple(one for one in reader.lists.values() if one.practice in below),
        {one.code: _commissioner_of(one.code, reader) for one in known.values() if one.code not in below},
    )


def _below(start: str, memberships: list[DatedMembership]) -> set[str]:
    found, ahead = {start}, {start}
    while ahead:
        ahead = {one.member for one in memberships if one.parent in ahead} - found
        found |= ahead
    return found


def _commissioner_of(code: str, reader: _Reader) -> str:
    """The commissioner that a practice of another area belongs to, by the file."""
    found, ahead = {code}, {code}
    while ahead:
        ahead = {one.parent for one, _ in reader.memberships if one.member in ahead} - found
        found |= ahead
    return min((one for one in found if reader.organisations[one].kind == COMMISSIONER), default="")
