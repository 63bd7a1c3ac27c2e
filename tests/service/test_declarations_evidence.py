"""Evidence: a file that waits can be removed; that of a declaration that ended goes with the next one by a box."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from tests.service.area import Area, signed_in
from tests.service.declaring import as_, declared, figures_in, figures_of, takes, who, whole, year
from tests.service.figures_in import scheme
from tests.service.test_declarations_pages import NEW, ONE, hidden, text

from remit.contract.declaration import Step
from remit.core.problems import Refused
from remit.service.audit.models import Entry
from remit.service.audit.sentences import sentence
from remit.service.declarations import evidence
from remit.service.declarations.models import Declaration, DeclarationFile
from remit.service.extracts.models import PracticeFigures
from remit.service.offers.models import SchemeYear

pytestmark = pytest.mark.one_database


@pytest.fixture
def qif(board: Area) -> SchemeYear:
    return year(board, scheme(board))


@pytest.fixture
def figures(board: Area, qif: SchemeYear, tmp_path: Path) -> PracticeFigures:
    return figures_of(board, figures_in(board, qif.offers.get().version, tmp_path / "in"))


def added(
    board: Area, qif: SchemeYear, folder: Path, name: str = "minutes.txt", words: str = "We met.\n"
) -> DeclarationFile:
    (folder / name).write_text(words, encoding="utf-8")
    with as_(who(board, "practice")):
        return evidence.add(board["A1"], qif, folder / name, name, "That we met", True)


def bytes_of(row: DeclarationFile) -> Path:
    return Path(settings.DEPLOYMENT.data) / "declarations" / str(row.practice_id) / row.sha256


def test_a_file_that_waits_is_removed_with_its_bytes_and_once(
    board: Area, qif: SchemeYear, figures: PracticeFigures, tmp_path: Path
) -> None:
    row = added(board, qif, tmp_path)
    lead = signed_in(who(board, "practice"))
    assert "/evidence/1/remove/" in text(lead.get(NEW))
    address = "/declarations/A1/qif-2024-25/evidence/1/remove/"
    assert signed_in(who(board, "manager")).post(address).status_code == 403
    assert "minutes.txt is removed." in text(lead.post(address, follow=True))
    assert "minutes.txt does not wait any more, so nothing was removed." in text(lead.post(address, follow=True))
    assert not bytes_of(row).exists()
    assert list(evidence.every_altered()) == []
    said = sentence(Entry.objects.get(event="declaration.file-removed"))
    assert "removed evidence, minutes.txt (SHA-256" in said
    page = text(lead.get(NEW))
    assert "minutes.txt" not in page
    lead.post(NEW, {**hidden(page, "declare"), "declare-right": "on"})
    assert not Declaration.objects.get().files.exists()
    assert bytes_of(added(board, qif, tmp_path)).exists()  # the same file again is another one


def test_what_was_declared_is_not_removed(
    board: Area, qif: SchemeYear, figures: PracticeFigures, tmp_path: Path
) -> None:
    row = added(board, qif, tmp_path)
    declared(board, qif, figures, files=[row])
    with as_(who(board, "practice")):
        assert not evidence.remove(row)
    assert bytes_of(row).exists()


@pytest.mark.parametrize("how", ["sent back", "taken back", "withdrawn"])
def test_evidence_of_a_declaration_that_ended_goes_with_the_next(
    board: Area, qif: SchemeYear, figures: PracticeFigures, tmp_path: Path, how: str
) -> None:
    first = declared(board, qif, figures, files=[added(board, qif, tmp_path)])
    if how == "withdrawn":
        figures_in(board, qif.offers.get().version, tmp_path / "new", whole(45), reason="Five were counted twice")
    else:
        name, step = ("manager", Step.SEND_BACK) if how == "sent back" else ("practice", Step.TAKE_BACK)
        takes(board, name, first, step)
    lead = signed_in(who(board, "practice"))
    page = text(lead.get(NEW))
    assert "Evidence of earlier declarations that goes with this one too" in page
    assert "minutes.txt: That we met" in page
    sent = {**hidden(page, "declare"), "declare-earlier": str(first.files.get().pk)}
    kept = text(lead.post(NEW, sent))  # the confirmation is missing: the box stays ticked
    assert "Confirm that you have looked at the numbers." in kept
    assert "checked" in kept.partition('name="declare-earlier"')[2].partition(">")[0]
    assert lead.post(NEW, {**sent, "declare-right": "on"}).status_code == 302
    second = Declaration.objects.get(number=2)
    (before,), (after,) = first.files.all(), second.files.all()
    assert (after.number, after.name, after.sha256, after.shows) == (2, before.name, before.sha256, before.shows)
    assert evidence.content_of(after) == b"We met.\n"
    manager = signed_in(who(board, "manager"))
    assert manager.get(f"{ONE.replace('/1/', '/2/')}file/2").content == b"We met.\n"
    assert "minutes.txt" in text(manager.get(ONE))


def test_a_file_that_is_not_ticked_stays_where_it_is(
    board: Area, qif: SchemeYear, figures: PracticeFigures, tmp_path: Path
) -> None:
    first = declared(board, qif, figures, files=[added(board, qif, tmp_path)])
    with pytest.raises(Refused, match="waits for approval"):
        declared(board, qif, figures, files=list(first.files.all()))
    takes(board, "practice", first, Step.TAKE_BACK)
    second = declared(board, qif, figures)
    assert (second.state, second.files.count()) == ("declared", 0)
    takes(board, "practice", second, Step.TAKE_BACK)
    third = declared(board, qif, figures, files=list(first.files.all()))
    takes(board, "manager", third, Step.REVIEW_EVIDENCE)
    assert third.files.count() == 1
