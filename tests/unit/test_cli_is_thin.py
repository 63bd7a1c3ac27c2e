"""A file of the command line parses, calls a use case and shows its document: it is short."""

from __future__ import annotations

from pathlib import Path

CLI = Path(__file__).parents[2] / "src" / "remit" / "cli"
MOST = 150


def test_no_file_of_the_command_line_is_long() -> None:
    long = [path.name for path in CLI.glob("*.py") if len(path.read_text(encoding="utf-8").splitlines()) > MOST]
    assert long == []
