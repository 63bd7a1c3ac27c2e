"""The vector evaluator where floats cannot decide: half pennies, thresholds, numbers too large, what is unknown."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import gcd
from typing import Any

import numpy as np
import pytest
from tests.generative.vector_held import held

from remit.core.figures import DECLARED, DENOMINATOR, LIST_SIZE, NUMERATOR, REGISTER, FigureKey
from remit.organisation import Practice
from remit.pricing.evaluator import price
from remit.pricing.plan import PricingPlan, plan_of
from remit.pricing.scenario import Standing
from remit.pricing.vector import Column, vector_plan
from remit.pricing.weights import GIVEN, National
from remit.scheme.loader import build
from remit.scheme.source import parse_source
from remit.scoring.achievement import Subjects

Figures = dict[tuple[str, FigureKey], Column]
MODES = {"half up": (1, 2, 3), "half even": (0, 2, 2), "down": (0, 1, 2), "up": (1, 2, 3)}
"""0.5, 1.5 and 2.5 pence in whole ones."""


def plan(items: list[dict[str, Any]], value: str = "£1.00", **more: Any) -> PricingPlan:
    basis = {"called": "list", "at": "2024-01-01"}
    tree = {
        "scheme": "made", "version": "1", "title": "made", "commissioner": "nobody", "year": "2024-25",
        "achievement_date": "2025-03-31", "source": "made",
        "sources": {"made": {"title": "made up", "standing": "verified"}},
        "terms": {"changes": {"joiner": "days", "leaver": "days", "merger": "successor"}},
        "heads": {"column": "weighted_list_size", **basis},
        "point": {"value": value},
        "weights": {
            "list": {"list": {"column": "list_size", **basis}, "over": "8096", "over_at": "2024-01-01"},
            "prevalence": {"basis": "group", "at": "2025-03-31"},
        },
        "groups": [{"group": "G", "title": "g", "list": "whole"}],
        "indicators": [
            {"indicator": f"X{item['item']}", "title": "x", "type": "process", "group": "G"}
            for item in items if "title" not in item
        ],
        "items": [
            item if "title" in item else {"indicator": f"X{item['item']}", "measure": "achievement", **item}
            for item in items
        ],
        **more,
    }  # fmt: skip
    national = {"G": National(Fraction(50), Fraction(1000), GIVEN)}
    return plan_of(build(parse_source(json.dumps(tree), "made.yaml")), {}, national)


def linear(**more: str) -> dict[str, Any]:
    return {"item": "A", "pays": {"linear": {"points": "1", "lower": "0%", "upper": "100%", **more}}}


def standing(**more: Any) -> Standing:
    figures: Subjects = {"A": {NUMERATOR: 1, DENOMINATOR: 10}, "G": {REGISTER: 100, LIST_SIZE: 2000}}
    return Standing(Practice("P", list_size=2000, weighted_list_size=Fraction("2000.5")), (), {**figures, **more})


def column(*values: int) -> Column:
    return Column(np.array(values, dtype=np.int64).reshape(-1, 1))


@pytest.mark.parametrize("mode", MODES)
def test_half_pennies_go_the_way_of_the_scheme(mode: str) -> None:
    """A point of 5p: 1, 3 and 5 of 10 come to 0.5, 1.5 and 2.5 pence exactly."""
    made = plan([linear()], "£0.05", rounding={"pounds": f"2 places, {mode}"})
    figures: Figures = {("A", NUMERATOR): column(1, 3, 5, 7, 9, 0, 10, 2)}
    prices = vector_plan(made, [standing()]).price(figures)
    assert prices.items["A"].pence[:3, 0].tolist() == list(MODES[mode])
    assert held(made, [standing()], figures, 8)["priced exactly"] >= 1


def beside_half_pennies(value: int, many: int) -> list[tuple[int, int, int]]:
    """Counts (n, d) of which value x n / d pence are a 2d-th of a penny above or below m + 1/2, with m: for an odd d,
    2 x value x n = d x (2m + 1) +- 1."""
    found: list[tuple[int, int, int]] = []
    d = 2**39 + 1
    while len(found) < many:
        for side in (1, -1):
            odd = (-side * pow(d, -1, 2 * value)) % (2 * value) if gcd(d, 2 * value) == 1 else 0
            n, rest = divmod(d * odd + side, 2 * value)
            if odd % 2 and not rest and 0 < n <= d:
                found.append((n, d, odd // 2 + (side > 0)))
        d += 2
    return found


@pytest.mark.parametrize("weights", [[], ["prevalence"]])
@pytest.mark.parametrize("lower", ["0%", "12.5%"])
def test_a_trillionth_of_a_penny_beside_a_half(weights: list[str], lower: str) -> None:
    """Closer than floats can tell: 179.26 pounds for a point, on counts that miss a half penny by 1 in 10^12."""
    cells = beside_half_pennies(17_926, 60)
    made = plan([{**linear(lower=lower), **({"weights": weights} if weights else {})}], "£179.26")
    over, under, pence = (np.array(part, dtype=np.int64).reshape(-1, 1) for part in zip(*cells, strict=True))
    figures: Figures = {("A", NUMERATOR): Column(over), ("A", DENOMINATOR): Column(under)}
    if weights:  # the nation's prevalence, drawn
        figures["G", REGISTER] = Column(np.full_like(over, 100))
    seen = held(made, [standing()], figures, len(cells))
    if lower == "0%":
        assert (vector_plan(made, [standing()]).price(figures).items["A"].pence == pence).all()
        assert seen["priced exactly"] == len(cells)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("places", ["none", "0", "1", "2", "3"])
def test_points_and_point_values_are_rounded_as_the_scheme_says(mode: str, places: str) -> None:
    """7 points of £1.25 over 400 people: points at a half of every place, pounds after them, by every mode."""
    step = "none" if places == "none" else f"{places} places, {mode}"
    rounding = {
        "points": step,
        "pounds_per_point": step,
        "pounds": f"{places if places != 'none' else 2} places, {mode}",
    }
    made = plan([linear(points="7", lower="10%", upper="90%")], "£1.25", rounding=rounding)
    figures: Figures = {
        ("A", NUMERATOR): Column(np.arange(401, dtype=np.int64).reshape(-1, 1)),
        ("A", DENOMINATOR): Column(np.array([400], dtype=np.int64)),
    }
    held(made, [standing()], figures, 401)


def test_points_are_rounded_where_the_part_of_the_year_is_not_known() -> None:
    """7 x (1/3 - 10%) / 80% is 2.0417 points, 2.0 to one place; a target pays 0.25, which is 0.3."""
    items = [
        linear(points="7", lower="10%", upper="90%"),
        {"item": "T", "pays": {"fixed": {"points": "0.25", "for": "it", "target": "20%"}}},
    ]
    terms = {"changes": {"joiner": "required", "leaver": "days", "merger": "successor"}}
    made = plan(items, rounding={"points": "1 places, half up"}, terms=terms)
    whole = standing(T={NUMERATOR: 1, DENOMINATOR: 3})
    joined = replace(whole, practice=replace(whole.practice, joined=date(2024, 9, 1)))
    for one, pence in ((whole, [200, 30]), (joined, [None, None])):
        awards = price(made, replace(one, figures={**one.figures, "A": {NUMERATOR: 1, DENOMINATOR: 3}})).awards
        assert [award.earned for award in awards] == [2, Fraction(3, 10)]
        assert [award.pence for award in awards] == pence
    for one in (whole, joined):
        held(made, [one], {("A", NUMERATOR): column(1, 2, 3), ("T", NUMERATOR): column(0, 1, 2)}, 3)


@pytest.mark.parametrize("mode", MODES)
def test_weights_that_are_drawn_are_rounded_as_the_scheme_says(mode: str) -> None:
    rounding = {"prevalence": f"2 places, {mode}", "list": f"1 places, {mode}", "pounds": f"2 places, {mode}"}
    item = {**linear(points="3"), "weights": ["list", "prevalence"]}
    made = plan([item], "£17.00", rounding={**rounding, "list": f"1 place, {mode}"})
    registers = np.arange(0, 400, dtype=np.int64).reshape(-1, 1)
    figures: Figures = {("G", REGISTER): Column(registers), ("A", NUMERATOR): Column(registers % 11)}
    held(made, [standing()], figures, 400)


@pytest.mark.parametrize("better", ["higher", "lower"])
def test_a_rate_on_a_threshold_is_on_its_own_side(better: str) -> None:
    """On 66.6667% and a millionth to either side of it; and 2 of 3, which is below it by a third of that."""
    lower, upper = ("66.6667%", "90%") if better == "higher" else ("66.6667%", "40%")
    made = plan([linear(lower=lower, upper=upper, better=better, points="5")], "£9999.00")
    figures: Figures = {
        ("A", NUMERATOR): column(666_667, 666_666, 666_668, 2, 900_000, 899_999, 400_000, 400_001),
        ("A", DENOMINATOR): column(*[1_000_000] * 3, 3, *[1_000_000] * 4),
    }
    prices = vector_plan(made, [standing()]).price(figures)
    nothing = prices.items["A"].pence[:, 0] == 0
    assert nothing.tolist()[:4] == ([True, True, False, True] if better == "higher" else [True, False, True, False])
    assert held(made, [standing()], figures, 8)["priced exactly"] == 0


@pytest.mark.parametrize("mode", ["up", "down"])
def test_amounts_far_below_a_penny(mode: str) -> None:
    """A point of 1p, of which a millionth can be earned: just above the threshold that is a penny up, nothing down."""
    item = linear(points="0.000001", lower="33.3333%", upper="99.9%")
    made = plan([item], "£0.01", rounding={"pounds": f"2 places, {mode}"})
    figures: Figures = {
        ("A", NUMERATOR): column(1, 333_333, 333_334, 333_332, 999, 1000),
        ("A", DENOMINATOR): column(3, 1_000_000, 1_000_000, 1_000_000, 1000, 1000),
    }
    prices = vector_plan(made, [standing()]).price(figures)
    one = 1 if mode == "up" else 0
    assert prices.items["A"].pence[:, 0].tolist() == [one, 0, one, 0, one, one]
    held(made, [standing()], figures, 6)


STEPS = ["above 50% pays 10p", "from 75% pays 20.5p"]


def test_steps_on_their_thresholds_and_halves() -> None:
    """20.5p x 2000.5 heads = 41,010.25p, 10p = 20,005p; above 50% is not at it, from 75% is."""
    made = plan([{"item": "A", "pays": {"steps": {"steps": STEPS, "most": "20.5p"}}}])
    figures: Figures = {("A", NUMERATOR): column(50, 51, 75, 74), ("A", DENOMINATOR): column(*[100] * 4)}
    prices = vector_plan(made, [standing()]).price(figures)
    assert prices.items["A"].pence[:, 0].tolist() == [0, 20_005, 41_010, 20_005]
    assert prices.exact == 0


GATED = {
    "steps": {
        "gate": "A", "most": "20.5p",
        "tables": [{"when": "below 50%", "steps": []}, {"when": "from 50% to 80%", "steps": STEPS[:1]},
                   {"when": "above 80%", "steps": STEPS}],
    }
}  # fmt: skip


def test_a_gate_chooses_the_table_on_its_thresholds() -> None:
    first = {"item": "A", "pays": {"steps": {"steps": STEPS, "most": "20.5p"}}}
    made = plan([first, {"item": "B", "pays": GATED}])
    of = standing(B={NUMERATOR: 9, DENOMINATOR: 10})
    figures: Figures = {
        ("A", NUMERATOR): column(49, 50, 80, 81, 0),
        ("A", DENOMINATOR): column(100, 100, 100, 100, 0),
    }
    prices = vector_plan(made, [of]).price(figures)
    assert prices.items["B"].pence[:, 0].tolist() == [0, 20_005, 20_005, 41_010, 0]
    held(made, [of], figures, 5)


@pytest.mark.parametrize("size", [2**49, 2**53 + 1, 10**17, 2**62])
def test_counts_that_floats_cannot_hold(size: int) -> None:
    """Half of them, and one to either side: the threshold of 50% lies within the rounding of their rates."""
    made = plan([linear(lower="50%", upper="100%", points="5")], "£999999.00")
    half = size // 2
    figures: Figures = {
        ("A", NUMERATOR): column(half - 1, half, half + 1, size, 0),
        ("A", DENOMINATOR): column(*[size] * 5),
    }
    held(made, [standing()], figures, 5)


def test_numbers_beyond_64_bits_are_priced_exactly() -> None:
    made = plan([linear(lower="50%", upper="100%", points="5")], "£999.00")
    huge = standing(A={NUMERATOR: 3 * 10**29 + 1, DENOMINATOR: 4 * 10**29})
    assert vector_plan(made, [huge, standing()]).price().exact == 1
    held(made, [huge, standing()], {}, 1)


def test_pounds_too_large_for_floats_are_priced_exactly() -> None:
    made = plan([linear(points="9999999.5", lower="1%", upper="99%")], "£999999999.99")
    figures: Figures = {("A", NUMERATOR): column(3, 7, 10), ("A", DENOMINATOR): column(7, 9, 10)}
    assert held(made, [standing()], figures, 3)["priced exactly"] >= 2


def test_what_is_not_known_is_not_nothing() -> None:
    made = plan([linear(), {"item": "B", "measure": "declared", "pays": {"boolean": {"points": "2"}}}])
    known = np.array([[True], [False]])
    figures: Figures = {
        ("A", NUMERATOR): Column(np.array([[5], [5]]), known),
        ("B", DECLARED): Column(np.array([[1], [0]]), known),
    }
    vector = vector_plan(made, [standing()])
    prices = vector.price(figures)
    for code, pence in (("A", 50), ("B", 200)):
        mask = prices.items[code].known
        assert mask is not None
        assert (mask[:, 0].tolist(), prices.items[code].pence[:, 0].tolist()) == ([True, False], [pence, 0])
    whole, all_known, _ = vector.totals(figures)
    assert all_known is not None
    assert (whole[:, 0].tolist(), all_known[:, 0].tolist()) == ([250, 0], [True, False])
    held(made, [standing()], figures, 2)


def test_a_kind_without_a_vector_form_says_so_and_is_priced_exactly() -> None:
    made = plan([linear(), {"item": "C", "title": "c", "pays": {"fixed": {"pays": "£5", "for": "it"}}}])
    why = "fixed is calculated from amounts or declarations of its own"
    assert vector_plan(made, [standing()]).without_vector_form == {"C": why}
    of = standing(C={DECLARED: 1})
    figures: Figures = {("A", NUMERATOR): column(1, 2, 3)}
    prices = vector_plan(made, [of]).price(figures)
    assert (prices.items["C"].pence.tolist(), prices.items["C"].exact) == ([500], 1)
    drawn = vector_plan(made, [of]).price({("C", DECLARED): column(1, 0, 1, 1)})
    assert drawn.items["C"].pence[:, 0].tolist() == [500, 0, 500, 500]


def test_a_plan_that_has_priced_other_figures_prices_these() -> None:
    """Milestones of 30% and 70% of £10: the same 1 is drawn for the one, then for the other, then for both."""
    parts = {"F": {"share": "30%", "words": "first"}, "S": {"share": "70%", "words": "second"}}
    item = {"item": "C", "title": "c", "pays": {"fixed": {"pays": "£10", "for": "it", "milestones": parts}}}
    vector = vector_plan(plan([item]), [standing(F={DECLARED: 0}, S={DECLARED: 0})])
    first, second = (("F", DECLARED), column(1, 0)), (("S", DECLARED), column(1, 0))
    for drawn, pence in (([first], 300), ([second], 700), ([first, second], 1000), ([first], 300)):
        assert vector.price(dict(drawn)).items["C"].pence[:, 0].tolist() == [pence, 0]


def test_figures_of_another_size_are_refused() -> None:
    vector = vector_plan(plan([linear()]), [standing()])
    with pytest.raises(ValueError, match="expected 1 practices"):
        vector.price({("A", NUMERATOR): np.zeros((3, 2), dtype=np.int64)})
    with pytest.raises(ValueError, match="different numbers of draws"):
        vector.price({("A", NUMERATOR): column(1, 2), ("A", DENOMINATOR): column(3, 4, 5)})
