"""The audit log as somebody reads it: sentences, for the organisations that they audit and no others."""

from __future__ import annotations

import ast
import csv
import io
import string
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from tests.service.area import Area, person, signed_in

import remit.service
from remit.service import clock
from remit.service.audit import log, reading
from remit.service.audit.events import EVENTS
from remit.service.audit.models import Entry
from remit.service.audit.sentences import NOT_KNOWN, sentence, title

pytestmark = pytest.mark.one_database

SOURCE = Path(remit.service.__file__).parent
OF_EVERY_ENTRY = {"who", "subject", "organisation"}
EXAMPLE = "an example"


def _placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def recorded() -> Iterator[tuple[str, str, set[str]]]:
    """Where an entry is recorded, of which event (empty where it is not written there), with which details."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            of_log = isinstance(node.func, ast.Name) or (
                isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") in ("log", "audit")
            )
            if name == "record" and of_log:
                first = node.args[0] if node.args else None
                event = first.value if isinstance(first, ast.Constant) else ""
                names = {keyword.arg or "**" for keyword in node.keywords} - {"person"}
                yield f"{path.relative_to(SOURCE)}:{node.lineno}", str(event), names


def test_each_entry_recorded_anywhere_has_a_sentence_whose_placeholders_it_fills() -> None:
    found = list(recorded())
    assert found
    for where, event, names in found:
        if event:
            assert event in EVENTS, f"{where}: add {event} with its sentence to audit/events.py"
            missing = _placeholders(EVENTS[event]) - OF_EVERY_ENTRY - names
            assert not missing or "**" in names, f"{where}: the sentence of {event} needs {', '.join(missing)}"


@pytest.mark.parametrize("event", EVENTS)
def test_each_event_can_be_read_as_a_sentence(event: str, board: Area) -> None:
    details = dict.fromkeys(_placeholders(EVENTS[event]) - OF_EVERY_ENTRY, EXAMPLE)
    entry = Entry(
        who="Jo Smith, contract manager of NHS X", event=event, subject="QIF", organisation=board["A1"], details=details
    )
    text = sentence(entry)
    assert text[0].isupper()
    assert text.endswith((".", EXAMPLE, "QIF", "?"))
    assert "{" not in text
    assert NOT_KNOWN not in text
    assert "_" not in text
    assert title(event)[0].isupper()


def test_sentences_in_full(board: Area) -> None:
    entry = Entry(who="Jo Smith, contract manager of NHS X", event="person.signed-in")
    assert sentence(entry) == "Jo Smith, contract manager of NHS X, signed in."
    assert sentence(Entry(who="The service", event="person.signed-in")) == "The service signed in."
    assert sentence(Entry(who="The service", event="gone.since", subject="x")) == "The service: Gone: since x"
    published = {"day": "2025-01-31"}
    entry = Entry(who="The service", event="scheme.published", subject="QIF, version 1", details=published)
    assert sentence(entry) == "The service published QIF, version 1, from 31 January 2025 on."
    entry = Entry(event="extract.refused", subject="extract 2", organisation=board["QAA"], details={"problems": 1})
    assert sentence(entry) == "Extract 2 of First area was refused. Problems: 1."
    exported = Entry(who="Jo", event="audit.exported")
    assert sentence(exported) == f"Jo saved the audit log as a file. Entries: {NOT_KNOWN}."


@pytest.fixture
def logged(board: Area) -> Area:
    """Three entries of the first area a day apart, one of the other area, one of nobody."""
    someone = person("contract_manager", board["QAA"])
    for n, (code, who) in enumerate((("A1", someone.pk), ("QAA", None), ("NW1", None), ("B1", None))):
        with clock.at(datetime(2024, 6, 1 + n, 12, tzinfo=UTC)), transaction.atomic():
            log.record("person.signed-in", board[code], person=who)
    with transaction.atomic():
        log.record("person.signed-in")
    return board


def _numbers(text: str) -> list[int]:
    return [int(part.split("<")[0]) for part in text.split('nhsuk-table__cell--numeric">')[1:]]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [3, 2, 1]),
        ("who=contract", [1]),
        ("who=the+service", [3, 2]),
        ("event=person.signed-in", [3, 2, 1]),
        ("event=audit.exported", []),
        ("organisation=NW1", [3]),
        ("since=2/6/2024", [3, 2]),
        ("until=2/6/2024", [2, 1]),
        ("since=2/6/2024&until=2/6/2024", [2]),
        ("before=3", [2, 1]),
        ("before=x", [3, 2, 1]),
        ("before=99999999999999999999999", [3, 2, 1]),
    ],
)
def test_an_auditor_reads_the_own_area_newest_first_and_chooses(logged: Area, query: str, numbers: list[int]) -> None:
    auditor = signed_in(person("auditor", logged["QAA"]))
    answer = auditor.get(f"/audit/?{query}")
    assert answer.status_code == 200
    assert _numbers(answer.content.decode()) == numbers


@pytest.mark.parametrize(
    "query",
    [
        "organisation=B1",
        "event=x",
        "since=31/2/2024",
        "until=1/1/0001",
        "who=" + "a" * 201,
        "since=2/6/2024&until=1/6/2024",
    ],
)
def test_what_cannot_be_asked_is_said_and_shows_nothing(logged: Area, query: str) -> None:
    answer = signed_in(person("auditor", logged["QAA"])).get(f"/audit/?{query}")
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert _numbers(answer.content.decode()) == []


def test_whoever_audits_another_area_reads_that(logged: Area) -> None:
    text = signed_in(person("auditor", logged["QBB"])).get("/audit/").content.decode()
    assert _numbers(text) == [4]


def test_whoever_audits_one_place_reads_no_other_that_another_role_sees(logged: Area) -> None:
    """An auditor of a place who is a finance officer of the whole area."""
    someone = person("auditor", logged["PL1"])
    from remit.service.people.models import Appointment

    Appointment.objects.create(
        person=someone,
        organisation=logged["QAA"],
        role="finance_officer",
        since=datetime(2024, 4, 1, tzinfo=UTC).date(),
    )
    assert _numbers(signed_in(someone).get("/audit/").content.decode()) == [3, 1]


def test_pages_go_by_number(board: Area, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    for _ in range(5):
        with transaction.atomic():
            log.record("person.signed-in", board["A1"])
    auditor = signed_in(person("auditor", board["QAA"]))
    seen, address = [], "/audit/?who=service"
    while address:
        text = auditor.get(address).content.decode()
        seen.append(_numbers(text))
        _, _, rest = text.partition('rel="next"')
        address = ""
        if rest:
            address = text.split('" rel="next"')[0].rpartition('href="')[2].replace("&amp;", "&")
    assert seen == [[5, 4], [3, 2], [1]]


def test_the_file_has_the_same_entries_without_formulas_and_is_itself_in_the_log(board: Area) -> None:
    board["A1"].name = "=1+1"
    board["A1"].save()
    for n in range(3):
        with clock.at(datetime(2024, 6, 1, 12, tzinfo=UTC) + timedelta(days=n)), transaction.atomic():
            log.record("person.signed-in", board["A1"])
    answer = signed_in(person("auditor", board["QAA"])).get("/audit/entries.csv?until=2/6/2024")
    text = b"".join(answer).decode()
    assert list(csv.reader(io.StringIO(text))) == [
        ["number", "at", "organisation", "entry"],
        ["2", "2024-06-02T13:00:00+01:00", "'=1+1", "The service signed in."],
        ["1", "2024-06-01T13:00:00+01:00", "'=1+1", "The service signed in."],
    ]
    last = Entry.objects.order_by("number").last()
    assert last is not None
    assert sentence(last) == "Auditor of First area, auditor of First area, saved the audit log as a file. Entries: 2."
