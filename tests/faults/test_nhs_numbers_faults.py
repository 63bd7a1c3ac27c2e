"""However an import ends, no NHS number of the extract is on the disk, and only its owner reads what is.

Each import is ended at every fourth or fifth step that touches the disk: by the system, and by Ctrl-C.
"""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest
from tests import forks
from tests.faults.folders import write_folder
from tests.nhs_numbers import held, numbers

OURS = numbers(8)
TABLES = {
    "extracts": ["2025-03,A1,2025-03-31", "2025-03,B2,2025-03-28"],
    "practices": ["A1,2024-04-01,Ash Surgery,9000,9100.25,cannock,N1", "B2,,Birch Surgery,,,,"],
    "patients": [f"{'A1' if n < 5 else 'B2'},{number},1950-06-30,F,,A,3," for n, number in enumerate(OURS)],
    "registrations": [f"A1,{number},A1,2020-01-01," for number in OURS],
    "events": [f"A1,{number},2024-05-01,271649006,138,mmHg,,r-{OURS[0]}" for number in OURS]
    + [f"A1,1,2024-05-01,{OURS[1]},{OURS[2]},{OURS[3]},{OURS[4]},{OURS[5]}", f"{OURS[6]},1,2024-05-01,1001,,,,"],
}


def ended(by: str, step: int, home: Path) -> subprocess.CompletedProcess[str]:
    paths = (str(home / name) for name in ("in", "store", "key"))
    scratch = {**os.environ, "TMPDIR": str(home / "tmp")}
    return forks.run(module="tests.faults.killed", words=(by, str(step), *paths), environment=scratch)


@pytest.mark.parametrize(("by", "stride"), [("SIGKILL", 7), ("SIGINT", 8)])
@pytest.mark.slow
def test_no_nhs_number_is_left_wherever_an_import_ends(by: str, stride: int, tmp_path: Path) -> None:
    step, whole = 1, False
    seen = 0
    while not whole:
        home = tmp_path / f"{step}"
        write_folder(home / "in", TABLES)
        (home / "tmp").mkdir()
        (home / "key").write_text("3f1c9a7e5b2d8046" * 2 + "a-secret-of-nobody")
        (home / "key").chmod(0o600)
        said = ended(by, step, home)
        whole = said.returncode == 0
        assert whole or said.returncode in (130, 1, -signal.SIGKILL), said.stderr
        assert "Traceback" not in said.stderr
        (home / "said").write_text(said.stdout + said.stderr)
        for name in ("in", "key"):
            (home / name).rename(tmp_path / f"{name}-{step}")
        assert held(home, OURS) == [], f"ended at step {step}"
        left = [path for path in (home / "store").rglob("*") if path.name != ".lock" and path.suffix != ".step"]
        modes = {path.relative_to(home).as_posix(): oct(path.stat().st_mode & 0o077) for path in left}
        assert {name: mode for name, mode in modes.items() if mode != "0o0"} == {}
        seen += any(path.suffix == ".arrow" for path in left)
        step += stride
    assert seen > 3, "rows were laid aside when some of them ended"
