"""What more a practice or network could earn, as a table of its statement: each change of counts once, and no loss."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from remit.core import say
from remit.documents.blocks import Block, Column, Heading, Para, Row, Table
from remit.documents.statement.calculation_steps import is_measured
from remit.documents.statement.model import Statement
from remit.pricing.prospects import Prospect
from remit.scoring.achievement import Achievement


def more_blocks(statement: Statement) -> Iterator[Block]:
    """The table of what lies above, most pounds for a patient first."""
    found = ahead(statement)
    if not found and all(view.item.kind.by_figures for view in statement.items):
        return
    measured = [view for view in statement.items if is_measured(view.award)]
    if not found and not any(view.award.achievement != Achievement() for view in measured):
        return
    yield Heading(2, "What more could be earned")
    if not found:
        waits = "every item stands at its highest bound, or waits for its counts"
        if any(view.item.kind.by_figures for view in statement.items):
            waits = "what pays by achievement stands at its highest bound, or waits for its counts"
        yield Para(f"Nothing that can be reckoned: {waits}.")
        return
    linear = any(view.item.kind.unit == "points" for view in statement.items)
    titles = {item.item: say.clean(item.title) for item in statement.result.scheme.items}
    titles |= {view.code: view.title for view in statement.items}
    rows = []
    for p in found:
        gain = say.gain(p.pence) if p.pence is not None else "not known"
        first = say.gain(p.first) if p.first is not None and p.first > 0 else ""
        people = "" if p.patients is None else f"{p.patients:,}{' fewer' if p.fewer else ''}"
        reaches = p.reaches.removeprefix(f"{p.whose} ") if p.whose != p.item else p.reaches
        cells = (f"{p.whose}  {titles.get(p.whose, '')}".strip(), say.capital(reaches), people, gain)
        rows.append(Row((*cells, first) if linear else cells))
    columns = [
        Column("Item", 6),
        Column("To reach", 2.4),
        Column("More patients", 1.4, True),
        Column("Worth", 1.8, True),
    ]
    columns += [Column("One more patient now", 1.8, True)] if linear else []
    yield Para(
        f"Each line stands alone, by {statement.by}, with all other counts as they are. "
        "Most pounds per patient come first."
    )
    yield Table("Bounds above the practice, and what reaching them is worth", tuple(columns), tuple(rows))


def ahead(statement: Statement) -> list[Prospect]:
    """What more could be earned, most pounds for a patient first: each change of figures once, and none that pays no
    more than one that takes fewer patients."""
    every = [p for view in statement.items for p in view.prospects if p.change and (p.pence is None or p.pence > 0)]
    best: dict[tuple[str, bool], int] = {}
    found: dict[frozenset[tuple[object, int]], Prospect] = {}
    for p in sorted(every, key=lambda p: (p.patients or 0, p.whose != p.item)):
        counter = p.whose, p.fewer
        if frozenset(p.change.items()) in found or (p.patients and (p.pence or 0) <= best.get(counter, -1)):
            continue
        if p.patients and p.pence is not None:
            best[counter] = p.pence
        found[frozenset(p.change.items())] = p
    worth = {change for change, p in found.items() if p.pence}
    return sorted(
        (p for change, p in found.items() if not any(part < change for part in worth)),
        key=lambda p: (p.pence is None, -Fraction(p.pence or 0, p.patients or 1), p.patients or 0, p.whose),
    )
