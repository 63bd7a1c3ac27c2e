"""A commissioner that took over from another settles its years: it pays, and the books of the year stay the other's."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.service import figures_in
from tests.service.area import Area, person
from tests.service.paying import Payer, on, payer
from tests.service.test_payment_runs import lines, why
from tests.service.test_payment_runs_declared import OF_A1, standing, year_end

from remit.application.payment_file import check_file
from remit.core.problems import Refused
from remit.payment.book import CASH, COST
from remit.service.money.models import PaymentRun, Transfer
from remit.service.organisations.mergers import join
from remit.service.organisations.models import COMMISSIONER, Organisation

pytestmark = pytest.mark.one_database

TAKES_OVER = date(2025, 4, 1)


@pytest.fixture
def pays(board: Area, tmp_path: Path) -> Payer:
    """QAA paid A1's year, has a run open for April 2025, and went over to QCC on 1 April; QCC has its own finance."""
    made = payer(board, tmp_path)
    made.accepted("A1")
    with on(date(2025, 3, 10)):
        made.figures(date(2025, 2, 28), figures_in.ONE_LESS, OF_A1)
    made.paid(date(2025, 3, 1))
    with on(date(2025, 3, 30)):
        made.prepared(date(2025, 4, 1))
    new = Organisation.objects.create(code="QCC", name="New area", kind=COMMISSIONER, opened=TAKES_OVER)
    with on(date(2025, 3, 30)):
        join(board["QAA"], new, TAKES_OVER)
    board.organisations["QCC"] = new
    return made


def test_the_successor_pays_the_balance_and_the_books_stay_the_years(pays: Payer) -> None:
    year_end(pays, 2_000_000)
    before = PaymentRun.objects.get(organisation=pays.board["QAA"], state="prepared")
    with on(date(2025, 6, 20)):
        with pytest.raises(Refused) as refused:
            pays.released(before)
        assert why(refused).startswith("New area (QCC) took over on 1 April 2025. Cancel this run:")
    one, two = (person("finance_officer", pays.board["QCC"], email=f"new.{n}@example.org") for n in ("one", "two"))
    successor = Payer(
        pays.board, pays.version, pays.year, pays.offer, one, two, pays.folder, pays.board["QCC"]
    )  # fmt: skip
    run = successor.paid(date(2025, 6, 1))
    assert (run.number, run.organisation.code) == (1, "QCC")
    assert lines(run) == [("A1", "balance", 320_000, "Balance of the year")]
    assert run.lines.get().organisation.code == "QAA"
    paid = Transfer.objects.get(line__run=run)
    assert (paid.organisation.code, paid.paid_by.code, paid.scheme_year) == ("QAA", "QCC", pays.year)
    assert standing(pays) == {CASH: -2_000_000, COST: 2_000_000}
    assert check_file(run.file).totals.pence == 320_000
    before.refresh_from_db()
    assert before.state == "cancelled"
    last = before.steps.order_by("-pk")[0]
    assert last.words == "New area (QCC) took over from First area (QAA) and pays what is due."


def test_the_predecessor_prepares_nothing_any_more(pays: Payer) -> None:
    with on(date(2025, 6, 20)), pytest.raises(Refused) as refused:
        pays.prepared(date(2025, 6, 1))
    assert why(refused) == "New area (QCC) took over on 1 April 2025 and pays what is due. Prepare it there."
