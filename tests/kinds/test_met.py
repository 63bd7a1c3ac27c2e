"""The kind: "met" has one meaning for each kind of payment, whatever it is worth; the manual prints the same table.

Each case is an item that is worth nothing (0p, £0, 0 points), the counts by which it is not met and is met, and an item
of £5 that requires it. A kind that must pay something to be met says so.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.spec.run import local, paid

from remit.scheme.pays import PAYS

MANUAL = Path(__file__).parents[2] / "docs" / "reference" / "scheme-file.md"
HEADS = "heads: {column: list_size, called: list, at: 2024-04-01}"
AF = "indicator: AF006, measure: achievement"
FIVE = "  - {item: AFTER, title: After, requires: [IT], pays: {fixed: {pays: £5, for: it}}}"


def rate(of: int) -> str:
    return f"AF006 NUMERATOR {of}|AF006 DENOMINATOR 100"


CASES = {
    # kind: (what the item pays, counts that do not meet it, counts that do)
    "boolean": (
        "indicator: SMOK003, measure: declared, pays: {boolean: {points: 0}}", "IT DECLARED 0", "IT DECLARED 1"),
    "linear": (f"{AF}, pays: {{linear: {{points: 0, lower: 40%, upper: 90%}}}}", rate(40), rate(41)),
    "linear, lower is better": (
        f"{AF}, pays: {{linear: {{points: 0, better: lower, lower: 40%, upper: 10%}}}}", rate(40), rate(39)),
    "step_then_linear": (
        f"{AF}, pays: {{step_then_linear: {{points: 0, points_at_lower: 0, lower: 40%, upper: 90%}}}}",
        rate(39), rate(40)),
    "steps": (
        f"{AF}, pays: {{steps: {{most: 8p, steps: [above 40% pays 0p, above 60% pays 8p]}}}}", rate(40), rate(41)),
    "protected": (
        "indicator: AF006, measure: historic, pays: {protected: {points: 5, of: 2023-24}}",
        "IT HISTORIC_POINTS 0 2023-24", "IT HISTORIC_POINTS 1 2023-24"),
    "activity": ("pays: {activity: {tariff: £0}}", "IT ACTIVITY 0 2024-Q1", "IT ACTIVITY 1 2024-Q1"),
    "activity, capped at none": (
        "pays: {activity: {tariff: £10, most_per_year: 0}}", "IT ACTIVITY 9 2024-Q1", None),
    "historic": (
        "pays: {historic: {of: QOF, years: [2023-24], in: pounds}}",
        "IT HISTORIC_POUNDS 0 2023-24", "IT HISTORIC_POUNDS 0.01 2023-24"),
    "pooled": (
        "pays: {pooled: {streams: {OLD: Old}, year: 2023-24}}",
        "OLD HISTORIC_POUNDS 0 2023-24", "OLD HISTORIC_POUNDS 1 2023-24"),
    "better_of_two_years": (
        f"{AF}, pays: {{better_of_two_years: {{other: 2023-24, linear: {{points: 0, lower: 40%, upper: 90%}}}}}}",
        rate(40) + "|IT NUMERATOR 4 2023-24|IT DENOMINATOR 10 2023-24",
        rate(40) + "|IT NUMERATOR 5 2023-24|IT DENOMINATOR 10 2023-24"),
    "higher_of": (
        f"{AF}, pays: {{higher_of: {{points: 0, ordinary: {{lower: 40%, upper: 90%}}, "
        "improvement: {lower: 5 points, upper: 18 points, years: [2023-24], pcas: left out}}}",
        rate(35) + "|IT NUMERATOR 30 2023-24|IT DENOMINATOR 100 2023-24",
        rate(36) + "|IT NUMERATOR 30 2023-24|IT DENOMINATOR 100 2023-24"),
    "change_over": (
        f"{AF}, pays: {{change_over: {{points: 0, lower: 5 points, upper: 9 points, "
        "years: [2023-24], pcas: left out}}",
        rate(35) + "|IT NUMERATOR 30 2023-24|IT DENOMINATOR 100 2023-24",
        rate(36) + "|IT NUMERATOR 30 2023-24|IT DENOMINATOR 100 2023-24"),
    "own_target": (
        f"{AF}, pays: {{own_target: {{pounds: £0, rises_by: 5 points, years: [2023-24], pcas: left out}}}}",
        rate(34) + "|IT NUMERATOR 30 2023-24|IT DENOMINATOR 100 2023-24",
        rate(35) + "|IT NUMERATOR 30 2023-24|IT DENOMINATOR 100 2023-24"),
    "gateway": (
        "pays: {gateway: {elements: {ONE: one, TWO: two, THREE: three}, needs: 2}}",
        "ONE DECLARED 1|TWO DECLARED 0|THREE DECLARED 0", "ONE DECLARED 1|TWO DECLARED 0|THREE DECLARED 1"),
    "quality_improvement": (
        "pays: {quality_improvement: {pays: £0, units: 2, national: {ONE: one, TWO: two}}}",
        "ONE DECLARED 0|TWO DECLARED 0", "ONE DECLARED 1|TWO DECLARED 0"),
    "fixed": ("pays: {fixed: {pays: £0, for: it}}", "IT DECLARED 0", "IT DECLARED 1"),
    "fixed, by milestones": (
        "pays: {fixed: {pays: £0, for: it, milestones: {ONE: {share: 50%, words: a}, TWO: {share: 50%, words: b}}}}",
        "ONE DECLARED 1|TWO DECLARED 0", "ONE DECLARED 1|TWO DECLARED 1"),
    "fixed, with a target": (f"{AF}, pays: {{fixed: {{pays: £0, for: it, target: 50%}}}}", rate(49), rate(50)),
    "pot": ("pays: {pot: {money: £0, items: [PART]}}", "PART DECLARED 0", "PART DECLARED 1"),
    "blend": ("pays: {blend: {parts: {SUM: 100%}}}", "SUM DECLARED 0", "SUM DECLARED 1"),
    "shared_savings": (
        "pays: {shared_savings: {share: 50%}}",
        "IT BASELINE_POUNDS 100|IT ACTUAL_POUNDS 100", "IT BASELINE_POUNDS 100|IT ACTUAL_POUNDS 99"),
    "income_protection": (
        "pays: {income_protection: {floor: 100%, of: QOF, year: 2023-24}}",
        "IT HISTORIC_POUNDS 0 2023-24", "IT HISTORIC_POUNDS 1 2023-24"),
    "required": ("pays: {required: {pounds: £0, supply: it}}", None, None),
}  # fmt: skip
BEFORE = {
    "pot": "  - {item: PART, title: Part, indicator: SMOK003, measure: declared, pays: {boolean: {points: 5}}}",
    "blend": "  - {item: SUM, title: Sum, pays: {fixed: {pays: £1, for: it}}}",
}


def after(kind: str, counts: str) -> str:
    """The pounds of the item that requires the case's, for practice A1; empty where it is not known."""
    before = BEFORE.get(kind, "")
    items = "\n".join(["items:", *([before] if before else []), f"  - {{item: IT, title: It, {CASES[kind][0]}}}", FIVE])
    lines = "\n".join(f"A1 {line}" for line in [*filter(None, counts.split("|")), "AFTER DECLARED 1"])
    found = paid(local(items, HEADS), lines, "practice_code", "indicator_code", "pounds")
    return next(pounds for code, item, pounds in found if (code, item) == ("A1", "AFTER"))


@pytest.mark.parametrize("kind", [kind for kind, case in CASES.items() if case[1] is not None])
def test_what_is_not_met_opens_nothing(kind: str) -> None:
    assert after(kind, CASES[kind][1] or "") == "0.00"


@pytest.mark.parametrize("kind", [kind for kind, case in CASES.items() if case[2] is not None])
def test_what_is_met_opens_what_requires_it_whatever_it_is_worth(kind: str) -> None:
    assert after(kind, CASES[kind][2] or "") == "5.00"


@pytest.mark.parametrize("kind", [kind for kind in CASES if kind != "activity, capped at none"])
def test_what_is_not_known_leaves_it_open(kind: str) -> None:
    assert after(kind, "") == ""


def test_nobody_to_count_meets_nothing() -> None:
    for kind in ("linear", "linear, lower is better", "step_then_linear", "steps", "fixed, with a target"):
        assert after(kind, "AF006 NUMERATOR 0|AF006 DENOMINATOR 0") == "0.00", kind


def test_a_declaration_behind_a_gate_that_is_not_known_is_not_met_yet() -> None:
    items = """
    items:
      - {item: GATE, title: Gate, pays: {gateway: {elements: {ONE: one}}}}
      - {item: IT, title: It, indicator: SMOK003, measure: declared, requires: [GATE], pays: {boolean: {points: 1}}}
      - {item: AFTER, title: After, requires: [IT], pays: {fixed: {pays: £5, for: it}}}
    """
    found = paid(local(items), "A1 IT DECLARED 1\nA1 AFTER DECLARED 1", "practice_code", "indicator_code", "pounds")
    assert [row[2] for row in found if row[0] == "A1"] == ["", "", ""]


def test_the_table_has_every_kind_and_so_has_the_manual() -> None:
    assert {kind.split(",")[0] for kind in CASES} == set(PAYS)
    text = MANUAL.read_text(encoding="utf-8")
    table = text[text.index("<!-- met -->") : text.index("<!-- /met -->")]
    assert set(re.findall(r"^\| ([a-z_]+) \|", table, re.MULTILINE)) == set(PAYS)
