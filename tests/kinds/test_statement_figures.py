"""The kind: a figure of a statement that one format lacks, or shows otherwise than the run has it. For every scheme of
the library, each item's pounds, points and achievement are the run's, have an id that is theirs alone, and stand in
the text, on the page, in the PDF, in the CSV and in the workbook."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from fractions import Fraction

import openpyxl
import pytest
from tests.deck.inputs import schemes
from tests.kinds.figures_in_formats import Value, assert_in_every_format
from tests.kinds.library_statements import of

from remit.core import say
from remit.documents.blocks import Amounts, Beside, Block, Cell, Facts, Fold, Keep, Table
from remit.documents.statement.formats import as_xlsx, document
from remit.documents.statement.model import Statement
from remit.runs.results import MERGED


def cells(blocks: Iterable[Block]) -> Iterator[Cell]:
    for block in blocks:
        if isinstance(block, Fold | Keep):
            yield from cells(block.blocks)
        elif isinstance(block, Beside):
            yield from cells([block.facts])
        elif isinstance(block, Facts | Amounts):
            yield from (said for _, said in block.rows if isinstance(said, Cell))
        elif isinstance(block, Table):
            yield from (cell for row in block.rows for cell in row.cells if isinstance(cell, Cell))


def figures(made: Statement) -> dict[str, Cell]:
    """The figures of a statement by id; an id that stands twice fails."""
    every = [cell for cell in cells(document(made).blocks) if cell.figure]
    by_id = {cell.figure: cell for cell in every}
    assert len(by_id) == len(every), [cell.figure for cell in every if every.count(cell) > 1]
    return by_id


@pytest.mark.parametrize("scheme", schemes())
def test_the_figures_are_the_runs(scheme: str) -> None:
    for made in of(scheme):
        result, found, code = made.result, figures(made), made.code
        for award in result.awards:
            pounds = found.get(f"{code}/{award.item.item}/pounds")
            if pounds is not None:
                assert pounds.value == (None if award.within else award.pence)
                assert str(pounds) == (say.money(award.pence) if pounds.value is not None and award.pence is not None
                                       else str(pounds))  # fmt: skip
            achieved = found.get(f"{code}/{award.item.item}/achieved")
            if achieved is not None and achieved.value is not None:
                assert achieved.value == award.achievement.rate
        if not result.through_network and result.status != MERGED:
            assert found[f"{code}/awarded"].value == result.pence
            assert found[f"{code}/balance"].value == result.settlement.balance
        dues = [found[f"{code}/due/{n}"].value for n, _ in enumerate(result.schedule, 1)]
        assert dues == [due.pence for due in result.schedule]


@pytest.mark.parametrize("scheme", ["qif-2024-25", "qof-england-2024-25", "local-qof-tower-hamlets"])
def test_every_format_shows_them(scheme: str) -> None:
    made = of(scheme)[0]
    result, code = made.result, made.code
    expected: dict[str, Value] = {
        f"{code}/{view.code}/pounds": view.award.pence
        for view in made.items
        if view.award.pence is not None and not view.award.within
    }
    expected |= {f"{code}/due/{n}": due.pence for n, due in enumerate(result.schedule, 1)}
    if not result.through_network:
        expected[f"{code}/awarded"] = result.pence
    assert_in_every_format(document(made), expected)


@pytest.mark.parametrize("scheme", ["qif-2024-25", "qof-england-2024-25", "qof-england-2018-19"])
def test_the_workbook_has_the_same_pounds(scheme: str) -> None:
    made = of(scheme)[0]
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(made)), data_only=True)["Items"]
    pounds = {row[0].value: row[13].value for row in sheet.iter_rows(min_row=5)}
    for view in made.items:
        if view.award.pence is not None and not view.award.within:
            assert Fraction(str(pounds[view.code])) * 100 == view.award.pence, view.code
