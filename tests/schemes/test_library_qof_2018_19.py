"""QOF England 2018-19 in the library, against figures typed here by hand."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction

import pytest

from remit.scheme import Scheme, load_scheme
from remit.scheme.kinds import Boolean, Linear
from remit.scheme.numbers import Number, numbers

# Code, points, lower and upper threshold in per cent; B is all or nothing.
# LD003 and CVD-PP001 are older spellings.
LINES = """
AF001 5 B | AF006 12 40-90 | AF007 12 40-70
CHD001 4 B | CHD002 17 53-93 | CHD005 7 56-96 | CHD007 7 56-96
HF001 4 B | HF002 6 50-90 | HF003 10 60-100 | HF004 9 40-65
HYP001 6 B | HYP006 20 45-80 | PAD001 2 B | PAD002 2 40-90 | PAD004 2 40-90
STIA001 2 B | STIA003 5 40-75 | STIA007 4 57-97 | STIA008 2 45-80 | STIA009 2 55-95
DM017 6 B | DM002 8 53-93 | DM003 10 38-78 | DM004 6 40-75 | DM006 3 57-97
DM007 17 35-75 | DM008 8 43-83 | DM009 10 52-92 | DM012 4 50-90 | DM014 11 40-90 | DM018 3 55-95
AST001 4 B | AST002 15 45-80 | AST003 20 45-70 | AST004 6 45-80
COPD001 3 B | COPD002 5 45-80 | COPD003 9 50-90 | COPD004 7 40-75 | COPD005 5 40-90 | COPD007 6 57-97
DEM001 5 B | DEM004 39 35-70 | DEM005 6 45-80 | DEP003 10 45-80
MH001 4 B | MH002 6 40-90 | MH003 4 50-90 | MH007 4 50-90 | MH008 5 45-80 | MH009 1 50-90 | MH010 2 50-90
CAN001 5 B | CAN003 6 50-90 | CKD005 6 B | EP001 1 B | LD003 4 B
OST004 3 B | OST002 3 30-60 | OST005 3 30-60 | RA001 1 B | RA002 5 40-90 | PC001 3 B | PC002 3 B
CVD-PP001 10 40-90 | BP002 15 50-90 | OB002 8 B
SMOK002 25 50-90 | SMOK003 2 B | SMOK004 12 40-90 | SMOK005 25 56-96
CS001 7 B | CS002 11 45-80 | CS004 2 B | CON001 4 B | CON003 3 50-90
"""
TYPED = {code: (int(points), line) for code, points, line in re.findall(r"([A-Z-]+\d{3}) (\d+) (B|\d+-\d+)", LINES)}
DECLARED = {"PC002", "SMOK003", "CS001", "CS004"}


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return load_scheme("qof-england-2018-19")


@pytest.fixture(scope="module")
def every(scheme: Scheme) -> list[Number]:
    return list(numbers(scheme))


def current(code: str) -> str:
    return {"LD003": "LD004", "CVD-PP001": "CVDPP001"}.get(code, code)


def test_it_has_77_items_and_559_points(scheme: Scheme) -> None:
    assert len(TYPED) == len(scheme.items) == 77
    assert scheme.points_available() == sum(points for points, _ in TYPED.values()) == 559


@pytest.mark.parametrize(
    ("domain", "items", "points"),
    [("clinical", 65, 435), ("public_health", 7, 97), ("additional_services", 5, 27)],
)
def test_a_domain_has_its_published_items_and_points(scheme: Scheme, domain: str, items: int, points: int) -> None:
    inside = [item for item in scheme.items if item.domain == domain]
    assert len(inside) == items
    assert sum(item.kind.most_earned() or 0 for item in inside) == points


def test_every_code_has_its_points_and_thresholds(scheme: Scheme) -> None:
    found = {}
    for item in scheme.items:
        kind = item.kind
        assert isinstance(kind, Boolean | Linear)
        line = "B"
        if isinstance(kind, Linear):
            line = f"{kind.lower.known() * 100}-{kind.upper.known() * 100}"
        found[item.item] = (kind.amount.known(), line)
    assert found == {current(code): line for code, line in TYPED.items()}


def test_older_spellings_are_kept(scheme: Scheme) -> None:
    assert scheme.indicator("LD004").spellings == ("LD003",)
    assert scheme.indicator("CVDPP001").spellings == ("CVD-PP001",)
    assert scheme.group("CVDPP").spellings == ("CVD-PP",)


def test_twenty_registers_are_worth_80_points(scheme: Scheme) -> None:
    registers = [item for item in scheme.items if item.measure == "register"]
    assert {scheme.indicator(item.item).type for item in registers} == {"register"}
    assert len(registers) == 20
    # AF 5, CHD 4, HF 4, HYP 6, PAD 2, STIA 2, DM 6, AST 4, COPD 3, DEM 5, MH 4, CAN 5, CKD 6, EP 1, LD 4,
    # OST 3, RA 1 and PC 3 make 68 clinical points; OB 8 and CON 4 make 80.
    assert sum(item.kind.most_earned() or 0 for item in registers) == 80


def test_what_is_declared(scheme: Scheme) -> None:
    assert {item.item for item in scheme.items if item.measure == "declared"} == DECLARED
    assert {i.indicator for i in scheme.indicators if i.type == "declared"} == DECLARED


def test_how_each_kind_is_measured(scheme: Scheme) -> None:
    measures = Counter((item.kind.name, item.measure) for item in scheme.items)
    assert measures == {
        ("linear", "achievement"): 53,
        ("boolean", "register"): 20,
        ("boolean", "declared"): 4,
    }


@pytest.mark.parametrize("bound", ["linear lower", "linear upper"])
def test_every_threshold_says_where_it_comes_from(every: list[Number], bound: str) -> None:
    found = Counter((n.source, n.standing) for n in every if n.name == bound)
    assert found == {
        ("memory", "unverified"): 34,
        ("ninam-q-2025-26", "unverified"): 11,
        ("pulse-2013-14", "inferred"): 7,
        ("drc-bmj-table-1", "verified"): 1,
    }


def test_both_thresholds_of_an_item_have_one_source(every: list[Number]) -> None:
    marks: dict[str, set[str]] = {}
    for number in every:
        if number.name in ("linear lower", "linear upper"):
            marks.setdefault(number.item, set()).add(number.source)
    assert {item for item, sources in marks.items() if len(sources) > 1} == set()
    assert marks["DM004"] == {"drc-bmj-table-1"}
    pulse = {item for item, sources in marks.items() if sources == {"pulse-2013-14"}}
    assert pulse == {"DM002", "DM003", "DM006", "DM007", "DM008", "DM009", "DM018"}


def test_every_number_of_an_item_has_its_own_mark(scheme: Scheme) -> None:
    for item in scheme.items:
        kind = item.kind
        assert isinstance(kind, Boolean | Linear)
        given = [kind.amount, kind.lower, kind.upper] if isinstance(kind, Linear) else [kind.amount]
        assert [quantity.source in scheme.sources for quantity in given] == [True] * len(given), item.item


def test_points_are_the_published_ones_but_for_a_misprint(every: list[Number]) -> None:
    points = [n for n in every if n.item and n.name.endswith("points")]
    assert Counter(n.standing for n in points) == {"verified": 76, "inferred": 1}
    assert [n.item for n in points if n.standing != "verified"] == ["CAN003"]


def test_the_value_of_a_point_per_patient_is_the_frozen_one(scheme: Scheme) -> None:
    assert scheme.point is not None
    assert scheme.weights.list is not None
    value, average = scheme.point.value.known(), scheme.weights.list.over.known()
    assert (value, average) == (Fraction("179.26"), 8096)
    assert round(value / average, 6) == Fraction("0.022142")
    assert 559 * value == Fraction("100206.34")
    assert str(scheme.weights.list.over_at) == "2018-01-01"
    assert str(scheme.weights.list.list.at) == "2019-01-01"


def test_which_items_take_which_weights(scheme: Scheme) -> None:
    assert all("list" in item.weights for item in scheme.items)
    target = {item.item for item in scheme.items if "target_population" in item.weights}
    assert target == {"CS001", "CS002", "CS004", "CON001", "CON003"}
    bare = {item.item for item in scheme.items if item.weights == ("list",)}
    assert bare == {"PC001", "PC002", "BP002", "SMOK003", "SMOK004"}


def test_the_lists_of_the_groups_are_those_of_the_publication(scheme: Scheme) -> None:
    limited = {group.group: group.list for group in scheme.groups if group.list != "whole"}
    assert limited == {
        "CKD": "aged 18 and over",
        "DEP": "aged 18 and over",
        "EP": "aged 18 and over",
        "OB": "aged 18 and over",
        "DM": "aged 17 and over",
        "OST": "aged 50 and over",
        "RA": "aged 16 and over",
        "CVDPP": "aged 30 to 74",
        "BP": "aged 45 and over",
        "SMOK": "aged 15 and over",
    }
    whole = "AF AST CAN CHD CON COPD CS DEM HF HYP LD MH PAD PC STIA"
    assert " ".join(sorted({group.group for group in scheme.groups} - set(limited))) == whole


def test_targets_for_results_are_intermediate_outcomes(scheme: Scheme) -> None:
    results = {i.indicator for i in scheme.indicators if i.type == "intermediate outcome"}
    pressure = {"CHD002", "HYP006", "PAD002", "STIA003", "DM002", "DM003"}
    assert results == pressure | {"DM004", "DM007", "DM008", "DM009", "MH010"}


def test_an_item_is_called_as_its_indicator(scheme: Scheme) -> None:
    assert {item.item: item.title for item in scheme.items} == {i.indicator: i.title for i in scheme.indicators}


def test_what_the_sources_do_not_give_is_asked_for(scheme: Scheme) -> None:
    assert scheme.terms.recovery.months.required
    open_ones = {name for name, parameter in scheme.parameters.items() if parameter.default is None}
    assert open_ones == {"notified", "joiners", "leavers", "mergers"}
    assert scheme.parameters["prevalence_list"].standing == "unverified"
    assert scheme.terms.paid_in_advance is not None
    assert scheme.terms.advances[0].share.known() == Fraction(7, 10)
    assert scheme.terms.advances[0].previous_point_value is not None
    assert scheme.terms.advances[0].previous_point_value.known() == Fraction("171.2")


def test_exceptions_are_the_nine_of_the_year(scheme: Scheme) -> None:
    words = scheme.obligations["exception_reporting"]
    assert "three invitations in 12 months" in " ".join(words.split())
    assert [letter for letter in "ABCDEFGHI" if f"{letter}, " not in words] == []


@pytest.mark.parametrize(("code", "group", "whose"), [("PC001", "PC", "whole"), ("CKD005", "CKD", "aged 18 and over")])
def test_qif_2024_25_uses_these_registers(code: str, group: str, whose: str) -> None:
    qif = load_scheme("qif-2024-25")
    assert qif.indicator(code).source == "qof-list-2019-20"
    assert qif.indicator(code).group == group
    assert qif.list_of(qif.indicator(code)) == whose
    assert qif.group("HYP").list == "whole"
