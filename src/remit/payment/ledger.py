"""Ledger entries, from the commissioner's side: immutable, dated, each transaction summing to zero.

They are the postings of `payment.book`, as two lines for each. What has no day yet (a balance or recovery whose date
was not given) is no entry yet: it stands open in `owed to practices`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from remit.payment import book
from remit.payment.book import ADVANCE as ADVANCE
from remit.payment.book import CASH as CASH
from remit.payment.book import COST as COST
from remit.payment.book import OWED as OWED
from remit.payment.instalments import DuePayment


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
    for number, one in enumerate(transfers(practice, scheme, schedule, earned, advanced, year_end, merged), 1):
        name, pence = f"{practice}-{number:03d}", one.pence
        lines = [(one.debit, pence), (one.credit, -pence)]
        if one.kind == book.AWARD and one.debit == OWED:
            lines.reverse()  # the scheme's cost comes first, below zero too
        for account, amount in lines:
            yield LedgerEntry(name, one.day, account, practice, amount, f"{scheme}: {one.memo}")


def transfers(
    practice: str,
    scheme: str,
    schedule: Sequence[DuePayment],
    earned: int | None,
    advanced: int,
    year_end: date,
    merged: bool = False,
) -> Iterator[book.Transfer]:
    """The transfers of a practice's year, as `entries` has them."""
    whose = book.PracticeYear(practice, scheme)
    dated = sorted(((due.day, due) for due in schedule if due.day), key=lambda pair: pair[0])
    before, delivered, after = (
        [(day, due) for day, due in dated if due.kind in kinds]
        for kinds in (("instalment",), ("activity",), ("balance", "recovery"))
    )
    for n, (day, due) in enumerate(before, 1):
        yield from book.instalment_paid(whose, day, due.pence, n, f"instalment {n} of {len(before)}")
    for n, (day, due) in enumerate(delivered, 1):
        memo = f"activity, payment {n} of {len(delivered)}"
        yield from book.activity_paid(whose, day, due.pence, n, memo, as_advance=merged)
    if earned is None:
        return
    earned -= sum(due.pence for _, due in delivered)
    yield from book.award_approved(whose, year_end, earned, "award for the year")
    yield from book.advances_set_against(whose, year_end, advanced, "advances set against the award")
    for n, (day, due) in enumerate(after, 1):
        if due.kind == "balance":
            yield from book.balance_paid(whose, day, due.pence, n, "balance")
        else:
            yield from book.recovery_received(whose, day, due.pence, n, f"recovery {n} of {len(after)}")
