"""What a contract says of an item's pounds beside how they are earned: each clause a module, read from the item's keys.

A clause takes the item's pounds, exact, as its kind and the clauses before it left them, and gives what they are after
it, with a line that a calculator agrees with. They are applied in the order of `Item.clauses`; then the pounds are
rounded to the penny, once.
"""

from __future__ import annotations

from remit.scheme.clauses.base import Changed, Clause, ClauseInputs
from remit.scheme.clauses.limits import AtLeast, AtMost
from remit.scheme.clauses.reductions import Reduced, Reduction, Repaid, Repayment, Together

__all__ = [
    "AtLeast", "AtMost", "Changed", "Clause", "ClauseInputs", "Reduced", "Reduction", "Repaid", "Repayment", "Together",
]  # fmt: skip
