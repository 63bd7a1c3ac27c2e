"""Organisations: the practice map, each change, what is refused, days to come that come by themselves, pages."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from tests.service import figures_in
from tests.service.area import Area, person, signed_in

from remit.application import practice_map
from remit.core.problems import Refused
from remit.organisation.area_map import AreaMap
from remit.service import clock
from remit.service.audit.models import Entry
from remit.service.organisations import applying, mergers, reading, services
from remit.service.organisations.models import ListSize, Membership, Organisation, Succession
from remit.service.scope import reach
from remit.service.scope.acting import acting

ONE = timedelta(days=1)
DAY = date(2024, 10, 1)
HEADER = "PRACTICE_CODE,PRACTICE_NAME,PCN_ODS_CODE,PCN_NAME,CCG_ODS_CODE,CCG_NAME,STP_ODS_CODE,STP_NAME\n"
NEWER = """A1,First practice,NW2,Second network,PL1,First place,QAA,First area
A2,SECOND PRACTICE,NW1,First network,PL1,First place,QAA,First area
A4,Fourth practice,U,UNALLOCATED,PL1,First place,QAA,First area
B1,Other practice,NW3,Other network,PL9,Other place,QBB,Other area
"""


def the_map(folder: Path, rows: str = NEWER, commissioner: str = "QAA", header: str = HEADER) -> AreaMap:
    path = folder / "map.csv"
    path.write_text(header + rows, encoding="utf-8")
    return practice_map.evaluate(practice_map.Request(path, (commissioner,))).areas[commissioner]


def parents(code: str, day: date) -> set[str]:
    rows = Membership.objects.filter(member__code=code, since__lte=day)
    return {row.parent.code for row in rows.select_related("parent") if row.until is None or row.until >= day}


def test_a_newer_map_is_a_difference_first_and_then_applied(board: Area, tmp_path: Path) -> None:
    area = the_map(tmp_path)
    found = applying.difference(area, board["QAA"], DAY)
    assert [one.sentence for one in found.sentences] == [
        "Fourth practice (A4), practice, in First place (PL1) from 1 October 2024.",
        "Second practice (A2) joins First place (PL1) on 1 October 2024.",
        "Third practice (A3) leaves Second network (NW2); 30 September 2024 is the last day. "
        "It is not in the map any more.",
        "First practice (A1) moves from First network (NW1) to Second network (NW2) and First place (PL1) on "
        "1 October 2024.",
    ]
    assert Organisation.objects.count() == 10, "nothing is written by reading"
    applying.apply(area, board["QAA"], DAY, "The map of October.", "map.csv", "0" * 64, applying.digest(found))
    assert (parents("A1", DAY - ONE), parents("A1", DAY)) == ({"NW1"}, {"NW2", "PL1"})
    assert (parents("A3", DAY - ONE), parents("A3", DAY)) == ({"NW2"}, set())
    assert parents("B1", DAY) == {"NW3"}, "another commissioner's practice is not touched"
    assert parents("A4", DAY) == {"PL1"}
    entry = Entry.objects.get(event="organisation.map-applied")
    assert entry.details["reason"] == "The map of October."
    assert len(entry.details["changes"]) == 4
    assert applying.difference(area, board["QAA"], DAY + ONE).is_empty


def test_what_is_applied_is_what_was_read(board: Area, tmp_path: Path) -> None:
    area = the_map(tmp_path)
    read = applying.digest(applying.difference(area, board["QAA"], DAY))
    services.move(board["A2"], board["NW2"], DAY - ONE, "Meanwhile.")
    with pytest.raises(Refused, match="changed since you read"):
        applying.apply(area, board["QAA"], DAY, "The map.", "map.csv", "0" * 64, read)
    assert parents("A4", DAY) == set()


def test_a_code_of_another_commissioner_is_refused_or_moved(board: Area, tmp_path: Path) -> None:
    area = the_map(tmp_path, NEWER.replace("A4,Fourth", "B1,Other").rsplit("B1", 1)[0])
    admin = person("administrator", board["QAA"])
    with acting(reach.of_person(admin, DAY, True)), pytest.raises(Refused, match="B1 belongs to Other area"):
        applying.difference(area, board["QAA"], DAY)
    person_of_both = person("administrator", board["QBB"])
    from remit.service.people.models import Appointment

    Appointment.objects.create(
        person=person_of_both, organisation=board["QAA"], role="administrator", since=date(2024, 4, 1)
    )
    with acting(reach.of_person(person_of_both, DAY, True)):
        applying.apply(area, board["QAA"], DAY, "It changes its ICB.", "map.csv", "0" * 64)
    assert (parents("B1", DAY - ONE), parents("B1", DAY)) == ({"NW3"}, {"PL1"})


def test_a_merger_of_practices(board: Area) -> None:
    succession = mergers.merge(board["A1"], board["A3"], DAY, "They merge.")
    assert (parents("A1", DAY - ONE), parents("A1", DAY)) == ({"NW1"}, set())
    assert Organisation.objects.get(code="A1").closed == DAY - ONE
    for again in (board["A2"], board["A3"]):
        with pytest.raises(Refused, match="merged already"):
            mergers.merge(board["A1"], again, DAY, "Again.")
    with pytest.raises(Refused, match="closed on 30 September 2024"):
        mergers.merge(board["A2"], Organisation.objects.get(code="A1"), DAY, "Into one that is gone.")
    mergers.undo(succession, "It was A2.")
    assert parents("A1", DAY) == {"NW1"}
    assert Organisation.objects.get(code="A1").closed is None
    assert not Succession.objects.exists()
    assert set(Entry.objects.values_list("event", flat=True)) == {"organisation.merged", "organisation.merger-undone"}


def test_commissioners_that_merge_on_a_day_to_come(board: Area) -> None:
    day = date(2027, 4, 1)
    admin = person("administrator", board["QAA"])
    with acting(reach.of_person(admin, DAY, True)):
        new = mergers.merge_into_new(board["QAA"], "QCC", "One area", day, "The ICBs merge.").successor
    mergers.merge(board["QBB"], new, day, "The ICBs merge.")
    manager = person("contract_manager", new, since=DAY)
    for moment, seen in ((day - ONE, "nobody belongs to it"), (day, "1 place, 3 networks, 4 practices")):
        with clock.at(datetime(moment.year, moment.month, moment.day, 12, tzinfo=UTC)):
            assert seen in signed_in(manager).get("/organisations/QCC/area/").content.decode()


CHANGES_REFUSED = [
    (lambda a: services.move(a["A1"], a["A2"], DAY, "x"), "cannot belong to a practice"),
    (lambda a: services.move(a["NW1"], a["NW2"], DAY, "x"), "cannot belong to a network"),
    (lambda a: services.move(a["PL1"], a["NW1"], DAY, "x"), "cannot belong to a network"),
    (lambda a: services.move(a["A1"], a["NW1"], DAY, "x"), "already"),
    (lambda a: services.move(a["A1"], a["NW2"], date(2024, 4, 1), "x"), "joined First network"),
    (lambda a: services.move(a["A1"], a["NW2"], date(2024, 3, 1), "x"), "two networks|twice"),
    (lambda a: services.move(a["A1"], a["NW2"], DAY, " "), "reason"),
    (lambda a: services.close(a["NW1"], DAY, "x"), "still has members"),
    (lambda a: services.close(a["A1"], date(2024, 3, 1), "x"), "joined First network"),
    (lambda a: services.correct(a["A1"], "First", DAY, DAY - ONE, "x"), "the last day is before the first"),
    (lambda a: services.correct(a["A1"], "First", DAY, None, "x"), "opens on 1 October 2024"),
    (lambda a: services.correct(a["A1"], "First practice", None, None, "x"), "nothing was changed"),
    (lambda a: services.add("A2", "Again", "practice", a["NW1"], DAY, "x"), "there is an organisation A2 already"),
    (lambda a: services.add("N9", "Net", "network", a["NW1"], DAY, "x"), "cannot belong to a network"),
    (lambda a: mergers.merge(a["A1"], a["A1"], DAY, "x"), "into itself"),
    (lambda a: mergers.merge(a["A1"], a["NW2"], DAY, "x"), "cannot be merged into a network"),
]


@pytest.mark.parametrize(("change", "words"), CHANGES_REFUSED, ids=[words for _, words in CHANGES_REFUSED])
def test_what_cannot_be_is_refused_whole(board: Area, change, words: str) -> None:
    before = list(Membership.objects.values_list().order_by("pk")), list(Organisation.objects.values_list())
    with pytest.raises(Refused, match=words):
        change(board)
    assert (list(Membership.objects.values_list().order_by("pk")), list(Organisation.objects.values_list())) == before
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("member", "parent", "since", "until"),
    [
        ("A1", "NW2", DAY, None),
        ("A1", "NW2", date(2024, 1, 1), date(2024, 4, 1)),
        ("A2", "A2", DAY, None),
        ("A1", "PL1", DAY, DAY - ONE),
    ],
)
def test_the_database_refuses_it_too(board: Area, member: str, parent: str, since: date, until: date | None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(member=board[member], parent=board[parent], since=since, until=until)


def test_a_correction_keeps_what_was_there_in_the_log(board: Area) -> None:
    row = Membership.objects.get(member=board["A1"])
    services.correct_membership(row, date(2024, 5, 1), None, "It joined in May.")
    services.correct_membership(row, date(2024, 5, 1), None, "It was another practice.", never=True)
    assert parents("A1", DAY) == set()
    first, second = Entry.objects.filter(event="organisation.membership-corrected").order_by("number")
    assert (first.details["before"], first.details["after"]) == ("from 1 April 2024, open", "from 1 May 2024, open")
    assert (second.details["before"], second.details["after"]) == ("from 1 May 2024, open", "it never did")


def test_only_who_administers_changes(board: Area) -> None:
    manager = reach.of_person(person("contract_manager", board["QAA"]), DAY, True)
    admin = reach.of_person(person("administrator", board["QAA"]), DAY, True)
    with acting(manager), pytest.raises(PermissionDenied):
        services.move(board["A1"], board["NW2"], DAY, "x")
    with acting(admin):
        for member, parent in (("A1", "NW3"), ("B1", "NW1")):
            with pytest.raises(PermissionDenied):
                services.move(board[member], board[parent], DAY, "x")
        services.move(board["A1"], board["NW2"], DAY, "x")


def test_an_unknown_list_is_not_small(board: Area) -> None:
    for code, people in (("A1", 20_000), ("A2", 31_000), ("A3", 29_999)):
        ListSize.objects.create(organisation=board[code], day=DAY, people=people, source="test")
    looks = reading.to_look_at(board["QAA"], DAY)
    assert [(one.organisation.code, one.text) for one in looks.networks] == [
        ("NW1", "51,000 people, more than 50,000."),
        ("NW2", "29,999 people, fewer than 30,000."),
    ]
    before = reading.to_look_at(board["QAA"], DAY - ONE)
    assert before.networks == ()
    assert {one.organisation.code for one in before.sizes} == {"NW1", "NW2", "A1", "A2", "A3"}
    Membership.objects.filter(member=board["A3"]).update(until=DAY)
    Membership.objects.create(member=board["A3"], parent=board["PL1"], since=DAY)
    after = reading.to_look_at(board["QAA"], DAY + ONE)
    assert {(one.organisation.code, one.text) for one in after.coverage} == {
        ("A3", "belongs to no network."),
        ("NW2", "has no practice."),
    }
    services.leave(Membership.objects.get(member=board["A2"]), DAY, "It closes.")
    [gone] = reading.to_look_at(board["QAA"], DAY + ONE).closed
    assert (gone.organisation.code, gone.text) == ("A2", "left after 1 October 2024, and no successor is recorded.")


PAGES = (
    "",
    "area/",
    "to-look-at/",
    "export.csv",
    "import/",
    "add/",
    "correct/",
    "rename/",
    "move/",
    "merge/",
    "close/",
)


def admin(area: Area) -> Client:
    return signed_in(person("administrator", area["QAA"]))


def test_every_page_opens_for_the_administrator_of_the_area_alone(board: Area) -> None:
    client = admin(board)
    for end in PAGES:
        assert client.get(f"/organisations/QAA/{end}").status_code == 200, end
        assert client.get(f"/organisations/QBB/{end}").status_code == 404, end
    assert client.get("/organisations/A1/list-size/").status_code == 200
    assert client.get("/organisations/A1/in/NW1/2024-04-01/leave/").status_code == 200
    assert client.get("/organisations/A1/in/NW1/2024-04-01/correct/").status_code == 200
    assert client.get("/organisations/A1/in/NW1/2024-04-02/leave/").status_code == 404


def test_a_form_keeps_what_was_typed_and_says_what_is_wrong(board: Area) -> None:
    client = admin(board)
    page = client.post("/organisations/A1/move/", {"parent": "NW9", "day": "1/10/2024", "reason": "A new network."})
    assert "NW9 is not among the organisations that you see" in page.content.decode()
    assert "A new network." in page.content.decode()
    assert (
        client.post("/organisations/A1/move/", {"parent": "nw2", "day": "1/10/2024", "reason": "x"}).status_code == 302
    )
    history = client.get("/organisations/A1/").content.decode()
    assert "Left First network (NW1); 30 September 2024 was the last day there." in history
    assert "Belongs to Second network (NW2) from 1 October 2024." in history


def test_a_map_in_the_browser(board: Area) -> None:
    client = admin(board)
    file = io.BytesIO((HEADER + NEWER.replace("A2,SECOND", ",SECOND")).encode())
    file.name = "map.csv"
    page = client.post("/organisations/QAA/import/", {"file": file, "day": "1/10/2024"}).content.decode()
    assert "Row 3: PRACTICE_CODE: empty." in page
    file = io.BytesIO((HEADER + NEWER).encode())
    file.name = "map.csv"
    read = client.post("/organisations/QAA/import/", {"file": file, "day": "1/10/2024"}).headers["Location"]
    page = client.get(read).content.decode()
    assert "Fourth practice (A4), practice, in First place (PL1) from 1 October 2024." in page
    assert Organisation.objects.filter(code="A4").count() == 0
    digest = page.split('name="read" value="')[1].split('"')[0]
    assert client.post(read, {"read": digest, "reason": ""}).status_code == 200
    assert client.post(read, {"read": digest, "reason": "The map of October."}).status_code == 302
    assert parents("A4", DAY) == {"PL1"}
    assert "It was applied on" in client.get(read).content.decode()


def test_the_export_can_be_imported_again_and_holds_no_formula(board: Area, tmp_path: Path) -> None:
    Organisation.objects.filter(code="A1").update(name="=cmd()")
    text = admin(board).get(f"/organisations/QAA/export.csv?day={DAY}").content.decode()
    assert ["A1", "'=cmd()", "practice", "NW1", "2024-04-01", "", "", ""] in list(csv.reader(io.StringIO(text)))
    path = tmp_path / "area.csv"
    path.write_text(text, encoding="utf-8")
    area = practice_map.evaluate(practice_map.Request(path, ("QAA",))).areas["QAA"]
    assert applying.difference(area, board["QAA"], DAY).is_empty


@pytest.mark.parametrize("practices", [2, 140])
@pytest.mark.usefixtures("sessions_as_they_are")
def test_a_large_area_takes_as_many_queries_as_a_small_one(
    board: Area,
    django_assert_num_queries,
    practices: int,
) -> None:
    new = [Organisation(code=f"P{n}", name=f"Practice {n}", kind="practice") for n in range(practices)]
    Organisation.objects.bulk_create(new)
    rows = [
        Membership(member=one, parent=board["NW1"], parent_kind="network", since=date(2024, 4, 1))
        for one in Organisation.objects.filter(code__in=[one.code for one in new])
    ]
    Membership.objects.bulk_create(rows)
    with django_assert_num_queries(5):  # commissioner, place, networks, practices (nobody below), list sizes
        root = reading.tree(board["QAA"], DAY)
    assert len(root.of_kind("practice")) == 3 + practices


def test_list_sizes_come_with_an_extract(board: Area, tmp_path: Path) -> None:
    extract = figures_in.checked(figures_in.received(board, figures_in.scheme(board), tmp_path))
    sizes = ListSize.objects.order_by("organisation__code").values_list("organisation__code", "people", "day", "source")
    source = f"the practices of extract {extract.number}"
    assert list(sizes) == [
        ("A1", 10_500, figures_in.YEAR_END, source),
        ("A2", 5_000, figures_in.YEAR_END, source),
    ]
    page = admin(board).get(f"/organisations/QAA/area/?day={figures_in.YEAR_END}").content.decode()
    assert "15,500 people on 31 March 2025" in page
