"""A practice that left for another commissioner declares its figures of the year in which it was a member, and the
commissioner of that year decides; nobody sees more of either than before."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.service.area import Area, signed_in
from tests.service.declaring import again, as_, declared, figures_in, figures_of, who, year
from tests.service.figures_in import scheme, someone
from tests.service.test_declarations_pages import NEW, ONE, hidden, text

from remit.service.declarations.models import Declaration
from remit.service.extracts.models import Extract, PracticeFigures
from remit.service.offers.models import Participation, SchemeYear
from remit.service.organisations import services as organisations

pytestmark = pytest.mark.one_database

LEFT = date(2025, 4, 1)


@pytest.fixture
def qif(board: Area) -> SchemeYear:
    return year(board, scheme(board))


@pytest.fixture
def figures(board: Area, qif: SchemeYear, tmp_path: Path) -> PracticeFigures:
    """Those of the year's last day, on which A1 was a member; the day after it belongs to QBB."""
    found = figures_of(board, figures_in(board, qif.offers.get().version, tmp_path / "in"))
    organisations.move(board["A1"], board["NW3"], LEFT, "It moved.")
    assert Participation.objects.get(practice=board["A1"]).ends == date(2025, 3, 31)
    return found


def test_it_declares_and_the_commissioner_of_the_year_approves(
    board: Area, qif: SchemeYear, figures: PracticeFigures
) -> None:
    lead = signed_in(who(board, "practice"))
    page = text(lead.get(NEW))
    assert "The figures of 31 March 2025 come to £1,700.00." in page
    assert "/statements/A1/" not in page
    assert "Delivery of diabetes 8 care processes (Type 1)" in page
    sent = {
        "evidence-file": SimpleUploadedFile("notes.txt", b"Seen in the meeting.\n"), "evidence-shows": "That we met",
        "evidence-confirmed": "on",
    }  # fmt: skip
    assert lead.post("/declarations/A1/qif-2024-25/evidence/", sent).status_code == 302
    answer = lead.post(NEW, {**hidden(text(lead.get(NEW)), "declare"), "declare-right": "on"})
    assert (answer.status_code, answer["Location"]) == (302, ONE)
    assert "It waits for the contract manager." in text(lead.get(ONE))
    assert "Take it back" in text(lead.get(ONE))
    assert "First practice" in text(lead.get("/declarations/"))
    manager, approver = (signed_in(who(board, name)) for name in ("manager", "tier 1"))
    page = text(manager.get(ONE))
    review = {**hidden(page, "review-evidence"), "review-evidence-words": "The minutes."}
    assert manager.post(f"{ONE}review-evidence/", review).status_code == 302
    assert approver.post(f"{ONE}approve/", hidden(text(approver.get(ONE)), "approve")).status_code == 302
    assert again(Declaration.objects.get()).state == "approved"


def test_it_takes_back_what_it_declared(board: Area, qif: SchemeYear, figures: PracticeFigures) -> None:
    row = declared(board, qif, figures)
    lead = signed_in(who(board, "practice"))
    assert lead.post(f"{ONE}take-back/", hidden(text(lead.get(ONE)), "take-back")).status_code == 302
    assert again(row).state == "taken back"


def test_nobody_sees_more_of_the_other_area(board: Area, qif: SchemeYear, figures: PracticeFigures) -> None:
    declared(board, qif, figures)
    with as_(who(board, "practice")):
        assert not SchemeYear.objects.exists()
        assert not Extract.objects.exists()
    for role, code in (
        ("contract_manager", "QBB"), ("approver_tier_1", "QBB"), ("practice_lead", "B1"), ("practice_lead", "A2"),
    ):  # fmt: skip
        client = signed_in(someone(role, board[code]))
        assert client.get(ONE).status_code == 404, role
        assert client.post(f"{ONE}approve/", {}).status_code in (403, 404), role
    assert signed_in(who(board, "practice")).post(f"{ONE}approve/", {}).status_code == 403
