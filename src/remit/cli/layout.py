"""What the cards of the terminal are laid out with: headings, tables without lines, and the marks of standing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console, JustifyMethod, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from remit.scheme.model import Scheme
from remit.scheme.numbers import Path, statements

MARKS = {"verified": "", "inferred": "*", "unverified": "?"}


def heading(text: str) -> Text:
    """A section's heading, below an empty line."""
    return Text(f"\n{text.upper()}", style="bold")


def indented(part: RenderableType, by: int = 2) -> Padding:
    """A part set in from the left."""
    return Padding(part, (0, 0, 0, by))


def grid(
    *columns: tuple[str, str],
    rows: Iterable[Sequence[str | Text]],
    head: bool = True,
    wide: str = "",
    spaced: bool = False,
) -> Table:
    """A table without lines. Columns are (name, `left` or `right`); the column named `wide` takes what room is left."""
    table = Table(box=None, pad_edge=False, show_header=head, padding=(0, 2, 1 if spaced else 0, 0), header_style="dim")
    for name, side in columns:
        ratio = 1 if name == wide else None
        justify: JustifyMethod = "right" if side == "right" else "left"
        table.add_column(name, justify=justify, no_wrap=side == "right", ratio=ratio, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in row))
    return table


def facts(rows: Iterable[tuple[str, str | Text]]) -> Padding:
    """Names beside what they are."""
    return indented(grid(("name", "left"), ("fact", "left"), rows=list(rows), head=False, wide="fact"))


def print_plain(console: Console, parts: Iterable[RenderableType], crop: bool = True) -> None:
    """Print, without the blanks that fill lines up to the width; uncropped, what is wider runs over."""
    with console.capture() as capture:
        for part in parts:
            console.print(part, crop=crop)
    for line in capture.get().splitlines():
        console.file.write(line.rstrip() + "\n")


class Marker:
    """Puts `*` behind what a scheme's file infers and `?` behind what is unverified."""

    def __init__(self, scheme: Scheme) -> None:
        self.standings = {s.path: s.standing for s in statements(scheme)}
        self.said = {s.path for s in statements(scheme) if s.unit != "part"}

    def __call__(self, text: str, *path: str | int) -> str:
        """The text of the statement at that path, with its mark."""
        return f"{text}{MARKS[self.standings[path]]}" if path in self.said and text != "required" else text

    def of_part(self, path: Path) -> str:
        """The mark of a part as a whole."""
        return MARKS[self.standings.get(path, "verified")]
