"""What a reform changes, the limits and the funding rule that it is checked against, and the behaviour assumed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from remit.analysis.simulation.results import ReformOutcome
from remit.core import say
from remit.documents.blocks import Block, Bullets, Cell, Column, Fold, Heading, Para, Row, Table

NOBODY = "Nobody is taken to behave otherwise because of the reform."
_KEPT: dict[bool | None, tuple[str, Literal["good", "poor", "quiet"]]] = {
    True: ("kept", "good"),
    False: ("broken", "poor"),
    None: ("no limit set", "quiet"),
}


def changes(one: ReformOutcome) -> Iterator[Block]:
    """What the reform changes, folded away, and what it rests on."""
    if one.changes:
        yield Bullets(one.changes)
    moved = one.sides.moved
    if moved:
        rows = tuple(Row((each.item, each.name, each.before, each.after)) for each in moved)
        columns = (Column("Item", 2), Column("Number", 3), Column("Now", 4), Column("Under the reform", 4))
        yield Fold("The numbers that are otherwise", (Table("The numbers that the reform changes", columns, rows),))


def limits(one: ReformOutcome, level: int) -> Iterator[Block]:
    """Each limit, whether it is kept, and why."""
    if not one.verdicts:
        return
    yield Heading(level, "Limits and funding")
    rows = []
    for verdict in one.verdicts:
        text, tone = _KEPT[verdict.kept]
        rows.append(Row((say.capital(verdict.name), Cell(text, tone=tone), verdict.text)))
    columns = (Column("Limit", 4), Column("", 2), Column("Why", 7))
    yield Table("The reform beside its limits", columns, tuple(rows))


def behaviour(one: ReformOutcome, level: int) -> Iterator[Block]:
    """What practices are taken to do otherwise, with its sources and what speaks against it."""
    yield Heading(level, "Behaviour")
    if one.behaviour:
        yield Bullets(one.behaviour)
    else:
        yield Para(NOBODY)
