"""A worklist as CSV: one row for each patient, in the order of the list. The same list gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator

from remit.documents.worklist import words
from remit.files.tables import write_rows
from remit.worklist.model import Worklist, WorklistEntry

COLUMNS = (
    "place", "practice_code", "patient_id", "list", "birth_month", "age", "contact", "to_do", "gaps", "indicators",
    "worth_pounds", "worth", "towards_step_pounds", "next_alone_pounds",
    "next_date", "next_why", "other_contacts", "due_soon", "pca",
    "declined", "last_seen", "not_seen_for_a_year", "flags", "as_of", "records_to", "provisional",
    "conditions", "high_readings",
)  # fmt: skip


def as_csv(listed: Worklist) -> str:
    """The table with its header."""
    into = io.StringIO()
    write_rows(into, [COLUMNS])
    write_rows(into, (_row(listed, n, entry) for n, entry in enumerate(listed.shown, 1)))
    return into.getvalue()


def _row(listed: Worklist, place: int, entry: WorklistEntry) -> list[str]:
    best = entry.contacts[0] if entry.contacts else None
    due = entry.next
    return [
        str(place),
        listed.practice,
        entry.patient,
        words.LISTS[entry.state],
        str(entry.born.month),
        str(entry.age),
        words.contact_title(listed, best) if best else "",
        "; ".join(words.to_do(listed, best)) if best else "; ".join(words.after_death(entry)),
        str(len(entry.of("gap"))),
        " ".join(care.code for care in entry.of("gap")),
        words.worth_pounds(entry),
        words.worth_is(entry),
        words.towards_pounds(best),
        words.alone_pounds(entry),
        due.day.isoformat() if due else "",
        due.why if due else "",
        "; ".join(words.others(listed, entry)),
        "; ".join(words.soon(entry.of("soon"))),
        "; ".join(words.adjusted(entry.of("pca"))),
        "; ".join(words.adjusted(entry.of("declined"))),
        entry.last_seen.isoformat() if entry.last_seen else "",
        "yes" if entry.unseen else "no",
        "; ".join(entry.flags),
        listed.on.isoformat(),
        listed.records_to.isoformat() if listed.records_to else "",
        "; ".join(_provisional(listed)),
        "; ".join(entry.conditions),
        "; ".join(care.last for care in entry.risks),
    ]


def _provisional(listed: Worklist) -> Iterator[str]:
    if listed.demonstration:
        yield "demonstration codes"
    if listed.records_to is not None and listed.records_to < listed.on:
        yield f"records end on {listed.records_to}"
    if listed.other_rules:
        yield "rules of another year"
