"""Adjustments: with a reason, decided by a second person, entered once and in an open month."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from tests.service.area import Area, person
from tests.service.test_ledger import instalment, made_year

from remit.contract.adjustment import Step
from remit.contract.limits import Risk
from remit.core.problems import Refused
from remit.service import clock
from remit.service.money import adjustments, closing
from remit.service.money.ledger import post
from remit.service.money.models import Adjustment, AdjustmentStep, BookMonth, Transfer
from remit.service.offers.models import Offer, Participation, SchemeYear
from remit.service.people.models import Person
from remit.service.register.models import SchemeVersion
from remit.service.scope import reach
from remit.service.scope.acting import acting

NOW = datetime(2024, 7, 10, 9, tzinfo=UTC)


@pytest.fixture
def year(board: Area) -> SchemeYear:
    year = made_year(board)
    take_part(board, year, "A1")
    return year


def take_part(board: Area, year: SchemeYear, practice: str) -> None:
    version = SchemeVersion.objects.create(
        organisation=year.organisation, scheme_id=year.scheme_id, version=1, content=b"", sha256="", file_name="",
        title="QIF", changed_at=NOW,
    )  # fmt: skip
    offer = Offer.objects.create(
        organisation=year.organisation, number=1, scheme_year=year, version=version, starts=year.starts,
        ends=year.ends, respond_by=year.starts, to="all", sent_at=NOW,
    )  # fmt: skip
    Participation.objects.create(
        practice=board[practice], organisation=year.organisation, scheme_year=year, offer=offer,
        scheme_id=year.scheme_id, title=year.title, year=year.year, state="accepted", starts=year.starts,
        ends=year.ends, respond_by=year.starts,
    )  # fmt: skip


@pytest.fixture
def officers(board: Area) -> tuple[Person, Person]:
    return tuple(person("finance_officer", board["QAA"], email=f"f{n}@example.org") for n in (1, 2))  # type: ignore[return-value]


@contextmanager
def at_work(someone: Person, moment: datetime = NOW) -> Iterator[None]:
    with clock.at(moment), acting(reach.of_person(someone, moment.date(), True)):
        yield


def proposed(board: Area, year: SchemeYear, **changes: Any) -> Adjustment:
    fields: dict[str, Any] = {"pence": 125000, "day": date(2024, 7, 1), "reason": "a claim that came late"} | changes
    return adjustments.propose(year, board["A1"], **fields)


def test_a_second_person_approves_and_the_books_get_it_once(
    board: Area, year: SchemeYear, officers: tuple[Person, Person]
) -> None:
    first, second = officers
    with at_work(first):
        made = proposed(board, year)
        assert adjustments.steps_for(made) == (Step.TAKE_BACK,)
        with pytest.raises(Refused, match="You proposed this adjustment: somebody else decides on it"):
            adjustments.decide(made, Step.APPROVE)
    with at_work(second):
        assert set(adjustments.steps_for(made)) >= {Step.APPROVE, Step.REFUSE}
        adjustments.decide(made, Step.APPROVE)
        with pytest.raises(Refused, match="This adjustment is approved"):
            adjustments.decide(made, Step.APPROVE)
    (row,) = Transfer.objects.all()
    assert (row.kind, row.pence, row.debit, row.credit) == ("adjustment", 125000, "scheme cost", "owed to practices")
    assert (row.day, row.memo, row.adjustment_id) == (date(2024, 7, 1), "a claim that came late", made.pk)
    assert AdjustmentStep.objects.count() == 2


def test_one_against_the_practice_is_the_other_way_round(
    board: Area, year: SchemeYear, officers: tuple[Person, Person]
) -> None:
    with at_work(officers[0]):
        made = proposed(board, year, pence=-300)
    with at_work(officers[1]):
        adjustments.decide(made, Step.APPROVE)
    assert Transfer.objects.get().debit == "owed to practices"


def test_a_month_that_was_closed_meanwhile_has_it_in_the_next(
    board: Area, year: SchemeYear, officers: tuple[Person, Person]
) -> None:
    post([instalment(board, year, 4)], "run")  # July
    with at_work(officers[0]):
        made = proposed(board, year)
    august = datetime(2024, 8, 5, tzinfo=UTC)
    with at_work(officers[1], august), pytest.raises(Refused, match="Adjustment 1 of 1 July 2024 is not decided"):
        closing.close_month(board["QAA"], date(2024, 7, 1))
    # closed all the same, as it were decided in the very moment of the close
    BookMonth.objects.create(organisation=board["QAA"], month=date(2024, 7, 1), state="closed")
    with at_work(officers[1], datetime(2024, 8, 5, tzinfo=UTC)):
        adjustments.decide(made, Step.APPROVE)
        with pytest.raises(Refused, match=r"The books of that month are closed\. Choose a day from 1 August 2024"):
            proposed(board, year)
    assert Transfer.objects.get(kind="adjustment").day == date(2024, 8, 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": "  "}, "Say why the amount is adjusted"),
        ({"pence": 0}, "other than zero"),
        ({"pence": 10**12}, "other than zero"),
        ({"day": date(2024, 7, 11)}, "has not come yet"),
    ],
)
def test_what_is_wrong_is_refused(
    changes: dict[str, Any], words: str, board: Area, year: SchemeYear, officers: tuple[Person, Person]
) -> None:
    with at_work(officers[0]), pytest.raises(Refused, match=words):
        proposed(board, year, **changes)
    assert not Adjustment.objects.exists()


def test_a_practice_without_a_part_and_people_who_do_not_keep_the_books_are_refused(
    board: Area, year: SchemeYear, officers: tuple[Person, Person]
) -> None:
    with at_work(officers[0]), pytest.raises(Refused, match="was offered no part"):
        adjustments.propose(year, board["A2"], 5, date(2024, 7, 1), "a reason")
    with at_work(person("contract_manager", board["QAA"])), pytest.raises(PermissionDenied):
        proposed(board, year)


def test_parts_of_an_amount_have_the_risk_of_the_whole(
    board: Area, year: SchemeYear, officers: tuple[Person, Person]
) -> None:
    """£9,000 is low; three of them are £27,000, medium; six are £54,000, high. What was refused does not count."""
    with at_work(officers[0]):
        made = [proposed(board, year, pence=900000) for _ in range(6)]
        assert adjustments.risk_of(made[0], made[:1]) == (Risk.LOW, 900000)
        assert adjustments.risk_of(made[0], made[:3]) == (Risk.MEDIUM, 2700000)
        assert adjustments.risk_of(made[5], made) == (Risk.HIGH, 5400000)
    with at_work(officers[1]):
        for one in made[1:]:
            adjustments.decide(one, Step.REFUSE, "not a claim of ours")
    assert adjustments.risk_of(made[0], Adjustment.objects.select_related("scheme_year")) == (Risk.LOW, 900000)
    assert not Transfer.objects.exists()
