"""A worklist as a page to sort and filter, and what of it fits a terminal. For the practice only.

A figure's id has the patient's place on the list in it, never the patient's id.
"""

from __future__ import annotations

from collections.abc import Iterator

from remit.core import say
from remit.documents.blocks import Block, Bullets, Cell, Column, Document, Facts, Fold, Heading, Para, Row, Table
from remit.documents.figures import NOT_KNOWN, count, pounds
from remit.documents.worklist import words
from remit.documents.worklist.facets import FACETS, facets
from remit.documents.worklist.top import title, top
from remit.worklist.model import State, Worklist, WorklistEntry, recall_place

_PCA = (
    "A personalised care adjustment (PCA) takes these patients out of the count, not out of care: they still need what "
    "is named. No pounds stand beside it, though care that is given may count."
)
_DECLINED = (
    "These patients chose not to have the care that is named. It is theirs to take up at any time: ask again when the "
    "choice is a year old, or when they come for something else."
)
_SOON = (
    "These patients count now, and no longer from the day that is named if nothing new is recorded. Seeing them before "
    "it earns nothing more this year."
)
_DEATH = "Nobody is to be called. What was done and not coded can still be recorded; what was not done cannot."

SECTIONS: tuple[tuple[State, str, str], ...] = (
    ("soon", "Coming due", _SOON),
    ("pca", "PCA, but still needs care", _PCA),
    ("declined", "Declined", _DECLINED),
    ("after death", "After death", _DEATH),
)


def page(listed: Worklist) -> Document:
    """The whole list: whom to call first, then everybody else, then how it was made."""
    return Document(title(listed), tuple(_blocks(listed)), wide=True, private=True)


def _blocks(listed: Worklist) -> Iterator[Block]:
    yield from top(listed)
    yield heading("To do", f"{say.patients(listed.count('gap'))}{first_of(listed)}")
    if gaps := listed.of("gap"):
        yield _to_do(listed, gaps)
    else:
        yield Para("Nobody on this list needs care now.")
    for state, name, about in SECTIONS:
        if entries := listed.of(state):
            yield heading(name, say.patients(listed.count(state)))
            yield Para(about)
            yield _others(listed, name, state, entries)
    yield from _contacts(listed)
    yield from _worths(listed)
    yield from _months(listed)
    how = Bullets((*words.orders(listed), *notes(listed), *listed.not_counted))
    yield Fold("About this list", (Facts(tuple(_facts(listed))), how))
    if listed.asks:
        yield Fold("What the schemes ask for besides, in their own words", (Bullets(listed.asks),))


def short(listed: Worklist) -> Document:
    """What fits a terminal: the first patients with what to do, and how many more there are."""
    return Document(title(listed), tuple(_short(listed)), private=True)


def _short(listed: Worklist) -> Iterator[Block]:
    yield from top(listed)
    rows = tuple(
        Row((
            f"{entry.patient}\n{born(entry)}",
            "\n".join(_briefly(listed, entry)),
            _pounds_of(entry),
            words.next_day(entry.next, listed),
        ))
        for entry in listed.of("gap")
    )  # fmt: skip
    columns = (Column("Patient", 2), Column("Call for", 6), Column("Worth", 2, True), Column("Next date", 2.5))
    if rows:
        yield Table("Whom to call, in the order of what one contact brings", columns, rows)
    if listed.hidden:
        yield Para(f"{say.patients(listed.hidden, 'more ')}: a longer list, or a file, shows them.")
    yield Bullets((_besides(listed), *notes(listed)))


def _pounds_of(entry: WorklistEntry) -> str:
    """What a patient brings, and whether that is only a part of it."""
    pence = words.entry_pence(entry)
    if pence is None:
        return NOT_KNOWN
    return f"{say.money(pence)}\nin part" if words.is_open(entry) else say.money(pence)


def _briefly(listed: Worklist, entry: WorklistEntry) -> Iterator[str]:
    """What to call for, without the deadline, which stands above."""
    best = entry.contacts[0]
    yield f"{words.contact_title(listed, best)}:"
    yield from (words.thing(own) for own in words.by_action(best.gaps))
    yield from words.ahead(best)


def notes(listed: Worklist) -> Iterator[str]:
    """What must be known of the list and is not said at its top."""
    yield from (
        note for note in listed.notes if note != listed.other_rules and note not in listed.notes[: listed.demonstration]
    )


def heading(name: str, patients: str) -> Heading:
    """The heading of a list, with how many patients it has."""
    return Heading(2, name, patients)


def first_of(listed: Worklist) -> str:
    """That only the first patients are shown."""
    return f", the first {listed.top:,}" if listed.hidden else ""


def born(entry: WorklistEntry) -> str:
    """`61, born Sep`: the age, and the month for recall by it."""
    return f"{entry.age}, born {words.month(entry.born.month)[:3]}"


def group_of_month(listed: Worklist, overdue: bool) -> Row:
    """The row that names who is below it on a list of one month of birth."""
    return Row(("Overdue: month of birth gone by" if overdue else f"Born in {words.month(listed.month)}",), "group")


def _to_do(listed: Worklist, entries: tuple[WorklistEntry, ...]) -> Table:
    rows: list[Row] = []
    overdue: bool | None = None
    for n, entry in enumerate(entries, 1):
        if listed.month and listed.overdue(entry) != overdue:
            overdue = listed.overdue(entry)
            rows.append(group_of_month(listed, overdue))
        rows.append(Row(_cells(listed, n, entry), facets=facets(listed, entry)))
    columns = (
        Column("Patient", 4), Column("Call for", 8), Column("Worth", 2, True, kept=True), Column("Next date", 2.4),
        Column("Also", 5), Column("Last seen", 2.4),
    )  # fmt: skip
    caption = "Whom to call, in the order of what one contact brings"
    return Table(caption, columns, tuple(rows), sortable=True, facets=FACETS)


def _cells(listed: Worklist, n: int, entry: WorklistEntry) -> tuple[str | Cell, ...]:
    best, due = entry.contacts[0], entry.next
    return (
        f"{entry.patient}\n{born(entry)}",
        "\n".join([listed.contacts[best.kind].title, *(f"• {line}" for line in words.to_do(listed, best))]),
        pounds(words.entry_pence(entry), f"{listed.practice}/{n}/pounds"),
        Cell(words.next_day(due, listed), "", due.day, "day") if due else "",
        "\n".join(_also(listed, entry)),
        "\n".join([words.seen(entry), *(say.capital(flag) for flag in entry.flags)]),
    )


def _also(listed: Worklist, entry: WorklistEntry) -> Iterator[str]:
    """Why the next date matters, what is to be said of the pounds, and all else that the patient needs."""
    if entry.next and entry.next.why != "year end":
        yield words.next_date(entry.next, listed)
    if (note := words.worth_note(entry)) not in ("", NOT_KNOWN):
        yield f"Worth: {note.replace(chr(10), '; ')}"
    yield from words.besides(listed, entry)


def _others(listed: Worklist, name: str, state: State, entries: tuple[WorklistEntry, ...]) -> Table:
    rows = []
    for entry in entries:
        last = [care.last for care in entry.of(state) if care.last and state != "soon"]
        cells = (
            f"{entry.patient}\n{born(entry)}",
            "\n".join(words.lines(entry, state)),
            "\n".join(last),
            words.also(entry, state),
            "" if state == "after death" else words.seen(entry),
            "\n".join(say.capital(flag) for flag in entry.flags),
        )
        rows.append(Row(cells, facets=facets(listed, entry)))
    columns = (
        Column("Patient", 4), Column("Care", 7), Column("Last record", 2.5), Column("Also on this list", 2.5),
        Column("Last seen", 2.5), Column("Flags", 2.5),
    )  # fmt: skip
    return Table(name, columns, tuple(rows), sortable=True, facets=FACETS[1:3])


def _worths(listed: Worklist) -> Iterator[Block]:
    rows = []
    gaps = [care.code for entry in listed.entries for care in entry.of("gap")]
    for code, worths in listed.worths.items():
        number = gaps.count(code)
        for n, one in enumerate(worths):
            figure = f"{listed.practice}/{code}/{one.scheme}"
            every = Cell(words.all_listed(listed, code)) if n == 0 else ""
            about = (code, f"{one.scheme}, item {one.item}", count(number, f"{figure}/patients"))
            rows.append(Row((*about, pounds(one.pence, f"{figure}/next"), words.step(one), every)))
        if not worths:
            none = "No scheme here pays on it by itself."
            rows.append(Row((code, "", count(number, f"{listed.practice}/{code}/patients"), "", none, "")))
    if not rows:
        return
    yield Heading(2, "What the care is worth")
    yield Para(
        "What one more patient achieved would bring, all other counts as they are. Nothing more is earned beyond the "
        "top of a threshold. What one contact closes at once is priced together."
    )
    columns = (
        Column("Indicator", 2), Column("Scheme", 3), Column("Patients", 1.6, True),
        Column("One more patient", 2, True, kept=True), Column("And the step", 5),
        Column("All of them, in their order", 4),
    )  # fmt: skip
    yield Table("What one more patient is worth", columns, tuple(rows))


def _contacts(listed: Worklist) -> Iterator[Block]:
    """What clinics to plan: over all contacts of all patients with gaps."""
    rows = []
    for kind, name, *counts in words.by_contact(listed):
        cells = (
            count(number, f"{listed.practice}/{kind}/{about}") for about, number in zip(_ABOUT, counts, strict=True)
        )
        rows.append(Row((name, *cells)))
    if rows:
        yield Heading(2, "Clinics to plan")
        columns = (Column("Contact", 5), *(Column(name, 2, True) for name in words.BY_CONTACT))
        yield Table("Patients to call by the contact that they need; one may need several", columns, tuple(rows))


_ABOUT = ("patients", "care", "tests", "remote")


def _months(listed: Worklist) -> Iterator[Block]:
    if listed.month or not listed.entries:
        return
    rows = []
    for number in sorted(range(1, 13), key=recall_place):
        counts = zip(words.BY_MONTH, words.by_month(listed, number), strict=True)
        rows.append(
            Row((words.month(number), *(count(n, f"{listed.practice}/born/{number}/{name}") for name, n in counts)))
        )
    yield Heading(2, "By month of birth")
    yield Table(
        "Patients by month of birth, in the order of the scheme year",
        (Column("Born in", 3), *(Column(name, 2, True) for name in words.BY_MONTH)),
        tuple(rows),
    )


def _facts(listed: Worklist) -> Iterator[tuple[str, str | Cell]]:
    yield "Schemes", "; ".join(f"{one.title} ({one.scheme}), to {say.day(one.year_end)}" for one in listed.schemes)
    yield "Patients besides", _besides(listed)
    unseen = sum(entry.unseen for entry in listed.entries)
    yield "Not seen for a year", f"{say.patients(unseen)} of this list"
    if listed.month:
        yield "Month of birth", f"{words.month(listed.month)}, then those whose month of this scheme year has gone by"
    if listed.gone:
        yield "Left out", f"{say.patients(listed.gone)} who, the records say, died or left"
    if listed.hidden:
        yield "Not shown", f"{say.patients(listed.hidden)} to call after the first {listed.top:,}"


def _besides(listed: Worklist) -> str:
    besides = [
        f"{listed.count('soon'):,} coming due within {listed.ahead} months" if listed.ahead else "",
        f"{listed.count('pca'):,} with a PCA but still in need of care",
        f"{listed.count('declined'):,} declined",
    ]
    return ", ".join(filter(None, besides))
