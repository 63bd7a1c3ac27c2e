"""The pages of a pack in their order, the index that leads to them, and all of them as one document for paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from remit.core import say
from remit.documents.blocks import Block, Bullets, Cell, Column, Document, Facts, Heading, Para, Row, Table
from remit.documents.pack import decisions, money, parts
from remit.documents.pack.model import Pack, Page
from remit.documents.scheme_card import card
from remit.documents.scheme_difference import difference

_FILES = (
    ("scheme.yaml", "the scheme itself, as Remit reads it: run it with remit run scheme.yaml"),
    ("practices.csv", "the template of the practices, with an example row"),
    ("counts.csv", "the template of the counts: what each practice sends, a row for each figure"),
    ("claims.csv", "the template of single claims"),
    ("items.csv", "every item with what it pays, as a table"),
    ("clusters.csv", "every code cluster that the rules read, with how many codes it has and its SHA-256"),
    ("calendar.ics", "the days of the scheme, for a calendar"),
    ("pack.pdf", "all the pages as one document"),
    ("SHA256SUMS.txt", "what each file is, so that nobody works by another one"),
)
"""The files beside the pages, with what each is."""


def pages(pack: Pack) -> tuple[Page, ...]:
    """Every page of the pack but the index."""
    scheme = pack.card.scheme
    found = [
        Page("scheme", "What is paid, for what, how much and when", card(pack.card)),
        Page("rules", "Who is counted and who is left out: cohort, business logic, code clusters", parts.rules(pack)),
        Page("data-set", "What is sent, by whom, in which form: data set and claim template", parts.data_set(pack)),
        Page("funding", "What it pays per head and for lists of several sizes", money.funding(pack)),
        Page("decisions", "Who decides, who verifies before it is paid, and what is kept apart", decisions.page(pack)),
        Page("calendar", "What is due on which day", parts.calendar(pack)),
        Page("example", "What a practice is sent: a statement of a made-up practice", parts.example(pack)),
        Page("release", "Which version this is, what it rests on, and its notice", parts.release(pack)),
    ]
    if pack.changes is not None:
        names = (pack.changes.before.scheme, scheme.scheme)
        changed = Page("changes", f"What changed against {names[0]}", difference(pack.changes, names))
        found.insert(-1, changed)
    return tuple(found)


def index(pack: Pack, of: tuple[Page, ...], files: tuple[str, ...]) -> Document:
    """The page that leads to all others. `files` are the names of those that the folder has."""
    scheme = pack.card.scheme
    title = f"{scheme.title}: scheme pack"
    rows = tuple(Row((Cell(one.answers, link=f"{one.name}.html"), f"{one.name}.html")) for one in of)
    blocks: list[Block] = [Heading(1, title), Para(pack.notice, "lead")]
    if pack.open:
        waits = f"{len(pack.open)} {'number' if len(pack.open) == 1 else 'numbers'} must still be supplied"
        blocks.append(Para(f"{waits} before every award is known: the page of the version names each.", "reason"))
    blocks.append(Table("Where the answer is", (Column("What is asked", 6), Column("Page", 2)), rows))
    beside = tuple(Row((Cell(name, link=name), say.capital(words))) for name, words in _FILES if name in files)
    blocks += [Heading(2, "Files"), Table("Files of this folder", (Column("File", 2), Column("What it is", 7)), beside)]
    blocks += [Heading(2, "Enclosures"), *_enclosures(pack)]
    return Document(title, tuple(blocks), foot=title, public=True)


def _enclosures(pack: Pack) -> Iterator[Block]:
    sources = pack.card.scheme.sources
    yield Para("The documents that the scheme is taken from. They are not part of this folder: ask their publishers.")
    yield Bullets(
        tuple(
            ", ".join(filter(None, [say.clean(one.title), one.published, one.address, one.standing or ""]))
            for one in sources.values()
        )
    )


def together(pack: Pack, of: tuple[Page, ...]) -> Document:
    """All pages one behind the other, each on a page of paper of its own."""
    scheme = pack.card.scheme
    title = f"{scheme.title}: scheme pack"
    blocks: list[Block] = [Heading(1, title), Para(pack.notice, "lead")]
    blocks += [Heading(2, "In this order"), Bullets(tuple(one.answers for one in of))]
    blocks += [Heading(2, "Enclosures"), *_enclosures(pack)]
    for one in of:
        blocks += _lower(one.document.blocks)
    return Document(title, tuple(blocks), foot=f"{scheme.scheme}, version {scheme.version}", public=True)


def _lower(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """A document's blocks as a part of another: its title is a section, which begins a page."""
    for block in blocks:
        if isinstance(block, Heading):
            yield replace(block, level=min(block.level + 1, 4), fresh=block.level == 1)
        elif isinstance(block, Facts):
            yield Facts(tuple((name, _unlinked(value)) for name, value in block.rows))
        elif isinstance(block, Table):
            rows = tuple(replace(row, cells=tuple(map(_unlinked, row.cells))) for row in block.rows)
            yield replace(block, rows=rows)
        else:
            yield block


def _unlinked(cell: str | Cell) -> str | Cell:
    return replace(cell, link="") if isinstance(cell, Cell) and cell.link else cell
