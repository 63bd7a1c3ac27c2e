"""`remit breakdown` on the made-up practices of the example, beside their counts.csv; and on cells made by hand."""

from __future__ import annotations

import csv
import json
import re
import runpy
from collections import Counter
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from remit.cli.main import app
from remit.core.problems import Refused
from remit.disclosure.breakdowns import BY, LEVELS, EvaluatedCounts, broken_down, open_evaluation
from remit.disclosure.policies import load_policy
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.folder import write_evaluation
from remit.evaluation.layout import CELLS
from remit.evaluation.manifest import EvaluationManifest
from remit.organisation import Practice
from remit.records.importing import import_records
from remit.records.store import Store
from remit.rules.definitions import shipped
from remit.scheme import load_scheme
from remit.terminology.clusters import ClusterSet
from remit.terminology.sets import demonstration

EXAMPLE = Path(__file__).parents[2] / "examples/qif-from-records/make_records.py"
DIMENSIONS = [by for by in BY if by not in LEVELS]


def evaluator(store: Path, clusters: ClusterSet | None = None) -> Evaluator:
    held = clusters or demonstration()
    return Evaluator(load_scheme("qif-2024-25"), Store(store), held, shipped(), date(2025, 3, 31))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("records")
    runpy.run_path(str(EXAMPLE))["main"](folder / "csv")
    import_records(folder / "csv", folder / "store", keep_ids=True)
    return folder / "store"


@pytest.fixture(scope="module")
def made(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made") / "evaluated"
    write_evaluation(evaluator(store), out)
    return out


def run(*args: object) -> Result:
    return CliRunner().invoke(app, ["breakdown", *map(str, args)])


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_cells_add_up_to_the_counts(made: Path) -> None:
    """HYP008 is item 4 of the counts; whatever it is broken down by, its parts are its numerator and denominator."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for row in pq.read_table(made / "breakdown.parquet").to_pylist():
        if row["indicator_code"] == "HYP008":
            sums[row["practice_code"], row["dimension"], row["category"]] += row["patients"]
    counts = {
        (r["practice_code"], r["measure"]): int(r["value"])
        for r in table(made / "counts.csv")
        if r["indicator_code"] == "4"
    }
    for practice in ("X1", "X2", "X3"):
        for dimension in ("all", "age", "sex", "ethnicity", "deprivation", "frailty"):
            achieved, missed = (sums[practice, dimension, c] for c in ("achieved", "not_achieved"))
            assert achieved == counts[practice, "NUMERATOR"]
            assert achieved + missed == counts[practice, "DENOMINATOR"]
            assert sums[practice, dimension, "pca"] == counts[practice, "PCAS"]
        assert sums[practice, "pca_month", "pca"] == sums[practice, "pca_reason", "pca"] == counts[practice, "PCAS"]


def test_the_manifest_names_the_file_and_the_frailty_clusters(made: Path) -> None:
    manifest = json.loads((made / "manifest.json").read_text())
    assert "breakdown.parquet" in manifest["files"]
    assert {"MILDFRAIL_COD", "MODFRAIL_COD", "SEVFRAIL_COD"} <= manifest["clusters"]["clusters"].keys()
    assert manifest["definitions"]["CKD005"]["counts"] == "register"
    assert manifest["definitions"]["HYP008"]["counts"] == "outcomes"


def test_without_the_frailty_clusters_a_run_is_not_refused(store: Path, tmp_path: Path) -> None:
    some = {name: cluster for name, cluster in demonstration().clusters.items() if name != "MILDFRAIL_COD"}
    write_evaluation(evaluator(store, ClusterSet("some", "1", True, some)), tmp_path / "out")
    rows = pq.read_table(tmp_path / "out/breakdown.parquet").to_pylist()
    assert {row["value"] for row in rows if row["dimension"] == "frailty"} == {"not known"}


@pytest.mark.parametrize("by", BY)
def test_no_small_number_is_shown_to_a_commissioner(made: Path, tmp_path: Path, by: str) -> None:
    out = tmp_path / "out.csv"
    assert run(made, "--by", by, "--csv", out).exit_code == 0
    for row in table(out):
        hidden = row["hidden"].split(";")
        assert row["excluded"] == ""
        for column in ("numerator", "denominator", "pcas"):
            if column in hidden:
                assert row[column] == ""
            elif row[column]:
                assert int(row[column]) == 0 or int(row[column]) > 7


def test_what_is_hidden_does_not_depend_on_what_is_asked_for(made: Path) -> None:
    evaluation, policy = open_evaluation(made), load_policy("default")
    wholes = [
        {one.indicator: one.whole.figures for one in broken_down(evaluation, evaluation.indicators, by, policy)}
        for by in BY
    ]
    assert all(whole == wholes[0] for whole in wholes)


@pytest.mark.parametrize("by", BY)
def test_hidden_rows_together_are_all_less_those_that_are_shown(made: Path, tmp_path: Path, by: str) -> None:
    """So they tell a reader nothing that the other rows do not, and none is shown where the whole is not."""
    path = tmp_path / "two.yaml"
    path.write_text("name: two\nsource: A test\nstatus: local\nwords: 1 and 2 are hidden.\nhide_up_to: 2\n")
    policy, evaluation = load_policy(str(path)), open_evaluation(made)
    for one in broken_down(evaluation, evaluation.indicators, by, policy):
        if one.together is None:
            continue
        rates = {"denominator", "achieved"}
        for measures in (one.measures - one.whole.figures.hidden, (one.measures - one.whole.figures.hidden) & rates):
            rest = [cell.figures for cell in one.cells if not cell.figures.hidden & measures]
            if len(rest) < len(one.cells):
                break
        for measure in one.measures - one.together.figures.hidden:
            whole, part = (getattr(of.figures, measure) for of in (one.whole, one.together))
            assert whole is not None
            assert part == whole - sum(getattr(of, measure) for of in rest), (one.indicator, measure)


def test_a_practice_sees_its_own_exactly(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "own.csv"
    args = ("--by", "sex", "--indicator", "HYP008", "--for", "practice", "--practice", "X1", "--csv", out)
    assert run(made, *args).exit_code == 0
    cells = {
        (row["value"], row["category"]): row["patients"]
        for row in pq.read_table(made / "breakdown.parquet").to_pylist()
        if (row["practice_code"], row["indicator_code"], row["dimension"]) == ("X1", "HYP008", "sex")
    }
    for row in table(out)[:-1]:
        value = row["value"]
        assert int(row["numerator"]) == cells.get((value, "achieved"), 0)
        assert int(row["denominator"]) == int(row["numerator"]) + cells.get((value, "not_achieved"), 0)
        assert int(row["pcas"]) == cells.get((value, "pca"), 0)
        assert int(row["excluded"]) == cells.get((value, "exclusion"), 0)
        assert row["hidden"] == ""


def test_every_output_says_the_policy_and_marks_what_is_hidden(made: Path, tmp_path: Path) -> None:
    html, xlsx = tmp_path / "a.html", tmp_path / "a.xlsx"
    args = ("--by", "deprivation", "--indicator", "HYP008")
    shown = run(made, *args).output
    assert run(made, *args, "--html", html, "--xlsx", xlsx).exit_code == 0
    words = load_policy("default").words
    assert words in " ".join(shown.split())
    page = html.read_text()
    assert words in page
    assert "must not be read as zero" in page
    assert re.search(r"<td[^>]*>\*</td>", page)
    book = openpyxl.load_workbook(xlsx)
    values = [row[4].value for row in book["Breakdown"].iter_rows(min_row=2)]
    assert "*" in values
    assert words in [row[0].value for row in book["Read first"].iter_rows()]


def test_a_chart_says_in_words_what_it_shows(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "own.html"
    args = ("--by", "sex", "--indicator", "HYP008", "--for", "practice", "--practice", "X1", "--html", out)
    assert run(made, *args).exit_code == 0
    label = re.search(r'role="img" aria-label="([^"]+)"', out.read_text())
    assert label is not None
    assert "a gap of 6.7 percentage points" in label[1]
    assert "The table below has every figure." in label[1]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--practice", "X1"], "one practice's breakdown is for that practice"),
        (["--for", "practice"], "--for practice needs the practice"),
        (["--for", "public", "--policy", "exact"], "the policy 'exact' is for a practice"),
        (["--for", "practice", "--practice", "X1", "--policy", "default"], "Leave --policy out"),
        (["--for", "practice", "--practice", "X9"], "Did you mean X"),
        (["--for", "practice", "--practice", "X1", "--by", "place"], "over practices"),
        (["--indicator", "HYP088"], "Did you mean HYP008"),
        (["--policy", "nobody.yaml"], "there is no such file"),
    ],
)
def test_what_cannot_be_is_refused(made: Path, args: list[str], words: str) -> None:
    result = run(made, *args)
    assert isinstance(result.exception, Refused)
    assert words in str(result.exception)


def test_all_that_is_wrong_is_said_at_once(made: Path) -> None:
    result = run(made, "--practice", "X1", "--policy", "exact")
    assert isinstance(result.exception, Refused)
    assert len(result.exception.problems) == 2


def test_a_changed_file_is_refused(store: Path, tmp_path: Path) -> None:
    write_evaluation(evaluator(store), tmp_path / "out")
    with (tmp_path / "out/practices.csv").open("a") as file:
        file.write("X9,Another,,,1,1,\n")
    result = run(tmp_path / "out")
    assert "was changed after the evaluation" in str(result.exception)


def test_a_folder_that_is_no_evaluation_is_refused(tmp_path: Path) -> None:
    assert "is not an evaluation: it has no manifest.json" in str(run(tmp_path).exception)


def test_a_group_that_has_only_pcas_is_shown_and_one_of_excluded_patients_alone_is_not() -> None:
    """Of sex I nobody is left in the denominator: all nine are PCAs. Of sex U all are excluded."""
    patients = {("F", "achieved"): 20, ("M", "not_achieved"): 30, ("I", "pca"): 9, ("U", "exclusion"): 8}
    rows = [("A1", "HYP", "sex", sex, category, many) for (sex, category), many in patients.items()]
    rows += [("A1", "HYP", "all", "all", category, many) for (_, category), many in patients.items()]
    cells = pa.Table.from_pylist([dict(zip(CELLS.names, row, strict=True)) for row in rows], CELLS)
    manifest = EvaluationManifest.model_construct(definitions={})  # type: ignore[call-arg]  # nothing else is read
    made = EvaluatedCounts(cells, {"A1": Practice("A1")}, manifest)
    [by_sex] = broken_down(made, ["HYP"], "sex", load_policy("exact"))
    found = {cell.value: (cell.figures.denominator, cell.figures.pcas) for cell in by_sex.cells}
    assert found == {"F": (20, 0), "M": (30, 0), "I": (0, 9)}
