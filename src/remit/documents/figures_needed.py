"""Which figures schemes need, as blocks: what is to be counted or declared, and the columns of the practices file."""

from __future__ import annotations

from collections.abc import Sequence

from remit.documents.blocks import Column, Document, Heading, Para, Row, Table
from remit.scoring.wanted import WantedFigure


def figures_needed(
    schemes: Sequence[str], figures: Sequence[WantedFigure], columns: Sequence[str], claims: bool
) -> Document:
    """The figures, each on a line with whether it is needed."""
    title = f"The figures that {' and '.join(schemes)} need{'s' if len(schemes) == 1 else ''}"
    rows = (
        Row((one.subject, one.measure, one.period, "optional" if one.optional else "needed", one.words))
        for one in figures
    )
    heads = (Column("Item", 2), Column("Measure", 3), Column("Period", 2), Column("", 2), Column("What", 7))
    last = f"The practices file: {', '.join(columns)}."
    last += " ACTIVITY may come from a file of claims in their place." if claims else ""
    blocks = (Heading(1, title), Table("In the file of counts", heads, tuple(rows)), Para(last))
    return Document(title, blocks)
