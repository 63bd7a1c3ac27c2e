"""A schedule shares practices out in whatever order and wherever: what comes of it is the same."""

from __future__ import annotations

import pickle
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar
from unittest import mock

import pytest
from tests.faults.folders import SMALL, imported, write_folder

from remit.core.problems import Refused
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.work import Work
from remit.evaluation.workers import GIGABYTE, Job, count_all, grouped
from remit.files.schedules import Begin, Result, Setup, ThisMachine
from remit.records.quality import check_store
from remit.records.store import Store
from remit.rules.definitions import shipped
from remit.scheme import load_scheme
from remit.synthetic.store import make_store, store_request
from remit.terminology.sets import demonstration


@dataclass(frozen=True)
class Elsewhere:
    """As on another machine: nothing is passed but what is pickled, and the last task is done first."""

    here: ClassVar[bool] = False

    def at_once(self, practices: int, rows: int, memory: int = 0) -> int:
        return 2

    def shared_out(
        self, begin: Begin[Setup, Result], setup: Setup, tasks: Sequence[Sequence[str]], at_once: int, hint: str
    ) -> Generator[Result, None, None]:
        sent_begin, sent_setup = pickle.loads(pickle.dumps((begin, setup)))
        do = sent_begin(sent_setup)
        for task in reversed(tasks):
            for result in do(task):
                yield pickle.loads(pickle.dumps(result))


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Each file below a folder, with who may read it."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mode, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_check_is_the_same_in_whatever_order_practices_come(tmp_path: Path) -> None:
    events = [*SMALL["events"], "A1,p1,1901-01-01,38341003,,,,", "B2,p1,1901-01-01,38341003,,,,"]
    imported(write_folder(tmp_path / "in", {**SMALL, "events": events}), tmp_path / "store")
    store = Store(tmp_path / "store")
    told: list[tuple[int, int]] = []
    checked = check_store(store, {"38341003"}, progress=lambda *done: told.append(done), schedule=Elsewhere())
    assert checked == check_store(store, {"38341003"})
    assert [practice.code for practice in checked.practices] == ["A1", "B2"]
    assert {finding.practice for finding in checked.findings} >= {"A1", "B2"}
    assert told == [(1, 2), (2, 2)]
    for code in ("A1", "B2"):
        (tmp_path / "store" / f"practice={code}" / "events-000001.parquet").unlink()
    with pytest.raises(Refused) as refused:
        check_store(Store(tmp_path / "store"), schedule=Elsewhere())
    assert [problem.data["practice"] for problem in refused.value.problems] == ["A1", "B2"]


def test_people_that_are_made_elsewhere_are_the_same(tmp_path: Path) -> None:
    request = store_request(40, 7, date(2025, 3, 31), 3, years=2)
    make_store(request, tmp_path / "here", workers=1)
    make_store(request, tmp_path / "sent", schedule=Elsewhere())
    assert tree(tmp_path / "here") == tree(tmp_path / "sent")
    assert len(tree(tmp_path / "here")) > 10


def test_few_practices_are_one_task_for_each_that_counts_at_once(tmp_path: Path) -> None:
    """Eight practices of equal size: small ones are planned together, large ones a few to each worker."""
    job = Job(evaluator(tmp_path), "duckdb", Work(tmp_path), memory=100 * GIGABYTE)
    codes = [f"P{n}" for n in range(8)]
    for rows, at_once, groups in (
        (1_000, 1, 1),
        (1_000, 2, 2),
        (1_000, 4, 4),
        (900_000, 2, 2),
        (1_000_000, 2, 4),
        (4_000_000, 2, 4),
    ):
        with mock.patch.object(Store, "partition", lambda *_, rows=rows: Rows(rows)):
            found = grouped(job, codes, at_once)
        assert len(found) == groups
        assert [code for group in found for code in group] == codes


def test_what_a_task_sends_in_part_is_refused(tmp_path: Path) -> None:
    class Torn(Elsewhere):
        def shared_out(
            self, begin: Begin[Setup, Result], setup: Setup, tasks: Sequence[Sequence[str]], at_once: int, hint: str
        ) -> Generator[Result, None, None]:
            for one in super().shared_out(begin, setup, tasks, at_once, hint):
                one.files.popitem()  # type: ignore[attr-defined]
                yield one

    made = evaluator(tmp_path)
    work = Work(tmp_path / "work")
    work.folder.mkdir()
    work.make_parts()
    with pytest.raises(Refused) as refused:
        list(count_all(Job(made, "duckdb", work), made.practices(()), Torn(), 1))
    assert [problem.code for problem in refused.value.problems] == ["files.spark-task-failed"]


def test_so_few_records_are_done_by_one_process() -> None:
    assert [ThisMachine().at_once(9, rows, 10**12) for rows in (0, 500_000)] == [1, 1]
    with mock.patch("remit.files.schedules.os.sched_getaffinity", return_value=set(range(4)), create=True):
        assert ThisMachine().at_once(9, 500_001, 10**12) == 4
        assert ThisMachine().at_once(3, 500_001, 10**12) == 3
    assert ThisMachine(2).at_once(9, 1) == 2


@dataclass(frozen=True)
class Rows:
    each: int

    def rows(self, table: str) -> int:
        return self.each if table == "events" else 0


def evaluator(folder: Path) -> Evaluator:
    make_store(store_request(30, 7, date(2025, 3, 31), 1, years=1), folder / "store", workers=1)
    scheme = load_scheme("qif-2024-25")
    return Evaluator(scheme, Store(folder / "store"), demonstration(), shipped(), scheme.achievement_date)
