"""A worklist to print: one or two lines for each patient, a box to tick, and room for a note. For the practice only."""

from __future__ import annotations

from collections.abc import Iterator

from remit.core import say
from remit.documents.blocks import Block, Bullets, Column, Document, Heading, Para, Row, Table
from remit.documents.figures import pounds
from remit.documents.worklist import words
from remit.documents.worklist.page import SECTIONS, first_of, group_of_month, heading, notes
from remit.documents.worklist.top import title, top
from remit.worklist.model import Contact, Worklist, WorklistEntry

_BOX = "☐"
_COLUMNS = (
    Column("", 0.6), Column("Patient", 2.2), Column("Born", 1.5), Column("Call for", 10), Column("Worth", 1.5, True),
    Column("Next date", 1.8), Column("Last seen", 1.8), Column("Notes", 3),
)  # fmt: skip


def paper(listed: Worklist, by_contact: bool = False) -> Document:
    """The list to print; `by_contact`, with a list for each kind of contact, on pages of its own."""
    foot = f"{title(listed)}, as of {say.day(listed.on)}. For the practice only"
    return Document(title(listed), tuple(_blocks(listed, by_contact)), foot, wide=True, private=True)


def _blocks(listed: Worklist, by_contact: bool) -> Iterator[Block]:
    yield from top(listed)
    gaps = listed.of("gap")
    if not gaps:
        yield Para("Nobody on this list needs care now.")
    elif by_contact:
        own = {
            kind: [(entry, one) for entry in gaps for one in entry.contacts if one.kind == kind]
            for kind in listed.contacts
        }
        for n, kind in enumerate(kind for kind in listed.contacts if own[kind]):
            about = listed.contacts[kind]
            yield Heading(2, f"{about.title} ({about.by})", say.patients(len(own[kind])), fresh=n > 0)
            yield _table(listed, about.title, kind, own[kind])
    else:
        yield heading("To do", f"{say.patients(listed.count('gap'))}{first_of(listed)}")
        yield _table(listed, "Whom to call", "to-do", [(entry, entry.contacts[0]) for entry in gaps])
    for state, name, about_it in SECTIONS:
        if entries := listed.of(state):
            yield heading(name, say.patients(listed.count(state)))
            yield Para(about_it)
            rows = tuple(
                Row((_BOX, entry.patient, _born(entry), "; ".join(words.lines(entry, state)), _seen(entry), ""))
                for entry in entries
            )
            columns = (*_COLUMNS[:3], Column("Care", 11), Column("Last seen", 1.8), Column("Notes", 3))
            yield Table(name, columns, rows)
    yield Heading(2, "About this list")
    yield Bullets((*words.orders(listed), *notes(listed), *listed.not_counted))


def _table(listed: Worklist, name: str, about: str, own: list[tuple[WorklistEntry, Contact]]) -> Table:
    rows: list[Row] = []
    overdue: bool | None = None
    for n, (entry, contact) in enumerate(own, 1):
        if listed.month and listed.overdue(entry) != overdue:
            overdue = listed.overdue(entry)
            rows.append(group_of_month(listed, overdue))
        brought = entry.brought(contact) if about != "to-do" else entry.brought()
        worth = pounds(brought.value if brought.known else None, f"{listed.practice}/{about}/{n}/pounds")
        called = "; ".join(_call_for(listed, entry, contact, about))
        rows.append(
            Row(
                (_BOX, entry.patient, _born(entry), called, worth, words.next_day(entry.next, listed), _seen(entry), "")
            )
        )
    return Table(name, _COLUMNS, tuple(rows))


def _call_for(listed: Worklist, entry: WorklistEntry, contact: Contact, about: str) -> Iterator[str]:
    """What to call for in few words: the deadline stands at the top of the list."""
    yield from (words.thing(own) for own in words.by_action(contact.gaps))
    yield from words.ahead(contact)
    if about == "to-do" and entry.contacts[1:]:
        yield "also " + say.listed([words.contact_title(listed, one).lower() for one in entry.contacts[1:]])
    yield from (say.capital(flag) for flag in entry.flags)


def _seen(entry: WorklistEntry) -> str:
    return say.short_day(entry.last_seen) if entry.last_seen else "no record"


def _born(entry: WorklistEntry) -> str:
    return f"{words.month(entry.born.month)[:3]}, {entry.age}"
