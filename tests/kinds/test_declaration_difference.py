"""Kind: a figure of what differs from a declaration that one format shows otherwise than another."""

from __future__ import annotations

from dataclasses import replace

from tests.kinds.figures_in_formats import assert_in_every_format

from remit.documents.declaration_difference import Payments, declaration_difference
from remit.runs.practice_payment import PracticePayment

THEN = PracticePayment(
    "qif-2024-25", "final", 170_000, 100_000, "", "", 70_000, 0, (), None, None, "", "1", "", "", "", None
)
NAMES = ("31 March 2025 (extract 1)", "31 March 2025 (extract 2)")


def test_each_figure_is_the_same_in_every_format() -> None:
    now = replace(THEN, earned=130_000, balance=30_000)
    made = declaration_difference(Payments("First practice", THEN, now, NAMES), None)
    assert_in_every_format(made, {
        "earned/then": 170_000, "earned/now": 130_000, "earned/difference": -40_000, "balance/then": 70_000,
        "balance/now": 30_000, "balance/difference": -40_000, "recovery/difference": 0,
    })  # fmt: skip


def test_what_is_not_known_is_not_nought() -> None:
    made = declaration_difference(Payments("First practice", THEN, None, NAMES), None)
    assert_in_every_format(made, {"earned/then": 170_000, "earned/now": None, "earned/difference": None})
