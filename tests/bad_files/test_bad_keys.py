"""Slips in keys and values: a misspelt key one level down, a key in another part of the file, the word of a contract, a
value of another unit or in the wrong order. All of a file are refused at once, at their lines.

The lines, and what is said of them, stand in `keys.yaml`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.bad_files.command import HERE, remit

HEAD = """scheme: slips-2024-25
version: "1"
title: Slips
commissioner: Somebody
year: 2024-25
achievement_date: 2025-03-31
sources: {paper: {title: The paper, standing: verified}}
source: paper
point: {value: £200}
"""
HEADS = "heads: {column: weighted_list_size, called: weighted list, at: 2024-01-01}\n"
TERMS = """terms:
  balance: {due: 2025-06-30}
  recovery: {months: 3, notified: 2025-07-15}
  changes: {joiner: days, leaver: days, merger: successor}
"""
FIRST = """items:
  - {item: "1", indicator: CHD005, measure: achievement, pays: {linear: {points: 10, lower: 40%, upper: 90%}}}
"""
SECOND = (
    '  - {item: "2", indicator: AST007, measure: achievement, pays: {linear: {points: 10, lower: 40%, upper: 90%}}}\n'
)
OWN = '  - item: "2"\n    indicator: AST007\n    measure: achievement\n'
LINE = "    pays: {linear: {points: 10, lower: 40%, upper: 90%}}\n"
CASES = [
    (w, line, words)
    for w, cases in yaml.safe_load((HERE / "keys.yaml").read_text("utf-8")).items()
    for line, words in cases.items()
]


def file_of(where: str, line: str) -> tuple[str, int]:
    """A file with one line more, and the line's number."""
    before, behind = {
        "item": (HEAD + HEADS + TERMS + FIRST + OWN, LINE),
        "pays": (HEAD + HEADS + TERMS + FIRST + OWN, ""),
        "top": (HEAD + HEADS, TERMS + FIRST + SECOND),
        "terms": (HEAD + HEADS + TERMS, FIRST + SECOND),
    }[where]
    line = {"item": "    ", "pays": "    pays: ", "top": "", "terms": "  "}[where] + line
    return f"{before}{line}\n{behind}", before.count("\n") + 1


@pytest.mark.parametrize(("where", "line", "words"), CASES, ids=[f"{where}: {line}"[:60] for where, line, _ in CASES])
def test_a_slip_is_refused_at_its_line(where: str, line: str, words: str, tmp_path: Path) -> None:
    text, number = file_of(where, line)
    file = tmp_path / "slip.yaml"
    file.write_text(text, encoding="utf-8")
    said = remit("check", file)
    assert said.status == 1
    assert "Traceback" not in said.err
    those = [each for each in said.err.splitlines() if words in each]
    assert those, said.err
    assert all(each.startswith(f"{file}:{number}:") for each in those), those


def test_the_file_without_a_slip_is_sound(tmp_path: Path) -> None:
    file = tmp_path / "sound.yaml"
    file.write_text(HEAD + HEADS + TERMS + FIRST + SECOND, encoding="utf-8")
    assert remit("check", file).status == 0


def test_all_slips_in_keys_and_values_are_refused_together(tmp_path: Path) -> None:
    file = tmp_path / "many.yaml"
    one = "    atmost: £9000\n    at_least: -£5\n    only_if: {column: rural, abve: 3}\n    clawback: 50%\n"
    file.write_text(HEAD + "start_date: 2024-10-01\n" + HEADS + TERMS + FIRST + OWN + one + LINE, encoding="utf-8")
    said = remit("check", file).err
    assert [name for name in ("atmost", "'-£5'", "abve", "clawback", "start_date") if name not in said] == []
