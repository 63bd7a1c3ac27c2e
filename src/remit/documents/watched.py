"""What is watched and pays nothing, over several practices: one verdict on each. No rate and no count of people is
shown, so that it may stand before a commissioner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from remit.core.words import agreed
from remit.documents.blocks import Block, Cell, Column, Heading, Para, Row, Table
from remit.documents.figures import count
from remit.runs.overview import Position
from remit.scoring.monitoring import LOOK, WatchedVerdict


def verdicts(those: Sequence[Position], figure: str) -> Iterator[Block]:
    """The practices with their verdicts, those to be looked at first; nothing where none has one."""
    found = [(one, one.verdict) for one in those if one.verdict is not None]
    if not found:
        return
    found.sort(key=lambda pair: (pair[1].finding != LOOK, pair[1].finding, pair[0].code))
    look = sum(one.finding == LOOK for _, one in found)
    yield Heading(2, "What is watched, and pays nothing")
    yield Para(f"Of {len(found):,} {agreed('practice{|s}', len(found))} {look or 'none'} "
               f"{agreed('{is|are}', look or 1)} to be looked at.")  # fmt: skip
    columns = (
        Column("Practice", 3.5), Column("Verdict", 3), Column("Indicators", 1.8, True),
        Column("Compared", 1.8, True), Column("Below", 1.6, True), Column("Significantly", 2, True),
    )  # fmt: skip
    rows = (Row(tuple(_cells(one, verdict, f"{figure}{one.code}/watched"))) for one, verdict in found)
    yield Table("Verdicts on what is watched", columns, tuple(rows), sortable=True)


def _cells(one: Position, found: WatchedVerdict, figure: str) -> Iterator[Cell]:
    yield Cell(f"{one.name} ({one.code})" if one.name and one.name != one.code else one.code)
    yield Cell(found.finding, tone="poor" if found.finding == LOOK else "")
    yield count(found.indicators, f"{figure}/indicators")
    yield count(found.compared, f"{figure}/compared")
    yield count(found.below, f"{figure}/below")
    yield count(found.significantly, f"{figure}/significantly", "not asked")
