"""The payments of practices as a file: each with its day, what it is for, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from remit.core import say
from remit.documents.blocks import Amounts, Block, Cell, Column, Document, Heading, Para, Row, Table
from remit.documents.figures import pounds
from remit.payment.book import RECOVERY

KINDS = {
    "instalment": "Instalment", "activity": "Activity", "balance": "Balance", "recovery": "Recovery",
    "adjustment paid": "Adjustment", "restatement": "Restatement", "adjustment": "Adjustment",
}  # fmt: skip
"""What each kind of payment is called."""


def kind_of(kind: str) -> str:
    """The name of a kind of payment."""
    return KINDS.get(kind, say.capital(kind))


@dataclass(frozen=True)
class Paid:
    """A payment of the ledger: pence above zero to the practice, below zero from it; `why` in words."""

    number: int
    day: date
    practice: str
    scheme: str
    kind: str
    pence: int
    why: str


@dataclass(frozen=True)
class ToCome:
    """What falls due later by what is known now; no day where it is not known yet."""

    day: date | None
    practice: str
    scheme: str
    kind: str
    pence: int


def payments(title: str, paid: Sequence[Paid], to_come: Sequence[ToCome] = ()) -> Document:
    """The document: the sums first, then each payment, then what is to come."""
    blocks: list[Block] = [Heading(1, title), Para(_answer(paid), "lead"), *_sums(paid)]
    if paid:
        columns = (
            Column("Number", 1), Column("Day", 2), Column("Practice", 2), Column("Scheme", 4), Column("What", 2),
            Column("Pounds", 2, True), Column("Why", 5),
        )  # fmt: skip
        blocks.append(Table("Payments, by their days", columns, tuple(_paid_rows(paid))))
    if to_come:
        later = (
            Column("Day", 2), Column("Practice", 2), Column("Scheme", 4), Column("What", 2), Column("Pounds", 2, True),
        )  # fmt: skip
        blocks.append(Table("To come, by what is known now", later, tuple(_rows_to_come(to_come))))
    return Document(title, tuple(blocks), wide=True)


def _answer(paid: Sequence[Paid]) -> str:
    if not paid:
        return "Nothing was paid yet."
    went, came = (sum(one.pence for one in paid if (one.pence > 0) is sign) for sign in (True, False))
    back = f", and {say.money(-came)} was paid back" if came else ""
    return f"{say.money(went)} was paid{back}."


def _sums(paid: Iterable[Paid]) -> Iterator[Block]:
    sums: dict[str, int] = {}
    for one in paid:
        sums[one.kind] = sums.get(one.kind, 0) + one.pence
    if sums:
        yield Amounts(tuple((kind_of(kind), pounds(pence, f"sum/{kind}")) for kind, pence in sums.items()))


def _paid_rows(paid: Iterable[Paid]) -> Iterator[Row]:
    for one in paid:
        name = f"{one.practice}/{one.number}"
        yield Row((
            str(one.number), Cell(say.day(one.day), f"{name}/day", one.day, "day"), one.practice, one.scheme,
            kind_of(one.kind), pounds(one.pence, f"{name}/pounds"), one.why,
        ))  # fmt: skip


def _rows_to_come(to_come: Iterable[ToCome]) -> Iterator[Row]:
    for n, one in enumerate(to_come, 1):
        day = Cell(say.day(one.day), f"to-come/{n}/day", one.day, "day") if one.day else "not known yet"
        pence = -one.pence if one.kind == RECOVERY else one.pence
        yield Row((day, one.practice, one.scheme, kind_of(one.kind), pounds(pence, f"to-come/{n}/pounds")))
