"""The e-mail about a declaration that no longer stands, or was sent back: who gets it, what it says, and once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from tests.service.area import Area, signed_in
from tests.service.declaring import as_, declared, figures_in, figures_of, takes, who, whole, year
from tests.service.figures_in import scheme, someone
from tests.service.test_declarations_pages import ONE, hidden, text

from remit.contract.declaration import Step
from remit.core.problems import Refused
from remit.service.declarations import services
from remit.service.offers.models import SchemeYear
from remit.service.people import post

pytestmark = pytest.mark.one_database


@pytest.fixture
def qif(board: Area) -> SchemeYear:
    return year(board, scheme(board))


@pytest.fixture(autouse=True)
def mail_is_set_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(settings, "DEPLOYMENT", replace(settings.DEPLOYMENT, email="smtp://localhost"))
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
    mail.outbox = []
    yield
    post.wait()


def to() -> list[str]:
    post.wait()
    return sorted(one.to[0] for one in mail.outbox)


def small(n: int) -> str:
    """2a of A1 is `n` of 6: numbers that nobody above sees."""
    text = whole(50).replace("A1,2a,NUMERATOR,50", f"A1,2a,NUMERATOR,{n}")
    return text.replace("DENOMINATOR,100\nA2", "DENOMINATOR,6\nA2")


def test_who_took_a_step_and_who_leads_read_that_it_no_longer_stands_and_once(
    board: Area, qif: SchemeYear, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    version = qif.offers.get().version
    row = declared(board, qif, figures_of(board, figures_in(board, version, tmp_path / "in", small(3))))
    takes(board, "tier 1", row, Step.APPROVE)
    someone("practice_viewer", board["A1"])
    someone("practice_lead", board["A2"])
    who(board, "tier 2")
    post.wait()
    mail.outbox = []
    with django_capture_on_commit_callbacks(execute=True):
        figures_in(board, version, tmp_path / "new", small(2), reason="One of them, Mrs Smith, was counted twice")
    assert to() == ["approver_tier_1.qaa@example.org", "practice_lead.a1@example.org"]
    for letter in mail.outbox:
        assert letter.subject == "Remit: declaration 1 of First practice no longer stands"
        assert (
            "Declaration 1 of First practice (QIF 2024/25, figures of 31 March 2025) no longer stands: its figures have"
            " changed since it was declared." in letter.body
        )
        assert letter.body.count(f"{ONE}\n") == 1
        assert "Smith" not in letter.body
        assert "£" not in letter.body
        words = (
            letter.body.partition(",\n")[2]
            .replace("2024/25", "")
            .replace("31 March 2025", "")
            .replace("qif-2024-25", "")
        )
        assert sorted(one for one in words.split() if one.isdigit()) == ["1"]  # the declaration's number alone
    with django_capture_on_commit_callbacks(execute=True):
        figures_in(board, version, tmp_path / "newer", small(1), reason="Another")
    assert len(to()) == 2


def test_the_practice_reads_that_it_was_sent_back_and_once(
    board: Area, qif: SchemeYear, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    declared(board, qif, figures_of(board, figures_in(board, qif.offers.get().version, tmp_path / "in")))
    manager = signed_in(who(board, "manager"))
    sent = {**hidden(text(manager.get(ONE)), "send-back"), "send-back-words": "Look at 2a, 3 of 6, again."}
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            manager.post(f"{ONE}send-back/", sent)
    assert to() == ["practice_lead.a1@example.org"]
    (letter,) = mail.outbox
    assert letter.subject == "Remit: declaration 1 of First practice was sent back"
    assert "3 of 6" not in letter.body
    assert letter.body.count(f"{ONE}\n") == 1


def test_nothing_is_written_where_it_was_not_sent_back(
    board: Area, qif: SchemeYear, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    row = declared(board, qif, figures_of(board, figures_in(board, qif.offers.get().version, tmp_path / "in")))
    with django_capture_on_commit_callbacks(execute=True), as_(who(board, "manager")), pytest.raises(Refused):
        services.take(row, Step.SEND_BACK, "")
    assert to() == []
