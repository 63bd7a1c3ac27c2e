"""The NHS practice map as published: each practice with its network, place (sub-ICB or CCG) and commissioner.

Three layouts are known; they differ in the names of the columns that hold the commissioner and the place. A practice
without a network has the network code `U`. Some networks have practices of two commissioners: such a network belongs
to the commissioner of most of its practices, and the others' practices are left without one, with a warning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from remit.core.problems import Collector, Place, Problem, did_you_mean, refuse, warning
from remit.core.rows import RowSource, column_name
from remit.organisation.area_map import (
    COMMISSIONER,
    NETWORK,
    PLACE,
    PRACTICE,
    AreaMap,
    DatedMembership,
    MapOrganisation,
)

NO_NETWORK = ("", "u")
"""Network codes, in small letters, of a practice that is in none."""

_OF_LAYOUT = (("icb", "sub_icb"), ("stp", "ccg"))
"""What the columns of the commissioner and of the place begin with: from 2022-23, and the layouts around it."""


@dataclass(frozen=True)
class _MapRow:
    """A row: codes and names of a practice and of those that it belongs to."""

    practice: str
    practice_name: str
    network: str
    network_name: str
    place: str
    place_name: str
    commissioner: str
    commissioner_name: str


@dataclass(frozen=True)
class PracticeMap:
    """All rows of a practice map, without a problem among them."""

    rows: tuple[_MapRow, ...]
    head: Place

    @property
    def commissioners(self) -> dict[str, str]:
        """The commissioners by code, with their names."""
        return {row.commissioner: row.commissioner_name for row in sorted(self.rows, key=lambda row: row.commissioner)}

    def area(self, commissioner: str) -> AreaMap:
        """One commissioner's area. Raises Refused for one that the map does not have."""
        names = self.commissioners
        if commissioner not in names:
            what = f"there is no commissioner {commissioner} in the map."
            raise refuse("area.commissioner-unknown", what, self.head, did_you_mean(commissioner, names))
        rows = [row for row in self.rows if row.commissioner == commissioner]
        homes = self._homes_of_networks()
        found = {commissioner: MapOrganisation(commissioner, names[commissioner], COMMISSIONER)}
        memberships: dict[tuple[str, str], None] = {}
        places: dict[str, set[str]] = {}
        left_out: dict[str, list[str]] = {}
        for row in rows:
            found[row.place] = MapOrganisation(row.place, row.place_name, PLACE)
            found[row.practice] = MapOrganisation(row.practice, row.practice_name, PRACTICE)
            memberships[row.place, commissioner] = None
            memberships[row.practice, row.place] = None
            if row.network.casefold() in NO_NETWORK:
                continue
            if homes[row.network] != commissioner:
                left_out.setdefault(row.network, []).append(row.practice)
                continue
            found[row.network] = MapOrganisation(row.network, row.network_name, NETWORK)
            places.setdefault(row.network, set()).add(row.place)
            memberships[row.practice, row.network] = None
        for network, its_places in places.items():
            memberships[network, next(iter(its_places)) if len(its_places) == 1 else commissioner] = None
        warnings = tuple(
            _network_of_another(network, homes[network], practices) for network, practices in sorted(left_out.items())
        )
        elsewhere = {row.practice: row.commissioner for row in self.rows if row.commissioner != commissioner}
        ordered = tuple(DatedMembership(member, parent) for member, parent in sorted(memberships))
        return AreaMap(commissioner, found, ordered, elsewhere=elsewhere, warnings=warnings)

    def _homes_of_networks(self) -> dict[str, str]:
        """The commissioner of most practices of each network; of two with as many, the first by code."""
        practices: dict[str, Counter[str]] = {}
        for row in self.rows:
            practices.setdefault(row.network, Counter())[row.commissioner] += 1
        return {network: min(of, key=lambda code: (-of[code], code)) for network, of in practices.items()}


def _network_of_another(network: str, home: str, practices: Collection[str]) -> Problem:
    what = f"network {network} belongs to {home}, where most of its practices are; without a network here:"
    return warning(
        "area.network-elsewhere", f"{what} {', '.join(practices)}.", network=network, home=home, practices=practices
    )


def is_practice_map(names: Collection[str]) -> bool:
    """Whether a header, as `column_name` has its names, is of a practice map."""
    return _layout(names) is not None and "practice_code" in names


def _layout(names: Collection[str]) -> tuple[str, str] | None:
    return next((pair for pair in _OF_LAYOUT if all(f"{part}_ods_code" in names for part in pair)), None)


def check_practice_map(
    source: RowSource, header: Collection[str], icb_of: Mapping[str, tuple[str, str]] | None = None, limit: int = 20
) -> PracticeMap:
    """The rows of a practice map. `icb_of` gives the ICB (code and name) of a place's code, for a map older than ICBs.

    Raises Refused with all row errors, up to `limit`, and their count.
    """
    layout = _layout([column_name(name) for name in header])
    assert layout, "asked of a header that is_practice_map says yes to"
    commissioner, place = layout
    above = tuple(f"{part}_{what}" for part in (place, commissioner) for what in ("ods_code", "name"))
    columns = ("practice_code", "practice_name", "pcn_ods_code", "pcn_name", *above)
    table = source.select(columns)
    problems = Collector(limit)
    rows: list[_MapRow] = []
    first: dict[str, int] = {}
    for number, cells in table.rows(problems):
        row = _MapRow(*cells)
        where = table.place(number)
        empty = [columns[n] for n in (0, 1, 4, 5, 6, 7) if not cells[n]]
        if row.network.casefold() not in NO_NETWORK and not row.network_name:
            empty.append("pcn_name")
        if empty:
            what = f"{', '.join(column.upper() for column in empty)}: empty."
            problems.add("area.cell-empty", what, where, "Fill it in.", columns=empty)
        elif row.practice in first:
            what = f"practice {row.practice} is listed twice (first on row {first[row.practice]})."
            problems.add("area.organisation-twice", what, where, practice=row.practice, row=first[row.practice])
        else:
            first[row.practice] = number
            rows.append(row)
    _check_codes(rows, first, problems, table.place)
    if not rows and not problems.total:
        problems.add("area.empty", "there are no practices below the header.", source.head)
    problems.refuse_if_any()
    if icb_of:
        rows = _folded(rows, icb_of)
    return PracticeMap(tuple(rows), source.head)


def _check_codes(
    rows: list[_MapRow], first: Mapping[str, int], problems: Collector, place: Callable[[int], Place]
) -> None:
    """A code is of one kind alone, and a place is in one commissioner alone."""
    kinds: dict[str, str] = {}
    homes: dict[str, str] = {}
    for row in rows:
        where = place(first[row.practice])
        codes = [(row.practice, PRACTICE), (row.place, PLACE), (row.commissioner, COMMISSIONER)]
        if row.network.casefold() not in NO_NETWORK:
            codes.append((row.network, NETWORK))
        for code, kind in codes:
            if kinds.setdefault(code, kind) != kind:
                what = f"{code} is a {kind} here, and a {kinds[code]} elsewhere in the map."
                problems.add("area.two-kinds", what, where, organisation=code)
        if homes.setdefault(row.place, row.commissioner) != row.commissioner:
            what = f"place {row.place} is in {row.commissioner} here, and in {homes[row.place]} before."
            problems.add("area.two-parents", what, where, organisation=row.place)


def _folded(rows: list[_MapRow], icb_of: Mapping[str, tuple[str, str]]) -> list[_MapRow]:
    """The rows with the ICB that their place is folded into, where that is another."""
    return [
        replace(row, commissioner=icb[0], commissioner_name=icb[1])
        if (icb := icb_of.get(row.place)) and icb[0] != row.commissioner
        else row
        for row in rows
    ]


def check_ccg_to_icb(source: RowSource) -> dict[str, tuple[str, str]]:
    """From the file ccg_to_icb.csv: each CCG's code with the code and the name of its ICB.

    Raises Refused with all row errors.
    """
    table = source.select(("ccg_code", "icb_code", "icb_name"))
    problems = Collector()
    found: dict[str, tuple[str, str]] = {}
    for number, (ccg, icb, name) in table.rows(problems):
        if not ccg or not icb:
            problems.add("area.cell-empty", "the CCG or its ICB has no code.", table.place(number), "Fill it in.")
        elif found.setdefault(ccg, (icb, name)) != (icb, name):
            problems.add("area.two-parents", f"CCG {ccg} is in two ICBs.", table.place(number), organisation=ccg)
    problems.refuse_if_any()
    return found
