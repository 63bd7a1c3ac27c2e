"""Offers and participation as documents, for the files that are taken away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from remit.documents.blocks import Cell, Column, Document, Heading, Para, Row, Table
from remit.service.offers.listing import Line, counts_of
from remit.service.offers.wording import STATE_IN_WORDS

_COLUMNS = (
    Column("practice_code", 2), Column("practice", 5), Column("place", 4), Column("network", 4), Column("offer", 1),
    Column("state", 3), Column("first_day", 2), Column("last_day", 2), Column("answer_by", 2), Column("answered", 2),
    Column("answered_by", 3), Column("reason", 6), Column("merged_into", 2), Column("still_reported_where", 4),
    Column("still_reported_since", 2),
)  # fmt: skip


def document(title: str, about: str, lines: Iterable[Line]) -> Document:
    """A table of practices: what each answered, from when until when it takes part, where it is still reported."""
    lines = list(lines)
    table = Table("Practices", _COLUMNS, tuple(_row(line) for line in lines))
    counts = counts_of(line.state for line in lines) or "no practice"
    return Document(title, (Heading(1, title), Para(f"{about} {counts}."), table), wide=True)


def _row(line: Line) -> Row:
    one = line.row
    key = f"{one.practice.code}/{one.pk}"
    answered = timezone.localdate(one.answered_at) if one.answered_at else None
    return Row((
        one.practice.code, one.practice.name, line.place, line.network,
        Cell(str(one.offer.number), f"{key}/offer", one.offer.number, "number"), STATE_IN_WORDS[line.state],
        _day(one.starts, f"{key}/first"), _day(one.ends, f"{key}/last"), _day(one.respond_by, f"{key}/by"),
        _day(answered, f"{key}/answered"), one.answered_by.name if one.answered_by else "", one.reason,
        one.into.code if one.into else "", one.still_reported_where,
        _day(one.still_reported_since, f"{key}/reported"),
    ))  # fmt: skip


def _day(value: date | None, figure: str) -> Cell | str:
    return Cell(value.isoformat(), figure, value, "day") if value else ""
