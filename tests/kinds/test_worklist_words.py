"""The kind: a worklist that speaks of rules before it speaks of care, or goes on as if the year had not ended.

A nurse reads what is needed, by when and what was last, then the indicator's code; no word of the engine stands in any
format. What the records show to be dangerous is said whatever it is worth. On the year's last day the list says so.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from importlib import resources
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.unit.made_worklists import EVENTS, WELL, entry, evaluated, listed, records

from remit.documents.blocks import Amounts, Block, Cell, Document, Facts, Fold, Table
from remit.documents.render.html import page as page_of
from remit.documents.render.pdf import page_as_pdf
from remit.documents.worklist import words
from remit.documents.worklist.csv import as_csv
from remit.documents.worklist.page import page, short
from remit.documents.worklist.paper import paper
from remit.worklist.model import Worklist

ENGINE = re.compile(
    r"[A-Z0-9]+_(COD|DAT|REG|VAL)\b|\bPP[SE]D\b|\bACHV|cluster|numerator|denominator|interpreter|excepted|exception|"
    r"leaves? (its|their) window|\bengine\b|\brule \d|reckon|\bField\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return records(tmp_path_factory.mktemp("records"))


@pytest.fixture(scope="module")
def both(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Worklist:
    folder = tmp_path_factory.mktemp("both")
    return listed(store, evaluated(folder / "local", store), evaluated(folder / "qif", store, "qif-2024-25"), ahead=4)


def ended(store: Path, folder: Path) -> Worklist:
    return listed(store, evaluated(folder, store, on=date(2025, 3, 31)))


def cells(blocks: tuple[Block, ...]) -> Iterator[Cell]:
    for block in blocks:
        match block:
            case Fold():
                yield from cells(block.blocks)
            case Facts() | Amounts():
                yield from (text for _, text in block.rows if isinstance(text, Cell))
            case Table():
                yield from (cell for row in block.rows for cell in row.cells if isinstance(cell, Cell))
            case _:
                pass


def every_form(made: Worklist) -> str:
    shown = [page(made), short(made), paper(made), paper(made, by_contact=True)]
    return "\n".join([*(page_of(one.title, one.blocks) for one in shown), as_csv(made)])


def test_no_word_of_the_engine_in_any_format(both: Worklist, store: Path, tmp_path: Path) -> None:
    for made in (both, ended(store, tmp_path)):
        said = [note for note in made.asks if ENGINE.search(note)]  # the schemes' own words stay as they are
        text = re.sub(r"<style>.*?</style>|<script>.*?</script>", "", every_form(made), flags=re.DOTALL)
        for note in said:
            text = text.replace(note, "")
        assert not sorted({found[0] for found in ENGINE.finditer(text)})


def test_no_word_of_the_engine_in_the_texts_that_ship() -> None:
    text = (resources.files("remit") / "library" / "worklist" / "actions.yaml").read_text(encoding="utf-8")
    said = re.findall(r"(?:do|title|by|needs|before|says|name): ([^,}\n]+)", text)
    assert len(said) > 50
    assert not [one for one in said if ENGINE.search(one)]


def test_care_first_then_the_indicators_code(both: Worklist) -> None:
    lines = [line for one in both.of("gap") for contact in one.contacts for line in words.to_do(both, contact)]
    assert len(lines) > 4
    for line in lines:
        assert re.search(r"^[A-Z][^()]*: .*\([A-Z0-9, -]+\)$|^Beforehand: |^By phone or text$", line), line


@pytest.mark.parametrize(
    ("reading", "high"),
    [
        ("184/110", True), ("180/90", True), ("150/120", True), ("179/119", False), ("179/60", False),
    ],
)  # fmt: skip
def test_a_high_reading_is_said_whatever_it_is_worth(reading: str, high: bool, tmp_path: Path) -> None:
    """From 180 systolic or 120 diastolic."""
    events = EVENTS.replace("high,2024-05-12,BP,150/95,", f"high,2024-05-12,BP,{reading},")
    store = records(tmp_path, events=events + WELL)
    made = listed(store, evaluated(tmp_path / "one", store))
    care = entry(made, "high").care[0]
    said = f"{reading} on 12 May 2024"
    assert (care.last, care.risk) == ((f"{said} is high: see soon", "high blood pressure") if high else (said, ""))
    text = page_of("", page(made).blocks)
    assert (f"See soon, high blood pressure: high {said}." in text) is high
    assert "NICE guideline NG136; unverified" in text


def test_a_later_reading_that_is_well_is_no_risk(tmp_path: Path) -> None:
    store = records(tmp_path, events=EVENTS + WELL + "high,2024-05-01,BP,190/100,\n")
    assert entry(listed(store, evaluated(tmp_path / "one", store)), "high").risks == ()


def test_on_the_years_last_day_the_list_is_of_the_next(store: Path, both: Worklist, tmp_path: Path) -> None:
    made = ended(store, tmp_path)
    assert (made.ended, both.ended) == (True, False)
    text = page_of("", page(made).blocks)
    assert "only care given by 31 March 2025 and recorded late can still count for it. For 2025-26, " in text
    assert "needs one in 2025-26" in text
    assert "by 31 March;" not in text
    assert "31 Mar 2025: the year ends" not in text


def test_every_figure_is_the_lists_own(both: Worklist) -> None:
    """£580 of `high` (HYP008 £250, eight checks £330), then what HYP008 brings for the seventh and eighth of ten.

    Five of ten are achieved; 10 points between 40% and 80% at £100: £250 a patient up to eight, of which `high`,
    `invited` and `ageing` are the three. QIF pays 22p x 1,000 above 65%, which the seventh
    of ten reaches, and 30p x 1,000 above 78%, which the eighth reaches.
    """
    figures = {cell.figure: cell for cell in cells(page(both).blocks) if cell.figure}
    assert len(figures) == len([cell for cell in cells(page(both).blocks) if cell.figure])
    worth = [figures[f"A1/{n}/pounds"].value for n in (1, 2, 3, 4)]
    assert worth == [58_000, 25_000 + 22_000, 25_000 + 8_000, 0]
    assert figures["A1/to-do/patients"].value == 4
    assert figures["A1/to-do/pounds"].value == sum(filter(None, worth))  # type: ignore[arg-type]
    assert (figures["A1/review/patients"].value, figures["A1/screening/patients"].value) == (3, 1)
    assert all(isinstance(cell.value, int | Fraction) for cell in figures.values() if "not known" not in cell.text)


def test_the_page_and_the_paper_show_every_figure(both: Worklist) -> None:
    text = page_of("", page(both).blocks)
    for cell in cells(page(both).blocks):
        if cell.figure:
            assert f'data-figure="{cell.figure}"' in text
            assert cell.text in text
    printed = paper(both)
    pdf = page_as_pdf(printed.title, printed.foot, printed.blocks, printed.title, printed.wide)
    words_of_pdf = " ".join(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages).split())
    figures = [cell for cell in cells(printed.blocks) if cell.figure]
    assert len(figures) == 2 + len(both.of("gap"))  # how many to call, what it is worth, and each row
    assert all(cell.text in words_of_pdf for cell in figures)


def test_ids_of_figures_name_no_patient(both: Worklist) -> None:
    shown: list[Document] = [page(both), paper(both), paper(both, by_contact=True)]
    ids = [cell.figure for one in shown for cell in cells(one.blocks)]
    assert not [id_ for id_ in ids for one in both.entries if one.patient in id_.split("/")]


def test_the_paper_has_a_box_and_one_row_for_each_patient(both: Worklist) -> None:
    [to_do] = [block for block in paper(both).blocks if isinstance(block, Table) and block.caption == "Whom to call"]
    assert [(str(row.cells[0]), str(row.cells[1])) for row in to_do.rows] == [
        ("☐", one.patient) for one in both.of("gap")
    ]
    by_contact = [block for block in paper(both, by_contact=True).blocks if isinstance(block, Table)]
    assert [(block.caption, len(block.rows)) for block in by_contact[:2]] == [
        ("Nurse or HCA review", 3),
        ("Cervical screening", 1),
    ]


def test_the_page_can_be_sorted_and_filtered(both: Worklist) -> None:
    [to_do] = [block for block in page(both).blocks if isinstance(block, Table) and block.sortable][:1]
    assert to_do.facets == ("Contact", "Condition", "Month of birth", "Next date", "Worth", "Look first")
    high = to_do.rows[0]
    assert set(high.facets) == {
        ("Contact", "Nurse or HCA review"), ("Condition", "Hypertension"), ("Condition", "Diabetes"),
        ("Month of birth", "May"), ("Next date", "March 2025"), ("Worth", "£100 or more"),
    }  # fmt: skip
    assert ("Look first", "Not seen for a year") in to_do.rows[1].facets
