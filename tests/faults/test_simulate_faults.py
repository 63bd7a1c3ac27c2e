"""What goes wrong while reforms are simulated: a kill at every step, other inputs, a damaged block.

After each, the same command goes on, to the same bytes as if nothing had happened; what rests on other inputs is not
used, and that is said.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from unittest import mock

import pytest
from tests import forks
from tests.bad_files.command import CommandResult, contents, remit
from tests.unit.test_simulate import COUNTS, PENNY, PRACTICES, RETIRED

from remit.analysis.simulation import draws
from remit.application.progress import Stopped
from remit.application.simulate import Request, evaluate

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of three practices, two reforms, and what a simulation that nothing interrupts writes."""
    home = tmp_path_factory.mktemp("home")
    files = {"practices.csv": PRACTICES, "counts.csv": COUNTS, "retired.yaml": RETIRED, "penny.yaml": PENNY}
    for name, text in files.items():
        (home / name).write_text(text, encoding="utf-8")
    given = ("--practices", home / "practices.csv", "--counts", home / "counts.csv")
    items = ("--indicator", "2a", "--indicator", "4")
    assert remit("run", "qif-2024-25", *given, *items, "--out", home / "run").status == 0
    assert simulate(home, home / "whole").status == 0
    return home


def words(home: Path, out: Path, *more: str) -> list[str]:
    changes = ("--change", home / "retired.yaml", "--change", home / "penny.yaml")
    return list(map(str, ("simulate", home / "run", *changes, "--draws", "60", "--out", out, *more)))


def simulate(home: Path, out: Path, *more: str) -> CommandResult:
    with mock.patch.object(draws, "SIZE", 1):
        return remit(*words(home, out, *more))


def killed(home: Path, out: Path, step: int, *more: str) -> int:
    """The simulation ended before a step; its exit."""
    given = (str(step), *words(home, out, *more))
    return forks.run(module="tests.faults.killed_simulation", words=given, environment=dict(os.environ)).returncode


@pytest.mark.parametrize("step", [3, 8, 14])
def test_killed_at_any_step_it_goes_on_to_the_same_bytes(home: Path, tmp_path: Path, step: int) -> None:
    out = tmp_path / "out"
    assert killed(home, out, step) == -9
    assert not out.exists()
    said = simulate(home, out)
    assert said.status == 0, said.err
    assert "dropped" not in said.err
    assert contents(out) == contents(home / "whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


def partly_done(home: Path, tmp_path: Path) -> Path:
    """Where a killed simulation keeps the blocks that are done."""
    for step in range(6, 20):
        killed(home, tmp_path / "out", step)
        work = tmp_path / ".out.simulating"
        if any((work / "done").glob("[0-9]*")):
            return work
        shutil.rmtree(work, ignore_errors=True)
    raise AssertionError("no step leaves a block")


def test_blocks_of_other_inputs_are_dropped_and_that_is_said(home: Path, tmp_path: Path) -> None:
    partly_done(home, tmp_path)
    said = simulate(home, tmp_path / "out", "--seed", "2")
    assert said.status == 0, said.err
    assert "draws of an interrupted simulation were dropped, for the seed changed since" in said.err
    assert simulate(home, tmp_path / "again", "--seed", "2").status == 0
    assert contents(tmp_path / "out") == contents(tmp_path / "again")


def test_a_damaged_block_is_drawn_again(home: Path, tmp_path: Path) -> None:
    work = partly_done(home, tmp_path)
    for path in (work / "done").glob("[0-9]*"):
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert simulate(home, tmp_path / "out").status == 0
    assert contents(tmp_path / "out") == contents(home / "whole")


def test_cancelled_among_draws_it_goes_on_from_there(home: Path, tmp_path: Path) -> None:
    """Three practices are priced, then the run without 2a drawn: cancelled once a block is done."""
    done: list[int] = []

    def cancelled() -> bool:
        return len(done) >= 5

    request = Request(home / "run", (home / "retired.yaml", home / "penny.yaml"), None, 60, folder=tmp_path / "out")
    with mock.patch.object(draws, "SIZE", 1):
        with pytest.raises(Stopped):
            evaluate(request, lambda n, of: done.append(n), cancelled)
        assert not (tmp_path / "out").exists()
        assert any((tmp_path / ".out.simulating" / "done").iterdir())
        evaluate(request)
    assert contents(tmp_path / "out") == contents(home / "whole")
