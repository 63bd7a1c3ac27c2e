"""The kind: keys of a contract that meet in one scheme. Each line is a pair of sentences, and the pounds are worked out
by hand from both."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.spec.language import HEAD, SOURCE
from tests.spec.run import COUNTS, TERMS, lines, local, paid

import remit
from remit.core.problems import Refused
from remit.documents.statement.formats import as_text
from remit.documents.statement.making import statement
from remit.scheme.lint import lint
from remit.scheme.loader import build
from remit.scheme.source import parse_source

BLOCK = "pays: {fixed: {pays: £6000, for: it, declared: not asked}}"
A_AND_B = "limits: [{items: [A, B], at_most: £6000}]"
VETOED = "assent: unless vetoed, veto_by: 2025-02-28}"


@pytest.mark.parametrize(
    "clause", ["at_least: £50", "at_most: £9000", "reduced: {to: 50%, when: {column: x, above: 0}}"]
)
@pytest.mark.parametrize("pays", [BLOCK, "pays: {activity: {tariff: £10, each: visit}}"])
def test_no_clause_pays_whom_nothing_is_due_to_for_the_year(clause: str, pays: str) -> None:
    """It joined on the last day, which is no whole month: nothing is due, and no clause makes more of nothing."""
    scheme = local(f"items:\n  - {{item: A, title: A, {clause}, {pays}}}")
    practices = "practice_code,practice_name,list_size,joined,x\nA1,One,6000,2025-03-31,1\n"
    assert paid(scheme, "A1 A ACTIVITY 8", "pounds", practices=practices) == [("0.00",)]


@pytest.mark.parametrize(
    ("earned_by", "whom", "parts"),
    [
        ("network", "paid_to: network, ", ["3600.00", "2400.00"]),  # 6,000 by lists of 6,000 and 4,000
        ("practice", "paid_to: network, ", ["7200.00", "4800.00"]),  # each earns 6,000
    ],
)
def test_a_vetoed_item_takes_nothing_of_a_limit(earned_by: str, whom: str, parts: list[str]) -> None:
    """£6,000 each, and £6,000 for both at most: where one is vetoed, the other is paid whole."""
    networks = f"networks: {{earned_by: {earned_by}, distribution: list, {VETOED}"
    own = "{item: C, title: C, pays: {fixed: {pays: £1, for: it, declared: not asked}}}"
    items = "".join(f"  - {{item: {code}, title: {code}, {whom}{BLOCK}}}\n" for code in "AB")
    scheme = local(f"items:\n{items}  - {own}", networks, A_AND_B)
    found = paid(scheme, "A1 B VETO 1 2025-02-14", "practice_code", "indicator_code", "pounds")
    assert [row[2] for row in found if row[1] == "A" and row[0]] == parts
    assert {row[2] for row in found if row[1] == "B"} == {"0.00"}


def test_without_the_day_of_a_veto_what_shares_its_limit_waits() -> None:
    """6,000 whole if the veto counts, 3,000 if it does not: no amount is final until its day is given."""
    networks = f"networks: {{earned_by: network, distribution: list, {VETOED}"
    items = "items:\n" + "".join(f"  - {{item: {code}, title: {code}, {BLOCK}}}\n" for code in "AB")
    found = paid(local(items, networks, A_AND_B), "A1 B VETO 1", "practice_code", "status", table="payment.csv")
    assert {status for _, status in found} == {"provisional"}


@pytest.mark.parametrize(
    ("due", "parts"),
    [
        # 70% of 60p x 6,000 is 2,520 in six, of which three fell before 20 December
        ("instalments: 6, due: last day of each month, first: 2024-10-31", ["1260.00", "420.00", "420.00", "420.00"]),
        ("due: [2024-10-15, 2024-11-15, 2025-02-28]", ["2520.00"]),
    ],
)
def test_what_one_advance_missed_until_it_was_agreed_is_paid(due: str, parts: list[str]) -> None:
    terms = f"""
terms:
  paid_in_advance: {{share: 70%, of: award for full achievement, {due}}}
  balance: {{due: 2025-07-31}}
  recovery: {{months: 2, first: 2025-08-31}}
  changes: {{joiner: days, leaver: days, merger: successor}}
"""
    term = "term: {from: 2024-10-01, to: 2025-03-31, agreed: 2024-12-20}"
    heads = "heads: {column: list_size, called: list, at: 2024-10-01}"
    steps = "pays: {steps: {most: 60p, steps: [from 50% pays 60p]}}"
    scheme = local(
        f"items:\n  - {{item: A, indicator: CHD005, measure: achievement, {steps}}}", term, heads, terms=terms
    )
    practices = "practice_code,practice_name,list_size\nA1,One,6000\n"
    counts = "A1 A NUMERATOR 6\nA1 A DENOMINATOR 10"
    found = paid(scheme, counts, "kind", "pounds", table="schedule.csv", practices=practices)
    assert [pounds for kind, pounds in found if kind == "instalment"] == parts
    assert [pounds for kind, pounds in found if kind == "balance"] == ["1080.00"]  # 3,600 less 2,520


HEADER = "practice_code,practice_name,network_code,list_size,weighted_list_size,left,successor_code,provisional\n"
LINE = """
items:
  - {item: A, indicator: CHD005, measure: achievement, pays: {linear: {points: 10, lower: 40%, upper: 90%}}}
"""
SMALL = (
    "small_numbers: {fewer_than: 10, paid_at: average of the area, average: all patients together, of: all practices}"
)
BUDGET = "scaled_to: {budget: £1000, items: all, when: over, rounding: each part half up}"
RATES = (("A1", 6, 9), ("A2", 60, 90), ("A3", 50, 80))
THREE = "\n".join(f"{code} A NUMERATOR {top}\n{code} A DENOMINATOR {of}" for code, top, of in RATES)
LATE = {
    "its row": ("A1,One,N1,100,100,,,\nA2,Two,N1,100,100,,,counts late\nA3,Three,N1,100,100,,,\n", ""),
    "its counts": ("A1,One,N1,100,100,,,\nA2,Two,N1,100,100,,,\nA3,Three,N1,100,100,,,\n", "\nA2 * PROVISIONAL 1"),
    "one that merged into it": (
        "A1,One,N1,100,100,,,\nA2,Two,N1,200,200,,,\nA3,Three,N1,100,100,,,\nA4,Four,N1,100,100,2024-09-30,A2,late\n",
        "\nA4 A NUMERATOR 1\nA4 A DENOMINATOR 2",
    ),
}


@pytest.mark.parametrize("late", list(LATE))
@pytest.mark.parametrize(("rule", "others"), [(SMALL, {"A1": "provisional", "A3": "final"}), (BUDGET, {})])
def test_what_rests_on_provisional_figures_of_another_is_not_final(
    rule: str, others: dict[str, str], late: str
) -> None:
    """A1 has 9 patients and is paid at the average with A2's in it; A3 has 80, and a budget is of all three."""
    practices, more = LATE[late]
    found = paid(
        local(LINE, rule), THREE + more, "practice_code", "status", table="payment.csv", practices=HEADER + practices
    )
    wanted = {"A1": "provisional", "A2": "provisional", "A3": "provisional"} | others
    assert {code: status for code, status in found if code in wanted} == wanted


@pytest.mark.parametrize("late", ["its row", "its counts"])
@pytest.mark.parametrize("earned_by", ["network", "practice"])
def test_a_network_is_not_final_while_a_members_figures_are_provisional(earned_by: str, late: str) -> None:
    networks = f"networks: {{earned_by: {earned_by}, distribution: list, assent: none}}"
    practices, more = LATE[late]
    found = paid(local(LINE, networks), THREE + more, "status", table="payment.csv", practices=HEADER + practices)
    assert set(found) == {("provisional",)}


def test_an_average_is_shown_in_place_of_a_numerator_that_is_missing(tmp_path: Path) -> None:
    """With 9 to be counted it is paid at A2's 66.67% whatever its own numerator, which nobody needs to know."""
    scheme = local(LINE, SMALL.replace("all practices}", "practices that are not small}"))
    (tmp_path / "practices.csv").write_text(
        "practice_code,practice_name,list_size\nA1,One,100\nA2,Two,100\n", encoding="utf-8"
    )
    counts = "A1 A DENOMINATOR 9\nA2 A NUMERATOR 60\nA2 A DENOMINATOR 90"
    (tmp_path / "counts.csv").write_text(COUNTS + lines(counts, 5), encoding="utf-8")
    run = remit.run(scheme, tmp_path / "practices.csv", tmp_path / "counts.csv")
    assert run.practice("A1").pence == 106667  # 10 points x £200 x (2/3 - 4/10) / (5/10)
    assert "? of 9" in as_text(statement(run, "A1"))


def _items(a: str = "", b: str = "") -> str:
    fixed = "pays: {fixed: {pays: £100, for: it, declared: not asked}}"
    said = (("A", a), ("B", b), ("C", ""))
    return "items:\n" + "\n".join(f"  - {{item: {code}, title: {code}, {more}{fixed}}}" for code, more in said)


def _limits(limits: str) -> list[str]:
    return [f"limits: {limits}"] if limits else []


@pytest.mark.parametrize(
    ("items", "limits", "expected"),
    [
        (_items(), "[{items: all, at_most: £0}]", "all items together: at most £0: they never pay anything."),
        (_items("at_most: £0, "), "", "A is paid at most £0: it never pays anything."),
        (_items("at_least: £101, "), "", "A is paid at least £101, and in full it earns £100.00."),
        (_items("at_least: £90, "), "[{items: [A, B], at_most: £80}]", "A alone is paid at least £90.00"),
        (
            _items(),
            "[{items: [A, B], at_most: £8}, {items: [B, A], at_most: £9}]",
            "items B and A have a limit already",
        ),
        (
            _items(),
            "[{items: [A, B], at_least: £9}, {items: all, at_most: £8}]",
            "at least £9 where anything is earned",
        ),
        (
            "items: [{item: A, title: A, pays: {activity: "
            "{tiers: [£12 for the first 5, £9 after], most_per_year: 5}}}]",
            "",
            "A is paid for at most 5 in the year: nobody reaches '£9 after'.",
        ),
    ],
)
def test_limits_that_leave_nothing_of_another_key_are_asked_about(items: str, limits: str, expected: str) -> None:
    text = "\n".join([HEAD, SOURCE, "point: {value: £200}", TERMS, items, *_limits(limits)])
    source = parse_source(text, "a-scheme.yaml")
    [found] = [one for one in lint(build(source), source) if one.code == "lint.limits-at-odds"]
    assert expected in found.message
    assert found.place is not None
    assert found.place.line


@pytest.mark.parametrize("limits", ["", "[{items: [A, B], at_most: £80}, {items: all, at_most: £90, at_least: £10}]"])
def test_limits_that_go_together_are_not(limits: str) -> None:
    text = "\n".join([HEAD, SOURCE, "point: {value: £200}", TERMS, _items("at_least: £20, "), *_limits(limits)])
    source = parse_source(text, "a-scheme.yaml")
    assert [one for one in lint(build(source), source) if one.code == "lint.limits-at-odds"] == []


@pytest.mark.parametrize(
    ("named", "expected"), [("[a-scheme]", "a-scheme is this scheme itself"), ("[b, c, b]", "b is listed twice")]
)
def test_a_scheme_goes_with_others_each_once(named: str, expected: str) -> None:
    with pytest.raises(Refused) as caught:
        local(_items(), f"only_with: {named}")
    [problem] = caught.value.problems
    assert expected in problem.message
    assert problem.place is not None
