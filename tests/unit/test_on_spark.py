"""`--on-spark` where there is no Spark: how it is read, what it needs, and how a work folder takes in what is sent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.bad_files.command import remit

from remit.cli.commands import command_of
from remit.core.problems import Refused
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.work import Work
from remit.evaluation.workers import Counter, Job
from remit.files import spark
from remit.records.store import Store
from remit.rules.definitions import shipped
from remit.scheme import load_scheme
from remit.terminology.sets import demonstration


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people") / "store"
    assert remit("synth", "--patients", "60", "--seed", "3", "--on", "2025-03-31", "--out", folder).status == 0
    return folder


@pytest.mark.parametrize(
    ("words", "master"),
    [
        (["SCHEME"], None),
        (["SCHEME", "--on-spark"], ""),
        (["--on-spark", "SCHEME"], ""),
        (["SCHEME", "--on-spark", "--replace"], ""),
        (["SCHEME", "--on-spark", "local[2,4]"], "local[2,4]"),
        (["SCHEME", "--on-spark", "spark://host:7077"], "spark://host:7077"),
        (["--on-spark", "k8s://https://host:6443", "SCHEME"], "k8s://https://host:6443"),
        (["--on-spark", "yarn", "SCHEME"], "yarn"),
        (["SCHEME", "--on-spark=anything"], "anything"),
    ],
)
def test_the_master_may_be_left_out(words: list[str], master: str | None) -> None:
    command = command_of("evaluate")
    context = command.make_context("evaluate", [*words, "--records", "store", "--out", "out"])
    assert isinstance(context.params, dict)
    assert (context.params["scheme"], context.params["on_spark"]) == ("SCHEME", master)


def on_spark_refused(store: Path, out: Path) -> str:
    found = remit("evaluate", "qif-2024-25", "--records", store, "--on-spark", "--out", out)
    assert (found.status, found.out) == (1, "")
    assert not out.exists()
    return found.err


def test_without_spark_it_says_what_to_install(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "find_spec", lambda name: None)
    said = on_spark_refused(store, tmp_path / "out")
    assert "Spark is not installed. Install it with: pip install 'remit[spark]'. It needs Java 17" in said
    assert "[files.spark-not-installed]" in said


def test_without_java_it_says_so(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    said = on_spark_refused(store, tmp_path / "out")
    assert "Spark needs Java, and no Java was found. Install it with: pip install 'remit[spark]'. It needs Java" in said
    assert "[files.spark-cannot-start]" in said


def test_without_a_master_a_task_is_tried_four_times_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    pyspark = pytest.importorskip("pyspark")
    monkeypatch.setattr("os.environ", {})
    one = spark.settings(pyspark.SparkConf(loadDefaults=False), "", 3)
    assert [one.get(f"spark.{name}") for name in ("master", "ui.enabled", "driver.bindAddress")] == [
        "local[3,4]", "false", "127.0.0.1",
    ]  # fmt: skip
    other = spark.settings(pyspark.SparkConf(loadDefaults=False), "spark://host:7077", 3)
    assert [other.get("spark.master"), other.get("spark.ui.enabled")] == ["spark://host:7077", None]
    said = pyspark.SparkConf(loadDefaults=False).setMaster("yarn")
    assert spark.settings(said, "", 3).get("spark.master") == "yarn"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Job aborted due to stage failure: Task 0 in stage 3.0 failed 4 times, most recent failure: Lost task 0.3 "
            "in stage 3.0 (TID 6) (host executor driver): org.apache.spark.SparkException: Python worker exited "
            "unexpectedly (crashed). Consider setting 'spark.python.worker.faulthandler.enabled'\n"
            "\tat org.apache.spark.x\nDriver stacktrace:",
            "Python worker exited unexpectedly (crashed).",
        ),
        (
            "Job aborted: org.apache.spark.api.python.PythonException: Traceback (most recent call last):\n"
            '  File "a.py", line 3, in f\n    g()\nOSError: [Errno 28] No space left on device\n\n\tat org.apache',
            "OSError: [Errno 28] No space left on device.",
        ),
        ("", "."),
    ],
)
def test_why_a_task_failed_is_one_line(text: str, said: str) -> None:
    assert spark.cause(Exception(text)) == said


def test_a_practice_that_was_sent_is_taken_in_once_however_often(store: Path, tmp_path: Path) -> None:
    made = evaluator(store)
    there, here = work(tmp_path / "there"), work(tmp_path / "here")
    [done] = Counter(Job(made, "duckdb", there, evidence=True)).count(["P001"])
    sent = there.packed(done)
    before = {path.relative_to(there.folder): path.read_bytes() for path in there.folder.rglob("*.*") if path.is_file()}
    assert len(before) > 5
    assert here.take_in(sent) == here.take_in(sent) == here.read("P001") == done
    found = {path.relative_to(here.folder): path.read_bytes() for path in here.folder.rglob("*.*") if path.is_file()}
    assert found == before
    there.drop("P001")
    assert not [path for path in there.folder.rglob("*") if path.is_file()]


def test_what_is_sent_in_part_is_not_taken_in(store: Path, tmp_path: Path) -> None:
    made, there, here = evaluator(store), work(tmp_path / "there"), work(tmp_path / "here")
    [done] = Counter(Job(made, "duckdb", there)).count(["P001"])
    sent = there.packed(done)
    for name in sent.files:
        assert here.take_in(replace(sent, files={k: v for k, v in sent.files.items() if k != name})) is None
        assert here.take_in(replace(sent, files={**sent.files, name: b"other"})) is None
        assert here.read("P001") is None
    assert here.take_in(replace(sent, files={**sent.files, "../else": b""})) is None
    assert not (tmp_path / "else").exists()


def test_tasks_with_other_packages_are_refused(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parquet of another pyarrow could be other bytes."""

    class Sent:
        value = ({**spark.versions(), "pyarrow": "1.0"}, b"")

    task = spark._Task(Sent(), "job")  # type: ignore[arg-type]
    [refused] = task([["P001"]])
    assert isinstance(refused, Refused)
    assert [problem.code for problem in refused.problems] == ["files.spark-differs"]
    assert "and not 1.0" in str(refused)


def evaluator(store: Path) -> Evaluator:
    scheme = load_scheme("qif-2024-25")
    return Evaluator(scheme, Store(store), demonstration(), shipped(), scheme.achievement_date)


def work(folder: Path) -> Work:
    folder.mkdir()
    made = Work(folder)
    made.make_parts()
    return made
