"""The scripts of ../shared/cases/hostile, as their README says that they must end."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def play(shared: Path, tmp_path: Path):
    """Run one of the scripts with this checkout's Remit, in a folder of its own. Returns what it printed."""
    command = tmp_path / "remit"
    code = shlex.quote("from remit.cli.main import main; main()")
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c {code} "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    (tmp_path / "work").mkdir()
    environment = {
        **os.environ,
        "REMIT": str(command),
        "TMPDIR": str(tmp_path / "work"),
        "PYTHONPATH": str(ROOT / "src"),
    }

    def played(name: str) -> str:
        script = shared / "cases" / "hostile" / name
        said = subprocess.run(["bash", script], env=environment, capture_output=True, text=True, check=False)
        assert said.returncode == 0, said
        return said.stdout

    return played


def test_a_store_under_a_named_folder_is_counted_as_elsewhere(play) -> None:
    lines = play("store-under-a-named-folder.sh").splitlines()
    counted = [line for line in lines if line.startswith("rc=")]
    assert [line.split()[0] for line in counted] == ["rc=0"] * 3
    assert len({line.split()[2] for line in counted}) == 1, "the same bytes"
    awarded = [line.split()[-1] for line in lines if "Pounds awarded" in line]
    assert len(awarded) == 3
    assert len(set(awarded)) == 1, "the same sum"
    assert awarded[0].startswith("£")


def test_replace_destroys_nothing(play) -> None:
    lines = play("replace-destroys.sh").splitlines()
    assert {"manifest.json", "a.js"} <= {*lines}
    assert not [line for line in lines if "Written" in line]
