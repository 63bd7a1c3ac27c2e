"""Limits hold for parts as for a whole: two declarations, a declaration and adjustments, several schemes, in bulk; at
the penny; and where they are changed while a declaration waits.

By default finance approves above £15,000.00; risk is low below £15,000.00, medium to £49,999.99, high from £50,000.00.
What holds for a declaration that waits is what the limits are at each step; it leaves a state by that state's own step.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.service.area import Area, signed_in
from tests.service.declaring import again, figures_in, figures_of, takes, who, year
from tests.service.figures_in import scheme
from tests.service.test_declarations_steps import row_in

from remit.contract.declaration import Step
from remit.contract.limits import Risk
from remit.service.declarations import reading
from remit.service.declarations.models import Declaration
from remit.service.extracts.models import PracticeFigures
from remit.service.money import adjustments
from remit.service.money.models import Adjustment
from remit.service.offers.models import SchemeYear

pytestmark = pytest.mark.one_database

WHOLE = 1_500_000


@pytest.fixture
def qif(board: Area) -> SchemeYear:
    return year(board, scheme(board))


@pytest.fixture
def figures(board: Area, qif: SchemeYear, tmp_path: Path) -> PracticeFigures:
    return figures_of(board, figures_in(board, qif.offers.get().version, tmp_path / "in"))


def adjusted(qif: SchemeYear, board: Area, number: int, pence: int, state: str, code: str = "A1") -> Adjustment:
    return Adjustment.objects.create(
        practice=board[code], organisation=qif.organisation, scheme_year=qif, number=number, state=state, pence=pence,
        day=date(2025, 3, 1), reason="a reason",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("pence", "to", "risk"),
    [
        (1_499_999, "approved", Risk.LOW), (1_500_000, "approved", Risk.MEDIUM),
        (1_500_001, "awaiting finance", Risk.MEDIUM), (4_999_999, "awaiting finance", Risk.MEDIUM),
        (5_000_000, "awaiting finance", Risk.HIGH), (-1_500_001, "awaiting finance", Risk.MEDIUM),
    ],
)  # fmt: skip
def test_at_the_penny(board: Area, qif: SchemeYear, figures: PracticeFigures, pence: int, to: str, risk: Risk) -> None:
    row = row_in(figures, qif, "declared", pence=pence)
    assert reading.lines([row])[0].risk is risk
    assert takes(board, "tier 1", row, Step.APPROVE).state == to


@pytest.mark.parametrize(
    ("others", "to"),
    [
        ([("approved", 900_000)], "approved"),  # £15,000.00 together: not above it
        ([("approved", 900_001)], "awaiting finance"),
        ([("approved", -900_001)], "awaiting finance"),  # what is taken back counts by its size
        ([("withdrawn", 900_001), ("sent back", 900_001), ("taken back", 900_001)], "approved"),
        ([("approved", 450_000), ("approved", 450_001)], "awaiting finance"),
    ],
)
def test_with_other_declarations(
    board: Area, qif: SchemeYear, figures: PracticeFigures, others: list[tuple[str, int]], to: str
) -> None:
    for number, (state, pence) in enumerate(others, 2):
        row_in(figures, qif, state, number, pence)
    row = row_in(figures, qif, "declared", pence=600_000)
    assert takes(board, "tier 1", row, Step.APPROVE).state == to


@pytest.mark.parametrize(
    ("others", "to"),
    [
        ([("approved", 900_000)], "approved"),
        ([("approved", 900_001)], "awaiting finance"),
        ([("proposed", 900_001)], "awaiting finance"),
        ([("approved", -900_001)], "awaiting finance"),
        ([("refused", 900_001), ("taken back", 900_001)], "approved"),
        ([("approved", 500_000), ("proposed", 400_001)], "awaiting finance"),
    ],
)
def test_with_adjustments(
    board: Area, qif: SchemeYear, figures: PracticeFigures, others: list[tuple[str, int]], to: str
) -> None:
    for number, (state, pence) in enumerate(others, 1):
        adjusted(qif, board, number, pence, state)
    adjusted(qif, board, 9, 9_000_000, "approved", "A2")  # another practice's
    row = row_in(figures, qif, "declared", pence=600_000)
    (line,) = reading.lines([row])
    counted = sum(abs(pence) for state, pence in others if state in ("approved", "proposed"))
    assert line.together == 600_000 + counted
    page = signed_in(who(board, "tier 1")).get("/declarations/A1/qif-2024-25/1/").content.decode()
    assert f"£{(600_000 + counted) / 100:,.2f}" in page
    assert takes(board, "tier 1", row, Step.APPROVE).state == to


def test_an_adjustment_has_the_risk_of_what_is_declared_beside_it(
    board: Area, qif: SchemeYear, figures: PracticeFigures
) -> None:
    row_in(figures, qif, "approved", pence=4_900_000)
    one = adjusted(qif, board, 1, 100_000, "proposed")
    declared = adjustments.declared_beside([one])
    assert adjustments.risk_of(one, [one], declared) == (Risk.HIGH, 5_000_000)
    page = signed_in(who(board, "finance")).get("/books/QAA/adjustments/1/").content.decode()
    assert "Risk: high." in page
    assert "£50,000.00 together" in page


def test_limits_that_are_changed_meanwhile(board: Area, qif: SchemeYear, figures: PracticeFigures) -> None:
    """Lowered before tier 1: finance is asked. Raised while it waits for finance: finance still approves it. Tier 2
    asked for meanwhile: it is checked before it is approved. What is approved stays approved."""
    row = row_in(figures, qif, "declared", pence=WHOLE)
    SchemeYear.objects.filter(pk=qif.pk).update(rules={"finance_above": WHOLE - 1})
    assert takes(board, "tier 1", row, Step.APPROVE).state == "awaiting finance"
    SchemeYear.objects.filter(pk=qif.pk).update(rules={"finance_above": WHOLE, "tier_2_above": WHOLE - 1})
    assert again(row).state == "awaiting finance"
    assert takes(board, "finance", row, Step.APPROVE_AMOUNT).state == "awaiting tier 2"
    assert takes(board, "tier 2", row, Step.CHECK).state == "approved"
    SchemeYear.objects.filter(pk=qif.pk).update(rules={"finance_above": 0, "tier_2_above": 0})
    assert again(row).state == "approved"


def test_many_small_ones_of_one_practice_in_bulk(board: Area, qif: SchemeYear, figures: PracticeFigures) -> None:
    """£5,000.00 approved twice, and a third of £5,000.01 in bulk: tier 2 checks it, and finance approves it."""
    for number in (2, 3):
        row_in(figures, qif, "approved", number, 500_000)
    row = row_in(figures, qif, "declared", pence=500_001)
    client = signed_in(who(board, "tier 1"))
    client.post("/declarations/approve/", {"declaration": [f"{row.pk}/{row.sha256}/{row.pence}"] * 3})
    assert again(row).state == "awaiting tier 2"
    assert row.steps.filter(step="approve").count() == 1
    assert takes(board, "tier 2", row, Step.CHECK).state == "awaiting finance"
    assert takes(board, "finance", row, Step.APPROVE_AMOUNT).state == "approved"


@pytest.mark.parametrize("name", ["tier 2", "finance", "manager", "practice"])
def test_in_bulk_tier_1_approves_and_nobody_else(
    board: Area, qif: SchemeYear, figures: PracticeFigures, name: str
) -> None:
    rows = [row_in(figures, qif, "awaiting tier 2"), row_in(figures_of(board, figures.extract, "A2"), qif, "declared")]
    boxes = [f"{row.pk}/{row.sha256}/{row.pence}" for row in rows]
    client = signed_in(who(board, name))
    assert 'name="declaration"' not in client.get("/declarations/").content.decode()
    assert client.post("/declarations/approve/", {"declaration": boxes}).status_code == 403
    assert list(Declaration.objects.order_by("pk").values_list("state", flat=True)) == ["awaiting tier 2", "declared"]


def test_what_waits_for_tier_2_is_not_approved_again_in_bulk(
    board: Area, qif: SchemeYear, figures: PracticeFigures
) -> None:
    row = row_in(figures, qif, "awaiting tier 2")
    client = signed_in(who(board, "tier 1"))
    box = f"{row.pk}/{row.sha256}/{row.pence}"
    answer = client.post("/declarations/approve/", {"declaration": [box]}, follow=True).content.decode()
    assert "was not approved. A declaration is approved by tier 1 once" in answer
    assert again(row).state == "awaiting tier 2"
