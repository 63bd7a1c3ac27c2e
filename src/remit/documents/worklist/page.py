"""A worklist as blocks: in the terminal, as one HTML page, and as a PDF to print. For the practice only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from remit.core import say
from remit.documents.blocks import Block, Bullets, Column, Facts, Heading, Para, Row, Table
from remit.documents.worklist import words
from remit.worklist.model import Entry, State, Worklist, recall_place

PRIVATE = "For the practice only: it has a row for each patient. Do not send it on, and destroy copies after use."
_PSEUDONYMS = "Patient ids are the records' pseudonyms: find the person in the clinical system by the practice's key."
_EXCEPTED = (
    "A personalised care adjustment takes these patients out of the denominator, not out of care: they still need what "
    "is named. No pounds are put on it here, though care that is given counts where the rules ask for it before the "
    "adjustment."
)
_DECLINED = (
    "These patients chose not to have the care that is named. It is theirs to take up at any time: ask again when the "
    "choice is a year old, or when they come for something else."
)
_SOON = (
    "These patients are counted now. Asked afresh on the day that is named, with nothing new recorded, they would not "
    "be: nothing more is earned this year by seeing them before it."
)
_DEATH = "Nobody is to be called. What was done and not coded can still be recorded; what was not done cannot."

_SECTIONS: tuple[tuple[State, str, str], ...] = (
    ("soon", "Coming due", _SOON),
    ("excepted", "Excepted but still needs care", _EXCEPTED),
    ("declined", "Declined", _DECLINED),
    ("after death", "After death", _DEATH),
)


def as_html(listed: Worklist) -> str:
    """The page."""
    from remit.documents.render.html import page

    return page(_title(listed), list(blocks(listed)), wide=True)


def as_pdf(listed: Worklist, lacking: set[str] | None = None) -> bytes:
    """The PDF, landscape, with room for a note beside each patient."""
    from remit.documents.render.pdf import page_as_pdf

    foot = f"{_title(listed)}, as of {say.day(listed.on)}. For the practice only"
    every = blocks(listed, notes=True)
    return page_as_pdf(_title(listed), foot, every, f"practice {listed.practice}", landscape=True, lacking=lacking)


def blocks(listed: Worklist, notes: bool = False) -> Iterator[Block]:
    """The whole list; with `notes`, an empty column to write in."""
    yield from _head(listed)
    gaps = listed.of("gap")
    first = f", the first {listed.top:,}" if listed.hidden else ""
    yield Heading(2, f"To do: {say.patients(listed.count('gap'))}{first}")
    if gaps:
        yield _to_do(listed, gaps, notes)
    else:
        yield Para("Nobody on this list has a gap.")
    for state, title, about in _SECTIONS:
        entries = listed.of(state)
        if entries:
            yield Heading(2, f"{title}: {say.patients(listed.count(state))}")
            yield Para(about)
            yield _others(title, state, entries)
    yield from _contacts(listed)
    yield from _worths(listed)
    yield from _months(listed)
    yield Heading(2, "What to know of this list")
    yield Bullets((*words.orders(listed), *listed.notes))


def short_blocks(listed: Worklist) -> Iterator[Block]:
    """What fits a terminal: the first patients with what to do, and how many more there are."""
    yield from _head(listed)
    gaps = listed.of("gap")
    rows = tuple(
        Row((
            entry.patient,
            "\n".join([words.contact_title(listed, entry.contacts[0]), *words.to_do(entry.contacts[0])]),
            words.worth(entry),
            words.next_date(entry.next, listed),
            "; ".join([words.seen(entry), *entry.flags]),
        ))
        for entry in gaps
    )  # fmt: skip
    columns = (
        Column("Patient", 2), Column("One contact closes", 6), Column("Worth", 2, True), Column("Next date", 3),
        Column("Last seen", 3),
    )  # fmt: skip
    if rows:
        yield Table("To do, in the order of what one contact would close", columns, rows)
    if listed.hidden:
        yield Para(f"{say.patients(listed.hidden, 'more ')}: a longer list, or a file, shows them.")
    yield from _worths(listed)
    yield Bullets(tuple(listed.notes))


def _title(listed: Worklist) -> str:
    name = f"{listed.name} ({listed.practice})" if listed.name else listed.practice
    return f"Worklist: {name}"


def _head(listed: Worklist) -> Iterator[Block]:
    gaps = [entry for entry in listed.entries if entry.state == "gap"]
    closed = sum(len(entry.contacts[0].gaps) for entry in gaps)
    every = sum(len(entry.of("gap")) for entry in gaps)
    yield Heading(1, _title(listed))
    lead = f"As of {say.day(listed.on)}, {say.patients(len(gaps))} {'has' if len(gaps) == 1 else 'have'} gaps in care."
    if closed:
        lead += f" One contact each would close {closed:,} of their {every:,} gaps."
    yield Para(lead, "lead")
    if listed.demonstration and listed.notes:
        yield Para(listed.notes[0], "reason")
    if listed.other_rules:
        yield Para(listed.other_rules, "reason")
    yield Para(f"{PRIVATE} {_PSEUDONYMS}", "reason")
    yield Facts(tuple(_facts(listed)))


def _facts(listed: Worklist) -> Iterator[tuple[str, str]]:
    yield "As of", say.day(listed.on)
    if listed.records_to:
        yield "Records up to", say.day(listed.records_to)
    yield "Schemes", "; ".join(f"{one.title} ({one.scheme}), to {say.day(one.year_end)}" for one in listed.schemes)
    besides = [
        f"{listed.count('soon'):,} coming due within {listed.ahead} months" if listed.ahead else "",
        f"{listed.count('excepted'):,} excepted but still in need of care",
        f"{listed.count('declined'):,} declined",
    ]
    yield "Patients besides", ", ".join(filter(None, besides))
    unseen = sum(entry.unseen for entry in listed.entries)
    yield "Not seen for a year", f"{say.patients(unseen)} of this list"
    if listed.month:
        yield "Month of birth", f"{words.month(listed.month)}, then those whose month of this scheme year has gone by"
    if listed.gone:
        yield "Left out", f"{say.patients(listed.gone)} who, the records say, died or left"
    if listed.hidden:
        yield "Cut off", f"{say.patients(listed.hidden)} with gaps after the first {listed.top:,}"


def _to_do(listed: Worklist, entries: Sequence[Entry], notes: bool) -> Table:
    rows: list[Row] = []
    overdue: bool | None = None
    for entry in entries:
        if listed.month and listed.overdue(entry) != overdue:
            overdue = listed.overdue(entry)
            gone = "Overdue: month of birth gone by in this scheme year"
            rows.append(Row((gone if overdue else f"Born in {words.month(listed.month)}",), "group"))
        rows.append(Row((*_cells(listed, entry), *([""] if notes else []))))
    columns = [
        Column("Patient", 2.8), Column("One contact closes", 5.6), Column("Worth", 2, True), Column("Next date", 2.6),
        Column("Besides", 4.6), Column("Last seen, and flags", 2.4),
    ]  # fmt: skip
    columns += [Column("Notes", 2.5)] if notes else []
    return Table("Patients in the order of what one contact would close", tuple(columns), tuple(rows))


def _cells(listed: Worklist, entry: Entry) -> tuple[str, ...]:
    best = entry.contacts[0]
    contact = listed.contacts[best.kind]
    return (
        f"{entry.patient}\n{_born(entry)}",
        "\n".join([contact.title, *(f"• {line}" for line in words.to_do(best))]),
        words.worth(entry),
        words.next_date(entry.next, listed),
        "\n".join(words.besides(listed, entry)),
        "\n".join([words.seen(entry), *(say.capital(flag) for flag in entry.flags)]),
    )


def _born(entry: Entry) -> str:
    return f"born in {words.month(entry.born.month)}, {entry.age}"


def _others(title: str, state: State, entries: Sequence[Entry]) -> Table:
    rows = []
    for entry in entries:
        own = entry.of(state)
        rows.append(
            Row((
                f"{entry.patient}\n{_born(entry)}",
                "\n".join(words.lines(entry, state)),
                "\n".join(care.last for care in own if care.last and state != "soon"),
                words.also(entry, state),
                "" if state == "after death" else words.seen(entry),
                "\n".join(say.capital(flag) for flag in entry.flags),
            ))
        )  # fmt: skip
    columns = (
        Column("Patient", 2.5), Column("Care", 6), Column("Last record", 2.5), Column("Also on this list", 2.5),
        Column("Last seen", 2.5), Column("Flags", 2.5),
    )  # fmt: skip
    return Table(title, columns, tuple(rows))


def _worths(listed: Worklist) -> Iterator[Block]:
    rows = []
    gaps = [care.code for entry in listed.entries for care in entry.of("gap")]
    for code, worths in listed.worths.items():
        for one in worths:
            first = words.NOT_KNOWN if one.pence is None else say.gain(one.pence)
            every = words.all_listed(listed, code) if one is worths[0] else ""
            about = (code, f"{one.scheme}, item {one.item}", f"{gaps.count(code):,}", first, words.step(one))
            rows.append(Row((*about, every)))
        if not worths:
            rows.append(Row((code, "", f"{gaps.count(code):,}", "", "No scheme here pays on it by itself.", "")))
    if not rows:
        return
    yield Heading(2, "What a gap is worth")
    yield Para(
        "Priced by the engine: one more patient achieved, all other counts as they are on the day of the list. Nothing "
        "is earned beyond the top step. The pounds of several gaps that one contact closes are priced together."
    )
    columns = (
        Column("Indicator", 2), Column("Scheme", 3), Column("Gaps listed", 1.6, True),
        Column("One more patient", 2, True), Column("And the step", 5), Column("All listed, in their order", 4),
    )  # fmt: skip
    yield Table("What one more patient is worth", columns, tuple(rows))


def _contacts(listed: Worklist) -> Iterator[Block]:
    """What clinics to plan: over all contacts of all patients with gaps."""
    rows = tuple(Row((title, *(f"{count:,}" for count in counts))) for title, *counts in words.by_contact(listed))
    if rows:
        yield Heading(2, "Clinics to plan")
        columns = (Column("Contact", 5), *(Column(name, 2, True) for name in words.BY_CONTACT))
        yield Table("Patients with gaps by the contact that closes them; one may need several", columns, rows)


def _months(listed: Worklist) -> Iterator[Block]:
    if listed.month or not listed.entries:
        return
    rows = []
    for number in sorted(range(1, 13), key=recall_place):
        counts = words.by_month(listed, number)
        rows.append(Row((words.month(number), *(f"{count:,}" for count in counts))))
    yield Heading(2, "By month of birth")
    yield Para("For recall in the month of birth, in the order of the scheme year.")
    yield Table(
        "Patients by month of birth",
        (Column("Born in", 3), *(Column(name, 2, True) for name in words.BY_MONTH)),
        tuple(rows),
    )
