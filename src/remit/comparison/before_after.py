"""A run before and after a change: each practice and network, the items that the change touches, who gains and loses.

Amounts are whole pence. A difference is known where all that the change touches is known before and after: what it does
not touch is the same on both sides, known or not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from remit.core.names import place_name
from remit.core.sums import NOTHING, Sum
from remit.pricing.area_wide import rests_on_the_area
from remit.pricing.award import Award
from remit.pricing.plan import PricingPlan
from remit.runs.area import PLACE, printed_budgets
from remit.runs.engine import Run
from remit.runs.networks import NETWORK
from remit.runs.results import MERGED, PracticeResult
from remit.runs.what_if import WhatIfQuestion
from remit.scheme import Scheme
from remit.scheme.changes import Moved

_ALL_RESTS_ON = (
    "heads", "point", "weights", "rounding", "terms", "networks", "year", "achievement_date", "nobody_to_count",
    "levels", "scaled_to", "small_numbers",
)  # fmt: skip
_OWN = (("groups", "group"), ("indicators", "indicator"))
"""What a scheme defines beside its items, and by which key: one that a change adds touches its own items alone."""


@dataclass(frozen=True)
class PricedUnit:
    """A practice or network before and after. `difference` is None where it is not known, for which `reason` says why.

    One that is paid `through` a network has its part of the network's money, which is counted there.
    """

    code: str
    name: str
    level: str
    place: str
    network: str
    before: Sum
    after: Sum
    difference: int | None
    reason: str = ""
    through: bool = False

    @property
    def share(self) -> Fraction | None:
        """The difference as a share of what was earned before."""
        if self.difference is None or self.before.unknown or self.before.pence <= 0:
            return None
        return Fraction(self.difference, self.before.pence)


@dataclass
class PracticeGroup:
    """Several units or awards together: what they come to before and after, what is gained and lost, and by how many.

    `budget` is what the scheme prints for them.
    """

    name: str = ""
    before: Sum = NOTHING
    after: Sum = NOTHING
    difference: Sum = NOTHING
    gained: Sum = NOTHING
    lost: Sum = NOTHING
    budget: int | None = None

    def add(self, before: Sum, after: Sum, difference: int | None) -> None:
        self.add_sums(before, after, difference)
        if difference is not None and difference > 0:
            self.gained += Sum.of([difference])
        if difference is not None and difference < 0:
            self.lost += Sum.of([difference])

    def add_sums(self, before: Sum, after: Sum, difference: int | None) -> None:
        """Add to the sums alone: what moves between a practice and its network is nobody's gain or loss here."""
        self.before, self.after = self.before + before, self.after + after
        self.difference += Sum.of([difference])

    @property
    def size(self) -> int:
        return self.difference.known + self.difference.unknown


@dataclass(frozen=True)
class BeforeAfter:
    """What would change. `whole` is all that is paid, `practices` the practices alone; groups are by code.

    `items` are those that the change touches, `settled` the balances and recoveries before and after.
    `counted_on` is the day within the year whose counts these are, if it is one.
    """

    question: WhatIfQuestion
    titles: tuple[str, ...]
    moved: tuple[Moved, ...]
    units: tuple[PricedUnit, ...]
    whole: PracticeGroup
    practices: PracticeGroup
    items: Mapping[str, PracticeGroup]
    places: Mapping[str, PracticeGroup]
    networks: Mapping[str, PracticeGroup]
    settled: Mapping[str, tuple[Sum, Sum]]
    counted_on: date | None = None

    @property
    def not_known(self) -> tuple[PricedUnit, ...]:
        """Whose difference is not known."""
        return tuple(unit for unit in self.units if unit.difference is None)


class Sides:
    """The two sides of a change, a practice or network at a time."""

    def __init__(self, before: Run, after: Run, counted: Sequence[str] = ()) -> None:
        self.runs = before, after
        self.touched = {
            name: _touched(before, after, plan, after.plans[name], counted) for name, plan in before.plans.items()
        }
        self.units: list[PricedUnit] = []
        self.whole, self.practices = PracticeGroup(), PracticeGroup()
        self.items: dict[str, PracticeGroup] = {}
        self.by_place: dict[str, PracticeGroup] = {}
        self.by_network: dict[str, PracticeGroup] = {}
        self.one_sided: dict[str, Sum] = {}
        self.settled = {"balance": (NOTHING, NOTHING), "recovery": (NOTHING, NOTHING)}

    def codes(self) -> list[str]:
        """Every practice and network of either side, in order."""
        return list(dict.fromkeys(code for run in self.runs for code in run.codes))

    def add(self, code: str) -> None:
        """Price one of them on both sides, and add it up."""
        self.add_priced(code, *(run.practice(code) if code in run.codes else None for run in self.runs))

    def add_priced(self, code: str, one: PracticeResult | None, two: PracticeResult | None) -> None:
        """Add up one of them that is priced: `one` before, `two` after; None on a side where it is not."""
        shown = two or one
        assert shown is not None
        name = next(run.inputs.assigned[code] for run, side in zip(self.runs, (one, two), strict=True) if side)
        through = any(side.through_network for side in (one, two) if side)
        paid = [side if side and not side.through_network else None for side in (one, two)]
        if through:
            difference, reason = _parts(one, two)
            if any(paid):
                self._items(paid[0], paid[1], self.touched[name])
        else:
            difference, reason = self._items(one, two, self.touched[name])
        practice = shown.practice
        unit = PricedUnit(
            code, practice.name, practice.level, practice.place, practice.network, _award(one), _award(two),
            difference, reason, through,
        )  # fmt: skip
        self.units.append(unit)
        figures = unit.before, unit.after, unit.difference
        if unit.level != NETWORK:
            self.practices.add(*figures)
            self.by_place.setdefault(unit.place, PracticeGroup()).add(*figures)
        network = self.by_network.setdefault(code if unit.level == NETWORK else unit.network, PracticeGroup())
        if not through and one and two:
            self.whole.add(*figures)
            network.add(*figures)
            self._settle(one, two)
            return
        # on one side alone, as where a change pays networks what it paid practices: it counts on that side
        if any(paid):
            before, after = (_award(side) for side in paid)
            moved = None if before.unknown or after.unknown else after.pence - before.pence
            self.whole.before, self.whole.after = self.whole.before + before, self.whole.after + after
            network.before, network.after = network.before + before, network.after + after
            key = code if unit.level == NETWORK else unit.network
            self.one_sided[key] = self.one_sided.get(key, NOTHING) + Sum.of([moved])
            self._settle(paid[0], paid[1])

    def result(self, question: WhatIfQuestion, moved: Sequence[Moved]) -> BeforeAfter:
        """All of it together; called once."""
        for code, parts in self.one_sided.items():
            # what the members lose and their network gets is one difference: not known where a part of it is not
            whole = Sum(0, 0, parts.known + parts.unknown) if parts.unknown else parts
            self.whole.difference += whole
            self.by_network[code].difference += whole
        schemes = [plan.scheme for plan in self.runs[0].plans.values()]
        names = {code: name for scheme in schemes for code, name in scheme.places.items()}
        budgets: dict[str, int] = {}
        for (level, _, code), budget in printed_budgets(schemes):
            if level == PLACE:
                budgets[code] = budget.pence
        for code, group in self.by_place.items():
            group.name, group.budget = names.get(code, place_name(code)) or "no place given", budgets.get(code)
        for code, group in self.by_network.items():
            own = self.runs[0].inputs.practices.get(code)
            group.name = (own.name if own else "") or code or "no network given"
        titles = {item.item: item.title for run in self.runs for plan in run.plans.values() for item in plan.items}
        for code, group in self.items.items():
            group.name = titles[code]
        order = {code: n for n, code in enumerate(titles)}
        return BeforeAfter(
            question, tuple(dict.fromkeys(scheme.title for scheme in schemes)), tuple(moved), tuple(self.units),
            self.whole, self.practices, dict(sorted(self.items.items(), key=lambda one: order[one[0]])),
            _sorted(self.by_place), _sorted(self.by_network), self.settled, self.runs[0].counted_on,
        )  # fmt: skip

    def _items(
        self, one: PracticeResult | None, two: PracticeResult | None, touched: Sequence[str]
    ) -> tuple[int | None, str]:
        """The difference of what the change touches, item by item; None, and why, where one of them is not known."""
        awards = [_awards(one), _awards(two)]
        total, reasons = 0, []
        for code in touched:
            sides = [side.get(code) for side in awards]
            if not any(sides):
                continue
            pence = [_paid(award) for award in sides]
            known = [amount for amount in pence if amount is not None]
            moved = pence[1] - pence[0] if pence[0] is not None and pence[1] is not None else None
            group = self.items.setdefault(code, PracticeGroup())
            add = group.add if one and two else group.add_sums
            add(Sum.of(pence[:1]), Sum.of(pence[1:]), moved)
            if len(known) == 2:
                total += known[1] - known[0]
            else:
                award = next(award for award in reversed(sides) if award and award.unpaid)
                reasons.append(f"Item {code}: {award.reason}")
        more = f" Not known either: {len(reasons) - 1:,} more of its items." if len(reasons) > 1 else ""
        return (None if reasons else total), f"{reasons[0]}{more}" if reasons else ""

    def _settle(self, one: PracticeResult | None, two: PracticeResult | None) -> None:
        for name, (before, after) in self.settled.items():
            sides = [
                Sum.of([getattr(side.settlement, name)]) if side and side.status != MERGED else NOTHING
                for side in (one, two)
            ]
            self.settled[name] = before + sides[0], after + sides[1]


def _touched(before: Run, after: Run, one: PricingPlan, two: PricingPlan, counted: Sequence[str]) -> tuple[str, ...]:
    """The items whose pounds a change may move: those that are other ones, whose figures are (`counted`), all where
    what every item rests on is, and what rests on any of them."""
    codes = dict.fromkeys([*one.codes, *two.codes])
    schemes = one.scheme, two.scheme
    if _settings(before) != _settings(after) or before.inputs.national != after.inputs.national:
        return tuple(codes)
    if any(getattr(schemes[0], name) != getattr(schemes[1], name) for name in _ALL_RESTS_ON) or _redefined(*schemes):
        return tuple(codes)
    changed = {code for code in codes if code in counted or _item(one, code) != _item(two, code)}
    if changed and any(rests_on_the_area(plan) for plan in (one, two)):  # the budget's factor moves all that it scales
        return tuple(codes)
    for plan in (one, two):
        groups = {plan.measurer(c).group for c in changed if c in plan.lines and _by_register(plan, c)}
        changed |= {c for c in plan.codes if groups and plan.measurer(c).group in groups}
        changed = changed.union(*(plan.dependents(code) for code in changed))
    return tuple(code for code in codes if code in changed)


def _redefined(one: Scheme, two: Scheme) -> bool:
    """Whether a group or an indicator of the scheme before is another after, or is gone."""
    for name, key in _OWN:
        before, after = ({getattr(of, key): of for of in getattr(scheme, name)} for scheme in (one, two))
        if any(after.get(code) != of for code, of in before.items()):
            return True
    return False


def _settings(run: Run) -> dict[str, str]:
    """The settings on which every item may rest: not which items are retired."""
    retires = {plan.scheme.retires for plan in run.plans.values()}
    return {name: value for name, value in run.inputs.settings.items() if name not in retires}


def _by_register(plan: PricingPlan, code: str) -> bool:
    """Whether an item is measured on its register, which others of its group read too."""
    return plan.lines[code].item.measure == "prevalence"


def _item(plan: PricingPlan, code: str) -> object:
    """An item, with the one that it is paid within: without that it is paid by itself."""
    return (plan.lines[code].item, plan.lines[code].within) if code in plan.lines else None


def _awards(result: PracticeResult | None) -> dict[str, Award]:
    """The awards by item; none of one that merged, whose award is its successor's."""
    if result is None or result.status == MERGED:
        return {}
    return {award.item.item: award for award in result.awards}


def _paid(award: Award | None) -> int | None:
    """What an award pays by itself; nothing where there is none, or another item pays it."""
    return 0 if award is None or award.within else award.pence


def _award(result: PracticeResult | None) -> Sum:
    if result is None:
        return Sum(0, 1, 0)
    return Sum.of([result.pence]) if result.through_network else result.awarded


def _parts(one: PracticeResult | None, two: PracticeResult | None) -> tuple[int | None, str]:
    """The difference of a member's part of its network's money."""
    pence = [side.pence if side else 0 for side in (one, two)]
    if pence[0] is None or pence[1] is None:
        return None, next(side.reason for side in (two, one) if side and side.pence is None)
    return pence[1] - pence[0], ""


def _sorted(groups: Mapping[str, PracticeGroup]) -> dict[str, PracticeGroup]:
    """By name; none at all where no unit has a place or network."""
    if not set(groups) - {""}:
        return {}
    return dict(sorted(groups.items(), key=lambda one: (one[0] == "", one[1].name.casefold())))
