"""A change over the practice's own baseline, and a target of its own with a ceiling: by hand, and by the sentence."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume
from hypothesis import given as forall
from hypothesis import strategies as st
from tests.figures import brought
from tests.profiles import examples
from tests.sentences.own_baseline import on_a_line_of_change, own_rate, own_target
from tests.spec.run import COUNTS as COLUMNS
from tests.spec.run import lines, local, paid

import remit
from remit.core.problems import Refused
from remit.runs.overview import in_full
from remit.scheme.boundaries import boundaries
from remit.scheme.comparison import compare
from remit.scheme.kinds import Calculation, ChangeOver, OwnTarget
from remit.scheme.schema import schema
from remit.scheme.supply import open_inputs, supply

Counts = tuple[int, int]
SAID: dict[str, Any] = {
    "years": ["2024-25"],
    "baseline": "mean of the rates",
    "pcas": "left out",
    "without": "pays nothing",
    "missing_year": "no baseline",
    "nobody": "no baseline",
    "merged": "counts added",
}


def change_over(**said: Any) -> ChangeOver:
    amount = {} if {"per_head", "pounds"} & said.keys() else {"points": "8"}
    return ChangeOver.model_validate({**amount, "lower": "2 points", "upper": "10 points", **SAID, **said})


def target(**said: Any) -> OwnTarget:
    return OwnTarget.model_validate({"pounds": "£500", "rises_by": "10 points", **SAID, **said})


def priced(how: ChangeOver | OwnTarget, this: Counts, *years: Counts | None, **more: Any) -> Calculation:
    figures: dict[tuple[str, str, str], Fraction] = {}
    for year, counts in zip(("2024-25", "2025-26"), years, strict=False):
        if counts is not None:
            figures["", "NUMERATOR", year] = Fraction(counts[0])
            figures["", "DENOMINATOR", year] = Fraction(counts[1])
    if "own" in more:
        figures["", "OWN_TARGET", ""] = Fraction(more.pop("own"))
    rate = Fraction(*this) if this[1] else None
    return how.calculate(brought("APP", "2026-27", figures, rate, *this, this[1] == 0, **more))


RUNGS = [{"from": "2 points", "pays": "3"}, {"from": "5 points", "pays": "8"}]
CHANGES: dict[str, tuple[dict[str, Any], Counts, Counts | None, str]] = {
    # case: the keys, this year, the baseline, what is earned: 8 points from 2 to 10 percentage points, one for each
    "5 up is 3 beyond 2": ({}, (55, 100), (50, 100), "3"),
    "exactly 2 up": ({}, (52, 100), (50, 100), "0"),
    "exactly 10 up": ({}, (60, 100), (50, 100), "8"),
    "more than 10 up": ({}, (90, 100), (50, 100), "8"),
    "no change": ({}, (50, 100), (50, 100), "0"),
    "a fall earns nothing": ({}, (40, 100), (50, 100), "0"),
    "a fall of 5 where lower is better": ({"better": "lower"}, (45, 100), (50, 100), "3"),
    "a rise where lower is better": ({"better": "lower"}, (55, 100), (50, 100), "0"),
    "10% of what it was, on a line from 5% to 20%": (
        {"relative": True, "lower": "5%", "upper": "20%"}, (55, 100), (50, 100), "8/3"),
    "a fall of 10% of what it was": (
        {"relative": True, "lower": "5%", "upper": "20%", "better": "lower"}, (45, 100), (50, 100), "8/3"),
    "relative to a rate of 0% there is no change": (
        {"relative": True, "lower": "5%", "upper": "20%"}, (55, 100), (0, 100), "0"),
    "pence a head": ({"per_head": "80p"}, (55, 100), (50, 100), "3/10"),
    "pounds": ({"pounds": "£8,000"}, (55, 100), (50, 100), "3000"),
    "steps: exactly 2 up": ({"steps": RUNGS, "lower": None, "upper": None}, (52, 100), (50, 100), "3"),
    "steps: a hair less than 5 up": (
        {"steps": RUNGS, "lower": None, "upper": None}, (5499, 10000), (50, 100), "3"),
    "steps: 5 up": ({"steps": RUNGS, "lower": None, "upper": None}, (55, 100), (50, 100), "8"),
    "steps: less than 2 up": ({"steps": RUNGS, "lower": None, "upper": None}, (51, 100), (50, 100), "0"),
    "steps: a fall of 2": (
        {"steps": RUNGS, "lower": None, "upper": None, "better": "lower"}, (48, 100), (50, 100), "3"),
    "no baseline": ({}, (55, 100), None, "0"),
    "nobody in the baseline": ({}, (55, 100), (0, 0), "0"),
    "nobody this year": ({}, (0, 0), (50, 100), "0"),
}  # fmt: skip


@pytest.mark.parametrize("case", CHANGES)
def test_a_change_by_hand(case: str) -> None:
    said, this, then, earned = CHANGES[case]
    found = priced(change_over(**said), this, then)
    assert found.earned == Fraction(earned), found.reason
    assert found.met == (found.earned > 0)


UP = "50 / 100 + 10 percentage points = 60%"
TARGETS: dict[str, tuple[dict[str, Any], Counts, Counts | None, dict[str, Any], str, str]] = {
    # case: the keys, this year, the baseline, an agreed target, the pounds, the line that says how the target came
    "10 points up is reached": ({}, (60, 100), (50, 100), {}, "500", UP),
    "10 points up is missed by a patient": ({}, (599, 1000), (50, 100), {}, "0", UP),
    "10% more of what it was": (
        {"rises_by": "10%", "relative": True}, (55, 100), (50, 100), {}, "500", "(50 / 100) × 110% = 55%"),
    "at the ceiling it still has to rise": (
        {"above": "75%", "then": "its own rate"}, (84, 100), (75, 100), {}, "0",
        "75 / 100 + 10 percentage points = 85%"),
    "above the ceiling its own rate is enough": (
        {"above": "75%", "then": "its own rate"}, (76, 100), (76, 100), {}, "500",
        "76% is above 75%: its own rate again = 76%"),
    "above the ceiling and a fall": (
        {"above": "75%", "then": "its own rate"}, (75, 100), (76, 100), {}, "0",
        "76% is above 75%: its own rate again = 76%"),
    "above the ceiling with a target that was agreed": (
        {"above": "75%", "then": "own target"}, (80, 100), (76, 100), {"own": "79.5"}, "500",
        "as agreed with the practice = 79.5%"),
    "without a baseline, with a target that was agreed": (
        {"without": "own target"}, (80, 100), None, {"own": "80"}, "500", "as agreed with the practice = 80%"),
    "a target that nobody can reach": ({}, (100, 100), (95, 100), {}, "0", "95 / 100 + 10 percentage points = 105%"),
    "a tenth more of nothing is no target": ({"rises_by": "10%", "relative": True}, (5, 100), (0, 100), {}, "0", ""),
    "half of the year": ({}, (60, 100), (50, 100), {"share": Fraction(1, 2)}, "250", UP),
    "no baseline": ({}, (60, 100), None, {}, "0", ""),
    "nobody this year": ({}, (0, 0), (50, 100), {}, "0", ""),
}  # fmt: skip


@pytest.mark.parametrize("case", TARGETS)
def test_a_target_by_hand(case: str) -> None:
    said, this, then, more, pounds, line = TARGETS[case]
    found = priced(target(**said), this, then, **more)
    assert found.earned == Fraction(pounds), found.reason
    assert [str(one) for one in found.lines if one.label == "Target" and "nobody" not in one.working] == [line] * bool(
        line
    )


@pytest.mark.parametrize(
    ("how", "then", "reason"),
    [
        (change_over(without="required"), None,
         "There is no baseline (APP has no counts of 2024-25): supply NUMERATOR and DENOMINATOR of its years, or say "
         "what holds without one (APP.without)."),
        (change_over(without="supply the counts"), None,
         "There is no baseline (APP has no counts of 2024-25): supply NUMERATOR and DENOMINATOR of its years."),
        (target(above="75%", then="own target"), (80, 100),
         "Supply OWN_TARGET for APP (its own target as agreed, in per cent)."),
        (target(without="own target"), None, "Supply OWN_TARGET for APP (its own target as agreed, in per cent)."),
        (target(without="required"), (0, 0),
         "There is no baseline (nobody was in the denominator of APP in 2024-25): supply NUMERATOR and DENOMINATOR of "
         "its years, or say what holds without one (APP.without)."),
    ],
)  # fmt: skip
def test_what_is_open_is_asked_for(how: ChangeOver | OwnTarget, then: Counts | None, reason: str) -> None:
    found = priced(how, (60, 100), then)
    assert (found.earned, found.reason) == (None, reason)


def test_the_working_of_a_change() -> None:
    found = priced(change_over(per_head="80p", relative=True, lower="5%", upper="20%"), (55, 100), (50, 100))
    assert [(line.label, str(line)) for line in found.lines] == [
        ("Baseline, 2024-25", "50 / 100 = 50%"),
        ("Change", "(55 / 100 − 50 / 100) / (50 / 100) = 10%"),
        ("Per head", "(10 − 5) / (20 − 5) × 80p = £0.266667 a head"),
    ]


counts = st.integers(1, 300).flatmap(lambda below: st.tuples(st.integers(0, below), st.just(below)))
cuts = st.lists(st.integers(0, 100), min_size=2, max_size=2, unique=True).map(sorted)


@forall(counts, st.lists(counts, min_size=1, max_size=2), cuts, st.booleans(), st.booleans(), st.booleans())
@examples(2)
def test_a_change_is_as_the_sentence_says(
    this: Counts, years: list[Counts], cut: list[int], falls: bool, relative: bool, together: bool
) -> None:
    assume(not relative or own_rate(years, together) > 0)
    unit = "%" if relative else " points"
    how = change_over(
        years=["2024-25", "2025-26"][: len(years)], relative=relative, better="lower" if falls else "higher",
        lower=f"{cut[0]}{unit}", upper=f"{cut[1]}{unit}",
        baseline="counts together" if together else "mean of the rates",
    )  # fmt: skip
    edges = Fraction(cut[0], 100), Fraction(cut[1], 100)
    expected = on_a_line_of_change(this, years, Fraction(8), edges, falls, relative, together)
    assert priced(how, this, *years).earned == expected


@forall(counts, counts, st.integers(0, 60), st.booleans(), st.none() | st.integers(0, 100))
@examples(2)
def test_a_target_is_as_the_sentence_says(
    this: Counts, then: Counts, rise: int, relative: bool, ceiling: int | None
) -> None:
    assume(not relative or then[0] > 0)  # a share more of nothing is no target
    above = {} if ceiling is None else {"above": f"{ceiling}%", "then": "its own rate"}
    how = target(rises_by=f"{rise}{'%' if relative else ' points'}", relative=relative, **above)
    limit = None if ceiling is None else Fraction(ceiling, 100)
    reached = Fraction(*this) >= own_target(Fraction(*then), Fraction(rise, 100), relative, limit)
    assert priced(how, this, then).earned == (500 if reached else 0)


ITEM = "items: [{item: APP, title: The NHS App, indicator: CHD005, measure: achievement, pays: PAYS}]"
CASE = "years: [2023-24], pcas: left out, without: pays nothing, nobody: no baseline, merged: counts added"
LINE = "{change_over: {per_head: 80p, lower: 2 points, upper: 10 points, " + CASE + "}}"
OWN = "{own_target: {pounds: £500, rises_by: 10%, relative: true, above: 75%, then: its own rate, " + CASE + "}}"
HEADS = "heads: {column: list_size, called: list, at: 2024-04-01}"
COUNTS = """
    A1 APP NUMERATOR    55
    A1 APP DENOMINATOR 100
    A1 APP NUMERATOR    50 2023-24
    A1 APP DENOMINATOR 100 2023-24
"""


def test_a_run_pays_a_change_by_the_head_and_a_target_in_pounds() -> None:
    """80p × 3/8 = 30p a head; 55% is 110% of 50%."""
    line = local(ITEM.replace("PAYS", LINE), HEADS)
    practices = "practice_code,practice_name,list_size\nA1,One,6000\n"
    assert paid(line, COUNTS, "pounds", practices=practices) == [("1800.00",)]
    assert paid(local(ITEM.replace("PAYS", OWN)), COUNTS, "pounds", practices=practices) == [("500.00",)]


def test_every_rule_that_changes_is_in_a_comparison() -> None:
    one = local(ITEM.replace("PAYS", OWN))
    two = local(ITEM.replace("PAYS", OWN.replace("10%", "12%").replace("pays nothing", "supply the counts")))
    [item] = compare(one, two).changed
    assert [(part.name, part.before, part.after) for part in item.changes] == [
        ("rises by", "10%", "12%"), ("without", "pays nothing", "supply the counts"),
    ]  # fmt: skip


@pytest.mark.parametrize(("pays", "possible"), [(LINE, "4800.00"), (OWN, "500.00")])
def test_an_overview_knows_what_full_achievement_would_pay(pays: str, possible: str, tmp_path: Path) -> None:
    """100% is 50 up: all of 80p for 6,000 people, and above a target of 55%."""
    (tmp_path / "p.csv").write_text("practice_code,practice_name,list_size\nA1,One,6000\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text(COLUMNS + lines(COUNTS, 5), encoding="utf-8")
    run = remit.run(local(ITEM.replace("PAYS", pays), HEADS), tmp_path / "p.csv", tmp_path / "c.csv")
    plan, standing = run.plans["a-scheme"], run.standings.of("A1")
    assert in_full(plan, standing)["APP"].pence == int(possible.replace(".", ""))


def test_boundaries_of_a_change() -> None:
    [found] = boundaries(local(ITEM.replace("PAYS", LINE), HEADS))
    assert [edge.of_change for edge in found.tables[0].boundaries] == [" points", " points"]
    assert [edge.at.earned for edge in found.tables[0].boundaries] == [0, Fraction(8, 10)]


def test_open_rules_are_supplied_by_name() -> None:
    text = OWN.replace("[2023-24]", "required").replace("its own rate", "required").replace("10%", "required")
    scheme = local(ITEM.replace("PAYS", text))
    names = [one.name for one in open_inputs(scheme) if one.name.startswith("APP")]
    assert names == ["APP.years", "APP.baseline", "APP.missing_year", "APP.rises_by", "APP.then"]
    given = supply(scheme, {"APP.years": "2023-24", "APP.rises_by": "10%", "APP.then": "its own rate"})
    assert paid(given, COUNTS, "pounds")[0] == ("500.00",)


BAD = {
    "lower above upper": (LINE, "upper: 10 points", "upper: 1 points", "the upper change 1 points is not above"),
    "per cent of what?": (LINE, "lower: 2 points", "lower: 2%", "write '5 points' for percentage points"),
    "points that are relative": (OWN, "rises_by: 10%", "rises_by: 10 points", "write per cent of the baseline"),
    "a ceiling without its rule": (OWN, "then: its own rate, ", "", "'above' and 'then' go together"),
    "two amounts": (OWN, "pounds: £500", "pounds: £500, points: 5", "give exactly one of"),
    "a line and steps": (LINE, "lower: 2 points", "steps: [{from: 2 points, pays: 80p}]", "give either 'lower'"),
    "steps out of order": (
        LINE,
        "lower: 2 points, upper: 10 points",
        "steps: [{from: 5 points, pays: 10p}, {from: 2 points, pays: 80p}]",
        "does not ask and pay more than that from 5 points",
    ),
    "the highest step is not the whole": (
        LINE,
        "lower: 2 points, upper: 10 points",
        "steps: [{from: 5 points, pays: 10p}]",
        "the highest step pays 10p, and the whole amount is 80p a head",
    ),
    "steps in points of an item in pence": (
        LINE,
        "lower: 2 points, upper: 10 points",
        "steps: [{from: 5 points, pays: 10}]",
        "is not in the unit of the whole amount",
    ),
    "the scheme's own year": (LINE, "[2023-24]", "[2024-25]", "the baseline's year 2024-25 is not before"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_values_are_refused_at_their_line(case: str) -> None:
    text, before, after, words = BAD[case]
    assert before in text
    with pytest.raises(Refused) as caught:
        local(ITEM.replace("PAYS", text.replace(before, after)), HEADS)
    assert words in caught.value.problems[0].message
    assert caught.value.problems[0].place is not None


def test_an_editor_knows_the_unit_of_a_change() -> None:
    assert "Difference" in schema("scheme")["$defs"]
