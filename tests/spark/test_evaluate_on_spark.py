"""An evaluation on Spark is the one of this machine, to the byte, whatever happens to its tasks.

One test, so that one session serves it all: what it holds is in the functions that it calls, one after the other. The
session has a driver and an executor of two tasks, each a process of its own, as on a cluster.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.bad_files.command import remit
from tests.spark.failing import Broken, Endless, ExecutorKilledOnce, Failing, KilledOnce

from remit.core.dates import SchemeYear
from remit.core.problems import Refused
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.folder import Stopped, write_evaluation
from remit.files.spark import OnSpark
from remit.records.quality import ValueLimit, check_store
from remit.records.store import Store
from remit.rules.definitions import read_definitions, shipped
from remit.scheme import load_scheme
from remit.synthetic.store import make_store, store_request
from remit.terminology.sets import demonstration

ROOT = Path(__file__).parents[2]
SCHEMES = ("qif-2024-25", "qof-england-2024-25", "qof-england-2026-27")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("java"), reason="Spark needs Java, and none is here"),
    pytest.mark.skipif(sys.platform != "linux", reason="an executor is found in /proc"),
]


def evaluator(scheme: str, store: Path) -> Evaluator:
    loaded = load_scheme(scheme)
    of_2026 = scheme.endswith("2026-27")
    given = [ROOT / "tests" / "rules" / "given" / "2026-27.yaml"] if of_2026 else []
    known = read_definitions(given, shipped()) if given else shipped()
    years = (SchemeYear(2024),) if of_2026 else ()
    return Evaluator(loaded, Store(store), demonstration(), known, loaded.achievement_date, None, years)


def failing(kind: type[Failing], store: Path, at: str, seen: Path) -> Failing:
    made = evaluator("qif-2024-25", store)
    return kind(**{one.name: getattr(made, one.name) for one in fields(made)}, at=at, seen=seen)


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Each file below a folder, with who may read it."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    return {name: (path.stat().st_mode, b"" if path.is_dir() else path.read_bytes()) for name, path in found.items()}


def test_an_evaluation_on_spark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "store"
    words = ("--patients", "300", "--practices", "3", "--seed", "7", "--on", "2025-03-31", "--workers", "1")
    assert remit("synth", *words, "--out", store).status == 0
    cluster(tmp_path / "spark", monkeypatch)
    tasks = OnSpark("local-cluster[1,2,512]", 2)
    assert tasks.context.master == "local-cluster[1,2,512]"
    try:
        for scheme in SCHEMES:
            at_once = 2 if scheme == SCHEMES[0] else 1
            the_folder_is_that_of_one_machine(scheme, store, OnSpark(tasks=at_once), tmp_path / scheme)
        of_one_machine = files(tmp_path / "qif-2024-25" / "one")
        for kind in (KilledOnce, ExecutorKilledOnce):
            what_is_killed_is_tried_again(kind, store, tasks, tmp_path / kind.__name__, of_one_machine)
        a_task_that_always_fails_names_its_practice(store, tmp_path, of_one_machine)
        ctrl_c_cancels_what_runs(store, tasks, tmp_path, of_one_machine)
        made_up_people_are_those_of_one_machine(store, tasks, tmp_path / "made")
        the_check_is_that_of_one_machine(store, tasks)
        records_that_were_changed_are_refused(store, tasks, tmp_path)
    finally:
        end(tasks)


def end(tasks: OnSpark) -> None:
    """Stop the session and its Java, so that other tests have the memory."""
    context: Any = tasks.context
    gateway = type(context)._gateway
    context.stop()
    gateway.shutdown()
    type(context)._gateway = type(context)._jvm = None
    gateway.proc.stdin.close()
    gateway.proc.wait(60)


def cluster(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cluster of this machine: what Spark writes of it stays below `home`, and little is spent on its start."""
    import pyspark

    home.mkdir()
    for name in ("bin", "jars"):
        (home / name).symlink_to(Path(pyspark.__file__).parent / name)
    java = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    said = {
        "spark.driver.extraJavaOptions": java,
        "spark.executor.extraJavaOptions": java,
        "spark.driver.memory": "512m",
        "spark.executor.memory": "512m",
        "spark.task.maxFailures": "2",  # not four times, for the sake of time
        "spark.python.task.killTimeout": "100ms",
    }
    options = " ".join(f"--conf '{name}={value}'" for name, value in said.items())
    monkeypatch.setenv("SPARK_HOME", str(home))
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", f"{options} pyspark-shell")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "src"), str(ROOT)]))  # of its Python processes too


def the_folder_is_that_of_one_machine(scheme: str, store: Path, tasks: OnSpark, folder: Path) -> None:
    made = evaluator(scheme, store)
    write_evaluation(made, folder / "one", workers=1, evidence=[])
    write_evaluation(made, folder / "spark", evidence=[], schedule=tasks)
    assert files(folder / "one") == files(folder / "spark")
    assert {name for name in files(folder / "one") if name.startswith("outcomes/")} == {
        f"outcomes/practice=P00{n}.parquet" for n in (1, 2, 3)
    }
    assert not (folder / ".spark.evaluating").exists()


def what_is_killed_is_tried_again(
    kind: type[Failing], store: Path, tasks: OnSpark, folder: Path, expected: dict[str, tuple[int, bytes]]
) -> None:
    seen = folder.with_suffix(".seen")
    done = write_evaluation(failing(kind, store, "P002", seen), folder, evidence=[], schedule=tasks)
    killed, again = seen.read_text().split()
    assert killed != again
    assert done.practices == 3
    assert files(folder) == expected


def a_task_that_always_fails_names_its_practice(
    store: Path, folder: Path, expected: dict[str, tuple[int, bytes]]
) -> None:
    """All three are one task, which fails; then each is one alone, and the first is done before the second fails."""
    seen, out = folder / "broken", folder / "failed"
    with pytest.raises(Refused) as refused:
        write_evaluation(failing(Broken, store, "P002", seen), out, evidence=[], schedule=OnSpark(tasks=1))
    [problem] = refused.value.problems
    assert problem.code == "files.spark-task-failed"
    assert problem.message == "practice P002 failed on Spark each time: ValueError: no such luck."
    assert len(seen.read_text().splitlines()) == 4, "twice with the others, twice alone"
    assert not out.exists()
    done = write_evaluation(evaluator("qif-2024-25", store), out, evidence=[], schedule=OnSpark(tasks=1))
    assert done.resumed == 1
    assert files(out) == expected


def ctrl_c_cancels_what_runs(store: Path, tasks: OnSpark, folder: Path, expected: dict[str, tuple[int, bytes]]) -> None:
    out = folder / "stopped"
    with pytest.raises(Stopped, match="1 of 3 practices are done"):
        write_evaluation(
            failing(Endless, store, "P002", folder / "endless"), out, evidence=[], schedule=tasks, progress=stops_at(1)
        )
    assert list(tasks.context.statusTracker().getActiveJobsIds()) == []
    told: list[tuple[int, int]] = []
    write_evaluation(
        evaluator("qif-2024-25", store), out, evidence=[], schedule=tasks, progress=lambda *told_: told.append(told_)
    )
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert files(out) == expected


def stops_at(practices: int) -> Callable[[int, int], None]:
    def progress(done: int, of: int) -> None:
        if done == practices:
            raise KeyboardInterrupt

    return progress


def made_up_people_are_those_of_one_machine(store: Path, tasks: OnSpark, folder: Path) -> None:
    make_store(store_request(300, 7, date(2025, 3, 31), 3), folder, schedule=tasks)
    assert files(folder) == files(store)


def the_check_is_that_of_one_machine(store: Path, tasks: OnSpark) -> None:
    limits = [ValueLimit("mmHg", Decimal(100), Decimal(130))]
    of_spark = check_store(Store(store), ["38341003"], limits, schedule=tasks)
    assert of_spark == check_store(Store(store), ["38341003"], limits)
    assert {finding.practice for finding in of_spark.findings} == {"P001", "P002", "P003"}


def records_that_were_changed_are_refused(store: Path, tasks: OnSpark, folder: Path) -> None:
    (events,) = (piece.path for piece in Store(store).pieces("P003", "events"))
    events.write_bytes(events.read_bytes() + b" ")
    with pytest.raises(Refused) as refused:
        write_evaluation(evaluator("qif-2024-25", store), folder / "changed", schedule=tasks)
    assert [problem.code for problem in refused.value.problems] == ["evaluation.records-changed"]
    with pytest.raises(Refused) as found:
        check_store(Store(store), schedule=tasks)
    assert [problem.code for problem in found.value.problems] == ["records.file-changed"]
