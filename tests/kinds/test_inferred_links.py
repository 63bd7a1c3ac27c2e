"""Kind: a link that no source draws, shown as if one did; and an answer with another's services. What is inferred says
so in every form, and a register answers with its own commissioner's catalogue alone.
"""

from __future__ import annotations

import html
from pathlib import Path

import openpyxl
import pytest
from tests.bad_files.command import HERE, assert_refused, remit

INFERRED = "The letter of June 2025 names no year."


def page(form: str, tmp_path: Path) -> str:
    """The catalogue of Staffordshire in one of its forms, on one line."""
    if form == "terminal":
        return " ".join(remit("catalogue", "--commissioner", "staffordshire").out.split())
    path = tmp_path / f"catalogue.{form}"
    assert remit("catalogue", "--commissioner", "staffordshire", f"--{form}", path).status == 0
    if form == "html":
        return " ".join(html.unescape(path.read_text(encoding="utf-8")).split())
    book = openpyxl.load_workbook(path)
    return " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)


@pytest.mark.parametrize("form", ["terminal", "html", "xlsx"])
def test_the_catalogue_marks_that_its_link_to_the_2024_25_schemes_is_an_inference(form: str, tmp_path: Path) -> None:
    said = page(form, tmp_path)
    assert said.count(INFERRED) == 2
    for scheme in ("qif-2024-25", "qif-plus-2024-25"):
        assert scheme in said
    assert "inferred" in said.casefold()


@pytest.mark.parametrize(
    ("commissioner", "short", "fits"),
    [
        ("Staffordshire and Stoke-on-Trent Integrated Care Board", "", True),
        ("STAFFORDSHIRE AND STOKE ON TRENT ICB", "", True),
        ("The ICB of Staffordshire", "Staffordshire ICB", True),
        ("Northshire ICB", "", False),
        ("Northshire ICB", "Northshire", False),
    ],
)
def test_a_register_that_names_another_commissioners_catalogue_is_refused(
    commissioner: str, short: str, fits: bool, tmp_path: Path
) -> None:
    text = (HERE / "good_register.yaml").read_text(encoding="utf-8")
    text = text.replace("commissioner: Northshire ICB", f"commissioner: {commissioner}\nshort: {short or commissioner}")
    path = tmp_path / "register.yaml"
    path.write_text(text.replace("good_catalogue.yaml", "staffordshire"), encoding="utf-8")
    for words in (("R-2", "--register", path), ("--list", "--on", "2025-10-01", "--register", path)):
        said = remit("foi", *words)
        if fits:
            assert said.status == 0, said.err
        else:
            assert_refused(said, f"'staffordshire' belongs to {NAME}, and the register to {commissioner}", "Name the")


NAME = "Staffordshire and Stoke-on-Trent Integrated Care Board"
