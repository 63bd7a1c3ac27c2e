"""After `remit records compact` what was worked out before goes on being of use: the records are the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.bad_files.command import CommandResult, contents, remit
from tests.faults.folders import HEADERS, imported

from remit.records.store import Store

ROWS = {
    "patients": [f"A1,p{n},19{50 + n % 40}-06-30,F,,A,3," for n in range(60)],
    "registrations": [f"A1,p{n},A1,2001-01-01," for n in range(60)],
}


def extract(folder: Path, month: str, events: list[str]) -> Path:
    folder.mkdir(parents=True)
    tables = {"extracts": [f"{month},A1,{month}-28"], **ROWS, "events": events}
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_text("\n".join([HEADERS[name], *rows]) + "\n")
    return folder


def made_up(code: str, day: str, value: str = "", unit: str = "") -> list[str]:
    return [f"A1,p{n},{day},{code},{value},{unit},," for n in range(60)]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A base, and a month that lies beside it."""
    folder = tmp_path / "store"
    base = [row for year in range(2010, 2024) for row in made_up("made-up:HYP_COD-01", f"{year}-05-01")]
    imported(extract(tmp_path / "one", "2025-01", base), folder, "add")
    later = made_up("made-up:BPSYS_COD-01", "2025-02-10", "130", "mmHg")[:20]
    imported(extract(tmp_path / "two", "2025-02", later), folder, "append")
    assert Store(folder).partition("A1").beside
    return folder


def evaluate(store: Path, out: Path, *more: str | Path) -> CommandResult:
    return remit("evaluate", "qif-2024-25", "--records", store, "--on", "2025-02-28", "--out", out, *more)


def worklist(store: Path, out: Path) -> CommandResult:
    return remit("worklist", out, "--records", store, "--practice", "A1")


def test_a_worklist_and_what_was_kept_outlive_it(store: Path, tmp_path: Path) -> None:
    kept, out = tmp_path / "kept", tmp_path / "out"
    assert evaluate(store, out, "--keep", kept).status == 0
    before = worklist(store, out)
    assert before.status == 0, before.err
    assert remit("records", "compact", store).status == 0
    assert not Store(store).partition("A1").beside
    assert worklist(store, out).out == before.out
    said = evaluate(store, tmp_path / "again", "--keep", kept)
    assert "Of 1 of 1 practice only what is new was read." in said.out
    evaluate(store, tmp_path / "without")
    assert contents(tmp_path / "again") == contents(tmp_path / "without")


def test_a_month_after_it_goes_on(store: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    evaluate(store, tmp_path / "out", "--keep", kept)
    remit("records", "compact", store)
    more = made_up("made-up:BPSYS_COD-01", "2025-02-20", "150", "mmHg")[20:30]
    imported(extract(tmp_path / "three", "2025-03", more), store, "append")
    said = evaluate(store, tmp_path / "again", "--keep", kept)
    assert "Of 1 of 1 practice only what is new was read." in said.out
    evaluate(store, tmp_path / "without")
    assert contents(tmp_path / "again") == contents(tmp_path / "without")
    refused = worklist(store, tmp_path / "out")
    assert "holds other records of A1" in refused.err


def test_records_that_were_corrected_since_are_others(store: Path, tmp_path: Path) -> None:
    kept, out = tmp_path / "kept", tmp_path / "out"
    evaluate(store, out, "--keep", kept)
    remit("records", "compact", store)
    shutil.rmtree(tmp_path / "two")
    imported(extract(tmp_path / "two", "2025-02", made_up("made-up:BPSYS_COD-01", "2025-02-11")), store, "correct")
    assert "folded" not in json.loads((store / "manifest.json").read_bytes())["partitions"]["A1"]
    assert "holds other records of A1" in worklist(store, out).err
    assert "were written anew" in evaluate(store, tmp_path / "again", "--keep", kept).err
