"""Brings a map of an area into the database: first as a difference to read, then, confirmed, whole or not at all."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256

from remit.core.problems import Collector, refuse
from remit.organisation.area_changes import AreaChanges, changes
from remit.organisation.area_map import AreaMap
from remit.service import clock
from remit.service.audit.log import record
from remit.service.organisations import mergers, services
from remit.service.organisations.models import COMMISSIONER, PRACTICE, EarlierName, ListSize, Membership, Organisation
from remit.service.organisations.standing import areas_of, as_service, check, check_one_commissioner, standing, writing
from remit.service.people.roles import Action
from remit.service.scope.acting import acting
from remit.service.scope.scope import current

ONE_DAY = timedelta(days=1)


def set_up(area: AreaMap) -> Organisation:
    """The map's commissioner: as it is there, or new. For the command line, which sets a service up."""
    mine = area.organisations[area.commissioner]
    with acting(as_service()):
        there, _ = Organisation.objects.get_or_create(
            code=mine.code, defaults={"name": mine.name, "kind": COMMISSIONER}
        )
    return there


def difference(area: AreaMap, commissioner: Organisation, day: date) -> AreaChanges:
    """What a map would change from a day on. Raises Refused where it does not fit the area as it stands."""
    services.permit(commissioner)
    with acting(as_service()):
        there = standing(area, commissioner, day)
        problems = Collector()
        for code, wanted in area.organisations.items():
            if code in there.organisations and there.organisations[code].kind != wanted.kind:
                what = f"{code} is a {there.organisations[code].kind} here, and a {wanted.kind} in the map."
                problems.add("area.two-kinds", what, organisation=code)
        problems.refuse_if_any()
        found = changes(there, area, day)
        from_elsewhere = {**_elsewhere_today(area), **found.from_elsewhere}
        others = {one.code: one for one in Organisation.objects.filter(code__in=set(from_elsewhere.values()))}
    for code, home in sorted(from_elsewhere.items()):
        if not (current().everything or current().may(Action.CHANGE_ORGANISATIONS, others[home].pk)):
            what = f"{code} belongs to {others[home]}."
            hint = "Its administrator takes it out first, or somebody who administers both does this."
            problems.add("service.organisation-elsewhere", what, None, hint, organisation=code, home=home)
    problems.refuse_if_any()
    return found


def _elsewhere_today(area: AreaMap) -> dict[str, str]:
    """Of a map's organisations those that belong to another commissioner today, whatever day the map is of: its name
    and its lists are that one's to write."""
    codes = dict(Organisation.objects.filter(code__in=area.organisations).values_list("pk", "code"))
    homes = areas_of(codes, clock.today())
    return {codes[pk]: home for pk, home in homes.items() if home != area.commissioner}


def digest(found: AreaChanges) -> str:
    """A short text that differs where anything of the difference does: what is applied is what was read."""
    return sha256("\n".join(one.sentence for one in found.sentences).encode()).hexdigest()[:16]


def apply(
    area: AreaMap, commissioner: Organisation, day: date, reason: str, file_name: str, file_sha256: str, read: str = ""
) -> AreaChanges:
    """Apply what `difference` says. `read` is the digest of what was confirmed: where the area changed since, refused.

    Raises Refused, and then nothing is changed.
    """
    services.given(reason)
    difference(area, commissioner, day)  # as the person at work, who may not do all of it
    with writing():
        found = difference(area, commissioner, day)
        if read and digest(found) != read:
            what = "the area changed since you read what the map would change."
            raise refuse("service.organisation", what, None, "Read the difference again, and confirm it.")
        if found.is_empty:
            return found
        _write(found, day, f"{file_name}, from {day}")
        sentences = tuple(one.sentence for one in found.sentences)
        record(
            "organisation.map-applied", commissioner, str(commissioner), file=file_name, sha256=file_sha256,
            day=day, changes=sentences, reason=reason.strip(),
        )  # fmt: skip
    return found


def _write(found: AreaChanges, day: date, source: str) -> None:
    Organisation.objects.bulk_create([Organisation(code=one.code, name=one.name, kind=one.kind) for one in found.new])
    codes = {one.code for one in found.new} | {one.code for one, _ in found.renamed}
    codes |= {code for one in found.begun for code in (one.member, one.parent)}
    codes |= {code for one, _ in found.ended for code in (one.member, one.parent)}
    codes |= {code for one in found.mergers for code in (one.predecessor, one.successor)}
    codes |= {one.practice for one in found.lists}
    known = {one.code: one for one in Organisation.objects.filter(code__in=codes)}
    for renamed, earlier in found.renamed:
        EarlierName.objects.create(organisation=known[renamed.code], name=earlier, until=day - ONE_DAY)
        known[renamed.code].name = renamed.name
        known[renamed.code].save(update_fields=["name"])
    rows = {(row.member_id, row.parent_id, row.since): row for row in _rows_of(known)}
    for one, last in found.ended:
        row = rows[known[one.member].pk, known[one.parent].pk, one.since or day]
        row.until = last
        row.save(update_fields=["until"])
    touched = {known[code].pk for code in codes}
    begun = (
        [
            Membership(
                member=known[one.member], parent=known[one.parent], parent_kind=known[one.parent].kind,
                since=one.since or day, until=one.until,
            )
            for one in found.begun
        ]
    )  # fmt: skip
    check(touched, begun)
    Membership.objects.bulk_create(begun)
    check_one_commissioner(touched)
    for size in found.lists:
        ListSize.objects.update_or_create(
            organisation=known[size.practice], day=size.day or day, defaults={"people": size.people, "source": source}
        )
    for merger in found.mergers:
        mergers.join(known[merger.predecessor], known[merger.successor], merger.day)
    services.end_what_rests({one.pk for one in known.values() if one.kind != PRACTICE} | touched)


def _rows_of(known: dict[str, Organisation]) -> list[Membership]:
    return list(Membership.objects.filter(member__in=list(known.values())).select_related("parent"))
