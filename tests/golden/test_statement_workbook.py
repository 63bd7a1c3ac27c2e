"""The workbook is recalculated by another program's formulas and held against the engine and hand arithmetic."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

import remit
from remit.documents.statement.formats import as_xlsx
from remit.documents.statement.making import statement

EXAMPLE = Path(__file__).parents[2] / "examples" / "qif-2024-25"
Cells = Callable[..., dict[str, float]]


def recalculator(path: Path) -> Cells:
    """A function that recalculates a workbook with cells changed, and gives the value of every cell by its name."""
    import formulas

    with contextlib.redirect_stderr(io.StringIO()):
        model = formulas.ExcelModel().loads(str(path)).finish()

    def cells(**changed: float) -> dict[str, float]:
        inputs = {f"'[{path.name}]{sheet}'!{cell}": value for name, value in changed.items()
                  for sheet, cell in [name.upper().split("_")]}  # fmt: skip
        with contextlib.redirect_stderr(io.StringIO()):
            solution = model.calculate(inputs=inputs)
        found = {}
        for key, held in solution.items():
            if "]" in str(key) and ":" not in str(key):
                sheet, _, cell = str(key).partition("]")[2].partition("'!")
                found[f"{sheet}!{cell}"] = held.value[0, 0]
        return found

    return cells


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = {"chol004_from": "2024-12-05"}
    run = remit.run("qif-2024-25", EXAMPLE / "practices.csv", EXAMPLE / "counts.csv", settings=settings)
    path = tmp_path_factory.mktemp("workbook") / "a1.xlsx"
    path.write_bytes(as_xlsx(statement(run, "A1")))
    return path


def test_the_cached_values_are_the_published_example(example: Path) -> None:
    book = openpyxl.load_workbook(example, data_only=True)
    assert book.sheetnames == ["Summary", "Items", "Steps", "Schedule", "Sources"]
    pounds = [book["Items"][f"N{row}"].value for row in range(5, 14)]
    assert pounds == [1500, 2000, 1300, 2300, 2500, 2500, 2000, 2000, 16100]
    named = {row[0].value: row[1].value for row in book["Summary"].iter_rows(max_col=2)}
    assert (named["Awarded"], named["Paid in advance"], named["Balance to pay"]) == (16100, 16800, 0)
    assert named["To recover"] == 700
    recoveries = [row[2].value for row in book["Schedule"].iter_rows(min_row=4) if row[1].value == "Recovery"]
    assert recoveries == [116.67] * 5 + [116.65]


def test_no_pound_is_a_typed_number(example: Path) -> None:
    sheet = openpyxl.load_workbook(example)["Items"]
    assert all(str(sheet[f"{column}{row}"].value).startswith("=") for column in "FKMN" for row in range(5, 13))


def test_changing_a_count_moves_the_pounds_and_all_that_follows(example: Path) -> None:
    cells = recalculator(example)
    before = cells()
    assert before["ITEMS!N13"] == before["SUMMARY!B9"] == 16100
    # 78 of 10,500 is 0.743%: 8p for 15p on 1a, and 1b at 39% falls to the second table, 15p for 20p.
    after = cells(items_d5=78)
    assert (after["ITEMS!N5"], after["ITEMS!N6"]) == (800, 1500)
    assert after["SUMMARY!B9"] == 16100 - 700 - 500
    assert after["SUMMARY!B12"] == 16800 - 14900
    assert [after[f"SCHEDULE!C{row}"] for row in range(17, 23)] == [316.67] * 5 + [316.65]  # £1,900.00 in six
    # All on their top step: £2.10 a head, so a balance of 20% and nothing to recover.
    top = cells(items_d6=46, items_d7=46, items_d8=51, items_d9=71, items_d10=79, items_d11=41, items_d12=441)
    assert (top["SUMMARY!B9"], top["SUMMARY!B11"], top["SUMMARY!B12"]) == (21000, 4200, 0)
    assert [top[f"SCHEDULE!C{row}"] for row in range(16, 23)] == [4200, 0, 0, 0, 0, 0, 0]


def test_exactly_on_a_threshold_the_operators_hold(example: Path) -> None:
    cells = recalculator(example)
    exact = cells(items_d5=75, items_e5=10000)  # 0.75%: not above it (1a, 8p), yet from it (1b, 20p)
    assert (exact["ITEMS!N5"], exact["ITEMS!N6"]) == (800, 2000)
    assert cells(items_d5=50, items_e5=10000)["ITEMS!N5"] == 0


def test_half_a_penny_goes_up_and_is_noted(tmp_path: Path) -> None:
    practices = (EXAMPLE / "practices.csv").read_text().replace(",10000", ",10000.1")
    (tmp_path / "practices.csv").write_text(practices)
    made = statement(remit.run("qif-2024-25", tmp_path / "practices.csv", EXAMPLE / "counts.csv"), "A1")
    (tmp_path / "half.xlsx").write_bytes(as_xlsx(made))
    cells = recalculator(tmp_path / "half.xlsx")()
    assert cells["ITEMS!N5"] == 1500.02  # 15p x 10,000.1 = £1,500.015
    book = openpyxl.load_workbook(tmp_path / "half.xlsx", data_only=True)
    assert book["Items"]["N5"].value == 1500.02
    assert "half a penny" in book["Items"]["R5"].value


def test_qof_recomputes_through_its_weights(tmp_path: Path) -> None:
    """AF006: 12 points from 40% to 90%; 65 of 100 earn 6. CPI 1; APDF 0.5: 6 x £179.26 x 0.5 = £537.78."""
    header = "practice_code,practice_name,place_code,network_code,list_size,weighted_list_size\n"
    (tmp_path / "practices.csv").write_text(f"{header}A1,One,,,8096,\n")
    rows = ("AF,REGISTER,50", "AF006,NUMERATOR,65", "AF006,DENOMINATOR,100")
    counts = "practice_code,indicator_code,measure,value\n" + "".join(f"A1,{row}\n" for row in rows)
    (tmp_path / "counts.csv").write_text(counts)
    (tmp_path / "national.csv").write_text("group_code,register,list_size\nAF,100,8096\n")
    run = remit.run(
        "qof-england-2018-19",
        tmp_path / "practices.csv",
        tmp_path / "counts.csv",
        national=tmp_path / "national.csv",
        only_indicators=["AF001", "AF006"],
    )
    (tmp_path / "qof.xlsx").write_bytes(as_xlsx(statement(run, "A1")))
    cells = recalculator(tmp_path / "qof.xlsx")
    before = cells()
    assert (before["ITEMS!N5"], before["ITEMS!N6"]) == (448.15, 537.78)  # AF001: 5 x £179.26 x 0.5
    more = cells(items_d6=90)
    assert more["ITEMS!N6"] == 1075.56  # all 12 points
    doubled = cells(weights_c4=100)
    assert (doubled["ITEMS!N5"], doubled["ITEMS!N6"]) == (896.3, 1075.56)  # APDF 1
    assert cells(weights_c4=0)["ITEMS!N5"] == 0


ROUNDED = """
scheme: qof-rounded-2018-19
extends: qof-england-2018-19
version: "1"
title: QOF 2018-19 with every step rounded
year: 2018-19
rounding:
  list: 4 places, half up
  prevalence: 3 places, half even
  points: 2 places, half up
  pounds_per_point: 2 places, down
  pounds: 2 places, half even
"""


def test_every_rounding_step_of_the_scheme_is_in_the_formulas(tmp_path: Path) -> None:
    """AF001: 5 x £89.63 (0.5 x £179.26) = £448.15. AF006: 65 of 98, (65/98 - 0.4) / 0.5 x 12 = 6.3183..., so 6.32."""
    (tmp_path / "rounded.yaml").write_text(ROUNDED)
    header = "practice_code,practice_name,place_code,network_code,list_size,weighted_list_size\n"
    (tmp_path / "practices.csv").write_text(f"{header}A1,One,,,8096,\n")
    rows = ("AF,REGISTER,50", "AF006,NUMERATOR,65", "AF006,DENOMINATOR,98")
    counts = "practice_code,indicator_code,measure,value\n" + "".join(f"A1,{row}\n" for row in rows)
    (tmp_path / "counts.csv").write_text(counts)
    (tmp_path / "national.csv").write_text("group_code,register,list_size\nAF,100,8096\n")
    run = remit.run(
        tmp_path / "rounded.yaml",
        tmp_path / "practices.csv",
        tmp_path / "counts.csv",
        national=tmp_path / "national.csv",
        only_indicators=["AF001", "AF006"],
    )
    (tmp_path / "qof.xlsx").write_bytes(as_xlsx(statement(run, "A1")))
    cells = recalculator(tmp_path / "qof.xlsx")
    before = cells()
    assert before["ITEMS!K6"] == 6.32
    assert (before["ITEMS!N5"], before["ITEMS!N6"]) == (448.15, 566.46)  # 6.32 x £89.63 = £566.4616
    # A register of 57: APDF 0.57, a point pays £102.17 (102.1782 down).
    tie = cells(weights_c4=57, items_d6=66045, items_e6=100000)
    assert tie["ITEMS!K6"] == 6.25
    assert tie["ITEMS!N6"] == 638.56  # 6.25 x £102.17 = £638.5625, no tie at two places
    half = cells(weights_c4=57, items_d6=6041, items_e6=10000)
    assert half["ITEMS!K6"] == 4.9  # 4.8984
    assert half["ITEMS!N6"] == 500.63  # £500.633
    # 6.5 points x £102.17 = £664.105: half a penny, and 664.10 is the even one.
    assert cells(weights_c4=57, items_d6=6708, items_e6=10000)["ITEMS!N6"] == 664.1
