"""The kind: money that hangs on a condition. Made-up practices, whose pounds are those of the sentences; and the many
draws of the vector evaluator, which are the exact evaluator's."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.generative.vector_held import held
from tests.profiles import examples
from tests.sentences import conditions as said
from tests.spec.run import TERMS, local, paid

from remit.core.figures import DENOMINATOR, NUMERATOR, PCAS, FigureKey
from remit.organisation import Practice
from remit.pricing.evaluator import price
from remit.pricing.full_achievement import full_achievement
from remit.pricing.plan import plan_of
from remit.pricing.scenario import Standing
from remit.pricing.vector import Column
from remit.pricing.what_if import WhatIf
from remit.scoring.achievement import Subjects

ACTIVITY = FigureKey("ACTIVITY")
SCHEME = local("""
items:
  - {item: "2", indicator: CHD005, measure: achievement, pays: {linear: {points: 10, lower: 20%, upper: 65%}}}
  - {item: "3", indicator: DM020, measure: achievement, pays: {linear: {points: 8, lower: 20%, upper: 70%}}}
  - item: "4"
    indicator: AST007
    measure: achievement
    reduced: {to: 50%, when: {pca_rate_of: "4", above: 12%}}
    pays: {linear: {points: 9, lower: 20%, upper: 60%}}
  - item: Bonus
    title: Bonus
    only_if: {at_least: 2, of: ["2", "3", "4"], reach: top step}
    pays: {fixed: {pays: £1500, for: two of three, declared: not asked}}
  - item: Start
    title: Start
    repaid: {share: 30%, when: {achievement_of: "2", below: 20%}}
    pays: {fixed: {pays: £1000, for: signing, declared: not asked}}
  - item: "8"
    title: Deprivation
    only_if: {all: [{column: deprivation, above: 35.0}, {count: meetings, at_least: 2, of: 3}]}
    pays: {fixed: {pays: £500, for: practices in deprived areas, declared: not asked}}
""")
PLAN = plan_of(SCHEME, {}, {})
TOPS = (Fraction(65, 100), Fraction(70, 100), Fraction(60, 100))
POINTS = (10, 8, 9)


@st.composite
def counts(draw: st.DrawFn) -> said.Counts:
    """Counts of a few patients, so that thresholds are met exactly too."""
    denominator = draw(st.sampled_from([0, 3, 10, 20, 100, 101]))
    return draw(st.integers(0, denominator)), denominator


def standing(rates: list[said.Counts], pcas: int | None, score: str = "", meetings: int | None = None) -> Standing:
    figures: Subjects = {code: {NUMERATOR: n, DENOMINATOR: d} for code, (n, d) in zip("234", rates, strict=True)}
    if pcas is not None:
        figures["4"][PCAS] = pcas
    if meetings is not None:
        figures["meetings"] = {ACTIVITY: meetings}
    return Standing(Practice("P1", columns={"deprivation": score}), (), figures)


@examples(1)
@given(st.tuples(counts(), counts(), counts()), st.integers(0, 20), st.integers(300, 400), st.integers(0, 3))
def test_what_the_sentences_say_is_paid(rates: tuple[said.Counts, ...], pcas: int, tenths: int, meetings: int) -> None:
    score = Fraction(tenths, 10)
    awards = price(PLAN, standing(list(rates), pcas, f"{tenths // 10}.{tenths % 10}", meetings)).by_item()
    lines = [
        said.line(one, Fraction(1, 5), top, points * Fraction(200))
        for one, top, points in zip(rates, TOPS, POINTS, strict=True)
    ]
    expected = {
        "2": lines[0],
        "3": lines[1],
        "4": said.halved(lines[2], pcas, rates[2][1], Fraction(12, 100)),
        "Bonus": said.bonus(rates, TOPS, 2, Fraction(1500)),
        "Start": said.start_payment(Fraction(1000), rates[0], Fraction(1, 5), Fraction(3, 10)),
        "8": said.above_a_score(score, Fraction(35), Fraction(500)) if meetings >= 2 else Fraction(0),
    }
    assert {code: award.pence for code, award in awards.items()} == {
        code: said.to_the_penny(pounds) * 100 for code, pounds in expected.items()
    }


@examples(0.8)
@given(
    st.tuples(counts(), counts(), counts()), st.sampled_from(["2", "3", "4"]), st.sampled_from([NUMERATOR, DENOMINATOR])
)
def test_what_is_known_without_a_count_is_what_it_is_with_any(
    rates: tuple[said.Counts, ...], item: str, key: FigureKey
) -> None:
    """Where a bonus is settled though a count is missing, no value of that count changes it."""
    whole = standing(list(rates), 0, "36", 2)
    without = {code: {k: v for k, v in of.items() if (code, k) != (item, key)} for code, of in whole.figures.items()}
    found = price(PLAN, Standing(whole.practice, (), without)).by_item()
    for code, award in found.items():
        if award.pence is None:
            assert "upply" in award.reason
        elif code != item:
            assert award.pence == price(PLAN, whole).by_item()[code].pence


def test_many_draws_are_the_exact_evaluators() -> None:
    some = [
        standing([(6, 10), (7, 10), (6, 10)], 1, "38.2", 2),
        standing([(2, 10), (7, 10), (5, 10)], None, "38.2", None),
        standing([(1, 10), (9, 10), (9, 10)], 3, "", 3),
    ]
    rng = np.random.default_rng(7)
    figures = {
        **{(code, NUMERATOR): Column(rng.integers(0, 11, (40, 3)).astype(np.int64)) for code in "234"},
        ("4", PCAS): Column(rng.integers(0, 4, (40, 3)).astype(np.int64)),
        ("meetings", ACTIVITY): Column(rng.integers(0, 4, (40, 3)).astype(np.int64)),
    }
    assert held(PLAN, some, figures, 40)["cells"] == 6 * 3 * 40


def test_full_achievement_takes_every_condition_as_met() -> None:
    assert full_achievement(SCHEME).pence == 27 * 200_00 + 1500_00 + 1000_00 + 500_00


@pytest.mark.parametrize(
    ("change", "touched", "pence"),
    [
        ({("4", PCAS): 2}, {"4", "Bonus"}, -900_00),  # 2 of 2 + 10 is above 12%: half of £1,800
        ({("meetings", ACTIVITY): 1}, {"8"}, -500_00),
        ({("2", NUMERATOR): 1}, {"2", "Bonus", "Start"}, -300_00),  # of the bonus two are left
    ],
)
def test_a_what_if_prices_all_that_looks_at_a_figure(
    change: dict[tuple[str, FigureKey], int], touched: set[str], pence: int
) -> None:
    one = standing([(2, 10), (7, 10), (6, 10)], 0, "38.2", 2)
    what_if = WhatIf(PLAN, one, price(PLAN, one).awards)
    assert what_if.touched(change) == touched
    assert what_if.worth(change, what_if.touched(change))[0] == pence


HEADS = "heads: {column: list_size, called: list, at: 2024-01-01}"
ADVANCE = "{share: 100%, of: award for full achievement, instalments: 1, due: last day of each month}"
AHEAD = TERMS.replace("terms:\n", f"terms:\n  paid_in_advance: {ADVANCE}\n")
IN_ADVANCE = """
items:
  - {item: A, indicator: CHD005, measure: achievement, pays: {steps: {steps: [from 50% pays 10p], most: 10p}}}
  - item: Start
    title: Start payment
    repaid: {when: {achievement_of: A, below: 20%}}
    pays: {fixed: {pays: £1000, for: signing, declared: not asked}}
  - item: Deprived
    title: Deprivation
    only_if: {column: deprivation, above: 35.0}
    pays: {fixed: {pays: £500, for: practices in deprived areas, declared: not asked}}
"""
ROWS = "practice_code,practice_name,list_size,deprivation\nA1,One,1000,38\nA2,Two,1000,35.0\nA3,Three,1000,\n"


def test_an_advance_is_of_what_may_be_earned_and_what_is_repaid_is_recovered() -> None:
    """10p x 1,000 + £1,000, and £500 where the score is above 35.0. A2 is below 20%: of the £1,100 that it was paid,
    it keeps nothing."""
    made = "A1 A NUMERATOR 60\nA1 A DENOMINATOR 100\nA2 A NUMERATOR 19\nA2 A DENOMINATOR 100\n"
    columns = ("practice_code", "pounds", "paid_in_advance", "balance", "recovery")
    found = paid(local(IN_ADVANCE, HEADS, terms=AHEAD), made, *columns, table="payment.csv", practices=ROWS)
    assert found[:2] == [("A1", "1600.00", "1600.00", "0.00", "0.00"), ("A2", "0.00", "1100.00", "0.00", "1100.00")]
    assert found[2][2] == ""


@pytest.mark.parametrize(
    ("declared", "pence", "says"),
    [
        ({"level-2": 1, "level-3": 0}, 500_000, ""),
        ({"level-3": 1}, 500_000, ""),
        ({"level-2": 0, "level-3": 0}, 0, "signed up at level 2 (level-2) is not declared"),
        ({"level-2": 0}, None, "Supply DECLARED for level-3 (signed up at level 3)."),
    ],
)
def test_what_is_declared_opens_an_item_without_a_gateway_of_nothing(
    declared: dict[str, int], pence: int | None, says: str
) -> None:
    item = """
items:
  - item: CARE
    title: Level 2, dementia
    only_if:
      any:
        - {declared: level-2, called: signed up at level 2}
        - {declared: level-3, called: signed up at level 3}
    pays: {fixed: {pays: £5000, for: care planning, declared: not asked}}
"""
    figures: Subjects = {code: {FigureKey("DECLARED"): value} for code, value in declared.items()}
    award = price(plan_of(local(item), {}, {}), Standing(Practice("P1"), (), figures)).by_item()["CARE"]
    assert award.pence == pence
    assert says in award.reason


def test_where_a_condition_does_not_hold_nothing_is_paid_also_while_the_amount_is_required() -> None:
    item = "items: [{item: A, title: A, only_if: {declared: x}, pays: {fixed: {pays: required, for: it}}}]"
    plan, key = plan_of(local(item), {}, {}), FigureKey("DECLARED")
    shut, open_ = (price(plan, Standing(Practice("P1"), (), {"x": {key: n}})).by_item()["A"] for n in (0, 1))
    assert (shut.pence, open_.pence) == (0, None)
