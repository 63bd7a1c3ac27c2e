"""The calendar of an organisation, as its document has it."""

from __future__ import annotations

from remit.contract.participation import State
from remit.core import say
from remit.documents.due_dates import DueDate, DueDates, TakesPart
from remit.service import clock
from remit.service.offers.models import Participation
from remit.service.organisations.models import PRACTICE, Organisation
from remit.service.reminders import reading
from remit.service.reminders.due import Due


def calendar_of(organisation: Organisation) -> DueDates:
    """What is due for an organisation, who is late, and who takes part in what."""
    today, of = clock.today(), reading.year_of(organisation, clock.today())
    is_practice = organisation.kind == PRACTICE
    late = [] if is_practice else [one for one in reading.dues_of_practices(of) if one.is_late(today)]
    return DueDates(
        organisation.name, today, tuple(_date(one) for one in reading.dues(of)), tuple(_date(one) for one in late),
        tuple(dict.fromkeys(row.title for row in of.rows)), tuple(_takes_part(of.rows)), is_practice,
    )  # fmt: skip


def _date(one: Due) -> DueDate:
    uid = f"{one.kind}-{one.subject}-{one.organisation.pk}-{one.day}"
    return DueDate(uid, one.day, one.what, str(one.organisation), one.done, one.action is not None, one.open, one.pence,
                   one.link)  # fmt: skip


def _takes_part(rows: list[Participation]) -> list[TakesPart]:
    """Each practice with what became of its newest offer of each scheme."""
    by: dict[str, dict[str, str]] = {}
    for row in rows:
        by.setdefault(str(row.practice), {})[row.title] = _words(row)
    return [TakesPart(name, schemes) for name, schemes in by.items()]


def _words(row: Participation) -> str:
    state = State(row.state)
    if state is State.OFFERED:
        return f"Offered, answer by {say.short_day(row.respond_by)}"
    if state is State.ACCEPTED:
        also = ", still reported nationally" if row.still_reported else ""
        return f"Takes part from {say.short_day(row.starts)}{also}"
    if state in (State.LEFT, State.CARRIED_ON):
        how = "Left" if state is State.LEFT else "Merged"
        return f"{how}: from {say.short_day(row.starts)} to {say.short_day(row.ends)}"
    return {State.REFUSED: "Refused", State.LAPSED: "Not answered in time", State.TAKEN_BACK: "Offer taken back"}[state]
