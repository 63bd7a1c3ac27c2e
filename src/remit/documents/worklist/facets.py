"""What a worklist's page can be filtered by."""

from __future__ import annotations

from collections.abc import Iterator

from remit.core import say
from remit.core.dates import MONTHS
from remit.documents.figures import NOT_KNOWN
from remit.documents.worklist import words
from remit.worklist.model import Worklist, WorklistEntry

FACETS = ("Contact", "Condition", "Month of birth", "Next date", "Worth", "Look first")
_BANDS = ((10_000, "£100 or more"), (1_000, "£10 to £99.99"), (1, "£0.01 to £9.99"))


def facets(listed: Worklist, entry: WorklistEntry) -> tuple[tuple[str, str], ...]:
    """The values that a patient is found by, each with its facet."""
    return tuple(_facets(listed, entry))


def _facets(listed: Worklist, entry: WorklistEntry) -> Iterator[tuple[str, str]]:
    contact, condition, born, due, worth, look_first = FACETS
    for one in entry.contacts:
        yield contact, words.contact_title(listed, one)
    for name in entry.conditions:
        yield condition, say.capital(name)
    yield born, words.month(entry.born.month)
    if entry.next:
        day, text = entry.next.day, words.next_day(entry.next, listed)
        yield due, f"{MONTHS[day.month - 1]} {day.year}" if text == say.short_day(day) else text
    if entry.contacts:
        yield worth, _band(words.entry_pence(entry))
    for care in entry.risks:
        yield look_first, say.capital(care.risk)
    if entry.unseen:
        yield look_first, "Not seen for a year"


def _band(pence: int | None) -> str:
    if pence is None:
        return NOT_KNOWN
    return next((name for least, name in _BANDS if pence >= least), "£0.00")
