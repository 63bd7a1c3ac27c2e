"""The end of a year of QIF in the made-up area, for tests that kill processes or let several act at once.

By hand, from the scheme's steps (pence for each weighted patient; A1 has 10,000, A2 5,000):

    A1: 15 + 26 + 17 + 33 + 34 + 25 + 30 + 20 = 200p: £20,000.00; in advance 80% of £2.10 = 168p: £16,800.00
    A2:  8 + 10 + 10 + 17 + 20 + 22 + 10 + 15 = 112p:  £5,600.00; in advance 168p:                £8,400.00

So the run of June pays A1 £3,200.00, and has £2,800.00 back from A2 by a plan of one month.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django_tasks_db.models import DBTaskResult
from tests.service import area, declaring, paying
from tests.service.area import Area
from tests.service.figures_in import YEAR_END
from tests.service.paying import Payer, on

from remit.application.payment_file import check_file
from remit.contract.declaration import Step
from remit.payment.book import CASH
from remit.service.audit import chain
from remit.service.audit.models import Entry
from remit.service.declarations.models import Declaration
from remit.service.money.models import (
    BookMonth,
    BookStep,
    PaymentLine,
    PaymentRun,
    PaymentRunStep,
    RecoveryPlan,
    Transfer,
)
from remit.service.money.run_file import hash_of

MARCH, JUNE = date(2025, 3, 1), date(2025, 6, 1)
IN_JUNE, IN_JULY = date(2025, 6, 10), date(2025, 7, 2)
PAID = {"A1": 2_000_000, "A2": 560_000}
"""What each practice has in the end."""
BEFORE_JUNE = {"A1": 1_680_000, "A2": 840_000}
"""What each was paid in advance."""
SETTINGS = {
    **paying.SETTINGS, "chol004_from": "2024-12-05", "evidence_reviewed": "2025-05-01", "notified": "2025-05-30",
    "balance_due": "2025-05-30",
}  # fmt: skip
PRACTICES = (
    "practice_code,practice_name,place_code,network_code,list_size,weighted_list_size\n"
    "A1,First practice,cannock-chase,NW1,10000,10000\n"
    "A2,Second practice,cannock-chase,NW1,5000,5000\n"
)
_ITEMS = ("1b", "2a", "2b", "3", "4", "CHOL002", "CHOL004")
_ACHIEVED = {"A1": (46, 46, 51, 71, 73, 41, 41), "A2": (31, 36, 41, 41, 66, 31, 31)}
_REGISTERS = {"A1": (80, 10_000, 408, 8_000), "A2": (30, 5_000, 184, 4_000)}
"""Palliative care and kidney registers, each with its list."""


def counts() -> str:
    """Of each item what is needed for the step above."""
    return "\n".join(["practice_code,indicator_code,measure,value", *_rows(), ""])


def _rows() -> Iterator[str]:
    for code, (palliative, people, kidney, adults) in _REGISTERS.items():
        yield from (f"{code},1a,REGISTER,{palliative}", f"{code},1a,LIST_SIZE,{people}")
        for item, achieved in zip(_ITEMS, _ACHIEVED[code], strict=True):
            yield from (f"{code},{item},NUMERATOR,{achieved}", f"{code},{item},DENOMINATOR,100")
        yield f"{code},4,PCAS,8"
        yield from (f"{code},6,REGISTER,{kidney}", f"{code},6,LIST_SIZE,{adults}")


def in_advance(folder: Path, board: Area | None = None) -> Payer:
    """The area in the month after the year: all instalments are paid, and the year's figures have come in."""
    board = board or area.made(date(2024, 4, 1))
    pays = paying.payer(board, folder)
    pays.settings = SETTINGS
    for code in PAID:
        pays.accepted(code)
    with on(date(2024, 5, 10)):
        pays.figures(date(2024, 4, 30))
    pays.paid(MARCH)
    with on(declaring.TODAY):
        pays.figures(YEAR_END, PRACTICES, counts())
    return pays


def decided(pays: Payer) -> None:
    """Both practices declared, and it was approved; A2 agreed to pay back at once."""
    with on(declaring.TODAY):
        for code in PAID:
            approved(pays, code)
    RecoveryPlan.objects.create(
        practice=pays.board["A2"], organisation=pays.organisation, scheme_year=pays.year, number=1, state="agreed",
        pence=280_000, months=1, notified=date(2025, 5, 30), schedule=[{"day": "2025-06-30", "pence": 280_000}],
    )  # fmt: skip


def approved(pays: Payer, code: str) -> Declaration:
    """A practice's declaration, through each of its steps."""
    row = declaring.declared(pays.board, pays.year, declaring.figures_of(pays.board, pays.extracts[-1], code))
    row = declaring.takes(pays.board, "tier 1", row, Step.APPROVE)
    return declaring.takes(pays.board, "finance", row, Step.APPROVE_AMOUNT) if row.state != "approved" else row


def paid() -> dict[str, int]:
    """The pence that each practice was paid, less what it paid back."""
    found: Counter[str] = Counter()
    for code, debit, credit, pence in Transfer.objects.values_list("practice__code", "debit", "credit", "pence"):
        found[code] += pence * ((credit == CASH) - (debit == CASH))
    return dict(found)


def outcome() -> dict[str, Any]:
    """All that came of it, the same however often something was tried. What must hold at every moment is looked at."""
    transfers = list(Transfer.objects.order_by("number"))
    check_ledger(transfers)
    assert chain.verify().fault is None
    return {
        "paid": paid(),
        "accounts": accounts(),
        "ledger": [
            [one.number, one.key, one.transaction, str(one.day), one.debit, one.credit, one.pence, one.memo]
            for one in transfers
        ],
        "runs": [_run(one) for one in PaymentRun.objects.order_by("number")],
        "lines": [
            [one.key, one.pence, one.held, one.why, one.rests] for one in PaymentLine.objects.order_by("run", "key")
        ],
        "steps": [*PaymentRunStep.objects.order_by("run__number", "pk").values_list("step", flat=True)],
        "closed": [str(one.month) for one in BookMonth.objects.filter(state="closed").order_by("month")],
        "closing": [*BookStep.objects.order_by("pk").values_list("step", flat=True)],
        "plans": [*RecoveryPlan.objects.order_by("number").values_list("state", flat=True)],
        "entries": dict(Counter(Entry.objects.order_by("number").values_list("event", flat=True))),
        "jobs": dict(Counter(DBTaskResult.objects.values_list("status", flat=True))),
    }


def accounts() -> dict[str, int]:
    """What each account stands at: together zero."""
    found: Counter[str] = Counter()
    for debit, credit, pence in Transfer.objects.values_list("debit", "credit", "pence"):
        found[debit] += pence
        found[credit] -= pence
    assert sum(found.values()) == 0
    return dict(found)


def check_ledger(transfers: list[Transfer]) -> None:
    """Each key once, numbers without gaps."""
    assert [one.number for one in transfers] == list(range(1, len(transfers) + 1))
    assert len({one.key for one in transfers}) == len(transfers)


def _run(run: PaymentRun) -> list[Any]:
    """A run; of one that is released the file, the row and the ledger say the same."""
    if run.state == "released":
        file, cash = check_file(run.file), 0
        for debit, credit, pence in Transfer.objects.filter(line__run=run).values_list("debit", "credit", "pence"):
            cash += pence * ((credit == CASH) - (debit == CASH))
        assert (file.totals.records, file.totals.pence) == (run.payments, run.pence) == (run.lines.count(), cash)
        assert file.sha256 == run.sha256 == hash_of(run.file)
    else:
        assert not run.file
        assert not Transfer.objects.filter(line__run=run).exists()
    return [run.number, run.state, run.payments, run.pence, run.sha256, run.lines.count(), run.problems]
