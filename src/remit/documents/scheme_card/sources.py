"""A scheme's card, the part about sources: what they say beside the rules, each number, and how much rests on which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from remit.core import say
from remit.documents.blocks import Block, Column, Facts, Fold, Row, Table
from remit.scheme.model import Scheme
from remit.scheme.numbers import numbers, statements

_KINDS = (("number", "numbers"), ("definition", "definitions"), ("date or rule", "dates and rules"))


def beside_the_rules(scheme: Scheme) -> Iterator[Block]:
    """What the sources say beside the rules, in their own words: of the scheme as a whole, then item by item."""
    if scheme.obligations:
        yield Fold("Obligations", (Facts(_named(scheme.obligations)),))
    if scheme.background:
        yield Fold("Background", (Facts(_named(scheme.background)),))
    rows = [("Every practice", _beside(scheme.asks, "", ""))] if scheme.asks else []
    rows += [
        (item.item, _beside(item.asks, item.baseline, item.context))
        for item in scheme.items
        if item.asks or item.baseline or item.context
    ]
    if rows:
        yield Fold("What the source says beside the rules", (Facts(tuple(rows)),))


def _named(texts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((say.capital(name.replace("_", " ")), say.clean(text)) for name, text in texts.items())


def _beside(asks: Sequence[str], baseline: str, context: str) -> str:
    lines = [f"Asked: “{say.clean(text)}”" for text in asks]
    lines += [f"Baseline: {say.clean(baseline)}"] if baseline else []
    lines += [f"Printed beside it: “{say.clean(context)}”"] if context else []
    return "\n".join(lines)


def every_number(scheme: Scheme) -> Table:
    """Each number with its unit, standing and source."""
    rows = (Row((n.label, n.text, n.unit, n.standing, n.source or "none")) for n in numbers(scheme))
    columns = (Column("Number", 4), Column("Value", 2), Column("Unit", 2), Column("Standing", 2), Column("Source", 3))
    return Table("Every number", columns, tuple(rows))


def sources(scheme: Scheme) -> Table:
    """Each source, its standing, and how much rests on it."""
    counts: dict[str, list[int]] = {key: [0, 0, 0] for key in scheme.sources}
    for statement in statements(scheme):
        kind = 0 if statement.is_number else 1 if statement.unit == "definition" else 2
        counts.setdefault(statement.source, [0, 0, 0])[kind] += 1
    rows = []
    for key, document in scheme.sources.items():
        rests = [
            f"{count} {one if count == 1 else many}"
            for count, (one, many) in zip(counts[key], _KINDS, strict=True)
            if count
        ]
        title = say.clean(document.title) + (f", {document.published}" if document.published else "")
        lines = [title, *([document.address] if document.address else [])]
        rows.append(Row((key, "\n".join(lines), document.standing or "unverified", ", ".join(rests) or "nothing")))
    columns = (Column("Source", 3), Column("Document", 7), Column("Standing", 2), Column("What rests on it", 3))
    return Table("Sources", columns, tuple(rows))
