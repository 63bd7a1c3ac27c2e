"""What a practice gets around each bound. The figures are read off the QIF 2024/25 document by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.spec.run import local

from remit.core import exact
from remit.scheme import load_scheme
from remit.scheme.boundaries import Boundary, ItemBoundaries, award_text, boundaries, inside, just, percent_text
from remit.scheme.quantity import Range


def of(scheme: str, item: str) -> ItemBoundaries:
    return next(iter(boundaries(load_scheme(scheme), [item])))


def around(edge: Boundary, unit: str) -> list[str]:
    return [award_text(side.earned, unit) if side else "–" for side in (edge.below, edge.at, edge.above)]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("1a", [["nothing", "nothing", "8p"], ["8p", "8p", "15p"]]),
        ("2a", [["nothing", "nothing", "10p"], ["10p", "10p", "13p"], ["13p", "13p", "17p"]]),
        ("5", [["nothing", "nothing", "10p"], ["10p", "10p", "20p"], ["20p", "20p", "30p"]]),
    ],
)
def test_qif_pays_above_and_not_at_its_thresholds(item: str, expected: list[list[str]]) -> None:
    found = of("qif-2024-25", item)
    assert [around(edge, found.unit) for edge in found.tables[0].boundaries] == expected
    assert [edge.operator for edge in found.tables[0].boundaries] == [">"] * len(expected)


def test_at_exactly_three_quarters_of_a_per_cent_1a_pays_8p_and_1b_takes_its_better_table() -> None:
    found = of("qif-2024-25", "1b")
    half, three_quarters = found.gates
    assert [half.operator, three_quarters.operator] == [">=", ">="]
    assert around(half, "pence") == ["nothing", "nothing", "8p"]
    assert around(three_quarters, "pence") == ["8p", "8p", "15p"]
    tables = [[side.table for side in (edge.below, edge.at, edge.above) if side] for edge in found.gates]
    better, worse = "from 0.75%", "from 0.5% below 0.75%"
    assert tables == [["below 0.5%", worse, worse], [worse, better, better]]


def test_a_gated_item_has_its_bounds_table_by_table() -> None:
    found = of("qif-2024-25", "1b")
    tops = [[around(edge, found.unit)[2] for edge in table.boundaries] for table in found.tables]
    assert tops == [["15p", "20p", "26p"], ["10p", "15p", "20p"], []]
    assert found.tables[0].words.startswith("a. Where Palliative Care prevalence rate >=0.75%")


def test_a_line_starts_above_its_lower_threshold_and_ends_at_its_upper() -> None:
    found = of("qof-england-2018-19", "HF003")  # 10 points from 60% to 100%
    lower, upper = found.tables[0].boundaries
    # 10 points over 40 percentage points: 0.0025 of a point for 0.01.
    assert around(lower, "points") == ["0 points", "0 points", "0.0025 points"]
    assert around(upper, "points") == ["9.9975 points", "10 points", "–"]
    assert [lower.operator, upper.operator] == [">", ">="]


def test_yes_or_no_has_no_bound() -> None:
    found = of("qof-england-2018-19", "AF001")
    assert (found.tables, found.note) == ((), "5 points, all or nothing")


def test_what_must_be_supplied_has_no_bound_yet() -> None:
    assert "must be supplied first" in of("qif-plus-2024-25", "remainder").note


def test_just_is_a_hundredth_of_a_point_and_less_where_another_threshold_is_as_near() -> None:
    at = exact.percent("50%")
    assert just(at, [at, exact.percent("50.02%")]) == Fraction(1, 10_000)
    assert just(at, [at, exact.percent("50.01%")]) == Fraction(1, 100_000)


@pytest.mark.parametrize(
    ("when", "rate"),
    [
        (Range("", Fraction(1, 2)), Fraction(3, 4)),
        (Range("", None, False, Fraction(1, 2)), Fraction(1, 4)),
        (Range("", Fraction(1, 4), False, Fraction(1, 2)), Fraction(3, 8)),
    ],
)
def test_a_rate_inside_a_range(when: Range, rate: Fraction) -> None:
    assert inside(when) == rate
    assert when.holds(rate)


def test_percentages_show_at_least_two_decimals() -> None:
    shown = [percent_text(exact.percent(text)) for text in ("0.5%", "35%", "10.615%")]
    assert shown == ["0.50%", "35.00%", "10.615%"]


@pytest.mark.parametrize(
    ("pays", "expected", "note"),
    [
        ("pays: £7000", ["£0.00", "£7,000.00", "£7,000.00"], ""),
        ("points: 12", ["0 points", "12 points", "12 points"], ""),
        ("pays: £1.50, per: head", ["£0.00", "£1.50", "£1.50"], "For each patient on the list."),
        ("pays: 15p, per: weighted head", ["nothing", "15p", "15p"], ""),
    ],
)
def test_a_sum_on_a_target_is_paid_from_it(pays: str, expected: list[str], note: str) -> None:
    item = f"{{item: A, indicator: CHD005, measure: achievement, pays: {{fixed: {{{pays}, for: it, target: 95%}}}}}}"
    heads = "heads: {column: weighted_list_size, called: weighted list, at: 2024-04-01}"
    [found] = boundaries(local(f"{heads}\nitems: [{item}]"))
    [table] = found.tables
    [edge] = table.boundaries
    assert (edge.operator, edge.threshold.at, table.note) == (">=", Fraction(95, 100), note)
    assert (edge.below and edge.below.rate, edge.above and edge.above.rate) == (Fraction("0.9499"), Fraction("0.9501"))
    assert around(edge, found.unit) == expected


def test_a_sum_without_a_target_has_no_threshold() -> None:
    [found] = boundaries(local("items: [{item: A, title: A thing, pays: {fixed: {pays: £500, for: set up}}}]"))
    assert (found.tables, found.note) == ((), "£500 for set up")
