"""What a scheme pays lists of several sizes: full achievement in all and a head."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from remit.core import say
from remit.documents.blocks import Block, Cell, Column, Document, Heading, Para, Row, Table
from remit.documents.figures import count, pounds
from remit.documents.pack.model import Pack


def funding(pack: Pack) -> Document:
    """Full achievement for lists of several sizes; what is not known is said, and never nought."""
    title = f"{pack.card.scheme.title}: funding"
    return Document(title, tuple(_blocks(pack, title)), foot=title, public=True)


def _blocks(pack: Pack, title: str) -> Iterator[Block]:
    worth = pack.card.worth
    yield Heading(1, title)
    known = {size: pence for size, pence in pack.worth.items() if pence is not None}
    if not known:
        yield Para("What full achievement pays is not known before figures are given.", "lead")
    elif worth.patients is None:
        first = next(iter(known.values()))
        yield Para(f"Full achievement pays {say.money(first)} to each practice or network, whatever its list.", "lead")
    else:
        first, last = min(known), max(known)
        yield Para(
            f"Full achievement pays {say.money(known[first])} for {say.patients(first)}, and {say.money(known[last])} "
            f"for {say.patients(last)}.",
            "lead",
        )
    if known and worth.patients is not None:
        rows = tuple(_row(size, pence) for size, pence in pack.worth.items())
        columns = (Column("List", 3), Column("Full achievement", 3, True), Column("A head", 2, True))
        yield Table("What full achievement pays", columns, rows)
        yield Para(
            "With every prevalence and target population as the nation's, and a weighted list as long as the list."
        )
    if worth.unpriced:
        yield Para(f"Without {say.listed(worth.unpriced)}, whose worth must still be supplied.", "reason")
    if worth.unlimited:
        yield Para(f"Without {say.listed(worth.unlimited)}, which pays by its figures and has no set limit.")


def _row(size: int, pence: int | None) -> Row:
    if pence is None:
        return Row((say.patients(size), Cell("not known"), ""))
    each = Fraction(pence, 100 * size)
    head = Cell(say.pounds(each, 4), f"{size}/head", each, "number")
    return Row((count(size, f"{size}/list"), pounds(pence, f"{size}/pounds"), head))
