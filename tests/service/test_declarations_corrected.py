"""A scheme is corrected within its year: what becomes of what was declared by the older version, once figures of the
same day are run by the newer one."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.service.area import Area, signed_in
from tests.service.declaring import again, as_, declared, figures_in, figures_of, takes, who, whole, year
from tests.service.figures_in import scheme, someone
from tests.service.register_desk import QIF
from tests.service.test_declarations_pages import ONE, text

from remit.application.scheme_text import shipped
from remit.contract.declaration import Step
from remit.service.audit.models import Entry
from remit.service.audit.sentences import sentence
from remit.service.declarations import reading
from remit.service.declarations.models import Declaration
from remit.service.offers.models import SchemeYear
from remit.service.register import services as register
from remit.service.register.models import SchemeVersion
from remit.service.register.states import Step as Register

pytestmark = pytest.mark.one_database

CORRECTED = shipped(QIF).replace(b"above 40% pays 13p, above 45% pays 17p", b"above 40% pays 13p, above 55% pays 17p")
EXPECTED = 130_000
"""Pence of A1 by version 2: 50% pays 13p for each of 10,000 weighted patients."""


@pytest.fixture
def qif(board: Area) -> SchemeYear:
    return year(board, scheme(board))


def corrected(board: Area, first: SchemeVersion, content: bytes) -> SchemeVersion:
    """Version 2, written, approved and published by three people, from the first day of the year on."""
    area = board["QAA"]
    with as_(someone("scheme_author", area)):
        version = register.start(area, QIF, content, "qif.yaml", "version 1", {}, first, "A step of 2a was a misprint.")
        version = register.take(version, Register.SUBMIT)
    with as_(someone("approver_tier_1", area)):
        version = register.take(version, Register.APPROVE, "Read against the contract.")
    with as_(someone("contract_manager", area)):
        return register.take(version, Register.PUBLISH, day=first.day)


@pytest.mark.parametrize("approved", [False, True])
def test_another_amount_withdraws_it_with_the_scheme_as_the_cause(
    board: Area, qif: SchemeYear, tmp_path: Path, approved: bool
) -> None:
    first = qif.offers.get().version
    row = declared(board, qif, figures_of(board, figures_in(board, first, tmp_path / "in")))
    if approved:
        takes(board, "tier 1", row, Step.APPROVE)
    second = corrected(board, first, CORRECTED)
    assert again(row).state == ("approved" if approved else "declared")  # until figures are run by it
    extract = figures_in(board, second, tmp_path / "new", whole() + "\n", reason="Version 2 is published")
    now, figures = again(row), figures_of(board, extract)
    assert (now.state, now.corrected_version, now.replaced_by_figures) == ("withdrawn", second, figures)
    assert (row.pence, figures.pence, now.difference_pence) == (170_000, EXPECTED, EXPECTED - 170_000)
    says = "The scheme was corrected: version 2 took the place of 1. Extract 2 took the place of extract 1"
    assert says in sentence(Entry.objects.get(event="declaration.withdrawn"))
    client = signed_in(who(board, "practice"))
    assert "no longer stands: the scheme was corrected. Look at it, and declare again" in text(client.get("/"))
    page = text(client.get(ONE))
    assert "It no longer stands: the scheme was corrected since it was declared." in page
    assert "Remit itself withdrew it: the scheme was corrected." in page
    assert says in page
    for name in ("practice", "tier 1"):
        differs = text(signed_in(who(board, name)).get(f"{ONE}difference/"))
        assert "Declared was £1,700.00. By the newer figures it is" in differs
    assert reading.approved(board["A1"], qif) is None
    assert declared(board, qif, figures).number == 2


def test_the_same_amount_by_the_newer_version_is_carried_over(board: Area, qif: SchemeYear, tmp_path: Path) -> None:
    first = qif.offers.get().version
    row = declared(board, qif, figures_of(board, figures_in(board, first, tmp_path / "in")))
    second = corrected(board, first, shipped(QIF) + b"# a comment\n")
    extract = figures_in(board, second, tmp_path / "new", reason="Version 2 is published")
    now = again(row)
    assert (now.state, now.figures, now.corrected_version) == ("declared", figures_of(board, extract), None)
    assert Declaration.objects.count() == 1
