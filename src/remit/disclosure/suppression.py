"""The one place that hides small numbers: which counts of an indicator may be shown to others, and how.

An indicator is divided in several ways (by age, by sex, by practice …); each is a `Line` of groups that add up to the
same whole, those of a line of practices to networks and places too. A policy says which counts are hidden for what they
are (primary). Hiding one count of a line gives it away, since the rest and the total are shown; so further counts are
hidden (secondary) until every hidden one could be many others. What is promised, and proved by an attacker in the
tests: whoever takes the exact figures of everything that is shown, in all lines at once, finds for each hidden count an
interval of feasible whole numbers that is at least `Policy.width` wide. Rounding comes after that, and can only take
knowledge away. docs/explanation/small-numbers.md has the argument, and what is not promised.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from typing import Literal

from remit.disclosure.movement import MovableCounts, Rates, Spare, least_widths

Measure = Literal["denominator", "achieved", "pcas"]
"""What can be hidden of a group; with `achieved`, whoever is not achieved is hidden too."""

MEASURES: tuple[Measure, ...] = ("denominator", "achieved", "pcas")
Rule = Literal["counts", "network contract"]


@dataclass(frozen=True)
class Policy:
    """A stated way to treat small numbers; `width` is how many steps apart the ends of a hidden count's interval are.

    `counts` hides 1 to `hide_up_to`, and whom a group's rate is of where the denominator is below
    `minimum_denominator`, where those not achieved are few (`complement`), or where the rate is 0% or 100%
    (`all_or_none`). `network contract` hides denominator and PCAs where the denominator is below 2 and there are PCAs.
    """

    name: str
    source: str
    status: str
    words: str
    rule: Rule = "counts"
    hide_up_to: int = 7
    minimum_denominator: int = 0
    round_denominators_to: int = 1
    complement: bool = True
    all_or_none: bool = True
    display: str = "*"

    @property
    def hides(self) -> bool:
        """Whether it hides anything at all."""
        return self.rule != "counts" or self.hide_up_to > 0

    @property
    def width(self) -> int:
        """One more than the largest count that is hidden for itself: nobody can tell that a hidden count is small."""
        return self.hide_up_to + 1 if self.rule == "counts" else 2

    def least(self, measure: Measure) -> int:
        """The least that a hidden count can be while that of the whole is shown: who is 0 of 0 is shown to be."""
        return 0 if measure == "achieved" or (measure, self.rule) == ("denominator", "network contract") else 1

    def rounded(self, denominator: int) -> int:
        """A denominator as it is shown: to the nearest multiple, half up."""
        step = self.round_denominators_to
        return (2 * denominator + step) // (2 * step) * step


@dataclass(frozen=True)
class Group:
    """The patients of a group by what became of them, and which of its counts it has.

    A register has no rate: all on it are `achieved`, and only a denominator; a reason has only PCAs.
    """

    achieved: int = 0
    missed: int = 0
    pcas: int = 0
    measures: frozenset[Measure] = frozenset(MEASURES)

    @property
    def denominator(self) -> int:
        return self.achieved + self.missed

    def __add__(self, other: Group) -> Group:
        sums = (self.achieved + other.achieved, self.missed + other.missed, self.pcas + other.pcas)
        return Group(*sums, measures=self.measures & other.measures)

    def count(self, measure: Measure) -> int:
        """One of its counts."""
        return int(getattr(self, measure))


@dataclass(frozen=True)
class Line:
    """Groups that part the whole. `above` has, for each level over them (networks, places), where each group belongs.

    `insiders`: each group knows its own exact counts, as a practice does, and must not learn those of another.
    """

    groups: Mapping[str, Group]
    above: tuple[Mapping[str, str], ...] = ()
    insiders: bool = False


Node = tuple[int, str]
"""A level (0 the groups of a line, 1 and up the levels above) and a name."""

Key = tuple[str | None, ...]
"""For each level above, the shown total that a group is in, None where that is hidden; then what it is apart by."""


@dataclass(frozen=True)
class Hidden:
    """What is hidden: of the whole, and of each line's nodes."""

    whole: frozenset[Measure]
    nodes: Mapping[str, Mapping[Node, frozenset[Measure]]]

    def measures_of(self, line: str, name: str, level: int = 0) -> frozenset[Measure]:
        """What is hidden of a group, or of a node above."""
        return self.nodes[line].get((level, name), frozenset())


def primary(group: Group, policy: Policy) -> set[Measure]:
    """What a policy hides of a group for what it is."""
    few = range(1, policy.hide_up_to + 1)
    size = group.denominator
    hidden: set[Measure] = set()
    if policy.rule == "network contract":
        if size < 2 and group.pcas > 0 and "denominator" in group.measures:
            hidden = {*MEASURES}
    else:
        if size in few:
            hidden |= {"denominator", "achieved"}
        if size and (
            size < policy.minimum_denominator
            or group.achieved in few
            or (policy.complement and group.missed in few)
            or (policy.all_or_none and not (group.achieved and group.missed))
        ):
            hidden.add("achieved")
        if group.pcas in few:
            hidden.add("pcas")
    return hidden & group.measures


def suppress(
    whole: Group, lines: Mapping[str, Line], policy: Policy, everywhere: frozenset[Measure] = frozenset()
) -> Hidden:
    """What is hidden of an indicator: primary, and as much more as the promise needs. The same input hides the same.

    `everywhere` are the measures that are hidden in every count.
    Raises ValueError for a line that does not add up to the whole: the promise rests on that.
    """
    for name, line in lines.items():
        for measure in MEASURES:
            counts = [group.count(measure) for group in line.groups.values() if measure in group.measures]
            if counts and sum(counts) != whole.count(measure):
                raise ValueError(f"{name}: {sum(counts)} {measure}, where the whole has {whole.count(measure)}")
    if not policy.hides:
        return Hidden(frozenset(), {name: {} for name in lines})
    lost = _with_achieved(primary(whole, policy) | (everywhere & whole.measures), whole)
    while True:
        protected = {name: ProtectedLine(line, policy, frozenset(lost), whole) for name, line in lines.items()}
        more = {measure for one in protected.values() for measure in one.protect()} - lost
        if not more:
            return Hidden(frozenset(lost), {name: one.result() for name, one in protected.items()})
        lost |= _with_achieved(more, whole)


def _with_achieved(measures: set[Measure], group: Group) -> set[Measure]:
    """Where a denominator is hidden, so is who of it was achieved."""
    with_it: set[Measure] = {"achieved"} if "denominator" in measures else set()
    return measures | (with_it & group.measures)


@dataclass
class ProtectedLine:
    """One line while it is being protected. `lost` is what is hidden of the whole, and so of everything below it.

    `kept` says of some groups how many of a count can be no others, since other tables tell so; groups that are `apart`
    cannot trade patients with each other.
    """

    line: Line
    policy: Policy
    lost: frozenset[Measure]
    whole: Group
    kept: Mapping[Measure, Mapping[str, int]] = field(default_factory=dict)
    apart: Mapping[Measure, Mapping[str, str]] = field(default_factory=dict)
    nodes: dict[Node, Group] = field(default_factory=dict)
    members: dict[Node, list[str]] = field(default_factory=dict)
    hidden: dict[Measure, set[Node]] = field(default_factory=dict)
    known_classes: dict[Measure, dict[Key, list[str]]] = field(default_factory=dict)
    known_spares: dict[tuple[Measure, Key], Spare] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, group in sorted(self.line.groups.items()):
            self.nodes[0, name], self.members[0, name] = group, [name]
        for level, above in enumerate(self.line.above, 1):
            for name in sorted(self.line.groups):
                self.members.setdefault((level, above[name]), []).append(name)
        for node, names in self.members.items():
            self.nodes[node] = reduce(Group.__add__, (self.line.groups[name] for name in names))
        for measure in MEASURES:
            nobody = measure == "achieved" and "denominator" not in self.lost  # none of none: there is nothing to hide
            below = {node for node, group in self.nodes.items() if group.denominator or not nobody}
            self.hidden[measure] = below if measure in self.lost else set()
        for node, group in self.nodes.items():
            measures = primary(group, self.policy)
            if "achieved" in self.lost & group.measures and 0 < group.denominator < self.policy.width:
                measures.add("denominator")  # a count that could be anything up to its denominator
            for measure in measures:
                self.hide(node, measure)

    def result(self) -> dict[Node, frozenset[Measure]]:
        """What is hidden of each node of which anything is."""
        hidden_of = {node: frozenset(m for m in MEASURES if node in self.hidden[m]) for node in self.nodes}
        return {node: measures for node, measures in hidden_of.items() if measures}

    def hide(self, node: Node, measure: Measure) -> list[Measure]:
        """Hide a count; which measures of the node were not hidden before."""
        new = [one for one in _with_achieved({measure}, self.nodes[node]) if node not in self.hidden[one]]
        for one in new:
            self.hidden[one].add(node)
            self.forget(one)
        return new

    def show(self, node: Node, measures: Iterable[Measure]) -> None:
        """Take back what `hide` did."""
        for measure in measures:
            self.hidden[measure].discard(node)
            self.forget(measure)

    def forget(self, measure: Measure) -> None:
        """What was known of its classes, once something more or less of it is hidden."""
        self.known_classes.pop(measure, None)
        for known in [known for known in self.known_spares if known[0] == measure]:
            del self.known_spares[known]

    def protect(self) -> set[Measure]:
        """Hide more until every hidden count is safe; what no hiding within the line protects is returned.

        Hiding more never makes another count less safe, so one pass after another comes to an end.
        """
        for measure in MEASURES:
            checked: set[Node] = set()
            while measure not in self.lost and (left := sorted(self.hidden[measure] - checked)):
                for node in left:
                    while not self.safe(node, measure):
                        if not self.hide_one_more(node, measure):
                            return {measure}
                checked |= {*left}
        return set()

    # Which groups can stand in for each other.

    def key(self, name: str, measure: Measure) -> Key:
        """A group's shown totals; groups that share all of them can trade patients without changing a figure."""
        places = (above[name] for above in self.line.above)
        shown = (None if (level, place) in self.hidden[measure] else place for level, place in enumerate(places, 1))
        return (*shown, self.apart[measure][name]) if measure in self.apart else tuple(shown)

    def classes(self, measure: Measure) -> dict[Key, list[str]]:
        """The hidden groups by what they share."""
        if measure not in self.known_classes:
            by_key: dict[Key, list[str]] = {}
            for name in self.line.groups:
                if (0, name) in self.hidden[measure]:
                    by_key.setdefault(self.key(name, measure), []).append(name)
            self.known_classes[measure] = by_key
        return self.known_classes[measure]

    def safe(self, node: Node, measure: Measure) -> bool:
        """Whether a hidden count of a node could be enough other numbers, whoever asks."""
        if not node[0] and measure != "achieved":
            return self.spare(measure, self.key(node[1], measure)).width(node[1]) >= self.policy.width
        inside = {*self.members[node]}
        movable = [
            self.movable(inside, names, measure) for names in self.classes(measure).values() if inside & {*names}
        ]
        return bool(movable) and min(least_widths(movable, self.line.insiders)) >= self.policy.width

    def spare(self, measure: Measure, key: Key) -> Spare:
        """What the groups of a class can give up: the same for each of them, so that it is added up once."""
        if (measure, key) not in self.known_spares:
            names = self.classes(measure).get(key, [])
            least = self.least(names, measure)
            spare = {name: self.line.groups[name].count(measure) - least[name] for name in names}
            self.known_spares[measure, key] = Spare.of(spare, self.line.insiders)
        return self.known_spares[measure, key]

    def movable(self, inside: set[str], names: list[str], measure: Measure) -> MovableCounts | Rates:
        """A class of hidden groups, as those `inside` can trade with the rest."""
        groups = self.line.groups
        if measure != "achieved":
            least = self.least(names, measure)
            return MovableCounts((name, name in inside, groups[name].count(measure), least[name]) for name in names)
        hidden, least = self.hidden["denominator"], self.least(names, "denominator")
        pools = {name: self.key(name, "denominator") if (0, name) in hidden else name for name in names}
        return Rates((n, n in inside, groups[n].achieved, groups[n].missed, least[n], pools[n]) for n in names)

    def least(self, names: list[str], measure: Measure) -> dict[str, int]:
        """The least that the hidden count of each group can be."""
        least, kept = self.policy.least(measure), self.kept.get(measure)
        return {name: max(least, kept[name]) for name in names} if kept else dict.fromkeys(names, least)

    # What to hide next.

    def hide_one_more(self, target: Node, measure: Measure) -> bool:
        """Hide the cheapest count that helps a target; False where nothing is left to hide."""
        candidates = list(self.candidates(target, measure))
        for node in candidates:
            new = self.hide(node, measure)
            if self.safe(target, measure):
                return True
            self.show(node, new)
        if candidates:
            self.hide(candidates[-1], measure)
            return True
        inside = {*self.members[target]}
        # A node above that has every group is the whole.
        above = [node for node, names in self.members.items() if node[0] and len(names) < len(self.line.groups)]
        left = [
            n for n in above if n not in self.hidden[measure] and self.cost(n, measure)
        ]  # of every group: the whole
        own = [node for node in left if inside & {*self.members[node]}]
        for choice in (own, left):
            if choice:
                self.hide(min(choice, key=lambda node: (self.cost(node, measure), node)), measure)
                return True
        return False

    def candidates(self, target: Node, measure: Measure) -> Iterator[Node]:
        """The shown groups that could trade with those of a target, the smallest first; nobody hides behind a zero."""
        inside = {*self.members[target]}
        keys = {self.key(name, measure) for name in inside if (0, name) in self.hidden[measure]}
        if target[0] and not keys:
            keys = {self.key(name, measure) for name in inside}
        shown = [
            (0, name)
            for name in self.line.groups
            if (0, name) not in self.hidden[measure]
            and (name not in inside or self.line.insiders)
            and self.cost((0, name), measure)
            and self.key(name, measure) in keys
        ]
        yield from sorted(shown, key=lambda node: (self.cost(node, measure), node))

    def cost(self, node: Node, measure: Measure) -> int:
        """How many patients are lost from sight; of a rate, those of its denominator."""
        return self.nodes[node].count("denominator" if measure == "achieved" else measure)


@dataclass(frozen=True)
class ShownFigures:
    """A group as others may see it; None is hidden, a rate is missing too where nobody is in the denominator."""

    denominator: int | None
    achieved: int | None
    rate: Fraction | None
    pcas: int | None
    hidden: frozenset[Measure]


def shown(group: Group, hidden: frozenset[Measure], policy: Policy) -> ShownFigures:
    """A group by a policy. The rate is calculated from what is shown, so that it tells no more."""
    out = hidden | (frozenset(MEASURES) - group.measures)
    size = None if "denominator" in out else policy.rounded(group.denominator)
    done = None if "achieved" in out else group.achieved
    rate = Fraction(done, size) if size and done is not None and "achieved" in group.measures else None
    return ShownFigures(size, done, rate, None if "pcas" in out else group.pcas, hidden)
