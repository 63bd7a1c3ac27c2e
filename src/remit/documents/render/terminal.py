"""Blocks in the terminal, or as plain text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import assert_never

from rich.console import Console, Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from remit.core.words import visible
from remit.documents.blocks import Amounts, Beside, Block, Bullets, Facts, Fold, Heading, Keep, Para, Picture, Table

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
        yield _table(block)
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
    widest = max(len(name) for name, _ in block.rows)
    grid.add_column(style="dim" if isinstance(block, Facts) else "", width=min(widest, 24))
    grid.add_column(
        justify="right" if isinstance(block, Amounts) else "left", style="bold" if isinstance(block, Amounts) else ""
    )
    for name, text in block.rows:
        grid.add_row(Text(name), Text(str(text)))
    return grid


def _table(block: Table) -> Grid:
    table = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for n, column in enumerate(block.columns):
        widest = max(
            (len(word) for row in block.rows for cell in row.cells[n : n + 1] for word in str(cell).split()), default=0
        )
        at_least = widest if column.numeric else None  # a figure is never cut
        table.add_column(Text(column.title), justify="right" if column.numeric else "left", min_width=at_least)
    for row in block.rows:
        style = "bold" if row.kind else ""
        table.add_row(*(Text(str(cell), style=style) for cell in row.cells))
    return table
