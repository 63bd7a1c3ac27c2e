"""The hazard log: seven hazards, each with controls that tests hold, and every test that it names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.bad_files.command import remit
from tests.faults.folders import write_folder
from tests.nhs_numbers import numbers

from remit.records.store import Store

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "safety" / "index.md").read_text(encoding="utf-8")
HAZARDS = dict(re.findall(r"^## (\d\. .+?)\n(.+?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


def named_in(text: str) -> list[tuple[str, str]]:
    return re.findall(r"^- `(tests/[\w/]+\.py)::(\w+)`$", text, re.MULTILINE)


def test_there_are_seven_hazards_each_with_a_test_and_what_is_left() -> None:
    assert [title[0] for title in HAZARDS] == [*"1234567"]
    for title, text in HAZARDS.items():
        assert named_in(text), title
        assert "**Left for you:**" in text, title


def test_every_test_that_holds_a_hazard_is_there() -> None:
    named = named_in(PAGE)
    assert len(named) == PAGE.count("::test_")
    for file, name in named:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        there = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert name in there, f"{file}::{name}"


def test_a_filler_links_nobody(tmp_path: Path) -> None:
    """Ten nines and ten zeros have the check digit of an NHS number: 9×54 = 486 = 44×11 + 2, and 11 − 2 = 9."""
    (number,) = numbers(1)
    ids = [number, "9999999999", "0000000000", "999 999 9999"]
    tables = {
        "extracts": ["2025-03,A1,2025-03-31"],
        "patients": [f"A1,{id_},1950-06-30,F,,A,3," for id_ in ids],
        "events": [f"A1,{id_},2024-05-01,271649006,138,mmHg,," for id_ in ids],
    }
    (tmp_path / "key").write_text("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
    said = remit("records", "import", write_folder(tmp_path / "in", tables), "--store", tmp_path / "store",
                 "--key-file", tmp_path / "key")  # fmt: skip
    assert said.status == 0, said.err
    (patient,) = Store(tmp_path / "store").patients("A1")
    assert len(patient.events) == 1
