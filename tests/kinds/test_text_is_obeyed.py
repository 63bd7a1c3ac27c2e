"""Kind: text of others (a cell, an option, a folder's name, a scheme's title) that is obeyed and not shown.

By a terminal: control characters. By rich: markup and `:100:`. By a spreadsheet: a cell that is a formula. By
iCalendar: a line end. Each command that prints or writes is tried on such text, wherever others' text comes in.
"""

from __future__ import annotations

import csv
import json
import re
import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.bad_files.command import remit
from tests.checked import checked
from tests.kinds.hostile import CODE, ESC, EVIL, TITLE, make_world, substituted
from tests.profiles import examples

from remit.core.words import visible
from remit.files.formulas import read_cell, written_cell
from remit.files.tables import own_rows, read_table, write_table

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_world(tmp_path_factory.mktemp("world"))


COMMANDS: dict[str, str] = {
    "run": "run scheme.yaml --practices practices.csv --counts counts.csv --set START.tariff=£5 --out new/a",
    "run of claims": "run scheme.yaml --practices practices.csv --claims claims.csv --set START.tariff=£5 --out new/b",
    "run of nobody": "run scheme.yaml --practices practices.csv --counts counts.csv --practice EVIL --out new/c",
    "run, a wrong setting": "run scheme.yaml --practices practices.csv --counts counts.csv --set EVIL=1 --out new/d",
    "run, a wrong file": "run scheme.yaml --practices claims.csv --counts practices.csv --out new/e",
    "run, a missing file": "run scheme.yaml --practices EVIL --counts EVIL --out new/f",
    "run of no scheme": "run EVIL --practices practices.csv --counts counts.csv --out new/g",
    "statement": "statement one --practice CODE",
    "statement in files": "statement one --practice CODE --html new/s.html --xlsx new/s.xlsx --pdf new/s.pdf",
    "statement of claims": "statement claimed --practice CODE",
    "statement, a network": "statement one --practice @N1",
    "statement of nobody": "statement one --practice EVIL",
    "every statement": "statement one --all --html new/all",
    "calendar": "calendar one --practice CODE",
    "calendar, paid twice": "calendar one claimed --practice CODE",
    "calendar in files": "calendar one --practice CODE --csv new/c.csv --ics new/c.ics --html new/c.html",
    "calendar of nobody": "calendar one --practice EVIL",
    "area": "area one",
    "area, paid twice": "area one claimed",
    "area in files": "area one --csv new/a.csv --html new/a.html --pdf new/a.pdf",
    "compare": "compare one claimed --practice CODE --csv new/m.csv --html new/m.html",
    "compare, nothing moved": "compare one two",
    "compare nobody": "compare one two --practice EVIL",
    "reconcile": "reconcile one theirs.csv --csv new/r.csv --html new/r.html",
    "reconcile, passed over": "reconcile one theirs.csv --ignore-unknown",
    "reconcile, a wrong tolerance": "reconcile one theirs.csv --tolerance EVIL",
    "breakdown of nobody": "breakdown local/evaluated --for practice --practice EVIL",
    "breakdown": "breakdown local/evaluated --by practice --csv new/b.csv --html new/b.html --xlsx new/b.xlsx",
    "worklist": "worklist local/evaluated --records store --practice A1 --csv new/w.csv --xlsx new/w.xlsx",
    "worklist of nobody": "worklist local/evaluated --records store --practice EVIL",
    "patients": "patients local/evaluated --csv new/v.csv --xlsx new/v.xlsx --html new/v.html --pdf new/v.pdf",
    "patients of nobody": "patients local/evaluated --practice EVIL",
    "patients of nothing": "patients local/evaluated --indicator EVIL --category EVIL",
    "evaluate nobody": "evaluate qif-2024-25 --records store --practice EVIL --out new/h",
    "evaluate no store": "evaluate qif-2024-25 --records EVIL --out new/i",
    "explain nobody": "explain HYP008 --records store --patient EVIL --on 2024-12-31",
    "spec of nothing": "spec EVIL",
    "show": "show scheme.yaml",
    "show with sources": "show scheme.yaml --sources",
    "show as JSON": "show scheme.yaml --format json",
    "show as YAML": "show scheme.yaml --format yaml",
    "boundaries": "show scheme.yaml --boundaries",
    "check": "check scheme.yaml unseen.yaml EVIL",
    "check as JSON": "check scheme.yaml unseen.yaml EVIL --format json",
    "diff": "diff scheme.yaml qif-2024-25",
    "diff as JSON": "diff scheme.yaml qif-2024-25 --format json",
    "template": "template scheme.yaml --practices practices.csv --out new/t",
    "new": "new EVIL --kind points --year 2025-26 --out new/n.yaml",
    "catalogue": "catalogue --file good_catalogue.yaml --on 2026-01-01 --due 12",
    "catalogue as a table": "catalogue --file good_catalogue.yaml --csv new/k.csv",
    "catalogue in files": "catalogue --file good_catalogue.yaml --html new/k.html --ics new/k.ics --xlsx new/k.xlsx",
    "foi": "foi R-2 --register good_register.yaml",
    "foi in files": "foi R-2 --register good_register.yaml --md new/f.md --html new/f.html --csv new/f.csv",
    "foi register": "foi --register good_register.yaml --list --on 2026-01-01",
    "problems": "problems EVIL",
    "clusters": "clusters show demonstration EVIL",
    "records": "records import EVIL --store new/st --keep-ids",
    "synth": "synth --patients 40 --practices 1 --seed 1 --out new/people",
    "no such option": "run --EVIL",
    "no such command": "EVIL",
    "no such value": "calendar --practice",
    "a wrong choice": "breakdown local/evaluated --by EVIL",
    "a wrong day": "evaluate qif-2024-25 --records store --on EVIL --out new/j",
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_no_terminal_obeys_what_others_wrote(name: str, world: Path, tmp_path: Path) -> None:
    """Escape sequences from CSV cells, `--practice` and folder names reach neither the terminal nor a file of text."""
    new = tmp_path / f"n{ESC}ew"
    said = remit(*substituted(COMMANDS[name], world, new))
    assert said.out + said.err, "it says something"
    assert "Traceback" not in said.err
    for text in (said.out, said.err):
        assert CONTROLS.findall(text) == [], text
    assert "💯" not in said.out + said.err
    if said.status == 0 and name in ("show", "statement"):
        assert "[bold]x[/bold]" in said.out, "markup is shown as it is written"
    for path in new.rglob("*") if new.exists() else ():
        if path.suffix in (".html", ".ics", ".md"):
            text = path.read_bytes().decode()
            assert CONTROLS.findall(text.replace("\r\n", "\n")) == [], path
        if path.suffix == ".xlsx":
            cells = [c for sheet in openpyxl.load_workbook(path) for row in sheet for c in row]
            assert [c.value for c in cells if c.data_type != "f" and CONTROLS.search(str(c.value))] == []
            assert [c.value for c in cells if c.data_type == "f" and "calc" in str(c.value)] == []
        if path.suffix == ".csv":
            assert [cell for cell in cells_of(path) if is_formula(cell)] == [], path


def cells_of(path: Path) -> list[str]:
    """The cells as a spreadsheet reads them."""
    with path.open(encoding="utf-8", newline="") as file:
        return [cell for row in csv.reader(file) for cell in row]


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would work it out: it begins as one does, and is no number with a sign."""
    return cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not re.fullmatch(r"[-+][\d,.]+", cell)


@pytest.mark.parametrize("name", ["one", "claimed"])
def test_csv_outputs_carry_no_formula(name: str, world: Path) -> None:
    """Cells that begin with `=`, `+`, `-`, `@` in claims, award, payment, ledger, practices, counts."""
    paths = sorted((world / name).rglob("*.csv"))
    assert {"award.csv", "payment.csv", "practices.csv"} <= {path.name for path in paths}
    assert [(path.name, cell) for path in paths for cell in cells_of(path) if is_formula(cell)] == []
    assert any(cell.startswith("'=1+1") for cell in cells_of(world / name / "payment.csv"))


def test_what_a_run_kept_is_read_again_as_it_was(world: Path) -> None:
    """The inputs in a run's folder: the practices and their names are those that were given."""
    names = ("practice_code", "practice_name")
    kept = {code: name for _, (code, name) in read_table(world / "one/inputs/practices.csv", names).rows()}
    assert kept == {CODE: f"=cmd|' /C calc'!A0{EVIL}", "A2": f"-Hill{EVIL}", "@N1": ""}


@pytest.mark.parametrize("text", ["-12.34", "-5", "+3", "-1,234.50", "-£5.00", "-0.5%", "-1e-05", "-"])
def test_negative_numbers_in_csv_remain_numbers(text: str) -> None:
    assert written_cell(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+44 1782 1", "'+44 1782 1"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("-1+cmd", "'-1+cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("'=1", "''=1"),
        ("'-5", "''-5"),
        ("'tis", "'tis"),
        ("St John's", "St John's"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_a_formula_is_written_with_a_mark_before_it(text: str, written: str) -> None:
    assert written_cell(text) == written
    assert read_cell(written) == text


@pytest.mark.checks("a marked cell")
@examples(4)
@given(st.lists(st.tuples(*[st.text(st.sampled_from("=+-@'1.,\" a\n"), max_size=5)] * 3), min_size=1, max_size=6))
def test_whatever_is_written_is_read_again(rows: list[tuple[str, ...]]) -> None:
    """Blanks around a cell and line ends in it are not kept by any table; all else is, quickly or cell by cell."""
    clean = [[" ".join(cell.split()) for cell in row] for row in rows]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "t.csv"
        write_table(path, ("a", "b", "c"), clean)
        assert [cell for cell in cells_of(path) if is_formula(cell) and cell not in "+-"] == []
        read = [list(cells) for _, cells in read_table(path, ("a", "b", "c")).rows()]
        assert read == [row for row in clean if any(row)]
        assert list(own_rows(path)) == [["a", "b", "c"], *clean]
    checked("a marked cell", sum(cell != written_cell(cell) for row in clean for cell in row))


@given(st.text())
def test_visible_text_has_nothing_that_is_obeyed(text: str) -> None:
    assert CONTROLS.findall(visible(text)) == []
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize("text", ["Elm Surgery", "£5 → 6 – é", "a\u00a0b", "中", "two\nlines\t"])
def test_ordinary_text_is_shown_as_it_is(text: str) -> None:
    assert visible(text) == text


def test_json_that_is_printed_is_read_as_it_was(world: Path) -> None:
    said = remit("show", world / "scheme.yaml", "--format", "json")
    assert json.loads(said.out)["title"] == TITLE
