"""An attacker on published tables: the whole numbers that a hidden count could be, by search and by nothing else.

It takes what is shown, exact, as equations over the unknown patients of each group (achieved, missed, PCAs), knows that
a count of 0 would be shown, and tries values. It shares no reasoning with the suppression: no class of groups, no
formula for an interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from remit.disclosure.suppression import Group, Hidden, Line, Measure, Policy

Variable = tuple[str, str, str]
"""A line, a group in it, and `achieved`, `missed` or `pcas`."""

OF: dict[Measure, tuple[str, ...]] = {
    "denominator": ("achieved", "missed"),
    "achieved": ("achieved",),
    "pcas": ("pcas",),
}
Equation = tuple[frozenset[Variable], int, int]
"""Unknowns, and the least and the most that they add up to."""


class Attack:
    """What can be known from what is shown; `insider` is a line and a group of it whose exact counts are known too."""

    def __init__(
        self,
        whole: Group,
        lines: Mapping[str, Line],
        hidden: Hidden,
        insider: tuple[str, str] | None = None,
        zeros_shown: frozenset[Measure] = frozenset(),
    ) -> None:
        self.lines = lines
        self.most = max(60, whole.achieved + whole.missed, whole.pcas)  # more than any count that is hidden
        self.equations: list[Equation] = []
        for line, one in lines.items():
            for measure in OF:
                if all(measure in group.told - hidden.whole for group in one.groups.values()):
                    self.know(line, one.groups, measure, self.count(whole, measure))
            for name, group in one.groups.items():
                self.shown(line, [name], group, hidden.of(line, name))
                for measure in hidden.of(line, name) & zeros_shown - hidden.whole:
                    self.equations.append((self.unknowns(line, [name], measure), 1, self.most))
                if (line, name) == insider:
                    for measure in OF:
                        self.know(line, [name], measure, self.count(group, measure))
            for level, above in enumerate(one.above, 1):
                for place in {*above.values()}:
                    names = [name for name in one.groups if above[name] == place]
                    group = sum((one.groups[name] for name in names), Group())
                    self.shown(line, names, group, hidden.of(line, place, level))

    def count(self, group: Group, measure: Measure) -> int:
        return sum(getattr(group, of) for of in OF[measure])

    def shown(self, line: str, names: Sequence[str], group: Group, hidden: frozenset[Measure]) -> None:
        for measure in OF:
            if measure in group.told - hidden:
                self.know(line, names, measure, self.count(group, measure))

    def know(self, line: str, names: Sequence[str] | Mapping[str, Group], measure: Measure, value: int) -> None:
        self.equations.append((self.unknowns(line, names, measure), value, value))

    def unknowns(self, line: str, names: Iterable[str], measure: Measure) -> frozenset[Variable]:
        return frozenset((line, name, of) for name in names for of in OF[measure])

    def range(self, line: str, names: Sequence[str], of: Sequence[str], enough: int) -> tuple[int, int]:
        """The least and the most that a sum of unknowns can be; the search stops once they are `enough` apart."""
        target = frozenset((line, name, one) for name in names for one in of)
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
        left, found, reached = list(self.equations), [], {*target}
        while more := [one for one in left if one[0] & reached]:
            found += more
            left = [one for one in left if not one[0] & reached]
            reached |= {v for names, *_ in more for v in names}
        return found


def solved(bounds: dict[Variable, tuple[int, int]], equations: list[Equation]) -> bool:
    """Whether there is a solution: narrow the bounds by each equation, then try the values of a variable left open."""
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
    width = policy.width
    zeros_shown: frozenset[Measure] = frozenset({"denominator", "pcas"} if policy.rule == "counts" else {"pcas"})
    found = []
    insiders: list[tuple[str, str] | None] = [None]
    insiders += [(line, name) for line, one in lines.items() if one.insiders for name in one.groups]
    for insider in insiders:
        attack = Attack(whole, lines, hidden, insider, zeros_shown)
        for line, nodes in hidden.nodes.items():
            for (level, name), measures in nodes.items():
                above = lines[line].above[level - 1] if level else {}
                names = [group for group, place in above.items() if place == name] if level else [name]
                if insider and insider[0] != line:
                    continue
                for measure in measures:
                    if insider and not {n for n in names if measure in hidden.of(line, n)} - {insider[1]}:
                        continue  # of what is hidden here, all is the insider's own
                    asked = [("achieved",), ("missed",)] if measure == "achieved" else [OF[measure]]
                    for of in asked:
                        low, high = attack.range(line, names, of, width)
                        if high - low < width:
                            found.append(f"{line} {name} {of} is {low} to {high}, known to {insider or 'all'}")
    return found
