"""When PCAs were recorded and why, of made-up people: the months and reasons of an evaluation, beside its outcomes read
one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from scipy.stats import binomtest
from tests.bad_files.command import remit

from remit.application.evaluate import EvaluationRequest
from remit.application.evaluate import evaluate as evaluate_records
from remit.application.pca import Request, evaluate
from remit.application.synth import SynthRequest, make_people
from remit.documents.pca import pca as document

SHOWN = ("DM8CP-TYPE1", "DM8CP-TYPE2", "PULSE65", "HYP008", "CHOL004")
"""The definitions in force on the achievement date; deaths (RESPECT-DEATHS) are sensitive."""


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made-up")
    make_people(SynthRequest(folder / "store", 1500, date(2025, 3, 31), practices=3, years=2))
    evaluate_records(EvaluationRequest("qif-2024-25", folder / "store", folder / "evaluated"))
    counted = folder / "evaluated"
    given = ("--practices", counted / "practices.csv", "--counts", counted / "counts.csv")
    said = remit("run", "qif-2024-25", *given, "--set", "chol004_from=2024-12-05", "--out", folder / "run")
    assert said.status == 0, said.err
    return folder


def outcomes(folder: Path) -> Iterator[dict[str, Any]]:
    """Every PCA of an indicator that is shown, as the evaluation decided it."""
    for path in sorted((folder / "evaluated" / "outcomes").glob("*.parquet")):
        for row in pq.ParquetFile(path).read().to_pylist():
            if row["category"] == "pca" and row["indicator_code"] in SHOWN:
                yield row


def test_the_last_month_and_three_months_are_those_of_the_outcomes(evaluated: Path) -> None:
    dates = evaluate(Request(evaluated / "run", evaluation=evaluated / "evaluated")).dates
    year = [row for row in outcomes(evaluated) if row["pca_date"] and date(2024, 4, 1) <= row["pca_date"]]
    assert len(year) > 10
    for part, first, days in zip(dates.parts, (date(2025, 3, 1), date(2025, 1, 1)), (31, 90), strict=True):
        dated = Counter(row["practice_code"] for row in year)
        late = Counter(row["practice_code"] for row in year if row["pca_date"] >= first)
        assert part.part.even == Fraction(days, 365)
        assert {code: (one.late, one.dated) for code, one in part.practices.items()} == {
            code: (late[code], dated[code]) for code in dated
        }
        for one in part.practices.values():
            expected = binomtest(one.late, one.dated, days / 365, alternative="greater").pvalue
            assert one.chance == pytest.approx(expected)


def test_months_that_are_shown_are_those_of_the_outcomes(evaluated: Path) -> None:
    dates = evaluate(Request(evaluated / "run", evaluation=evaluated / "evaluated")).dates
    counted = Counter(f"{row['pca_date']:%Y-%m}" for row in outcomes(evaluated) if row["pca_date"])
    assert list(dates.months) == [*(f"2024-{n:02d}" for n in range(4, 13)), "2025-01", "2025-02", "2025-03"]
    assert all(many in (None, counted[month]) for month, many in dates.months.items())
    assert not any(0 < (many or 0) <= 7 for many in dates.months.values())


def test_reasons_add_up_to_the_pcas(evaluated: Path) -> None:
    result = evaluate(Request(evaluated / "run", evaluation=evaluated / "evaluated"))
    assert result.reasons is not None
    for one in result.reasons.breakdowns:
        of_each = [cell.figures.pcas for cell in one.above]
        if None not in of_each and one.whole.figures.pcas is not None:
            assert sum(n or 0 for n in of_each) == one.whole.figures.pcas
    text = str(document(result))
    assert "RESPECT-DEATHS" not in text
    assert "PCAs recorded in the last month, beside 8.5% at an even spread" in text
