"""What every clause answers. A clause is pure: pounds and what it looks at in, pounds and a line out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from remit.scheme.conditions import Condition, Facts
from remit.scheme.kinds.base import KindInputs, Reads, WorkingLine


@dataclass(frozen=True)
class ClauseInputs:
    """What one practice or network brings to the clauses of an item: all that its kind may look at (the item's rate,
    figures, the items before it, the part of the year), and what conditions ask about."""

    kind: KindInputs
    facts: Facts


@dataclass(frozen=True)
class Changed:
    """An item's pounds after a clause, exact; None while they are not known, with the reason.

    `line` is the clause's working, None where it changed nothing and there is nothing to say. `met` is False where what
    later items may require of this one is no longer there.
    """

    pounds: Fraction | None
    line: WorkingLine | None = None
    reason: str = ""
    met: bool | None = None


class Clause(ABC):
    """One sentence about an item's pounds. `key` is the key of the item that says it."""

    key: str

    @abstractmethod
    def applied(self, pounds: Fraction | None, inputs: ClauseInputs) -> Changed:
        """The item's pounds after this clause. `pounds` is None while they are not known: a clause may settle it all
        the same, as one that pays nothing whatever was achieved."""

    def at_best(self, pounds: Fraction) -> Fraction:
        """What it leaves of the pounds for full achievement, before anybody is counted."""
        return pounds

    @abstractmethod
    def words(self) -> str:
        """The clause in a few words, as a contract manager would say it."""

    def rests_on(self) -> tuple[str, ...]:
        """The items that must be priced before it can be applied."""
        return ()

    def reads(self) -> tuple[Reads, ...]:
        """The figures that it reads."""
        return ()

    def conditions(self) -> Iterator[tuple[tuple[str | int, ...], Condition]]:
        """The conditions that it looks at, each with its path below the key."""
        yield from ()

    def missing(self) -> str:
        """What the file must supply before it can be applied, or nothing."""
        return ""

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What is wrong with its numbers taken together: (path below the item, message)."""
        yield from ()
