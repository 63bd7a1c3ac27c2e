"""Several streams in one, by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError
from tests.figures import brought

from remit.core.figures import THE_YEAR
from remit.scheme.kinds.base import KindInputs
from remit.scheme.kinds.pooled import Pooled

STREAMS = {"QOF": "the Quality and Outcomes Framework", "DES": "enhanced services", "LIS": "local schemes"}


def kind(**inputs: Any) -> Pooled:
    return Pooled.model_validate({"streams": STREAMS, "year": "2015-16", **inputs})


def inputs(period: str = "2015-16", share: str = "1", **streams: str) -> KindInputs:
    figures = {(code, "HISTORIC_POUNDS", period): Fraction(value) for code, value in streams.items()}
    return brought("POT", "2016-17", figures, share=Fraction(share))


def test_the_streams_are_added_up_with_a_line_for_each() -> None:
    # 70,000.10 + 12,345.67 + 1.23 = 82,347.00
    result = kind().calculate(inputs(QOF="70000.10", DES="12345.67", LIS="1.23"))
    assert result.earned == 82347
    assert [(line.label, str(line)) for line in result.lines] == [
        ("QOF: the Quality and Outcomes Framework", "£70,000.10"),
        ("DES: enhanced services", "£12,345.67"),
        ("LIS: local schemes", "£1.23"),
        ("Together", "£70,000.10 + £12,345.67 + £1.23 = £82,347.00"),
    ]


def test_a_stream_that_paid_nothing_is_nothing_and_not_unknown() -> None:
    assert kind().calculate(inputs(QOF="70000.10", DES="0", LIS="0")).earned == Fraction("70000.10")


def test_an_uplift_is_on_the_sum() -> None:
    # (0.05 + 0.03 + 0.02) x 1.05 = 0.105
    result = kind(uplift="5%").calculate(inputs(QOF="0.05", DES="0.03", LIS="0.02"))
    assert result.earned == Fraction("0.105")
    assert str(result.lines[-1]) == "£0.10 × 1.05 = £0.105"


def test_a_part_of_the_year_is_paid_in_part() -> None:
    assert kind().calculate(inputs(share="7/12", QOF="1200", DES="0", LIS="0")).earned == 700


def test_the_streams_that_lack_are_named_and_no_others() -> None:
    result = kind().calculate(inputs(QOF="70000.10"))
    assert result.earned is None
    assert "HISTORIC_POUNDS for DES, period 2015-16" in result.reason
    assert "HISTORIC_POUNDS for LIS, period 2015-16" in result.reason
    assert "QOF" not in result.reason


def test_figures_of_another_year_are_not_taken() -> None:
    assert kind().calculate(inputs("2014-15", QOF="1", DES="1", LIS="1")).earned is None


def test_a_year_that_the_source_does_not_name_is_left_open() -> None:
    result = kind(year="required")
    assert {one.period for one in result.reads()} == {THE_YEAR}
    assert result.calculate(inputs("", QOF="1", DES="2", LIS="3")).earned == 6
    assert result.words() == (
        "what was paid in an earlier year that the source does not name for QOF, DES and LIS together"
    )


def test_the_streams_may_stand_in_the_counts() -> None:
    assert kind().elements() == STREAMS
    assert [one.subject for one in kind().reads()] == ["QOF", "DES", "LIS"]


def test_it_says_what_lacks_and_reads_back() -> None:
    assert kind(uplift="required").missing() == "uplift"
    assert kind().missing() == ""
    for result in (kind(), kind(year="required", uplift="2.5%")):
        assert Pooled.model_validate(result.model_dump(mode="json", by_alias=True, exclude_unset=True)) == result


@pytest.mark.parametrize(
    "wrong", [{"streams": {}}, {"streams": {"a b": "words"}}, {"year": "2015-2016"}, {"year": "soon"}]
)
def test_what_does_not_fit_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        kind(**wrong)
