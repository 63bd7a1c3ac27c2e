"""The pages of declarations: what a person may do is there, what they may not is said, and nothing twice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.service.area import Area, signed_in
from tests.service.declaring import again, as_, declared, figures_in, figures_of, takes, who, whole, year
from tests.service.figures_in import scheme, someone

from remit.contract.declaration import Step
from remit.core.problems import Refused
from remit.service.audit.models import Entry
from remit.service.declarations import evidence
from remit.service.declarations.models import Declaration, DeclarationFile
from remit.service.extracts.models import PracticeFigures
from remit.service.offers.models import SchemeYear

pytestmark = pytest.mark.one_database

ONE = "/declarations/A1/qif-2024-25/1/"
NEW = "/declarations/A1/qif-2024-25/new/"


@pytest.fixture
def qif(board: Area) -> SchemeYear:
    return year(board, scheme(board))


@pytest.fixture
def figures(board: Area, qif: SchemeYear, tmp_path: Path) -> PracticeFigures:
    return figures_of(board, figures_in(board, qif.offers.get().version, tmp_path / "in"))


def browser(board: Area, name: str) -> Client:
    return signed_in(who(board, name))


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def hidden(page: str, prefix: str) -> dict[str, str]:
    """The hidden fields of a page's form."""
    found = {}
    for tag in re.findall(rf'<input type="hidden" name="{prefix}-[^>]*>', page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        assert name is not None
        found[name[1]] = value[1] if value else ""
    return found


def test_a_practice_declares_what_its_page_shows_and_once(
    board: Area, qif: SchemeYear, figures: PracticeFigures
) -> None:
    lead = browser(board, "practice")
    page = text(lead.get(NEW))
    assert "come to £1,700.00" in page
    sent = {**hidden(page, "declare"), "declare-right": "on", "declare-words": "Checked."}
    answer = lead.post(NEW, sent)
    assert (answer.status_code, answer["Location"]) == (302, ONE)
    again_sent = lead.post(NEW, sent, follow=True)
    assert "waits for approval" in text(again_sent)
    assert Declaration.objects.count() == 1
    shown = text(lead.get(ONE))
    assert "Practice lead of First practice declared £1,700.00." in shown
    assert "Take it back" in shown
    assert "/approve/" not in shown


def test_what_is_left_out_is_said_and_what_was_typed_is_kept(
    board: Area, qif: SchemeYear, figures: PracticeFigures
) -> None:
    lead = browser(board, "practice")
    page = text(lead.get(NEW))
    shown = text(lead.post(NEW, {**hidden(page, "declare"), "declare-words": "Half written"}))
    assert "There is a problem" in shown
    assert "Half written" in shown
    assert "Confirm that you have looked at the numbers." in shown
    assert not Declaration.objects.exists()


def test_each_role_has_its_buttons_and_is_told_why_it_has_not(
    board: Area, qif: SchemeYear, figures: PracticeFigures
) -> None:
    declared(board, qif, figures)
    shown = {
        name: text(browser(board, name).get(ONE)) for name in ("practice", "manager", "tier 1", "tier 2", "finance")
    }
    assert 'action="/declarations/A1/qif-2024-25/1/approve/"' in shown["tier 1"]
    for name in ("practice", "manager", "tier 2", "finance"):
        assert "/1/approve/" not in shown[name]
        assert "It waits for the tier 1 approver." in shown[name]
    assert "/1/take-back/" in shown["practice"]
    assert "/1/send-back/" in shown["manager"]
    assert "/1/send-back/" not in shown["practice"]


def test_approving_twice_says_who_was_first(board: Area, qif: SchemeYear, figures: PracticeFigures) -> None:
    declared(board, qif, figures)
    approver = browser(board, "tier 1")
    sent = hidden(text(approver.get(ONE)), "approve")
    assert approver.post(f"{ONE}approve/", sent).status_code == 302
    second = text(approver.post(f"{ONE}approve/", sent))
    assert "Approver, tier 1 of First area was the last to act on it; it is now approved." in second


def test_in_bulk_tier_2_checks_each(board: Area, qif: SchemeYear, figures: PracticeFigures) -> None:
    rows = [declared(board, qif, figures_of(board, figures.extract, code)) for code in ("A1", "A2")]
    approver = browser(board, "tier 1")
    page = text(approver.get("/declarations/"))
    boxes = re.findall(r'name="declaration" value="([^"]*)"', page)
    assert len(boxes) == 2
    changed = boxes[1].rsplit("/", 1)[0] + "/1"
    answer = text(approver.post("/declarations/approve/", {"declaration": [boxes[0], changed]}, follow=True))
    assert "Approved together: 1." in answer
    assert "was not approved. The numbers have changed" in answer
    states = sorted(again(row).state for row in rows)
    assert states == ["awaiting tier 2", "declared"]
    (bulk,) = [again(row) for row in rows if again(row).state != "declared"]
    assert takes(board, "tier 2", bulk, Step.CHECK).state == "approved"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("notes.txt", b"Seen in the meeting of 3 May.\n", ""),
        ("plan.png", b"\x89PNG\r\n\x1a\n0000", ""),
        ("list.csv", b"nhs_number,x\n9434765919,1\n", "NHS number"),
        ("../../etc/passwd.txt", b"x\n", ""),
        ("program.exe", b"MZ", "another type"),
        ("page.txt", b"<html><script>alert(1)</script>", "web page"),
        ("plan.png", b"<svg onload=alert(1)>", "not the picture"),
        ("empty.txt", b"", "empty"),
        ("9434765919.txt", b"x\n", "NHS number"),
    ],
)
def test_evidence_is_kept_or_refused(
    board: Area, qif: SchemeYear, figures: PracticeFigures, name: str, content: bytes, why: str
) -> None:
    lead = browser(board, "practice")
    sent = {
        "evidence-file": SimpleUploadedFile(name, content),
        "evidence-shows": "That we met",
        "evidence-confirmed": "on",
    }
    answer = lead.post("/declarations/A1/qif-2024-25/evidence/", sent)
    if why:
        assert answer.status_code == 200
        assert why in text(answer)
        assert not DeclarationFile.objects.exists()
        return
    assert answer.status_code == 302
    kept = DeclarationFile.objects.get()
    assert (kept.size, kept.name) == (len(content), Path(name).name)
    page = text(lead.get(NEW))
    lead.post(NEW, {**hidden(page, "declare"), "declare-right": "on"})
    manager = browser(board, "manager")
    shown = text(manager.get(ONE))
    assert "It waits for the contract manager." in shown
    got = manager.get(f"{ONE}file/1")
    assert got.content == content
    assert list(evidence.every_altered()) == []
    assert got["Content-Type"] == "application/octet-stream"
    assert "attachment" in got["Content-Disposition"]
    answer = manager.post(f"{ONE}review-evidence/", {**hidden(shown, "review-evidence"), "review-evidence-words": ""})
    assert "Say what you looked at." in text(answer)
    review = {**hidden(shown, "review-evidence"), "review-evidence-words": "The minutes."}
    assert manager.post(f"{ONE}review-evidence/", review).status_code == 302
    assert again(Declaration.objects.get()).state == "reviewed"


def test_what_was_withdrawn_is_on_the_first_page_of_all_who_had_a_hand_in_it(
    board: Area, qif: SchemeYear, figures: PracticeFigures, tmp_path: Path
) -> None:
    row = declared(board, qif, figures)
    takes(board, "tier 1", row, Step.APPROVE)
    figures_in(board, qif.offers.get().version, tmp_path / "new", whole(45), reason="Counted twice")
    says = "First practice: declaration 1 of 31 March 2025 no longer stands: its figures have changed"
    assert f"{says}. Look at it, and declare again" in text(browser(board, "practice").get("/"))
    assert says in text(browser(board, "tier 1").get("/"))
    assert says not in text(browser(board, "tier 2").get("/"))
    for name in ("practice", "tier 1"):
        page = text(browser(board, name).get(f"{ONE}difference/"))
        assert "Declared was £1,700.00. By the newer figures it is £1,300.00: £400.00 less." in page
    assert "Declare again" in text(browser(board, "practice").get(ONE))


def test_nobody_of_another_area_sees_it(board: Area, qif: SchemeYear, figures: PracticeFigures) -> None:
    declared(board, qif, figures)
    for role, code, status in (
        ("contract_manager", "QBB", 404), ("practice_lead", "B1", 404), ("practice_lead", "A2", 404),
        ("practice_viewer", "A1", 200), ("auditor", "QAA", 200), ("administrator", "QAA", 403),
    ):  # fmt: skip
        client = signed_in(someone(role, board[code]))
        assert client.get(ONE).status_code == status, role
        assert "First practice" not in text(client.get("/declarations/")) or status == 200


def test_evidence_that_is_changed_on_the_disk_is_noticed(
    board: Area, qif: SchemeYear, figures: PracticeFigures, tmp_path: Path
) -> None:
    (tmp_path / "minutes.txt").write_text("We met.\n", encoding="utf-8")
    with as_(who(board, "practice")):
        row = evidence.add(board["A1"], qif, tmp_path / "minutes.txt", "minutes.txt", "That we met", True)
    (path,) = (Path(settings.DEPLOYMENT.data) / "declarations" / str(row.practice_id)).glob(row.sha256)
    path.chmod(0o600)
    path.write_text("We never met.\n", encoding="utf-8")
    assert list(evidence.every_altered()) == ["minutes.txt of A1"]
    with pytest.raises(Refused, match="is not what was given"):
        evidence.content_of(row)
    path.unlink()


def test_saving_the_list_is_recorded(board: Area, qif: SchemeYear, figures: PracticeFigures) -> None:
    declared(board, qif, figures)
    for name, code in (("practice", "A1"), ("manager", "QAA")):
        browser(board, name).get("/declarations/list.csv")
        entry = Entry.objects.filter(event="declaration.exported").latest("number")
        assert (entry.organisation, entry.details) == (board[code], {"declarations": 1})
