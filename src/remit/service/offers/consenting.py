"""The consent that a scheme needs: a practice that takes part lets its commissioner see its counts for those days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from remit.contract.participation import State
from remit.service import clock
from remit.service.consents import services as consents
from remit.service.consents.models import COUNTS, Consent
from remit.service.offers.models import Participation
from remit.service.organisations.models import COMMISSIONER, Organisation
from remit.service.organisations.standing import as_service, days_under
from remit.service.scope.acting import acting

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Needed:
    """Whom a practice has to let see its counts, from which day to which."""

    to: Organisation
    since: date
    until: date


def needed(participation: Participation, starts: date | None = None) -> list[Needed]:
    """What a practice has yet to consent to before it takes part; nothing where it shares all that already.

    It consents to the commissioner that it belongs to: a place looks under the consent to its commissioner.
    """
    practice = participation.practice_id
    first, last = starts or participation.starts, participation.ends
    found = []
    with acting(as_service()):
        under = days_under([practice]).get(practice, {})
        commissioners = Organisation.objects.filter(pk__in=under, kind=COMMISSIONER).order_by("pk")
        for to in commissioners:
            given = list(Consent.objects.filter(practice=practice, to=to, covers=COUNTS).order_by("since"))
            for since, until in under[to.pk]:
                found += [Needed(to, *days) for days in _not_given(given, max(first, since), min(last, until))]
    return found


def _not_given(given: list[Consent], first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days of a time that no consent covers."""
    for one in given:
        if one.is_void or one.since > last or (one.last is not None and one.last < first):
            continue
        if one.since > first:
            yield first, one.since - ONE_DAY
        if one.last is None:
            return
        first = max(first, one.last + ONE_DAY)
    if first <= last:
        yield first, last


def given_for(participation: Participation) -> Consent | None:
    """Give what a practice has to consent to as it accepts; the last of it, or None where it shares all that already.

    In the transaction of the answer.
    """
    given = None
    for one in needed(participation):
        given = consents.give(participation.practice, one.to, one.since, one.until)
    return given


def ended_with(participation: Participation) -> None:
    """After a practice has its last day in a scheme: the consent that it gave with its answer ends with it.

    It goes on for another scheme that the practice takes part in, and today's is not taken away any more.
    """
    if participation.consent_id is None:
        return
    with acting(as_service()):
        consent = Consent.objects.select_related("practice", "to").get(pk=participation.consent_id)
        others = Participation.objects.filter(
            practice=participation.practice_id, organisation=participation.organisation_id,
            state__in=(State.ACCEPTED.value, State.LEFT.value),
        ).exclude(pk=participation.pk)  # fmt: skip
        last = max([participation.ends, clock.today(), *others.values_list("ends", flat=True)])
        consents.end_early(consent, last, f"The practice left {participation.title}.")
