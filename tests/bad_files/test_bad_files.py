"""One broken file per mistake: each is refused with its place and the way out, and nothing is written.

The words that an error must contain stand in `words.yaml` beside the files.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from tests.bad_files.command import COUNTS, HERE, PRACTICES, assert_refused, contents, remit, run_arguments

FOLDERS = ("schemes", "practices", "counts", "national", "assign", "recovery")
BROKEN = [
    (folder, path.name) for folder in FOLDERS for path in sorted((HERE / folder).iterdir()) if path.name != "words.yaml"
]
WORDS = {f: yaml.safe_load((HERE / f / "words.yaml").read_text(encoding="utf-8")) for f in FOLDERS}


def arguments(folder: str, path: Path) -> list[str | Path]:
    """A run in which that one file is wrong."""
    if folder == "schemes":
        return run_arguments(path)
    if folder == "national":
        return [*run_arguments("qof-england-2018-19", national=path), "--ignore-unknown"]
    return run_arguments("qif-2024-25", **{folder: path})


def test_every_file_has_its_words() -> None:
    assert {(folder, name) for folder, words in WORDS.items() for name in words} == set(BROKEN)


@pytest.mark.parametrize(("folder", "name"), BROKEN, ids=[f"{folder}/{name}" for folder, name in BROKEN])
def test_a_broken_file_is_refused(folder: str, name: str, tmp_path: Path) -> None:
    path = HERE / folder / name
    said = remit(*arguments(folder, path), "--out", tmp_path / "out")
    assert_refused(said, name, *WORDS[folder][name])
    assert list(tmp_path.iterdir()) == []
    problems = [line for line in said.err.splitlines() if not re.match(r"\d+ problems|… and ", line)]
    assert [line for line in problems if len(line) > 2500 and "9999" not in line] == []
    assert len(set(problems)) == len(problems), "the same thing is said twice"


@pytest.mark.parametrize(
    "scheme", ["good_scheme.yaml", "good_scheme_with_a_gate.yaml", "good_scheme_with_everything.yaml"]
)
def test_the_files_that_they_were_made_from_are_accepted(scheme: str, tmp_path: Path) -> None:
    counts = tmp_path / "counts.csv"
    counts.write_text("practice_code,indicator_code,measure,value\nA81001,1,REGISTER,84\n", encoding="utf-8")
    said = remit(*run_arguments(HERE / scheme, counts=counts), "--out", tmp_path / "out")
    assert said.status == 0, said.err


def test_the_good_inputs_are_accepted(tmp_path: Path) -> None:
    said = remit(*run_arguments("qif-2024-25", PRACTICES, COUNTS), "--out", tmp_path / "out")
    assert said.status == 0, said.err
    assert "payment.csv" in contents(tmp_path / "out")


@pytest.mark.parametrize(
    ("folder", "name"), [("counts", "negative.csv"), ("schemes", "malformed.yaml"), ("practices", "empty.csv")]
)
def test_a_run_that_is_there_stays_as_it_was(folder: str, name: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert remit(*run_arguments("qif-2024-25"), "--out", out).status == 0
    before = contents(tmp_path)
    assert_refused(remit(*arguments(folder, HERE / folder / name), "--out", out, "--replace"), name)
    assert contents(tmp_path) == before
    assert_refused(remit(*arguments(folder, HERE / folder / name), "--out", out), "out: holds another run", "--replace")
    assert contents(tmp_path) == before
