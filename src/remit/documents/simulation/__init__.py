"""A simulation as blocks: the answer, reforms side by side, then each reform by group, practice, effort and limit."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from remit.analysis.simulation.results import ReformOutcome, Simulation
from remit.comparison.before_after import PricedUnit
from remit.core import say
from remit.documents.blocks import Block, Document, Heading, Para
from remit.documents.simulation.answer import answer, side_by_side
from remit.documents.simulation.how import how
from remit.documents.simulation.income import concentrated, effort, profile_table
from remit.documents.simulation.limits import assumptions, behaviour, changes, limits, preface
from remit.documents.simulation.who import by_group, chart, in_short, not_given, practices
from remit.runs.networks import NETWORK

__all__ = ["preface", "short", "simulation", "title"]

_GROUPS = 6
"""How many groups of one kind a terminal shows at most."""


def simulation(results: Simulation, every_row: bool = False) -> Document:
    """The whole report; of very many practices and networks a page lists those that move most, or `every_row`."""
    most = {"most": sys.maxsize} if every_row else {}
    blocks: list[Block] = [*_first(results)]
    for one in results.reforms:
        level = 3 if len(results.reforms) > 1 else 2
        if level == 3:
            blocks.append(Heading(2, f"Reform: {one.title}", fresh=True))
        blocks += [
            *assumptions(one),
            *chart(one, level),
            *by_group(results, one, level, **most),
            *limits(one, level),
            *effort(one, level),
            *concentrated(one, level),
            *profile_table(one, level),
            *behaviour(one, level),
            *changes(one),
            *practices(results, one, level, **most),
        ]
    return Document(title(results), (*blocks, how(results)), wide=True)


def short(results: Simulation) -> Document:
    """What a terminal shows."""
    blocks: list[Block] = [*_first(results)]
    for one in results.reforms:
        if len(results.reforms) > 1:
            blocks.append(Heading(2, f"Reform: {one.title}"))
        blocks += [*in_short(results, one, _GROUPS), *limits(one, 2)]
    return Document(title(results), tuple(blocks))


def title(results: Simulation) -> str:
    """What the document is called."""
    return f"Simulation: {'; '.join(results.titles)}"


def _first(results: Simulation) -> Iterator[Block]:
    yield Heading(1, title(results))
    for one in results.reforms:
        yield Para(answer(one), "lead")
    if results.counted_on:
        yield Para(say.within_the_year(results.counted_on), "reason")
    for one in results.reforms:
        yield from _open(one)
    if results.no_draws:
        yield Para(results.no_draws, "reason")
    for text in dict.fromkeys(text for one in results.reforms for text in one.not_drawn):
        yield Para(text, "reason")
    yield from side_by_side(results)
    yield from not_given(results)


def _open(one: ReformOutcome) -> Iterator[Block]:
    """Whose difference is not known."""
    unknown = [unit for unit in one.units if unit.difference is None]
    if unknown:
        names = ", ".join(unit.code for unit in unknown[:8])
        more = f" and {len(unknown) - 8:,} more" if len(unknown) > 8 else ""
        why = _why(one, unknown[0])
        yield Para(f"{one.title}: not known for {names}{more}, and in no sum here. {why.code}: {why.reason}", "reason")


def _why(one: ReformOutcome, unit: PricedUnit) -> PricedUnit:
    """Of one that is paid through a network whose money is not known, the network: it knows why."""
    networks = {of.code: of for of in one.sides.units if of.level == NETWORK and of.difference is None}
    return networks.get(unit.network, unit) if unit.through else unit
