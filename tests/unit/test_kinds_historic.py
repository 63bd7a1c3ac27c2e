"""Blocks on earlier years: every amount by hand, in pounds."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError
from tests.figures import brought

from remit.core.rounding import pounds
from remit.scheme.kinds.base import KindInputs
from remit.scheme.kinds.historic import Historic

SOMERSET = {"of": "QOF", "years": ["2012-13"], "in": "pounds", "adjusted_for": ["list", "prevalence"]}
AVERAGE = {"of": "QOF", "years": ["2013-14", "2014-15", "2015-16"], "in": "points", "points": "659"}


def kind(**inputs: Any) -> Historic:
    return Historic.model_validate({"of": "QOF", "years": ["2014-15"], "in": "pounds", **inputs})


def inputs(share: str = "1", **figures: str) -> KindInputs:
    """`p2014_15="100.01"` is HISTORIC_POUNDS of 2014-15, `s2014_15` are HISTORIC_POINTS; indices by their names."""
    result = {}
    for name, value in figures.items():
        if name.endswith("_INDEX"):
            result["*", name, ""] = Fraction(value)
        else:
            measure = "HISTORIC_POUNDS" if name[0] == "p" else "HISTORIC_POINTS"
            result["", measure, name[1:].replace("_", "-")] = Fraction(value)
    return brought("BLOCK", "2017-18", result, share=Fraction(share))


def paid(block: Historic, has: KindInputs) -> str:
    result = block.calculate(has)
    assert result.earned is not None, result.reason
    return str(pounds(result.earned))


@pytest.mark.parametrize(
    ("before", "due"),
    [
        ("100.00", "105.00"),
        ("100.01", "105.01"),  # 105.0105
        ("100.10", "105.11"),  # 105.105: the half penny goes up
        ("0.09", "0.09"),  # 0.0945
        ("0.10", "0.11"),  # 0.105
        ("98765.43", "103703.70"),  # 103703.7015
        ("0", "0.00"),
    ],
)
def test_an_uplift_of_odd_pence(before: str, due: str) -> None:
    assert paid(kind(uplift="5%"), inputs(p2014_15=before)) == due


def test_an_outturn_without_an_uplift_is_paid_as_it_was() -> None:
    assert paid(kind(), inputs(p2014_15="98765.43")) == "98765.43"


def test_pounds_are_adjusted_by_both_indices() -> None:
    # 80,000.00 x 1.025 = 82,000.00; x 0.98 = 80,360.00
    result = Historic.model_validate(SOMERSET).calculate(
        inputs(p2012_13="80000", LIST_INDEX="1.025", PREVALENCE_INDEX="0.98")
    )
    assert result.earned == 80360
    assert [str(line) for line in result.lines] == [
        "£80,000.00",
        "£80,000.00 × 1.025 = £82,000.00",
        "£82,000.00 × 0.98 = £80,360.00",
    ]


def test_an_index_of_one_changes_nothing() -> None:
    has = inputs(p2012_13="80000.01", LIST_INDEX="1", PREVALENCE_INDEX="1")
    assert paid(Historic.model_validate(SOMERSET), has) == "80000.01"


def test_a_part_of_the_year_is_paid_in_part() -> None:
    # 36,500.00 x 100 / 365 = 10,000.00
    result = kind().calculate(inputs("100/365", p2014_15="36500"))
    assert result.earned == 10000
    assert str(result.lines[-1]) == "£36,500.00 × 20 / 73 = £10,000.00"


def test_the_average_of_three_years_with_a_third_of_a_penny() -> None:
    # (100.00 + 100.00 + 100.01) / 3 = 100.00333…
    three = kind(years=["2013-14", "2014-15", "2015-16"])
    result = three.calculate(inputs(p2013_14="100", p2014_15="100", p2015_16="100.01"))
    assert result.earned == Fraction(30001, 300)
    assert str(result.lines[0]) == "(£100.00 + £100.00 + £100.01) / 3 = £100.003333"


def test_a_third_of_a_penny_is_carried_on_exactly() -> None:
    # 100.03 / 3 x 1.5 = 50.015, which is 50.02; 33.343333 x 1.5 = 50.0149995 would have been 50.01
    three = kind(years=["2013-14", "2014-15", "2015-16"], uplift="50%")
    has = inputs(p2013_14="33.34", p2014_15="33.34", p2015_16="33.35")
    assert paid(three, has) == "50.02"
    assert str(three.calculate(has).lines[1]) == "((£33.34 + £33.34 + £33.35) / 3) × 1.5 = £50.015"


def test_scotland_pays_the_average_points_of_three_years() -> None:
    # (640 + 650.5 + 659) / 3 = 649.8333…
    result = Historic.model_validate(AVERAGE).calculate(inputs(s2013_14="640", s2014_15="650.5", s2015_16="659"))
    assert result.earned == Fraction(38990, 60)
    assert str(result.lines[0]) == "(640 + 650.5 + 659) / 3 = 649.833333333333 points"


def test_points_are_not_cut_by_the_part_of_the_year_which_their_pounds_are() -> None:
    result = Historic.model_validate(AVERAGE).calculate(inputs("1/2", s2013_14="600", s2014_15="600", s2015_16="600"))
    assert result.earned == 600


def test_all_the_points_there_were_is_no_fault_and_one_more_is() -> None:
    block = Historic.model_validate(AVERAGE)
    assert block.calculate(inputs(s2013_14="659", s2014_15="659", s2015_16="659")).earned == 659
    result = block.calculate(inputs(s2013_14="659", s2014_15="660", s2015_16="659"))
    assert result.earned is None
    assert result.reason == ("HISTORIC_POINTS 660 of 2014-15 are above the 659 points of BLOCK: correct one of them.")


def test_every_figure_that_lacks_is_named_at_once() -> None:
    result = Historic.model_validate(SOMERSET).calculate(inputs(LIST_INDEX="1.02"))
    assert result.earned is None
    assert "HISTORIC_POUNDS for BLOCK, period 2012-13" in result.reason
    assert "PREVALENCE_INDEX for the practice or network as a whole (*)" in result.reason
    assert "LIST_INDEX" not in result.reason


def test_one_year_of_three_that_lacks_is_named() -> None:
    result = Historic.model_validate(AVERAGE).calculate(inputs(s2013_14="640", s2015_16="659"))
    assert result.earned is None
    assert "HISTORIC_POINTS for BLOCK, period 2014-15" in result.reason
    assert "2013-14" not in result.reason


def test_it_says_what_it_pays_and_what_lacks() -> None:
    assert kind(uplift="5%").words() == "what was paid for QOF in 2014-15, raised by 5%"
    assert Historic.model_validate(SOMERSET).words() == (
        "what was paid for QOF in 2012-13, adjusted for list and prevalence"
    )
    assert Historic.model_validate(AVERAGE).words() == (
        "the points of QOF scored on average in 2013-14, 2014-15 and 2015-16, 659 at most"
    )
    assert kind(uplift="required").missing() == "uplift"
    assert (kind().unit, kind().most_earned()) == ("pounds", None)
    assert (Historic.model_validate(AVERAGE).unit, Historic.model_validate(AVERAGE).most_earned()) == ("points", 659)


def test_a_year_named_twice_is_a_fault() -> None:
    assert list(kind(years=["2014-15", "2014/15"]).faults()) == [(("years", 1), "2014-15 is named twice")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"in": "points", "uplift": "5%"},
        {"in": "points", "adjusted_for": ["list"]},
        {"in": "pounds", "points": "659"},
        {"in": "pence"},
        {"years": []},
        {"adjusted_for": ["deprivation"]},
    ],
)
def test_what_does_not_fit_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        kind(**wrong)


def test_the_frozen_form_reads_back_as_the_same() -> None:
    for form in (SOMERSET, AVERAGE):
        block = Historic.model_validate(form)
        assert Historic.model_validate(block.model_dump(mode="json", by_alias=True, exclude_unset=True)) == block
