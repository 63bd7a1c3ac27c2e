"""A table of many rows takes few screens: short texts stay on one line, and rows are set closer."""

from __future__ import annotations

from remit.documents.blocks import Column, Row, Table
from remit.documents.render.html_tables import Tables


def _table(rows: int, text: str = "93.75% (90 of 96)") -> Table:
    columns = (Column("Item", 7), Column("Achieved", 3), Column("Points", 2, True), Column("Pounds", 2, True))
    return Table("Items", columns, tuple(Row((f"item {n}", text, "12 of 12", "£2,505.59")) for n in range(rows)))


def test_a_long_table_of_short_texts_is_set_closer() -> None:
    assert Tables()(_table(41)).classes == "table many one-line dense"
    assert Tables()(_table(40)).classes == "table many one-line"


def test_a_long_text_may_take_several_lines() -> None:
    long = "See the practice's own statement for what was counted here."
    shown = Tables()(_table(3, long))
    assert shown.one_line
    assert str(shown.cell(long, shown.table.columns[1])) == ' class="long"'
    assert str(shown.cell("12 of 12", shown.table.columns[1])) == ""
