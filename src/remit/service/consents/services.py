"""Gives, withdraws, records and ends consents.

A consent never covers days on which a practice does not belong to whom it consents, and never a day twice.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from remit.core.problems import refuse
from remit.core.say import day as say_day
from remit.service import clock
from remit.service.audit.log import record
from remit.service.consents.models import CARRIED_OVER, PAPER, PRACTICE, Consent
from remit.service.organisations.models import COMMISSIONER, NETWORK, Organisation
from remit.service.organisations.standing import as_service, days_under
from remit.service.people.roles import Action
from remit.service.scope.acting import acting
from remit.service.scope.scope import current

COUNTS_IN_WORDS = "the counts, and what they come to,"
OPEN = "it is withdrawn"
ONE_DAY = timedelta(days=1)


def give(practice: Organisation, to: Organisation, since: date, until: date | None = None) -> Consent:
    """A practice lets an organisation see its counts. Raises Refused where that does not fit."""
    if not current().may(Action.GIVE_CONSENT, practice.pk):
        raise PermissionDenied(Action.GIVE_CONSENT)
    with transaction.atomic():
        consent = _added(Consent(practice=practice, to=to, since=since, until=until, given_by=PRACTICE))
        record(
            "consent.given",
            practice,
            str(practice),
            to=str(to),
            covers=COUNTS_IN_WORDS,
            since=since,
            until=until or OPEN,
        )
    return consent


def record_paper(
    practice: Organisation, to: Organisation, since: date, until: date | None, evidence: str, reason: str
) -> Consent:
    """An administrator records a form that the practice signed on paper; it is marked as such for all who see it."""
    if not current().may(Action.RECORD_CONSENT, practice.pk):
        raise PermissionDenied(Action.RECORD_CONSENT)
    _given(reason)
    if not evidence.strip():
        raise refuse("service.consent", "say which form was signed, by whom and where it is kept.", None, "")
    with transaction.atomic():
        consent = _added(
            Consent(practice=practice, to=to, since=since, until=until, given_by=PAPER, evidence=evidence.strip())
        )
        record(
            "consent.recorded",
            practice,
            str(practice),
            to=str(to),
            covers=COUNTS_IN_WORDS,
            since=since,
            until=until or OPEN,
            evidence=evidence.strip(),
            reason=reason.strip(),
        )
    return consent


def withdraw(consent: Consent, day: date, reason: str) -> None:
    """From a day on nothing more is shared; what was shared of earlier days stays. Raises Refused for a past day."""
    if not current().may(Action.GIVE_CONSENT, consent.practice_id):
        raise PermissionDenied(Action.GIVE_CONSENT)
    _given(reason)
    with transaction.atomic():
        consent.refresh_from_db(fields=["since", "until", "withdrawn"])
        if day < clock.today():
            what = "a consent is withdrawn from today on, or from a later day: payments rest on what was shared before."
            raise refuse("service.consent", what, None, f"Give {say_day(clock.today())} or a later day.")
        if consent.last is not None and day > consent.last:
            what = f"this consent has its last day on {say_day(consent.last)} already."
            raise refuse("service.consent", what, None, "Give an earlier day, or leave it as it is.")
        consent.withdrawn, consent.ended_because = max(day, consent.since), reason.strip()
        consent.save(update_fields=["withdrawn", "ended_because"])
        record(
            "consent.withdrawn",
            consent.practice,
            str(consent.practice),
            to=str(consent.to),
            day=day,
            reason=reason.strip(),
        )


def _given(reason: str) -> None:
    if not reason.strip():
        raise refuse("service.reason-missing", "the reason is missing.", None, "Say why, in a few words.")


def _added(consent: Consent) -> Consent:
    """The consent, kept. Raises Refused where it does not fit."""
    if consent.to.kind not in (COMMISSIONER, NETWORK):
        raise refuse("service.consent", "a practice consents to its commissioner or its network.", None, "")
    if consent.until and consent.until < consent.since:
        raise refuse("service.consent", "the last day is before the first.", None, "Correct one of the two days.")
    with acting(as_service()):
        Organisation.objects.select_for_update(no_key=True).get(pk=consent.practice_id)  # one writer for each practice
        times = days_under([consent.practice_id]).get(consent.practice_id, {}).get(consent.to_id, [])
        time = next((one for one in times if one[0] <= consent.since <= one[1]), None)
        if time is None:
            first = f" It does from {say_day(times[0][0])}." if times and times[0][0] > consent.since else ""
            what = f"{consent.practice} does not belong to {consent.to} on {say_day(consent.since)}.{first}"
            raise refuse("service.consent", what, None, "Choose a day on which it does.")
        if time[1] != date.max and (consent.until is None or consent.until > time[1]):
            consent.until = time[1]
            consent.ended_because = f"The practice leaves {consent.to}."
        for other in Consent.objects.filter(practice=consent.practice_id, to=consent.to_id, covers=consent.covers):
            ends_before = other.last is not None and other.last < max(consent.since, other.since)
            if not ends_before and (consent.until is None or other.since <= consent.until):
                until = f"until {say_day(other.last)}" if other.last else "until it is withdrawn"
                what = f"there is a consent to {consent.to} already, from {say_day(other.since)} {until}."
                raise refuse("service.consent", what, None, "Choose days that it does not cover, or withdraw it first.")
        consent.save(force_insert=True)
    return consent


def end_early(consent: Consent, last: date, because: str) -> None:
    """What a consent was given for has ended: it covers no day after `last`. Nothing where it ends by then already.

    In the transaction of the change, as the service.
    """
    if consent.last is not None and consent.last <= last:
        return
    if last < consent.since:
        consent.withdrawn = consent.since
    else:
        consent.until = last
    consent.ended_because = because
    consent.save(update_fields=["until", "withdrawn", "ended_because"])
    record("consent.ended", consent.to, str(consent.to), practices=(str(consent.practice),), to=str(consent.to),
           reason=because)  # fmt: skip


def end_where_left(practices: Collection[int]) -> None:
    """After memberships changed: no consent lasts longer than its practice belongs to whom it consents.

    In the transaction of the change, as the service.
    """
    under = days_under(practices)
    ended: dict[Organisation, list[str]] = {}
    for consent in Consent.objects.filter(practice__in=practices).select_related("practice", "to"):
        times = under.get(consent.practice_id, {}).get(consent.to_id, [])
        time = next((one for one in times if one[0] <= consent.since <= one[1]), None)
        last = time[1] if time else consent.since - ONE_DAY
        if last == date.max or (consent.last is not None and consent.last <= last):
            continue
        if last < consent.since:
            consent.withdrawn = consent.since
        else:
            consent.until = last
        consent.ended_because = f"The practice left {consent.to}."
        consent.save(update_fields=["until", "withdrawn", "ended_because"])
        ended.setdefault(consent.to, []).append(str(consent.practice))
    for to, names in ended.items():
        record("consent.ended", to, str(to), practices=tuple(names), to=str(to), reason=f"they leave {to}.")


def carry_over(old: Organisation, new: Organisation, day: date) -> list[Consent]:
    """Consents to an organisation that is taken over end on the day before, and go on with whoever takes over.

    In the transaction of the merger, as the service. The practice can withdraw them like any other.
    """
    carried = []
    for consent in Consent.objects.filter(to=old).select_related("practice"):
        if consent.last is not None and consent.last < day:
            continue
        until, since = consent.until, max(consent.since, day)
        withdrawn = consent.withdrawn
        consent.ended_because = f"{new} takes over from {old}."
        if consent.since < day:
            consent.until, consent.withdrawn = day - ONE_DAY, None
        else:
            consent.withdrawn = consent.since
        consent.save(update_fields=["until", "withdrawn", "ended_because"])
        others = Consent.objects.filter(practice=consent.practice, to=new, covers=consent.covers)
        if any(other.covers_day(since) or other.since > since for other in others):
            continue
        carried.append(
            Consent.objects.create(
                practice=consent.practice, to=new, covers=consent.covers, since=since, until=until, withdrawn=withdrawn,
                given_by=CARRIED_OVER, evidence=f"Given to {old} before.",
            )
        )  # fmt: skip
    if carried:
        record("consent.carried-over", new, str(old), practices=tuple(str(one.practice) for one in carried), since=day)
    return carried
