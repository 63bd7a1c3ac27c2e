"""Terms, conditions and nodes of the plan: what is compared, what is asked, what is summed up from the records.

A node is a frozen value, so that two that say the same are equal, and a plan is the same however it was come by.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from remit.rules import model as r

MICRO = 2_000_000
"""Numbers are whole half-millionths: twice the six decimals that a store keeps, so that what is above a number or below
it begins half a millionth beside it."""

OPEN = 2 * 10**12 * MICRO
"""Beyond every number: where a value that is only known to be above or below a number has its other end."""

Slice = tuple[str, ...]
"""Clusters that are read together, sorted: a record whose code is in several of them is one record."""

Kind = Literal["date", "whole", "micro"]
"""What a column is. `whole` are counts and ages, `micro` are values in half-millionths."""

How = Literal[
    "latest", "earliest", "records", "days", "codes", "lowest", "highest", "mean", "last", "only",
    "end of latest", "end of earliest", "time of latest", "time of earliest",
]  # fmt: skip

Part = Literal["date", "ends", "time", "value", "episode", "status", "negation", "answer"]
"""A part of a record. `ends` is its last day: its own, the last of all while it lasts, missing where nobody knows."""


# Terms.


@dataclass(frozen=True)
class Const:
    """A date, a whole number of half-millionths, or a word."""

    value: date | int | str


@dataclass(frozen=True)
class Missing:
    """A date that no calendar has: 9999-12-31 and a day more."""


@dataclass(frozen=True)
class Fact:
    """What is known of a patient without a code: dob, age, sex, died, reg, reg_at_death."""

    name: str


@dataclass(frozen=True)
class NodePart:
    """A column of a node: the date, value or count that it came to."""

    node: Summary | ReadingNode | SupplyNode
    part: int = 0


@dataclass(frozen=True)
class Own:
    """A part of the record under test."""

    part: Part


@dataclass(frozen=True)
class Outer:
    """A part of a record around the one under test, named from beside it; the outermost is at level 0."""

    level: int
    part: Part


@dataclass(frozen=True)
class Age:
    """Full years on a date."""

    on: Term


@dataclass(frozen=True)
class Shifted:
    """A date moved by calendar units; an end that has not come (`endless`) stays so."""

    term: Term
    amount: int
    unit: r.Unit
    endless: bool = False


@dataclass(frozen=True)
class Extreme:
    """The later or earlier of dates, those that are missing left out."""

    which: Literal["later", "earlier"]
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class HowMany:
    """How many of some columns are not missing."""

    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Choice:
    """A number in millionths: that of the first condition that is true, else `otherwise`; None is missing."""

    cases: tuple[tuple[Condition, int | None], ...]
    otherwise: int | None


Term = Choice | Const | Missing | Fact | NodePart | Own | Outer | Age | Shifted | Extreme | HowMany


# Conditions.


@dataclass(frozen=True)
class Compare:
    """`left op right`; false where a side is missing."""

    left: Term
    op: r.Comparison
    right: Term


@dataclass(frozen=True)
class IsNull:
    """Whether a term is missing."""

    term: Term
    absent: bool


@dataclass(frozen=True)
class On:
    """Whether the patient is on a register."""

    register: str
    on: bool


@dataclass(frozen=True)
class Least:
    """At least so many of the conditions."""

    least: int
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Every:
    """All of the conditions; of none it is true."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Either:
    """One of the conditions; of none it is false."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Beside:
    """Whether there is a record of the slice, beside the one under test, that passes; with `absent`, that none does."""

    slice: Slice
    where: Condition
    absent: bool = False


@dataclass(frozen=True)
class OneOf:
    """A patient's fact is one of these texts, as they are stored."""

    fact: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class UnitIs:
    """The record's unit is this one, by its key; or it has none, and its value is one that can be in this unit.

    `limits` are the lowest and the highest such value in millionths: one pair for each slice that the node reads.
    """

    key: str
    limits: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class AnswerIn:
    """The record's answer is a code of the cluster."""

    cluster: str


Condition = Compare | IsNull | On | Least | Every | Either | Beside | OneOf | UnitIs | AnswerIn

TRUE, FALSE = Every(()), Either(())


# Nodes: what is summarised from the records, patient by patient.


@dataclass(frozen=True)
class Summary:
    """The records of a slice that pass, summarised in one of some ways."""

    how: How
    slice: Slice
    where: Condition

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Of each column: a value has two ends; a mean is the sum of low ends, in two halves that fit 64 bits, how
        many, and the sum of high ends."""
        if self.how in ("latest", "earliest", "end of latest", "end of earliest"):
            return ("date",)
        if self.how in ("records", "days", "codes", "time of latest", "time of earliest"):
            return ("whole",)
        return ("whole",) * 5 if self.how == "mean" else ("micro", "micro")


@dataclass(frozen=True)
class ReadingNode:
    """The latest or earliest reading with a value in each of the clusters: its date, the values' low ends, the high."""

    which: Literal["latest", "earliest"]
    halves: tuple[str, ...]
    where: Condition

    @property
    def kinds(self) -> tuple[Kind, ...]:
        micro: Kind = "micro"
        return ("date", *(micro for _ in 2 * self.halves))


@dataclass(frozen=True)
class SupplyNode:
    """What records cover of a window: how many days, the longest gap, or the first day of a gap of `least` days."""

    what: r.SupplyOf
    slice: Slice
    first: Term
    last: Term
    least: int
    until: date | None = None
    """The day up to which records are seen, where that is not the run's."""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return ("date",) if self.what in ("earliest", "latest") else ("whole",)

    @property
    def where(self) -> Condition:
        """What it rests on: that there is a window."""
        return Compare(self.first, "<=", self.last)


Node = Summary | ReadingNode | SupplyNode


def ends_apart(node: Node) -> int:
    """How many columns after the low end of a value its high end stands; 0 for what has no ends."""
    if isinstance(node, ReadingNode):
        return len(node.halves)
    return {("micro", "micro"): 1, ("whole",) * 5: 3}.get(node.kinds, 0)


def inside(thing: Term | Condition) -> Iterator[Term | Condition]:
    """A term or condition and all within it; not what its columns rest on in their turn."""
    yield thing
    for part in _below(thing):
        yield from inside(part)


def own_parts(thing: Term | Condition) -> frozenset[Part]:
    """The parts of its own record that a filter names; a record beside it is another."""
    if isinstance(thing, Own):
        return frozenset((thing.part,))
    below = () if isinstance(thing, Beside) else _below(thing)
    return frozenset().union(*map(own_parts, below))


def _below(thing: Term | Condition) -> tuple[Term | Condition, ...]:
    """What stands directly in a term or condition."""
    match thing:
        case Every() | Either() | Least():
            return thing.parts
        case Compare():
            return (thing.left, thing.right)
        case IsNull() | Shifted():
            return (thing.term,)
        case Beside():
            return (thing.where,)
        case Age():
            return (thing.on,)
        case Extreme() | HowMany():
            return thing.terms
        case Choice():
            return tuple(condition for condition, _ in thing.cases)
        case Const() | Missing() | Fact() | NodePart() | Own() | Outer() | On() | OneOf() | UnitIs() | AnswerIn():
            return ()
        case _:
            assert_never(thing)
