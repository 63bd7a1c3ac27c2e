"""A practice's evidence in the service: opened for the practice's own roles alone, each look in the log, no way around.

What row-level security does not protect are files; the attacks here are on the one reader of them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.test import Client
from tests.service.area import Area, signed_in
from tests.service.figures_in import checked, consent, scheme, someone

from remit.application.evaluate import EvaluationRequest, evaluate
from remit.application.made_with import made_with_of
from remit.application.patients import PatientChoice, PatientsRequest, list_patients
from remit.application.synth import SynthRequest, make_people
from remit.documents.patients import patients as patients_document
from remit.service import clock
from remit.service.audit.models import Entry
from remit.service.extracts import evidence, files, services
from remit.service.extracts.models import Extract, PracticeCopy
from remit.service.organisations.models import PRACTICE, Membership, Organisation
from remit.service.people.models import Appointment
from remit.service.register.models import SchemeVersion
from remit.service.scope import reach
from remit.service.scope.acting import acting

DAY = date(2025, 3, 31)
NOW = datetime.fromisoformat("2025-04-20T12:00:00+00:00")
AT = "/patients/P001/QAA/1/"
ITEM = "HYP008"


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An evaluation of two made-up practices, with their evidence."""
    home = tmp_path_factory.mktemp("evaluated")
    make_people(SynthRequest(home / "store", 80, DAY, practices=2, years=2, workers=1))
    evaluate(EvaluationRequest("qif-2024-25", home / "store", home / "evaluated", workers=1, evidence=True))
    return home / "evaluated"


@pytest.fixture
def practices(board: Area) -> Area:
    """The made-up area with the two practices of the evaluation, in place of its own under the first network."""
    for code in ("P001", "P002"):
        one = Organisation.objects.create(code=code, name=f"Practice {code}", kind=PRACTICE)
        Membership.objects.create(member=one, parent=board["NW1"], since=date(2024, 4, 1))
        board.organisations[code] = one
    return board


def taken_in(board: Area, version: SchemeVersion, folder: Path) -> Extract:
    incoming = [services.Incoming(kind, folder / f"{kind}.csv", f"{kind}.csv") for kind in ("practices", "counts")]
    return checked(services.receive(board["QAA"], services.Arrival(version, DAY, incoming, {}, folder)))


@pytest.fixture
def extract(practices: Area, evaluated: Path) -> Iterator[Extract]:
    """The evaluation, taken in; it is April 2025."""
    with clock.at(NOW):
        yield taken_in(practices, scheme(practices), evaluated)


def lead(board: Area, code: str = "P001") -> Client:
    return signed_in(someone("practice_lead", board[code]))


def looks() -> list[tuple[str, str]]:
    found = Entry.objects.filter(event__startswith="patients.").order_by("number")
    return [(one.event, one.organisation.code if one.organisation else "") for one in found]


def test_evidence_is_kept_for_each_practice_alone(practices: Area, extract: Extract) -> None:
    assert extract.state == "accepted", extract.problems
    for code in ("P001", "P002"):
        folder = files.evidence_folder(practices[code].pk, extract.folder)
        assert folder.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()} == {0o400}
        assert PracticeCopy.objects.get(practice=practices[code]).evidence == files.hashes_in(folder)
    assert not list((files.folder_of(extract.organisation_id, extract.folder) / "evidence").iterdir())


def test_the_extract_says_which_clusters_and_rules_counted(extract: Extract, evaluated: Path) -> None:
    used = made_with_of(extract.made_with)
    assert used is not None
    assert used.counted is not None
    manifest = json.loads((evaluated / "manifest.json").read_text(encoding="utf-8"))
    assert used.counted.release == manifest["clusters"]["release"]
    assert used.counted.clusters["DM_COD"].sha256 == manifest["clusters"]["clusters"]["DM_COD"]["sha256"]
    assert used.counted.rules[ITEM].sha256 == manifest["definitions"][ITEM]["sha256"]


def test_a_practice_lead_sees_who_is_counted_and_why_as_the_command_line_says_it(
    practices: Area, extract: Extract, evaluated: Path
) -> None:
    client = lead(practices)
    page = client.get(AT)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    made = list_patients(PatientsRequest(evaluated, PatientChoice("P001", (ITEM,))))
    with acting(reach.of_person(someone("practice_lead", practices["P001"]), date(2025, 4, 20), True)):
        document, rows = evidence.listed(evidence.open_for("P001", "QAA", 1), ITEM)
    assert document == patients_document(made)
    listed = client.get(f"{AT}{ITEM}/").content.decode()
    assert rows
    assert all(row.patient in listed for row in rows)
    why = client.get(f"{AT}{ITEM}/1/")
    assert why.status_code == 200
    assert rows[0].patient in why.content.decode()
    assert [event for event, _ in looks()] == [
        "patients.counted", "patients.looked-at", "patients.looked-at", "patients.explained",
    ]  # fmt: skip
    assert {code for _, code in looks()} == {"P001"}
    entry = Entry.objects.filter(event="patients.looked-at").latest("number")
    assert (entry.details["item"], entry.details["extract"]) == (ITEM, 1)
    assert entry.details.keys() == {"item", "extract"}, "whoever audits the area reads it: it has no count of patients"
    assert rows[0].patient not in str(list(Entry.objects.values()))


OTHERS = (
    ("practice_lead", "P002"), ("practice_viewer", "P001"), ("network_manager", "NW1"), ("contract_manager", "QAA"),
    ("data_quality", "QAA"), ("auditor", "QAA"), ("administrator", "QAA"), ("clinical_lead", "NW1"),
    ("clinical_lead", "QAA"), ("practice_lead", "B1"), ("finance_officer", "QAA"),
)  # fmt: skip


def test_nobody_else_sees_a_patient(practices: Area, extract: Extract) -> None:
    consent(practices, "P001", "P002")
    for role, at in OTHERS:
        client = signed_in(someone(role, practices[at]))
        for address in (AT, f"{AT}{ITEM}/", f"{AT}{ITEM}/1/"):
            for send in (client.get, client.head, client.post, client.options):
                assert send(address).status_code in (403, 404, 405), (role, at, address, send)
    assert looks() == []


def test_a_session_without_a_second_factor_and_a_role_that_ended_see_none(practices: Area, extract: Extract) -> None:
    who = someone("practice_lead", practices["P001"])
    without = signed_in(who, second_factor=False)
    without.raise_request_exception = False
    assert without.get(AT).status_code != 200
    with acting(reach.of_person(who, date(2025, 4, 20), False)), pytest.raises(Http404):
        evidence.open_for("P001", "QAA", 1)
    client = signed_in(who)
    assert client.get(AT).status_code == 200
    before = looks()
    Appointment.objects.filter(person=who).update(until=date(2025, 4, 19))
    assert client.get(AT).status_code in (403, 404)
    assert looks() == before


ADDRESSES = [
    "/patients/P001/QAA/2/", "/patients/P001/QBB/1/", "/patients/P002/QAA/1/", "/patients/NW1/QAA/1/",
    "/patients/..%2F..%2FP002/QAA/1/", "/patients/P001%2F..%2FP002/QAA/1/", "/patients/P001%00/QAA/1/",
    f"{AT}..%2F..%2Fpeople/", f"{AT}NONE/", f"{AT}{ITEM}/0/", f"{AT}{ITEM}/99999/", f"{AT}{ITEM}/-1/",
]  # fmt: skip


def test_another_number_or_a_path_is_not_there(practices: Area, extract: Extract) -> None:
    client = lead(practices)
    assert {address: client.get(address).status_code for address in ADDRESSES} == dict.fromkeys(ADDRESSES, 404)


def test_a_look_without_its_entry_shows_nothing(
    practices: Area, extract: Extract, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting(reach.of_person(someone("practice_lead", practices["P001"]), date(2025, 4, 20), True)):
        opened = evidence.open_for("P001", "QAA", 1)
        monkeypatch.setattr(evidence, "record", _no_room)
        with pytest.raises(OSError, match="no room"):
            evidence.listed(opened, ITEM)


def _no_room(*_: object, **__: object) -> None:
    raise OSError("no room")


def test_evidence_that_was_changed_exchanged_or_linked_is_not_shown(practices: Area, extract: Extract) -> None:
    own, other = (files.evidence_folder(practices[code].pk, extract.folder) for code in ("P001", "P002"))
    client = lead(practices)
    client.raise_request_exception = False
    aside = own.with_name("aside")
    for spoil in (
        lambda: os.symlink(other, own),
        lambda: __import__("shutil").copytree(other, own),
        lambda: own.mkdir(),
    ):
        own.rename(aside)
        spoil()
        before = looks()
        assert client.get(f"{AT}{ITEM}/").status_code == 500
        assert looks() == before
        if own.is_symlink():
            own.unlink()
        else:
            files.remove(own)
        aside.rename(own)
    assert client.get(f"{AT}{ITEM}/").status_code == 200


def test_a_copy_of_evidence_that_was_ended_goes_on(practices: Area, evaluated: Path) -> None:
    with clock.at(NOW):
        version = scheme(practices)
        incoming = [
            services.Incoming(kind, evaluated / f"{kind}.csv", f"{kind}.csv") for kind in ("practices", "counts")
        ]
        extract = services.receive(practices["QAA"], services.Arrival(version, DAY, incoming, {}, evaluated))
        source = files.folder_of(extract.organisation_id, extract.folder) / "evidence" / "0"
        target = files.evidence_folder(practices["P001"].pk, extract.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(source, target)  # as kill -9 between the first practice and the second leaves it
        with transaction.atomic():
            Extract.objects.filter(pk=extract.pk).update(state="checking")
        extract = checked(extract)
        assert extract.state == "accepted"
        assert all(PracticeCopy.objects.get(practice=practices[code]).evidence for code in ("P001", "P002"))
        assert lead(practices).get(AT).status_code == 200


def _kept() -> list[Path]:
    """All that is kept of evidence, of whatever extract."""
    data = Path(settings.DEPLOYMENT.data)
    return [path for path in data.rglob("*") if path.is_file() and "evidence" in path.relative_to(data).parts]


def _sent(practices: Area, evaluated: Path, folder: Path, leave_out: str = "") -> Extract:
    """The evaluation as it comes in, without the figures of one of its practices but with all of its evidence."""
    incoming = []
    for kind in ("practices", "counts"):
        lines = (evaluated / f"{kind}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / f"{kind}.csv").write_text(
            "".join(line for line in lines if not leave_out or not line.startswith(leave_out)), encoding="utf-8"
        )
        incoming.append(services.Incoming(kind, folder / f"{kind}.csv", f"{kind}.csv"))
    return services.receive(practices["QAA"], services.Arrival(scheme(practices), DAY, incoming, {}, evaluated))


def test_a_cancelled_extract_keeps_no_patients(practices: Area, evaluated: Path, tmp_path: Path) -> None:
    before = set(_kept())
    with clock.at(NOW):
        extract = _sent(practices, evaluated, tmp_path)
        assert set(_kept()) > before
        assert services.cancel(extract)
        checked(extract)
    assert set(_kept()) == before


def test_a_refused_extract_keeps_no_patients_not_even_of_the_practices_that_fit(
    practices: Area, evaluated: Path, tmp_path: Path
) -> None:
    before = set(_kept())
    with clock.at(NOW):
        Membership.objects.filter(member=practices["P002"]).delete()
        extract = checked(_sent(practices, evaluated, tmp_path, leave_out="P002"))
    assert extract.state == "refused"
    assert "evidence of 'P002'" in str(extract.problems)
    assert set(_kept()) == before
