from __future__ import annotations

from pathlib import Path

import pytest

from remit.core.problems import Collector, Refused
from remit.files.hashes import sha256_file
from remit.files.tables import read_header, read_table, read_text, scan, write_table


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
        (b"a,b\n1\n", "t.csv:2: the row has 1 cell"),
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


# Tables that tabs separate, files of another encoding, and large files.


def test_tabs_separate_and_quotes_are_letters(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_bytes(b'id\tterm\r\n1\tthe "old" one\r\n\r\n2\t"open, and left open\r\n')
    rows = [(row, cells) for row, cells in read_table(path, ("id", "term"), mark="\t").rows()]
    assert rows == [(2, ["1", 'the "old" one']), (4, ["2", '"open, and left open'])]


def test_a_row_of_another_width_is_told_of_tabs_too(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_text("id\tterm\n1\n \n2\tb\n")
    problems = Collector()
    assert [cells for _, cells in read_table(path, ("id", "term"), mark="\t").rows(problems)] == [["2", "b"]]
    assert [str(one) for one in problems.problems] == [f"{path}:2: the row has 1 cell where the header has 2."]


@pytest.mark.parametrize(
    ("text", "mark", "cells"),
    [
        ("a,b\n", ",", ("a", "b")),
        ("Refset Id\tactive\n", "\t", ("Refset Id", "active")),
        ("a;b\n", ";", ("a;b",)),
        ('"a\tb",c\n', ",", ("a\tb", "c")),
        ("code\n", ",", ("code",)),
    ],
)
def test_a_header_says_what_separates_it(tmp_path: Path, text: str, mark: str, cells: tuple[str, ...]) -> None:
    (tmp_path / "t").write_text(text)
    header = read_header(tmp_path / "t")
    assert (header.mark, header.cells) == (mark, cells)
    assert header.names == tuple(cell.lower().replace(" ", "_") for cell in cells)


def test_a_file_of_another_encoding_is_read_where_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"a,b\ncaf\xe9,1\n")
    assert [cells for _, cells in read_table(tmp_path / "t.csv", ("a", "b"), errors="replace").rows()] == [
        ["caf�", "1"]
    ]


@pytest.mark.parametrize(
    ("data", "lines", "cells"),
    [
        (b"a,b\n1,2\n", 1, ("a", "b")),
        (b"\xef\xbb\xbfa,b\r\n1,2\r\n3,4", 2, ("a", "b")),
        (b"a,b", 0, ("a", "b")),
        (b'"a,1",b\n\n', 1, ("a,1", "b")),
    ],
)
@pytest.mark.parametrize("block", [1, 3, 1 << 20])
def test_a_large_file_is_looked_through_in_blocks(
    tmp_path: Path, data: bytes, lines: int, cells: tuple[str, ...], block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("remit.files.tables._BLOCK", block)
    (tmp_path / "t.csv").write_bytes(data)
    found = scan(tmp_path / "t.csv")
    assert (found.lines, found.sha256) == (lines, sha256_file(tmp_path / "t.csv"))
    assert found.header.cells == cells


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        ("a,b\n".encode("utf-16"), "UTF-16"),
        (b"a,b\n1,\x002\n", "t.csv:2: has a NUL byte"),
        (b"a,b\n1,2\n1,\xe9\n", "t.csv:3: is not UTF-8 here"),
        (b"a,b\n1,\xc3", "t.csv:2: is not UTF-8 here"),
        (b"a,b\r1,2\r", "carriage return alone"),
        (b'"a,b\n1,2\n', "t.csv:1: is not well-formed CSV"),
    ],
)
@pytest.mark.parametrize("block", [2, 1 << 20])
def test_what_a_large_file_is_refused_for(
    tmp_path: Path, data: bytes, words: str, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("remit.files.tables._BLOCK", block)
    (tmp_path / "t.csv").write_bytes(data)
    with pytest.raises(Refused) as refused:
        scan(tmp_path / "t.csv")
    assert words in str(refused.value)
