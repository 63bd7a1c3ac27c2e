"""Indicators of one population, with only as much hidden as they need: a patient moves under all of them at once.

Where some cells hide a denominator or PCAs, the register and the PCAs of whoever is tied to it are hidden in the same
cells, and no others. Then a patient can move from one of these cells to another: on the register, under each way to
add it up as a PCA, and under every other indicator as one who is excluded (or as a PCA, where those are hidden too). No
total of all changes. How many can leave a cell is the fewest of these; a hidden count keeps the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, product

from remit.disclosure.families import Family
from remit.disclosure.suppression import Group, Hidden, Line, Measure, Node, Policy, ProtectedLine

Lines = Mapping[str, Line]
COUNTED: frozenset[Measure] = frozenset({"denominator", "pcas"})
"""What adds up to the register."""


_RATES: tuple[Measure, ...] = ("denominator", "achieved")


def of_people(line: str) -> bool:
    """Whether a line divides the people; PCAs by reason and month add up alone."""
    return not line.startswith("pca_")


def printed(group: Group) -> bool:
    """Whether a value has a row: where it has none, nobody of the indicator is there, and all know it."""
    return bool(group.denominator or group.pcas)


@dataclass(frozen=True)
class Joint:
    """A family while it is protected so; `alone` is what each member hides for its own sake.

    In a line, the PCAs of those `used`, of all that are `tied`, are hidden in the shared cells.
    """

    family: Family
    wholes: Mapping[str, Group]
    lines: Mapping[str, Lines]
    alone: Mapping[str, Hidden]
    policy: Policy
    tied: frozenset[str]
    used: frozenset[str] = frozenset()

    def choices(self) -> Iterator[frozenset[str]]:
        """Whose PCAs can be hidden in the shared cells: of each way those of one."""
        ways = frozenset(chain(*self.family.ways))
        for used in sorted({frozenset(one) for one in product(*self.family.ways)}, key=sorted):
            yield self.tied - (ways - used)

    def least(self, line: str) -> dict[str, Mapping[Node, frozenset[Measure]]] | None:
        """What is hidden of one line by the choice that hides fewest people."""
        choices = [one for used in self.choices() if (one := replace(self, used=used).line(line)) is not None]
        if not choices:
            return replace(self, used=self.tied).line(line)
        return min(choices, key=lambda one: self.lost(line, one))

    def lost(self, line: str, hidden: Mapping[str, Mapping[Node, frozenset[Measure]]]) -> int:
        """How many people are in the counts that are hidden."""
        return sum(
            self.group(code, line, name).count(measure)
            for code, nodes in hidden.items()
            for (level, name), measures in nodes.items()
            for measure in measures & COUNTED
            if not level
        )

    def hidden(self) -> dict[str, Hidden] | None:
        """What is hidden of each member; None where so little does not protect them."""
        ways = [{*way} for way in self.family.ways]
        if self.family.tied - set[str]().union(*ways) or any(one.whole & COUNTED for one in self.alone.values()):
            return None
        nodes: dict[str, dict[str, Mapping[Node, frozenset[Measure]]]] = {
            code: dict(self.alone[code].nodes) for code in self.family.members
        }
        sizes = {
            line: len(one.groups)
            for code in self.family.members
            for line, one in self.lines[code].items()
            if of_people(line)
        }
        for line in sorted(sizes, key=lambda line: (sizes[line], line)):  # where few cells are, it soonest cannot be
            least = self.least(line)
            if least is None:
                return None
            for code, hidden in least.items():
                nodes[code][line] = hidden
        return {code: Hidden(self.alone[code].whole, nodes[code]) for code in self.family.members}

    def line(self, line: str) -> dict[str, Mapping[Node, frozenset[Measure]]] | None:
        """The same of one line: cells are added until every hidden count can move."""
        codes = [code for code in self.family.members if line in self.lines[code]]
        shared = {
            node
            for code in codes
            for node, measures in self.alone[code].nodes[line].items()
            if measures & COUNTED and self.has_row(code, line, node)
        }
        while True:
            before = len(shared)
            hidden_of: dict[str, Mapping[Node, frozenset[Measure]]] = {}
            for code in codes:
                if self.own(code):
                    one = self.protected(code, line, shared)
                    if one is None:
                        return None
                    hidden_of[code] = one.result()
                else:
                    hidden_of[code] = self.alone[code].nodes[line]
                shared |= {
                    node for node, what in hidden_of[code].items() if what & COUNTED and self.has_row(code, line, node)
                }
            for code in codes:
                more = self.room(code, line, hidden_of[code], shared)
                if more is None:
                    return None
                shared |= more
            if len(shared) == before:
                return hidden_of

    def protected(self, code: str, line: str, shared: set[Node]) -> ProtectedLine | None:
        """A member's line with these cells hidden, and as many more of its PCAs, or of the register, as it needs."""
        own = self.own(code)
        one = ProtectedLine(self.lines[code][line], self.policy, self.alone[code].whole, self.wholes[code])
        if own:
            zones, groups = self.zones(code, line), one.line.groups
            leave = {name: self.can_leave(code, line, name, zones.get(name)) for name in groups}
            one.kept = {own: {name: max(0, group.count(own) - leave[name]) for name, group in groups.items()}}
            one.apart = {own: {name: " ".join(sorted(zones.get(name, ()))) for name in groups}}
        for node, measures in self.alone[code].nodes[line].items():
            for measure in measures:
                one.hide(node, measure)
        for node in sorted(shared):
            if own and node in one.nodes and self.has_row(code, line, node):
                one.hide(node, own)
        rates = {measure: len(one.hidden[measure]) for measure in _RATES}
        if one.protect():
            return None  # nothing within the line protects it
        if code not in self.family.registers and rates != {m: len(one.hidden[m]) for m in rates}:
            return None  # a rate would have to be hidden for another indicator's sake
        return one

    def own(self, code: str) -> Measure | None:
        """What of a member is hidden in every shared cell: the register, and the PCAs of who is tied to it."""
        return "denominator" if code in self.family.registers else "pcas" if code in self.used else None

    def room(
        self, code: str, line: str, hidden: Mapping[Node, frozenset[Measure]], shared: set[Node]
    ) -> set[Node] | None:
        """The cells to hide besides, so that enough people can move among those of each cell where a count is hidden.

        A denominator falls in one cell, whose PCAs (or excluded) rise by as many; it rises in another, to which as many
        people move, under all indicators, from any cell of the class. None where there is nothing more to hide.
        """
        if code in self.family.registers:
            return set()
        measures: frozenset[Measure] = frozenset({"denominator"}) if code in self.used else COUNTED
        zones, groups = self.zones(code, line), self.lines[code][line].groups
        leave = {name: self.leaves(code, line, name, zones.get(name)) for name in groups}
        need = self.policy.width

        def key(name: str) -> tuple[object, ...]:
            places = enumerate((above[name] for above in self.lines[code][line].above), 1)
            return (*(None if node in shared else node[1] for node in places), zones.get(name))

        names = sorted(name for level, name in hidden if not level and hidden[level, name] & measures)
        names = [name for name in names if self.has_row(code, line, (0, name))]
        if self.in_way(code) and code not in self.used and len({zones.get(name) for name in names}) > 1:
            return None  # another's PCAs stand in for its own, and no one of them has rows in all these cells
        for name in names:
            like = [other for other in groups if key(other) == key(name)]
            have = [leave[other] for other in like if (0, other) in shared]
            missing = need - sum(have) + (max(have, default=0) if self.lines[code][line].insiders else 0)
            if missing > 0:
                more = [other for other in like if (0, other) not in shared and leave[other]]
                more.sort(key=lambda other: (self.people(line, other), other))
                if more:
                    return {(0, next((other for other in more if leave[other] >= missing), more[-1]))}
                places = [*enumerate((above[name] for above in self.lines[code][line].above), 1)]
                shown = [node for node in places if node not in shared]
                return {shown[0]} if shown else None
        return set()

    def leaves(self, code: str, line: str, name: str, zone: frozenset[str] | None) -> int:
        """How many can leave a cell under an indicator and under every other."""
        under_all = self.can_leave(code, line, name, zone)
        if self.in_way(code) and code not in self.used:
            return under_all
        own = self.pcas({code}, line, name) if code in self.used else 0
        return max(0, min(under_all, own + (0 if self.in_way(code) else self.left_out(code, line, name))))

    def in_way(self, code: str) -> bool:
        """Whether an indicator is in a way to add up the register."""
        return any(code in way for way in self.family.ways)

    def can_leave(self, code: str, line: str, name: str, zone: frozenset[str] | None) -> int:
        """How many can leave a cell under every indicator but one, and under the ways that it is not in.

        They leave as PCAs of those of a zone, and come to another cell of the zone as PCAs of the same.
        """
        zone = zone or frozenset()
        can = [1 << 60]
        if self.family.registers and code not in self.family.registers:
            can.append(self.people(line, name) - 1)
        rest = self.rest(code)
        if rest:
            common = set.intersection(*rest)
            apart = [way - common for way in rest]
            if sum(map(len, apart)) != len(set[str]().union(*apart)):
                return 0  # two ways share what a third has not: who could leave is not so plain
            least = min(self.pcas(way & zone, line, name) for way in apart)
            can.append(self.pcas(common & zone, line, name) + least)
        for other in self.family.outcomes:
            if other != code and not self.in_way(other):
                own = self.pcas({other}, line, name) if other in zone else 0
                can.append(self.left_out(other, line, name) + own)
        return max(0, min(can))

    def rest(self, code: str) -> list[set[str]]:
        """Who moves with an indicator under each way: under one that it is in, itself where its PCAs are used.

        Nobody stands in for it who is also in a way that it is not in, nor the other way round: there they would count
        twice.
        """
        own = [{*way} for way in self.family.ways if code in way]
        others = [{*way} for way in self.family.ways if code not in way]
        in_own, in_others = set[str]().union(*own), set[str]().union(*others)
        apart = [(way & self.used) - in_own for way in others]
        return apart if code in self.used else [*apart, *((way & self.used) - in_others - {code} for way in own)]

    def zones(self, code: str, line: str) -> dict[str, frozenset[str]]:
        """Of each cell, whose PCAs move with an indicator there: those who have a row, the same in each cell of a zone.

        A cell that could be of several zones is of the smallest of them, so that no cell is left alone.
        """
        rest = self.rest(code)
        free = {other for other in self.used if not self.in_way(other)} - {code}
        others_ = set[str]().union(*rest) | free
        names = {name for member in self.family.members for name in self.lines[member].get(line, Line({})).groups}
        rows = {
            name: frozenset(o for o in others_ if line == "practice" or printed(self.group(o, line, name)))
            for name in names
        }
        many = Counter(rows.values())
        return {
            name: min(
                (zone for zone in many if zone <= row and all(zone & way for way in rest)),
                key=lambda zone: (len(zone), many[zone], sorted(zone)),
                default=row,
            )
            for name, row in rows.items()
        }

    def pcas(self, codes: set[str], line: str, name: str) -> int:
        """The PCAs of a cell that can be elsewhere, 1 of each left aside: for all that a reader knows, 0 is shown."""
        return sum(max(0, self.group(code, line, name).pcas - 1) for code in codes)

    def left_out(self, code: str, line: str, name: str) -> int:
        """How many of a cell an indicator excludes."""
        group = self.group(code, line, name)
        return self.people(line, name) - group.denominator - group.pcas

    def people(self, line: str, name: str) -> int:
        """How many of the population are in a cell."""
        codes = self.family.registers[:1] or self.family.ways[0]
        groups = [self.group(code, line, name) for code in codes]
        return sum(group.denominator + group.pcas for group in groups)

    def has_row(self, code: str, line: str, node: Node) -> bool:
        """Whether a node of an indicator is printed."""
        return line == "practice" or printed(self.group(code, line, node[1]))

    def group(self, code: str, line: str, name: str) -> Group:
        """A cell of an indicator."""
        one = self.lines[code].get(line)
        return one.groups.get(name, Group()) if one else Group()


def excluded(family: Family, wholes: Mapping[str, Group], code: str) -> int:
    """How many of the population an indicator excludes."""
    codes = family.registers[:1] or family.ways[0]
    people = sum(wholes[one].denominator + wholes[one].pcas for one in codes)
    return people - wholes[code].denominator - wholes[code].pcas


def suppress_jointly(
    family: Family, wholes: Mapping[str, Group], lines: Mapping[str, Lines], alone: Mapping[str, Hidden], policy: Policy
) -> dict[str, Hidden] | None:
    """What is hidden of each member where a few cells are enough; None where they are not."""
    if not (family.registers or family.ways):
        return None
    others = [code for code in family.outcomes if not any(code in way for way in family.ways)]
    tied = family.tied
    for code in ["", *sorted(others, key=lambda code: (excluded(family, wholes, code), code))]:
        tied |= {code} - {""}
        jointly = Joint(family, wholes, lines, alone, policy, tied).hidden()
        if jointly is not None:
            return jointly
    return None
