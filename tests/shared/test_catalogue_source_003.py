"""The shipped catalogue and its outputs beside the letter FOI-0525/1288 itself, cell by cell.

The letter's table is read here: its page broke it, and its narrow columns broke a word, which are joined again.
"""

from __future__ import annotations

import csv
import re
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader
from tests.bad_files.command import contents, remit

from remit.catalogue import answer, load_catalogue

OUTPUTS = ("catalogue.csv", "catalogue.xlsx", "catalogue.pdf", "catalogue.html", "catalogue.ics",
           "answer.html", "answer.pdf", "answer.md", "answer.csv")  # fmt: skip


@pytest.fixture(scope="module")
def letter(shared: Path) -> str:
    [path] = (shared / "sources").glob("003_*.txt")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def printed(letter: str) -> list[list[str]]:
    """The table of answers: a row for each question, its head first, then the five services."""
    rows: list[list[str]] = []
    for line in letter.splitlines():
        if line.count("\t") < 3:
            continue
        cells = [plain(cell) for cell in line.split("\t")]
        if cells[0]:
            rows.append([*cells, *[""] * (6 - len(cells))])
        else:  # what the page broke off the row above
            rows[-1] = [" ".join(filter(None, pair)) for pair in zip(rows[-1], [*cells, *[""] * 6], strict=False)]
    return [[cell.replace("Federation s", "Federations") for cell in row] for row in rows]


def plain(text: str) -> str:
    """A cell without the marks of its type: `30 <sup>th</sup>` is `30th`."""
    text = re.sub(r"\s*<sup>(.*?)</sup>", r"\1", text)
    return " ".join(re.sub(r"<[^>]+>", "", text).split())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every file that the two commands write."""
    return written(tmp_path_factory.mktemp("made"))


def written(folder: Path) -> Path:
    for name, words in (
        ("catalogue", ("catalogue", "--commissioner", "staffordshire")),
        ("answer", ("foi", "FOI-0525/1288", "--commissioner", "staffordshire")),
    ):
        files = [(f"--{file.rsplit('.')[1]}", folder / file) for file in OUTPUTS if file.startswith(name)]
        said = remit(*words, *(word for pair in files for word in pair))
        assert said.status == 0, said.err
    return folder


def text_of(path: Path) -> str:
    """All that a file says, whatever its form, on one line."""
    if path.suffix == ".pdf":
        reader = PdfReader(path)
        text = " ".join([*(page.extract_text() for page in reader.pages), str(reader.metadata)])
    elif path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
        text = " ".join([*cells, str(book.properties)])
    else:
        text = path.read_text(encoding="utf-8")
    return " ".join(unescape(text).split())


def test_the_letter_has_seven_rows_and_five_services(printed: list[list[str]]) -> None:
    assert [len(row) for row in printed] == [6] * 7
    assert all(cell for row in printed for cell in row)


def test_the_catalogue_is_the_letters_table_cell_by_cell(printed: list[list[str]]) -> None:
    assert load_catalogue("staffordshire").table() == printed


def test_what_the_page_broke_is_whole(printed: list[list[str]]) -> None:
    whole = "Mixed provider delivery model (eg. Practice, Primary Care Networks and GP Federations)"
    assert printed[1][3] == whole == load_catalogue("staffordshire").services[2].delivery_level


@pytest.mark.parametrize("name", ["catalogue.csv", "answer.csv"])
def test_the_csv_is_the_letters_table(printed: list[list[str]], made: Path, name: str) -> None:
    with (made / name).open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == printed


def test_the_workbook_has_the_letters_table(printed: list[list[str]], made: Path) -> None:
    sheet = openpyxl.load_workbook(made / "catalogue.xlsx")["Catalogue"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == printed
    assert sheet.freeze_panes == "B2"


@pytest.mark.parametrize("name", ["catalogue.html", "answer.html"])
def test_the_page_has_the_letters_table(printed: list[list[str]], made: Path, name: str) -> None:
    tables = re.findall(r"<table>(.*?)</table>", (made / name).read_text(encoding="utf-8"), re.DOTALL)
    rows = [re.findall(r"<tr.*?</tr>", table, re.DOTALL) for table in tables]
    cells = [[[unescape(c) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in table] for table in rows]
    assert printed in cells


def test_markdown_has_the_letters_table(printed: list[list[str]], made: Path) -> None:
    lines = (made / "answer.md").read_text(encoding="utf-8").splitlines()
    assert [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.count("|") == 7][::1] == [
        printed[0], ["---"] * 6, *printed[1:]
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["catalogue.pdf", "answer.pdf"])
def test_the_pdf_has_every_word_of_the_letters_table(printed: list[list[str]], made: Path, name: str) -> None:
    squeezed = text_of(made / name).replace(" ", "")
    assert [cell for row in printed for cell in row if cell.replace(" ", "") not in squeezed] == []


def test_the_questions_are_the_letters_own(letter: str) -> None:
    said = " ".join(letter.replace("**", "").split())
    assert [q.asked for q in answer("staffordshire").request.questions if q.asked not in said] == []


def test_the_entry_the_address_and_the_limits_are_the_letters_own(letter: str, made: Path) -> None:
    said = " ".join(plain(letter).split())
    assert "received on 19th May 2025" in said
    assert "response letter sent on the 21st May 2025" in said
    assert "within 40 working days of the initial response" in said
    post = re.search(r"contacted at: (.*?) \[www\.ico", said)
    assert post is not None
    for name in ("answer.html", "answer.md", "answer.pdf"):
        text = text_of(made / name)
        for part in ("FOI-0525/1288", "19 May 2025", "21 May 2025", "3 June 2025", "17 June 2025", "18 July 2025",
                     "within 40 working days of the initial response", "staffsstokeFOI@staffsstoke.icb.nhs.uk",
                     "www.ico.gov.uk"):  # fmt: skip
            assert part in text, (name, part)
        assert post[1] in text.replace(",", ""), name


def everyone(letter: str) -> list[str]:
    """Everybody whom the letter names, and the initials in its own reference."""
    names = {plain(name) for name in re.findall(r"\*\*(?:Chair|Chief Executive Officer):\*\* (.*)", letter)}
    initials = re.search(r"Our Ref: (\S+?)/FOI", letter)
    assert len(names) == 2
    assert initials is not None
    words = {word for name in names for word in name.split() if word != "MBE"}
    return [*sorted(words), initials[1], *initials[1].split("/")]


@pytest.mark.parametrize("name", OUTPUTS)
def test_no_output_names_anybody(letter: str, made: Path, name: str) -> None:
    said = text_of(made / name)
    assert [word for word in everyone(letter) if re.search(rf"\b{re.escape(word)}\b", said)] == []
    addresses = set(re.findall(r"[\w.-]+@[\w.]+\w", said))
    assert {a for a in addresses if not a.endswith("@remit")} <= {"staffsstokeFOI@staffsstoke.icb.nhs.uk"}


@pytest.mark.parametrize("words", [("catalogue",), ("catalogue", "--across"), ("foi",), ("foi", "--list")])
def test_no_terminal_names_anybody(letter: str, words: tuple[str, ...]) -> None:
    said = remit(*words, "--commissioner", "staffordshire")
    assert said.status == 0
    assert [word for word in everyone(letter) if re.search(rf"\b{re.escape(word)}\b", said.out)] == []


def test_no_shipped_file_names_anybody(letter: str) -> None:
    import remit as package

    library = Path(package.__file__).parent / "library"
    text = "".join((library / f / "staffordshire.yaml").read_text(encoding="utf-8") for f in ("catalogues", "foi"))
    assert [word for word in everyone(letter) if re.search(rf"\b{re.escape(word)}\b", text)] == []


def test_the_same_bytes_twice(made: Path, tmp_path: Path) -> None:
    assert contents(written(tmp_path)) == contents(made)
