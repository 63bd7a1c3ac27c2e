"""The pages of payment runs and recoveries, in every state, for who may act and who may only look."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from tests.service import figures_in
from tests.service.area import Area, person, signed_in
from tests.service.paying import Payer, on, payer
from tests.service.test_payment_runs_declared import OF_A1, year_end

from remit.service.money import runs
from remit.service.money.models import PaymentLine, PaymentRun, RecoveryPlan, Transfer
from remit.service.money.preparing import prepare
from remit.service.organisations.models import Organisation

pytestmark = pytest.mark.one_database

MAY = date(2024, 5, 1)


@pytest.fixture
def pays(board: Area, tmp_path: Path) -> Payer:
    made = payer(board, tmp_path)
    made.accepted("A1")
    with on(date(2024, 5, 10)):
        made.figures(date(2024, 4, 30))  # A2 is in it, and accepted nothing
    return made


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == status, (path, answer.status_code)
    return str(answer.content.decode()).replace("\u2060", "")  # which keeps a sign and its number on one line


def test_a_run_from_its_form_to_its_file(pays: Payer) -> None:
    first, second = signed_in(pays.first), signed_in(pays.second)
    manager = signed_in(person("contract_manager", pays.organisation, email="manager.two@example.org"))
    with on(date(2024, 5, 20)):
        assert "Nothing was paid yet" in text(first, "/payments/")
        wrong = first.post("/payments/QAA/new/", {"month": "2024-05-01", "pay_on": "30/4/2024"})
        assert "30 April 2024 is before May 2024 begins" in wrong.content.decode()
        sent = {"month": "2024-05-01", "pay_on": "28/5/2024"}
        assert first.post("/payments/QAA/new/", sent).status_code == 302
        assert "is still open" in first.post("/payments/QAA/new/", sent).content.decode()  # sent twice: one run
        run = PaymentRun.objects.get()
        assert "It is waiting to be prepared" in text(first, "/payments/QAA/1/")
        prepare.func(run.organisation_id, run.pk)
        page = text(first, "/payments/QAA/1/")
        assert "£2,800.00 to practices in 1 payment on 28 May 2024. 1 line is held." in page
        assert "You cannot release this run. You prepared this payment run: somebody else releases it." in page
        assert "Release this run" not in page
        assert "Offer the scheme to it; once it accepts, the next run pays it." in page
        assert "Release this run" not in text(manager, "/payments/QAA/1/")
        assert manager.post("/payments/QAA/1/release/").status_code == 403
        refused = first.post("/payments/QAA/1/release/", follow=True).content.decode()
        assert "You prepared this payment run" in refused
        assert Transfer.objects.count() == 0
        assert "Release this run" in text(second, "/payments/QAA/1/")
        assert "Payment run 1 is released" in second.post("/payments/QAA/1/release/", follow=True).content.decode()
        again = second.post("/payments/QAA/1/release/", follow=True).content.decode()
        assert "This run is released: what it paid is corrected in the next run." in again
        assert Transfer.objects.count() == 1
        run.refresh_from_db()
        assert second.get("/payments/QAA/1/file").content == run.file.encode()
        assert run.sha256 in text(manager, "/payments/QAA/1/")
        rows = list(csv.reader(io.StringIO(manager.get("/payments/QAA/1/run.csv").content.decode("utf-8-sig"))))
        assert any("instalment" in row for row in rows)
        assert manager.get("/payments/QAA/1/run.xlsx").content[:2] == b"PK"
        line = PaymentLine.objects.get(run=run, held=False)
        shown = text(manager, f"/payments/QAA/1/lines/{line.pk}/")
        for words in (
            "Extract 1",
            "/figures/QAA/1/",
            "/schemes/QAA/qif-2024-25/1/",
            "from “cash” to “paid in advance”",
        ):
            assert words in shown
        held = PaymentLine.objects.get(run=run, held=True)
        assert "It is held" in text(manager, f"/payments/QAA/1/lines/{held.pk}/")


def test_what_differs_from_the_run_before_is_said_by_cause(pays: Payer) -> None:
    pays.paid(MAY)
    pays.accepted("A2")
    pays.paid(date(2024, 6, 1))
    with on(date(2024, 6, 21)):
        page = text(signed_in(pays.first), "/payments/QAA/2/")
    assert "Payment run 1 came to £2,800.00, this one to £3,500.00." in page
    # A1: £1,400.00 less, as May paid April too; A2: three instalments of £700.00 that were held
    assert "−£1,400.00" in page
    assert "Held back, or no longer" in page
    assert "+£2,100.00" in page
    assert "+£700.00" in page


def test_a_run_that_failed_or_was_cancelled(pays: Payer) -> None:
    first = signed_in(pays.first)
    with on(date(2024, 5, 20)):
        run = pays.begun(MAY)
        from remit.service.money.preparing import fail
        from remit.service.money.scopes import for_commissioner

        with for_commissioner(pays.organisation):
            fail(run, ["the disk is full."])
        page = text(first, "/payments/QAA/1/")
        assert "It could not be prepared." in page
        assert "The disk is full." in page
        assert first.post("/payments/QAA/1/again/").status_code == 302
        run.refresh_from_db()
        assert run.state == "preparing"
        prepare.func(run.organisation_id, run.pk)
        empty = first.post("/payments/QAA/1/cancel/", {"words": ""})
        assert "Say why, in a few words." in empty.content.decode()
        done = first.post("/payments/QAA/1/cancel/", {"words": "The wrong day."}, follow=True).content.decode()
        assert "It was cancelled, and nothing of it was paid. The wrong day." in done
        assert first.get("/payments/QAA/1/file", follow=True).status_code == 200
        assert runs.open_run(pays.organisation) is None


def test_recoveries_from_who_owes_to_the_practices_answer(board: Area, tmp_path: Path) -> None:
    pays = payer(board, tmp_path)
    pays.accepted("A1")
    with on(date(2025, 3, 10)):
        pays.figures(date(2025, 2, 28), figures_in.ONE_LESS, OF_A1)
    pays.paid(date(2025, 3, 1))
    year_end(pays, 1_620_000, day=None)
    first, second = signed_in(pays.first), signed_in(pays.second)
    lead = signed_in(person("practice_lead", board["A1"], email="lead.two@example.org"))
    other = signed_in(person("practice_lead", board["A2"], email="lead.three@example.org"))
    with on(date(2025, 6, 14)):
        page = text(first, "/recoveries/QAA/")
        assert "£600.00" in page
        new = f"/recoveries/QAA/A1/{pays.year.pk}/"
        assert "The scheme allows 6 months." in text(first, new)
        long = first.post(new, {"months": "9", "exceptional": "", "reason": ""}).content.decode()
        assert "9 months are more than the 6" in long
        assert first.post(new, {"months": "6", "exceptional": "", "reason": ""}).status_code == 302
        twice = first.post(new, {"months": "6", "exceptional": "", "reason": ""}).content.decode()
        assert "Say why another plan is proposed." in twice
        plan = RecoveryPlan.objects.get()
        at = f"/recoveries/plan/{plan.pk}/"
        assert "You proposed this recovery plan: somebody else agrees to it." in text(first, at)
        assert "Agree to this plan" in text(lead, at)
        assert "Agree to this plan" in text(second, at)
        text(other, at, 404)
        assert "Say why, in a few words." in lead.post(f"{at}refuse/", {"words": ""}).content.decode()
        assert "The plan is agreed." in lead.post(f"{at}agree/", {"answer": "agree"}, follow=True).content.decode()
        assert "can be agreed" in lead.post(f"{at}agree/", {"answer": "agree"}, follow=True).content.decode()
        assert "agreed" in text(first, "/recoveries/QAA/")


def test_no_practice_sees_the_runs(pays: Payer) -> None:
    lead = signed_in(person("practice_lead", pays.board["A1"], email="lead.two@example.org"))
    elsewhere = signed_in(person("finance_officer", Organisation.objects.get(code="QBB")))
    pays.paid(MAY)
    for path in ("/payments/QAA/", "/payments/QAA/1/", "/payments/QAA/1/file"):
        text(lead, path, 403)
        text(elsewhere, path, 404)
