"""A pot shared out by points, by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.figures import brought
from tests.profiles import examples

from remit.core.rounding import pounds
from remit.scheme.kinds.base import ItemWorth, KindInputs
from remit.scheme.kinds.pot import Pot

ITEMS = ["BP002", "CS002"]


def kind(**inputs: Any) -> Pot:
    return Pot.model_validate({"items": ITEMS, **inputs})


def scored(earned: str | None, most: str | None) -> ItemWorth:
    values = [None if text is None else Fraction(text) for text in (earned, most)]
    return ItemWorth("points", values[0], values[1], None, None)


def earned_before(pounds: str | None) -> ItemWorth:
    value = None if pounds is None else Fraction(pounds)
    return ItemWorth("pounds", value, None, value, None)


def inputs(**others: ItemWorth) -> KindInputs:
    return brought("LTCF", "2017-18", others=others)


@pytest.mark.parametrize(
    ("first", "second", "due"),
    [
        (("15", "15"), ("11", "11"), "100000"),  # all the points, all the money
        (("0", "15"), ("0", "11"), "0"),
        (("7.5", "15"), ("5.5", "11"), "50000"),
        (("15", "15"), ("0", "5"), "75000"),
        (("0", "0"), ("5", "10"), "50000"),  # an item without points changes nothing
    ],
)
def test_the_share_of_the_points_is_the_share_of_the_money(
    first: tuple[str, str], second: tuple[str, str], due: str
) -> None:
    has = inputs(BP002=scored(*first), CS002=scored(*second))
    assert kind(money="£100,000").calculate(has).earned == Fraction(due)


def test_the_working_shows_the_sums_and_the_share() -> None:
    # 100,000.00 x 20 / 26 = 76,923.0769…
    result = kind(money="£100,000").calculate(inputs(BP002=scored("12", "15"), CS002=scored("8", "11")))
    assert result.earned is not None
    assert str(pounds(result.earned)) == "76923.08"
    assert [(line.label, str(line)) for line in result.lines] == [
        ("The pot", "set by the scheme = £100,000.00"),
        ("Points earned", "12 + 8 = 20"),
        ("Points available", "15 + 11 = 26"),
        ("Paid from the pot", "£100,000.00 × 20 / 26 = £76,923.076923"),
    ]
    assert (result.rate, result.counted) == (Fraction(10, 13), "20 of 26 points")


def test_points_whose_decimals_do_not_end_are_typed_as_a_fraction() -> None:
    # 100 x (1/3 + 1) / 10 = 13.333…
    result = kind(money="£100").calculate(inputs(BP002=scored("1/3", "5"), CS002=scored("1", "5")))
    assert result.earned == Fraction(40, 3)
    assert str(result.lines[-1]) == "£100.00 × (4 / 3) / 10 = £13.333333"


def test_a_pot_of_nothing_pays_nothing() -> None:
    has = {"BP002": scored("12", "15"), "CS002": scored("8", "11")}
    assert kind(money="£0").calculate(inputs(**has)).earned == 0
    assert kind(of="POOL").calculate(inputs(POOL=earned_before("0"), **has)).earned == 0


def test_items_without_any_points_give_a_reason_and_no_award() -> None:
    result = kind(money="£100").calculate(inputs(BP002=scored("0", "0"), CS002=scored("0", "0")))
    assert result.earned is None
    assert result.reason == "The items of LTCF have no points, by which the pot is paid."


def test_the_pot_may_be_what_an_earlier_item_comes_to() -> None:
    result = kind(of="POOL").calculate(
        inputs(POOL=earned_before("82347.01"), BP002=scored("15", "15"), CS002=scored("0", "5"))
    )
    assert result.earned == Fraction("61760.2575")  # 82,347.01 x 0.75
    assert kind(of="POOL").rests_on() == ("BP002", "CS002", "POOL")
    assert kind(of="POOL").pays_for() == ("BP002", "CS002")


def test_only_money_of_the_schemes_own_is_cut_by_the_part_of_the_year() -> None:
    points = {"BP002": scored("15", "15"), "CS002": scored("5", "5")}
    half = replace(inputs(POOL=earned_before("600"), **points), share=Fraction(1, 2))
    assert kind(money="£1200").calculate(half).earned == 600
    assert kind(of="POOL").calculate(half).earned == 600


def test_all_that_is_not_known_is_named() -> None:
    result = kind(of="POOL").calculate(inputs(POOL=earned_before(None), BP002=scored(None, "15")))
    assert result.earned is None
    assert result.reason == (
        "The pounds of POOL, which the pot holds, are not known yet. "
        "The points of BP002 and CS002 are not known yet, by which the pot is paid."
    )


def test_an_item_that_pays_pounds_cannot_be_counted() -> None:
    result = kind(money="£100").calculate(inputs(BP002=earned_before("5"), CS002=scored("8", "11")))
    assert result.earned is None
    assert result.reason == "BP002 does not pay by points: the pot of LTCF cannot count it."


def test_it_says_what_it_pays_and_what_lacks() -> None:
    assert kind(money="£100,000").words() == (
        "a pot of £100,000, paid by the share of the points of BP002 and CS002 that is earned"
    )
    assert kind(of="POOL").words().startswith("a pot of what POOL comes to")
    assert kind(money="required").missing() == "money"
    assert [kind(**form).most_earned() for form in ({"money": "£5"}, {"money": "required"}, {"of": "POOL"})] == [
        5,
        None,
        None,
    ]


def test_an_item_named_twice_or_filling_its_own_pot_is_a_fault() -> None:
    assert [path for path, _ in kind(money="£5", items=["A", "B", "A"]).faults()] == [("items", 2)]
    assert [path for path, _ in kind(of="A", items=["A", "B"]).faults()] == [("of",)]


@pytest.mark.parametrize("wrong", [{}, {"money": "£5", "of": "POOL"}, {"money": "£5", "items": []}])
def test_what_does_not_fit_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        kind(**wrong)


@examples(2)
@forall(
    st.integers(0, 10**9),
    st.lists(st.tuples(st.fractions(0, 1, max_denominator=50), st.integers(1, 60)), min_size=2, max_size=2),
)
def test_never_more_than_the_pot_holds(pence: int, result: list[tuple[Fraction, int]]) -> None:
    money = Fraction(pence, 100)
    worths = [ItemWorth("points", part * most, Fraction(most), None, None) for part, most in result]
    has = dict(zip(ITEMS, worths, strict=True))
    earned = kind(of="POOL").calculate(inputs(POOL=earned_before(str(money)), **has)).earned
    assert earned is not None
    assert 0 <= earned <= money
    everything = all(part == 1 for part, _ in result)
    assert (earned == money) == (everything or money == 0)
