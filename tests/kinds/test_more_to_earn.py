"""The kind: what more could be earned is never a loss, is on the better side, and is counted once, by its item's name.

A table of every place where something more can be earned: each kind's own threshold, a gate that failed, a table that a
gate chooses, a blend, a pot, a floor. The pounds of each line are worked out by hand; beside them the same change is
run, and the run must pay that much more.
"""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from tests.spec.run import TERMS, lines, local

import remit
from remit.documents.statement.formats import as_html, as_text, as_xlsx
from remit.documents.statement.making import statement
from remit.documents.statement.model import Statement
from remit.documents.statement.more import ahead
from remit.pricing.evaluator import price
from remit.pricing.product import sum_of
from remit.pricing.scenario import Scenario
from remit.runs import Run

HEADS = "heads: {column: list_size, called: list, at: 2024-04-01}"
AF = "indicator: AF006, measure: achievement"
AF7 = "indicator: AF007, measure: achievement"
AFTER = "{item: BLOCK, title: Block, requires: [IT], pays: {fixed: {pays: £1000, for: it}}}"


def linear(more: str = "") -> str:
    return f"pays: {{linear: {{points: 10, lower: 40%, upper: 90%{more}}}}}"


def tables(good: str, other: str) -> str:
    both = f"{{when: {good}, steps: [from 40% pays 8p]}}, {{when: {other}}}"
    return f"pays: {{steps: {{most: 8p, gate: IT, tables: [{both}]}}}}"


def gateway(code: str, *elements: str, more: str = "") -> str:
    declared = ", ".join(f"{one}: the {one} meeting" for one in elements)
    return f"{{item: {code}, title: Meetings, {more}pays: {{gateway: {{elements: {{{declared}}}}}}}}}"


def rate(top: int, code: str = "AF006") -> str:
    return f"A1 {code} NUMERATOR {top}\nA1 {code} DENOMINATOR 100\n"


SEVEN = rate(50, "AF007")
MEETINGS = "A1 ONE DECLARED 1\nA1 TWO DECLARED 0\nA1 BLOCK DECLARED 1\nA1 CARE DECLARED 1\n"
CASES: dict[str, tuple[list[str], str, list[tuple[str, str, int | None, int | None]]]] = {
    # case: (items, counts, [(whose, what is reached, patients, pence)]); the list has 6,000, a point is £200
    "linear: one patient, and the top": (
        [f"{{item: IT, title: It, {AF}, {linear()}}}"], rate(40),
        [("IT", "above 40%", 1, 4000), ("IT", "from 90%", 50, 200000)]),
    "linear, lower is better": (
        [f"{{item: IT, title: It, {AF}, pays: {{linear: {{points: 10, better: lower, lower: 50%, upper: 40%}}}}}}"],
        rate(50), [("IT", "up to 40%", 10, 200000), ("IT", "below 50%", 1, 20000)]),
    "step_then_linear": (
        [f"{{item: IT, title: It, {AF}, pays: {{step_then_linear: "
         "{points: 10, points_at_lower: 5, lower: 40%, upper: 90%}}}"],
        rate(39), [("IT", "from 40%", 1, 100000), ("IT", "from 90%", 51, 200000)]),
    "steps": (
        [f"{{item: IT, title: It, {AF}, "
         "pays: {steps: {most: 8p, steps: [above 40% pays 5p, above 60% pays 8p]}}}"],
        rate(40), [("IT", "above 40%", 1, 30000), ("IT", "above 60%", 21, 48000)]),
    "boolean": (
        ["{item: IT, title: It, indicator: SMOK003, measure: declared, pays: {boolean: {points: 5}}}"],
        "A1 IT DECLARED 0", [("IT", "declared as done", None, 100000)]),
    "better_of_two_years": (
        [f"{{item: IT, title: It, {AF}, pays: {{better_of_two_years: {{other: 2023-24, "
         "linear: {points: 10, lower: 40%, upper: 90%}}}}"],
        rate(40) + "A1 IT HISTORIC_POINTS 4 2023-24", [("IT", "from 90%", 50, 120000)]),
    "better_of_two_years, lower is better": (
        [f"{{item: IT, title: It, {AF}, pays: {{better_of_two_years: {{other: 2023-24, "
         "linear: {points: 10, better: lower, lower: 50%, upper: 40%}}}}"],
        rate(50) + "A1 IT HISTORIC_POINTS 4 2023-24", [("IT", "up to 40%", 10, 120000)]),
    # 20 points up is all: 50%. From 5 points up (35%) a percentage point is 2/3 of a point
    "higher_of: on improvement first, all of it at 50%": (
        [f"{{item: IT, title: It, {AF}, pays: {{higher_of: {{points: 10, ordinary: {{lower: 40%, upper: 90%}}, "
         "improvement: {lower: 5 points, upper: 20 points, years: [2023-24], pcas: left out}}}}"],
        rate(35) + "A1 IT NUMERATOR 30 2023-24\nA1 IT DENOMINATOR 100 2023-24",
        [("IT", "above 35%", 1, 13333), ("IT", "from 50%", 15, 200000)]),
    "higher_of: the ordinary scale, where improvement is out of reach": (
        [f"{{item: IT, title: It, {AF}, pays: {{higher_of: {{points: 10, ordinary: {{lower: 40%, upper: 90%}}, "
         "improvement: {lower: 5 points, upper: 20 points, years: [2023-24], pcas: left out}}}}"],
        rate(50) + "A1 IT NUMERATOR 90 2023-24\nA1 IT DENOMINATOR 100 2023-24",
        [("IT", "from 90%", 40, 160000)]),
    "change_over": (
        [f"{{item: IT, title: It, {AF}, pays: {{change_over: {{points: 10, lower: 5 points, upper: 15 points, "
         "years: [2023-24], pcas: left out}}}"],
        rate(35) + "A1 IT NUMERATOR 30 2023-24\nA1 IT DENOMINATOR 100 2023-24",
        [("IT", "above 35%", 1, 20000), ("IT", "from 45%", 10, 200000)]),
    "change_over, a fall": (
        [f"{{item: IT, title: It, {AF}, pays: {{change_over: {{points: 10, better: lower, lower: 5 points, "
         "upper: 15 points, years: [2023-24], pcas: left out}}}"],
        rate(35) + "A1 IT NUMERATOR 40 2023-24\nA1 IT DENOMINATOR 100 2023-24",
        [("IT", "up to 25%", 10, 200000), ("IT", "below 35%", 1, 20000)]),
    "own_target": (
        [f"{{item: IT, title: It, {AF}, pays: {{own_target: {{pounds: £1000, rises_by: 10 points, "
         "years: [2023-24], pcas: left out}}}"],
        rate(35) + "A1 IT NUMERATOR 30 2023-24\nA1 IT DENOMINATOR 100 2023-24",
        [("IT", "from 40%", 5, 100000)]),
    "fixed, with a target": (
        [f"{{item: IT, title: It, {AF}, pays: {{fixed: {{pays: £1000, for: it, target: 50%}}}}}}"], rate(49),
        [("IT", "from 50%", 1, 100000)]),
    "fixed": (
        ["{item: IT, title: It, pays: {fixed: {pays: £1000, for: training}}}"], "A1 IT DECLARED 0",
        [("IT", "training declared", None, 100000)]),
    "fixed, by milestones": (
        ["{item: IT, title: It, pays: {fixed: {pays: £1000, for: it, "
         "milestones: {M1: {share: 25%, words: signed}, M2: {share: 75%, words: trained}}}}}"],
        "A1 M1 DECLARED 0\nA1 M2 DECLARED 0",
        [("IT", "trained (M2) declared", None, 75000), ("IT", "signed (M1) declared", None, 25000)]),
    "quality_improvement": (
        ["{item: IT, title: It, "
         "pays: {quality_improvement: {points: 10, units: 2, evidence: true, national: {T1: cancer, T2: falls}}}}"],
        "A1 T1 DECLARED 0\nA1 T1 EVIDENCED 0\nA1 T2 DECLARED 1\nA1 T2 EVIDENCED 0",
        [("IT", "cancer (T1) declared and evidenced", None, 100000),
         ("IT", "falls (T2) declared and evidenced", None, 100000)]),
    "the gate that failed": (
        [gateway("IT", "ONE", "TWO"),
         "{item: BLOCK, title: Block, requires: [IT], pays: {fixed: {pays: £12000, for: it}}}",
         "{item: CARE, title: Care, requires: [IT], pays: {fixed: {pays: £1750, for: it}}}"],
        MEETINGS, [("IT", "the TWO meeting (TWO) declared", None, 1375000)]),
    "a gate that failed on its target": (
        [f"{{item: IT, title: It, {AF}, pays: {{fixed: {{pays: £0, for: it, target: 50%}}}}}}", AFTER],
        rate(49) + "A1 BLOCK DECLARED 1", [("IT", "from 50%", 1, 100000)]),
    "a gate that failed behind a gate that failed": (
        [gateway("G", "ONE"), gateway("IT", "TWO", more="requires: [G], "), AFTER],
        "A1 ONE DECLARED 0\nA1 TWO DECLARED 0\nA1 BLOCK DECLARED 1",
        [("BLOCK", "G the ONE meeting (ONE) declared; IT the TWO meeting (TWO) declared", None, 100000)]),
    "two gates that failed": (
        [gateway("G", "ONE"), gateway("IT", "TWO"), AFTER.replace("[IT]", "[G, IT]")],
        "A1 ONE DECLARED 0\nA1 TWO DECLARED 0\nA1 BLOCK DECLARED 1",
        [("BLOCK", "G the ONE meeting (ONE) declared; IT the TWO meeting (TWO) declared", None, 100000)]),
    "one element opens two gates": (
        [gateway("G", "ONE"), gateway("IT", "ONE"), AFTER, AFTER.replace("BLOCK", "OTHER").replace("[IT]", "[G]")],
        "A1 ONE DECLARED 0\nA1 BLOCK DECLARED 1\nA1 OTHER DECLARED 1",
        [("G", "the ONE meeting (ONE) declared", None, 200000)]),
    "a gate that failed, within a blend": (
        [gateway("IT", "ONE"), AFTER, "{item: B, title: B, pays: {blend: {parts: {BLOCK: 50%, IT: 50%}}}}"],
        "A1 ONE DECLARED 0\nA1 BLOCK DECLARED 1", [("IT", "the ONE meeting (ONE) declared", None, 50000)]),
    "points within a pot": (
        [f"{{item: IT, title: It, {AF}, {linear()}}}", "{item: P, title: P, pays: {pot: {money: £500, items: [IT]}}}"],
        rate(40), [("IT", "above 40%", 1, 1000), ("IT", "from 90%", 50, 50000)]),
    "a table that the gate chooses": (
        [f"{{item: IT, title: It, {AF}, pays: {{fixed: {{pays: £0, for: it, target: 100%}}}}}}",
         f"{{item: S, title: S, {AF7}, {tables('from 50%', 'below 50%')}}}"],
        rate(48) + SEVEN, [("IT", "from 50%", 2, 48000)]),
    "a table that the gate chooses, within a blend": (
        [f"{{item: IT, title: It, {AF}, pays: {{fixed: {{pays: £0, for: it, target: 100%}}}}}}",
         f"{{item: S, title: S, {AF7}, {tables('from 50%', 'below 50%')}}}",
         "{item: X, title: X, pays: {fixed: {pays: £0, for: it}}}",
         "{item: B, title: B, pays: {blend: {parts: {S: 50%, X: 50%}}}}"],
        rate(48) + SEVEN + "A1 X DECLARED 1", [("IT", "from 50%", 2, 24000)]),
    "a table that a gate chooses where lower is better": (
        [f"{{item: IT, title: It, {AF}, pays: {{linear: {{points: 0, better: lower, lower: 50%, upper: 40%}}}}}}",
         f"{{item: S, title: S, {AF7}, {tables('below 45%', 'from 45%')}}}"],
        rate(48) + SEVEN, [("IT", "below 45%", 4, 48000)]),
    "a gate whose better side loses more than it earns": (
        [f"{{item: IT, title: It, {AF}, pays: {{fixed: {{pays: £100, for: it, target: 50%}}}}}}",
         f"{{item: S, title: S, {AF7}, {tables('below 50%', 'from 50%')}}}"],
        rate(48) + SEVEN, []),
    "what a floor takes back": (
        [f"{{item: IT, title: It, {AF}, pays: {{fixed: {{pays: £100, for: it, target: 50%}}}}}}",
         "{item: F, title: F, pays: {income_protection: {floor: 100%, of: QOF, year: 2023-24}}}"],
        rate(48) + "A1 F HISTORIC_POUNDS 500 2023-24", []),
    "one count that two items read": (
        ["{item: IT, title: It, indicator: AF001, measure: register, pays: {boolean: {points: 5}}}",
         "{item: J, title: J, indicator: AF006, measure: register, pays: {boolean: {points: 2}}}"],
        "A1 AF REGISTER 0", [("IT", "one patient on the register", 1, 140000)]),
    "milestones that open another together": (
        ["{item: IT, title: It, pays: {fixed: {pays: £100, for: it, "
         "milestones: {M1: {share: 25%, words: signed}, M2: {share: 75%, words: trained}}}}}", AFTER],
        "A1 M1 DECLARED 0\nA1 M2 DECLARED 0\nA1 BLOCK DECLARED 1",
        [("IT", "signed (M1); trained (M2) declared", None, 110000)]),
    "a gate that opens some of what another opens too": (
        [gateway("G", "ONE"), gateway("IT", "TWO", more="requires: [G], "), AFTER,
         "{item: OTHER, title: Other, requires: [G], pays: {fixed: {pays: £70, for: it}}}"],
        "A1 ONE DECLARED 0\nA1 TWO DECLARED 0\nA1 BLOCK DECLARED 1\nA1 OTHER DECLARED 1",
        [("G", "the ONE meeting (ONE) declared", None, 7000)]),
}  # fmt: skip


def made(case: str, folder: Path) -> tuple[Run, Statement]:
    items, counts, _ = CASES[case]
    (folder / "practices.csv").write_text("practice_code,practice_name,list_size\nA1,One,6000\n", encoding="utf-8")
    header = "practice_code,indicator_code,measure,value,period\n"
    (folder / "counts.csv").write_text(header + lines(counts, 5), encoding="utf-8")
    scheme = local("\n".join(["items:", *(f"  - {item}" for item in items)]), HEADS, terms=TERMS)
    run = remit.run(scheme, folder / "practices.csv", folder / "counts.csv")
    return run, statement(run, "A1")


@pytest.mark.parametrize("case", CASES)
def test_each_line_is_what_a_run_pays_more(case: str, tmp_path: Path) -> None:
    run, found = made(case, tmp_path)
    shown = [(p.whose, p.reaches.removeprefix(f"{p.whose} "), p.patients, p.pence) for p in ahead(found)]
    assert sorted(shown, key=repr) == sorted(CASES[case][2], key=repr)
    plan, standing = run.standings.plan("A1"), run.standing("A1")
    now = sum_of(price(plan, standing).awards).pence
    for p in ahead(found):
        assert sum_of(price(plan, standing, Scenario(figures=p.change)).awards).pence - now == p.pence


@pytest.mark.parametrize("case", CASES)
def test_nothing_loses_and_nothing_is_there_twice(case: str, tmp_path: Path) -> None:
    _, found = made(case, tmp_path)
    assert all((p.pence or 0) >= 0 for view in found.items for p in view.prospects)
    changes = [frozenset(p.change.items()) for p in ahead(found)]
    assert len(set(changes)) == len(changes)


def test_one_more_meeting_is_worth_13750_with_its_name_and_code(tmp_path: Path) -> None:
    """£12,000 and £1,750 are shut by one meeting of two: it is on the screen, on the page and in the workbook."""
    _, found = made("the gate that failed", tmp_path)
    for text in (as_text(found), as_html(found)):
        assert "What more could be earned" in text.replace("WHAT MORE COULD BE EARNED", "What more could be earned")
        flat = " ".join(text.split())
        assert "IT Meetings" in flat
        assert "13,750.00" in flat
        assert "the TWO meeting (TWO) declared" in flat.replace("The TWO", "the TWO")
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(found)))["Items"]
    worth = {row[0].value: row[15].value for row in sheet.iter_rows(min_row=4) if row[0].value}
    assert worth["IT"] == 13750
    assert worth["BLOCK"] is None


def test_a_network_is_told_what_more_it_could_earn(tmp_path: Path) -> None:
    """Counted as one: 40 of 100 and 40 of 100 are 80 of 200; one more of 200 is half a hundredth of 50%: £20."""
    networks = "networks: {earned_by: network, distribution: equal, assent: none}\nlevels: [practice, network]"
    items = f"items:\n  - {{item: IT, title: It, {AF}, {linear()}}}"
    practices = "practice_code,practice_name,network_code,list_size\nA1,One,N1,6000\nA2,Two,N1,4000\n"
    (tmp_path / "practices.csv").write_text(practices, encoding="utf-8")
    counts = lines(rate(40) + rate(40).replace("A1", "A2"), 4)
    (tmp_path / "counts.csv").write_text(f"practice_code,indicator_code,measure,value\n{counts}", encoding="utf-8")
    run = remit.run(local(items, HEADS, networks), tmp_path / "practices.csv", tmp_path / "counts.csv")
    shown = [(p.whose, p.reaches, p.patients, p.pence) for p in ahead(statement(run, "N1"))]
    assert shown == [("IT", "above 40%", 1, 2000), ("IT", "from 90%", 100, 200000)]
    assert ahead(statement(run, "A1")) == []


def test_a_run_that_leaves_the_gate_out_names_it_all_the_same(tmp_path: Path) -> None:
    made("a table that the gate chooses", tmp_path)
    items = CASES["a table that the gate chooses"][0]
    scheme = local("\n".join(["items:", *(f"  - {item}" for item in items)]), HEADS, terms=TERMS)
    run = remit.run(scheme, tmp_path / "practices.csv", tmp_path / "counts.csv", only_indicators=["S"])
    found = statement(run, "A1")
    assert [(p.whose, p.patients, p.pence) for p in ahead(found)] == [("IT", 2, 48000)]
    assert "IT It" in " ".join(as_text(found).split())
