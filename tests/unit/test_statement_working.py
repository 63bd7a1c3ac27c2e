"""The printed working, read as a person with a calculator would read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import remit
from remit.core import say
from remit.documents.statement.making import statement
from remit.documents.statement.model import ItemStatement, Statement

LISTS = (1, 997, 3121, 5500, 8096, 12000, 23457)


def qof(folder: Path, size: int) -> Statement:
    """A practice of QOF 2018-19 with odd counts in every item, so that decimals do not end."""
    scheme = remit.load_scheme("qof-england-2018-19")
    rows, nation = [], ["group_code,register,list_size"]
    for n, group in enumerate(scheme.groups, 3):
        rows += [f"A1,{group.group},REGISTER,{max(1, size // n - 7)}", f"A1,{group.group},LIST_SIZE,{size}"]
        nation.append(f"{group.group},{1234567 + 7919 * n},{51234567 + n}")
    for n, item in enumerate(scheme.items, 3):
        if item.measure == "achievement":
            rows += [f"A1,{item.item},NUMERATOR,{n + 37}", f"A1,{item.item},DENOMINATOR,{n + 58}"]
        elif item.measure == "declared":
            rows.append(f"A1,{item.item},DECLARED,1")
    header = "practice_code,practice_name,place_code,network_code,list_size,weighted_list_size\n"
    (folder / "practices.csv").write_text(f"{header}A1,One,,,{size},\n")
    (folder / "counts.csv").write_text("practice_code,indicator_code,measure,value\n" + "\n".join(rows) + "\n")
    (folder / "national.csv").write_text("\n".join(nation) + "\n")
    files = (folder / "practices.csv", folder / "counts.csv")
    return statement(remit.run(scheme, *files, national=folder / "national.csv"), "A1")


def printed(view: ItemStatement, label: str) -> Iterator[str]:
    return (str(line) for line in view.lines if line.label == label)


def figures(text: str) -> list[Fraction]:
    """The numbers of a product, without their units: `5.4 points × £179.26 × 0.926383 (APDF)`."""
    return [Fraction(re.sub(r"[£,]|\(.*?\)|[a-z ]+", "", part)) for part in text.split(" × ")]


@pytest.mark.parametrize("size", LISTS)
def test_a_calculator_comes_to_the_printed_penny(tmp_path: Path, size: int) -> None:
    checked = 0
    for view in qof(tmp_path, size).items:
        for line in printed(view, "Pounds"):
            product = Fraction(1)
            for figure in figures(line.split(" = ")[0]):
                product *= figure
            shown = re.findall(r"£([\d,]+\.\d\d)(?: \(|$)", line)[-1].replace(",", "")
            exact = Decimal(product.numerator) / Decimal(product.denominator)
            assert exact.quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal(shown), line
            checked += 1
    assert checked > 50


def test_points_on_the_line_are_printed_from_the_counts(tmp_path: Path) -> None:
    view = next(v for v in qof(tmp_path, 8096).items if v.code == "AF006")
    # The second item: 41 of 62, 12 points from 40% to 90%: (41/62 - 0.4) / 0.5 x 12 = 6.270967...
    assert list(printed(view, "Points")) == ["(41 / 62 − 40%) / (90% − 40%) × 12 = 6.270968 points (not rounded)"]


def test_numbers_as_people_write_them() -> None:
    assert say.number(10500) == "10,500"
    assert say.number(Fraction(2, 3), 3) == "0.667"
    assert say.percent(Fraction(84, 10500)) == "0.8%"
    assert say.money(-50) == "−£0.50"
    assert say.money(161000000) == "£1,610,000.00"
    assert say.per_head(Fraction(15, 100)) == "15p"
    assert say.per_head(Fraction(190, 100)) == "£1.90"
    assert say.amounts([11667] * 5 + [11665]) == "five of £116.67 and one of £116.65"
    assert say.days_in("joined on 2024-10-01: 6 whole months") == "joined on 1 October 2024: 6 whole months"
    assert say.day(date(2025, 3, 31)) == "31 March 2025"
    assert say.grouped("(1234 / 10500) / 0.123456") == "(1,234 / 10,500) / 0.123456"


@pytest.mark.parametrize("text", ["\x1b[31mred", "a\nb", "a\x00b", "a\u202eb"])
def test_names_cannot_steer_a_terminal(text: str) -> None:
    assert say.clean(text).isprintable()
