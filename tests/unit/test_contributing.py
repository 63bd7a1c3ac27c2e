"""CONTRIBUTING follows HYP008 from its rule to pounds: every step is taken here and found on the page."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from remit.application.inputs import read_clusters, read_rules
from remit.application.synth import SynthRequest, make_people
from remit.evaluation.engine.counting import DuckDB
from remit.evaluation.engine.templates import decisions
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.folder import write_evaluation
from remit.records.store import Store
from remit.rules.parse import parse_condition
from remit.runs import Run, read_inputs
from remit.scheme import load_scheme

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RULE = "HTMAX_DAT > (PPED - 12 months)"


def on_page(text: str) -> bool:
    """Whether a text stands on the page, whatever its blanks."""
    return " ".join(text.split()) in " ".join(PAGE.split())


@pytest.fixture(scope="module")
def evaluator(tmp_path_factory: pytest.TempPathFactory) -> Evaluator:
    store = tmp_path_factory.mktemp("walk") / "store"
    make_people(SynthRequest(store, 2000, date(2025, 3, 31), seed=1, practices=3))
    scheme = load_scheme("qof-england-2024-25")
    return Evaluator(scheme, Store(store), read_clusters(None), read_rules([]), date(2025, 3, 31))


@pytest.fixture(scope="module")
def counted(evaluator: Evaluator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("walk") / "counted"
    write_evaluation(evaluator, folder)
    return folder


def test_the_rule_is_the_librarys() -> None:
    text = (ROOT / "src" / "remit" / "library" / "rules" / "hypertension.yaml").read_text(encoding="utf-8")
    assert f"if: {RULE}" in text.partition("indicator: HYP008")[2]
    assert on_page(f"if: {RULE}")
    assert "HTMAX_DAT: latest HTMAX_COD" in text
    assert on_page("`HTMAX_DAT: latest HTMAX_COD`")


def test_the_rule_as_data() -> None:
    assert on_page(repr(parse_condition(RULE)))


def test_the_plan_and_its_sql(evaluator: Evaluator) -> None:
    query = DuckDB(*evaluator.ready()).query
    [hyp] = [decision for decision in query.indicators if decision.code == "HYP008"]
    assert on_page(repr(hyp.tests[2]))
    sql = decisions(query, [hyp])
    [shown] = re.findall(r"```sql\n(.*?)\n```", PAGE)
    assert shown in sql
    assert (len(hyp.branches), "its ten sides" in PAGE) == (10, True)


def test_the_outcome_counts_points_and_pounds(counted: Path) -> None:
    import pyarrow.parquet as pq

    outcomes = pq.read_table(counted / "outcomes" / "practice=P002.parquet").to_pylist()
    own = [row for row in outcomes if row["indicator_code"] == "HYP008"]
    [one] = [row for row in own if row["patient_id"] == "P002-000014"]
    assert (one["rule"], one["branch"], one["category"]) == (2, True, "achieved")
    assert on_page("P002-000014 HYP008 rule 2 branch true achieved")

    categories = [row["category"] for row in own]
    achieved, not_achieved, pcas = (categories.count(name) for name in ("achieved", "not_achieved", "pca"))
    assert (achieved, achieved + not_achieved, pcas) == (50, 65, 7)
    lines = (counted / "counts.csv").read_text(encoding="utf-8")
    for line in ("P002,HYP008,NUMERATOR,50", "P002,HYP008,DENOMINATOR,65", "P002,HYP008,PCAS,7"):
        assert line in lines
        assert on_page(line)

    points = 14 * (Fraction(10, 13) - Fraction(40, 100)) / (Fraction(77, 100) - Fraction(40, 100))
    assert (points, Fraction(50, 65)) == (Fraction(6720, 481), Fraction(10, 13))
    inputs = read_inputs(
        ["qof-england-2024-25"], counted / "practices.csv", counted / "counts.csv", national="from-run"
    )
    [award] = [award for award in Run(inputs).practice("P002").awards if award.item.item == "HYP008"]
    assert (award.earned, award.pence) == (points, 21667)
    assert on_page("= 6720/481 = 13.970893970894")
    assert on_page("P002,HYP008,50,65,76.923077,14.00,13.970893970894,216.67")
