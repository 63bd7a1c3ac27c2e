"""A store of records: its import, what is in it, and its check. No patient is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from remit.core import say
from remit.core.words import agreed
from remit.documents.blocks import Block, Cell, Column, Document, Facts, Heading, Para, Row, Table
from remit.documents.figures import count
from remit.records.findings import PROVISIONAL, Finding
from remit.records.import_state import Report
from remit.records.manifest import Manifest
from remit.records.quality import Quality
from remit.synthetic.store import StoreSummary

TITLE = "Data quality of the records"
KEPT = (
    "A finding is something to look at. The rows are in the store and count; nothing was changed or left out. A value "
    "that is impossible or in a unit that no rule reads counts as none: its record stays."
)
SOUND = "Every file that the store lists is as the import wrote it, and in order."
TABLES = ("Patients", "Registrations", "Events", "Prescriptions")
_SHOWN = 5
"""How many findings of a kind are shown in the terminal."""


def imported(report: Report) -> Document:
    """What an import read, stored and rejected, table by table."""
    columns = Column("Table", 3), *(Column(name, 2, True, name == "Stored") for name in ("Read", "Stored", "Rejected"))
    rows = [
        Row((table, count(read, f"{table}/read"), count(report.stored[table], f"{table}/stored"),
             count(report.rejected[table], f"{table}/rejected")))
        for table, read in report.read.items()
    ]  # fmt: skip
    return Document("Import", (Table("Rows of the extract", columns, tuple(rows)),))


def store(folder: Path, manifest: Manifest) -> Document:
    """What is in a store."""
    key = manifest.identity.get("key")
    days = [partition.last_day for partition in manifest.partitions.values()]
    beside = sum(len(partition.beside) for partition in manifest.partitions.values())
    rejected = [str(folder / entry.rejected_file) for entry in manifest.imports if entry.rejected_file]
    facts: list[tuple[str, str | Cell]] = [
        ("Store", str(folder)),
        ("Practices", count(len(days), "practices")),
        ("Last day", "none" if not days else _span(min(days), max(days))),
        ("Ids", f"pseudonyms, made with the key of fingerprint {key}" if key else "kept as they were"),
        ("Imports", count(len(manifest.imports), "imports")),
        *(
            [
                (
                    "Appended beside",
                    agreed(f"{beside:,} extract{{|s}}; remit records compact folds {{it|them}} in", beside),
                )
            ]
            if beside
            else []
        ),
        *((name.capitalize(), count(rows, name)) for name, rows in manifest.totals.items() if name != "practices"),
        *([("Rejected rows", ", ".join(rejected))] if rejected else []),
    ]
    columns = (
        Column("Practice", 2), Column("Last day", 3), Column("Extracts", 3),
        *(Column(name, 2, True, name == "Patients") for name in TABLES),
    )  # fmt: skip
    rows = [
        Row((code, say.day(part.last_day), ", ".join(extract.id for extract in part.extracts),
             *(count(part.rows(name.lower()), f"{code}/{name.lower()}") for name in TABLES)))
        for code, part in sorted(manifest.partitions.items())
    ]  # fmt: skip
    blocks = Facts(tuple(facts)), Table("Practices", columns, tuple(rows))
    return Document("Store of records", (Heading(1, "Store of records"), *blocks))


def made_up(made: StoreSummary, patients: int, on: date) -> Document:
    """What a store of made-up people holds."""
    rows = [(name.capitalize(), count(many, name)) for name, many in made.rows.items() if name != "practices"]
    entries = made.rows["events"] + made.rows["prescriptions"]
    facts: list[tuple[str, str | Cell]] = [
        ("Practices", count(made.practices, "practices")),
        *rows,
        ("On a list", f"{made.listed:,} on {say.day(on)}"),
        ("Entries", f"{entries / max(patients, 1):,.0f} for each patient"),
    ]
    return Document("Made-up people", (Facts(tuple(facts)),))


def quality(checked: Quality) -> Document:
    """The whole check: what was checked, the findings by kind, each practice's last day, and where the findings are."""
    return Document(TITLE, tuple(_blocks(checked)))


def quality_in_short(checked: Quality) -> Document:
    """The check for the terminal: of each kind the findings that concern most."""
    return Document(TITLE, tuple(_short(checked)))


def findings(checked: Quality) -> Document:
    """Every finding in one table, for a program to read."""
    columns = Column("Kind", 4), Column("Practice", 2), Column("Table", 3), Column("Count", 2, True), Column("What", 9)
    rows = [
        Row((kind, one.practice, one.table, Cell(str(one.count), value=one.count, unit="count"), one.about))
        for kind, of_kind in checked.by_kind()
        for one in of_kind
    ]
    return Document(TITLE, (Table("Findings", columns, tuple(rows)),))


def _blocks(checked: Quality) -> Iterator[Block]:
    yield Heading(1, TITLE)
    yield Para(_lead(checked), "lead")
    yield Para(f"{SOUND} {KEPT}")
    yield Facts(tuple(_facts(checked)))
    yield Heading(2, "Findings")
    kinds = list(checked.by_kind())
    columns: tuple[Column, ...]
    if kinds:
        columns = Column("What was found", 6), Column("Count", 2, True, True), Column("Practices", 2, True)
        rows = [
            Row((say.capital(kind), count(_total(of_kind), f"{kind}/count"), _in_practices(kind, of_kind)))
            for kind, of_kind in kinds
        ]
        yield Table("What was found, over all practices", columns, tuple(rows))
    else:
        yield Para("Nothing was found.")
    yield Heading(2, "Practices")
    columns = (
        Column("Practice", 2), Column("Last day", 3), Column("Extracts", 3),
        *(Column(name, 2, True) for name in TABLES),
    )  # fmt: skip
    rows = [
        Row((p.code, say.day(p.last_day), ", ".join(e.id for e in p.extracts),
             *(count(p.rows[name.lower()], f"{p.code}/{name.lower()}") for name in TABLES)))
        for p in checked.practices
    ]  # fmt: skip
    yield Table("Each practice's last day and how many rows it has", columns, tuple(rows), sortable=True)
    if kinds:
        yield Heading(2, "Where")
    for kind, of_kind in kinds:
        yield _table(kind, of_kind, say.capital(kind))


def _short(checked: Quality) -> Iterator[Block]:
    yield Para(_lead(checked), "lead")
    yield Para(SOUND)
    yield Facts(tuple(_facts(checked)))
    for kind, of_kind in checked.by_kind():
        many = _practices(of_kind)
        where = f" in {many:,} of {len(checked.practices):,} practices" if many else ""
        first = sorted(of_kind, key=lambda one: -one.count)[:_SHOWN]
        yield _table(kind, first, f"{say.capital(kind)}  {_total(of_kind):,}{where}")
        if len(of_kind) > len(first):
            yield Para(f"… and {len(of_kind) - len(first):,} more.", "small")
    if checked.findings:
        yield Para(KEPT, "small")


def _table(kind: str, of_kind: list[Finding], caption: str) -> Table:
    columns = Column("Practice", 2), Column("Table", 3), Column("Count", 2, True, True), Column("What", 9)
    rows = [
        Row((one.practice or "–", one.table or "–", count(one.count, f"{kind}/{n}"), one.about or "–"))
        for n, one in enumerate(of_kind, 1)
    ]
    return Table(caption, columns, tuple(rows))


def _lead(checked: Quality) -> str:
    """What comes first: whether results are provisional, or how much was found."""
    short = [one for one in checked.findings if one.code == PROVISIONAL]
    if short and checked.on:
        whose = (
            "the extract of 1 practice stops" if len(short) == 1 else f"the extracts of {len(short):,} practices stop"
        )
        return f"Provisional: {whose} before the achievement date, {say.day(checked.on)}."
    kinds = len(list(checked.by_kind()))
    return f"{kinds} kind{'' if kinds == 1 else 's'} of finding." if kinds else "Nothing was found."


def _facts(checked: Quality) -> Iterator[tuple[str, str | Cell]]:
    days = [practice.last_day for practice in checked.practices]
    yield "Practices", count(len(days), "practices")
    if days:
        yield "Last day", _span(min(days), max(days))
    for name in TABLES:
        yield name, count(sum(practice.rows[name.lower()] for practice in checked.practices), name.lower())
    yield "Codes known", "not checked: no list was given" if checked.known is None else count(checked.known, "codes")


def _span(first: date, last: date) -> str:
    return say.day(first) if first == last else f"{say.day(first)} to {say.day(last)}"


def _total(of_kind: list[Finding]) -> int:
    """How many rows or patients, over all practices."""
    return sum(one.count for one in of_kind)


def _practices(of_kind: list[Finding]) -> int:
    """In how many practices; what an import lost is of none."""
    return len({one.practice for one in of_kind} - {""})


def _in_practices(kind: str, of_kind: list[Finding]) -> Cell:
    many = _practices(of_kind)
    return count(many, f"{kind}/practices") if many else Cell("–")
