"""Kind: a figure of a design that one format shows otherwise than another. Each is worked out by hand in
`tests/unit/designed.py` and `tests/unit/test_design.py`, or is scipy's."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from scipy import stats
from tests.kinds.figures_in_formats import Value, assert_in_every_format
from tests.unit.designed import base_run

from remit.application.design import Aims, Request, evaluate
from remit.documents.design import design


def test_each_figure_is_the_same_in_every_format(tmp_path: Path) -> None:
    gains = tmp_path / "gains.csv"
    gains.write_text("item,gain,people,what,source\n4,15,10000,events prevented,A source\n", encoding="utf-8")
    aims = Aims(1_500_000, improvement={"": Fraction(5, 100)})
    request = Request(base_run(tmp_path), ("4",), aims, gains)
    by_luck = Fraction(round(stats.binom.sf(649, 1000, 0.6) * 10_000), 10_000)
    expected: dict[str, Value] = {
        "budget": 1_500_000, "full": 1_500_000, "baseline": 600_000, "improved": 800_000, "before": 520_000,
        "4/step/1/at": Fraction(65, 100), "4/step/3/pays": Fraction(30), "4/step/1/reached": 3, "4/step/3/reached": 1,
        "4/climb/1/median": by_luck, "4/practices": 5, "4/lower": Fraction(60, 100), "4/benchmark": Fraction(90, 100),
        "4/denominator": 1000, "P3/design": 100_000, "P4/before": 220_000, "P4/difference": -20_000,
        "4/gain/paid": 1_500_000, "4/gain/expected": Fraction(75), "4/gain/for-each": 20_000,
    }  # fmt: skip
    assert_in_every_format(design(evaluate(request).proposal), expected)
