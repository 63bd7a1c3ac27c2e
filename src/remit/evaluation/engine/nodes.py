"""The typed plan: what is read from the records, in which order, and what is decided from it.

Names are resolved and equal things are one thing here: a field of forty definitions with the same text is one node. A
node is a frozen value, so that two that say the same are equal, and a plan is the same however it was come by.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from remit.evaluation.engine.terms import FALSE as FALSE
from remit.evaluation.engine.terms import MICRO as MICRO
from remit.evaluation.engine.terms import OPEN as OPEN
from remit.evaluation.engine.terms import TRUE as TRUE
from remit.evaluation.engine.terms import Age as Age
from remit.evaluation.engine.terms import AnswerIn as AnswerIn
from remit.evaluation.engine.terms import Beside as Beside
from remit.evaluation.engine.terms import Choice as Choice
from remit.evaluation.engine.terms import Compare as Compare
from remit.evaluation.engine.terms import Condition as Condition
from remit.evaluation.engine.terms import Const as Const
from remit.evaluation.engine.terms import Either as Either
from remit.evaluation.engine.terms import Every as Every
from remit.evaluation.engine.terms import Extreme as Extreme
from remit.evaluation.engine.terms import Fact as Fact
from remit.evaluation.engine.terms import How as How
from remit.evaluation.engine.terms import HowMany as HowMany
from remit.evaluation.engine.terms import IsNull as IsNull
from remit.evaluation.engine.terms import Kind as Kind
from remit.evaluation.engine.terms import Least as Least
from remit.evaluation.engine.terms import Missing as Missing
from remit.evaluation.engine.terms import Node as Node
from remit.evaluation.engine.terms import NodePart as NodePart
from remit.evaluation.engine.terms import On as On
from remit.evaluation.engine.terms import OneOf as OneOf
from remit.evaluation.engine.terms import Outer as Outer
from remit.evaluation.engine.terms import Own as Own
from remit.evaluation.engine.terms import Part as Part
from remit.evaluation.engine.terms import ReadingNode as ReadingNode
from remit.evaluation.engine.terms import Shifted as Shifted
from remit.evaluation.engine.terms import Slice as Slice
from remit.evaluation.engine.terms import Summary as Summary
from remit.evaluation.engine.terms import SupplyNode as SupplyNode
from remit.evaluation.engine.terms import Term as Term
from remit.evaluation.engine.terms import UnitIs as UnitIs
from remit.evaluation.engine.terms import ends_apart as ends_apart
from remit.evaluation.engine.terms import inside as inside
from remit.evaluation.engine.terms import own_parts as own_parts
from remit.evaluation.model import Dates
from remit.rules import model as r

# Decisions.


@dataclass(frozen=True)
class Branch:
    """A side of a rule that decides: its code, the rule's number, the side and what it counts as.

    `days` are the dates that the day of a PCA is the latest of.
    """

    code: int
    rule: int
    branch: bool
    action: r.Action
    counts: r.Counts
    days: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Test:
    """One rule: its condition, and the codes of the sides that decide (None goes on to the next)."""

    condition: Condition
    then: int | None
    otherwise: int | None


@dataclass(frozen=True)
class Decision:
    """A register or an indicator: who is in its population, and rule by rule what is decided."""

    code: str
    population: str
    tests: tuple[Test, ...]
    branches: tuple[Branch, ...]
    parts: tuple[tuple[str, Condition], ...] = ()
    moment: int = 0
    """How many years before the run."""


@dataclass(frozen=True)
class Stage:
    """What can be worked out once the stages before it are done: nodes first, then registers from them."""

    nodes: tuple[Node, ...]
    registers: tuple[Decision, ...]


@dataclass(frozen=True)
class ValuesRead:
    """The records of a slice whose values are read, and in which units: '' for any; none where it is only asked whether
    there is a value.

    `limits` are the lowest and the highest value that can be, in millionths, by the number of a unit in the plan: -1
    for any other, None for none. `unsaid` are those that a value without a unit has beside, in each unit that is read.
    """

    slice: Slice
    units: frozenset[str]
    limits: dict[int | None, tuple[int, int]] = field(compare=False)
    unsaid: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class QueryPlan:
    """All that a run reads and decides, in order. `columns` says of which node and part each column is."""

    achievement: date
    start: date
    end: date
    stages: tuple[Stage, ...]
    indicators: tuple[Decision, ...]
    slices: dict[Slice, int] = field(compare=False)
    columns: dict[tuple[Node, int], int] = field(compare=False)
    needs: frozenset[str] = frozenset()
    """Which columns of a record are read at all: value, unit, episode, reading, code."""
    units: tuple[str, ...] = ()
    """The units that are asked for, and then those that have limits, by their keys."""
    texts: frozenset[Slice] = frozenset()
    """The slices of whose records the reading or the code is read; it is kept of no others."""
    more: frozenset[Slice] = frozenset()
    """The slices of whose records more than the date is read."""
    values: tuple[ValuesRead, ...] = ()
    """Whose values are read at all."""
    facts: frozenset[str] = frozenset()
    """Columns of the patients that are read for the sake of some rule."""
    answers: tuple[str, ...] = ()
    """The clusters that answers are asked to be in."""
    before: tuple[Dates, ...] = ()
    """The years before the run that some rule asks after, the latest first."""

    def nodes(self) -> Iterator[Node]:
        """Every node, in the order of the stages."""
        for stage in self.stages:
            yield from stage.nodes
