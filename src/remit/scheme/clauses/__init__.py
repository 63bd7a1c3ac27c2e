"""What a contract says of an item's pounds beside how they are earned: each clause a module, read from the item's keys.

A clause takes the item's pounds, exact, as its kind and the clauses before it left them, and gives what they are after
it, with a line that a calculator agrees with. They are applied in the order of `clauses_of`; then the pounds are
rounded to the penny, once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from remit.scheme.clauses.base import Changed, Clause, ClauseInputs
from remit.scheme.clauses.limits import AtLeast, AtMost

if TYPE_CHECKING:
    from remit.scheme.model import Item

__all__ = ["AtLeast", "AtMost", "Changed", "Clause", "ClauseInputs", "clauses_of"]


def clauses_of(item: Item) -> tuple[Clause, ...]:
    """The clauses of an item, in the order in which they are applied."""
    clauses: list[Clause] = []
    if item.at_least is not None:
        clauses.append(AtLeast(item.at_least))
    if item.at_most is not None:
        clauses.append(AtMost(item.at_most))
    return tuple(clauses)
