"""What is hidden of indicators of one population: what its own counts need, and what those of the others need.

No numerator and no rate is hidden for another indicator's sake: it is registers and PCAs that add up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from remit.disclosure.families import Family
from remit.disclosure.joint_suppression import COUNTED, Lines, of_people, printed, suppress_jointly
from remit.disclosure.suppression import Group, Hidden, Line, Measure, Node, Policy, suppress

_REGISTER: frozenset[Measure] = frozenset({"denominator"})
_PCAS: frozenset[Measure] = frozenset({"pcas"})


def suppress_family(
    family: Family, wholes: Mapping[str, Group], lines: Mapping[str, Lines], policy: Policy
) -> dict[str, Hidden]:
    """What is hidden of each member. Where no denominator and no PCAs are, or a register is alone, that is its own.

    A register that adds up in one way only is hidden wherever a part hides a share: what moves in a part moves the
    register alike. Else a few cells are hidden under all of them (`joint_suppression`). Where those are not enough,
    every count of the register is hidden, and all PCAs of who is tied: they can be whatever fits the denominators. The
    totals of all practices stay where enough can move without them.
    """
    hidden_of = {code: suppress(wholes[code], lines[code], policy) for code in family.members}
    if not family.outcomes or not any(_tells(hidden_of[code], lines[code]) for code in family.members):
        return hidden_of
    if family.adds_up_one_way:
        parts = {part: (hidden_of[part], lines[part]) for part in family.ways[0]}
        return hidden_of | {code: _follows(lines[code], parts) for code in family.registers}
    jointly = suppress_jointly(family, wholes, lines, hidden_of, policy)
    if jointly is not None:
        return jointly
    alone = {code for way in family.ways if len(way) == 1 for code in way}
    among = family.tied.difference(alone)
    if family.registers and not any(one.whole & (_REGISTER if c in among else COUNTED) for c, one in hidden_of.items()):
        tied = _Free(family, lines, policy).enough()
        if tied is not None:
            kept = {code: _everywhere(hidden_of[code], lines[code], _PCAS) for code in tied & alone}
            hidden_everywhere = {code: suppress(wholes[code], lines[code], policy, _PCAS) for code in tied - alone}
            registers = {code: _everywhere(hidden_of[code], lines[code], _REGISTER) for code in family.registers}
            return hidden_of | kept | hidden_everywhere | registers
    for codes, measures in ((family.tied, _PCAS), (family.registers, _REGISTER)):
        hidden_of |= {code: suppress(wholes[code], lines[code], policy, measures) for code in codes}
    return hidden_of


def _tells(hidden: Hidden, lines: Lines) -> bool:
    """Whether anything is hidden that a sum over indicators could give away; PCAs by reason and month add up alone."""
    every = [hidden.whole, *(what for line in lines for what in hidden.nodes[line].values() if of_people(line))]
    return any(what & COUNTED for what in every)


def _follows(lines: Lines, parts: Mapping[str, tuple[Hidden, Lines]]) -> Hidden:
    """What is hidden of a register: each count of which a part hides a share."""
    whole = frozenset(_REGISTER if any(hidden.whole & COUNTED for hidden, _ in parts.values()) else ())
    nodes: dict[str, dict[Node, frozenset[Measure]]] = {line: {} for line in lines}
    for hidden, lines_of in parts.values():
        for line in filter(of_people, lines_of):
            for (level, name), what in hidden.nodes[line].items():
                if what & COUNTED and (line == "practice" or printed(lines_of[line].groups[name])):
                    nodes[line][level, name] = _REGISTER
    return Hidden(whole, nodes)


def _everywhere(hidden: Hidden, lines: Lines, measures: frozenset[Measure]) -> Hidden:
    """With these measures hidden in every count of people but the whole."""
    nodes = {line: {node: hidden.nodes[line].get(node, frozenset()) | measures for node in _nodes(lines[line])}
             if of_people(line) else hidden.nodes[line] for line in lines}  # fmt: skip
    return Hidden(hidden.whole, nodes)


def _nodes(line: Line) -> Iterator[Node]:
    yield from ((0, name) for name in line.groups)
    for level, above in enumerate(line.above, 1):
        yield from ((level, place) for place in {*above.values()})


@dataclass(frozen=True)
class _Free:
    """How many patients of a register can leave a cell while the whole is shown, so that as many can come to another.

    Who leaves is, under each indicator, a PCA that is not shown or one of those whom it excludes. At most as many leave
    a cell as there are of the scarcest of these; PCAs keep 1 of each, as for all that the reader knows a zero is shown.
    """

    family: Family
    lines: Mapping[str, Lines]
    policy: Policy

    def enough(self) -> frozenset[str] | None:
        """Whose PCAs must not be shown so that enough can move to any cell, whoever asks; None where it never can."""
        ways = [{*way} for way in self.family.ways]
        common = ways[0].intersection(*ways) if ways else set[str]()
        rest = [way - common for way in ways]
        if sum(map(len, rest)) != len(set[str]().union(*rest)):
            return None  # two ways share what a third has not: who could leave is not so plain
        tied = self.family.tied
        others = [code for code in self.family.outcomes if not any(code in way for way in ways)]
        lines = [line for line in self.register if of_people(line)]
        if any(self.trade(way, rest, lines) < self.policy.width for way in ways if len(way) > 1):
            return None
        for code in ["", *sorted(others, key=lambda code: (self.excluded(code), code))]:
            tied |= {code} - {""}
            if all(self.moves(line, common, rest, others, tied) for line in lines):
                return tied
        return None

    def trade(self, way: set[str], rest: list[set[str]], lines: list[str]) -> int:
        """How many PCAs those of a way can pass to each other, all of which are known only together."""
        return sum(min(sum(self.passed(code, rest, line)) for line in lines) for code in way)

    def passed(self, code: str, rest: list[set[str]], line: str) -> Iterator[int]:
        """Of each cell, how many PCAs of one can be another's: no more than can leave under the other ways too."""
        apart = [codes for codes in rest if code not in codes] if any(code in codes for codes in rest) else []
        for name in self.register[line].groups:
            yield min(self.pcas({code}, line, name), *(self.pcas(codes, line, name) for codes in apart), 1 << 60)

    def pcas(self, codes: set[str], line: str, name: str) -> int:
        """The PCAs of a cell that can be others, 1 of each left aside."""
        return sum(max(0, self.group(code, line, name).pcas - 1) for code in codes)

    @property
    def register(self) -> Lines:
        return self.lines[self.family.registers[0]]

    def excluded(self, code: str) -> int:
        """How many of the register an indicator excludes."""
        line = next(filter(of_people, self.register))  # each adds up to the same
        return sum(self.left_out(code, line, name) for name in self.register[line].groups)

    def left_out(self, code: str, line: str, name: str) -> int:
        group = self.group(code, line, name)
        return self.register[line].groups[name].denominator - group.denominator - group.pcas

    def group(self, code: str, line: str, name: str) -> Group:
        one = self.lines[code].get(line)
        return one.groups.get(name, Group()) if one else Group()

    def moves(self, line: str, common: set[str], rest: list[set[str]], others: list[str], tied: frozenset[str]) -> bool:
        """Whether enough can come to any cell of a line. Where totals are hidden too, one cell more is left aside."""
        groups = self.register[line].groups
        leave = {}
        for name, group in groups.items():
            can = [max(0, group.denominator - 1)]
            if rest:
                can.append(self.pcas(common, line, name) + min(self.pcas(codes, line, name) for codes in rest))
            can += [self.left_out(code, line, name) + self.pcas({code} & tied, line, name) for code in others]
            leave[name] = min(can)
        aside = bool(self.register[line].above) + self.register[line].insiders
        every = sum(leave.values())
        most = sorted(leave, key=lambda name: leave[name], reverse=True)[: aside + 1]
        for name in groups:
            left = [leave[other] for other in most if other != name][:aside]
            if every - leave[name] - sum(left) < self.policy.width:
                return False
        return True
