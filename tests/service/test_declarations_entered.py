"""Numbers that no record can tell: entered with why, run as `remit run` does, seen, and then confirmed."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tests.service.area import Area, signed_in
from tests.service.declaring import again, figures_in, figures_of, takes_part, who
from tests.service.test_declarations_pages import hidden, text

from remit.application.extract import payment_of
from remit.application.run import RunRequest, run
from remit.application.scheme_text import shipped
from remit.contract.declaration import Step
from remit.runs import open_run
from remit.service import clock
from remit.service.declarations import changed, pricing, services
from remit.service.declarations.models import Declaration, DeclarationCopy, EnteredNumbers
from remit.service.extracts.models import Extract
from remit.service.offers.models import Offer, SchemeYear
from remit.service.register.models import SchemeVersion

pytestmark = pytest.mark.one_database

DOAC, DAY = "anticoagulation-doac-staffordshire", date(2026, 3, 31)
TARIFFS = {"DOAC.tariff": "£45.00", "DOAC-START.tariff": "£45.00"}
PRACTICES = "practice_code,practice_name\nA1,First practice\nA2,Second practice\n"
HEAD = "practice_code,indicator_code,measure,value,period\n"
NEW = f"/declarations/A1/{DOAC}/new/"


def rows(a1: int, a2: int = 30) -> str:
    return HEAD + "".join(
        f"{code},DOAC,ACTIVITY,{n},2025-Q{quarter}\n" for code, n in (("A1", a1), ("A2", a2)) for quarter in range(1, 5)
    )


@pytest.fixture
def doac(board: Area) -> SchemeYear:
    version = SchemeVersion.objects.create(
        organisation=board["QAA"], scheme_id=DOAC, version=1, content=shipped(DOAC),
        sha256=sha256(shipped(DOAC)).hexdigest(), file_name=f"{DOAC}.yaml", title="DOAC", changed_at=clock.now(),
        settings=TARIFFS,
    )  # fmt: skip
    for state in ("submitted", "approved", "published"):
        version.state, version.day = state, date(2025, 4, 1) if state == "published" else None
        version.save()
    made = SchemeYear.objects.create(
        organisation=board["QAA"], scheme_id=DOAC, title="DOAC 2025/26", year="2025/26", starts=date(2025, 4, 1),
        ends=DAY,
    )  # fmt: skip
    offer = Offer.objects.create(
        organisation=board["QAA"], number=1, scheme_year=made, version=version, starts=made.starts, ends=DAY,
        respond_by=made.starts, to="All", sent_at=clock.now(),
    )  # fmt: skip
    takes_part(board["A1"], offer)
    return made


def extract_of(board: Area, doac: SchemeYear, folder: Path, a1: int = 40, reason: str = "") -> Extract:
    return figures_in(board, doac.offers.get().version, folder, rows(a1), PRACTICES, DAY, reason)


def entered_by(board: Area, extract: Extract, **values: tuple[str, str]) -> Any:
    """What the practice's browser gets that sends numbers, each as (value, why)."""
    figures = figures_of(board, extract)
    asked = pricing.asked_of(figures)
    sent: dict[str, str] = {}
    for n, one in enumerate(asked):
        value, why = values.get(one.subject.replace("-", "_") + one.period[-2:].replace("-", ""), ("", ""))
        sent |= {f"numbers-value-{n}": value, f"numbers-why-{n}": why}
    lead = signed_in(who(board, "practice"))
    return lead.post(f"/declarations/A1/{DOAC}/figures/{figures.pk}/", sent)


GIVEN = {"doac_crcl_reviewed": ("1", "Our search of March"), "DOAC_STARTQ4": ("12", "Counted by hand")}


def test_what_is_entered_comes_to_what_remit_run_says(board: Area, doac: SchemeYear, tmp_path: Path) -> None:
    extract = extract_of(board, doac, tmp_path / "in")
    answer = entered_by(board, extract, **GIVEN)
    assert answer.status_code == 302
    row = EnteredNumbers.objects.get()
    lead = signed_in(who(board, "practice"))
    assert "It is being worked out." in text(lead.get(answer["Location"]))
    pricing.price.func(row.organisation_id, row.pk)
    row.refresh_from_db()
    assert row.problems == []
    (tmp_path / "counts.csv").write_text(
        rows(40) + "A1,doac-crcl-reviewed,DECLARED,1,\nA1,DOAC-START,ACTIVITY,12,2025-Q4\n", encoding="utf-8"
    )
    run(
        RunRequest(
            (DOAC,), tmp_path / "in" / "practices.csv", tmp_path / "run", tmp_path / "counts.csv", settings=TARIFFS
        )
    )
    assert row.pence == open_run(tmp_path / "run").practice("A1").pence is not None
    page = text(lead.get(answer["Location"]))
    assert "With your numbers, the figures of 31 March 2026 come to" in page
    sent = {**hidden(page, "declare"), "declare-right": "on"}
    answer = lead.post(NEW, sent)
    declared = Declaration.objects.get()
    assert answer["Location"] == f"/declarations/A1/{DOAC}/1/"
    assert (declared.pence, payment_of(declared.payment).earned) == (row.pence, row.pence)
    assert [(one["item"], one["value"]) for one in declared.entered] == [
        ("doac-crcl-reviewed", "1"), ("DOAC-START", ""),
    ]  # fmt: skip
    assert "DOAC-START,ACTIVITY,12,2025-26-Q4" in DeclarationCopy.objects.get().counts
    seen = text(signed_in(who(board, "manager")).get(answer["Location"]))
    assert "Counted by hand" in seen
    assert "It waits for the contract manager." in seen
    assert "These numbers are already declared." in text(lead.post(NEW, sent, follow=True))
    assert Declaration.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (
            {"DOAC_STARTQ4": ("12", "")},
            "Say why, or from where you have it: Starting a patient on a DOAC, January to March 2026.",
        ),
        ({"DOAC_STARTQ4": ("-1", "x")}, "enter a whole number"),
        ({"DOAC_STARTQ4": ("", "x")}, "enter the number that you give a reason for"),
        ({"DOAC_STARTQ4": ("3", "Of patient 943 476 5919")}, "holds an NHS number"),
        ({}, "Enter at least one number"),
    ],
)
def test_what_is_wrong_is_said_beside_the_number(
    board: Area, doac: SchemeYear, tmp_path: Path, values: dict[str, tuple[str, str]], why: str
) -> None:
    answer = entered_by(board, extract_of(board, doac, tmp_path / "in"), **values)
    assert answer.status_code == 200
    page = text(answer)
    assert why in page
    assert all(f'value="{one}"' in page for pair in values.values() for one in pair if one)  # what was typed is kept
    assert "Starting a patient on a DOAC, April to June 2025: each patient started" in page
    assert not EnteredNumbers.objects.exists()


def test_changed_figures_are_run_anew_with_what_was_entered(board: Area, doac: SchemeYear, tmp_path: Path) -> None:
    extract = extract_of(board, doac, tmp_path / "in")
    entered_by(board, extract, **GIVEN)
    row = EnteredNumbers.objects.get()
    pricing.price.func(row.organisation_id, row.pk)
    lead = signed_in(who(board, "practice"))
    page = text(lead.get(f"/declarations/A1/{DOAC}/numbers/{row.pk}/"))
    lead.post(NEW, {**hidden(page, "declare"), "declare-right": "on"})
    declared = Declaration.objects.get()
    newer = extract_of(board, doac, tmp_path / "new", 41, "One more each quarter")
    assert services.fault_of(services.locked(declared)).startswith("Newer figures have come in")
    changed.look_again.func(declared.organisation_id, declared.pk)
    now = again(declared)
    assert (now.state, now.replaced_by_figures) == ("withdrawn", figures_of(board, newer))
    assert now.difference_pence is not None
    assert now.difference_pence > 0
    changed.look_again.func(declared.organisation_id, declared.pk)  # a job may run twice
    assert now.steps.filter(step=Step.WITHDRAW.value).count() == 1
    assert re.search("Declared was £", text(lead.get(f"/declarations/A1/{DOAC}/1/difference/")))
