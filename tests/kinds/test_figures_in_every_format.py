"""Kind: a figure that one format shows otherwise than another, or than the application's result.

`DOCUMENTS` has a document for each line: how it is made, and the figures that the result says, by hand or from its
source. Each must have that exact value, and stand in the page, the workbook, the PDF, the terminal and the CSV.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction

import pytest
from tests.kinds import every_block
from tests.kinds.figures_in_formats import Value, assert_in_every_format

from remit.documents.blocks import Document
from remit.documents.organisations import AreaRow, area_tree

DOCUMENTS: dict[str, tuple[Callable[[], Document], Mapping[str, Value]]] = {
    "every kind of block and every unit": (
        every_block.document,
        {
            "earned": 150000, "patients": 1234, "P1/list": 1000, "P3/rate": Fraction(3, 13),
            "P12/points": Fraction(240, 13),
            "P5/prevalence": None, "P7/day": date(2024, 4, 7), "P2/pounds": 246912, "P4/pounds": -99,
            "all/pounds": 10**9, "all/list": None,
            "a/mean": Fraction(1, 2), "c/counted": None, "1/rate": Fraction(41, 100), "penny": 1,
            "weighted": Fraction(42001, 4), "steps/third": Fraction(1, 3),
        },
    ),
    "the organisations of an area": (
        lambda: area_tree(
            "Area", date(2024, 4, 1),
            [AreaRow(1, "NW1", "Network", "network"), AreaRow(2, "A1", "Practice", "practice", 8123, date(2024, 1, 1))],
        ),
        {"NW1/list": None, "A1/list": 8123, "A1/list-day": date(2024, 1, 1)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_figure_is_the_same_in_every_format(name: str) -> None:
    make, expected = DOCUMENTS[name]
    assert_in_every_format(make(), expected)
