"""Figures that were declared and are superseded: the same numbers are carried over, others withdraw the declaration."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.service.area import Area
from tests.service.declaring import (
    again,
    as_,
    declared,
    figures_in,
    figures_of,
    takes,
    who,
    whole,
    year,
)
from tests.service.figures_in import PRACTICES, scheme

from remit.contract.declaration import Step
from remit.documents.stored import from_json
from remit.service.audit.models import Entry
from remit.service.audit.sentences import sentence
from remit.service.declarations import reading, services
from remit.service.declarations.models import Declaration, DeclarationDifference
from remit.service.offers.models import SchemeYear

pytestmark = pytest.mark.one_database


@pytest.fixture
def qif(board: Area) -> SchemeYear:
    return year(board, scheme(board))


def first(board: Area, qif: SchemeYear, folder: Path, approved: bool = False) -> Declaration:
    extract = figures_in(board, qif.offers.get().version, folder / "in")
    row = declared(board, qif, figures_of(board, extract))
    return takes(board, "tier 1", row, Step.APPROVE) if approved else row


@pytest.mark.parametrize("approved", [False, True])
def test_the_same_numbers_are_carried_over(board: Area, qif: SchemeYear, tmp_path: Path, approved: bool) -> None:
    row = first(board, qif, tmp_path, approved)
    newer = figures_in(board, qif.offers.get().version, tmp_path / "new", whole(50, 61), reason="A2 sent again")
    now = again(row)
    assert (now.state, now.figures, now.pence) == (row.state, figures_of(board, newer), row.pence)
    step = now.steps.order_by("pk").last()
    assert step is not None
    assert step.person is None
    assert "extract 2 took the place of extract 1" in step.words.lower()
    said = sentence(Entry.objects.get(event="declaration.carried-over"))
    assert said.endswith("goes on with the figures of extract 2: nothing differs.")


@pytest.mark.parametrize("approved", [False, True])
def test_other_numbers_withdraw_it_with_the_difference(
    board: Area, qif: SchemeYear, tmp_path: Path, approved: bool
) -> None:
    row = first(board, qif, tmp_path, approved)
    newer = figures_in(board, qif.offers.get().version, tmp_path / "new", whole(45), reason="Five were counted twice")
    now, figures = again(row), figures_of(board, newer)
    assert (now.state, now.replaced_by_figures) == ("withdrawn", figures)
    assert figures.pence is not None
    assert now.difference_pence == figures.pence - row.pence == -40000
    assert reading.approved(board["A1"], qif) is None
    step = now.steps.order_by("pk").last()
    assert step is not None
    assert "Five were counted twice" in step.words
    said = sentence(Entry.objects.get(event="declaration.withdrawn"))
    assert "no longer stands" in said
    own = str(from_json(DeclarationDifference.objects.get(declaration=row).document))
    assert "50" in own
    assert declared(board, qif, figures).number == 2


def test_small_numbers_are_in_the_practices_difference_alone(board: Area, qif: SchemeYear, tmp_path: Path) -> None:
    version = qif.offers.get().version
    text = (
        whole(50).replace("A1,2a,NUMERATOR,50", "A1,2a,NUMERATOR,3").replace("DENOMINATOR,100\nA2", "DENOMINATOR,6\nA2")
    )
    assert "A1,2a,DENOMINATOR,6" in text
    row = declared(board, qif, figures_of(board, figures_in(board, version, tmp_path / "in", text)))
    figures_in(board, version, tmp_path / "new", text.replace("NUMERATOR,3\n", "NUMERATOR,5\n", 1), reason="Corrected")
    now = again(row)
    assert now.state == "withdrawn"
    own = str(from_json(DeclarationDifference.objects.get(declaration=row).document))
    others = str(from_json(now.difference))
    assert "3 → 5" in own
    assert "3 → 5" not in others
    with as_(who(board, "manager")):
        assert not DeclarationDifference.objects.exists()


def test_a_practice_that_is_gone_from_the_figures(board: Area, qif: SchemeYear, tmp_path: Path) -> None:
    row = first(board, qif, tmp_path)
    version = qif.offers.get().version
    text = "\n".join(line for line in whole().splitlines() if not line.startswith("A1")) + "\n"
    others = "\n".join(line for line in PRACTICES.splitlines() if not line.startswith("A1")) + "\n"
    figures_in(board, version, tmp_path / "new", text, others, reason="A1 is not in it")
    now = again(row)
    assert (now.state, now.replaced_by_figures, now.difference_pence) == ("withdrawn", None, None)
    assert Entry.objects.filter(event="declaration.withdrawn-unknown").count() == 1


def test_what_ended_stays_as_it_is(board: Area, qif: SchemeYear, tmp_path: Path) -> None:
    row = first(board, qif, tmp_path)
    takes(board, "practice", row, Step.TAKE_BACK)
    figures_in(board, qif.offers.get().version, tmp_path / "new", whole(45), reason="Five were counted twice")
    assert again(row).state == "taken back"


def test_a_year_without_declarations_is_declared_by_the_service(board: Area, tmp_path: Path) -> None:
    qif = year(board, scheme(board), needs_declaration=False, needs_approval=False)
    extract = figures_in(board, qif.offers.get().version, tmp_path / "in")
    rows = list(Declaration.objects.order_by("practice__code"))
    assert [(one.practice.code, one.state, one.declared_by, one.pence) for one in rows] == [
        (code, "approved", None, figures_of(board, extract, code).pence) for code in ("A1", "A2")
    ]
    newer = figures_in(board, qif.offers.get().version, tmp_path / "new", whole(45), reason="Five were counted twice")
    found = reading.approved(board["A1"], qif)
    assert found is not None
    assert (found.number, found.pence) == (2, figures_of(board, newer).pence)
    assert services.is_superseded(extract)
