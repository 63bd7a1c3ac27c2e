"""An area as the database has it, in the terms of `remit.organisation`. Whoever calls acts as the service."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import pairwise

from django.db import transaction
from django.db.models import Q

from remit.core.problems import Collector
from remit.core.say import day as say_day
from remit.organisation.area_changes import Standing
from remit.organisation.area_checks import OpenDays, check_memberships
from remit.organisation.area_map import AreaMap, DatedMembership, MapOrganisation
from remit.service.audit.models import Head
from remit.service.organisations.models import COMMISSIONER, ListSize, Membership, Organisation, Succession
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING, Scope, current


def as_service() -> Scope:
    """The scope in which a change is written that `services` has allowed: every row, for the person at work."""
    return replace(EVERYTHING, person=current().person)


@contextmanager
def writing() -> Iterator[None]:
    """A change that `services` has allowed: one transaction, and one writer at a time, who sees what the last wrote."""
    with transaction.atomic(), acting(as_service()):
        Head.objects.select_for_update(no_key=True).first()
        yield


def check_one_commissioner(organisations: Collection[int]) -> None:
    """That nothing belongs to two commissioners on a day, of some organisations and all that ever belonged to them, as
    they are written now. Whoever administers one commissioner would else have a say in what is another's."""
    found, ahead = set(organisations), set(organisations)
    while ahead:
        ahead = set(Membership.objects.filter(parent__in=ahead).values_list("member_id", flat=True)) - found
        found |= ahead
    names = {one.pk: one for one in Organisation.objects.filter(kind=COMMISSIONER)}
    problems = Collector()
    for one, above in days_under(found).items():
        times = sorted((first, last, pk) for pk, days in above.items() if pk in names for first, last in days)
        for (_, last, before), (first, _, after) in pairwise(times):
            if before != after and first <= last:
                who = Organisation.objects.get(pk=one)
                what = f"{who} would belong to {names[before]} and to {names[after]} on {say_day(first)}."
                problems.add("service.organisation-elsewhere", what, None, "Let it leave one of them first.")
                break
    problems.refuse_if_any()


Days = tuple[date, date]
"""The first and the last day of a time; `date.max` where it is open."""


def on(day: date, prefix: str = "") -> Q:
    """Memberships that hold on a day."""
    return Q(**{f"{prefix}since__lte": day}) & (
        Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gte": day})
    )


def ids_below(organisation: int, day: date) -> set[int]:
    """All that belong to an organisation on a day, and itself: a query for each level."""
    found, ahead = {organisation}, {organisation}
    while ahead:
        ahead = set(Membership.objects.filter(on(day), parent__in=ahead).values_list("member_id", flat=True)) - found
        found |= ahead
    return found


def areas_of(organisations: Iterable[int], day: date) -> dict[int, str]:
    """The commissioner's code of each organisation on a day, of those that have one."""
    wanted = set(organisations)
    parents: dict[int, set[int]] = {}
    ahead = set(wanted)
    while ahead:
        steps = list(Membership.objects.filter(on(day), member__in=ahead).values_list("member_id", "parent_id"))
        for member, parent in steps:
            parents.setdefault(member, set()).add(parent)
        ahead = {parent for _, parent in steps} - set(parents)
    codes = dict(
        Organisation.objects.filter(
            kind=COMMISSIONER, pk__in=wanted | {one for several in parents.values() for one in several}
        ).values_list("pk", "code")
    )

    def commissioner(one: int) -> str:
        found, ahead = {one}, {one}
        while ahead:
            ahead = {parent for each in ahead for parent in parents.get(each, ())} - found
            found |= ahead
        return min((codes[each] for each in found if each in codes), default="")

    return {one: code for one in wanted if (code := commissioner(one))}


def standing(area: AreaMap, commissioner: Organisation, day: date) -> Standing:
    """The area as it stands on a day, with all that a map of it lists."""
    listed = set(Organisation.objects.filter(code__in=area.organisations).values_list("pk", flat=True))
    inside = ids_below(commissioner.pk, day)
    known = {one.pk: one for one in Organisation.objects.filter(pk__in=inside | listed)}
    rows = Membership.objects.filter(member__in=known).select_related("member", "parent")
    organisations = {one.code: one for one in known.values()} | {row.parent.code: row.parent for row in rows}
    homes = areas_of(listed - inside, day)
    mergers = Succession.objects.filter(predecessor__in=known).values_list("predecessor__code", "successor__code")
    lists = ListSize.objects.filter(organisation__in=known).values_list("organisation__code", "day", "people")
    return Standing(
        {code: MapOrganisation(code, one.name, one.kind) for code, one in organisations.items()},
        tuple(DatedMembership(row.member.code, row.parent.code, row.since, row.until) for row in rows),
        {known[pk].code: commissioner.code for pk in inside} | {known[pk].code: home for pk, home in homes.items()},
        set(mergers),
        {(code, when): people for code, when, people in lists},
    )


def check(members: Collection[int], adding: Iterable[Membership] = ()) -> None:
    """That the memberships of some organisations, and of their members, are in order, with those that are to be added.

    Raises Refused with everything that is not.
    """
    rows = list(
        Membership.objects.filter(Q(member__in=members) | Q(parent__in=members)).select_related("member", "parent")
    )
    rows += adding
    days = {one.code: OpenDays(one.kind, one.opened, one.closed) for row in rows for one in (row.member, row.parent)}
    check_memberships(days, (DatedMembership(row.member.code, row.parent.code, row.since, row.until) for row in rows))


def begin(member: Organisation, parent: Organisation, since: date, until: date | None = None) -> Membership:
    """A membership, once it is in order. Raises Refused where it is not."""
    row = Membership(member=member, parent=parent, since=since, until=until)
    check([member.pk], [row])
    row.save(force_insert=True)
    return row


def days_under(practices: Collection[int]) -> dict[int, dict[int, list[Days]]]:
    """For each practice, all that it ever belongs to, with the days; days that follow each other are one time."""
    reached = {(one, one, date.min, date.max) for one in practices}
    ahead = set(reached)
    while ahead:
        steps: dict[int, list[tuple[int, date, date]]] = {}
        for member, parent, since, until in Membership.objects.filter(
            member__in={one for _, one, _, _ in ahead}
        ).values_list("member_id", "parent_id", "since", "until"):
            steps.setdefault(member, []).append((parent, since, until or date.max))
        ahead = {
            (practice, parent, max(first, since), min(last, until))
            for practice, one, first, last in ahead
            for parent, since, until in steps.get(one, ())
            if max(first, since) <= min(last, until)
        } - reached
        reached |= ahead
    found: dict[int, dict[int, list[Days]]] = {}
    for practice, parent, first, last in sorted(reached, key=lambda one: one[2]):
        if parent != practice:
            times = found.setdefault(practice, {}).setdefault(parent, [])
            if times and (first.toordinal() - times[-1][1].toordinal()) <= 1:
                times[-1] = times[-1][0], max(times[-1][1], last)
            else:
                times.append((first, last))
    return found
