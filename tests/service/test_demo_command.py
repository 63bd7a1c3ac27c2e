"""`./demo` without a terminal, from an empty folder to its end: what it says, and that it leaves nothing running."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.one_database

ROOT = Path(__file__).parents[2]
DEMO = ". scripts/environment.sh; . scripts/demo_service.sh"
"""As ./demo has it, once it has prepared .venv."""


def demo(out: Path) -> subprocess.CompletedProcess[str]:
    bin_ = Path(sys.executable).parent
    given = os.environ | {"out": str(out), "bin": str(bin_), "COLUMNS": "200"}
    given = {name: value for name, value in given.items() if not name.startswith(("REMIT_", "DJANGO_"))}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", DEMO],
        cwd=ROOT, env=given, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900,
    )  # fmt: skip


@pytest.mark.slow
def test_it_loads_looks_at_itself_and_stops(tmp_path: Path) -> None:
    done = demo(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"step 7 of 10: QOF at the end of January\n", done.stdout)
    assert '/health says: {"status": "up"' in done.stdout
    said = re.findall(r"You have earned (£[0-9,.]+[0-9]) as it stands", done.stdout)
    assert len(said) == 2
    assert re.findall(r"remit run of the same files: (£[0-9,.]+[0-9]), the same to the penny", done.stdout) == said
    log = (tmp_path / "service.log").read_text()
    assert '"event": "stopped"' in log
    assert '"level": "error"' not in log
    again = demo(tmp_path)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "step 1" not in again.stdout
    assert re.findall(r"You have earned (£[0-9,.]+[0-9]) as it stands", again.stdout) == said


def test_what_fails_ends_it_with_the_logs_last_lines(tmp_path: Path) -> None:
    (tmp_path / "service").mkdir()
    (tmp_path / "service" / "remit.sqlite3").write_text("no database")
    done = demo(tmp_path)
    assert done.returncode == 1
    assert "The service did not come up. The last lines of" in done.stderr
    assert "Traceback" not in done.stderr
