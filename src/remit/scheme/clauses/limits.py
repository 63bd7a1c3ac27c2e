"""The most and the least that an item pays one practice or network in a year: "no practice is paid more than £9,000
under this item", "a practice that earns anything is paid £500 at least". Neither shrinks for a part of the year."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from remit.core import say
from remit.scheme.clauses.base import Changed, Clause, ClauseInputs
from remit.scheme.kinds.base import WorkingLine
from remit.scheme.quantity import Quantity


@dataclass(frozen=True)
class AtMost(Clause):
    """`at_most: £9,000`"""

    amount: Quantity
    key = "at_most"

    def applied(self, pounds: Fraction | None, inputs: ClauseInputs) -> Changed:
        limit = self.amount.known()
        if pounds is None or pounds <= limit:
            return Changed(pounds)
        return Changed(limit, WorkingLine("Limit", f"at most {say.pounds(limit)}", say.pounds(limit)))

    def at_best(self, pounds: Fraction) -> Fraction:
        return pounds if self.amount.value is None else min(pounds, self.amount.value)

    def words(self) -> str:
        return f"at most {self.amount}"

    def missing(self) -> str:
        return "amount of at_most" if self.amount.required else ""


@dataclass(frozen=True)
class AtLeast(Clause):
    """`at_least: £500`. An item that earns nothing stays at nothing."""

    amount: Quantity
    key = "at_least"

    def applied(self, pounds: Fraction | None, inputs: ClauseInputs) -> Changed:
        limit = self.amount.known()
        if not pounds or pounds >= limit:
            return Changed(pounds)
        return Changed(limit, WorkingLine("Limit", f"at least {say.pounds(limit)}", say.pounds(limit)))

    def words(self) -> str:
        return f"at least {self.amount} where anything is earned"

    def missing(self) -> str:
        return "amount of at_least" if self.amount.required else ""
