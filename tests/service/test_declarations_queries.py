"""The list of declarations and a declaration's page ask the database as often with 144 practices as with 3."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.service.area import Area, signed_in
from tests.service.declaring import STARTS, figures_in, figures_of, who, year
from tests.service.figures_in import scheme

from remit.service.declarations.models import Declaration, DeclarationStep
from remit.service.extracts.models import PracticeFigures
from remit.service.offers.models import Offer, Participation, SchemeYear
from remit.service.organisations.models import PRACTICE, Membership, Organisation

pytestmark = pytest.mark.one_database

MOST = 30


@pytest.fixture
def qif(board: Area) -> SchemeYear:
    return year(board, scheme(board))


def grown(board: Area, qif: SchemeYear, like: PracticeFigures, first: int, last: int) -> None:
    """Practices with a declaration that waits, each with the figures of `like`."""
    offer = Offer.objects.get(scheme_year=qif)
    practices = Organisation.objects.bulk_create(
        Organisation(code=f"C{n:03}", name=f"Practice C{n:03}", kind=PRACTICE) for n in range(first, last + 1)
    )
    Membership.objects.bulk_create(
        Membership(member=each, parent=board["NW1"], parent_kind="network", since=STARTS) for each in practices
    )
    copies = {name: getattr(like, name) for name in ("extract", "day", "pence", "sha256", "payment", "status")}
    figures = PracticeFigures.objects.bulk_create(
        PracticeFigures(practice=each, place=n, is_network=False, reason="", points=None,
                        statement_for_commissioner=like.statement_for_commissioner, overview=like.overview,
                        moved="", **copies)
        for n, each in enumerate(practices, first + 10)
    )  # fmt: skip
    parts = Participation.objects.bulk_create(
        Participation(practice=each, organisation=board["QAA"], scheme_year=qif, offer=offer, scheme_id=qif.scheme_id,
                      title=qif.title, year=qif.year, state="accepted", starts=qif.starts, ends=qif.ends,
                      respond_by=qif.starts)
        for each in practices
    )  # fmt: skip
    rows = Declaration.objects.bulk_create(
        Declaration(practice=one.practice, organisation=board["QAA"], scheme_year=qif, figures=one, number=1,
                    participation=part, day=one.day, state="declared", pence=like.pence or 0, payment=like.payment,
                    sha256=like.sha256, statement_for_commissioner="", declared_at=timezone.now())
        for one, part in zip(figures, parts, strict=True)
    )  # fmt: skip
    DeclarationStep.objects.bulk_create(
        DeclarationStep(practice_id=row.practice_id, organisation=board["QAA"], declaration=row, step="declare",
                        state="declared", at=timezone.now(), pence=row.pence)
        for row in rows
    )  # fmt: skip


def asked(client: Any, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_as_many_questions_with_144_practices_as_with_3(board: Area, qif: SchemeYear, tmp_path: Path) -> None:
    like = figures_of(board, figures_in(board, qif.offers.get().version, tmp_path / "in"))
    grown(board, qif, like, 1, 3)
    approver = signed_in(who(board, "tier 1"))
    pages = ("/declarations/", "/declarations/?state=&risk=&scheme=", "/declarations/list.csv",
             "/declarations/C001/qif-2024-25/1/")  # fmt: skip
    few = {path: asked(approver, path) for path in pages}
    grown(board, qif, like, 4, 144)
    many = {path: asked(approver, path) for path in pages}
    assert approver.get("/declarations/").content.count(b"/qif-2024-25/1/") >= 144
    assert {path: (few[path], many[path]) for path in pages if many[path] > few[path]} == {}
    assert max(many.values()) <= MOST
