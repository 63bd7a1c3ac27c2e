"""What a reform changes, the limits and the funding rule that it is checked against, and the behaviour assumed."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from remit.analysis.simulation.behaviour import RecordedCare
from remit.analysis.simulation.results import ReformOutcome, Simulation, Verdict
from remit.core import say
from remit.documents.blocks import Block, Bullets, Cell, Column, Fold, Heading, Para, Row, Table
from remit.documents.figures import count
from remit.documents.simulation.answer import KEPT, Tone, answer

_WIDTH = 108
NOBODY = "Nobody is assumed to behave differently because of the reform."


def assumptions(one: ReformOutcome) -> Iterator[Block]:
    """What the reform rests on."""
    if one.changes:
        yield Bullets(one.changes)


def preface(one: ReformOutcome, results: Simulation, run: str) -> str:
    """What stands above the overlay of a reform, for an approval, as comments of a YAML file: what it comes to, what it
    rests on, each limit beside its figure, and the behaviour assumed. `run` is the hash of the base."""
    lines = [answer(one), ""]
    parts = (
        ("What it rests on", one.changes),
        ("Limits and funding", [f"{say.capital(of.name)}: {_verdict(of)[0]}. {of.text}" for of in one.verdicts]),
        ("Behaviour", one.behaviour or (NOBODY,)),
    )
    for heading, sentences in parts:
        if sentences:
            lines += [heading, *(f"- {text}" for text in sentences), ""]
    drawn = f"; {results.draws:,} draws, seed {results.seed}" if results.draws else ""
    lines.append(f"Simulated on the run whose manifest has the hash {run}{drawn}.")
    wrapped = (
        row for line in lines for row in wrap(line, _WIDTH, subsequent_indent="  " * line.startswith("- ")) or [""]
    )
    return "".join(f"# {row}".rstrip() + "\n" for row in wrapped) + "\n"


def changes(one: ReformOutcome) -> Iterator[Block]:
    """The numbers that the reform changes, folded away."""
    moved = one.sides.moved
    if moved:
        rows = tuple(Row((each.item, each.name, each.before, each.after)) for each in moved)
        columns = (Column("Item", 2), Column("Number", 3), Column("Now", 4), Column("Under the reform", 4))
        yield Fold("The numbers that change", (Table("The numbers that the reform changes", columns, rows),))


def limits(one: ReformOutcome, level: int) -> Iterator[Block]:
    """Each limit, whether it is kept, and why."""
    if not one.verdicts:
        return
    yield Heading(level, "Limits and funding")
    rows = []
    for verdict in one.verdicts:
        text, tone = _verdict(verdict)
        rows.append(Row((say.capital(verdict.name), Cell(text, tone=tone), verdict.text)))
    columns = (Column("Limit", 4), Column("Verdict", 2), Column("Why", 7))
    yield Table("The reform and its limits", columns, tuple(rows))


def _verdict(of: Verdict) -> tuple[str, Tone]:
    return KEPT[of.kept] if of.limited else ("no limit set", "quiet")


def behaviour(one: ReformOutcome, level: int) -> Iterator[Block]:
    """What practices are assumed to do differently, with its sources and the evidence for and against it."""
    yield Heading(level, "Behaviour")
    if not one.behaviour:
        yield Para(NOBODY)
        return
    yield Bullets(one.behaviour)
    rows = tuple(Row(tuple(_recorded(care, f"{one.name}/recorded/{care.item}"))) for care in one.recorded)
    if rows:
        columns = (
            Column("Item", 5), Column("Patients counted", 2, True), Column("Achieved now", 2, True),
            Column("With the behaviour", 2, True), Column("Difference", 2, True, True),
        )  # fmt: skip
        yield Table("What would be recorded, over all practices", columns, rows)
    if one.evidence:
        yield Para("What studies found, for it and against it:")
        yield Bullets(one.evidence)


def _recorded(care: RecordedCare, figure: str) -> Iterator[Cell]:
    yield Cell(f"{care.item}: {care.title}")
    yield count(care.denominator, f"{figure}/patients")
    yield count(care.before, f"{figure}/before")
    yield count(care.after, f"{figure}/after")
    moved = care.after - care.before
    sign = "+" if moved > 0 else "−" if moved < 0 else ""
    yield Cell(f"{sign}{abs(moved):,}", f"{figure}/difference", moved, "count")
