"""The plan of a resolved scheme: its items in their order, each with all that its pounds rest on, whoever is priced.

One plan serves every practice of a run and every question that is asked of it. What it holds was text once, in the
scheme's file; `scheme/resolve.py` settled it, and here it is put in order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from remit.organisation import Practice
from remit.organisation.mergers import together, with_their_lists
from remit.pricing.award import Base
from remit.pricing.part_of_year import Participation
from remit.pricing.weights import National, Weigher
from remit.scheme import asked
from remit.scheme.area_keys import SmallNumbers
from remit.scheme.clauses import Clause
from remit.scheme.conditions import Condition
from remit.scheme.kinds import CalculatedKind, Kind
from remit.scheme.model import Item, Scheme
from remit.scheme.readings import not_known
from remit.scheme.resolve import Resolved, resolve
from remit.scoring.achievement import Measurer

WeightsOf = tuple[str, ...]
"""The weights of an item and whose register they take: its group's, or its own."""


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An item of a plan.

    `gate` is the item whose achievement chooses what it pays, `missing` what the file lacks before it can pay and
    `missing_why` the sentence that says so, `within` the item that pays it, `needs` what it cannot be priced without,
    `lacks_weights` the weights that it names and the terms do not have, `may_wait` whether it has a guard, a choice
    of definition or an average of the area. `small` is the rule for practices with few patients in its denominator.
    `calculated` is its kind where that calculates from its own figures; `plain` says that nothing but
    its own rate decides it, `simple` that no gate does either. `clauses` are what is said of its pounds beside,
    `only_if` is the condition without which it pays nothing.
    """

    item: Item
    code: str
    measurer: Measurer
    kind: Kind
    missing: str
    gate: str
    in_points: bool
    weights: WeightsOf
    within: str
    calculated: CalculatedKind | None
    plain: bool
    lacks_weights: tuple[str, ...]
    needs: frozenset[str]
    simple: bool
    may_wait: bool
    clauses: tuple[Clause, ...] = ()
    missing_why: str = ""
    only_if: Condition | None = None
    small: SmallNumbers | None = None


class PricingPlan:
    """A scheme ready to price: `lines` are all its items by code, `codes` those that are awarded, in their order.

    `priced` has with those what they rest on; `leaning` says that any of them rests on another.
    """

    def __init__(
        self, resolved: Resolved, weigher: Weigher, lines: Mapping[str, PlannedItem], codes: tuple[str, ...]
    ) -> None:
        self.resolved, self.weigher, self.lines, self.codes = resolved, weigher, lines, codes
        self.scheme: Scheme = resolved.scheme
        self.items = tuple(lines[code].item for code in codes)
        self.dated = tuple(item for item in self.items if len(item.indicators) > 1)
        self.limits = tuple(frozenset(self.scheme.limited(limit)) for limit in self.scheme.limits)
        needed = self._all_needed(codes)
        self.priced = tuple(line for code, line in lines.items() if code in needed)
        self.leaning = any(
            line.item.requires or line.calculated or line.clauses or line.only_if for line in self.priced
        )
        self.conditional = any(line.clauses or line.only_if for line in self.priced)
        self.gated = any(line.gate for line in self.priced)
        self.point_value: Fraction | None = self.scheme.point.value.value if self.scheme.point else None
        self._narrowed: dict[frozenset[str], PricingPlan] = {}

    def _all_needed(self, codes: Iterable[str]) -> set[str]:
        """Some items with what they rest on, one behind the other, and with what shares a limit with them."""
        needed, before = set(codes), -1
        while len(needed) != before:
            before = len(needed)
            for limit in self.limits:
                needed |= limit if limit & needed else set()
            for code in reversed(tuple(self.lines)):
                if code in needed:
                    needed |= self.lines[code].needs
        return needed

    def only(self, items: Collection[str]) -> PricingPlan:
        """The plan of some of its items, in their order."""
        wanted = frozenset(items)
        if wanted not in self._narrowed:
            codes = tuple(code for code in self.codes if code in wanted)
            self._narrowed[wanted] = (
                self if codes == self.codes else PricingPlan(self.resolved, self.weigher, self.lines, codes)
            )
        return self._narrowed[wanted]

    def whole(self) -> PricingPlan:
        """The plan of all its items, whatever it was narrowed to."""
        codes = tuple(self.lines)
        return self if codes == self.codes else PricingPlan(self.resolved, self.weigher, self.lines, codes)

    def measurer(self, code: str) -> Measurer:
        """How an item is measured, whether or not it is awarded."""
        return self.lines[code].measurer

    def dependents(self, code: str) -> frozenset[str]:
        """The item and those after it that rest on it: whose table it chooses, which it opens or is paid within."""
        codes, before = {code}, 0
        while len(codes) != before:
            before = len(codes)
            for other in self.codes:
                if codes & self.lines[other].needs:
                    codes.add(other)
            for limit in self.limits:
                codes |= limit & set(self.codes) if limit & codes else set()
        return frozenset(codes)

    def needs(self, code: str) -> frozenset[str]:
        """The item and those before it that it rests on, one behind the other."""
        return frozenset(self._all_needed((code,)))

    def base(self, practice: Practice, merged: tuple[Practice, ...], part: Participation) -> Base:
        """What a practice's money rests on: its lists with those of practices that merged into it."""
        scheme = self.scheme
        own = together(practice, merged, scheme.heads.column) if scheme.heads else None
        heads = scheme.heads.paid_as(own) if scheme.heads else None
        factor = self.weigher.list_factor(with_their_lists(practice, merged)) if scheme.weights.list else None
        return Base(heads, self.point_value, factor, part.share, part.sums, None if own == heads else own)


def plan_of(scheme: Scheme, settings: Mapping[str, str], national: Mapping[str, National]) -> PricingPlan:
    """The plan of a scheme with the values that are supplied for it."""
    resolved = resolve(scheme, settings)
    within = resolved.scheme.within
    lines: dict[str, PlannedItem] = {}
    for item in resolved.scheme.items:
        lines[item.item] = _line(resolved, item, within.get(item.item, ""), tuple(lines))
    return PricingPlan(resolved, Weigher(resolved, national), lines, tuple(lines))


def _line(resolved: Resolved, item: Item, within: str, before: tuple[str, ...]) -> PlannedItem:
    kind, measurer = item.kind, Measurer(resolved, item)
    calculated = kind if isinstance(kind, CalculatedKind) else None
    clauses = item.clauses
    only_if = asked.only_if(resolved.scheme, item)
    open_ = [only_if.missing()] if only_if else []
    missing = ", ".join(filter(None, [kind.missing(), *open_, *(clause.missing() for clause in clauses)]))
    plain = not (calculated or item.requires or within or clauses or only_if)
    lacks = tuple(name for name in item.weights if getattr(resolved.scheme.weights, name) is None)
    small = resolved.scheme.small_numbers_of(item)
    return PlannedItem(
        item,
        item.item,
        measurer,
        kind,
        missing,
        kind.gated_by,
        kind.unit == "points",
        (*item.weights, measurer.group),
        within,
        calculated,
        plain=plain,
        lacks_weights=lacks,
        needs=kind.depends_on(before) | frozenset(item.leans_on),
        simple=plain and not lacks and not kind.gated_by and not small,
        may_wait=item.guard is not None or len(item.indicators) > 1 or small is not None,
        clauses=clauses,
        missing_why=not_known(resolved.scheme, item, missing) if missing else "",
        only_if=only_if,
        small=small,
    )
