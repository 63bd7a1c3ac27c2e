"""`--keep` where of several practices, counted together, some have records taken back: each is its own."""

from __future__ import annotations

from pathlib import Path

from tests.bad_files.command import CommandResult, contents, remit
from tests.faults.folders import HEADERS, imported

from remit.records.store import Store
from remit.terminology.sets import demonstration

PRACTICES = ("A1", "B2", "C3")
CODE = sorted(demonstration().codes_of("HYP_COD"))[0]


def extract(folder: Path, month: str, events: list[str]) -> Path:
    folder.mkdir()
    people = [(code, f"{code}-{n}") for code in PRACTICES for n in range(30)]
    tables = {
        "extracts": [HEADERS["extracts"], *(f"{month},{code},{month}-28" for code in PRACTICES)],
        "patients": [HEADERS["patients"], *(f"{code},{who},1950-06-30,F,,A,3," for code, who in people)],
        "registrations": [HEADERS["registrations"], *(f"{code},{who},{code},2001-01-01," for code, who in people)],
        "events": [f"{HEADERS['events']},record,status", *events],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return folder


def row(code: str, n: int, status: str = "final", year: int = 2015) -> str:
    return f"{code},{code}-{n},{year}-05-01,{CODE},,,,,{code}{n}{year},{status}"


def evaluate(store: Path, out: Path, *more: str | Path) -> CommandResult:
    words = ("evaluate", "qof-england-2024-25", "--records", store, "--on", "2025-02-28", "--workers", "1")
    return remit(*words, "--out", out, *more)


def test_what_is_taken_back_of_one_is_not_looked_for_in_another(tmp_path: Path) -> None:
    store, kept = tmp_path / "store", tmp_path / "kept"
    base = [row(code, n, year=year) for code in PRACTICES for n in range(30) for year in range(2000, 2010)]
    first = [*base, *(row(code, n) for code in PRACTICES for n in range(30))]
    imported(extract(tmp_path / "one", "2025-01", first), store)
    assert evaluate(store, tmp_path / "then", "--keep", kept).status == 0
    taken = [row("C3", n, "entered-in-error", year) for n in range(4) for year in (*range(2000, 2010), 2015)]
    imported(extract(tmp_path / "two", "2025-02", [*taken, row("A1", 29, year=2024)]), store, "append")
    assert Store(store).partition("C3").files("events.dropped")
    assert not Store(store).partition("A1").files("events.dropped")
    said = evaluate(store, tmp_path / "now", "--keep", kept)
    assert "Of 3 of 3 practices only what is new was read." in said.out, said.err
    assert evaluate(store, tmp_path / "whole").status == 0
    assert contents(tmp_path / "now") == contents(tmp_path / "whole")
    assert contents(tmp_path / "now") != contents(tmp_path / "then")
