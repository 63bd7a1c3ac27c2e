"""A declaration is of specific numbers, and goes its way to approval: each step for whom it is, with what it needs."""

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
    numbers,
    takes,
    who,
    year,
)
from tests.service.figures_in import scheme

from remit.application.extract import payment_of
from remit.contract.declaration import Step
from remit.core.problems import Refused
from remit.service.declarations import services
from remit.service.declarations.models import DeclarationCopy, DeclarationStep
from remit.service.declarations.services import Numbers
from remit.service.extracts.models import PracticeFigures
from remit.service.offers.models import SchemeYear


@pytest.fixture
def qif(board: Area) -> SchemeYear:
    return year(board, scheme(board))


@pytest.fixture
def figures(board: Area, qif: SchemeYear, tmp_path: Path) -> PracticeFigures:
    version = qif.offers.get().version
    return figures_of(board, figures_in(board, version, tmp_path / "in"))


def test_what_is_declared_is_what_the_figures_say(board: Area, qif: SchemeYear, figures: PracticeFigures) -> None:
    row = declared(board, qif, figures, words="Checked by both partners.")
    assert (row.state, row.pence, row.number, row.day) == ("declared", figures.pence, 1, figures.day)
    assert payment_of(row.payment).earned == figures.pence
    copy = DeclarationCopy.objects.get(declaration=row)
    assert copy.counts == figures.copy.counts
    step = DeclarationStep.objects.get(declaration=row)
    assert (step.step, step.state, step.pence) == ("declare", "declared", row.pence)


def test_it_is_approved_by_another(board: Area, qif: SchemeYear, figures: PracticeFigures) -> None:
    row = declared(board, qif, figures)
    assert takes(board, "tier 1", row, Step.APPROVE).state == "approved"
    assert again(row).approved_at is not None


def test_other_numbers_than_were_shown_are_not_declared(board: Area, qif: SchemeYear, figures: PracticeFigures) -> None:
    with pytest.raises(Refused, match="changed since this page was opened"):
        declared(board, qif, figures, shown=Numbers(figures.sha256, 1))


def test_other_numbers_than_were_shown_are_not_approved(board: Area, qif: SchemeYear, figures: PracticeFigures) -> None:
    row = declared(board, qif, figures)
    with as_(who(board, "tier 1")), pytest.raises(Refused, match="changed since this page was opened"):
        services.approve(row, Numbers(row.sha256, row.pence + 1))
    assert again(row).state == "declared"


def test_a_second_time_it_is_said_who_was_first(board: Area, qif: SchemeYear, figures: PracticeFigures) -> None:
    row = declared(board, qif, figures)
    with pytest.raises(Refused, match=r"Declaration 1 of 31 March 2025 waits for approval"):
        declared(board, qif, figures)
    takes(board, "tier 1", row, Step.APPROVE)
    with as_(who(board, "tier 1")), pytest.raises(Refused, match=r"Approver, tier 1 of First area was the last"):
        services.approve(row, numbers(row))
    with pytest.raises(Refused, match="already declared and approved"):
        declared(board, qif, figures)
