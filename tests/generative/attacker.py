"""An attacker on published tables: the whole numbers that a hidden count could be, by search and by nothing else.

It takes what is shown, exact, as equations over the unknown patients of each group (achieved, missed, PCAs), and tries
values. It knows that a count of 0 would be shown, that a row of nobody is not printed, and which indicators add up to
the same people. It shares no reasoning with the suppression: no class of groups, no formula for an interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from remit.disclosure.suppression import Group, Hidden, Line, Measure, Policy

Variable = tuple[str, str, str, str]
"""An indicator, a line, a group in it, and `achieved`, `missed` or `pcas`."""

OF: dict[Measure, tuple[str, ...]] = {
    "denominator": ("achieved", "missed"),
    "achieved": ("achieved",),
    "pcas": ("pcas",),
}

Equation = tuple[frozenset[Variable], int, int]
"""Unknowns, and the least and the most that they add up to."""


@dataclass(frozen=True)
class Table:
    """An indicator as it is, and what is hidden of it."""

    whole: Group
    lines: Mapping[str, Line]
    hidden: Hidden


@dataclass(frozen=True)
class Way:
    """Indicators that count everybody of a population between them; or only some, where others are excluded."""

    indicators: tuple[str, ...]
    everybody: bool = True


class Attack:
    """What can be known from what is shown; `insider` is a line and a group of it whose exact counts are known too."""

    def __init__(
        self,
        tables: Mapping[str, Table],
        ways: Sequence[Way],
        insider: tuple[str, str] | None,
        zeros_shown: frozenset[Measure],
    ) -> None:
        # More than any count that is hidden, and than all of a group together.
        self.most = max(60, *(one.whole.achieved + one.whole.missed + one.whole.pcas for one in tables.values()))
        self.equations: list[Equation] = []
        for code, table in tables.items():
            for line, one in table.lines.items():
                self.read(code, table, line, one, zeros_shown)
                if insider and insider[0] == line:
                    for measure in OF:
                        self.know(code, line, [insider[1]], measure, one.groups[insider[1]])
        for line, name in {
            (line, n) for table in tables.values() for line, one in table.lines.items() for n in one.groups
        }:
            self.add_up(line, name, tables, ways)

    def read(self, code: str, table: Table, line: str, one: Line, zeros_shown: frozenset[Measure]) -> None:
        """What a line of an indicator shows."""
        hidden = table.hidden
        for measure in OF:
            if all(measure in group.measures - hidden.whole for group in one.groups.values()):
                self.know(code, line, one.groups, measure, table.whole)
        for name, group in one.groups.items():
            self.shown(code, line, [name], group, hidden.measures_of(line, name))
            for measure in hidden.measures_of(line, name) & zeros_shown:
                if measure not in hidden.whole and self.count(group, measure):
                    self.equations.append((self.unknowns(code, line, [name], measure), 1, self.most))
                elif line != "practice" and not (group.achieved or group.missed or group.pcas):
                    self.know(code, line, [name], measure, group)
        for level, above in enumerate(one.above, 1):
            for place in {*above.values()}:
                names = [name for name in one.groups if above[name] == place]
                group = sum((one.groups[name] for name in names), Group())
                self.shown(code, line, names, group, hidden.measures_of(line, place, level))

    def add_up(self, line: str, name: str, tables: Mapping[str, Table], ways: Sequence[Way]) -> None:
        """Every way to count the people of a cell leaves the same number of the most."""
        for n, way in enumerate(ways):
            codes = [code for code in way.indicators if name in tables[code].lines.get(line, Line({})).groups]
            told = {code: tables[code].lines[line].groups[name].measures for code in codes}
            counted = {(code, line, name, of) for code in codes for of in ("achieved", "missed")}
            counted |= {(code, line, name, "pcas") for code in codes if "pcas" in told[code]}
            counted.add(("nobody", line, name, ""))
            if not way.everybody:
                counted.add((f"excluded {n}", line, name, ""))
            self.equations.append((frozenset(counted), self.most, self.most))

    def count(self, group: Group, measure: Measure) -> int:
        return sum(getattr(group, of) for of in OF[measure])

    def shown(self, code: str, line: str, names: Sequence[str], group: Group, hidden: frozenset[Measure]) -> None:
        for measure in OF:
            if measure in group.measures - hidden:
                self.know(code, line, names, measure, group)

    def know(self, code: str, line: str, names: Iterable[str], measure: Measure, group: Group) -> None:
        value = self.count(group, measure)
        self.equations.append((self.unknowns(code, line, names, measure), value, value))

    def unknowns(self, code: str, line: str, names: Iterable[str], measure: Measure) -> frozenset[Variable]:
        return frozenset((code, line, name, of) for name in names for of in OF[measure])

    def range(self, target: frozenset[Variable], enough: int) -> tuple[int, int]:
        """The least and the most that a sum of unknowns can be; the search stops once they are `enough` apart."""
        possible = range(self.most + 1)
        least = next(n for n in possible if self.feasible(target, n))
        most = least
        for n in possible[least + 1 :]:
            if n - least > enough:
                break
            if self.feasible(target, n):
                most = n
        return least, most

    def feasible(self, target: frozenset[Variable], value: int) -> bool:
        """Whether whole numbers of zero or more solve every equation with the target at a value."""
        near = self.near(target)
        bounds = {v: (0, self.most) for names, *_ in near for v in names} | dict.fromkeys(target, (0, self.most))
        return solved(bounds, [*near, (target, value, value)])

    def near(self, target: frozenset[Variable]) -> list[Equation]:
        """The equations that a target hangs on, through whatever others; the rest hold in the figures as they are."""
        found: list[Equation] = []
        left, reached = list(self.equations), {*target}
        while more := [one for one in left if one[0] & reached]:
            found += more
            left = [one for one in left if not one[0] & reached]
            reached |= {v for names, *_ in more for v in names}
        return found


def solved(bounds: dict[Variable, tuple[int, int]], equations: list[Equation]) -> bool:
    """Whether there is a solution: narrow the bounds by each equation, then try the values of one left open."""
    if not narrowed(bounds, equations):
        return False
    open_ = [v for v, (low, high) in bounds.items() if low < high]
    if not open_:
        return True
    variable = min(open_, key=lambda v: (bounds[v][1] - bounds[v][0], v))
    low, high = bounds[variable]
    return any(solved({**bounds, variable: (n, n)}, equations) for n in range(low, high + 1))


def narrowed(bounds: dict[Variable, tuple[int, int]], equations: list[Equation]) -> bool:
    """Narrow the bounds until no equation narrows them more; False where one cannot hold."""
    changed = True
    while changed:
        changed = False
        for names, least, most in equations:
            lows, highs = sum(bounds[v][0] for v in names), sum(bounds[v][1] for v in names)
            if lows > most or highs < least:
                return False
            for v in names:
                low, high = bounds[v]
                new = max(low, least - (highs - high)), min(high, most - (lows - low))
                if new != (low, high):
                    bounds[v] = new
                    lows, highs = lows + new[0] - low, highs + new[1] - high
                    changed = True
                    if new[0] > new[1]:
                        return False
    return True


def too_narrow(whole: Group, lines: Mapping[str, Line], hidden: Hidden, policy: Policy) -> list[str]:
    """Every hidden count whose interval is narrower than the policy's width, for anybody and for each insider."""
    return too_narrow_together({"": Table(whole, lines, hidden)}, [], policy)


def too_narrow_together(tables: Mapping[str, Table], ways: Sequence[Way], policy: Policy) -> list[str]:
    """The same of several indicators, of which all is read at once."""
    zeros_shown: frozenset[Measure] = frozenset({"denominator", "pcas"} if policy.rule == "counts" else {"pcas"})
    insiders: list[tuple[str, str] | None] = [None]
    lines = {line: one for table in tables.values() for line, one in table.lines.items()}
    insiders += [(line, name) for line, one in lines.items() if one.insiders for name in one.groups]
    found: list[str] = []
    for insider in insiders:
        attack = Attack(tables, ways, insider, zeros_shown)
        for code, table in tables.items():
            for line in table.lines if not insider else [insider[0]]:
                found += _narrow(attack, code, table, line, insider, policy.width)
    return found


def _narrow(
    attack: Attack, code: str, table: Table, line: str, insider: tuple[str, str] | None, width: int
) -> Iterator[str]:
    """The hidden counts of a line that are known too closely."""
    for (level, name), measures in table.hidden.nodes[line].items():
        above = table.lines[line].above[level - 1] if level else {}
        names = [group for group, place in above.items() if place == name] if level else [name]
        for measure in measures:
            if insider and not {n for n in names if measure in table.hidden.measures_of(line, n)} - {insider[1]}:
                continue  # of what is hidden here, all is the insider's own
            if (
                not level
                and line != "practice"
                and not any(attack.count(table.lines[line].groups[name], m) for m in OF)
            ):
                continue  # a row of nobody, which is not printed
            for of in [("achieved",), ("missed",)] if measure == "achieved" else [OF[measure]]:
                low, high = attack.range(frozenset((code, line, n, one) for n in names for one in of), width)
                if high - low < width:
                    yield f"{code} {line} {name} {of} is {low} to {high}, known to {insider or 'all'}".strip()
