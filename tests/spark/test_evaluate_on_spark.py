"""An evaluation on Spark is the one of this machine, to the byte, whatever happens to its tasks.

One test, so that one session serves it all: what it holds is in the functions that it calls, one after the other.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
from tests.bad_files.command import remit
from tests.spark.failing import Broken, Endless, Failing, KilledOnce

from remit.core.dates import SchemeYear
from remit.core.problems import Refused
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.folder import Stopped, write_evaluation
from remit.evaluation.on_spark import OnSpark
from remit.records.store import Store
from remit.rules.definitions import read_definitions, shipped
from remit.scheme import load_scheme
from remit.terminology.sets import demonstration

ROOT = Path(__file__).parents[2]
SCHEMES = ("qif-2024-25", "qof-england-2024-25", "qof-england-2026-27")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("java"), reason="Spark needs Java, and none is here"),
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
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "src"), str(ROOT)]))  # of its Python processes too
    store = tmp_path / "store"
    words = ("--patients", "600", "--practices", "3", "--seed", "7", "--on", "2025-03-31")
    assert remit("synth", *words, "--out", store).status == 0
    tasks = OnSpark("local[2,2]", 2)  # a task is tried twice, not four times, for the sake of time
    assert tasks.context.master == "local[2,2]"
    for scheme in SCHEMES:
        at_once = 2 if scheme == SCHEMES[0] else 1
        the_folder_is_that_of_one_machine(scheme, store, OnSpark(tasks=at_once), tmp_path / scheme)
    of_one_machine = files(tmp_path / "qif-2024-25" / "one")
    a_process_that_is_killed_is_tried_again(store, tasks, tmp_path, of_one_machine)
    a_task_that_always_fails_names_its_practice(store, tmp_path, of_one_machine)
    ctrl_c_cancels_what_runs(store, tasks, tmp_path, of_one_machine)
    records_that_were_changed_are_refused(store, tasks, tmp_path)
    tasks.context.stop()


def the_folder_is_that_of_one_machine(scheme: str, store: Path, tasks: OnSpark, folder: Path) -> None:
    made = evaluator(scheme, store)
    write_evaluation(made, folder / "one", workers=1, evidence=[])
    write_evaluation(made, folder / "spark", evidence=[], schedule=tasks)
    assert files(folder / "one") == files(folder / "spark")
    assert {name for name in files(folder / "one") if name.startswith("outcomes/")} == {
        f"outcomes/practice=P00{n}.parquet" for n in (1, 2, 3)
    }
    assert not (folder / ".spark.evaluating").exists()


def a_process_that_is_killed_is_tried_again(
    store: Path, tasks: OnSpark, folder: Path, expected: dict[str, tuple[int, bytes]]
) -> None:
    seen = folder / "killed"
    done = write_evaluation(failing(KilledOnce, store, "P002", seen), folder / "retried", evidence=[], schedule=tasks)
    killed, again = seen.read_text().split()
    assert killed != again
    assert done.practices == 3
    assert files(folder / "retried") == expected


def a_task_that_always_fails_names_its_practice(
    store: Path, folder: Path, expected: dict[str, tuple[int, bytes]]
) -> None:
    """All three are one task, which fails; then each is one alone, and the first is done before the second fails."""
    seen, out = folder / "broken", folder / "failed"
    with pytest.raises(Refused) as refused:
        write_evaluation(failing(Broken, store, "P002", seen), out, evidence=[], schedule=OnSpark(tasks=1))
    [problem] = refused.value.problems
    assert problem.code == "evaluation.spark-task-failed"
    assert problem.message == "practice P002 could not be counted on Spark: ValueError: no such luck."
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


def records_that_were_changed_are_refused(store: Path, tasks: OnSpark, folder: Path) -> None:
    events = Store(store).path("P003", "events")
    assert events is not None
    events.write_bytes(events.read_bytes() + b" ")
    with pytest.raises(Refused) as refused:
        write_evaluation(evaluator("qif-2024-25", store), folder / "changed", schedule=tasks)
    assert [problem.code for problem in refused.value.problems] == ["evaluation.records-changed"]
