"""Blocks in the terminal, or as plain text: no figure and no name is cut inside a word, however narrow the window."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from remit.core.words import visible
from remit.documents.blocks import (
    Amounts,
    Beside,
    Block,
    Bullets,
    Cell,
    Facts,
    Fold,
    Heading,
    Keep,
    Para,
    Picture,
    Table,
)  # fmt: skip
from remit.documents.render.terminal_tables import FittedTable, longest_word, toned

_STYLES = {"lead": "bold", "reason": "yellow", "small": "dim", "": ""}


def rendered_blocks(blocks: Iterable[Block], folds: bool = False) -> Group:
    """Any blocks for a rich console; a picture is left out, since what it shows stands beside it in words.

    What is folded away is named with how long it is; with `folds` it is printed.
    """
    return Group(*_all(blocks, folds))


def plain_text(blocks: Iterable[Block], width: int = 100, folds: bool = True) -> str:
    """Any blocks as plain text."""
    into = io.StringIO()
    console = Console(file=into, width=width, color_system=None, highlight=False, legacy_windows=False)
    console.print(rendered_blocks(blocks, folds))
    return "\n".join(line.rstrip() for line in visible(into.getvalue()).splitlines()) + "\n"


def _all(blocks: Iterable[Block], folds: bool) -> Iterator[RenderableType]:
    for block in blocks:
        yield from _one(block, folds)


def _one(block: Block, folds: bool) -> Iterator[RenderableType]:
    if isinstance(block, Heading):
        yield from _heading(block)
    elif isinstance(block, Para):
        yield Text(block.text, style=_STYLES[block.kind])
        yield Text()
    elif isinstance(block, Facts | Amounts):
        if block.rows:
            yield _Pairs(block)
            yield Text()
    elif isinstance(block, Table):
        yield Text(block.caption, style="italic")
        yield FittedTable(block)
        yield Text()
    elif isinstance(block, Bullets):
        for item in block.items:
            yield _bullet(item)
        yield Text()
    elif isinstance(block, Beside):
        yield from _one(block.facts, folds)
    elif isinstance(block, Keep):
        yield from _all(block.blocks, folds)
    elif isinstance(block, Fold):
        yield _Folded(block, folds)
    elif not isinstance(block, Picture):
        assert_never(block)


def _heading(block: Heading) -> Iterator[RenderableType]:
    text = f"{block.text}  {block.amount}".rstrip()
    yield Text(text, style="bold underline" if block.level <= 2 else "bold")
    if block.level <= 2:
        yield Text()


def _bullet(item: str | Cell) -> Grid:
    grid = Grid.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=1)
    grid.add_column()
    grid.add_row(Text("•"), toned(item))
    return grid


@dataclass(frozen=True)
class _Folded:
    """What is folded away: its title and how many lines it has, or all of it."""

    fold: Fold
    shown: bool

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        inner = Group(*_all(self.fold.blocks, self.shown))
        if self.shown:
            yield Text(self.fold.title, style="bold")
            yield inner
            return
        lines = len(console.render_lines(inner, options, pad=False))
        yield Text(f"▸ {self.fold.title} ({lines:,} line{'' if lines == 1 else 's'} folded away)", style="dim")
        yield Text()


@dataclass(frozen=True)
class _Pairs:
    """Names beside what is said of them; below them, where the names leave no room."""

    block: Facts | Amounts

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        amounts = isinstance(self.block, Amounts)
        names = [name for name, _ in self.block.rows]
        widest = max(max(map(len, names)), 1)
        width = max(min(widest, 24 if options.max_width > 60 else 16), max(map(longest_word, names)))
        room = options.max_width - width - 2
        if room < max(longest_word(str(said)) for _, said in self.block.rows):
            for name, said in self.block.rows:
                yield Text(name, style="" if amounts else "dim")
                yield Padding(toned(said, "bold" if amounts else ""), (0, 0, 0, 2))
            return
        grid = Grid.grid(padding=(0, 2, 0, 0))
        grid.add_column(style="" if amounts else "dim", width=width)
        grid.add_column(justify="right" if amounts else "left", style="bold" if amounts else "")
        for name, said in self.block.rows:
            grid.add_row(Text(name), toned(said))
        yield grid
