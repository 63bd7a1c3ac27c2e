"""The exact figures of a simulation: every practice priced as it is and under each reform, a practice at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from remit.analysis.concentration import concentration
from remit.analysis.effort import Effort, ItemEffort, effort, in_full, to_earn
from remit.analysis.simulation.groups import Group
from remit.analysis.simulation.results import EffortOfOne, Efforts, GroupOutcome, ReformOutcome
from remit.comparison.before_after import BeforeAfter, PracticeGroup, PricedUnit, Sides
from remit.runs.engine import Run
from remit.runs.networks import NETWORK
from remit.runs.overview import in_full as priced_in_full
from remit.runs.results import MERGED, PracticeResult
from remit.runs.what_if import WhatIfQuestion
from remit.scheme.changes import Moved


@dataclass(frozen=True)
class ReformedRun:
    """A reform with the run as it would be. `counted` are the items whose figures behaviour changes."""

    name: str
    title: str
    after: Run
    changes: tuple[str, ...] = ()
    question: WhatIfQuestion = field(default_factory=WhatIfQuestion)
    moved: tuple[Moved, ...] = ()
    counted: tuple[str, ...] = ()


class _Side:
    """One reform under way. Contacts of `sensitive` items are not counted."""

    def __init__(self, base: Run, reform: ReformedRun, sensitive: Set[str]) -> None:
        self.base, self.reform, self.sensitive = base, reform, sensitive
        self.sides = Sides(base, reform.after, reform.counted)
        self.before, self.after = Effort(), Effort()
        self.of: dict[str, EffortOfOne] = {}
        self.left_out: set[str] = set()

    def add(self, code: str, one: PracticeResult | None, items: Mapping[str, ItemEffort]) -> None:
        """Price a practice under the reform, and add it to the sums before and after."""
        run = self.reform.after
        two = run.practice(code) if code in run.codes else None
        self.sides.add_priced(code, one, two)
        if one is None or two is None or two.status == MERGED or (two.practice.level == NETWORK and self._practices):
            return
        then = effort(two.awards)
        self.left_out |= self.sensitive & (items.keys() | then.keys())
        items, then = self._shown(items), self._shown(then)
        self.before.add(items)
        self.after.add(then)
        lost = -(self.sides.units[-1].difference or 0)
        to_keep: int | None = 0
        if lost > 0:
            full = priced_in_full(run.standings.plan(code), run.standing(code))
            to_keep = to_earn(lost, effort(two.awards, in_full(two.awards, full)))
        self.of[code] = EffortOfOne(
            sum(one.reached for one in items.values()),
            sum(one.to_all for one in items.values()),
            sum(one.to_all for one in then.values()),
            to_keep,
        )

    def _shown(self, items: Mapping[str, ItemEffort]) -> dict[str, ItemEffort]:
        return {code: one for code, one in items.items() if code not in self.sensitive}

    @property
    def _practices(self) -> bool:
        return any(practice.level != NETWORK for practice in self.base.inputs.practices.values())

    def efforts(self) -> Efforts:
        """All of it together."""
        keep = [one.to_keep for one in self.of.values()]
        return Efforts(
            self.before,
            self.after,
            sum(contacts or 0 for contacts in keep),
            sum(contacts is None for contacts in keep),
            sum(contacts is None or contacts > 0 for contacts in keep),
            tuple(sorted(self.left_out)),
        )


def central(
    base: Run,
    reforms: Sequence[ReformedRun],
    members: Mapping[Group, Sequence[str]],
    report: Callable[[int, int], None],
    sensitive: Set[str] = frozenset(),
) -> list[ReformOutcome]:
    """Each reform's exact figures, without chance. The base is priced once for all of them."""
    under_way = [_Side(base, reform, sensitive) for reform in reforms]
    codes = list(dict.fromkeys(code for side in under_way for code in side.sides.codes()))
    for n, code in enumerate(codes, 1):
        one = base.practice(code) if code in base.codes else None
        items = effort(one.awards) if one and one.status != MERGED else {}
        for side in under_way:
            side.add(code, one, items)
        report(n, len(codes))
    return [_outcome(side, members) for side in under_way]


def _outcome(side: _Side, members: Mapping[Group, Sequence[str]]) -> ReformOutcome:
    reform, sides = side.reform, side.sides.result(side.reform.question, side.reform.moved)
    practices = side.base.inputs.practices
    patients = {unit.code: practices[unit.code].list_size if unit.code in practices else None for unit in sides.units}
    outcome = ReformOutcome(
        reform.name, reform.title, reform.changes, sides, (), patients,
        effort=side.efforts(), effort_of=side.of,
    )  # fmt: skip
    units = {unit.code: unit for unit in sides.units}
    return replace(
        outcome,
        groups=tuple(group_outcome(group, codes, units, patients) for group, codes in members.items()),
        before=concentration(_per_practice(outcome.units, patients, lambda unit: unit.before.pence)),
        after=concentration(_per_practice(outcome.units, patients, lambda unit: unit.after.pence)),
    )


def group_outcome(
    group: Group, codes: Iterable[str], units: Mapping[str, PricedUnit], patients: Mapping[str, int | None]
) -> GroupOutcome:
    """A group's practices added up."""
    sums, those = PracticeGroup(), [units[code] for code in codes if code in units]
    for unit in those:
        sums.add(unit.before, unit.after, unit.difference)
    sizes = [patients[unit.code] for unit in those]
    known = [size for size in sizes if size is not None]
    return GroupOutcome(group, len(those), sum(known) if len(known) == len(sizes) else None, sums)


def _per_practice(
    units: Iterable[PricedUnit], patients: Mapping[str, int | None], pence: Callable[[PricedUnit], int]
) -> list[tuple[int, int]]:
    """Pence and patients of the practices whose difference and list are known."""
    return [(pence(unit), size) for unit in units if unit.difference is not None and (size := patients[unit.code])]


__all__ = ["BeforeAfter", "ReformedRun", "central", "group_outcome"]
