"""An administrator of one area gets no hold of another's organisations, whatever is imported, moved or corrected."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from tests.service.area import Area, person, signed_in

from remit.application import practice_map
from remit.core.problems import Refused
from remit.organisation.area_map import AreaMap
from remit.service.audit.models import Entry
from remit.service.organisations import applying, mergers, services
from remit.service.organisations.models import ListSize, Membership, Organisation, Succession
from remit.service.scope import reach
from remit.service.scope.acting import acting
from remit.service.scope.scope import Scope

DAY = date(2024, 10, 1)
HEAD = "code,name,kind,parent,since,until,successor,successor_day,list_size,list_size_day\n"
OURS = """QAA,First area,commissioner,,,,,,,
PL1,First place,place,QAA,2024-04-01,,,,,
NW1,First network,network,PL1,2024-04-01,,,,,
NW2,Second network,network,PL1,2024-04-01,,,,,
A1,First practice,practice,NW1,2024-04-01,,,,,
A2,Second practice,practice,NW1,2024-04-01,,,,,
A3,Third practice,practice,NW2,2024-04-01,,,,,
"""


def table(folder: Path, rows: str) -> AreaMap:
    path = folder / "area.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    return practice_map.evaluate(practice_map.Request(path, ("QAA",))).areas["QAA"]


def as_administrator(board: Area, code: str = "QAA") -> AbstractContextManager[Scope]:
    return acting(reach.of_person(person("administrator", board[code]), DAY, True))


@pytest.mark.parametrize(
    ("row", "day"),
    [
        ("B1,Other practice,practice,QAA,,,,,,", date(2000, 1, 1)),
        ("B1,Other practice,practice,QAA,2000-01-01,,,,,", DAY),
        ("B1,Ours now,practice,NW1,2000-01-01,2001-01-01,,,,", date(2000, 1, 1)),
        ("B1,Other practice,practice,NW1,2000-01-01,2001-01-01,,,9,2024-10-01", date(2000, 1, 1)),
        ("B1,Other practice,practice,NW1,2000-01-01,2024-03-31,A1,2024-10-01,,", date(2000, 1, 1)),
        ("NW3,Other network,network,PL1,,,,,,", date(2000, 1, 1)),
    ],
)
def test_a_table_takes_nothing_of_another_commissioner(board: Area, tmp_path: Path, row: str, day: date) -> None:
    before = list(Membership.objects.order_by("pk").values_list())
    with as_administrator(board), pytest.raises(Refused, match=r"belongs? to Other area|belong to"):
        applying.apply(table(tmp_path, OURS + row + "\n"), board["QAA"], day, "Ours.", "area.csv", "0" * 64)
    assert list(Membership.objects.order_by("pk").values_list()) == before
    assert Organisation.objects.get(code="B1").name == "Other practice"
    assert not ListSize.objects.exists()
    assert not Succession.objects.exists()


def test_nothing_belongs_to_two_commissioners_on_a_day(board: Area) -> None:
    """A practice is in a network of one area and directly in the other: both would then administer it."""
    with pytest.raises(Refused, match=r"First practice .A1. would belong to .* and to"):
        services.move(board["A1"], board["QBB"], DAY, "In a hurry.")
    old = Membership.objects.get(member=board["A1"])
    services.leave(old, date(2024, 9, 30), "It goes to the other area.")
    services.move(board["A1"], board["QBB"], DAY, "It goes to the other area.")
    with as_administrator(board), pytest.raises(Refused, match="would belong to"):
        services.correct_membership(Membership.objects.get(pk=old.pk), old.since, None, "It never left.")


def test_a_merger_of_networks_carries_its_practices_and_is_undone(board: Area) -> None:
    done = mergers.merge(board["NW1"], board["NW2"], DAY, "They merge.")
    inside = Membership.objects.filter(parent=board["NW2"], since=DAY).values_list("member__code", flat=True)
    assert sorted(inside) == ["A1", "A2"]
    assert Organisation.objects.get(code="NW1").closed == date(2024, 9, 30)
    mergers.undo(done, "They did not.")
    assert Organisation.objects.get(code="NW1").closed is None
    open_in = Membership.objects.filter(until=None, parent=board["NW1"]).values_list("member__code", flat=True)
    assert sorted(open_in) == ["A1", "A2"]


def test_a_merger_of_places_carries_its_networks(board: Area) -> None:
    second = services.add("PL2", "Second place", "place", board["QAA"], date(2024, 4, 1), "New.")
    mergers.merge(board["PL1"], second, DAY, "They merge.")
    inside = Membership.objects.filter(parent=second, since=DAY).values_list("member__code", flat=True)
    assert sorted(inside) == ["NW1", "NW2"]
    with pytest.raises(Refused, match="cannot be merged into"):
        mergers.merge(board["NW1"], second, DAY, "Of two kinds.")


@pytest.mark.parametrize("other", ["NW3", "B1"])
def test_a_merger_with_what_is_another_areas_is_refused(board: Area, other: str) -> None:
    own = "NW1" if other == "NW3" else "A1"
    with as_administrator(board):
        for old, new in ((own, other), (other, own)):
            with pytest.raises(PermissionDenied):
                mergers.merge(board[old], board[new], DAY, "Ours.")


def test_a_merger_in_the_own_table_is_read_and_applied(board: Area, tmp_path: Path) -> None:
    rows = OURS.replace(
        "A1,First practice,practice,NW1,2024-04-01,,,,,", "A1,First practice,practice,NW1,2024-04-01,,A2,2024-10-01,,"
    )
    with as_administrator(board):
        found = applying.apply(table(tmp_path, rows), board["QAA"], DAY, "They merge.", "area.csv", "0" * 64)
    assert "Second practice (A2) takes over First practice (A1) on 1 October 2024." in [
        one.sentence for one in found.sentences
    ]
    succession = Succession.objects.get()
    assert (succession.predecessor.code, succession.successor.code, succession.day) == ("A1", "A2", DAY)
    assert Organisation.objects.get(code="A1").closed == date(2024, 9, 30)
    assert Membership.objects.get(member=board["A1"]).until == date(2024, 9, 30)
    assert "organisation.merged" in set(Entry.objects.values_list("event", flat=True))


def test_a_list_size_is_entered_by_hand_with_its_source_and_reason(board: Area) -> None:
    client = signed_in(person("administrator", board["QAA"]))
    at = "/organisations/A1/list-size/"
    assert at in client.get("/organisations/A1/").content.decode()
    wrong = client.post(at, {"people": "ten", "day": "", "source": " ", "reason": ""}).content.decode()
    for words in ("Write a whole number", "Enter a day.", "Say where the number is from.", "Enter a reason."):
        assert words in wrong
    sent = {"people": "10500", "day": "1/10/2024", "source": "NHS England", "reason": "It was missing."}
    assert "in the future" in client.post(at, sent | {"day": "1/1/2099"}).content.decode()
    assert client.post(at, sent).status_code == 302
    assert client.post(at, sent | {"people": "9800", "reason": "A misprint."}).status_code == 302
    assert "nothing was changed" in client.post(at, sent | {"people": "9800"}).content.decode().lower()
    assert (
        "9,800 people on its list on 1 October 2024 (NHS England)" in client.get("/organisations/A1/").content.decode()
    )
    entries = Entry.objects.filter(event="organisation.list-size").order_by("number").values_list("details", flat=True)
    assert [one["before"] for one in entries] == ["not known", "10,500 (NHS England)"]


def test_nobody_else_enters_a_list_size(board: Area) -> None:
    sent = {"people": "1", "day": "1/10/2024", "source": "x", "reason": "x"}
    for role, code, answer in (
        ("administrator", "QBB", 404), ("contract_manager", "QAA", 403), ("practice_lead", "A1", 403),
    ):  # fmt: skip
        client = signed_in(person(role, board[code]))
        assert client.post("/organisations/A1/list-size/", sent).status_code == answer, role
    with as_administrator(board, "PL1"):
        services.record_list_size(board["A1"], DAY, 7, "x", "x")
        with pytest.raises(PermissionDenied):
            services.record_list_size(board["B1"], DAY, 7, "x", "x")
    admin = signed_in(person("administrator", board["QAA"]))
    assert admin.get("/organisations/NW1/list-size/").status_code == 404
    assert ListSize.objects.count() == 1
