"""QIF's worked example as a statement: what a practice manager reads, in each of its forms."""

from __future__ import annotations

import io
import json
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdf
import pytest

import remit
from remit.documents.statement.formats import as_html, as_pdf, as_text
from remit.documents.statement.making import statement
from remit.documents.statement.model import Statement
from remit.runs import Run

EXAMPLE = Path(__file__).parents[2] / "examples" / "qif-2024-25"


@pytest.fixture(scope="module")
def run() -> Run:
    settings = {"chol004_from": "2024-12-05"}
    return remit.run("qif-2024-25", EXAMPLE / "practices.csv", EXAMPLE / "counts.csv", settings=settings)


@pytest.fixture(scope="module")
def made(run: Run) -> Statement:
    return statement(run, "A1")


@pytest.fixture(scope="module")
def text(made: Statement) -> str:
    return " ".join(as_text(made, 200).split())


@pytest.mark.parametrize(
    "words",
    [
        "You were paid £16,800.00 in the year and earned £16,100.00. £700.00 is recovered in six monthly instalments: "
        "five of £116.67 and one of £116.65, from the date of notification, which is not set yet.",
        "84 on the register / 10,500 registered patients = 0.8%",
        "£0.15 × 10,000 weighted patients = £1,500.00",
        "1a stands at 0.8%: from 0.75%",
        "“>0.5% prevalence rate 8p, >0.75% prevalence rate 15p”",
        "Above 45% pays 26p. 7 more patients achieved (46 of 100): +£600.00, by 31 March 2025.",
        "80% × (£2.10 × 10,000) = £16,800.00",
        "in twelve monthly instalments, from 30 April 2024 to 31 March 2025: twelve of £1,400.00.",
        "Full achievement pays £2.10 × 10,000 = £21,000.00, which is £328.13 a point on average.",
        "If a patient is exempted, is the money still earned?",
        "Pounds of each item rounded to 2 places, half up",
        "notified not set.",
        "paid in advance instalments: 12",
    ],
)
def test_it_says(text: str, words: str) -> None:
    assert words in text


def test_each_definition_of_a_dated_item_is_open(text: str) -> None:
    open_run = remit.run("qif-2024-25", EXAMPLE / "practices.csv", EXAMPLE / "counts.csv")
    assert "5: Counted on the definition given: set chol004_from" in as_text(statement(open_run, "A1"), 200)
    assert "5: The counts are given for 5: they are taken as CHOL004's." in text


def test_its_origin_is_that_of_the_run(made: Statement, run: Run, tmp_path: Path) -> None:
    remit.write_run(run, tmp_path / "run")
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert manifest["schemes"][0]["sha256"] in as_text(made, 200)
    assert f"Remit {manifest['remit']}" in as_text(made, 200)
    assert as_html(statement(remit.open_run(tmp_path / "run"), "A1")) == as_html(made)


def test_the_pdf_is_tagged_titled_and_the_same_each_time(made: Statement, run: Run) -> None:
    content = as_pdf(made)
    assert content == as_pdf(statement(run, "A1"))
    reader = pypdf.PdfReader(io.BytesIO(content))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF object
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert reader.metadata is not None
    assert reader.metadata.title == "Statement: Example Practice (A1)"
    assert reader.metadata.creation_date is None
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert all(f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, 1))
    assert "£16,100.00" in pages[0]
    assert any("What nobody has verified" in page for page in pages)
    assert "Where it comes from" in pages[-1]


class _Page(HTMLParser):
    """The parts of a page that a screen reader leans on."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def test_the_page_needs_nothing_else_and_is_in_order(made: Statement) -> None:
    html = as_html(made)
    page = _Page(html)
    assert page.all("html") == [{"lang": "en-GB"}]
    assert not {"link", "img", "iframe"} & {tag for tag, _ in page.tags}
    assert all(not has for has in page.all("script"))  # of its own, with no address
    assert "url(" not in html
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "")
    levels = [int(tag[1]) for tag, _ in page.tags if tag in ("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(page.all("table")) == len(page.all("caption")) == 3
    assert all(cell.get("scope") in ("col", "row", "rowgroup") for cell in page.all("th"))
    assert all(chart["role"] == "img" and chart["aria-label"] for chart in page.all("svg"))
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    assert {link["href"] for link in page.all("a")} <= {f"#{name}" for name in ids}


def test_a_name_stays_a_name_in_every_form(tmp_path: Path) -> None:
    name = '=SUM(A1) & <b>Élan</b> "[red]" #let'
    practices = (EXAMPLE / "practices.csv").read_text().replace("Example Practice", '"' + name.replace('"', '""') + '"')
    (tmp_path / "practices.csv").write_text(practices)
    made = statement(remit.run("qif-2024-25", tmp_path / "practices.csv", EXAMPLE / "counts.csv"), "A1")
    assert name in as_text(made, 200)
    assert "&lt;b&gt;Élan&lt;/b&gt;" in as_html(made)
    assert "<b>Élan" not in as_html(made)
    metadata = pypdf.PdfReader(io.BytesIO(as_pdf(made))).metadata
    assert metadata is not None
    assert metadata.title == f"Statement: {name} (A1)"
