"""What differs between what a practice declared and what its figures come to now: pounds first, then item by item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from remit.core import say
from remit.documents.blocks import Block, Column, Document, Heading, Para, Row, Table
from remit.documents.figures import change, pounds
from remit.runs.practice_payment import PracticePayment


@dataclass(frozen=True)
class Payments:
    """What was declared, and what it is now (None where there are no figures any more); `names` are what the two
    extracts are called."""

    practice: str
    then: PracticePayment
    now: PracticePayment | None
    names: tuple[str, str]


def declaration_difference(payments: Payments, moved: Document | None) -> Document:
    """The pounds then and now, and what moved, as the comparison of the two runs has it."""
    title = f"What differs from what {payments.practice} declared"
    blocks = [Heading(1, title), Para(_answer(payments), "lead"), *_amounts(payments)]
    if moved is not None:
        blocks += [one for one in moved.blocks if not _said_above(one)]
    return Document(title, tuple(blocks), wide=True)


def _said_above(block: Block) -> bool:
    """The title and the answer of the comparison, which this document says in its own words."""
    return (isinstance(block, Heading) and block.level == 1) or (isinstance(block, Para) and block.kind == "lead")


def _answer(payments: Payments) -> str:
    then, now = payments.then.earned, payments.now.earned if payments.now else None
    if then is None or now is None:
        why = f" {payments.now.reason}" if payments.now and payments.now.reason else ""
        return f"Declared was {say.money(then or 0)}. By the newer figures it is not known what is earned.{why}"
    if now == then:
        return f"The award is {say.money(now)} as before; what differs is how it comes about, or when it is paid."
    way = "more" if now > then else "less"
    size = say.money(abs(now - then))
    return f"Declared was {say.money(then)}. By the newer figures it is {say.money(now)}: {size} {way}."


def _amounts(payments: Payments) -> Iterator[Block]:
    columns = (
        Column("", 3, kept=True), Column(payments.names[0], 2, True), Column(payments.names[1], 2, True),
        Column("Difference", 2, True, kept=True),
    )  # fmt: skip
    rows = []
    for name, words in _NAMES.items():
        then = getattr(payments.then, name)
        now = getattr(payments.now, name) if payments.now else None
        if then is None and now is None:
            continue
        moved = None if then is None or now is None else now - then
        cells = (pounds(then, f"{name}/then"), pounds(now, f"{name}/now"), change(moved, f"{name}/difference"))
        rows.append(Row((words, *cells)))
    yield Table("Then and now", columns, tuple(rows))


_NAMES = {
    "earned": "The award", "advance": "Paid in the year", "balance": "Balance to pay", "recovery": "To recover",
}  # fmt: skip
