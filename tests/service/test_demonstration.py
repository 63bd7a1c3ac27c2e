"""The demonstration, loaded small through the code that loads it large: what is there then, and what its pages say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from tests.service.signing_in import code, is_signed_in, send, sign_in, text

from remit.application.run import RunRequest, run
from remit.core.problems import Refused
from remit.runs import open_run
from remit.service.audit.models import Entry
from remit.service.consents.models import Consent
from remit.service.declarations.models import Declaration
from remit.service.demonstration import loading, setting_up, state
from remit.service.demonstration.area import (
    ALONE,
    COMMISSIONER,
    LAPSED,
    LEADS,
    NETWORK_OF,
    PEOPLE,
    REVIEWED,
    SCHEMES,
    SENT_BACK,
    WAITS,
    WITHDRAWN,
)
from remit.service.extracts.models import Extract, PracticeCopy, PracticeFigures
from remit.service.money.models import PaymentRun, RecoveryPlan, Transfer
from remit.service.offers.models import Participation
from remit.service.organisations.models import ListSize, Organisation
from remit.service.people.models import Appointment, Person
from remit.service.people.roles import ROLES
from remit.service.register.models import SchemeStep, SchemeVersion
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING
from remit.service.serving.serve import set_environment

FEW = 900
Deployment = Callable[[Path], Path]
COUNTED = "qif-2024-25-2025-01-31"


def test_it_is_loaded_as_its_people_would_and_says_what_remit_run_says(
    db: None, tmp_path: Path, local: Deployment
) -> None:
    data = local(tmp_path)
    loading.load(data, FEW)
    folder = state.folder(data)
    with acting(EVERYTHING):
        _has_people_and_organisations()
        _has_consents_and_schemes()
        _has_figures(folder, tmp_path)
        _has_a_year()
        before = [Entry.objects.count(), Extract.objects.count(), Person.objects.count()]
    assert state.progress(data).is_done
    assert state.progress(data).sentence == ""
    assert [path.name for path in folder.glob(".*")] == []  # no rows of patients but those of the extracts
    _can_sign_in(data)
    state.keep_progress(data, state.Progress())  # as if it had been cut off after the last step
    loading.load(data, FEW)
    with acting(EVERYTHING):
        assert list(Entry.objects.values_list("event", flat=True)[before[0] :]) == ["person.signed-in"]
        assert [Entry.objects.count() - 1, Extract.objects.count(), Person.objects.count()] == before


def _has_people_and_organisations() -> None:
    assert {one.role for one in PEOPLE} == set(ROLES) == set(Appointment.objects.values_list("role", flat=True))
    assert len(PEOPLE) == len({one.email for one in PEOPLE}) == Person.objects.count()
    assert all("made up" in name for name in Person.objects.values_list("name", flat=True))
    commissioner = Organisation.objects.get(kind="commissioner")
    assert commissioner.code == COMMISSIONER
    assert "made up" in commissioner.name
    assert not commissioner.code.isalnum()  # codes of the NHS are letters and digits
    kinds = list(Organisation.objects.order_by("kind").values_list("kind", flat=True))
    assert [(kind, kinds.count(kind)) for kind in ("network", "place", "practice")] == [
        ("network", 2), ("place", 2), ("practice", 9),
    ]  # fmt: skip
    assert set(ListSize.objects.values_list("organisation__code", flat=True)) == set(NETWORK_OF)


def _has_a_year() -> None:
    """Offers of QIF to nine practices: five accepted, one refused, one lapsed; and of QOF to one, which accepted. Two
    runs, each by two people, and one that waits. A declaration in each of five states; a plan waits for an answer."""
    states = Counter(Participation.objects.values_list("scheme_id", "state"))
    qif, qof = SCHEMES
    assert states == {
        (qif, "accepted"): 5, (qif, "refused"): 1, (qif, "lapsed"): 1, (qif, "offered"): 2, (qof, "accepted"): 1,
    }  # fmt: skip
    assert Participation.objects.get(state="lapsed").practice.code == LAPSED
    runs = PaymentRun.objects.order_by("month")
    assert [(run.state, run.prepared_by_id != run.released_by_id) for run in runs] == [
        ("released", True), ("released", True), ("prepared", True),
    ]  # fmt: skip
    assert runs[2].payments > 0
    paid = Transfer.objects.filter(kind="instalment", practice__code=LEADS, scheme_year__scheme_id=qif)
    assert paid.count() == 2
    declared = dict(Declaration.objects.values_list("practice__code", "state"))
    assert declared == {
        LEADS: "approved", WAITS: "declared", SENT_BACK: "sent back", REVIEWED: "reviewed", WITHDRAWN: "withdrawn",
    }  # fmt: skip
    assert Declaration.objects.get(practice__code=WITHDRAWN).difference_pence
    plan = RecoveryPlan.objects.get()
    assert (plan.practice.code, plan.state, plan.months) == (WAITS, "proposed", 6)


def _has_consents_and_schemes() -> None:
    consented = {(one.practice.code, one.to.code) for one in Consent.objects.select_related("practice", "to")}
    expected = {(code, to) for code, network in NETWORK_OF.items() for to in (network, COMMISSIONER) if code != ALONE}
    assert consented == expected
    by = Consent.objects.filter(practice__code=LEADS).values_list("given_by", flat=True).distinct()
    assert list(by) == ["practice"]
    for version in SchemeVersion.objects.all():
        assert version.state == "published"
        steps = SchemeStep.objects.filter(version=version).order_by("pk").values_list("step", "person__name")
        assert list(steps) == [
            ("save", "Scheme author (made up)"),
            ("submit", "Scheme author (made up)"),
            ("approve", "Approver, tier 1 (made up)"),
            ("publish", "Contract manager (made up)"),
        ]
    assert {one.scheme_id for one in SchemeVersion.objects.all()} == set(SCHEMES)


def _has_figures(folder: Path, tmp_path: Path) -> None:
    extracts = Extract.objects.order_by("number").values_list("scheme_version__scheme_id", "day", "state", "missing")
    qif, qof = SCHEMES
    assert list(extracts) == [
        (qif, date(2024, 12, 31), "accepted", []),  # too low for one practice, and superseded
        (qif, date(2024, 12, 31), "accepted", []),
        (qif, date(2025, 1, 31), "accepted", []),
        (qof, date(2025, 1, 31), "accepted", []),
    ]
    assert Extract.objects.get(number=3).compared_with == Extract.objects.get(number=2)
    assert all(copy.evidence for copy in PracticeCopy.objects.exclude(figures__extract__number=1))
    run(
        RunRequest(
            (qif,), folder / COUNTED / "practices.csv", tmp_path / "run", folder / COUNTED / "counts.csv",
            settings=SCHEMES[qif], period="2025-01-31",
        )
    )  # fmt: skip
    by_command = open_run(tmp_path / "run")
    pence = dict(PracticeFigures.objects.filter(extract__number=3).values_list("practice__code", "pence"))
    assert pence == {code: by_command.practice(code).pence for code in NETWORK_OF}
    networks = {code: practice.network for code, practice in by_command.inputs.practices.items()}
    assert networks == NETWORK_OF


def _can_sign_in(data: Path) -> None:
    """With what the page shows; the pages say that all is made up."""
    page = Client(headers={"host": "localhost"}).get("/demonstration/").content.decode()
    signs = state.sign_ins(data)
    assert signs.password in page
    assert all(one.email in page for one in PEOPLE)
    assert re.search(r">\d{6}<", page)
    client = Client()
    sign_in(client, "practice-lead@example.org", signs.password)
    send(client, "/sign-in/code/", code=code(signs.key))
    assert is_signed_in(client)
    home = text(client.get("/"))
    assert "Every practice, person and patient here is made up." in home
    assert "You are practice lead of Example Practice 2." in home


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> Deployment:
    """A demonstration's deployment in a folder."""

    def deployment(data: Path) -> Path:
        from dataclasses import replace

        monkeypatch.setattr(settings, "DEPLOYMENT", replace(settings.DEPLOYMENT, data=data, is_demonstration=True))
        return data

    return deployment


def test_what_fails_is_said_and_the_next_start_goes_on(
    db: None, tmp_path: Path, local: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = local(tmp_path)
    assert "about to be loaded" in state.progress(data).sentence

    def fails() -> None:
        raise RuntimeError("no consents today")

    with monkeypatch.context() as patch:
        patch.setattr(setting_up, "give_consents", fails)
        with pytest.raises(RuntimeError):
            loading.load(data, FEW)
    assert state.progress(data).sentence == "The made-up area could not be loaded: see the log."
    assert "could not be loaded" in Client().get("/sign-in/").content.decode()
    assert Person.objects.count() == len(PEOPLE)
    state.keep_progress(data, state.Progress(3, 6, "patients with ten years of records"))
    page = Client().get("/sign-in/").content.decode()
    assert "The made-up area is being loaded: step 3 of 6, patients with ten years of records." in page


def test_the_sign_ins_are_shown_on_the_machine_itself_alone(db: None, tmp_path: Path, local: Deployment) -> None:
    assert Client().get("/demonstration/").status_code == 404
    assert "made up" not in Client().get("/sign-in/").content.decode()
    local(tmp_path)
    assert Client().get("/demonstration/", headers={"host": "localhost"}).status_code == 200
    assert Client().get("/demonstration/", headers={"host": "localhost"}, REMOTE_ADDR="192.0.2.1").status_code == 404
    assert Client().get("/demonstration/", headers={"host": "testserver"}).status_code == 404


def test_every_folder_has_its_own_password_and_key(tmp_path: Path) -> None:
    one, other = state.sign_ins(tmp_path / "one"), state.sign_ins(tmp_path / "other")
    assert one == state.sign_ins(tmp_path / "one")
    assert one.password != other.password
    assert one.key != other.key
    assert len(one.password.replace("-", "")) == 16
    assert (tmp_path / "one" / "demonstration" / "sign-ins.json").stat().st_mode & 0o777 == 0o600


def test_a_demonstration_is_not_served_to_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REMIT_HOSTS", "remit.example.org")
    monkeypatch.setenv("REMIT_DEMO", "0")
    monkeypatch.setenv("REMIT_DATA", "")
    with pytest.raises(Refused, match="for this machine alone"):
        set_environment(tmp_path, "", demo=True)
