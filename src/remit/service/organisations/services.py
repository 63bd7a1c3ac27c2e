"""Changes of organisations, each with its reason: added, moved, closed, merged, corrected.

Each is allowed for whoever administers all organisations that it is about, from a day on that may be to come; checked
as a whole; and kept in the audit log with what was there before. Nothing is deleted except by a correction.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from remit.core.problems import refuse
from remit.core.say import day as say_day
from remit.service import clock
from remit.service.audit.log import record
from remit.service.consents.services import end_where_left
from remit.service.offers import following
from remit.service.organisations.models import KINDS, PRACTICE, EarlierName, ListSize, Membership, Organisation
from remit.service.organisations.standing import begin, check, check_one_commissioner, on, writing
from remit.service.people.roles import Action
from remit.service.scope.scope import current

ONE_DAY = timedelta(days=1)
ORDER = [kind for kind, _ in KINDS]


def may_change(*organisations: Organisation) -> bool:
    """Whether the person at work administers one of these: a membership is its member's and its parent's."""
    scope = current()
    return scope.everything or any(scope.may(Action.CHANGE_ORGANISATIONS, one.pk) for one in organisations)


def permit(*organisations: Organisation) -> None:
    """Raises PermissionDenied unless the person at work administers all of these."""
    if not all(may_change(one) for one in organisations):
        raise PermissionDenied(Action.CHANGE_ORGANISATIONS)


def given(reason: str) -> None:
    """Raises Refused for a reason that says nothing."""
    if not reason.strip():
        raise refuse("service.reason-missing", "the reason is missing.", None, "Say why, in a few words.")


def no(what: str, hint: str = "") -> Exception:
    """The refusal of a change."""
    return refuse("service.organisation", what, None, hint)


def practices_below(organisations: Collection[int]) -> set[int]:
    """All practices that ever belonged to some organisations, and those among them. As the service."""
    found, ahead = set(organisations), set(organisations)
    while ahead:
        ahead = set(Membership.objects.filter(parent__in=ahead).values_list("member_id", flat=True)) - found
        found |= ahead
    return set(Organisation.objects.filter(pk__in=found, kind=PRACTICE).values_list("pk", flat=True))


def end_what_rests(members: Collection[int]) -> None:
    """After memberships changed: consents, and parts in schemes, last no longer than those that they rest on. As the
    service."""
    practices = practices_below(members)
    end_where_left(practices)
    following.end_where_left(practices)


def add(code: str, name: str, kind: str, parent: Organisation, since: date, reason: str) -> Organisation:
    """A new organisation that belongs to another from a day on."""
    permit(parent)
    given(reason)
    with writing():
        if Organisation.objects.filter(code=code).exists():
            raise no(f"there is an organisation {code} already.", "Move it, or correct the code.")
        new = Organisation.objects.create(code=code, name=name.strip(), kind=kind)
        begin(new, parent, since)
        check_one_commissioner([new.pk])
        record(
            "organisation.added", parent, str(new), organisation_added=code, parent=str(parent), since=since,
            reason=reason.strip(),
        )  # fmt: skip
    return new


def move(member: Organisation, parent: Organisation, day: date, reason: str) -> None:
    """From a day on a member belongs to another parent, in place of the one of the same kind before."""
    permit(member, parent)
    given(reason)
    with writing():
        before = member.memberships.filter(on(day), parent_kind=parent.kind).select_related("parent").first()
        if before and before.parent_id == parent.pk:
            raise no(f"{member} belongs to {parent} on {say_day(day)} already.")
        if before:
            _end(before, day - ONE_DAY)
        begin(member, parent, day)
        check_one_commissioner([member.pk])
        end_what_rests({member.pk})
        record(
            "organisation.moved", member, str(member), before=str(before.parent) if before else "no other",
            parent=str(parent), since=day, reason=reason.strip(),
        )  # fmt: skip


def leave(membership: Membership, last: date, reason: str) -> None:
    """A member belongs to its parent until a last day, and to none of that kind after it."""
    member, parent = membership.member, membership.parent
    if not may_change(member, parent):
        raise PermissionDenied(Action.CHANGE_ORGANISATIONS)
    given(reason)
    with writing():
        _end(membership, last)
        check([member.pk])
        end_what_rests({member.pk})
        record("organisation.left", member, str(member), parent=str(parent), until=last, reason=reason.strip())


def _end(membership: Membership, last: date) -> None:
    if last < membership.since:
        what = f"{membership.member} joined {membership.parent} on {say_day(membership.since)}, after that day."
        raise no(what, "Choose a later day, or correct that membership.")
    membership.until = last
    membership.save(update_fields=["until"])


def close(organisation: Organisation, last: date, reason: str) -> None:
    """An organisation has a last day, and its memberships end with it. Its members must have moved before."""
    permit(organisation)
    given(reason)
    with writing():
        later = Q(until__isnull=True) | Q(until__gt=last)
        staying = [row.member for row in organisation.members.filter(later).select_related("member").order_by("pk")]
        if staying:
            who = ", ".join(map(str, staying[:5])) + (f" and {len(staying) - 5} more" if len(staying) > 5 else "")
            raise no(f"{organisation} still has members after {say_day(last)}: {who}.", "Move them first, or merge it.")
        organisation.closed = last
        organisation.save(update_fields=["closed"])
        for row in organisation.memberships.filter(later).select_related("member", "parent"):
            _end(row, last)
        check([organisation.pk])
        end_what_rests({organisation.pk})
        record("organisation.closed", organisation, str(organisation), day=last, reason=reason.strip())


def correct(organisation: Organisation, name: str, opened: date | None, closed: date | None, reason: str) -> None:
    """Put a name or a day right that was recorded wrongly."""
    permit(organisation)
    given(reason)
    with writing():
        before = _in_words(organisation)
        organisation.name, organisation.opened, organisation.closed = name.strip(), opened, closed
        if opened and closed and closed < opened:
            raise no("the last day is before the first.", "Correct one of the two days.")
        organisation.save(update_fields=["name", "opened", "closed"])
        check([organisation.pk])
        after = _in_words(organisation)
        if before == after:
            raise no("nothing was changed.", "Change the name or a day, or go back.")
        record(
            "organisation.corrected", organisation, organisation.code, before=before, after=after, reason=reason.strip()
        )


def rename(organisation: Organisation, name: str, day: date, reason: str) -> None:
    """From a day on an organisation has another name; the earlier one stays in its history."""
    permit(organisation)
    given(reason)
    with writing():
        before = str(organisation)
        EarlierName.objects.create(organisation=organisation, name=organisation.name, until=day - ONE_DAY)
        organisation.name = name.strip()
        organisation.save(update_fields=["name"])
        record(
            "organisation.corrected", organisation, organisation.code, before=before, after=str(organisation),
            reason=reason.strip(),
        )  # fmt: skip


def _in_words(organisation: Organisation) -> str:
    opened = say_day(organisation.opened) if organisation.opened else "not known"
    closed = say_day(organisation.closed) if organisation.closed else "none"
    return f"{organisation.name}, first day {opened}, last day {closed}"


def correct_membership(
    membership: Membership, since: date, until: date | None, reason: str, never: bool = False
) -> None:
    """Put the days of a membership right, or take it away where it `never` was so; the audit log keeps what it was."""
    member, parent = membership.member, membership.parent
    if not may_change(member, parent):
        raise PermissionDenied(Action.CHANGE_ORGANISATIONS)
    given(reason)
    with writing():
        before = _days_in_words(membership)
        if never:
            membership.delete()
            after = "it never did"
        else:
            if until and until < since:
                raise no("the last day is before the first.", "Correct one of the two days.")
            membership.since, membership.until = since, until
            after = _days_in_words(membership)
            _check_free(membership)
            membership.save(update_fields=["since", "until"])
        check([member.pk])
        check_one_commissioner([member.pk])
        end_what_rests({member.pk})
        record(
            "organisation.membership-corrected", member, str(member), parent=str(parent), before=before, after=after,
            reason=reason.strip(),
        )  # fmt: skip


def _check_free(membership: Membership) -> None:
    """Raises Refused where another membership in the same kind of parent has some of the days."""
    others = membership.member.memberships.filter(parent_kind=membership.parent.kind).exclude(pk=membership.pk)
    for other in others.select_related("parent"):
        starts_before_end = membership.until is None or other.since <= membership.until
        if starts_before_end and (other.until is None or other.until >= membership.since):
            what = f"{membership.member} belongs to {other.parent} on some of these days."
            raise no(what, "Correct that membership first, or choose other days.")


def _days_in_words(membership: Membership) -> str:
    until = f"until {say_day(membership.until)}" if membership.until else "open"
    return f"from {say_day(membership.since)}, {until}"


def record_list_size(practice: Organisation, day: date, people: int, source: str, reason: str) -> None:
    """How many people a practice had on a day, and where the number is from, in place of what is known of that day."""
    permit(practice)
    given(reason)
    if practice.kind != PRACTICE:
        raise no(f"{practice} is a {practice.kind}; its list is the sum of its practices'.", "Open the practice.")
    if day > clock.today():
        raise no(f"{say_day(day)} is in the future.", "Give the day that the people were counted on.")
    with writing():
        known = ListSize.objects.filter(organisation=practice, day=day).first()
        before = f"{known.people:,} ({known.source})" if known else "not known"
        if known and (known.people, known.source) == (people, source.strip()):
            raise no("nothing was changed.", "Change the number or its source, or go back.")
        ListSize.objects.update_or_create(
            organisation=practice, day=day, defaults={"people": people, "source": source.strip()}
        )
        record(
            "organisation.list-size", practice, str(practice), people=people, day=day, source=source.strip(),
            before=before, reason=reason.strip(),
        )  # fmt: skip
