"""The year of an area's practices as a file: the answer, the figures and the declaration of each, scheme by scheme."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from remit.core import say
from remit.documents.blocks import Cell, Column, Document, Heading, Para, Row, Table
from remit.documents.figures import pounds

_COLUMNS = (
    Column("Practice", 2), Column("Name", 4), Column("Place", 3), Column("Scheme", 4), Column("Offer", 2),
    Column("Answer due", 2), Column("Answered", 2), Column("Reason", 3), Column("Figures of", 2),
    Column("Earned so far", 2, True), Column("Declaration", 4), Column("Declared", 2, True), Column("Risk", 2),
    Column("Late", 1),
)  # fmt: skip


@dataclass(frozen=True)
class AreaRow:
    """A practice in a scheme year. Pence are None where they are not known, or not for whoever reads it; `is_shared`
    says whether the practice shares its figures with them."""

    practice: str
    name: str
    place: str
    scheme: str
    offer: str
    due: date
    answered: date | None
    reason: str
    figures: date | None
    earned: int | None
    is_shared: bool
    declaration: str
    declared: int | None
    risk: str
    is_late: bool


def area_year(organisation: str, answer: str, rows: Sequence[AreaRow]) -> Document:
    """The document: how it stands in a sentence, then each practice."""
    title = f"The year of the practices of {organisation}"
    table = Table("Practices, scheme by scheme", _COLUMNS, tuple(_rows(rows)))
    return Document(title, (Heading(1, title), Para(answer, "lead"), table), wide=True)


def _rows(rows: Iterable[AreaRow]) -> Iterator[Row]:
    for n, one in enumerate(rows, 1):
        at = f"{n}/{one.practice}"
        earned = pounds(one.earned, f"{at}/earned", "not known" if one.is_shared else "not shared")
        declared = pounds(one.declared, f"{at}/declared", "")
        yield Row((
            one.practice, one.name, one.place, one.scheme, one.offer, _day(one.due, f"{at}/due"),
            _day(one.answered, f"{at}/answered"), one.reason, _day(one.figures, f"{at}/figures"), earned,
            one.declaration, declared if one.declared is not None else "", one.risk, "yes" if one.is_late else "no",
        ))  # fmt: skip


def _day(day: date | None, figure: str) -> str | Cell:
    return Cell(say.day(day), figure, day, "day") if day else ""
