"""Every state of a declaration x every step x everybody who works there: what is refused in code is not on the page.

Splits are held against the limits together, two approvers at the same moment are one, duties that are apart refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import date
from html import unescape
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone
from tests.service import area
from tests.service.area import Area, signed_in
from tests.service.declaring import (
    TODAY,
    WHO,
    again,
    as_,
    declared,
    figures_in,
    figures_of,
    numbers,
    takes,
    who,
    whole,
    year,
)
from tests.service.figures_in import checked, received, scheme

from remit.contract.declaration import COUNTED, State, Step
from remit.contract.duties import Duty, why_apart
from remit.core.problems import Refused
from remit.service.declarations import services
from remit.service.declarations.models import Declaration, DeclarationStep
from remit.service.extracts.models import PracticeFigures
from remit.service.offers.models import SchemeYear
from remit.service.people.models import Appointment, Person
from remit.service.scope import reach
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING

pytestmark = pytest.mark.one_database

ALL = {"finance_above": 0, "tier_2_above": 0}
"""Limits by which every amount needs everybody."""
MAY = {
    ("declared", "review evidence"): {"manager"},
    ("declared", "approve"): {"tier 1"},
    ("reviewed", "approve"): {"tier 1"},
    ("awaiting tier 2", "check"): {"tier 2"},
    ("awaiting finance", "approve amount"): {"finance"},
    **{(state, "take back"): {"practice"} for state in ("declared", "reviewed", "awaiting tier 2", "awaiting finance")},
    **{(state, "send back"): {"manager", "tier 1", "tier 2", "finance"} for state in ("declared", "reviewed")},
    **{(state, "send back"): {"tier 1", "tier 2", "finance"} for state in ("awaiting tier 2", "awaiting finance")},
}
"""Written by hand from CQRS's duties: who may take which step from which state; all else is refused."""
FROM_PAGE = [one for one in Step if one not in (Step.DECLARE, Step.WITHDRAW)]


def row_in(
    figures: PracticeFigures,
    made: SchemeYear,
    state: str,
    number: int = 1,
    pence: int = 100,
    entered: tuple[object, ...] = (),
    by: Mapping[str, Person] | None = None,
) -> Declaration:
    """A declaration that stands in a state, as if others had brought it there: `by` says who took which step. Whoever
    calls acts as the service."""
    did = {step: one.pk for step, one in (by or {}).items()}
    row = Declaration.objects.create(
        practice=figures.practice, organisation=made.organisation, scheme_year=made, figures=figures, number=number,
        participation=figures.practice.participations.get(scheme_year=made),
        day=figures.day, state=state, pence=pence, payment=figures.payment, sha256=figures.sha256,
        entered=list(entered),
        statement_for_commissioner=figures.statement_for_commissioner, declared_at=timezone.now(),
        declared_by_id=did.get("declare"),
    )  # fmt: skip
    given = {
        "awaiting tier 2": ("approve",), "awaiting finance": ("approve", "check"),
        "approved": ("approve", "check", "approve amount"), "reviewed": ("review evidence",),
    }  # fmt: skip
    for step in ("declare", *given.get(state, ())):
        services.add_step(row, step, did.get(step), "")
    return row


@pytest.fixture
def careful(board: Area) -> SchemeYear:
    return year(board, scheme(board), **ALL)


@pytest.fixture
def figures(board: Area, careful: SchemeYear, tmp_path: Path) -> PracticeFigures:
    return figures_of(board, figures_in(board, careful.offers.get().version, tmp_path / "in"))


@pytest.mark.parametrize("state", [one.value for one in State])
def test_each_step_is_for_whom_it_is_and_no_other(
    board: Area, careful: SchemeYear, figures: PracticeFigures, state: str
) -> None:
    row = row_in(figures, careful, state)
    for name in WHO:
        page = signed_in(who(board, name)).get("/declarations/A1/qif-2024-25/1/").content.decode()
        offered = set(re.findall(r'action="/declarations/A1/qif-2024-25/1/([a-z-]+)/"', page))
        may = {step.value for step in FROM_PAGE if name in MAY.get((state, step.value), ())}
        if state == "declared":
            may.discard("review evidence")  # there is none
        assert offered == {one.replace(" ", "-") for one in may}, (state, name)
        for step in Step:
            if step.value not in may:
                with as_(who(board, name)), pytest.raises(Refused):
                    services.take(row, step, "Said.", numbers(row))
    assert again(row).state == state


APART = [
    (Duty.DECLARE_FIGURES, "declare", "declared", Step.APPROVE, "approver_tier_1"),
    (Duty.DECLARE_FIGURES, "declare", "awaiting tier 2", Step.CHECK, "approver_tier_2"),
    (Duty.DECLARE_FIGURES, "declare", "awaiting finance", Step.APPROVE_AMOUNT, "finance_officer"),
    (Duty.APPROVE_PAYMENT, "approve", "awaiting tier 2", Step.CHECK, "approver_tier_2"),
    (Duty.APPROVE_PAYMENT, "approve", "awaiting finance", Step.APPROVE_AMOUNT, "finance_officer"),
    (Duty.CHECK_PAYMENT, "check", "awaiting finance", Step.APPROVE_AMOUNT, "finance_officer"),
    (Duty.RECEIVE_FIGURES, "", "declared", Step.APPROVE, "approver_tier_1"),
    (Duty.RECEIVE_FIGURES, "", "awaiting tier 2", Step.CHECK, "approver_tier_2"),
    (Duty.RECEIVE_FIGURES, "", "awaiting finance", Step.APPROVE_AMOUNT, "finance_officer"),
]
_DUTY = {
    Step.APPROVE: Duty.APPROVE_PAYMENT, Step.CHECK: Duty.CHECK_PAYMENT, Step.APPROVE_AMOUNT: Duty.APPROVE_AMOUNT,
}  # fmt: skip


@pytest.mark.parametrize(("did", "taken", "state", "step", "role"), APART)
def test_duties_that_are_apart_are_refused_with_their_reason(
    board: Area, careful: SchemeYear, tmp_path: Path, did: Duty, taken: str, state: str, step: Step, role: str
) -> None:
    person, version = who(board, "data"), careful.offers.get().version
    with nullcontext() if taken else as_(person):
        extract = received(board, version, tmp_path / "in", whole())
    checked(extract)
    Appointment.objects.filter(person=person).delete()
    Appointment.objects.create(person=person, organisation=board["QAA"], role=role, since=date(2024, 4, 1))
    row = row_in(figures_of(board, extract), careful, state)
    if taken:
        services.add_step(row, taken, person.pk, "")
    why = why_apart(did, _DUTY[step])
    assert why
    with as_(person), pytest.raises(Refused, match=re.escape(why)):
        services.take(row, step, "", numbers(row))
    page = unescape(signed_in(person).get("/declarations/A1/qif-2024-25/1/").content.decode())
    assert why in page
    assert f"/1/{step.value.replace(' ', '-')}/" not in page


def test_parts_of_an_amount_are_held_against_the_limits_together(board: Area, tmp_path: Path) -> None:
    made = year(board, scheme(board), finance_above=200_000)
    figures = figures_of(board, figures_in(board, made.offers.get().version, tmp_path / "in"))
    row_in(figures, made, "approved", 1, 100_000, ("with numbers of its own",))  # 1,000 pounds before, and 1,700 now
    row = declared(board, made, figures, words="A second part")
    assert row.pence == 170_000
    assert takes(board, "tier 1", row, Step.APPROVE).state == "awaiting finance"
    assert takes(board, "finance", row, Step.APPROVE_AMOUNT).state == "approved"


def test_what_ended_is_not_held_against_the_limits(board: Area, tmp_path: Path) -> None:
    made = year(board, scheme(board), finance_above=200_000)
    figures = figures_of(board, figures_in(board, made.offers.get().version, tmp_path / "in"))
    for number, state in enumerate((one for one in State if one not in COUNTED), 1):
        row_in(figures, made, state.value, number, 100_000)
    row = declared(board, made, figures)
    assert takes(board, "tier 1", row, Step.APPROVE).state == "approved"


@pytest.mark.django_db(transaction=True)
def test_of_two_approvers_at_the_same_moment_one_is_first(tmp_path: Path) -> None:
    with acting(EVERYTHING):
        board = area.made(date(2024, 4, 1))
        made = year(board, scheme(board))
        row = declared(board, made, figures_of(board, figures_in(board, made.offers.get().version, tmp_path / "in")))
        both = [area.person("approver_tier_1", board["QAA"], email=f"one{n}@example.org") for n in (1, 2)]
        scopes = [reach.of_person(one, TODAY, True) for one in both]
    barrier, outcomes = Barrier(2), []

    def approve(n: int) -> None:
        try:
            with acting(scopes[n]):
                barrier.wait()
                services.approve(row, numbers(row))
                outcomes.append("approved")
        except Refused as refused:
            outcomes.append(refused.problems[0].message)
        finally:
            connection.close()

    threads = [Thread(target=approve, args=(n,)) for n in (0, 1)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert outcomes.count("approved") == 1, outcomes
    assert any("was the last to act on it; it is now approved." in text for text in outcomes)
    with acting(EVERYTHING):
        assert DeclarationStep.objects.filter(declaration=row, step="approve").count() == 1
