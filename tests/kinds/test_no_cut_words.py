"""The kind: a name that a terminal of 80 columns cuts inside a word.

The renderer gives a column the room of its longest word, and shows rows as pairs where even that does not fit. Here
are tables that are wide in each way, then every document of the commands about schemes, with its own words.
"""

from __future__ import annotations

import pytest
from tests.bad_files.command import remit

from remit.documents.blocks import Column, Facts, Row, Table
from remit.documents.render.terminal import plain_text
from remit.scheme import load_scheme, scheme_ids

LONG = "pcds-buckinghamshire-2017-18-narrow"


def words(text: str) -> set[str]:
    return set(text.split())


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("count", [2, 4, 7])
def test_a_tables_words_are_whole_at_any_width(width: int, count: int) -> None:
    columns = (Column("Scheme", 3), *(Column(f"Column {n}", 1, n % 2 == 0) for n in range(1, count)))
    cells = (LONG, *(f"Staffordshire {n * 1_000_000}.00" for n in range(1, count)))
    text = plain_text([Table("A table", columns, (Row(cells), Row((LONG, *[""] * (count - 1)), "total")))], width)
    assert {word for cell in cells for word in cell.split()} <= words(text)
    assert max(map(len, text.splitlines())) <= width


def test_a_group_has_the_whole_line_and_its_rows_stand_under_the_same_columns() -> None:
    columns = (Column("Item", 1), Column("Points", 1, True))
    rows = (Row(("A group with a name longer than its column",), "group"), Row(("AF001", "5")), Row(("B", "12")))
    text = plain_text([Table("A table", columns, rows)], 80)
    assert text.splitlines()[1:5] == [
        "Item   Points",
        "A group with a name longer than its column",
        "AF001       5",
        "B          12",
    ]


def test_a_long_name_of_a_pair_is_whole() -> None:
    text = plain_text([Facts(((LONG, "what it is"), ("b", "c")))], 80)
    assert LONG in words(text)


@pytest.mark.parametrize("command", [["schemes"], ["show", "--unverified"]])
def test_every_scheme_is_named_whole(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = remit(*command)
    assert (said.status, said.err) == (0, "")
    assert "…" not in said.out
    assert [name for name in scheme_ids() if name not in said.out.replace(":", " ").split()] == []


@pytest.mark.parametrize("name", scheme_ids())
def test_a_card_names_its_items_whole(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    scheme = load_scheme(name)
    for option in ("--unverified", "--sources"):
        said = remit("show", name, option)
        assert (said.status, said.err) == (0, "")
        assert [line for line in said.out.splitlines() if len(line) > 80 or line != line.rstrip()] == []
    shown = words(said.out)
    titles = {word for item in scheme.items for word in (item.item, *item.title.split())}
    assert titles - shown == set()


def test_a_difference_names_its_items_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = remit("diff", "qof-england-2024-25", "qof-england-2025-26").out
    gone = {item.item for item in load_scheme("qof-england-2024-25").items}
    gone -= {item.item for item in load_scheme("qof-england-2025-26").items}
    assert gone - {"DM033", "DM022", "DM023", "AST011"} <= words(said)
    assert [line for line in said.splitlines() if len(line) > 80] == []
