"""What waits of money on the first page, by role: who can do a thing is asked to, and nobody else."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.service.area import Area, signed_in
from tests.service.figures_in import someone
from tests.service.year_made import YearMade, made

from remit.service.money.models import Adjustment, AdjustmentStep, PaymentRun, RecoveryPlan
from remit.service.people.models import Person

pytestmark = pytest.mark.one_database

RELEASE = "Look through payment run 4 for July 2025, and release it or cancel it."
DECIDE = "1 adjustment waits for a second person: decide on it."
CLOSE = "Close the books of April 2024: the month is over."
ANSWER = "Second practice: agree to pay back £150.00 in 6 months, or refuse with your reason"
REFUSED = "1 practice refused a recovery plan: propose another."
OF_MONEY = (RELEASE, DECIDE, CLOSE, ANSWER, REFUSED)


@pytest.fixture
def year(board: Area, tmp_path: Path) -> YearMade:
    """With run 4 prepared and an adjustment proposed by the first of two people of finance, and a plan proposed."""
    found = made(board, tmp_path)
    now, first = datetime(2025, 7, 1, tzinfo=UTC), found.finance[0]
    PaymentRun.objects.create(
        organisation=board["QAA"], number=4, month=date(2025, 7, 1), pay_on=date(2025, 7, 20), state="prepared",
        prepared_at=now, prepared_by=first, done=1, of=1, payments=1, pence=100,
    )  # fmt: skip
    one = Adjustment.objects.create(
        practice=board["A1"], organisation=board["QAA"], scheme_year=found.year, number=9, pence=100,
        day=date(2025, 7, 1), reason="Travel.",
    )  # fmt: skip
    AdjustmentStep.objects.create(
        practice=board["A1"], organisation=board["QAA"], adjustment=one, step="propose", state="proposed",
        person=first, at=now,
    )  # fmt: skip
    RecoveryPlan.objects.filter(practice=board["A2"]).update(state="proposed")
    return found


def waits(person: Person) -> set[str]:
    """What of money waits for somebody, by their first page."""
    page = signed_in(person).get("/").content.decode().partition("<h2>New</h2>")[0]
    links = [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in re.findall(r"<a [^>]*>(.*?)</a>", page, re.S)]
    return {words for words in OF_MONEY if words in links}


def test_each_is_asked_for_what_they_can_do(year: YearMade) -> None:
    first, second = year.finance
    assert waits(first) == {CLOSE}
    assert waits(second) == {RELEASE, DECIDE, CLOSE}
    assert waits(someone("practice_lead", year.area["A2"])) == {ANSWER}
    for role, code in (
        ("practice_viewer", "A2"), ("practice_lead", "A1"), ("contract_manager", "QAA"), ("approver_tier_1", "QAA"),
        ("auditor", "QAA"), ("finance_officer", "QBB"),
    ):  # fmt: skip
        assert waits(someone(role, year.area[code])) == set(), role
    RecoveryPlan.objects.filter(practice=year.area["A2"]).update(state="refused")
    assert waits(second) == {RELEASE, DECIDE, CLOSE, REFUSED}
    assert waits(someone("practice_lead", year.area["A2"])) == set()


def test_finance_reads_the_same_first_on_its_own_page(year: YearMade) -> None:
    first, second = year.finance
    page = signed_in(second).get("/year/finance/QAA/").content.decode()
    assert f'<p class="nhsuk-lede-text">{RELEASE}</p>' in page
    assert all(words in page for words in (DECIDE, CLOSE, "1 recovery plan waits for an answer."))
    assert "You prepared payment run 4 for July 2025: a second person releases it." in (
        signed_in(first).get("/year/finance/QAA/").content.decode()
    )
    assert "Accrual to date" in page
