"""A probability on a document, and what is said where the library of the estimates is not installed."""

from __future__ import annotations

import sys
from fractions import Fraction

import pytest

from remit.application.needs_analysis import analysis_is_installed, check_analysis_installed
from remit.core.problems import Refused
from remit.documents.figures import chance


@pytest.mark.parametrize(
    ("probability", "text", "value"),
    [
        (0.123456, "12%", Fraction(1235, 10_000)),
        (0.125, "13%", Fraction(125, 1000)),
        (0.0, "below 1%", Fraction(0)),
        (0.0099, "below 1%", Fraction(99, 10_000)),
        (0.01, "1%", Fraction(1, 100)),
        (0.99, "99%", Fraction(99, 100)),
        (0.99001, "above 99%", Fraction(99, 100)),
        (1.0, "above 99%", Fraction(1)),
    ],
)
def test_a_probability_is_written_in_whole_per_cent_and_never_as_none_or_certain(
    probability: float, text: str, value: Fraction
) -> None:
    cell = chance(probability, "A1/1a/chance")
    assert (cell.text, cell.value, cell.unit, cell.figure) == (text, value, "rate", "A1/1a/chance")


def test_a_probability_that_is_not_known_has_no_value() -> None:
    assert (chance(None, "x").text, chance(None, "x").value) == ("not known", None)


def test_what_to_install_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    check_analysis_installed()
    monkeypatch.setitem(sys.modules, "scipy", None)
    assert not analysis_is_installed()
    with pytest.raises(Refused, match=r"remit\[analysis\]") as refused:
        check_analysis_installed()
    assert [one.code for one in refused.value.problems] == ["analysis.not-installed"]
