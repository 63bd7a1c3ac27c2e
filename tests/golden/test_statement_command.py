"""`remit statement` from the command line: what it writes, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import remit
from remit.cli.main import app
from remit.core.problems import Refused

EXAMPLE = Path(__file__).parents[2] / "examples" / "qif-2024-25"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of three practices, two of whose codes are no file names."""
    place = tmp_path_factory.mktemp("runs")
    rows = (EXAMPLE / "practices.csv").read_text()
    line = rows.splitlines()[1]
    (place / "practices.csv").write_text(
        rows + line.replace("A1", "../A1", 1) + "\n" + line.replace("A1", "__A1", 1) + "\n"
    )
    remit.write_run(remit.run("qif-2024-25", place / "practices.csv", EXAMPLE / "counts.csv"), place / "run")
    return place / "run"


def remit_statement(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["statement", *map(str, words)])


def test_in_the_terminal(folder: Path) -> None:
    said = remit_statement(folder, "--practice", "A1")
    assert said.exit_code == 0
    assert "£16,100.00" in said.stdout


def test_several_files_at_once(folder: Path, tmp_path: Path) -> None:
    paths = {ending: tmp_path / f"a1.{ending}" for ending in ("pdf", "html", "xlsx")}
    options = [word for ending, path in paths.items() for word in (f"--{ending}", path)]
    assert remit_statement(folder, "--practice", "A1", *options).exit_code == 0
    assert paths["pdf"].read_bytes().startswith(b"%PDF")
    assert paths["html"].read_text().startswith("<!doctype html>")
    assert paths["xlsx"].read_bytes().startswith(b"PK")


def test_every_practice_into_a_folder(folder: Path, tmp_path: Path) -> None:
    assert remit_statement(folder, "--all", "--html", tmp_path / "all").exit_code == 0
    names = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert names == ["A1.html", "_A1.html", "__A1.html"]
    assert not (tmp_path / "A1.html").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--practice", "A2"), "no practice 'A2' in this run. Did you mean A1"),
        ((), "the run has 3 practices"),
        (("--all",), "--all needs a folder"),
        (("--all", "--practice", "A1"), "do not go together"),
        (("--practice", "A1", "--pdf", "x", "--html", "x"), "two options name the same file"),
    ],
)
def test_it_refuses(folder: Path, words: tuple[str, ...], message: str) -> None:
    said = remit_statement(folder, *words)
    assert isinstance(said.exception, Refused)
    assert message in str(said.exception)


def test_nothing_is_overwritten_unless_that_is_said(folder: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.html"
    there.write_text("mine")
    other = tmp_path / "other.pdf"
    said = remit_statement(folder, "--practice", "A1", "--html", there, "--pdf", other)
    assert isinstance(said.exception, Refused)
    assert there.read_text() == "mine"
    assert not other.exists()
    assert remit_statement(folder, "--practice", "A1", "--html", there, "--replace").exit_code == 0
    assert "£16,100.00" in there.read_text()
