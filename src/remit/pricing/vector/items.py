"""The vector form of each item of a plan, by its kind."""

from __future__ import annotations

from collections.abc import Mapping

from remit.core import say
from remit.pricing.plan import PlannedItem
from remit.pricing.vector.calculated import BetterItem, TargetItem
from remit.pricing.vector.columns import Counts
from remit.pricing.vector.from_others import BlendItem, FloorItem, PotItem
from remit.pricing.vector.item import VectorItem, Wanted, all_unsure
from remit.pricing.vector.outcomes import Outcome
from remit.pricing.vector.rated import RatedItem
from remit.pricing.vector.worth import Bases, Worths
from remit.scheme.kinds import BetterOfTwoYears, Blend, Fixed, IncomeProtection, Pot


class ExactItem(VectorItem):
    """An item of which the exact evaluator prices every cell."""

    def __init__(self, line: PlannedItem, bases: Bases, worths: Worths, wanted: Wanted, why_not: str) -> None:
        super().__init__(line, bases, worths, wanted)
        self.why_not = why_not

    def _outcome_of(
        self, counts: Counts, others: Mapping[str, Outcome], shape: tuple[int, ...], points: bool
    ) -> Outcome:
        return all_unsure(shape)


def vector_item(line: PlannedItem, bases: Bases, worths: Worths, wanted: Wanted) -> VectorItem:
    """The vector form of an item, or one that has every cell priced exactly and says why."""
    kind, given = line.kind, (line, bases, worths, wanted)
    if any(line.code in limit for limit in bases.plan.limits):
        return ExactItem(*given, f"{line.code} has a limit together with other items")
    if line.only_if:
        return ExactItem(*given, f"{line.code} pays only where {line.only_if.words()}")
    if bases.plan.scheme.scaled_to:
        return ExactItem(*given, "the scheme's budget scales what all practices come to")
    if line.small:
        return ExactItem(*given, f"{line.code} is paid at the area's average where few are counted")
    if line.clauses:
        return ExactItem(*given, f"{line.code} pays {say.listed([clause.words() for clause in line.clauses])}")
    if isinstance(kind, Blend):
        return BlendItem(*given)
    if isinstance(kind, IncomeProtection):
        return FloorItem(*given)
    if isinstance(kind, Pot):
        return PotItem(*given)
    if isinstance(kind, Fixed) and kind.target is not None and kind.per == "unit":
        return TargetItem(*given)
    if isinstance(kind, BetterOfTwoYears):
        return BetterItem(*given)
    if line.calculated is not None:
        return ExactItem(*given, f"{kind.name} is calculated from amounts or declarations of its own")
    rated = RatedItem(*given)
    return rated if rated.has_form else ExactItem(*given, f"the steps of {line.code} do not stand in order")
