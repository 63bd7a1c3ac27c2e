"""What is known of one practice while it is priced, as the conditions of its items ask about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from remit.core.figures import FigureKey
from remit.organisation import Practice
from remit.pricing.plan import PlannedItem, PricingPlan
from remit.scheme.conditions import ItemFacts
from remit.scheme.kinds import ItemWorth
from remit.scoring.achievement import Achievement, Subjects


class PracticeFacts:
    """The facts of a practice under way: `achieved` measures an item, `others` are those that were priced before."""

    __slots__ = ("achieved", "figures", "gate", "others", "plan", "practice")

    def __init__(
        self,
        plan: PricingPlan,
        practice: Practice,
        figures: Subjects,
        achieved: Callable[[PlannedItem], Achievement],
        gate: Callable[[PlannedItem], Fraction | None],
        others: Mapping[str, ItemWorth],
    ) -> None:
        self.plan, self.practice, self.figures = plan, practice, figures
        self.achieved, self.gate, self.others = achieved, gate, others

    def item(self, code: str) -> ItemFacts:
        """What it achieved of an item. What it earns there is by its rate alone, whatever else the item requires."""
        line, worth = self.plan.lines[code], self.others.get(code)
        done = self.achieved(line)
        most = line.kind.most_earned()
        earned = worth.earned if worth else None
        if line.calculated is None and not line.missing:
            gate = self.gate(line)
            known = done.rate is not None and not (line.gate and gate is None)
            earned = line.kind.earned(done.rate, gate) if known and done.rate is not None else None
        return ItemFacts(
            done.rate, done.empty, done.reason, done.denominator, done.pcas, earned, most, worth.met if worth else None
        )

    def column(self, name: str) -> str:
        """What the practices file has of it in a column."""
        return self.practice.columns.get(name, "")

    def figure(self, subject: str, measure: str) -> Fraction | None:
        """A figure of the counts, for the year."""
        value = self.figures.get(subject, {}).get(FigureKey(measure))
        return None if value is None else Fraction(value)


@dataclass(frozen=True)
class RowFacts:
    """What is known of a practice before the year begins: its row of the practices file."""

    columns: Mapping[str, str]

    def item(self, code: str) -> ItemFacts:
        """Nothing is achieved yet."""
        return ItemFacts(None, False, "", None, None, None, None, None)

    def column(self, name: str) -> str:
        """What the practices file has of it in a column."""
        return self.columns.get(name, "")

    def figure(self, subject: str, measure: str) -> Fraction | None:
        """Nothing is counted yet."""
        return None
