"""What of a scheme is not verified: by source, with why, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from remit.core import say
from remit.documents import figures
from remit.documents.blocks import Block, Column, Document, Facts, Heading, Para, Row, Table
from remit.documents.scheme_card.marks import MARKS
from remit.scheme.doubts import Doubt, doubts, remarks
from remit.scheme.model import Scheme
from remit.scheme.numbers import numbers

_TO_DO = {
    "unverified": "Compare it with the source. If it is right, write `standing: verified` there in the scheme's file; "
    "if not, correct it, in a file of your own that extends this one.",
    "inferred": "Ask the payer whether it is meant so. Write the answer in the scheme's file, or in one of your own "
    "that extends it.",
}
_DEFAULT = "If something else was agreed, write it in the scheme's file."


def unverified(scheme: Scheme) -> Document:
    """All that is not verified, and nothing else."""
    title = f"What is not verified: {say.clean(scheme.title)}"
    blocks = (Heading(1, title), Para(found(scheme), "lead"), *by_source(scheme, 2))
    return Document(title, blocks, foot=f"{scheme.scheme}, version {scheme.version}")


def unverified_in_all(schemes: Iterable[Scheme]) -> Document:
    """How much of each scheme is not verified, and what it rests on."""
    title = "What is not verified, scheme by scheme"
    rows = []
    for scheme in schemes:
        every = doubts(scheme)
        rows.append(Row((f"{scheme.scheme}: {found(scheme)}",), "group"))
        for n, doubt in enumerate(every, 1):
            figure = figures.count(doubt.numbers, f"{scheme.scheme}/{n}/numbers")
            rows.append(Row((doubt.standing, figure, say.clean(doubt.title))))
    columns = (Column("Standing", 2), Column("Numbers", 1.5, True, kept=True), Column("What it rests on", 9))
    blocks = (Heading(1, title), Table("By scheme and by source", columns, tuple(rows)))
    return Document(title, blocks)


def found(scheme: Scheme) -> str:
    """`Of 70 numbers, 3 are inferred.`"""
    every = list(numbers(scheme))
    counts = {s: sum(n.standing == s and not n.required for n in every) for s in ("unverified", "inferred")}
    shown = " and ".join(
        f"{count} {'is' if count == 1 else 'are'} {standing}" for standing, count in counts.items() if count
    )
    return f"Of {len(every)} numbers, {shown or 'none is unverified or inferred'}."


def by_source(scheme: Scheme, level: Literal[2, 3]) -> Iterator[Block]:
    """What is unverified, then what is inferred, by source, then what the sources leave open."""
    for doubt in doubts(scheme):
        document = scheme.sources.get(doubt.source)
        open_ = " where the source leaves it open" if document and document.standing == "verified" else ""
        yield Heading(level, f"{say.capital(doubt.standing)}{MARKS[doubt.standing]}{open_}: {say.clean(doubt.title)}")
        yield Facts(tuple(_facts(scheme, doubt)))
    left = remarks(scheme)
    if left:
        yield Heading(level, "Remarks on what is verified, mostly on what its source leaves open")
        yield Facts(tuple((say.capital(about), say.clean(note)) for about, note in left))


def _facts(scheme: Scheme, doubt: Doubt) -> Iterator[tuple[str, str]]:
    document = scheme.sources.get(doubt.source)
    stated = "; ".join(doubt.labels())
    if stated:
        yield "What", stated
    for about, note in doubt.notes() if doubt.source else []:
        yield say.capital(about), say.clean(note)
    if document and document.address:
        yield "Where", document.address
    yield "What to do", _TO_DO[doubt.standing] if doubt.source else _DEFAULT
