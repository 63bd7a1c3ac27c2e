"""The kind: a command of the service where there is no deployment, or none that can be used. It says so in a line with
a code and what to do, and makes nothing; no traceback is shown."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.one_database

COMMANDS = {
    "backup": "backup",
    "rehearse": "rehearse 2024-05-03",
    "audit": "audit verify",
    "people list": "people list",
    "people invite": "people invite --administrator jo@example.org --commissioner QNC",
    "organisations show": "organisations show",
    "organisations merge": "organisations merge QNC --into QUA --from 2026-04-01 --reason merged",
    "register list": "register list",
    "register export": "register export qif-2024-25 --to out.yaml",
    "receive": "receive qif-2024-25 --commissioner QNC --on 2025-03-31 --practices p.csv --counts c.csv",
}
"""Every command that works on a deployment that is there; `serve`, `restore` and `organisations import` make one."""
NOBODY = "postgres://nobody:nothing@127.0.0.1:1/remit"
commands = pytest.mark.parametrize("line", COMMANDS.values(), ids=COMMANDS)


def ran(folder: Path, line: str, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from remit.cli.main import main; main()", *line.split(), *more],
        env={name: value for name, value in os.environ.items() if not name.startswith(("REMIT_", "DJANGO_"))},
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def refused(done: subprocess.CompletedProcess[str], code: str) -> None:
    assert done.returncode == 1, done
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.rstrip().endswith(f"[{code}]"), done.stderr


@commands
def test_where_there_is_none_nothing_is_made(tmp_path: Path, line: str) -> None:
    refused(ran(tmp_path, line, "--data", "none"), "service.nothing-there")
    assert not (tmp_path / "none").exists()


@commands
def test_a_database_that_does_not_answer(tmp_path: Path, line: str) -> None:
    (tmp_path / "data").mkdir()
    refused(ran(tmp_path, line, "--data", "data", "--database", NOBODY), "service.database-unreachable")


@commands
def test_a_file_that_is_no_database(tmp_path: Path, line: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "remit.sqlite3").write_text("this is no database, and long enough to be read as one\n" * 9)
    refused(ran(tmp_path, line, "--data", "data"), "service.database-failed")


@commands
def test_a_database_without_tables(tmp_path: Path, line: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "remit.sqlite3").touch()
    done = ran(tmp_path, line, "--data", "data")
    if line == "organisations show":  # a map may come in before the first start
        assert "No commissioner is set up yet." in done.stdout
    else:
        refused(done, "service.organisation" if "merge" in line else "service.nothing-there")
