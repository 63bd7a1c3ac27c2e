"""The schemes that ship, as blocks and as data: what each is worth, and how much of it is not verified."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from remit.core import say
from remit.core.rounding import exact_text
from remit.documents import figures
from remit.documents.blocks import Column, Document, Heading, Para, Row, Table
from remit.documents.scheme_card.marks import MARKS
from remit.scheme.model import Scheme
from remit.scheme.numbers import numbers


def scheme_list(schemes: Iterable[Scheme]) -> Document:
    """Each scheme on a line, its title and payer below its id."""
    title = "Schemes that ship with Remit"
    rows = []
    for row in map(data_of, schemes):
        name = f"{row['id']}\n{row['title']}. {row['commissioner']}"
        items = figures.count(row["items"], f"{row['id']}/items")
        rows.append(Row((name, row["year"], items, row["worth"] or "–", _not_verified(row))))
    columns = (
        Column("Scheme", 8),
        Column("Year", 2),
        Column("Items", 1.5, True),
        Column("Worth", 4),
        Column("Not verified", 2.5, True, kept=True),
    )
    blocks = (
        Heading(1, title),
        Table("What each is worth, and how many of its numbers are not verified", columns, tuple(rows)),
        Para("Not verified: numbers that are unverified (?) or inferred (*). Each scheme's card says which, and why."),
    )
    return Document(title, blocks)


def data_of(scheme: Scheme) -> dict[str, Any]:
    """One scheme as data."""
    every = list(numbers(scheme))
    points, most = scheme.points_available(), scheme.most_per_head()
    counts = {s: sum(n.standing == s and not n.required for n in every) for s in ("unverified", "inferred")}
    worth = [f"{say.number(points)} points"] if points else []
    worth += [f"{say.pounds(most)} a head"] if most is not None else []
    worth += [f"{say.pounds(scheme.most_in_pounds())} each"] if scheme.most_in_pounds() else []
    unpriced = len(scheme.unpriced())
    shown = [" and ".join(worth)] if worth else []
    shown += [f"{unpriced} unpriced"] if unpriced else []
    return {
        "id": scheme.scheme,
        "year": str(scheme.year),
        "commissioner": say.clean(scheme.commissioner),
        "nation": scheme.nation,
        "title": say.clean(scheme.title),
        "items": len(scheme.items),
        "worth": ", ".join(shown),
        "points": exact_text(points) if points else None,
        "pounds_per_head": _exact(most),
        "numbers": len(every),
        **counts,
        "required": sum(number.required for number in every),
    }


def _not_verified(row: dict[str, Any]) -> str:
    return " ".join(f"{row[name]}{MARKS[name]}" for name in ("unverified", "inferred") if row[name]) or "none"


def _exact(number: Fraction | None) -> str | None:
    return None if number is None else exact_text(number, 2)
