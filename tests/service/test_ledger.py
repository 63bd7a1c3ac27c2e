"""The ledger in the database: a key once, numbers without gaps, closed months, and the clock set back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from tests.service.area import Area, person

from remit.core.problems import Refused
from remit.payment import book
from remit.payment.book import PracticeYear
from remit.service import clock
from remit.service.money import closing
from remit.service.money.ledger import Posting, post, transfers_of
from remit.service.money.models import BookMonth, BookStep, Transfer
from remit.service.offers.models import SchemeYear
from remit.service.organisations.models import Succession
from remit.service.scope import reach
from remit.service.scope.acting import acting

MAY = datetime(2024, 5, 2, 9, tzinfo=UTC)


@pytest.fixture
def year(board: Area) -> SchemeYear:
    return made_year(board)


def made_year(board: Area, code: str = "QAA") -> SchemeYear:
    return SchemeYear.objects.create(
        organisation=board[code], scheme_id="qif-2024-25", title="QIF 2024/25", year="2024/25",
        starts=date(2024, 4, 1), ends=date(2025, 3, 31),
    )  # fmt: skip


def instalment(board: Area, year: SchemeYear, n: int, pence: int = 10000, practice: str = "A1") -> Posting:
    whose = PracticeYear(practice, year.scheme_id)
    day = date(2024, 3 + n, 28)
    return Posting(book.instalment_paid(whose, day, pence, n, f"instalment {n}")[0], year, board[practice].pk)


@pytest.fixture
def finance(board: Area) -> Iterator[None]:
    """At work as the finance officer of QAA, in May 2024."""
    someone = person("finance_officer", board["QAA"])
    with clock.at(MAY), acting(reach.of_person(someone, date(2024, 5, 2), True)):
        yield


def numbers() -> list[int]:
    return list(Transfer.objects.order_by("number").values_list("number", flat=True))


def test_a_key_is_posted_once_and_numbers_have_no_gaps(board: Area, year: SchemeYear) -> None:
    one, two = instalment(board, year, 1), instalment(board, year, 2)
    assert post([one], "run 1") == 1
    assert post([one], "run 1") == 0
    assert post([one, two], "run 2") == 1
    assert numbers() == [1, 2]
    with pytest.raises(Refused, match="instalment 2 of A1 is in the ledger already"):
        post([instalment(board, year, 3), instalment(board, year, 2, pence=9999)], "run 3")
    with pytest.raises(Refused, match="nothing is entered twice"):
        post([instalment(board, year, 3), instalment(board, year, 3)], "run 3")
    with transaction.atomic():
        assert post([instalment(board, year, 3)], "run 3") == 1
        transaction.set_rollback(True)
    assert post([instalment(board, year, 3)], "run 3") == 1
    assert numbers() == [1, 2, 3]
    assert transfers_of([year])[year.pk][0] == one.transfer
    assert list(transfers_of([year], date(2024, 5, 31))[year.pk]) == [one.transfer, two.transfer]


def test_each_commissioner_has_its_own_numbers(board: Area, year: SchemeYear) -> None:
    other = made_year(board, "QBB")
    post([instalment(board, year, 1), instalment(board, other, 1, practice="B1")], "both")
    assert numbers() == [1, 1]


def test_a_correction_points_at_what_it_corrects(board: Area, year: SchemeYear) -> None:
    (award,) = book.award_approved(PracticeYear("A1", year.scheme_id), date(2024, 6, 1), 500, "award")
    post([Posting(award, year, board["A1"].pk)], "award")
    (more,) = book.restatement(award, date(2024, 7, 1), 500, 520, 1, "corrected")
    post([Posting(more, year, board["A1"].pk)], "restated")
    row = Transfer.objects.get(key=more.key)
    assert row.corrects is not None
    assert row.corrects.key == award.key


def test_a_month_is_closed_in_its_order_and_takes_nothing_more(board: Area, year: SchemeYear, finance: None) -> None:
    with pytest.raises(Refused, match=r"Nothing is in the books yet\."):
        closing.close_month(board["QAA"], date(2024, 4, 1))
    post([instalment(board, year, 1)], "run 1")
    with pytest.raises(Refused, match="April 2024 is the next month to close"):
        closing.close_month(board["QAA"], date(2024, 5, 1))
    made = closing.close_month(board["QAA"], date(2024, 4, 30))
    assert (made.month, made.state) == (date(2024, 4, 1), "closed")
    assert made.balances["accounts"] == {
        "cash": -10000, "paid in advance": 10000, "scheme cost": 0, "owed to practices": 0,
    }  # fmt: skip
    with pytest.raises(Refused, match="are closed and are not opened again"):
        closing.close_month(board["QAA"], date(2024, 4, 1))
    assert BookStep.objects.count() == 1
    with pytest.raises(Refused, match="May 2024 is not over"):
        closing.close_month(board["QAA"], date(2024, 5, 1))
    late = Posting(
        book.instalment_paid(PracticeYear("A2", year.scheme_id), date(2024, 4, 29), 5, 1, "late")[0], year,
        board["A2"].pk,
    )  # fmt: skip
    with pytest.raises(Refused, match="closed until April 2024: nothing is entered for 29 April 2024"):
        post([late], "late")
    with clock.at(datetime(2024, 4, 15, tzinfo=UTC)), pytest.raises(Refused, match="closed until April 2024"):
        post([late], "late, by a clock set back")
    assert post([instalment(board, year, 2)], "run 2") == 1


def test_the_database_itself_refuses_a_day_before_or_in_a_closed_month(board: Area, year: SchemeYear) -> None:
    BookMonth.objects.create(organisation=board["QAA"], month=date(2024, 5, 1), state="closed")
    for day in (date(2024, 3, 31), date(2024, 5, 31)):
        with pytest.raises(DatabaseError, match="closed month"), transaction.atomic():
            Transfer.objects.create(
                organisation=board["QAA"], paid_by=board["QAA"], number=1, transaction="t", key="k", day=day,
                practice=board["A1"], scheme_year=year, debit="cash", credit="paid in advance", pence=1,
                kind="instalment", memo="", at=clock.now(),
            )  # fmt: skip
    assert not Transfer.objects.exists()


def test_a_year_is_closed_when_nothing_in_it_is_open(board: Area, year: SchemeYear, finance: None) -> None:
    post([instalment(board, year, 1)], "run 1")
    with pytest.raises(
        Refused, match=r"It ends on 31 March 2025\. £100\.00 that was paid in advance is not set against"
    ):
        closing.close_year(year)
    whose, day = PracticeYear("A1", year.scheme_id), date(2025, 4, 30)
    with clock.at(datetime(2025, 7, 1, tzinfo=UTC)):
        award = book.award_approved(whose, day, 12000, "award")
        against = book.advances_set_against(whose, day, 10000, "against")
        post([Posting(one, year, board["A1"].pk) for one in (*award, *against)], "award")
        with pytest.raises(Refused, match=r"Practices are still owed £20\.00"):
            closing.close_year(year)
        post([Posting(one, year, board["A1"].pk) for one in book.balance_paid(whose, day, 2000, 1, "balance")], "paid")
        assert closing.close_year(year).closed is not None
        with pytest.raises(Refused, match="are closed and are not opened again"):
            closing.close_year(year)
        with pytest.raises(Refused, match="the books of QIF 2024/25 are closed"):
            post([instalment(board, year, 8)], "after all")


def test_only_who_keeps_the_books_closes_them(board: Area, year: SchemeYear) -> None:
    post([instalment(board, year, 1)], "run 1")
    for role, where in (("contract_manager", "QAA"), ("finance_officer", "QBB"), ("auditor", "QAA")):
        someone = person(role, board[where])
        with clock.at(MAY), acting(reach.of_person(someone, date(2024, 5, 2), True)):
            with pytest.raises(PermissionDenied):
                closing.close_month(board["QAA"], date(2024, 4, 1))
            with pytest.raises(PermissionDenied):
                closing.close_year(year)


def test_a_successor_keeps_the_books_on_and_closes_the_years(board: Area, year: SchemeYear) -> None:
    """QBB takes over from QAA on 1 April 2025: it adjusts and closes, and QAA's closed months stay closed for it."""
    post([instalment(board, year, 1)], "run 1")
    BookMonth.objects.create(organisation=board["QAA"], month=date(2025, 3, 1), state="closed")
    Succession.objects.create(predecessor=board["QAA"], successor=board["QBB"], day=date(2025, 4, 1))
    someone = person("finance_officer", board["QBB"])
    moment = datetime(2025, 6, 2, 9, tzinfo=UTC)
    whose = PracticeYear("A1", year.scheme_id)
    award = book.award_approved(whose, date(2025, 5, 20), 12000, "award")
    against = book.advances_set_against(whose, date(2025, 5, 20), 10000, "against")
    paid = book.balance_paid(whose, date(2025, 5, 30), 2000, 1, "balance")
    with clock.at(moment), acting(reach.of_person(someone, moment.date(), True)):
        late = [Posting(one, year, board["A1"].pk) for one in book.balance_paid(whose, date(2025, 3, 31), 1, 9, "late")]
        with pytest.raises(Refused, match="closed until March 2025"):
            post(late, "late", board["QBB"])
        post([Posting(one, year, board["A1"].pk) for one in (*award, *against, *paid)], "settled", board["QBB"])
        with pytest.raises(Refused, match="took over and keeps these books now"):
            closing.close_month(board["QAA"], date(2025, 4, 1))
        assert closing.next_to_close(closing.kept_by(board["QBB"])) == date(2025, 4, 1)
        assert closing.close_month(board["QBB"], date(2025, 4, 1)).balances["transfers"] == 1
        assert closing.close_month(board["QBB"], date(2025, 5, 1)).balances["accounts"]["owed to practices"] == 0
        assert closing.close_year(year).closed is not None
    assert set(Transfer.objects.values_list("organisation__code", "paid_by__code")) == {("QAA", "QAA"), ("QAA", "QBB")}
