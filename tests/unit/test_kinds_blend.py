"""Blends as Dudley's: 100/0, 50/50 and 0/100, by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.checked import checked
from tests.figures import brought
from tests.profiles import examples

from remit.scheme.kinds.base import ItemWorth, KindInputs
from remit.scheme.kinds.blend import Blend

DUDLEY = {
    "POT": {"2016-17": "100%", "2017-18": "50%", "2018-19": "0%"},
    "LTCF": {"2016-17": "0%", "2017-18": "50%", "2018-19": "100%"},
}


def kind(parts: Any = DUDLEY) -> Blend:
    return Blend.model_validate({"parts": parts})


def inputs(year: str = "2017-18", **paid: str | None) -> KindInputs:
    others = {}
    for code, text in paid.items():
        pounds = None if text is None else Fraction(text)
        others[code] = ItemWorth("pounds", pounds, None, pounds, None)
    return brought("DQOFH", year, others=others)


@pytest.mark.parametrize(
    ("year", "due"), [("2016-17", "82347.01"), ("2017-18", "76673.505"), ("2018-19", "71000")]
)  # (82,347.01 + 71,000.00) / 2 = 76,673.505
def test_the_share_is_that_of_the_year(year: str, due: str) -> None:
    assert kind().calculate(inputs(year, POT="82347.01", LTCF="71000")).earned == Fraction(due)


def test_the_working_shows_each_part_and_the_sum() -> None:
    result = kind().calculate(inputs(POT="82347.01", LTCF="71000"))
    assert [(line.label, str(line)) for line in result.lines] == [
        ("POT", "£82,347.01 × 50% = £41,173.505"),
        ("LTCF", "£71,000.00 × 50% = £35,500.00"),
        ("Together", "£41,173.505 + £35,500.00 = £76,673.505"),
    ]


def test_a_part_without_a_share_need_not_be_known() -> None:
    assert kind().calculate(inputs("2016-17", POT="100", LTCF=None)).earned == 100
    assert kind().calculate(inputs("2018-19", LTCF="100")).earned == 100


def test_a_part_with_a_share_must_be_known() -> None:
    result = kind().calculate(inputs("2017-18", POT="100", LTCF=None))
    assert result.earned is None
    assert result.reason == "DQOFH blends LTCF, whose pounds are not known yet."


def test_the_same_shares_every_year() -> None:
    result = kind({"POT": "37.5%", "LTCF": "62.5%"})
    # 80 x 0.375 + 160 x 0.625 = 30 + 100
    for year in ("2016-17", "2030-31"):
        assert result.calculate(inputs(year, POT="80", LTCF="160")).earned == 130


def test_a_year_that_the_file_does_not_have_pays_nothing_and_says_so() -> None:
    result = kind().calculate(inputs("2019-20", POT="100", LTCF="100"))
    assert result.earned is None
    assert result.reason == "DQOFH blends POT and LTCF, whose share in 2019-20 the scheme does not give."


def test_the_parts_are_paid_within_it() -> None:
    assert kind().rests_on() == kind().pays_for() == ("POT", "LTCF")


def test_shares_that_do_not_add_up_are_a_fault_of_their_year() -> None:
    assert list(kind().faults()) == []
    parts = {"POT": {"2016-17": "100%", "2017-18": "50%"}, "LTCF": {"2016-17": "0%", "2017-18": "49.9%"}}
    assert list(kind(parts).faults()) == [(("parts",), "the shares of 2017-18 add up to 99.9%, not to 100%")]
    assert [message for _, message in kind({"POT": "50%", "LTCF": "51%"}).faults()] == [
        "the shares add up to 101%, not to 100%"
    ]


def test_a_part_that_lacks_a_year_is_a_fault() -> None:
    parts = {"POT": {"2016-17": "100%", "2017-18": "50%"}, "LTCF": {"2017-18": "50%"}}
    assert list(kind(parts).faults()) == [(("parts", "LTCF"), "LTCF has no share for 2016-17")]


def test_a_share_that_must_be_supplied_is_named() -> None:
    assert kind({"POT": "required", "LTCF": "required"}).missing() == "share of POT and share of LTCF"
    parts = {"POT": {"2016-17": "100%", "2017-18": "required"}, "LTCF": {"2016-17": "0%", "2017-18": "50%"}}
    assert kind(parts).missing() == "share of POT in 2017-18"
    assert list(kind(parts).faults()) == []


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({}, "at least 1"),
        ({"POT": "half"}, "expected a percentage"),
        ({"POT": {"2016-17": "half"}}, "2016-17: expected a percentage"),
        ({"POT": {"2016-2017": "50%"}}, "expected a year"),
        ({"POT": {}}, "a share for each year"),
        ({"POT": {"2016-17": "50%", "2016/17": "50%"}}, "a year is named twice"),
    ],
)
def test_what_is_no_share_is_refused_where_it_stands(parts: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words) as refused:
        kind(parts)
    assert refused.value.errors()[0]["loc"] == (("parts", "POT") if parts else ("parts",))


def test_a_share_may_have_a_source_and_reads_back() -> None:
    sourced = {"POT": {"value": "50%", "source": "s004"}, "LTCF": {"2017-18": "50% [s004]"}}
    result = kind(sourced)
    assert result.share("POT", "2017-18").source == result.share("LTCF", "2017-18").source == "s004"  # type: ignore[union-attr]
    for blend in (result, kind()):
        again = Blend.model_validate(blend.model_dump(mode="json", by_alias=True, exclude_unset=True))
        assert again.model_dump(mode="json") == blend.model_dump(mode="json")
        assert [again.share(p, "2017-18").value for p in again.parts] == [Fraction(1, 2)] * 2  # type: ignore[union-attr]


pence = st.integers(0, 10**9).map(lambda n: Fraction(n, 100))


@pytest.mark.checks("parts of the whole")
@examples(2)
@forall(st.lists(st.tuples(pence, st.integers(0, 50)), min_size=1, max_size=4))
def test_a_blend_lies_between_its_parts(result: list[tuple[Fraction, int]]) -> None:
    shares = [share for _, share in result[:-1]]
    shares.append(100 - sum(shares))
    if shares[-1] < 0:
        return
    checked("parts of the whole")
    paid = {f"P{n}": pounds for n, (pounds, _) in enumerate(result)}
    blend = kind({part: f"{share}%" for part, share in zip(paid, shares, strict=True)})
    assert not list(blend.faults())
    earned = blend.calculate(inputs(**{part: str(pounds) for part, pounds in paid.items()})).earned
    assert earned is not None
    assert min(paid.values()) <= earned <= max(paid.values())
