"""Ways in that somebody tried, each with what it must come to: nobody gets more by them than a page shows anyway."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.service.area import Area, person, signed_in
from tests.service.figures_in import checked, consent, counts, received, scheme, someone
from tests.service.register_desk import at_work, published
from tests.service.signing_in import NOW, browser, send, text
from tests.service.test_invitations import accept, address

from remit.service import clock
from remit.service.audit.models import Entry
from remit.service.extracts import reading
from remit.service.people import forms as people_forms
from remit.service.people import post
from remit.service.people.models import Appointment, Person
from remit.service.register.models import PricedComparison
from remit.service.scope import reach
from remit.service.scope.acting import acting
from remit.service.web.line import Line

pytestmark = pytest.mark.one_database

TURNED = "Nia\r\n\r\nPay at http://evil.example\u202e\u2066"
ON_ONE_LINE = "Nia Pay at http://evil.example"


@pytest.fixture
def administrator(board: Area) -> Client:
    with clock.at(NOW):
        return signed_in(person("administrator", board["QAA"], email="admin@example.org"))


@pytest.fixture
def sends_email(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DEPLOYMENT.__dict__, "email", "smtp://localhost")


# An invitation ends with the role of whoever sent it.


def test_an_invitation_ends_with_the_role_of_whoever_sent_it(board: Area, administrator: Client) -> None:
    path = address(administrator)
    with clock.at(NOW + timedelta(days=1)):
        assert browser().get(path).status_code == 200
        Appointment.objects.filter(person__email="admin@example.org").update(until=NOW.date())
        assert browser().get(path).status_code == 404
    assert accept(path, at=NOW + timedelta(days=1)).status_code in (403, 404)
    assert not Person.objects.filter(email="nia@example.org").exists()


def test_a_lead_who_left_lets_nobody_in(board: Area) -> None:
    with clock.at(NOW):
        client = signed_in(person("practice_lead", board["A1"], email="lead@example.org"))
    path = address(client)
    Appointment.objects.filter(person__email="lead@example.org").update(until=NOW.date())
    with clock.at(NOW + timedelta(days=2)):
        assert browser().get(path).status_code == 404


# What people type stands on one line.


def test_a_name_adds_nothing_to_a_letter_or_to_the_log(board: Area, administrator: Client, sends_email: None) -> None:
    address(administrator, name=TURNED)
    post.wait()
    assert f"Dear {ON_ONE_LINE}," in mail.outbox[-1].body
    assert [one.subject for one in Entry.objects.filter(event="invitation.sent")] == [ON_ONE_LINE]


@pytest.mark.parametrize("field", [Line(), people_forms._text("Name", "")])
def test_a_line_is_one_line(field: forms.Field) -> None:
    assert field.clean(TURNED) == ON_ONE_LINE
    with pytest.raises(forms.ValidationError):
        field.clean(" \u202e\r\n ")
    with pytest.raises(forms.ValidationError):
        field.clean("a\x00b")


def test_every_field_of_one_line_is_a_line() -> None:
    import importlib

    for app in ("audit", "consents", "extracts", "organisations", "people", "register"):
        module = importlib.import_module(f"remit.service.{app}.forms")
        for form in vars(module).values():
            if isinstance(form, type) and issubclass(form, forms.BaseForm):
                for name, field in form.base_fields.items():  # type: ignore[attr-defined]
                    if type(field.widget) is forms.TextInput and form.__name__ != "DraftForm":  # a whole text
                        assert isinstance(field, Line), f"{form.__name__}.{name}"


# The address in a letter is the deployment's.


def test_a_letter_has_the_address_of_the_deployment(
    board: Area, administrator: Client, sends_email: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.DEPLOYMENT.__dict__, "address", "https://remit.example.nhs.uk")
    with clock.at(NOW):
        client = Client(SERVER_PORT="8444")
        assert send(client, "/password/reset/", email="admin@example.org").status_code == 302
    post.wait()
    assert "https://remit.example.nhs.uk/password/reset/" in mail.outbox[-1].body
    assert "8444" not in mail.outbox[-1].body


# What moved tells of two days: both are shared, or nothing is said.


def test_a_consent_of_today_shares_nothing_of_the_extract_before(board: Area, tmp_path: Path) -> None:
    version = scheme(board)
    consent(board, "A2")
    consent(board, "A1", since=date(2025, 3, 1))
    checked(received(board, version, tmp_path / "in", counts(50, 30, 99), day=date(2025, 2, 28)))
    second = checked(received(board, version, tmp_path / "in", counts(60, 41, 99)))
    with acting(reach.of_person(someone("contract_manager", board["QAA"]), clock.today(), True)):
        assert reading.moved_since(second, board["A1"]) is None
        assert "A1" not in str(reading.moved_since(second))
        assert "A2" in str(reading.moved_since(second))
    with acting(reach.of_person(someone("practice_lead", board["A1"]), clock.today(), True)):
        assert "A1" in str(reading.moved_since(second, board["A1"]))


# Figures to compare are looked through like all that comes in.


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"practice_code,nhs_number\nA1,9434765919\n", "NHS number"),
        (b"PK\x03\x04" + b"x" * 99, "archive"),
    ],
)
def test_figures_to_price_are_looked_through(board: Area, content: bytes, words: str) -> None:
    work = at_work(board)
    version = published(work)
    at = f"/schemes/QAA/{version.scheme_id}/{version.version}/compare/?other=qif-plus-2024-25"
    good = SimpleUploadedFile("practices.csv", b"practice_code\nA1\n")
    page = work.author.post(at, {"practices": good, "counts": SimpleUploadedFile("counts.csv", content)})
    assert page.status_code == 200
    assert words in text(page)
    assert "9434765919" not in text(page)
    assert not PricedComparison.objects.exists()
    home = Path(settings.DEPLOYMENT.data) / "register" / "figures"
    assert not list(home.iterdir()) if home.is_dir() else True


# What is wrong with figures may tell a count: it is for whoever sends them.


@pytest.mark.parametrize("role", ["contract_manager", "finance_officer", "auditor", "approver_tier_1", "scheme_author"])
def test_what_is_wrong_with_figures_tells_others_no_count(board: Area, tmp_path: Path, role: str) -> None:
    extract = checked(received(board, scheme(board), tmp_path / "in", counts(3, 41, 2)))  # 3 of 2
    assert extract.state == "refused"
    told = [one["message"] for one in extract.problems]
    assert any("3" in one for one in told), told
    at = f"/figures/QAA/{extract.number}/"
    sends = text(signed_in(someone("data_quality", board["QAA"])).get(at))
    others = text(signed_in(someone(role, board["QAA"])).get(at))
    assert told[0][:60] in sends
    assert told[0][:60] not in others
    assert "to whoever sends the figures alone" in others
