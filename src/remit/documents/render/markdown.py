"""Blocks as Markdown: headings, paragraphs, lists and tables that read well as they are, too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from remit.core import say
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
)


def as_markdown(blocks: Iterable[Block]) -> str:
    """The blocks, a blank line between them. Text is data here: what would be markup is escaped."""
    return "\n\n".join("\n".join(_lines(block)) for block in blocks) + "\n"


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"{'#' * block.level} {_escaped(block.text)}"
    elif isinstance(block, Para):
        yield _escaped(block.text)
    elif isinstance(block, Facts | Amounts):
        for name, text in block.rows:
            yield f"- **{_escaped(name)}:** {_escaped(text)}"
    elif isinstance(block, Bullets):
        for item in block.items:
            yield f"- {_escaped(item)}"
    elif isinstance(block, Table):
        yield f"**{_escaped(block.caption)}**"
        yield ""
        yield _row(column.title for column in block.columns)
        yield _row("---:" if column.numeric else "---" for column in block.columns)
        for row in block.rows:
            yield _row(map(_escaped, row.cells))
    elif isinstance(block, Beside):
        yield from _lines(block.facts)
    elif isinstance(block, Fold):
        yield f"**{_escaped(block.title)}**"
        yield ""
        yield as_markdown(block.blocks).rstrip("\n")
    elif isinstance(block, Keep):
        yield as_markdown(block.blocks).rstrip("\n")
    elif not isinstance(block, Picture):  # what a picture shows stands beside it in words
        assert_never(block)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str | Cell) -> str:
    """On one line, with the marks that Markdown would read escaped."""
    return re.sub(r"([\\`*_|<>\[\]#])", r"\\\1", say.clean(str(text)))
