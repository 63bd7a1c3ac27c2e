"""Names with characters that the fonts of a PDF lack, or that no page shows."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest
import typst
from typer.testing import CliRunner

import remit
from remit.cli.main import app
from remit.core.problems import Refused
from remit.documents.statement.formats import as_html, as_pdf
from remit.documents.statement.making import statement
from remit.runs import Run

PRACTICES = "practice_code,practice_name,place_code,network_code,list_size,weighted_list_size\n"
COUNTS = "practice_code,indicator_code,measure,value\nA1,2a,NUMERATOR,41\nA1,2a,DENOMINATOR,100\n"


def run(folder: Path, *names: str) -> Run:
    rows = "".join(f"A{n},{name},cannock-chase,N1,10000,10000\n" for n, name in enumerate(names, 1))
    (folder / "practices.csv").write_text(PRACTICES + rows, encoding="utf-8")
    (folder / "counts.csv").write_text(COUNTS, encoding="utf-8")
    return remit.run("qif-2024-25", folder / "practices.csv", folder / "counts.csv")


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize(
    ("name", "shown", "lacks"),
    [
        ("Clinic 中文", "Clinic \ufffd\ufffd", {"中", "文"}),
        ("Clinic 😀", "Clinic \ufffd", {"😀"}),
        ("Clinic\u200b \u202eOne\ufeff", "Clinic One", set()),
        ("Zdraví Żółw Здоровье", "Zdraví Żółw Здоровье", set()),
    ],
)
def test_a_character_without_a_glyph_is_replaced_and_told(
    tmp_path: Path, name: str, shown: str, lacks: set[str]
) -> None:
    lacking: set[str] = set()
    made = statement(run(tmp_path, name), "A1")
    assert shown in text_of(as_pdf(made, lacking))
    assert lacking == lacks
    assert lacks <= set(as_html(made))


def test_another_error_of_the_pdf_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = statement(run(tmp_path, "One"), "A1")

    def fails(*_: object, **__: object) -> bytes:
        raise typst.TypstError("no pages")  # type: ignore[call-arg]

    monkeypatch.setattr("typst.compile", fails)
    with pytest.raises(Refused, match="the PDF for practice A1 cannot be made: no pages"):
        as_pdf(made)


def test_the_command_warns_once_and_writes_all(tmp_path: Path) -> None:
    remit.write_run(run(tmp_path, "Clinic 中", "Two 中"), tmp_path / "out")
    said = CliRunner().invoke(app, ["statement", str(tmp_path / "out"), "--all", "--pdf", str(tmp_path / "pdf")])
    assert said.exit_code == 0
    assert said.stderr.count("the PDF font has no 中: shown as \ufffd. A page shows it. --html") == 1
    assert sorted(path.name for path in (tmp_path / "pdf").iterdir()) == ["A1.pdf", "A2.pdf"]


def test_all_goes_on_past_a_statement_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remit.write_run(run(tmp_path, "One", "Two"), tmp_path / "out")
    compiled = typst.compile

    def fails(*of: object, **options: dict[str, str]) -> object:
        if "One" in options["sys_inputs"]["document"]:
            raise typst.TypstError("no pages")  # type: ignore[call-arg]
        return compiled(*of, **options)  # type: ignore[call-overload]

    monkeypatch.setattr("typst.compile", fails)
    said = CliRunner().invoke(app, ["statement", str(tmp_path / "out"), "--all", "--pdf", str(tmp_path / "pdf")])
    assert said.exit_code != 0
    assert "practice A1 cannot be made" in said.stderr
    assert [path.name for path in (tmp_path / "pdf").iterdir()] == ["A2.pdf"]
