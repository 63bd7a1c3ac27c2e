from __future__ import annotations

from pathlib import Path

import pytest

from remit.core.problems import Refused
from remit.files.tables import read_table, read_text, write_table


def table(tmp_path: Path, data: bytes) -> list[tuple[int, list[str]]]:
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    return [(number, list(cells)) for number, cells in read_table(path, ("a", "b"), ("c",)).rows()]


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\n1,2\n",
        b"\xef\xbb\xbfa,b\n1,2\n",
        b"a,b\r\n1,2\r\n",
        b"a,b\r1,2\r",
        b"a,b\n1,2",
        b"A , B\n 1 ,2\n",
        b'"a","b"\n"1","2"\n',
        b"a,b\n\n1,2\n\n",
    ],
    ids=["plain", "mark", "windows", "old mac", "no last line end", "spaces and capitals", "quoted", "blank lines"],
)
def test_every_usual_way_to_save_a_table_reads_alike(tmp_path: Path, data: bytes) -> None:
    assert [list(cells) for _, cells in table(tmp_path, data)] == [["1", "2", ""]]


def test_columns_are_found_in_any_order_and_others_passed_over(tmp_path: Path) -> None:
    assert table(tmp_path, b"x,C,b,a\n9,3,2,1\n") == [(2, ["1", "2", "3"])]


def test_a_quoted_cell_may_hold_commas_quotes_and_line_ends(tmp_path: Path) -> None:
    """A line end becomes a space, so that every table which is written has one line a row."""
    rows = table(tmp_path, b'a,b\n"x, ""y""\nz","2\r\n2"\n"3\r3",4\n')
    assert rows == [(4, ['x, "y" z', "2 2", ""]), (6, ["3 3", "4", ""])]


@pytest.mark.parametrize("mark", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_only_line_ends_end_a_row(tmp_path: Path, mark: str) -> None:
    """Python's splitlines would break at each of these; a spreadsheet, an editor and CSV do not."""
    assert table(tmp_path, f"a,b\nx{mark}y,2\n3,4\n".encode()) == [(2, [f"x{mark}y", "2", ""]), (3, ["3", "4", ""])]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n \n", "is empty"),
        (b"a\n1\n", "there is no column b"),
        (b"a;b\n1;2\n", "semicolons"),
        (b"a\tb\n1\t2\n", "tabs"),
        (b"a|b\n1|2\n", "bars"),
        (b"a,b,A\n1,2,3\n", "more than once"),
        (b"a,b\n1,2,3\n", "t.csv:2: the row has 3 cells where the header has 2"),
        (b"a,b\n1\n", "t.csv:2: the row has 1 cells"),
        (b'a,b\n1,"2\n3,4\n', "not well-formed CSV"),
        (b'a,b\n1,"2"x\n', "t.csv:2: is not well-formed CSV"),
        (b'"a,b\n1,2\n', "t.csv:1: is not well-formed CSV"),
        (b"a,b\n1,\x002\n", "t.csv:2: has a NUL byte"),
        (b"a,b\n1,2\n1,\xe9\n", "t.csv:3: is not UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        ("a,b\n1,2\n".encode("utf-16-le"), "t.csv:1: has a NUL byte"),
        (b"a,b\n1," + b"9" * 200_000 + b"\n", "t.csv:2: is not well-formed CSV"),
    ],
)
def test_anything_else_is_refused_with_its_place(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(Refused) as refused:
        table(tmp_path, data)
    assert words in str(refused.value)


def test_a_missing_file_names_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "counts.csv").touch()
    with pytest.raises(Refused, match=r"there is no such file\. Did you mean counts\.csv\?"):
        read_text(tmp_path / "count.csv")
    with pytest.raises(Refused, match="cannot be read: Is a directory"):
        read_text(tmp_path)


@pytest.mark.parametrize("cell", ["plain", "with, comma", 'a "quote"', "", "é£", "=1+1", "a\u2028b", "#"])
def test_what_is_written_is_read_again(tmp_path: Path, cell: str) -> None:
    write_table(tmp_path / "t.csv", ("a", "b"), [[cell, "x"], ["y", "z"]])
    assert [list(cells) for _, cells in read_table(tmp_path / "t.csv", ("a", "b")).rows()] == [[cell, "x"], ["y", "z"]]
