"""`remit books check` finds what somebody who owns the tables changed, and nothing in books that are right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection
from tests.service import settings
from tests.service.area import Area, person
from tests.service.test_adjustments import at_work, take_part
from tests.service.test_ledger import instalment, made_year

from remit.application.payment_file import FileHeader, Payment, text_of
from remit.contract.adjustment import Step
from remit.service import clock
from remit.service.audit.log import record
from remit.service.money import adjustments, checking, closing
from remit.service.money.ledger import Posting, post
from remit.service.money.models import Adjustment, BookMonth, PaymentLine, PaymentRun
from remit.service.money.run_file import hash_of

pytestmark = pytest.mark.one_database

NOW = datetime(2024, 6, 10, 9, tzinfo=UTC)


@pytest.fixture
def kept(board: Area) -> Iterator[Area]:
    """April's run is released, an adjustment approved, April closed, and May has a transfer."""
    with clock.at(NOW):
        year = made_year(board)
        take_part(board, year, "A1")
        one = instalment(board, year, 1)
        header = FileHeader("QAA", "First area", 1, date(2024, 4, 1), date(2024, 4, 28), NOW)
        rests = ("extract 1", "", "version 1", "ab", "1.0")
        file = text_of(
            header,
            [Payment("A1", "First practice", "qif", "instalment", 10000, "QAA-1-1", *rests, one.transfer.key)],
        )
        run = PaymentRun.objects.create(
            organisation=board["QAA"], number=1, month=date(2024, 4, 1), pay_on=date(2024, 4, 28), state="released",
            prepared_at=NOW, file=file, sha256=hash_of(file), pence=10000, payments=1,
        )  # fmt: skip
        line = PaymentLine.objects.create(
            run=run, practice=board["A1"], organisation=board["QAA"], scheme_year=year, kind="instalment", pence=10000,
            why="", key=one.transfer.key,
        )  # fmt: skip
        record("run.released", board["QAA"], str(run), sha256=run.sha256)
        post([Posting(one.transfer, year, board["A1"].pk, line=line.pk)], "run 1")
        post([instalment(board, year, 2)], "run 2")
        first, second = (person("finance_officer", board["QAA"], email=f"f{n}@example.org") for n in (1, 2))
        with at_work(first, NOW):
            made = adjustments.propose(year, board["A1"], -300, date(2024, 6, 1), "twice")
            closing.close_month(board["QAA"], date(2024, 4, 1))
        with at_work(second, NOW):
            adjustments.decide(made, Step.APPROVE)
        yield board


def test_books_that_are_right_have_no_fault(kept: Area) -> None:
    assert checking.checked() == checking.BooksChecked(3, 1, 1, ())


def _sql(text: str) -> Callable[[], None]:
    def change() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
            for name, table in cursor.fetchall():
                if table.startswith("money_"):
                    cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute("PRAGMA ignore_check_constraints = 1")
            cursor.execute(text)
            cursor.execute("PRAGMA ignore_check_constraints = 0")

    return change


CHANGES = {
    "a transfer's pence in a closed month": (
        "UPDATE money_transfer SET pence = 9999 WHERE number = 1",
        ["QAA: qif-2024-25:A1:instalment:1 of payment run 1 is not in the ledger once with its amount.",
         "QAA: April 2024 is not as it stood when it was closed."],
    ),
    "a transfer's day, into a closed month": (
        "UPDATE money_transfer SET day = '2024-04-30' WHERE number = 2",
        ["QAA: April 2024 is not as it stood when it was closed."],
    ),
    "a transfer that is gone": (
        "DELETE FROM money_transfer WHERE number = 2",
        ["QAA: transfer 2 is missing, or transfer 3 is there twice."],
    ),
    "an account that is none": (
        "UPDATE money_transfer SET debit = 'petty cash' WHERE number = 2",
        ["QAA: transfer 2 is none that the books have: petty cash, cash, 10000 pence, instalment."],
    ),
    "an adjustment that is gone": (
        "DELETE FROM money_transfer WHERE number = 3",
        ["QAA: adjustment 1 is approved, and is in the ledger 0 times."],
    ),
    "an adjustment's amount": (
        "UPDATE money_adjustment SET pence = -301",
        ["QAA: adjustment 1 is approved, and is in the ledger 1 times."],
    ),
    "a file": (
        "UPDATE money_paymentrun SET file = replace(file, '100.00', '900.00')",
        ["QAA: the file of payment run 1 is not the one whose SHA-256 was kept.",
         "QAA: the file of payment run 1 pays £900.00; the run comes to £100.00."],
    ),
    "a file and its hash": (
        "UPDATE money_paymentrun SET sha256 = 'ab'",
        ["QAA: the file of payment run 1 is not the one whose SHA-256 was kept.",
         "QAA: the SHA-256 of payment run 1 is not the one that the audit log has of its release."],
    ),
}  # fmt: skip


@pytest.mark.skipif(bool(settings.OWNER), reason="the triggers of PostgreSQL are taken away by the tables' owner alone")
@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_past_the_triggers_is_found(change: str, kept: Area) -> None:
    sql, faults = CHANGES[change]
    _sql(sql)()
    assert list(checking.checked().faults) == faults


def test_a_month_keeps_what_it_stood_at(kept: Area) -> None:
    assert BookMonth.objects.get().balances["transfers"] == 1
    assert Adjustment.objects.get().state == "approved"


def test_the_command_refuses_where_nothing_is(tmp_path: Path) -> None:
    from remit.core.problems import Refused
    from remit.service.money.command import BooksRequest, check

    with pytest.raises(Refused):
        check(BooksRequest(tmp_path / "nowhere"))
