"""What more a practice or network could earn: each change of counts once, and no loss."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from remit.core import say
from remit.documents import figures
from remit.documents.blocks import Block, Cell, Column, Fold, Heading, Para, Row, Table
from remit.documents.statement.calculation_steps import is_measured
from remit.documents.statement.model import ItemStatement, Statement
from remit.pricing.prospects import Prospect
from remit.scoring.achievement import Achievement


def more_blocks(statement: Statement) -> Iterator[Block]:
    """The table of every step above, most pounds for a patient first, folded away: the items have the next of each."""
    steps = shown_ahead(statement)
    if not steps and all(view.item.kind.by_figures for view in statement.items):
        return
    measured = [view for view in statement.items if is_measured(view.award)]
    if not steps and not any(view.award.achievement != Achievement() for view in measured):
        return
    if not steps:
        yield Heading(2, "What more could be earned")
        waits = "every item is at its highest step, or waits for its counts"
        if any(view.item.kind.by_figures for view in statement.items):
            waits = "what pays by achievement is at its highest step, or waits for its counts"
        yield Para(f"Nothing that can be calculated: {waits}.")
        return
    rest = (
        Para(
            f"Each line stands alone, by {statement.by}, with all other counts{_and_budget(statement)} as they are. "
            "Most pounds per patient come first."
        ),
        _table(statement, steps),
    )
    yield Fold("What more could be earned, step by step", rest)


def _table(statement: Statement, steps: list[Prospect]) -> Table:
    linear = any(view.item.kind.unit == "points" for view in statement.items)
    titles = {item.item: say.clean(item.title) for item in statement.result.scheme.items}
    titles |= {view.code: view.title for view in statement.items}
    rows = []
    for n, p in enumerate(steps, 1):
        at = f"{statement.code}/more/{n}"
        gain = figures.change(p.pence, f"{at}/worth")
        first = figures.change(p.first, f"{at}/first") if p.first is not None and p.first > 0 else Cell("")
        people = Cell("")
        if p.patients is not None:
            people = Cell(f"{p.patients:,}{' fewer' if p.fewer else ''}", f"{at}/patients", p.patients, "count")
        item = f"{p.whose}  {titles.get(p.whose, '')}".strip()
        cells = (item, say.capital(reaches(p)), people, gain)
        rows.append(Row((*cells, first) if linear else cells))
    columns = [
        Column("Item", 6),
        Column("To reach", 2.4),
        Column("More patients", 1.4, True),
        Column("Worth", 1.8, True, kept=True),
    ]
    columns += [Column("One more patient now", 1.8, True)] if linear else []
    return Table("Steps above, and what reaching them is worth", tuple(columns), tuple(rows))


def reaches(step: Prospect) -> str:
    """What a step reaches, without the item whose figures change, where that is named beside it."""
    return step.reaches.removeprefix(f"{step.whose} ") if step.whose != step.item else step.reaches


def next_step(view: ItemStatement) -> Prospect | None:
    """The nearest step that pays more, of those of an item's own and of its gates'."""
    steps = [p for p in view.prospects if p.change and (p.pence is None or p.pence > 0)]
    return min(steps, key=lambda p: (p.patients is None, p.patients or 0), default=None)


def needed(step: Prospect, view: ItemStatement) -> str:
    """What a step takes, short: `13 more: from 77%`, `10 fewer: up to 40%`, `training declared`."""
    what = step.reaches if step.whose != view.code else reaches(step)
    if step.patients is None:
        return what
    return f"{step.patients:,} {'fewer' if step.fewer else 'more'}: {what}"


def within_reach(statement: Statement) -> str:
    """The best next steps in a sentence, each with what it takes and the day on which it expires; '' with none."""
    best = [p for p in shown_ahead(statement) if p.pence and p.patients is not None and not p.fewer]
    first = best[:1]
    if not first:
        return ""
    each = [
        f"{say.money(p.pence or 0)} for {say.patients(p.patients or 0, 'more ')} of {say.item(p.whose)}"
        for p in best[:3]
    ]
    if len(best) == 1:
        return f"Within reach: {each[0]} ({reaches(first[0])}). It expires on {statement.by}."
    return f"Within reach, each by itself: {say.listed(each)}. They expire on {statement.by}."


def shown_ahead(statement: Statement) -> list[Prospect]:
    """What is ahead, without what would show the counts of a sensitive item."""
    private = {view.code for view in statement.items if view.sensitive}
    return [p for p in ahead(statement) if p.whose not in private]


def ahead(statement: Statement) -> list[Prospect]:
    """What more could be earned, most pounds for a patient first: each change of figures once, and none that pays no
    more than one that takes fewer patients."""
    every = [p for view in statement.items for p in view.prospects if p.change and (p.pence is None or p.pence > 0)]
    best: dict[tuple[str, bool], int] = {}
    steps: dict[frozenset[tuple[object, int]], Prospect] = {}
    for p in sorted(every, key=lambda p: (p.patients or 0, p.whose != p.item)):
        counter = p.whose, p.fewer
        if frozenset(p.change.items()) in steps or (p.patients and (p.pence or 0) <= best.get(counter, -1)):
            continue
        if p.patients and p.pence is not None:
            best[counter] = p.pence
        steps[frozenset(p.change.items())] = p
    worth = {change for change, p in steps.items() if p.pence}
    return sorted(
        (p for change, p in steps.items() if not any(part < change for part in worth)),
        key=lambda p: (p.pence is None, -Fraction(p.pence or 0, p.patients or 1), p.patients or 0, p.whose),
    )


def _and_budget(statement: Statement) -> str:
    """What else stays, where a budget scales the awards."""
    return " and the budget's factor" if statement.result.scheme.scaled_to else ""
