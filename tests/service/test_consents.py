"""Consent, day by day: what a commissioner sees before, during and after it, and who may give, record and withdraw it.

`UnderConsent` is asked twice, as Django's filter and as the SQL of PostgreSQL's policies, on rows of each boundary day.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from tests.service.area import Area, person, signed_in

from remit.core.problems import Refused
from remit.service import clock
from remit.service.audit.models import Entry
from remit.service.consents import services
from remit.service.consents.models import CARRIED_OVER, PAPER, Consent
from remit.service.organisations import mergers
from remit.service.organisations import services as organisations
from remit.service.organisations.models import COMMISSIONER, ListSize, Organisation
from remit.service.scope import reach
from remit.service.scope.acting import acting
from remit.service.scope.conditions import UnderConsent
from remit.service.scope.scope import Scope

ONE = timedelta(days=1)
GIVEN, LAST, WITHDRAWN = date(2024, 5, 1), date(2025, 3, 31), date(2024, 8, 1)


def lead(area: Area, code: str = "A1", day: date = date(2024, 5, 1)) -> Scope:
    email = f"lead.{code}.{Organisation.objects.count()}.{day}@example.org".lower()
    return reach.of_person(person("practice_lead", area[code], email=email), day, True)


def days_seen(
    area: Area, at: str, practice: str, on: date, days: list[date], role: str = "contract_manager"
) -> set[date]:
    """Of rows of a practice, one a day, those that somebody at an organisation sees; by the filter and by the SQL."""
    for day in days:
        ListSize.objects.get_or_create(organisation=area[practice], day=day, defaults={"people": 1, "source": "test"})
    someone = person(role, area[at], email=f"{at}.{on}.{len(days)}@example.org".lower())
    scope = reach.of_person(someone, on, True)
    condition = UnderConsent(practice="organisation_id", day="day")
    rows = ListSize.objects.filter(organisation=area[practice], day__in=days)
    if area[practice].pk not in scope.own | scope.overseen | scope.former:
        return set()
    found = set(rows.filter(condition.q(scope)).values_list("day", flat=True))
    if connection.vendor == "postgresql":
        sql = condition.sql("organisations_listsize")
        ids = list(rows.values_list("pk", flat=True))
        with (
            acting(Scope(own=frozenset({area[practice].pk}), consented=scope.consented)),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"SELECT day FROM organisations_listsize WHERE id = ANY(%s) AND {sql}", [ids])
            assert {day for (day,) in cursor.fetchall()} == found
    return found


BOUNDARIES = [GIVEN - ONE, GIVEN, WITHDRAWN - ONE, WITHDRAWN, LAST, LAST + ONE]


@pytest.mark.parametrize(
    ("until", "withdrawn", "seen"),
    [
        (None, None, BOUNDARIES[1:]),
        (LAST, None, [GIVEN, WITHDRAWN - ONE, WITHDRAWN, LAST]),
        (None, WITHDRAWN, [GIVEN, WITHDRAWN - ONE]),
        (LAST, WITHDRAWN, [GIVEN, WITHDRAWN - ONE]),
        (WITHDRAWN - ONE, LAST, [GIVEN, WITHDRAWN - ONE]),
        (None, GIVEN, []),
    ],
)
def test_a_commissioner_sees_the_days_of_a_consent(
    board: Area, until: date | None, withdrawn: date | None, seen: list[date]
) -> None:
    Consent.objects.create(practice=board["A1"], to=board["QAA"], since=GIVEN, until=until, withdrawn=withdrawn)
    assert days_seen(board, "QAA", "A1", LAST, BOUNDARIES) == set(seen)
    assert days_seen(board, "QAA", "A2", LAST + ONE, BOUNDARIES) == set()
    assert days_seen(board, "NW1", "A1", LAST, BOUNDARIES, "network_manager") == set()
    assert days_seen(board, "QBB", "A1", LAST, BOUNDARIES) == set()


def test_a_consent_ends_when_the_practice_leaves(board: Area) -> None:
    for to in ("QAA", "NW1"):
        Consent.objects.create(practice=board["A1"], to=board[to], since=GIVEN)
    organisations.move(board["A1"], board["NW2"], WITHDRAWN, "It changed its network.")
    days = [WITHDRAWN - ONE, WITHDRAWN]
    assert days_seen(board, "QAA", "A1", WITHDRAWN, days) == set(days), "it is in the same area as before"
    assert days_seen(board, "NW1", "A1", WITHDRAWN, days, "network_manager") == {WITHDRAWN - ONE}
    organisations.move(board["A1"], board["NW3"], LAST, "It changed its area.")
    days = [LAST - ONE, LAST]
    assert days_seen(board, "QAA", "A1", LAST, days) == {LAST - ONE}
    assert days_seen(board, "QBB", "A1", LAST, [*days, LAST + ONE]) == set()


def test_consents_go_over_to_the_commissioner_that_takes_over(board: Area) -> None:
    Consent.objects.create(practice=board["A1"], to=board["QAA"], since=GIVEN)
    day = date(2027, 4, 1)
    mergers.merge_into_new(board["QAA"], "QCC", "One area", day, "The ICBs merge.")
    mergers.merge(board["QBB"], Organisation.objects.get(code="QCC"), day, "The ICBs merge.")
    board.organisations["QCC"] = Organisation.objects.get(code="QCC")
    days = [day - ONE, day]
    assert days_seen(board, "QCC", "A1", day - ONE, days) == {day}, "on a day that is to come"
    assert days_seen(board, "QCC", "A1", day, days) == set(days)
    assert days_seen(board, "QAA", "A1", day, days) == {day - ONE}
    carried = Consent.objects.get(to__code="QCC")
    assert (carried.since, carried.given_by) == (day, CARRIED_OVER)


def test_a_lead_gives_and_withdraws(board: Area) -> None:
    with clock.at(datetime(2024, 6, 1, tzinfo=UTC)):
        with acting(lead(board)):
            consent = services.give(board["A1"], board["QAA"], GIVEN)
            with pytest.raises(Refused, match="payments rest"):
                services.withdraw(consent, date(2024, 5, 31), "We changed our mind.")
            with pytest.raises(Refused, match="reason"):
                services.withdraw(consent, WITHDRAWN, " ")
            services.withdraw(consent, WITHDRAWN, "We changed our mind.")
            again = services.give(board["A1"], board["QAA"], WITHDRAWN)
            assert again.since == WITHDRAWN
        events = set(Entry.objects.values_list("event", flat=True))
    assert events == {"consent.given", "consent.withdrawn"}


@pytest.mark.parametrize(
    ("to", "since", "until", "words"),
    [
        ("QBB", GIVEN, None, "does not belong to"),
        ("PL1", GIVEN, None, "its commissioner or its network"),
        ("QAA", date(2024, 3, 31), None, "It does from 1 April 2024"),
        ("QAA", LAST, GIVEN, "the last day is before the first"),
        ("NW1", GIVEN, None, "already"),
        ("NW1", date(2024, 4, 1), GIVEN, "already"),
        ("NW1", LAST, LAST, "already"),
    ],
)
def test_what_does_not_fit_is_refused(board: Area, to: str, since: date, until: date | None, words: str) -> None:
    with acting(lead(board)):
        services.give(board["A1"], board["NW1"], GIVEN, LAST)
        with pytest.raises(Refused, match=words):
            services.give(board["A1"], board[to], since, until)
        assert Consent.objects.count() == 1


def test_the_database_refuses_a_day_twice(board: Area) -> None:
    Consent.objects.create(practice=board["A1"], to=board["QAA"], since=GIVEN, until=LAST)
    for since, until in ((GIVEN, None), (LAST, LAST), (GIVEN - ONE, GIVEN)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Consent.objects.create(practice=board["A1"], to=board["QAA"], since=since, until=until)
    Consent.objects.create(practice=board["A1"], to=board["QAA"], since=LAST + ONE)
    Consent.objects.create(practice=board["A1"], to=board["NW1"], since=GIVEN)


def test_nobody_gives_it_for_the_practice(board: Area) -> None:
    for role, code in (("contract_manager", "QAA"), ("administrator", "QAA"), ("practice_viewer", "A1")):
        scope = reach.of_person(person(role, board[code]), GIVEN, True)
        with acting(scope), pytest.raises(PermissionDenied):
            services.give(board["A1"], board["QAA"], GIVEN)
    with acting(lead(board, "A2")), pytest.raises(PermissionDenied):
        services.give(board["A1"], board["QAA"], GIVEN)


def test_an_administrator_records_a_form_on_paper(board: Area) -> None:
    scope = reach.of_person(person("administrator", board["QAA"]), GIVEN, True)
    with acting(scope):
        with pytest.raises(Refused, match="which form"):
            services.record_paper(board["A1"], board["QAA"], GIVEN, None, " ", "Sent by post.")
        consent = services.record_paper(
            board["A1"], board["QAA"], GIVEN, None, "Signed by Dr A on 20 April 2024, file 7.", "Sent by post."
        )
        with pytest.raises(PermissionDenied):
            services.withdraw(consent, LAST, "Not theirs to withdraw.")
    assert consent.given_by == PAPER
    manager = signed_in(person("contract_manager", board["QAA"], email="manager@example.org"))
    page = manager.get("/consents/QAA/?day=2024-05-01").content.decode()
    assert "1 of 3 practices" in page
    assert "signed on paper: Signed by Dr A" in page


def test_both_sides_see_it_on_their_pages(board: Area) -> None:
    client = signed_in(person("practice_lead", board["A1"]))
    assert client.get("/consents/").headers["Location"] == "/consents/A1/"
    wrong = client.post("/consents/A1/give/", {"to": "QAA", "since": "nonsense", "until": ""})
    assert "Write the day as 31/3/2025." in wrong.content.decode()
    done = client.post("/consents/A1/give/", {"to": "QAA", "since": "1/5/2024", "until": ""})
    assert (done.status_code, done.headers["Location"]) == (302, "/consents/A1/")
    page = client.get("/consents/A1/").content.decode()
    assert "1 May 2024" in page
    assert "What was shared of earlier days stays" in page
    manager = signed_in(person("contract_manager", board["QAA"]))
    assert "1 of 3 practices" in manager.get("/consents/QAA/").content.decode()
    assert "0 of 3 practices" in manager.get("/consents/QAA/?day=30/4/2024").content.decode()
    assert manager.get("/consents/A1/give/").status_code == 403
    day = (clock.today() + ONE).strftime("%d/%m/%Y")
    client.post("/consents/A1/QAA/2024-05-01/withdraw/", {"day": day, "reason": "No longer."})
    assert Consent.objects.get().withdrawn == clock.today() + ONE


def test_a_merged_practice_consents_no_more(board: Area) -> None:
    Consent.objects.create(practice=board["A1"], to=board["QAA"], since=GIVEN)
    succession = mergers.merge(board["A1"], board["A2"], WITHDRAWN, "They merge.")
    days = [WITHDRAWN - ONE, WITHDRAWN]
    assert days_seen(board, "QAA", "A1", WITHDRAWN, days) == {WITHDRAWN - ONE}
    mergers.undo(succession, "It was another practice.")
    assert days_seen(board, "QAA", "A1", LAST, days) == set(days)
    assert not Organisation.objects.filter(kind=COMMISSIONER, closed__isnull=False).exists()
