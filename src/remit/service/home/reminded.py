"""What is due, or late, of what the person can do: the reminders that are there whether e-mails are sent or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from remit.core.words import agreed
from remit.service import clock
from remit.service.home.reading import Task
from remit.service.organisations.models import COMMISSIONER, PRACTICE, Organisation
from remit.service.reminders import due, reading
from remit.service.reminders.due import Due
from remit.service.scope.scope import Scope

_MOST = 2
"""So many things of a kind have a line each; of more that are late the first one's line says how many there are."""


def waiting(scope: Scope) -> Iterator[Task]:
    """For each organisation that somebody works for: what it is time to be reminded of, until it is done. Late figures
    and evidence to review have lines of their own."""
    today = clock.today()
    for one in Organisation.objects.filter(pk__in=scope.own, kind__in=(COMMISSIONER, PRACTICE)).order_by("name"):
        if not any(scope.may(action, one.pk) for action in due.ACTIONS):
            continue
        of = reading.year_of(one, today)
        mine = [each for each in reading.dues(of) if each.action is not None and scope.may(each.action, one.pk)]
        mine = [each for each in mine if each.kind != due.REVIEW]
        late: dict[str, list[Due]] = {}
        for each in mine:
            if each.is_late(today) and each.kind != due.FIGURES:
                late.setdefault(each.kind, []).append(each)
        home = reverse("calendar", args=[one.code])
        yield from (task for those in late.values() for task in _late(those, today, home))
        for each in mine:
            if not each.is_late(today) and (_is_open_offer(each, one) or each.stage(today, of.timing)):
                yield Task(each.sentence(today), each.link or home)


def _is_open_offer(one: Due, of: Organisation) -> bool:
    """Whether a practice is to answer an offer: that waits for it from the day that it was made."""
    return one.kind == due.ANSWER and of.kind == PRACTICE and not one.done


def _late(those: list[Due], today: date, home: str) -> Iterator[Task]:
    if len(those) <= _MOST:
        yield from (Task(one.sentence(today), one.link or home) for one in those)
        return
    first, others = those[0].sentence(today), len(those) - 1
    yield Task(f"{first}, and {others:,} {agreed('{other|others}', others)} of its kind", home)
