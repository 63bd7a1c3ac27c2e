"""The payment kinds: achievement in, points or pence per head out."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.spec.language import earned, item, kind, refused, scheme

PENNY = Fraction(1, 100)
STEPS = "{steps: {steps: [above 0.5% pays 8p, above 0.75% pays 15p], most: 15p}}"
GATED = """
items:
  - item: first
    indicator: PC001
    measure: prevalence
    pays: {steps: {steps: [above 0.5% pays 8p, above 0.75% pays 15p], most: 15p}}
  - item: second
    indicator: CHD005
    measure: achievement
    pays:
      steps:
        most: 26p
        gate: first
        tables:
          - {when: from 0.75%, steps: [above 30% pays 15p, above 45% pays 26p]}
          - {when: from 0.5% below 0.75%, steps: [above 30% pays 10p]}
          - {when: below 0.5%}
"""


def test_boolean_is_all_or_nothing() -> None:
    pays = kind("{boolean: {points: 5}}", "register")
    assert (earned(pays, "0%"), earned(pays, "100%")) == (0, 5)


@pytest.mark.parametrize(
    ("achievement", "points"),
    [("39%", 0), ("40%", 0), ("65%", 5), ("89%", Fraction(49, 5)), ("90%", 10), ("100%", 10)],
)
def test_linear_is_a_line_from_nothing_at_the_lower_threshold_to_all_at_the_upper(
    achievement: str, points: Fraction
) -> None:
    assert earned(kind("{linear: {points: 10, lower: 40%, upper: 90%}}"), achievement) == points


def test_a_third_of_the_way_earns_exactly_a_third() -> None:
    pays = kind("{linear: {points: 10, lower: 30%, upper: 60%}}")
    assert earned(pays, "40%") == Fraction(10, 3)


@pytest.mark.parametrize(("achievement", "pounds"), [("30%", 0), ("55%", Fraction(11, 16)), ("70%", Fraction(11, 10))])
def test_a_line_pays_pounds_per_head(achievement: str, pounds: Fraction) -> None:
    assert earned(kind("{linear: {per_head: £1.10, lower: 30%, upper: 70%}}"), achievement) == pounds


@pytest.mark.parametrize(("achievement", "pounds"), [("30%", 0), ("50%", 2500), ("70%", 5000)])
def test_a_line_pays_a_set_sum_in_pounds(achievement: str, pounds: Fraction) -> None:
    assert earned(kind("{linear: {pounds: £5000, lower: 30%, upper: 70%}}"), achievement) == pounds


@pytest.mark.parametrize(
    ("achievement", "points"), [("89.99%", 0), ("90%", 3), ("92.5%", Fraction(21, 2)), ("95%", 18)]
)
def test_step_then_linear_starts_with_some_points_at_once(achievement: str, points: Fraction) -> None:
    pays = kind("{step_then_linear: {points: 18, points_at_lower: 3, lower: 90%, upper: 95%}}")
    assert earned(pays, achievement) == points


@pytest.mark.parametrize(
    ("achievement", "pence"), [("0.5%", 0), ("0.500001%", 8), ("0.75%", 8), ("0.750001%", 15), ("100%", 15)]
)
def test_above_does_not_hold_at_the_threshold_itself(achievement: str, pence: int) -> None:
    assert earned(kind(STEPS, "prevalence", "PC001"), achievement) == pence * PENNY


@pytest.mark.parametrize(("achievement", "pence"), [("89.999999%", 0), ("90%", 3)])
def test_from_holds_at_the_threshold_itself(achievement: str, pence: int) -> None:
    assert earned(kind("{steps: {steps: [from 90% pays 3p], most: 3p}}"), achievement) == pence * PENNY


FEWER = "{steps: {better: lower, steps: [below 10% pays 20p, up to 15% pays 5p], most: 20p}}"


@pytest.mark.parametrize(
    ("achievement", "pence"), [("0%", 20), ("9.99%", 20), ("10%", 5), ("15%", 5), ("15.01%", 0), ("100%", 0)]
)
def test_where_lower_is_better_the_first_step_reached_pays(achievement: str, pence: int) -> None:
    assert earned(kind(FEWER), achievement) == pence * PENNY


def test_events_are_counted_per_1_000_of_the_list() -> None:
    pays = "{steps: {better: lower, most: £1.00, steps: ['below 90 per 1,000 pays £1.00']}}"
    steps = kind(pays, "per_1000")
    assert [steps.earned(Fraction(events, 6200)) for events in (557, 558, 7000)] == [1, 0, 0]


def test_a_step_pays_each_practice_a_sum() -> None:
    steps = kind("{steps: {paid: per practice, steps: [above 50% pays £500], most: £500}}")
    assert (steps.unit, earned(steps, "50%"), earned(steps, "50.01%")) == ("pounds", 0, 500)


def test_the_highest_step_reached_pays_once() -> None:
    # Not 8p and 15p together.
    assert earned(kind(STEPS, "prevalence", "PC001"), "1%") == 15 * PENNY


@pytest.mark.parametrize(
    ("gate", "achievement", "pence"),
    [
        ("0.75%", "50%", 26),
        ("0.75%", "30%", 0),
        ("0.749999%", "50%", 10),
        ("0.5%", "50%", 10),
        ("0.499999%", "50%", 0),
    ],
)
def test_a_gate_chooses_the_table_of_steps(gate: str, achievement: str, pence: int) -> None:
    assert earned(scheme(items=GATED).item("second").kind, achievement, gate) == pence * PENNY


def test_protected_pays_the_share_of_the_points_that_an_earlier_year_had() -> None:
    pays = kind("{protected: {points: 5, of: 2022-23}}", "historic")
    assert earned(pays, "60%") == 3


def test_a_required_part_is_sized_but_pays_nothing_yet() -> None:
    found = scheme(items="items: [{item: rest, pays: {required: {most: £1.90, supply: the further items}}}]")
    assert found.most_per_head() == Fraction(19, 10)
    assert found.items[0].kind.missing() == "the further items"


def test_an_item_pays_in_exactly_one_way() -> None:
    both = item("{boolean: {points: 1}, linear: {points: 1, lower: 1%, upper: 2%}}")
    assert "give exactly one payment kind" in refused(items=both)[0]


@pytest.mark.parametrize(
    ("pays", "words"),
    [
        ("{linear: {points: 1, lower: 50%, upper: 40%}}", "the upper threshold 40% is not above the lower, 50%"),
        ("{steps: {steps: [above 5% pays 8p, above 4% pays 9p], most: 9p}}", "out of order or overlap"),
        ("{steps: {steps: [above 5% pays 8p, above 5% pays 9p], most: 9p}}", "out of order or overlap"),
        ("{steps: {steps: [above 4% pays 8p, above 5% pays 8p], most: 8p}}", "pays no more than the one below"),
        ("{steps: {steps: [above 4% pays 8p], most: 9p}}", "the most is 9p, but the highest step pays 8p"),
        ("{steps: {steps: [over 4% pays 8p], most: 8p}}", "expected a step such as 'above 0.5% pays 8p'"),
    ],
)
def test_numbers_that_contradict_one_another_are_refused(pays: str, words: str) -> None:
    assert words in refused(items=item(pays))[0]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("below 0.5%}", "below 0.6%}", "'below 0.6%' overlaps 'from 0.5% below 0.75%'"),
        ("below 0.5%}", "below 0.4%}", "no table says what holds at a gate of 0.4%"),
        ("below 0.5%}", "to 0.5%}", "'to 0.5%' overlaps 'from 0.5% below 0.75%'"),
        ("gate: first", "gate: third", "the gate 'third' is not an earlier item with a rate"),
    ],
)
def test_the_tables_of_a_gate_neither_overlap_nor_leave_a_gap(before: str, after: str, words: str) -> None:
    assert words in " ".join(refused(items=GATED.replace(before, after)))


def test_what_is_measured_fits_what_is_paid() -> None:
    assert (
        "boolean pays on register or declared, not on achievement" in refused(items=item("{boolean: {points: 1}}"))[0]
    )
