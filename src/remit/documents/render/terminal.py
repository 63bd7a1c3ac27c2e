"""Blocks in the terminal, or as plain text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from rich.console import Console, ConsoleOptions, Group, JustifyMethod, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from remit.core.words import visible
from remit.documents.blocks import (
    Amounts,
    Beside,
    Block,
    Bullets,
    Document,
    Facts,
    Fold,
    Heading,
    Keep,
    Para,
    Picture,
    Table,
)

_GAP = 2
"""Blanks between two columns."""
_NAMES = 24
"""How wide the names of pairs may be; longer ones are wrapped."""
_STYLES = {"lead": "bold", "reason": "yellow", "small": "dim", "": ""}


def rendered_blocks(blocks: Iterable[Block]) -> Group:
    """Any blocks for a rich console; a picture is left out, since what it shows stands beside it in words."""
    return Group(*_all(blocks))


def plain_text(blocks: Iterable[Block], width: int = 100) -> str:
    """Any blocks as plain text."""
    into = io.StringIO()
    console = Console(file=into, width=width, color_system=None, highlight=False, legacy_windows=False)
    console.print(rendered_blocks(blocks))
    return "\n".join(line.rstrip() for line in visible(into.getvalue()).splitlines()) + "\n"


def folded_away(document: Document) -> Document:
    """The document for a reader who wants what matters first: folds are named where they stand, and not printed."""
    blocks: list[Block] = []
    names: list[str] = []
    for block in (*document.blocks, None):
        if isinstance(block, Fold):
            names.append(block.title)
            continue
        if names:
            blocks.append(Para(f"Folded away: {'; '.join(names)}.", "small"))
            names = []
        if block is not None:
            blocks.append(block)
    return replace(document, blocks=tuple(blocks))


def _all(blocks: Iterable[Block]) -> Iterator[RenderableType]:
    for block in blocks:
        yield from _one(block)


def _one(block: Block) -> Iterator[RenderableType]:
    if isinstance(block, Heading):
        yield from _heading(block)
    elif isinstance(block, Para):
        yield Text(block.text, style=_STYLES[block.kind])
        yield Text()
    elif isinstance(block, Facts | Amounts):
        yield _pairs(block)
        yield Text()
    elif isinstance(block, Table):
        yield Text(block.caption, style="italic")
        yield _Fitted(block)
        yield Text()
    elif isinstance(block, Bullets):
        for item in block.items:
            yield Text(f"• {item}")
        yield Text()
    elif isinstance(block, Beside):
        yield from _one(block.facts)
    elif isinstance(block, Keep):
        yield from _all(block.blocks)
    elif isinstance(block, Fold):
        yield Text(block.title, style="bold")
        yield from _all(block.blocks)
    elif not isinstance(block, Picture):
        assert_never(block)


def _heading(block: Heading) -> Iterator[RenderableType]:
    text = f"{block.text}  {block.amount}".rstrip()
    yield Text(text, style="bold underline" if block.level <= 2 else "bold")
    if block.level <= 2:
        yield Text()


def _pairs(block: Facts | Amounts) -> Grid:
    grid = Grid.grid(padding=(0, 2, 0, 0))
    names = [name for name, _ in block.rows]
    width = max(min(max(map(len, names), default=0), _NAMES), *map(_word, names), 1)
    grid.add_column(style="dim" if isinstance(block, Facts) else "", width=width, overflow="fold")
    grid.add_column(
        justify="right" if isinstance(block, Amounts) else "left",
        style="bold" if isinstance(block, Amounts) else "",
        overflow="fold",
    )
    for name, text in block.rows:
        grid.add_row(Text(name), Text(str(text)))
    return grid


class _Fitted:
    """A table as wide as there is room for: no word is cut. Where even that does not fit, its rows stand as pairs."""

    def __init__(self, block: Table) -> None:
        self.block = block

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        widths = _widths(self.block, options.max_width)
        if widths is None:
            yield from _stacked(self.block)
            return
        lined = sum(any("\n" in str(cell) for cell in row.cells) for row in self.block.rows)
        apart = 1 if 2 * lined > len(self.block.rows) else 0  # rows of several lines are told apart by an empty one
        grid, head = self.grid(widths, apart, head=True), True
        for row in self.block.rows:
            if row.kind == "group":
                if grid.row_count or head:
                    yield grid
                yield Text(str(row.cells[0]), style="bold")
                grid, head = self.grid(widths, apart, head=False), False
                continue
            style = "bold" if row.kind else ""
            grid.add_row(*(Text(str(cell), style=style) for cell in row.cells))
        if grid.row_count or head:
            yield grid

    def grid(self, widths: Sequence[int], apart: int, head: bool) -> Grid:
        """A grid of these widths."""
        grid = Grid(box=None, pad_edge=False, padding=(0, _GAP, apart, 0), show_header=head)
        for column, width in zip(self.block.columns, widths, strict=True):
            side: JustifyMethod = "right" if column.numeric else "left"
            grid.add_column(Text(column.title), justify=side, width=width, overflow="fold")
        return grid


def _widths(block: Table, room: int) -> list[int] | None:
    """A width for each column: at least its longest word, or line where it is numeric; None where these do not fit."""
    least, most = [], []
    for n, column in enumerate(block.columns):
        cells = [str(cell) for row in block.rows if row.kind != "group" for cell in row.cells[n : n + 1]]
        lines = [line for cell in cells for line in cell.split("\n")]
        longest = max(map(len, lines), default=0)
        least.append(max(longest if column.numeric else max(map(_word, cells), default=0), _word(column.title), 1))
        most.append(max(longest, len(column.title), least[-1]))
    free = room - _GAP * (len(least) - 1) - sum(least)
    if free < 0:
        return None
    widths = list(least)
    while free > 0 and (short := [n for n in range(len(widths)) if widths[n] < most[n]]):
        n = min(short, key=lambda n: widths[n])  # the narrowest first, so that short columns stand on one line
        widths[n] += 1
        free -= 1
    return widths


def _word(text: str) -> int:
    """How long its longest word is."""
    return max(map(len, text.split()), default=0)


def _stacked(block: Table) -> Iterator[RenderableType]:
    """Each row under its name, with the name of its column before each cell."""
    titles = [column.title for column in block.columns[1:]]
    for row in block.rows:
        yield Text(str(row.cells[0]), style="bold")
        pairs = tuple((title, cell) for title, cell in zip(titles, row.cells[1:], strict=False) if str(cell))
        if pairs:
            yield Padding(_pairs(Facts(pairs)), (0, 0, 0, _GAP))
