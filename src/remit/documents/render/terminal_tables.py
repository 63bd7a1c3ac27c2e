"""A table in the width that there is: in columns where every word has room, else row by row as `name: value` lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from remit.core.words import visible
from remit.documents.blocks import Cell, Column, Table

_GAP = 2
_TONES = {"": "", "good": "green", "poor": "yellow", "quiet": "dim"}
_SENTENCE = 16
"""A column of sentences is at least as wide: narrower, a row is a tower of words."""
_SHORT = 20
"""What is no longer may take two lines, where the table would not stand in columns otherwise."""


def toned(said: str | Cell, style: str = "") -> Text:
    """What is said, in its tone."""
    tone = _TONES[said.tone] if isinstance(said, Cell) else ""
    return Text(visible(str(said)), style=f"{style} {tone}".strip(), overflow="fold")


def longest_word(text: str) -> int:
    """The width of the longest word: what cannot be broken."""
    return max((cell_len(word) for word in visible(text).split()), default=0)


def _longest_line(text: str) -> int:
    return max((cell_len(line) for line in visible(text).splitlines()), default=0)


@dataclass(frozen=True)
class FittedTable:
    """A table that looks at the width when it is printed."""

    table: Table

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        widths = _widths(self.table, options.max_width)
        if widths is None:
            yield from _stacked(self.table, options.max_width)
            return
        lined = sum(any("\n" in str(cell) for cell in row.cells) for row in self.table.rows)
        apart = 2 * lined > len(self.table.rows)  # rows of several lines are told apart by an empty one
        grid = self._grid(widths, apart, head=True)
        for row in self.table.rows:
            if row.kind == "group":
                if grid.row_count or grid.show_header:
                    yield grid
                yield toned(row.cells[0], "bold")
                grid = self._grid(widths, apart, head=False)
            else:
                grid.add_row(*(toned(cell, "bold" if row.kind else "") for cell in row.cells))
        if grid.row_count or grid.show_header:
            yield grid

    def _grid(self, widths: Sequence[int], apart: bool, head: bool) -> Grid:
        grid = Grid(box=None, pad_edge=False, padding=(0, _GAP, int(apart), 0), show_header=head)
        for column, width in zip(self.table.columns, widths, strict=True):
            grid.add_column(Text(column.title), justify="right" if column.numeric else "left", width=width)
        return grid


def _widths(table: Table, room: int) -> list[int] | None:
    """The width of each column; None where they have no room beside each other."""
    most, least, two_lines = [], [], []
    for n, column in enumerate(table.columns):
        cells = [row.cells[n] for row in table.rows if row.kind != "group" and n < len(row.cells)]
        texts = [str(cell) for cell in cells]
        natural = max((_longest_line(text) for text in texts), default=0)
        word = max(map(longest_word, [column.title, *texts]), default=0)
        figures = max((_longest_line(str(cell)) for cell in cells if not _wordy(cell)), default=0)
        most.append(max(natural, longest_word(column.title)))
        least.append(max(word, figures if column.numeric else min(natural, _SENTENCE)))
        short = not column.numeric and natural <= _SHORT
        two_lines.append(max(word, -(-natural // 2) + 1) if short else least[-1])
    for widths in (least, two_lines):
        free = room - _GAP * (len(widths) - 1) - sum(widths)
        if free >= 0:
            return _shared(table.columns, widths, most, free)
    return None


def _wordy(cell: str | Cell) -> bool:
    """Whether it is words, such as a name, that may take several lines among figures."""
    return len(str(cell)) > _SHORT and not (isinstance(cell, Cell) and cell.value is not None)


def _shared(columns: Sequence[Column], least: Sequence[int], most: Sequence[int], free: int) -> list[int]:
    """What is free goes to the columns that want more, one place at a time to the one that lacks most for its share."""
    widths = list(least)
    while free > 0:
        lacking = [n for n in range(len(widths)) if widths[n] < most[n]]
        if not lacking:
            break
        widths[max(lacking, key=lambda n: (most[n] / widths[n], -n))] += 1
        free -= 1
    return widths


def _stacked(table: Table, room: int) -> RenderResult:
    """Each row as its name, then its other cells by the names of their columns, as many on a line as have room."""
    for row in table.rows:
        if row.kind == "group":
            yield toned(row.cells[0], "bold underline")
            yield Text()
            continue
        yield toned(row.cells[0], "bold")
        line = Text()
        for column, cell in zip(table.columns[1:], row.cells[1:], strict=False):
            if not str(cell):
                continue
            pair = _named(column.title, cell)
            if line and ("\n" in str(cell) or line.cell_len + pair.cell_len + 3 > room - 2):
                yield Padding(line, (0, 0, 0, 2))
                line = Text()
            line = line + Text("   ") + pair if line else pair
        if line:
            yield Padding(line, (0, 0, 0, 2))
        yield Text()


def _named(title: str, cell: str | Cell) -> Text:
    text = Text(overflow="fold")
    text.append(f"{title}: ", style="dim")
    return text.append_text(toned(cell))
