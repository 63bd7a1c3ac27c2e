"""Offers: who can be offered what, every state and step and role, consent with the answer, lapses, two at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from tests.service import offers_desk
from tests.service.area import Area
from tests.service.offers_desk import AFTER, END, IN_TIME, START, Desk
from tests.spec.language import HEAD, SOURCE
from tests.spec.run import TERMS

from remit.contract.participation import State, Step
from remit.core.problems import Refused
from remit.service import clock
from remit.service.audit.models import Entry
from remit.service.audit.sentences import sentence
from remit.service.consents.models import Consent
from remit.service.offers import following, reading, services
from remit.service.offers.models import Participation, SchemeYear
from remit.service.organisations import mergers
from remit.service.people.roles import ROLES
from remit.service.scope.acting import acting

pytestmark = pytest.mark.one_database

ONE = timedelta(days=1)
WITH_IT = f"{TERMS}\nitems: [{{item: A, title: Set up, pays: {{fixed: {{pays: £500, for: set-up}}}}}}]"


@pytest.fixture
def desk(board: Area) -> Iterator[Desk]:
    """On 1 May 2024, with QIF published."""
    with clock.at(IN_TIME):
        yield offers_desk.desk(board)


def refusals(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as refused:
        call()
    return [one.message for one in refused.value.problems]


def test_a_scheme_that_goes_with_another_is_accepted_after_it(desk: Desk) -> None:
    text = "\n".join([HEAD, SOURCE, "only_with: [qif-2024-25]", WITH_IT])
    beside = offers_desk.published(desk.area, scheme_id="a-scheme", settings={}, content=text.encode())
    desk.offer("A1")
    first = desk.row("A1")
    desk.offer("A1", version=beside)
    second = desk.row("A1")
    assert second.pk != first.pk
    assert refusals(lambda: desk.accepted("A1")) == [
        "It goes only with qif-2024-25, which this practice has not accepted: accept the offer of it first."
    ]
    with acting(desk.scope("practice_lead", "A1")):
        services.accept(first)
    assert desk.accepted("A1").state == "accepted"


def test_an_offer_is_made_and_accepted(desk: Desk) -> None:
    offer = desk.offer("A1", "A2")
    year = SchemeYear.objects.get()
    assert (year.title, year.year, year.starts, year.ends) == ("QIF 2024/25", "2024-25", START, END)
    assert year.rules["finance_above"] == 1_500_000
    assert (offer.number, offer.participations.count()) == (1, 2)
    row = desk.accepted("A1")
    assert (row.state, row.starts, row.ends) == ("accepted", START, END)
    assert [(one.step, one.state) for one in row.steps.order_by("pk")] == [("offer", "offered"), ("accept", "accepted")]
    consent = Consent.objects.get()
    assert (consent.to.code, consent.since, consent.until, row.consent_id) == ("QAA", START, END, consent.pk)
    assert [one.practice.code for one in reading.participating(desk.area["QAA"], year, START)] == ["A1"]
    assert [sentence(one) for one in Entry.objects.filter(event__startswith="offer.").order_by("number")] == [
        "Contract manager of First area, contract manager of First area, made offer 1 (QIF 2024/25) to A1, A2: from "
        "1 April 2024 to 31 March 2025, to be answered by 31 May 2024. Practices (2): First practice (A1), "
        "Second practice (A2).",
        "Practice lead of First practice, practice lead of First practice, accepted QIF 2024/25 for First practice "
        "(A1) (offer 1), from 1 April 2024 to 31 March 2025.",
    ]


STEPS: dict[Step, Callable[[Participation], object]] = {
    Step.ACCEPT: services.accept,
    Step.REFUSE: lambda row: services.refuse_offer(row, "Too few staff."),
    Step.TAKE_BACK: lambda row: services.take_back(row, "Sent by mistake."),
    Step.OFFER_AGAIN: lambda row: services.offer_again(row, clock.today() + ONE),
    Step.ALLOW_LATE: lambda row: services.allow_late(row, clock.today() + ONE, "Their system failed."),
    Step.WITHDRAW: lambda row: services.withdraw(row, clock.today(), "A partner leaves."),
    Step.END: lambda row: services.end(row, clock.today(), "The contract was breached."),
}
REASONS: dict[Step, Callable[[Participation], object]] = {
    Step.REFUSE: lambda row: services.refuse_offer(row, " "),
    Step.TAKE_BACK: lambda row: services.take_back(row, ""),
    Step.ALLOW_LATE: lambda row: services.allow_late(row, clock.today() + ONE, ""),
    Step.WITHDRAW: lambda row: services.withdraw(row, clock.today(), ""),
    Step.END: lambda row: services.end(row, clock.today(), ""),
}
PRACTICE, MANAGER = "practice_lead", "contract_manager"
ALLOWED = {
    ("offered", Step.ACCEPT): (PRACTICE, "accepted"),
    ("offered", Step.REFUSE): (PRACTICE, "refused"),
    ("offered", Step.TAKE_BACK): (MANAGER, "taken back"),
    ("refused", Step.OFFER_AGAIN): (MANAGER, "offered"),
    ("taken back", Step.OFFER_AGAIN): (MANAGER, "offered"),
    ("lapsed", Step.ALLOW_LATE): (MANAGER, "offered"),
    ("accepted", Step.WITHDRAW): (PRACTICE, "left"),
    ("accepted", Step.END): (MANAGER, "left"),
}
"""Every step that there is for people, by hand: whose it is and where it leads."""
AT = {"practice": "A1", "network": "NW1", "place": "PL1", "commissioner": "QAA"}
WHO = [(role, AT[next(kind for kind in AT if kind in ROLES[role].kinds)]) for role in ROLES]
WHO += [(MANAGER, "PL1"), (PRACTICE, "A2"), (MANAGER, "QBB"), (PRACTICE, "B1")]
RIGHT = {PRACTICE: (PRACTICE, "A1"), MANAGER: (MANAGER, "QAA")}
_WAYS = {
    "offered": [],
    "accepted": [(PRACTICE, Step.ACCEPT)],
    "refused": [(PRACTICE, Step.REFUSE)],
    "taken back": [(MANAGER, Step.TAKE_BACK)],
    "left": [(PRACTICE, Step.ACCEPT), (PRACTICE, Step.WITHDRAW)],
}


def brought(desk: Desk, state: str) -> Participation:
    """A1's participation in a state."""
    desk.offer("A1")
    if state == "carried on":
        desk.accepted("A1")
        mergers.merge(desk.area["A1"], desk.area["A2"], clock.today() + ONE, "They merge.")
    elif state == "lapsed":
        with clock.at(AFTER):
            assert following.lapse(desk.area["QAA"], clock.today()) == 1
    else:
        for role, step in _WAYS[state]:
            with acting(desk.scope(*RIGHT[role])):
                STEPS[step](desk.row("A1"))
    row = desk.row("A1")
    assert row.state == state
    return row


@pytest.mark.parametrize("state", [one.value for one in State])
def test_every_state_and_step_and_role(desk: Desk, state: str) -> None:
    row = brought(desk, state)
    people = {who: desk.scope(*who) for who in WHO}
    for step, take in STEPS.items():
        whose, to = ALLOWED.get((state, step), ("", ""))
        for who, scope in people.items():
            with transaction.atomic(), acting(scope):
                seen = Participation.objects.filter(pk=row.pk).exists()
                assert seen == (who[1] in ("A1", "QAA", "PL1", "NW1")), who
                if not seen:
                    with pytest.raises(Participation.DoesNotExist):
                        take(row)
                elif who == RIGHT.get(whose):
                    take(row)
                    assert Participation.objects.get(pk=row.pk).state == to
                else:
                    assert refusals(partial(take, row))[0]
                transaction.set_rollback(True)
    assert Participation.objects.get(pk=row.pk).state == state


@pytest.mark.parametrize(("state", "step"), [one for one in ALLOWED if one[1] in REASONS])
def test_a_step_that_needs_a_reason_is_refused_without(desk: Desk, state: str, step: Step) -> None:
    row = brought(desk, state)
    with acting(desk.scope(*RIGHT[ALLOWED[state, step][0]])):
        (said,) = refusals(lambda: REASONS[step](row))
    assert said.startswith("Say why ")
    assert Participation.objects.get(pk=row.pk).state == state


@pytest.mark.parametrize(("state", "step"), list(ALLOWED))
def test_a_step_that_is_taken_twice_changes_nothing_the_second_time(desk: Desk, state: str, step: Step) -> None:
    row = brought(desk, state)
    with acting(desk.scope(*RIGHT[ALLOWED[state, step][0]])):
        STEPS[step](row)
        before = Participation.objects.values().get(pk=row.pk), row.steps.count(), Entry.objects.count()
        assert refusals(lambda: STEPS[step](row))
        assert before == (Participation.objects.values().get(pk=row.pk), row.steps.count(), Entry.objects.count())
