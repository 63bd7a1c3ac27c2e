"""The few kinds of block that a statement is laid out in. Terminal, HTML and PDF each show the same blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the title. `amount` stands at the line's end. On paper, a `fresh` one begins a page."""

    level: int
    text: str
    amount: str = ""
    fresh: bool = False


@dataclass(frozen=True)
class Para:
    """A paragraph; `lead` is the one to read first, `reason` says what is missing or to be looked at."""

    text: str
    kind: Literal["", "lead", "reason", "small"] = ""


@dataclass(frozen=True)
class Facts:
    """Pairs of a name and what is to be said of it."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Amounts:
    """The few amounts that a statement is about, each with its name."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Column:
    """A column of a table; `width` is its share of the line."""

    title: str
    width: float
    numeric: bool = False


@dataclass(frozen=True)
class Row:
    """A row; a `group` row has one cell, which names the rows below it. The first cell names its row.

    An `own` row is the one that a statement is about, among others.
    """

    cells: tuple[str, ...]
    kind: Literal["", "group", "total", "own"] = ""


@dataclass(frozen=True)
class Table:
    """A table with its caption."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Picture:
    """A chart as SVG, and the same in words."""

    svg: str
    alt: str


@dataclass(frozen=True)
class Beside:
    """Facts with a chart beside them."""

    facts: Facts
    picture: Picture


@dataclass(frozen=True)
class Bullets:
    """A plain list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Keep:
    """Blocks that belong together: an item and its working. A page does not break right after its heading."""

    blocks: Sequence[Heading | Para | Facts | Beside]


Block = Heading | Para | Facts | Amounts | Table | Picture | Beside | Bullets | Keep
