"""What follows of offers by itself: mergers and their undoing, closings, moves, commissioners that merge, lapses; what
the practices' file of an extract says beside what was accepted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from tests.service import offers_desk
from tests.service.area import Area
from tests.service.offers_desk import AFTER, ANSWER_BY, END, IN_TIME, PLUS, START, Desk

from remit.core.problems import Refused
from remit.service import clock
from remit.service.audit.models import Entry
from remit.service.consents.models import Consent
from remit.service.offers import following, reading, services
from remit.service.offers.lapsing import lapse_everywhere
from remit.service.offers.models import Offer, Participation, SchemeYear
from remit.service.organisations import mergers
from remit.service.organisations import services as organisations
from remit.service.organisations.models import Membership, Organisation, Succession
from remit.service.scope import reach
from remit.service.scope.acting import acting

ONE = timedelta(days=1)
MERGED = date(2024, 12, 1)


@pytest.fixture
def desk(board: Area) -> Iterator[Desk]:
    with clock.at(IN_TIME):
        yield offers_desk.desk(board)


def rows() -> QuerySet[Participation]:
    return Participation.objects.order_by("pk")


def as_they_are() -> list[dict[str, Any]]:
    names = ("pk", "state", "starts", "ends", "reason", "into_id", "consent_id")
    return [{name: getattr(one, name) for name in names} for one in rows()]


def merge(desk: Desk) -> None:
    with acting(desk.scope("administrator", "QAA")):
        mergers.merge(desk.area["A1"], desk.area["A2"], MERGED, "They merge.")


def undo(desk: Desk) -> None:
    with acting(desk.scope("administrator", "QAA")):
        mergers.undo(Succession.objects.get(), "It was the other practice.")


def test_a_merger_into_a_practice_that_takes_part(desk: Desk) -> None:
    desk.offer("A1", "A2")
    desk.accepted("A1")
    desk.accepted("A2")
    before = as_they_are()
    merge(desk)
    old, new = rows()
    assert (old.state, old.ends, old.into_id) == ("carried on", MERGED - ONE, desk.area["A2"].pk)
    assert (new.state, new.starts, new.ends) == ("accepted", START, END)
    assert Offer.objects.count() == 1
    year = SchemeYear.objects.get()
    for day, codes in ((MERGED - ONE, ["A1", "A2"]), (MERGED, ["A2"])):
        assert [one.practice.code for one in reading.participating(desk.area["QAA"], year, day)] == codes
    undo(desk)
    assert as_they_are() == before
    assert [one.step for one in old.steps.order_by("pk")] == ["offer", "accept", "carry on", "go on"]


def test_a_merger_into_a_practice_without_an_offer_asks_it(desk: Desk) -> None:
    desk.offer("A1")
    desk.accepted("A1")
    before = as_they_are()
    merge(desk)
    old, new = rows()
    assert old.state == "carried on"
    assert (new.practice.code, new.state, new.starts, new.ends) == ("A2", "offered", MERGED, END)
    assert new.offer.number == 2
    assert new.respond_by == MERGED + timedelta(days=28)
    assert new.offer.to == "Second practice (A2), which took over First practice (A1)"
    undo(desk)
    assert as_they_are()[:1] == before
    assert rows().last().state == "taken back"  # type: ignore[union-attr]


def test_undoing_a_merger_ends_what_the_successor_accepted_because_of_it(desk: Desk) -> None:
    desk.offer("A1")
    desk.accepted("A1")
    merge(desk)
    desk.accepted("A2")
    undo(desk)
    new = desk.row("A2")
    assert (new.state, new.ends) == ("left", MERGED - ONE)
    assert not any(new.takes_part(day) for day in (MERGED - ONE, MERGED, END))


def test_an_offer_that_is_open_is_carried_on_and_open_again(desk: Desk) -> None:
    desk.offer("A1", "A2")
    before = as_they_are()
    merge(desk)
    old, _ = rows()
    assert old.state == "carried on"
    assert not old.takes_part(START), "it never accepted"
    undo(desk)
    assert as_they_are() == before
    assert [one.step for one in old.steps.order_by("pk")] == ["offer", "carry on", "open again"]


@pytest.mark.parametrize("state", ["refused", "lapsed"])
def test_what_had_ended_is_not_carried_on(desk: Desk, state: str) -> None:
    desk.offer("A1")
    if state == "refused":
        with acting(desk.scope("practice_lead", "A1")):
            services.refuse_offer(desk.row("A1"), "Too few staff.")
    with clock.at(AFTER):
        following.lapse(desk.area["QAA"], clock.today())
        merge(desk)
    assert [one.state for one in rows()] == [state]


def test_a_successor_with_the_other_variant_is_not_offered_this_one(desk: Desk) -> None:
    plus = offers_desk.published(desk.area, "QAA", PLUS)
    desk.offer("A1")
    desk.offer("A2", version=plus)
    desk.accepted("A1")
    merge(desk)
    assert [(one.practice.code, one.scheme_id, one.state) for one in rows()] == [
        ("A1", "qif-2024-25", "carried on"), ("A2", PLUS, "offered"),
    ]  # fmt: skip


def test_a_scheme_without_a_rule_for_mergers_says_what_to_set(desk: Desk) -> None:
    version = offers_desk.published(desk.area, "QAA", PLUS, settings={})
    desk.offer("A1", version=version)
    desk.accepted("A1")
    merge(desk)
    assert "The scheme does not say what a merger pays: set mergers" in rows()[0].reason


def test_a_merger_into_another_area_ends_the_part(desk: Desk) -> None:
    desk.offer("A1")
    desk.accepted("A1")
    mergers.merge(desk.area["A1"], desk.area["B1"], MERGED, "They merge.")
    old = desk.row("A1")
    assert (old.state, old.ends, old.into) == ("left", MERGED - ONE, None)
    assert rows().count() == 1


def test_a_practice_that_closes_has_its_part_ended(desk: Desk) -> None:
    desk.offer("A1", "A2", "A3")
    desk.accepted("A1")
    last = date(2024, 9, 30)
    with acting(desk.scope("administrator", "QAA")):
        organisations.close(desk.area["A1"], last, "It closes.")
        organisations.close(desk.area["A2"], START, "It closed.")
    assert [(one.state, one.ends) for one in rows()] == [("left", last), ("taken back", START), ("offered", END)]
    assert rows()[0].reason == "The practice closed on 30 September 2024."
    step = rows()[0].steps.order_by("-pk")[0]
    assert (step.step, step.person, step.day) == ("end", None, last)
    assert [one.event for one in Entry.objects.filter(event__startswith="participation")] == [
        "participation.ended-by-leaving", "participation.ended-by-leaving",
    ]  # fmt: skip


def test_a_practice_that_moves_to_another_area_leaves_and_within_the_area_stays(desk: Desk) -> None:
    desk.offer("A1")
    desk.accepted("A1")
    organisations.move(desk.area["A1"], desk.area["NW2"], MERGED, "Another network.")
    assert desk.row("A1").state == "accepted"
    organisations.move(desk.area["A1"], desk.area["NW3"], MERGED + ONE, "Another area.")
    row = desk.row("A1")
    assert (row.state, row.ends) == ("left", MERGED)
    lead = reach.of_person(desk.person("practice_lead", "A1"), MERGED + ONE, True)
    manager = reach.of_person(desk.person("contract_manager", "QAA"), MERGED + ONE, True)
    other = reach.of_person(desk.person("contract_manager", "QBB"), MERGED + ONE, True)
    for scope, seen in ((lead, 1), (manager, 1), (other, 0)):
        with acting(scope):
            assert Participation.objects.count() == seen


def test_when_commissioners_merge_the_year_goes_on(desk: Desk) -> None:
    """The practice withdraws, and the successor's contract manager sees it, though the year is the first one's."""
    desk.offer("A1", "A2")
    desk.accepted("A1")
    day = date(2024, 10, 1)
    mergers.merge_into_new(desk.area["QAA"], "QCC", "One area", day, "The ICBs merge.")
    assert [one.state for one in rows()] == ["accepted", "offered"]
    with clock.at(datetime(2024, 11, 1, 9, tzinfo=UTC)):
        with acting(desk.scope("practice_lead", "A1")):
            services.withdraw(desk.row("A1"), date(2024, 12, 31), "A partner leaves.")
        desk.area.organisations["QCC"] = Organisation.objects.get(code="QCC")
        with acting(desk.scope("contract_manager", "QCC")):
            assert desk.row("A1").state == "left"
            services.allow_late(desk.row("A2"), date(2024, 11, 30), "The merger of the ICBs.")
        desk.accepted("A2")
    assert {one.to.code for one in Consent.objects.filter(practice__code="A2")} == {"QAA", "QCC"}


def test_a_corrected_membership_ends_what_it_no_longer_carries(desk: Desk) -> None:
    desk.offer("A1")
    desk.accepted("A1")
    membership = Membership.objects.get(member=desk.area["A1"])
    with acting(desk.scope("administrator", "QAA")):
        organisations.leave(membership, date(2024, 8, 31), "It left the network.")
    assert (desk.row("A1").state, desk.row("A1").ends) == ("left", date(2024, 8, 31))


def test_offers_lapse_once_after_their_day(desk: Desk) -> None:
    desk.offer("A1", "A2")
    desk.accepted("A2")
    assert following.lapse(desk.area["QAA"], ANSWER_BY) == 0
    manager = reach.of_service(desk.area["QAA"], AFTER.date())
    with acting(manager):
        assert following.lapse(desk.area["QAA"], ANSWER_BY + ONE) == 1
        assert following.lapse(desk.area["QAA"], ANSWER_BY + ONE) == 0
    assert [one.state for one in rows()] == ["lapsed", "accepted"]
    assert Entry.objects.filter(event="offer.lapsed").count() == 1


def test_the_daily_look_of_a_worker_lets_them_lapse(desk: Desk) -> None:
    desk.offer("A1", "A2")
    desk.accepted("A2")
    assert lapse_everywhere() == 0
    with clock.at(AFTER):
        assert [lapse_everywhere(), lapse_everywhere()] == [1, 0]
    assert [one.state for one in rows()] == ["lapsed", "accepted"]
    step = rows()[0].steps.order_by("-pk")[0]
    assert (step.step, step.person) == ("lapse", None)


def test_before_it_is_written_down_an_offer_past_its_day_is_late_and_takes_no_answer(desk: Desk) -> None:
    desk.offer("A1")
    with clock.at(AFTER), acting(desk.scope("practice_lead", "A1")):
        for answer in (services.accept, lambda row: services.refuse_offer(row, "Too late.")):
            with pytest.raises(Refused, match="It lapsed: there was no answer by 31 May 2024"):
                answer(desk.row("A1"))
    with clock.at(AFTER), acting(desk.scope("contract_manager", "QAA")):
        services.allow_late(desk.row("A1"), date(2024, 6, 10), "Their system failed.")
    with clock.at(AFTER):
        assert desk.accepted("A1").state == "accepted"
