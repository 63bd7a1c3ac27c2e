"""What is due, who is late, and who is reminded: on the first page always, by e-mail once for each thing and stage.

A scheme year of QAA: A1 takes part, A2 has an offer to answer by 10 May 2024, A3 refused. Figures of a month are due by
the 10th of the next. It is 6 May 2024 where nothing else is said: A2's answer and April's figures are due in four days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import icalendar
import pytest
from django.core import mail
from django.db import Error, IntegrityError, connection, transaction
from django.test import Client
from django_tasks_db.models import DBTaskResult
from tests.service.area import Area, person, signed_in
from tests.service.area import made as made_area
from tests.service.figures_in import scheme, someone

from remit.contract import recovery_plan
from remit.contract.declaration import State as Declared
from remit.contract.participation import State
from remit.service import clock
from remit.service.audit.models import Entry
from remit.service.declarations.models import Declaration
from remit.service.extracts.models import ACCEPTED, Extract, PracticeFigures
from remit.service.money.models import RecoveryPlan, Transfer
from remit.service.offers.models import Offer, Participation, SchemeYear
from remit.service.organisations.models import Membership
from remit.service.people.models import Person
from remit.service.people.roles import Action
from remit.service.register.models import SchemeVersion
from remit.service.reminders import due, reading, services
from remit.service.reminders.due import Due
from remit.service.reminders.models import AFTER, BEFORE, ON_DAY, BegunDay, Sent, Timing
from remit.service.scope import reach
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING

pytestmark = pytest.mark.one_database

TODAY = date(2024, 5, 6)
START, END = date(2024, 4, 1), date(2025, 3, 31)


@contextmanager
def at(day: date) -> Iterator[None]:
    with clock.at(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def year(board: Area) -> Iterator[SchemeYear]:
    with at(TODAY):
        yield made(board)


def made(board: Area) -> SchemeYear:
    """The scheme year with its offer and what became of it."""
    version = scheme(board)
    found = SchemeYear.objects.create(
        organisation=board["QAA"], scheme_id="qif-2024-25", title="QIF 2024/25", year="2024-25", starts=START,
        ends=END,
    )  # fmt: skip
    offer = Offer.objects.create(
        organisation=board["QAA"], number=1, scheme_year=found, version=version, starts=START, ends=END,
        respond_by=date(2024, 5, 10), to="all", sent_at=clock.now(),
    )  # fmt: skip
    for code, state in (("A1", State.ACCEPTED), ("A2", State.OFFERED), ("A3", State.REFUSED)):
        Participation.objects.create(
            practice=board[code], organisation=board["QAA"], scheme_year=found, offer=offer,
            scheme_id="qif-2024-25", title="QIF 2024/25", year="2024-25", starts=START, ends=END,
            respond_by=date(2024, 5, 10), state=state.value,
        )  # fmt: skip
    return found


@pytest.fixture
def post_set_up(settings) -> None:
    from dataclasses import replace

    settings.DEPLOYMENT = replace(settings.DEPLOYMENT, email="smtp://localhost", address="https://remit.example")


def of(board: Area, code: str, day: date = TODAY) -> list[Due]:
    with at(day), acting(reach.of_service(board[code], day)):
        return reading.dues(reading.year_of(board[code], day))


def remind(board: Area, day: date = TODAY) -> None:
    with at(day):
        services.remind.func(board["QAA"].pk, day.isoformat())


def page(who: Person, path: str) -> str:
    answer = signed_in(who).get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_commissioner_has_every_day_of_its_year(board: Area, year: SchemeYear) -> None:
    """Twelve months' figures by the 10th, twelve payments at the months' ends, one offer, then the declarations 30,
    the review 61 and the close 91 days after the year: 30 April, 31 May and 30 June 2025."""
    found = of(board, "QAA")
    days = {kind: [one.day for one in found if one.kind == kind] for kind in {one.kind for one in found}}
    assert days[due.FIGURES] == [date(2024, 5, 10) if n == 0 else date(2024 + (n + 4) // 12, (n + 4) % 12 + 1, 10)
                                 for n in range(12)]  # fmt: skip
    assert (days[due.PAYMENT][0], days[due.PAYMENT][-1], len(days[due.PAYMENT])) == (date(2024, 4, 30), END, 12)
    assert days[due.ANSWER] == [date(2024, 5, 10)]
    assert days[due.DECLARATION] == [date(2025, 4, 30)]
    assert days[due.REVIEW] == [date(2025, 5, 31)]
    assert days[due.CLOSE] == [date(2025, 6, 30)]
    assert next(one.open for one in found if one.kind == due.ANSWER) == 1


def test_a_practice_has_its_own_and_no_other(board: Area, year: SchemeYear) -> None:
    assert [(one.kind, one.day) for one in of(board, "A1")] == [(due.DECLARATION, date(2025, 4, 30))]
    assert [(one.kind, one.day) for one in of(board, "A2")] == [(due.ANSWER, date(2024, 5, 10))]
    assert of(board, "A3") == []


def test_what_is_done_is_due_no_more(board: Area, year: SchemeYear) -> None:
    extract = Extract.objects.create(
        organisation=board["QAA"], number=9, scheme_version=scheme_version(year), day=date(2024, 4, 30), state=ACCEPTED,
        sha256="0" * 64, folder="nine", received=clock.now(),
    )  # fmt: skip
    figures = PracticeFigures.objects.create(
        extract=extract, practice=board["A1"], day=END, place=1, status="final", pence=1, sha256="0" * 64,
        statement_for_commissioner="", overview="",
    )  # fmt: skip
    done = [one.done for one in of(board, "QAA") if one.kind == due.FIGURES]
    assert done == [True] + [False] * 11
    Declaration.objects.create(
        practice=board["A1"], organisation=board["QAA"], scheme_year=year, number=1, figures=figures, day=END,
        participation=Participation.objects.get(practice=board["A1"]), is_year_end=True, state=Declared.DECLARED.value,
        pence=1, payment="{}", sha256="0" * 64, statement_for_commissioner="", declared_at=clock.now(),
    )  # fmt: skip
    assert [one.done for one in of(board, "A1") if one.kind == due.DECLARATION] == [True]
    review = next(one for one in of(board, "QAA") if one.kind == due.REVIEW)
    assert (review.done, review.open) == (False, 1)


def scheme_version(year: SchemeYear) -> SchemeVersion:
    return Offer.objects.get(scheme_year=year).version


def test_recovery_instalments_are_due_until_as_much_was_recovered(board: Area, year: SchemeYear) -> None:
    schedule = [{"day": "2025-07-30", "pence": 100}, {"day": "2025-08-30", "pence": 50}]
    RecoveryPlan.objects.create(
        practice=board["A1"], organisation=board["QAA"], scheme_year=year, number=1, pence=150, months=2,
        notified=date(2025, 6, 30), state=recovery_plan.State.AGREED.value, schedule=schedule,
    )  # fmt: skip
    Transfer.objects.create(
        organisation=board["QAA"], practice=board["A1"], paid_by=board["QAA"], number=1, transaction="t", key="k",
        day=date(2025, 7, 30), scheme_year=year, debit="cash", credit="owed to practices", pence=100, kind="recovery",
        memo="", at=clock.now(),
    )  # fmt: skip
    own = [one for one in of(board, "A1") if one.kind == due.RECOVERY]
    assert [(str(one.day), one.pence, one.done) for one in own] == [
        ("2025-07-30", 100, True),
        ("2025-08-30", 50, False),
    ]
    area = [one for one in of(board, "QAA") if one.kind == due.RECOVERY]
    assert [(one.pence, one.done, one.open) for one in area] == [(100, True, 0), (50, False, 1)]


@pytest.mark.parametrize(
    ("days", "stage"),
    [(-8, ""), (-7, BEFORE), (-1, BEFORE), (0, ON_DAY), (2, ON_DAY), (3, AFTER), (60, AFTER), (61, "")],
)
def test_the_stage_is_the_last_one_whose_day_has_come(board: Area, days: int, stage: str) -> None:
    """Seven days before, on the day, three days after; nobody is written to of what is long ago."""
    one = Due(due.ANSWER, "x", TODAY, "What", board["A2"], False, action=Action.ANSWER_OFFERS)
    assert one.stage(TODAY + timedelta(days=days), Timing()) == stage
    done = Due(due.ANSWER, "x", TODAY, "What", board["A2"], True, action=Action.ANSWER_OFFERS)
    assert done.stage(TODAY + timedelta(days=days), Timing()) == ""


def test_each_thing_is_sent_once_at_each_stage(board: Area, year: SchemeYear, post_set_up: None) -> None:
    lead, sends = person("practice_lead", board["A2"]), person("data_quality", board["QAA"])
    offers = someone("contract_manager", board["QAA"])
    person("practice_viewer", board["A2"])
    for _ in range(3):
        remind(board)
    assert sorted(one.to[0] for one in mail.outbox) == sorted([lead.email, sends.email, offers.email])
    letter = next(one for one in mail.outbox if one.to == [lead.email])
    assert "QIF 2024/25: answer the offer, due by 10 May 2024" in letter.body
    assert "https://remit.example/calendar/" in letter.body
    for day, letters in ((date(2024, 5, 9), 3), (date(2024, 5, 10), 6), (date(2024, 5, 12), 6), (date(2024, 5, 13), 9)):
        remind(board, day)
        assert len(mail.outbox) == letters, day
    assert all("late since 10 May 2024" in one.body for one in mail.outbox[6:])
    remind(board, date(2024, 5, 10))  # the clock set back
    assert len(mail.outbox) == 9
    assert set(Sent.objects.values_list("stage", flat=True)) == {BEFORE, ON_DAY, AFTER}


def test_a_day_is_begun_once_and_by_no_clock_that_was_set_back(
    board: Area, year: SchemeYear, post_set_up: None
) -> None:
    jobs = DBTaskResult.objects.filter(task_path__endswith="remind")
    with at(TODAY):
        assert [services.begin_day(), services.begin_day()] == [2, 0]  # two commissioners
    assert jobs.count() == 2
    with at(TODAY - timedelta(days=3)):
        assert services.begin_day() == 0
    with at(TODAY + timedelta(days=1)):
        assert services.begin_day() == 2
    assert jobs.count() == 4
    assert BegunDay.objects.filter(organisation=board["QAA"]).count() == 2


def test_without_a_mail_server_nothing_is_sent_and_the_first_page_reminds(board: Area, year: SchemeYear) -> None:
    remind(board)
    with at(TODAY):
        assert services.begin_day() == 0
    assert not Sent.objects.exists()
    assert "QIF 2024/25: answer the offer, due by 10 May 2024" in page(someone("practice_lead", board["A2"]), "/")
    assert "QIF 2024/25: figures of April 2024, due by 10 May" in page(someone("data_quality", board["QAA"]), "/")
    assert "answer the offer" not in page(someone("practice_viewer", board["A2"]), "/")
    assert "answer the offer" not in page(someone("practice_lead", board["A1"]), "/")


def test_the_first_page_reminds_until_it_is_done_and_says_once_what_there_is_much_of(
    board: Area, year: SchemeYear
) -> None:
    finance = person("finance_officer", board["QAA"])
    with at(date(2024, 6, 1)):
        assert "Payments of May 2024, late since 31 May 2024" in page(finance, "/")
    with at(date(2025, 5, 20)):
        text = page(finance, "/")
    assert "Payments of April 2024, late since 30 April 2024, and 11 others of its kind" in text
    assert "Payments of May 2024" not in text


def test_what_was_sent_is_never_changed_or_removed(board: Area, year: SchemeYear, post_set_up: None) -> None:
    lead = person("practice_lead", board["A2"])
    remind(board)
    sent = Sent.objects.get(person=lead)
    for change in (lambda: Sent.objects.update(stage=AFTER), lambda: Sent.objects.all()._raw_delete("default")):
        with pytest.raises(Error), transaction.atomic():
            change()
    sent.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        sent.save(force_insert=True)


def test_a_commissioner_says_when_reminders_come(board: Area, year: SchemeYear, post_set_up: None) -> None:
    client = signed_in(someone("contract_manager", board["QAA"]))
    values = {"days_before": 2, "days_after": 5, "by_email": "on", "declare_within": 61, "review_within": 75,
              "close_within": 91}  # fmt: skip
    assert client.post("/calendar/QAA/reminders/", {**values, "days_before": "soon"}).status_code == 200
    assert not Timing.objects.exists()
    for _ in range(2):  # a double click changes nothing more
        assert client.post("/calendar/QAA/reminders/", values).status_code == 302
    entries = Entry.objects.filter(event="reminders.timing")
    assert entries.count() == 1
    assert "days before 7 to 2" in str(entries.get().details)
    assert next(one.day for one in of(board, "A1")) == date(2025, 5, 31)
    person("practice_lead", board["A2"])
    remind(board, date(2024, 5, 7))
    assert not mail.outbox
    remind(board, date(2024, 5, 8))
    assert len(mail.outbox) == 2  # the practice's lead, and who makes the offers
    client.post("/calendar/QAA/reminders/", {name: value for name, value in values.items() if name != "by_email"})
    remind(board, date(2024, 5, 10))
    assert len(mail.outbox) == 2
    other = signed_in(someone("contract_manager", board["QBB"]))
    assert other.post("/calendar/QAA/reminders/", values).status_code == 404
    assert signed_in(someone("auditor", board["QAA"])).get("/calendar/QAA/reminders/").status_code == 403


def test_the_calendar_says_who_is_late_and_who_takes_part_in_what(board: Area, year: SchemeYear) -> None:
    with at(date(2024, 5, 20)):
        area = page(someone("contract_manager", board["QAA"]), "/calendar/QAA/")
        own = page(someone("practice_lead", board["A2"]), "/calendar/A2/")
        network = page(someone("network_manager", board["NW1"]), "/calendar/NW1/")
    for words in ("Practices that are late", "Second practice (A2)", "Takes part from 1 Apr 2024", "Refused",
                  "Offered, answer by 10 May 2024", "figures of April 2024"):  # fmt: skip
        assert words in area, words
    assert "answer the offer" in own
    assert "First practice (A1)" not in own
    assert "Second practice (A2)" in network
    assert "Third practice (A3)" not in network


def test_a_practice_that_left_the_area_still_reads_what_it_took_part_in(board: Area, year: SchemeYear) -> None:
    Membership.objects.filter(member=board["A1"]).update(until=date(2024, 5, 1))
    lead = person("practice_lead", board["A1"])
    assert "Takes part from 1 Apr 2024" in page(lead, "/calendar/A1/")
    with acting(reach.of_person(lead, TODAY, True)):
        assert reading.dues(reading.year_of(board["A1"], TODAY)) == []


def test_other_calendars_take_what_is_not_done(board: Area, year: SchemeYear) -> None:
    client: Client = signed_in(someone("practice_lead", board["A2"]))
    answer = client.get("/calendar/A2/calendar.ics")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    events = list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))
    assert [(str(one["summary"]), one.decoded("dtstart")) for one in events] == [
        ("QIF 2024/25: answer the offer", date(2024, 5, 10))
    ]
    (alarm,) = events[0].walk("VALARM")
    assert alarm.decoded("trigger") == timedelta(days=-7)
    assert client.get("/calendar/A2/calendar.csv").status_code == 200
    assert client.get("/calendar/A2/calendar.xlsx").status_code == 200
    assert client.get("/calendar/A2/calendar.pdf").status_code == 404
    assert client.get("/calendar/A1/calendar.ics").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_send_each_reminder_once(post_set_up: None) -> None:
    """Four begin the same day, and then four run the same job."""
    with at(TODAY), acting(EVERYTHING):
        board = made_area(date(2024, 4, 1))
        made(board)
        people = [person("practice_lead", board["A2"]), person("data_quality", board["QAA"])]
        people.append(someone("contract_manager", board["QAA"]))
    _together(services.begin_day)
    with acting(EVERYTHING):
        assert BegunDay.objects.count() == 2
        assert DBTaskResult.objects.filter(task_path__endswith="remind").count() == 2
    _together(lambda: services.remind.func(board["QAA"].pk, TODAY.isoformat()))
    assert sorted(one.to[0] for one in mail.outbox) == sorted(one.email for one in people)


def _together(work: Callable[[], object]) -> None:
    barrier, failures = Barrier(4), list[BaseException]()

    def run() -> None:
        try:
            with at(TODAY):
                barrier.wait()
                work()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
