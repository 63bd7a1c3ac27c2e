"""The check of a store of records as blocks, for a page. It names practices and codes, and no patient."""

from __future__ import annotations

from collections.abc import Iterator

from remit.core import say
from remit.documents.blocks import Block, Column, Facts, Heading, Para, Row, Table
from remit.records.findings import PROVISIONAL, Finding
from remit.records.quality import Quality

TITLE = "Data quality of the records"
KEPT = (
    "A finding is something to look at. The rows are in the store and count; nothing was changed or left out. A value "
    "that is impossible or in a unit that no rule reads counts as none: its record stays."
)
SOUND = "Every file that the store lists is as the import wrote it, and in order."


def blocks(quality: Quality) -> Iterator[Block]:
    """What was checked, the findings by kind, each practice's last day, and where the findings are."""
    yield Heading(1, TITLE)
    yield Para(lead(quality), "lead")
    yield Para(f"{SOUND} {KEPT}")
    yield Facts(tuple(facts(quality)))
    yield Heading(2, "Findings")
    found = list(quality.by_kind())
    columns: tuple[Column, ...]
    if found:
        columns = (Column("What was found", 6), Column("Count", 2, True), Column("Practices", 2, True))
        rows = [
            Row((say.capital(kind), f"{total(f):,}", f"{practices(f):,}" if practices(f) else "–")) for kind, f in found
        ]
        yield Table("What was found, over all practices", columns, tuple(rows))
    else:
        yield Para("Nothing was found.")
    yield Heading(2, "Practices")
    numeric = ("Patients", "Registrations", "Events", "Prescriptions")
    columns = (Column("Practice", 2), Column("Last day", 3), Column("Extracts", 3),
               *(Column(name, 2, True) for name in numeric))  # fmt: skip
    rows = [
        Row((p.code, say.day(p.last_day), ", ".join(e.id for e in p.extracts),
             *(f"{p.rows[name.lower()]:,}" for name in numeric)))
        for p in quality.practices
    ]  # fmt: skip
    yield Table("Each practice's last day and how many rows it has", columns, tuple(rows))
    if found:
        yield Heading(2, "Where")
    for kind, findings in found:
        columns = Column("Practice", 2), Column("Table", 3), Column("Count", 2, True), Column("What", 9)
        where = [Row((f.practice or "–", f.table or "–", f"{f.count:,}", f.about or "–")) for f in findings]
        yield Table(say.capital(kind), columns, tuple(where))


def lead(quality: Quality) -> str:
    """What comes first: whether results are provisional, or how much was found."""
    short = [f for f in quality.findings if f.code == PROVISIONAL]
    if short and quality.on:
        whose = (
            "the extract of 1 practice stops" if len(short) == 1 else f"the extracts of {len(short):,} practices stop"
        )
        return f"Provisional: {whose} before the achievement date, {say.day(quality.on)}."
    kinds = len(list(quality.by_kind()))
    return f"{kinds} kind{'' if kinds == 1 else 's'} of finding." if kinds else "Nothing was found."


def facts(quality: Quality) -> Iterator[tuple[str, str]]:
    """What was checked."""
    days = [practice.last_day for practice in quality.practices]
    yield "Practices", f"{len(days):,}"
    if days:
        first, last = min(days), max(days)
        yield "Last day", say.day(first) if first == last else f"from {say.day(first)} to {say.day(last)}"
    for name in ("patients", "registrations", "events", "prescriptions"):
        yield say.capital(name), f"{sum(practice.rows[name] for practice in quality.practices):,}"
    yield "Codes known", "not checked: no list was given" if quality.known is None else f"{quality.known:,}"


def total(findings: list[Finding]) -> int:
    """How many rows or patients, over all practices."""
    return sum(finding.count for finding in findings)


def practices(findings: list[Finding]) -> int:
    """In how many practices; what an import lost is of none."""
    return len({finding.practice for finding in findings} - {""})
