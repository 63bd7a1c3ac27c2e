"""Two versions priced over the same figures: what the command line says, and no small count in pounds of a draft."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from remit.application.priced_versions import Request, Side, document_of, evaluate
from remit.application.scheme_text import shipped
from remit.cli.app import app
from remit.comparison.stages import CAUSES
from remit.documents.blocks import Cell, Document, Table

PRACTICES = (
    "practice_code,practice_name,place_code,network_code,list_size,weighted_list_size\n"
    "A1,First practice,cannock-chase,N1,10500,10000\n"
    "A2,Second practice,cannock-chase,N1,5000,5000\n"
)
COUNTS = (
    "practice_code,indicator_code,measure,value\nA1,2a,NUMERATOR,5\nA1,2a,DENOMINATOR,6\n"
    "A2,2a,NUMERATOR,41\nA2,2a,DENOMINATOR,100\nA1,4,NUMERATOR,30\nA1,4,DENOMINATOR,100\n"
)
STEPS, HIGHER = "above 40% pays 13p", "above 40% pays 15p"
"""Of item 2a: 41 of 100 are then paid 2p more for each of 5,000 weighted patients, £100."""


def priced(folder: Path, *practices: str, is_approved: bool = True) -> Request:
    text = shipped("qif-2024-25").decode()
    (folder / "after.yaml").write_text(text.replace(STEPS, HIGHER, 1), encoding="utf-8")
    (folder / "practices.csv").write_text(PRACTICES, encoding="utf-8")
    (folder / "counts.csv").write_text(COUNTS, encoding="utf-8")
    return Request(
        Side("first", Path("qif-2024-25")), Side("second", folder / "after.yaml", is_approved=is_approved),
        folder / "practices.csv", folder / "counts.csv", folder, practices=practices,
    )  # fmt: skip


def figures(document: Document) -> dict[str, object]:
    """The value of each figure of a document's tables."""

    def cells() -> Iterator[Cell]:
        for block in document.blocks:
            if isinstance(block, Table):
                yield from (cell for row in block.rows for cell in row.cells if isinstance(cell, Cell))

    return {cell.figure: cell.value for cell in cells()}


def on_the_command_line(folder: Path, request: Request) -> list[dict[str, str]]:
    for scheme, to in (("qif-2024-25", "first"), (str(folder / "after.yaml"), "second")):
        words = ["run", scheme, "--practices", str(request.practices_file), "--counts", str(request.counts)]
        words += [word for code in request.practices for word in ("--practice", code)]
        ended = CliRunner().invoke(app, [*words, "--out", str(folder / "cli" / to)])
        assert ended.exit_code == 0, ended.output
    moved = folder / "moved.csv"
    runs = [str(folder / "cli" / name) for name in ("first", "second")]
    assert CliRunner().invoke(app, ["compare", *runs, "--csv", str(moved)]).exit_code == 0
    return list(csv.DictReader(moved.open(encoding="utf-8")))


def pence(rows: list[dict[str, str]], column: str) -> int:
    return sum(round(float(row[column] or 0) * 100) for row in rows)


@pytest.mark.parametrize("practices", [(), ("A2",)])
def test_the_sums_are_those_of_the_command_line(tmp_path: Path, practices: tuple[str, ...]) -> None:
    request = priced(tmp_path, *practices)
    result = evaluate(request)
    shown = figures(document_of(result.frame, [part.text for part in result.parts]))
    rows = on_the_command_line(tmp_path, request)
    assert shown["difference/pounds"] == 100_00 == pence(rows, "difference")
    for n in (1, 2):
        assert shown[f"run{n}/pounds"] == pence([row for row in rows if row["difference"]], f"pounds_{n}")
    for cause in CAUSES:
        assert shown[f"cause/{cause}/pounds"] == pence(rows, cause)
    assert shown["cause/definition/pounds"] == 100_00
    alone = {"A1", "A2"} if not practices else set(practices)
    assert {part.code for part in result.parts} == alone
    assert not any(part.left_out for part in result.parts)


def test_of_some_practices_the_sums_are_theirs_alone(tmp_path: Path) -> None:
    result = evaluate(priced(tmp_path))
    first, second = result.parts
    assert figures(document_of(result.frame, [second.text]))["run2/pounds"] == 750_00
    assert "difference/pounds" in figures(document_of(result.frame, [first.text]))
    assert figures(document_of(result.frame, [first.text]))["difference/pounds"] == 0


def test_pounds_of_a_draft_do_not_tell_small_counts(tmp_path: Path) -> None:
    """5 of 6 are few: an author could have the draft pay for each of them."""
    result = evaluate(priced(tmp_path, is_approved=False))
    first, second = result.parts
    assert "2a" in first.left_out
    assert "4" not in first.left_out  # 30 of 100 are not few
    assert not second.left_out
    document = document_of(result.frame, [part.text for part in result.parts])
    shown = figures(document)
    assert shown["difference/pounds"] == 100_00
    assert shown["item/2a/run1"] == 650_00  # of A2 alone, without the £1,700 of A1
    assert not any("A1/2a" in name for name in shown)
    assert shown["payment/balance/run1"] == figures(document_of(result.frame, [second.text]))["payment/balance/run1"]


def test_approved_versions_have_all_pounds_and_no_words_of_small_counts(tmp_path: Path) -> None:
    first, _ = evaluate(priced(tmp_path)).parts
    assert "5 of 6" not in first.text
    assert "170000" in first.text
