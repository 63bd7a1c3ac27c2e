"""Ledger entries, from the commissioner's side: immutable, dated, each transaction summing to zero.

Accounts: `cash`, `paid in advance` (what practices hold on account), `scheme cost`, `owed to practices` (below zero:
we owe them; above: they owe us). What has no day yet (a balance or recovery whose date was not given) is no entry
yet: it stands open in `owed to practices`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from remit.payment.instalments import DuePayment

CASH, ADVANCE, COST, OWED = "cash", "paid in advance", "scheme cost", "owed to practices"


@dataclass(frozen=True)
class LedgerEntry:
    """One line of a transaction, in pence; debits are above zero, credits below."""

    transaction: str
    day: date
    account: str
    practice: str
    pence: int
    memo: str


def entries(
    practice: str,
    scheme: str,
    schedule: Sequence[DuePayment],
    earned: int | None,
    advanced: int,
    year_end: date,
    merged: bool = False,
) -> Iterator[LedgerEntry]:
    """The entries of a practice's year, in the order of their days. `earned` is None until the award is final.

    Of one that `merged`, what it was paid for activity is an advance on its successor's award.
    """
    dated = sorted(((due.day, due) for due in schedule if due.day), key=lambda pair: pair[0])
    before = [due for day, due in dated if due.kind == "instalment"]
    delivered = [due for day, due in dated if due.kind == "activity"]
    after = [due for day, due in dated if due.kind in ("balance", "recovery")]
    number = 0

    def move(day: date, debit: str, credit: str, pence: int, memo: str) -> Iterator[LedgerEntry]:
        nonlocal number
        number += 1
        name = f"{practice}-{number:03d}"
        yield LedgerEntry(name, day, debit, practice, pence, f"{scheme}: {memo}")
        yield LedgerEntry(name, day, credit, practice, -pence, f"{scheme}: {memo}")

    for n, due in enumerate(before, 1):
        assert due.day is not None
        yield from move(due.day, ADVANCE, CASH, due.pence, f"instalment {n} of {len(before)}")
    for n, due in enumerate(delivered, 1):
        assert due.day is not None
        yield from move(
            due.day, ADVANCE if merged else COST, CASH, due.pence, f"activity, payment {n} of {len(delivered)}"
        )
    if earned is None:
        return
    earned -= sum(due.pence for due in delivered)
    if earned:
        yield from move(year_end, COST, OWED, earned, "award for the year")
    if advanced:
        yield from move(year_end, OWED, ADVANCE, advanced, "advances set against the award")
    for n, due in enumerate(after, 1):
        assert due.day is not None
        if due.kind == "balance":
            yield from move(due.day, OWED, CASH, due.pence, "balance")
        else:
            yield from move(due.day, CASH, OWED, due.pence, f"recovery {n} of {len(after)}")
