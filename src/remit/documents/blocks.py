"""The few kinds of block that a document is laid out in. Every renderer shows the same blocks in its own format.

A presenter makes a `Document` of what a use case found; it knows nothing of formats. A renderer shows any document; it
knows nothing of schemes. Each figure is a `Cell` with an id, so that a test can find it in every format.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

Unit = Literal["", "pence", "count", "rate", "points", "number", "day"]
"""What a cell's value is: pence, a count and a day are whole; a rate of 1 is 100%; "" has no value."""


@dataclass(frozen=True)
class Cell:
    """The text that stands in one place and, where it is a figure, its id and its exact value.

    `figure` is unique in its document, as `A1/HYP008/pounds`. A workbook holds the `value`, where there is one; an
    unknown figure has none, and its text says so. `link` is the address of another page of the same folder, or
    `#anchor`. `tone` colours it, and `picture` is a small SVG before it (`charts.strip`); the text alone must say the
    same.
    """

    text: str
    figure: str = ""
    value: int | Fraction | date | None = None
    unit: Unit = ""
    link: str = ""
    tone: Literal["", "good", "poor", "quiet"] = ""
    picture: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the title. `amount` stands at the line's end. On paper, a `fresh` one begins a page."""

    level: int
    text: str
    amount: str = ""
    fresh: bool = False


@dataclass(frozen=True)
class Para:
    """A paragraph; `lead` is the answer, to be read first; `reason` says what is missing or to be looked at."""

    text: str
    kind: Literal["", "lead", "reason", "small"] = ""


@dataclass(frozen=True)
class Facts:
    """Pairs of a name and what is to be said of it."""

    rows: tuple[tuple[str, str | Cell], ...]


@dataclass(frozen=True)
class Amounts:
    """The few amounts that a document is about, each with its name."""

    rows: tuple[tuple[str, str | Cell], ...]


@dataclass(frozen=True)
class Column:
    """A column of a table; `width` is its share of the line.

    The first column names the row. Where there is no room for all, it stays in sight with the one that is to be `kept`.
    """

    title: str
    width: float
    numeric: bool = False
    kept: bool = False


@dataclass(frozen=True)
class Row:
    """A row; a `group` row has one cell, which names the rows below it. The first cell names its row.

    An `own` row is the one that a document is about, among others. `facets` are what a reader can filter it by: the
    name of one of the table's facets, and a value of this row; a row may have several of one name.
    """

    cells: tuple[str | Cell, ...]
    kind: Literal["", "group", "total", "own"] = ""
    facets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Table:
    """A table with its caption. A page lets the reader sort a `sortable` one, and filter its rows by its `facets`."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    sortable: bool = False
    facets: tuple[str, ...] = ()


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

    items: tuple[str | Cell, ...]


@dataclass(frozen=True)
class Keep:
    """Blocks that belong together: an item and its working. A page does not break right after its heading."""

    blocks: tuple[Heading | Para | Facts | Beside, ...]


@dataclass(frozen=True)
class Fold:
    """Blocks for the reader who asks how it was made: a page folds them under their title, paper prints them.

    A terminal names them, and prints them only where it is asked for everything.
    """

    title: str
    blocks: tuple[Block, ...]


Block = Heading | Para | Facts | Amounts | Table | Picture | Beside | Bullets | Keep | Fold


@dataclass(frozen=True)
class Document:
    """A whole document: its title, its blocks (the first is its heading) and how it goes on paper.

    `foot` stands at the foot of each page on paper. A `wide` one has tables of many columns and prints landscape. A
    `private` one has rows of patients: its file is readable by its owner alone. Search engines may list it only where
    it is `public`.
    """

    title: str
    blocks: tuple[Block, ...]
    foot: str = ""
    wide: bool = False
    private: bool = False
    public: bool = False
