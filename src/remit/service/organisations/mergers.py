"""Mergers: one organisation takes over another on a day, and a mistaken merger is undone as a whole."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from remit.core.say import day as say_day
from remit.service.audit.log import record
from remit.service.consents.models import Consent
from remit.service.consents.services import carry_over
from remit.service.declarations import merged
from remit.service.offers import following
from remit.service.organisations.models import COMMISSIONER, PRACTICE, Membership, Organisation, Succession
from remit.service.organisations.services import ONE_DAY, end_what_rests, given, may_change, no, practices_below
from remit.service.organisations.standing import as_service, begin, check, check_one_commissioner, writing
from remit.service.people.roles import Action
from remit.service.scope.acting import acting


def merge(old: Organisation, new: Organisation, day: date, reason: str) -> Succession:
    """From a day on `new` has what was `old`'s; `old` closes on the day before, its members move, its consents end or,
    where a commissioner or network takes over, go on with the new one."""
    if not (may_change(old) and may_take_over(new)):
        raise PermissionDenied(Action.CHANGE_ORGANISATIONS)
    given(reason)
    with writing():
        return join(old, new, day, reason.strip())


def merge_into_new(old: Organisation, code: str, name: str, day: date, reason: str) -> Succession:
    """The same into a commissioner that does not exist yet, as when two become one."""
    if not may_change(old) or old.kind != COMMISSIONER:
        raise PermissionDenied(Action.CHANGE_ORGANISATIONS)
    given(reason)
    with writing():
        if Organisation.objects.filter(code=code).exists():
            raise no(f"there is an organisation {code} already.", "Leave its name empty to merge into it.")
        new = Organisation.objects.create(code=code, name=name.strip(), kind=COMMISSIONER, opened=day)
        return join(old, new, day, reason.strip())


def may_take_over(new: Organisation) -> bool:
    """Whether the person at work administers it or, of a commissioner to come, all those that it takes over from."""
    if may_change(new):
        return True
    with acting(as_service()):
        before = [row.predecessor for row in new.succeeded.select_related("predecessor")]
    return new.kind == COMMISSIONER and bool(before) and all(may_change(one) for one in before)


def join(old: Organisation, new: Organisation, day: date, reason: str = "It stands in the map.") -> Succession:
    """The merger itself, in a transaction and as the service. Raises Refused where it does not fit."""
    last = day - ONE_DAY
    _check_fit(old, new, day)
    before: dict[str, Any] = {"closed": old.closed.isoformat() if old.closed else None, "begun": []}
    consents = list(Consent.objects.filter(Q(practice=old) | Q(to=old)))
    before["consents"] = [[one.pk, _iso(one.until), _iso(one.withdrawn), one.ended_because] for one in consents]
    later = Q(until__isnull=True) | Q(until__gte=day)
    moving = list(old.members.filter(later).select_related("member", "parent"))
    ending = [*moving, *old.memberships.filter(later).select_related("member", "parent")]
    late = next((row for row in ending if row.since >= day), None)
    if late:
        what = f"{late.member} joins {late.parent} on {say_day(late.since)}, when {old} has gone."
        raise no(what, "Correct that membership first.")
    before["ended"] = [[row.pk, _iso(row.until)] for row in ending]
    for row in ending:
        until, row.until = row.until, last
        row.save(update_fields=["until"])
        if row in moving:
            before["begun"].append(begin(row.member, new, day, until).pk)
    old.closed = last
    old.save(update_fields=["closed"])
    check([old.pk, new.pk, *(row.member_id for row in moving)])
    check_one_commissioner([old.pk, new.pk])
    if old.kind == PRACTICE:
        _end_consents(consents, old, new, last)
        before["participations"] = following.carry_on(old, new, day)
        before["declarations"] = merged.withdraw(old, new, day)
    else:
        before["carried"] = [one.pk for one in carry_over(old, new, day)]
    succession = Succession.objects.create(predecessor=old, successor=new, day=day, before=before)
    end_what_rests({old.pk, new.pk})
    for about in (old, new):
        record("organisation.merged", about, str(old), successor=str(new), day=day, reason=reason)
    return succession


def _check_fit(old: Organisation, new: Organisation, day: date) -> None:
    if old.pk == new.pk:
        raise no("an organisation cannot be merged into itself.", "Choose another.")
    if old.kind != new.kind:
        raise no(f"a {old.kind} cannot be merged into a {new.kind}.", f"Choose another {old.kind}.")
    if Succession.objects.filter(predecessor=old).exists():
        raise no(f"{old} was merged already.", "Undo that merger first.")
    if old.closed and old.closed < day - ONE_DAY:
        raise no(f"{old} closed on {say_day(old.closed)}.", "Correct that day first, or choose an earlier one.")
    if new.closed and new.closed < day:
        raise no(f"{new} closed on {say_day(new.closed)}, and cannot take over then.", "Name whoever carries on.")
    ahead = {new.pk}
    while ahead:
        ahead = set(Succession.objects.filter(predecessor__in=ahead).values_list("successor_id", flat=True))
        if old.pk in ahead:
            raise no(f"{new} was itself merged into {old}.", "Choose another.")


def _end_consents(consents: list[Consent], old: Organisation, new: Organisation, last: date) -> None:
    ended = []
    for one in consents:
        if one.last is not None and one.last <= last:
            continue
        if one.since <= last:
            one.until, one.withdrawn = last, None
        else:
            one.withdrawn = one.since
        one.ended_because = f"{new} took over the practice."
        one.save(update_fields=["until", "withdrawn", "ended_because"])
        ended.append(str(one.to))
    if ended:
        reason = f"{new} takes over the practice."
        record("consent.ended", old, str(old), practices=(str(old),), to=tuple(ended), reason=reason)


def undo(succession: Succession, reason: str) -> None:
    """Undo a merger that was recorded by mistake: what it ended goes on, what it began is taken away."""
    old, new = succession.predecessor, succession.successor
    if not (may_change(old) or may_change(new)):
        raise PermissionDenied(Action.CHANGE_ORGANISATIONS)
    given(reason)
    with writing():
        before = succession.before
        for consent in Consent.objects.filter(pk__in=before.get("carried", [])):
            consent.delete()
        Membership.objects.filter(pk__in=before.get("begun", [])).delete()
        old.closed = _day(before.get("closed"))
        old.save(update_fields=["closed"])
        for pk, until in before.get("ended", []):
            Membership.objects.filter(pk=pk).update(until=_day(until))
        for pk, until, withdrawn, because in before.get("consents", []):
            Consent.objects.filter(pk=pk).update(until=_day(until), withdrawn=_day(withdrawn), ended_because=because)
        succession.delete()
        check([old.pk, new.pk, *practices_below({old.pk, new.pk})])
        check_one_commissioner([old.pk, new.pk])
        following.undo_carrying(before.get("participations", {}))
        merged.undone(before.get("declarations", []))
        end_what_rests({old.pk, new.pk})
        for about in (old, new):
            record(
                "organisation.merger-undone", about, str(old), successor=str(new), day=succession.day,
                reason=reason.strip(),
            )  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
