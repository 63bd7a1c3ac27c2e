"""What the service itself does with offers and participation: rows of an offer, lapses, mergers, closings, moves.

Mergers, closings and moves are followed in the transaction of the change, as the service.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from remit.contract.machine import Party
from remit.contract.participation import MACHINE, State, Step
from remit.core.say import day as say_day
from remit.service import clock
from remit.service.audit.log import record
from remit.service.offers.choosing import variants_of
from remit.service.offers.models import (
    ACCEPTED,
    CARRIED_ON,
    OFFERED,
    TAKES_PART,
    Offer,
    Participation,
    ParticipationStep,
)
from remit.service.organisations.models import Organisation, Succession
from remit.service.organisations.standing import Days, days_under
from remit.service.register.checking import of_version
from remit.service.scope.scope import current
from remit.service.steps import led

ONE_DAY = timedelta(days=1)
TO_ANSWER = timedelta(days=28)
"""How long a practice that took another over has to answer."""
_SERVICE = frozenset({Party.SERVICE})


def offered(offer: Offer, practices: Collection[Organisation], person: int | None = None) -> list[Participation]:
    """The rows of an offer that was just made, with their first step: a query for each kind."""
    person = current().person if person is None else person
    rows = Participation.objects.bulk_create(
        Participation(
            practice=one, organisation_id=offer.organisation_id, scheme_year=offer.scheme_year, offer=offer,
            scheme_id=offer.scheme_year.scheme_id, title=offer.scheme_year.title, year=offer.scheme_year.year,
            starts=offer.starts, ends=min(offer.ends, one.closed or offer.ends), respond_by=offer.respond_by,
        )
        for one in sorted(practices, key=lambda each: each.code)
    )  # fmt: skip
    _steps(rows, Step.OFFER, "", person)
    return rows


def lapse(organisation: Organisation, today: date) -> int:
    """Offers of a commissioner or place that nobody answered by their day lapse. How many; the second time none do."""
    with transaction.atomic():
        rows = list(
            Participation.objects.select_for_update(of=("self",), no_key=True)
            .filter(organisation=organisation, state=OFFERED, respond_by__lt=today)
            .select_related("practice")
            .order_by("pk")
        )
        for one in rows:
            one.state = led(MACHINE, one.state, Step.LAPSE, _SERVICE).value
        if rows:
            Participation.objects.bulk_update(rows, ["state"])
            _steps(rows, Step.LAPSE, "", None)
            for title in sorted({one.title for one in rows}):
                names = tuple(str(one.practice) for one in rows if one.title == title)
                record("offer.lapsed", organisation, title, practices=names)
    return len(rows)


def _steps(rows: Iterable[Participation], step: Step, words: str, person: int | None, day: date | None = None) -> None:
    now = clock.now()
    ParticipationStep.objects.bulk_create(
        ParticipationStep(
            practice_id=one.practice_id, organisation_id=one.organisation_id, participation=one, step=step.value,
            state=one.state, person_id=person, at=now, words=words, day=day,
        )
        for one in rows
    )  # fmt: skip


def _move(one: Participation, step: Step, words: str, day: date | None = None) -> None:
    """Take a step as the service, and save."""
    one.state = led(MACHINE, one.state, step, _SERVICE, frozenset(), words).value
    one.reason = words
    one.save()
    _steps([one], step, words, None, day)


def carry_on(old: Organisation, new: Organisation, day: date) -> dict[str, Any]:
    """A practice that is taken over: its part in each scheme is carried on by its successor, from the day on.

    The successor's own part goes on. Where it has none, and no other variant of the scheme, it is offered the scheme
    from that day. What there was before is handed back, for the merger to be undone.
    """
    today = clock.today()
    rows = [one for one in _open_of([old.pk], day) if one.state_on(today) is not State.LAPSED]
    before: dict[str, Any] = {"rows": [_as_it_was(one) for one in rows], "offers": []}
    areas = days_under([new.pk]).get(new.pk, {})
    for one in rows:
        family = _with_successors(one.organisation_id)
        if not any(first <= day <= last for each in family for first, last in areas.get(each, ())):
            continue  # the successor is another commissioner's: the part ends, as for whoever leaves
        one.ends = min(one.ends, day - ONE_DAY)
        if one.state in (OFFERED, ACCEPTED):
            one.into = new
            _move(one, Step.CARRY_ON, _why_carried(one, new, day), day)
            if not _has_the_scheme(new, one):
                before["offers"].append(_offer_to_successor(one, old, new, day).pk)
            _recorded("participation.carried-on", one, into=str(new), day=day)
        else:
            one.save()
    return before


def _why_carried(one: Participation, new: Organisation, day: date) -> str:
    return f"The practice merged into {new} on {say_day(day)}.{_rule_in_words(one)}"


def _rule_in_words(one: Participation) -> str:
    """What the scheme says of mergers, where it says nothing."""
    from remit.scheme.resolve import resolve

    scheme = of_version(one.offer.version).scheme
    rule = resolve(scheme, one.offer.version.settings).merger if scheme else None
    if rule is None or rule.value:
        return ""
    return f" The scheme does not say what a merger pays: set {rule.name} before anything is paid for it."


def _has_the_scheme(practice: Organisation, other: Participation) -> bool:
    """Whether a practice takes part in the scheme of another's participation, or in a variant, or was offered it."""
    rows = Participation.objects.filter(
        practice=practice, organisation=other.organisation_id, year=other.year, state__in=(OFFERED, ACCEPTED)
    ).select_related("offer")
    versions = {one.scheme_id: one.offer.version_id for one in rows}
    return bool(variants_of(other.offer.version, versions) & versions.keys())


def _offer_to_successor(one: Participation, old: Organisation, new: Organisation, day: date) -> Participation:
    """An offer to a successor that has no part in the scheme yet, from the day of the merger."""
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=one.organisation_id)
    last = Offer.objects.filter(organisation=organisation).aggregate(last=Max("number"))["last"] or 0
    starts = max(day, one.scheme_year.starts)
    offer = Offer.objects.create(
        organisation=organisation, number=last + 1, scheme_year=one.scheme_year, version=one.offer.version,
        starts=starts, ends=max(one.offer.ends, starts), respond_by=max(day, clock.today()) + TO_ANSWER,
        to=f"{new}, which took over {old}"[:300], sent_at=clock.now(), sent_by=None,
        words=f"{old} took part in this scheme. You took it over on {say_day(day)}: say whether you carry on.",
    )  # fmt: skip
    return offered(offer, [new])[0]


def undo_carrying(before: dict[str, Any]) -> None:
    """What a merger carried on goes on as it was, and what was offered to the successor because of it is ended."""
    for one in Participation.objects.filter(pk__in=before.get("offers", [])).select_related(
        "scheme_year__organisation"
    ):
        words = "The merger was undone."
        if one.state == OFFERED:
            _move(one, Step.TAKE_BACK, words)
        elif one.state == ACCEPTED:
            one.ends = one.starts - ONE_DAY
            _move(one, Step.END, words, one.ends)
    was = {pk: (state, date.fromisoformat(ends), reason) for pk, state, ends, reason in before.get("rows", [])}
    for one in Participation.objects.filter(pk__in=was).select_related("scheme_year__organisation", "practice"):
        state, one.ends, reason = was[one.pk]
        if one.state == CARRIED_ON:
            one.into = None
            _move(one, Step.GO_ON if state == ACCEPTED else Step.OPEN_AGAIN, "The merger was undone.")
            one.reason = reason
            _recorded("participation.goes-on", one)
        one.save()


def _as_it_was(one: Participation) -> list[Any]:
    return [one.pk, one.state, one.ends.isoformat(), one.reason]


def _open_of(practices: Collection[int], day: date) -> list[Participation]:
    """What practices were offered, and what they take part in on a day or later."""
    rows = Participation.objects.filter(
        Q(state=OFFERED) | Q(state__in=TAKES_PART, ends__gte=day), practice__in=practices
    ).exclude(state=CARRIED_ON)
    return list(rows.select_related("practice", "scheme_year__organisation", "offer__version").order_by("pk"))


def end_where_left(practices: Collection[int]) -> None:
    """After memberships changed: nobody takes part longer than it belongs to whose scheme it is, or to a successor.

    In the transaction of the change, as the service.
    """
    rows = _open_of(practices, date.min)
    if not rows:
        return
    under = days_under({one.practice_id for one in rows})
    family = {one.organisation_id: _with_successors(one.organisation_id) for one in rows}
    for one in rows:
        areas = under.get(one.practice_id, {})
        last = _last_day([time for each in family[one.organisation_id] for time in areas.get(each, ())], one)
        if last >= one.ends:
            continue
        one.ends = last
        organisation = one.scheme_year.organisation
        words = f"The practice closed on {say_day(last)}." if one.practice.closed == last else (
            f"The practice left {organisation}."
        )  # fmt: skip
        if one.state == ACCEPTED:
            _move(one, Step.END, words, last)
            _recorded("participation.ended-by-leaving", one, last=last, reason=words)
        elif one.state == OFFERED and last < max(one.starts, clock.today()):
            _move(one, Step.TAKE_BACK, words)
            _recorded("participation.ended-by-leaving", one, last=last, reason=words)
        else:
            one.save()


def _last_day(times: list[Days], one: Participation) -> date:
    """The last day of a participation on which the practice belongs there; the day before the first for none."""
    days = [min(last, one.ends) for first, last in times if first <= one.ends and last >= one.starts]
    return max(days, default=one.starts - ONE_DAY)


def _with_successors(organisation: int) -> set[int]:
    """An organisation, and whoever took it over, and whoever took that over."""
    found, ahead = {organisation}, {organisation}
    while ahead:
        rows = Succession.objects.filter(predecessor__in=ahead).values_list("successor_id", flat=True)
        ahead = set(rows) - found
        found |= ahead
    return found


def _recorded(event: str, one: Participation, **details: Any) -> None:
    record(event, one.scheme_year.organisation, str(one.practice), scheme=one.title, **details)
