"""The tutorial "From a printed contract to a run": a file that grows by blocks, and commands that say what is shown."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from tests.bad_files.command import remit

PAGE = (Path(__file__).parents[2] / "docs" / "tutorial" / "printed-contract.md").read_text(encoding="utf-8")
SCHEME = "marlsea-winter-2025-26.yaml"
_BLOCK = re.compile(r"^```(yaml|console|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CHANGE = re.compile(r"<!-- change: (.*?) -> (.*?) -->")
_FILE = re.compile(r"<!-- file: (.*?) -->")


def test_every_command_says_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    whole, commands = "", []
    for match in _BLOCK.finditer(PAGE):
        above = PAGE[: match.start()].rpartition("\n\n")[2]
        if match[1] == "yaml":
            whole += match[2]
        elif named := _FILE.search(above):
            assert Path(named[1]).exists(), "remit template has written it, and it is filled in"
            Path(named[1]).write_text(match[2], encoding="utf-8")
        else:
            command, _, shown = match[2].removeprefix("$ remit ").partition("\n")
            text = whole
            for before, after in _CHANGE.findall(above):
                assert before in text, before
                text = text.replace(before, after, 1)
            if text:
                Path(SCHEME).write_text(text, encoding="utf-8")
            _says(command, shown)
            commands.append(command.split()[0])
    assert commands == ["new", *["check"] * 4, "show", "template", "run", "statement", "pack"]


def _says(command: str, shown: str) -> None:
    """What the command prints is what is shown, up to an ellipsis."""
    printed = remit(*shlex.split(command))
    lines = [line.rstrip() for line in (printed.err + printed.out).splitlines()]
    wanted = [line.rstrip() for line in shown.splitlines()]
    if wanted[-1] == "…":
        wanted, lines = wanted[:-1], lines[: len(wanted) - 1]
    assert lines == wanted, command


def test_every_quotation_of_the_file_is_in_the_contract() -> None:
    contract = PAGE.split("## The contract")[1].split("\n## ")[0].replace("*", "")
    printed = " ".join(" ".join(line.removeprefix(">") for line in contract.splitlines()).split()).casefold()
    blocks = [match[2] for match in _BLOCK.finditer(PAGE) if match[1] == "yaml"]
    quoted = re.findall(r"^ +words: (?:>-\n +)?(.+)$", "".join(blocks), re.MULTILINE)
    assert len(quoted) == 4
    assert [words for words in quoted if words.casefold() not in printed] == []
