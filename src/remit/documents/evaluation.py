"""What an evaluation counted, indicator by indicator, and what of the scheme no record can tell."""

from __future__ import annotations

from collections.abc import Iterator

from remit.documents.blocks import Block, Bullets, Cell, Column, Document, Para, Row, Table
from remit.evaluation.folder import Evaluated
from remit.evaluation.plan import Plan

_CATEGORIES = ("achieved", "not_achieved", "pca", "exclusion")
_COLUMNS = (
    Column("Indicator", 4, kept=False),
    Column("Achieved", 2, True, kept=True),
    Column("Not achieved", 2, True),
    Column("PCA", 2, True),
    Column("Exclusion", 2, True),
    Column("Rules of", 3),
    Column("Status", 3),
)


def evaluation(evaluated: Evaluated) -> Document:
    """The counts of every indicator over all practices."""
    return Document("Counts from records", tuple(_blocks(evaluated)), wide=True)


def _blocks(evaluated: Evaluated) -> Iterator[Block]:
    if evaluated.plan is None:
        return
    rows = []
    for code, definition in evaluated.plan.definitions().items():
        of = evaluated.categories.get(code, {})
        counts = [Cell(f"{(n := of.get(one, 0)):,}", f"{code}/{one}", n, "count") for one in _CATEGORIES]
        rows.append(Row((code, *counts, str(definition.years or definition.version), definition.status)))
    yield Table("Patients by indicator", _COLUMNS, tuple(rows))
    yield from supplied_blocks(evaluated.plan)


def supplied_blocks(plan: Plan) -> Iterator[Block]:
    """What of a scheme no record can tell, reason by reason."""
    reasons: dict[str, list[str]] = {}
    for subject, why in plan.supplied.items():
        reasons.setdefault(why.removeprefix(f"{subject} "), []).append(subject)
    if reasons:
        yield Para("Not counted, to be supplied:")
        yield Bullets(tuple(f"{', '.join(subjects)}: {why}." for why, subjects in reasons.items()))
