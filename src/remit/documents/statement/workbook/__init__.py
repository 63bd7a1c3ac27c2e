"""A statement as a workbook: counts, rules and weights are cells, and the pounds are live formulas over them.

Change a count and the pounds follow, rounded where the scheme rounds. Each formula carries the engine's own result as
its cached value, so the workbook shows the right figures before anything recalculates it.
"""

from __future__ import annotations

from remit.documents.statement.model import Statement
from remit.documents.statement.workbook.book import Book, Sheet
from remit.documents.statement.workbook.items import ITEMS_TOP, Items
from remit.documents.statement.workbook.rules import StepRules, WeightRules
from remit.documents.statement.workbook.schedule import Schedule
from remit.documents.statement.workbook.sources import Sources
from remit.documents.statement.workbook.summary import Summary
from remit.documents.statement.workbook.workings import Network, Workings
from remit.scheme.kinds import Steps


def workbook(statement: Statement) -> bytes:
    """The workbook's bytes. Sheets: Summary, Items, the rules that the scheme has, the workings of items that are
    calculated from figures, the network, Schedule, Sources."""
    kinds: list[type[Sheet]] = [Summary, Items]
    if any(view.award.factors for view in statement.items):
        kinds.append(WeightRules)
    if any(isinstance(view.item.kind, Steps) for view in statement.items):
        kinds.append(StepRules)
    if any(
        view.award.calculation or view.award.item.requires or view.award.only_if or view.award.trail
        for view in statement.items
    ):
        kinds.append(Workings)
    if statement.result.pool is not None or statement.result.parts:
        kinds.append(Network)
    kinds += [Schedule, Sources]
    book = Book(statement, [kind.name for kind in kinds])
    book.at.rows = {view.code: ITEMS_TOP + n + 1 for n, view in enumerate(statement.items)}
    # The items refer to the rules, whose sheets stand behind them.
    for kind in sorted(kinds, key=lambda kind: kind is Items or kind is Schedule):
        kind(book).write()
    return book.bytes()
