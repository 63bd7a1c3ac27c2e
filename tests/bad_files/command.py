"""The `remit` command as a user runs it, and what it left behind."""

from __future__ import annotations

import contextlib
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from remit.cli.main import main

HERE = Path(__file__).parent
PRACTICES, COUNTS = HERE / "good_practices.csv", HERE / "good_counts.csv"


@dataclass(frozen=True)
class CommandResult:
    """How a command ended, and what it wrote to the terminal."""

    status: int
    out: str
    err: str


def remit(*words: str | Path) -> CommandResult:
    """Run the command in this process, through its own entry point: anything but an exit fails the test."""
    out, err = io.StringIO(), io.StringIO()
    status = 0
    with (
        mock.patch.object(sys, "argv", ["remit", *map(str, words)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
    return CommandResult(status, out.getvalue(), err.getvalue())


def run_arguments(
    scheme: str | Path, practices: Path = PRACTICES, counts: Path = COUNTS, **options: Path
) -> list[str | Path]:
    """The arguments of `remit run`, but for `--out`."""
    words: list[str | Path] = ["run", scheme, "--practices", practices, "--counts", counts]
    for name, value in options.items():
        words += [f"--{name}", str(value)]
    return words


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def assert_refused(said: CommandResult, *words: str) -> None:
    """Status 1, nothing on standard output, every word in what is said, and no traceback."""
    assert said.status == 1, said
    assert said.out == ""
    assert "Traceback" not in said.err
    assert [part for part in words if part not in said.err] == [], said.err
