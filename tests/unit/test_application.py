"""Every use case works where there is no terminal, and where it is stopped, what was there before stays."""

from __future__ import annotations

import inspect
import json
import os
import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from tests.bad_files.command import contents
from tests.unit import application_calls as calls
from tests.unit.application_calls import CALLS, HELPERS, PARTS

import remit.application
from remit.application.evaluate import EvaluationRequest, evaluate
from remit.application.progress import Stopped
from remit.application.records import ImportRequest, import_records
from remit.application.synth import SynthRequest, make_people

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"


def public() -> set[str]:
    """Every public function of the application that is defined in the module that has it."""
    found = set()
    for module in pkgutil.iter_modules(remit.application.__path__):
        if module.name in HELPERS:
            continue
        of = import_module(f"remit.application.{module.name}")
        found |= {
            f"{module.name}.{name}"
            for name, one in vars(of).items()
            if inspect.isfunction(one) and one.__module__ == of.__name__ and not name.startswith("_")
        }
    return found


def test_every_use_case_has_a_call() -> None:
    assert public() - PARTS == set(CALLS)


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The type of what each call returned, in a process where typer and rich cannot be imported."""
    words = [
        sys.executable,
        calls.__file__,
        str(tmp_path_factory.mktemp("calls")),
        str(ROOT / "examples" / "qif-2024-25"),
    ]
    done = subprocess.run(
        words, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(SRC)}, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", "a use case prints nothing"
    [line] = done.stdout.splitlines()
    found: dict[str, str] = json.loads(line)
    return found


@pytest.mark.parametrize("name", CALLS)
def test_a_use_case_needs_no_terminal_and_returns_its_result(name: str, returned: dict[str, str]) -> None:
    assert returned[name] not in ("NoneType", "generator")


# Stopped after the first practice.


class AfterOne:
    """Cancels once one practice is done."""

    def __init__(self) -> None:
        self.done: list[int] = []

    def progress(self, done: int, of: int) -> None:
        """Keep what is said."""
        self.done.append(done)

    def cancelled(self) -> bool:
        """Whether a first practice, or a first piece, is done."""
        return self.done[-1] > 0


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up people of three practices."""
    path = tmp_path_factory.mktemp("people") / "store"
    make_people(SynthRequest(path, 120, calls.ON, practices=3, years=2, workers=1))
    return path


def test_an_evaluation_that_is_stopped_leaves_the_old_one_and_goes_on(store: Path, tmp_path: Path) -> None:
    out, plain = tmp_path / "out", tmp_path / "plain"
    evaluate(EvaluationRequest("qif-2024-25", store, plain))
    evaluate(EvaluationRequest("qif-2024-25", store, out, practices=("P001",)))
    before = contents(out)
    again = EvaluationRequest("qif-2024-25", store, out, replace=True, engine="reference", workers=1)
    stop = AfterOne()
    with pytest.raises(Stopped):
        evaluate(again, stop.progress, stop.cancelled)
    assert stop.done == [0, 1]
    assert contents(out) == before
    result = evaluate(again)
    assert (result.evaluated.resumed, result.evaluated.practices) == (1, 3)
    assert contents(out) == contents(plain), "whichever engine counts, and however often it is stopped"


def extract(folder: Path, day: str) -> Path:
    """An extract of two practices of a patient each."""
    folder.mkdir()
    tables = {
        "extracts": "practice_code,extract_id,last_day\n" + "".join(f"{p},{day},{day}\n" for p in ("X1", "X2")),
        "patients": "practice_code,patient_id,birth_date,sex\nX1,p1,1960-01-01,F\nX2,p2,1960-01-01,F\n",
        "registrations": "practice_code,patient_id,registered_at,start_date,end_date\n"
        "X1,p1,X1,2010-01-01,\nX2,p2,X2,2010-01-01,\n",
        "events": f"practice_code,patient_id,date,code\nX1,p1,{day},38341003\nX2,p2,{day},38341003\n",
        "prescriptions": "practice_code,patient_id,date,code\n",
        "practices": "practice_code,since,practice_name\nX1,2020-01-01,One\nX2,2020-01-01,Two\n",
    }
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_an_import_that_is_stopped_leaves_the_store_and_goes_on(tmp_path: Path) -> None:
    old, new = extract(tmp_path / "old", "2025-02-28"), extract(tmp_path / "new", "2025-03-31")
    store, plain = tmp_path / "store", tmp_path / "plain"
    for folder in (store, plain):
        import_records(ImportRequest(old, folder, keep_ids=True))
    before = contents(store)
    again = ImportRequest(new, store, keep_ids=True, mode="append")
    said: list[tuple[int, int]] = []
    import_records(ImportRequest(new, plain, keep_ids=True, mode="append"), lambda done, of: said.append((done, of)))
    of_first = said[-2][0]  # what had been done when the first of the two practices was
    stop = AfterOne()
    with pytest.raises(Stopped):
        import_records(again, stop.progress, lambda: stop.done[-1] >= of_first)
    left = contents(store)
    assert {name: left[name] for name in before} == before
    result = import_records(again)
    assert result.report.resumed == 1
    assert contents(store) == contents(plain)


def test_making_people_that_is_stopped_makes_nothing_and_leaves_the_old(store: Path, tmp_path: Path) -> None:
    there, request = tmp_path / "store", SynthRequest(tmp_path / "store", 90, calls.ON, practices=3, years=2, workers=1)
    make_people(request)
    before = contents(there)
    stop = AfterOne()
    with pytest.raises(Stopped):
        make_people(SynthRequest(there, 60, calls.ON, practices=3, years=2, workers=1, replace=True),
                    stop.progress, stop.cancelled)  # fmt: skip
    assert contents(there) == before
    assert [path.name for path in tmp_path.iterdir()] == ["store"]
