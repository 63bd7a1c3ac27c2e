"""A floor of 95% of what was paid before, by hand: of £100,000.00 it is £95,000.00."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from tests.figures import brought
from tests.profiles import examples

from remit.scheme.kinds.base import ItemWorth, KindInputs
from remit.scheme.kinds.income_protection import IncomeProtection


def kind(**inputs: Any) -> IncomeProtection:
    return IncomeProtection.model_validate({"floor": "95%", "of": "QOF", "year": "2014-15", **inputs})


def worth(pounds: str | None) -> ItemWorth:
    known = None if pounds is None else Fraction(pounds)
    return ItemWorth("pounds", known, None, known, None if known is None else known > 0)


def inputs(before: str | None, share: str = "1", **paid: str | None) -> KindInputs:
    figures = {} if before is None else {("", "HISTORIC_POUNDS", "2014-15"): Fraction(before)}
    others = {code: worth(pounds) for code, pounds in paid.items()}
    return brought("FLOOR", "2017-18", figures, share=Fraction(share), others=others)


@pytest.mark.parametrize(
    ("before", "paid", "due"),
    [
        ("100000", "90000", "5000"),
        ("100000", "94999.99", "0.01"),
        ("100000", "95000", "0"),  # the floor exactly met
        ("100000", "95000.01", "0"),
        ("100000", "120000", "0"),
        ("100000", "0", "95000"),
        ("100.01", "95", "0.0095"),  # 95.0095 - 95.00
        ("0", "0", "0"),
    ],
)
def test_what_is_missing_to_the_floor_is_paid(before: str, paid: str, due: str) -> None:
    assert kind().calculate(inputs(before, A=paid)).earned == Fraction(due)


def test_the_working_shows_floor_income_and_gap() -> None:
    result = kind(covers=["A", "B"]).calculate(inputs("100000", A="60000.50", B="30000"))
    assert [str(line) for line in result.lines] == [
        "£100,000.00 × 95% = £95,000.00",
        "£60,000.50 + £30,000.00 = £90,000.50",
        "£95,000.00 − £90,000.50 = £4,999.50",
    ]


def test_without_names_all_items_before_it_count() -> None:
    assert kind().calculate(inputs("100000", A="60000", B="30000", C="1000")).earned == 4000
    assert kind().rests_on() == ()


def test_with_names_only_these_count() -> None:
    result = kind(covers=["A", "B"])
    assert result.calculate(inputs("100000", A="60000", B="30000", C="1000")).earned == 5000
    assert result.rests_on() == ("A", "B")
    assert result.pays_for() == ()


def test_the_floor_is_for_the_part_of_the_year() -> None:
    # 100,000.00 x 95% x 1/2 = 47,500.00
    assert kind().calculate(inputs("100000", "1/2", A="45000")).earned == 2500


def test_a_floor_that_does_not_end_in_decimals_is_carried_on_exactly() -> None:
    # 10.00 x 95% x 1/3 = 3.1666…
    result = kind().calculate(inputs("10", "1/3", A="1.50"))
    assert result.earned == Fraction(19, 6) - Fraction(3, 2)
    assert str(result.lines[-1]) == "(£9.50 × 1 / 3) − £1.50 = £1.666667"


def test_all_that_is_not_known_is_named() -> None:
    result = kind(covers=["A", "B", "C"]).calculate(inputs(None, A="60000", B=None))
    assert result.earned is None
    assert result.reason == (
        "Supply HISTORIC_POUNDS for FLOOR, period 2014-15 (what was paid for QOF, in pounds). "
        "What B and C pay is not known yet."
    )
    assert kind().calculate(inputs("100000", A=None)).reason == "What A pays is not known yet."


def test_it_says_what_it_pays_and_what_lacks() -> None:
    assert kind(covers=["A", "B"]).words() == "what A and B leave below 95% of what was paid for QOF in 2014-15"
    assert kind(floor="required").missing() == "floor"
    assert [message for _, message in kind(covers=["A", "A"]).faults()] == ["A is named twice"]


pence = st.integers(0, 10**9).map(lambda n: Fraction(n, 100))


@examples(2)
@forall(pence, st.lists(pence, max_size=4), st.integers(0, 100), st.fractions(0, 1, max_denominator=365))
def test_nobody_is_left_below_the_floor_nor_paid_for_standing_above_it(
    before: Fraction, paid: list[Fraction], floor: int, share: Fraction
) -> None:
    others = {f"I{n}": worth(str(one)) for n, one in enumerate(paid)}
    has = brought("FLOOR", "2017-18", {("", "HISTORIC_POUNDS", "2014-15"): before}, share=share, others=others)
    result = kind(floor=f"{floor}%").calculate(has).earned
    least = before * Fraction(floor, 100) * share
    assert result is not None
    assert result >= 0
    assert result + sum(paid) >= least
    assert result == 0 or result + sum(paid) == least
