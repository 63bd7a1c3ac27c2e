"""Makes offers, takes the answers, and whatever follows until a practice has left a scheme.

What each step needs is said by `contract.participation`. An offer that nobody answered lapses after its day, whether
that was written down yet or not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max

from remit.contract.limits import Limits
from remit.contract.machine import Party
from remit.contract.participation import MACHINE, State, Step
from remit.core.problems import Problem, Refused, error, refuse
from remit.core.say import day as say_day
from remit.service import clock
from remit.service.audit.log import Detail, record
from remit.service.offers import consenting, following, letters
from remit.service.offers.choosing import Days, not_with, wrong_with
from remit.service.offers.models import Offer, Participation, ParticipationStep, SchemeYear
from remit.service.offers.wording import rules_in_words
from remit.service.organisations.models import Organisation
from remit.service.organisations.standing import as_service
from remit.service.register.checking import of_version
from remit.service.register.models import SchemeVersion
from remit.service.register.states import State as SchemeState
from remit.service.scope.acting import acting
from remit.service.scope.scope import current
from remit.service.steps import led, parties_in

EVENT_OF = {
    Step.ACCEPT: "offer.accepted",
    Step.REFUSE: "offer.refused",
    Step.TAKE_BACK: "offer.taken-back",
    Step.OFFER_AGAIN: "offer.made-again",
    Step.ALLOW_LATE: "offer.late-allowed",
    Step.WITHDRAW: "participation.withdrawn",
    Step.END: "participation.ended",
}


def make_offer(
    version: SchemeVersion, practices: Collection[Organisation], starts: date, ends: date, respond_by: date,
    words: str, to: str,
) -> Offer:  # fmt: skip
    """Offer a published version to practices, in one transaction; its year is begun where this is the first offer.

    `to` says in words whom it goes to. Raises Refused with everything that is wrong with the days, and with each
    practice.
    """
    organisation, days = version.organisation, Days(starts, ends, respond_by)
    led(MACHINE, None, Step.OFFER, _of_commissioner(organisation.pk))
    with transaction.atomic():
        _one_writer(organisation.pk)
        following.lapse(organisation, clock.today())
        problems = problems_with(version, practices, days)
        if problems:
            raise Refused(problems)
        year = scheme_year_of(version) or _begun(version)
        last = Offer.objects.filter(organisation=organisation).aggregate(last=Max("number"))["last"] or 0
        offer = Offer.objects.create(
            organisation=organisation, number=last + 1, scheme_year=year, version=version, starts=starts, ends=ends,
            respond_by=respond_by, to=to[:300], words=words.strip(), sent_at=clock.now(), sent_by_id=current().person,
        )  # fmt: skip
        rows = following.offered(offer, practices)
        record(
            "offer.made", organisation, offer_name(offer), to=to, count=len(rows), starts=starts, ends=ends,
            respond_by=respond_by, practices=tuple(str(one.practice) for one in rows),
        )  # fmt: skip
        transaction.on_commit(partial(letters.offered, offer, rows))
    return offer


def problems_with(version: SchemeVersion, practices: Collection[Organisation], days: Days) -> list[Problem]:
    """Everything that keeps an offer from being made: the version, its days, each practice."""
    return [*_wrong_days(version, days), *wrong_with(version, practices, days)]


def _wrong_days(version: SchemeVersion, days: Days) -> list[Problem]:
    problems = []

    def no(what: str, hint: str, field: str = "") -> None:
        problems.append(error("service.offer", what, None, hint, field=field))

    scheme = of_version(version).scheme
    if version.state != SchemeState.PUBLISHED.value or scheme is None:
        no(f"{version} is not published.", "Publish it in the register first.")
        return problems
    year = scheme_year_of(version)
    if year is not None and year.closed:
        no(f"the books of {year.title} are closed.", "Nothing is offered of it any more.")
    first, last = scheme.begins, scheme.ends
    if not first <= days.starts <= last:
        no(f"the first day is {say_day(days.starts)}; the scheme's year is {say_day(first)} to {say_day(last)}.",
           "Give a first day within the year.", "starts")  # fmt: skip
    if not first <= days.ends <= last:
        no(f"the last day is {say_day(days.ends)}; the scheme's year is {say_day(first)} to {say_day(last)}.",
           "Give a last day within the year.", "ends")  # fmt: skip
    if days.ends < days.starts:
        no("the last day is before the first.", "Correct one of the two days.", "ends")
    if days.respond_by < clock.today():
        no(
            f"the day by which to answer, {say_day(days.respond_by)}, has passed.",
            "Give today or a later day.",
            "respond_by",
        )
    if not practices_may(scheme.levels):
        no(f"{version.title} is for networks, and practices cannot sign up to it.", "")
    return problems


def practices_may(levels: Collection[str]) -> bool:
    """Whether practices sign up to a scheme of these levels; the members of a network do for the network."""
    return bool({"practice", "network"} & set(levels))


def scheme_year_of(version: SchemeVersion) -> SchemeYear | None:
    """The year that a version belongs to; None before its first offer."""
    return SchemeYear.objects.filter(organisation=version.organisation_id, scheme_id=version.scheme_id).first()


def _begun(version: SchemeVersion) -> SchemeYear:
    """The year of a scheme, as its version says it, with the limits that hold where nobody sets others."""
    scheme = of_version(version).scheme
    assert scheme is not None
    return SchemeYear.objects.create(
        organisation_id=version.organisation_id, scheme_id=version.scheme_id, title=version.title or version.scheme_id,
        year=version.year, starts=scheme.begins, ends=scheme.ends, rules=Limits().as_dict(),
    )  # fmt: skip


def offer_name(offer: Offer) -> str:
    """What an offer is called: "offer 3 (QIF 2024/25)"."""
    return f"offer {offer.number} ({offer.scheme_year.title})"


def accept(participation: Participation, starts: date | None = None) -> Participation:
    """A practice accepts, from the offer's first day or from a later one, and lets the commissioner see its counts."""
    with transaction.atomic():
        now = _locked(participation)
        first = starts or now.starts
        now.state = _taken(now, Step.ACCEPT, fault=_wrong_start(now, first) or not_with(now))
        now.starts, now.reason = first, ""
        _answered(now)
        now.consent = consenting.given_for(now)
        now.save()
        details = {"starts": now.starts, "ends": now.ends}
        _write(now, Step.ACCEPT, "", now.starts, details)
    return now


def _wrong_start(now: Participation, first: date) -> str:
    if now.starts <= first <= now.ends:
        return ""
    return f"The first day has to be from {say_day(now.starts)} to {say_day(now.ends)}, the days of the offer."


def refuse_offer(participation: Participation, reason: str) -> Participation:
    """A practice refuses an offer, with its reason."""
    with transaction.atomic():
        now = _locked(participation)
        now.state, now.reason = _taken(now, Step.REFUSE, reason), reason.strip()
        _answered(now)
        now.save()
        _write(now, Step.REFUSE, reason)
    return now


def take_back(participation: Participation, reason: str) -> Participation:
    """The commissioner takes an offer back that was not answered yet."""
    with transaction.atomic():
        now = _locked(participation)
        now.state, now.reason = _taken(now, Step.TAKE_BACK, reason), reason.strip()
        now.save()
        _write(now, Step.TAKE_BACK, reason)
    return now


def offer_again(participation: Participation, respond_by: date, reason: str = "") -> Participation:
    """The commissioner makes an offer again that was refused or taken back."""
    return _opened(participation, Step.OFFER_AGAIN, respond_by, reason)


def allow_late(participation: Participation, respond_by: date, reason: str) -> Participation:
    """The commissioner lets a practice answer after the day, by another one."""
    return _opened(participation, Step.ALLOW_LATE, respond_by, reason)


def _opened(participation: Participation, step: Step, respond_by: date, reason: str) -> Participation:
    with transaction.atomic():
        _one_writer(participation.organisation_id)
        now = _locked(participation)
        fault = ""
        if respond_by < clock.today():
            fault = f"The day by which to answer, {say_day(respond_by)}, has passed. Give today or a later day."
        elif _closed(now):
            fault = _closed(now)
        else:
            days = Days(now.starts, now.ends, respond_by)
            others = [one for one in wrong_with(now.offer.version, [now.practice], days) if now.state != State.OFFERED]
            fault = " ".join(f"{one.message} {one.hint}" for one in others)
        now.state = _taken(now, step, reason, fault)
        now.respond_by, now.reason, now.answered_at, now.answered_by = respond_by, "", None, None
        now.save()
        _write(now, step, reason, respond_by, {"respond_by": respond_by})
        transaction.on_commit(partial(letters.offered, now.offer, [now]))
    return now


def withdraw(participation: Participation, last: date, reason: str) -> Participation:
    """A practice leaves a scheme: it takes part until a last day, today or later."""
    return _left(participation, Step.WITHDRAW, last, reason, clock.today())


def end(participation: Participation, last: date, reason: str) -> Participation:
    """The commissioner ends a practice's part in a scheme: its last day is one of those that were agreed."""
    return _left(participation, Step.END, last, reason, date.min)


def _left(participation: Participation, step: Step, last: date, reason: str, earliest: date) -> Participation:
    with transaction.atomic():
        now = _locked(participation)
        first = max(now.starts, earliest)
        fault = ""
        if not first <= last <= now.ends:
            fault = f"The last day has to be from {say_day(first)} to {say_day(now.ends)}."
            if first > now.ends:
                fault = f"The practice's part in the scheme ended on {say_day(now.ends)}."
        now.state = _taken(now, step, reason, fault)
        now.ends, now.reason = last, reason.strip()
        now.save()
        consenting.ended_with(now)
        _write(now, step, reason, last, {"last": last})
    return now


def still_reported(participation: Participation, where: str, since: date | None) -> Participation:
    """That a practice takes part here and is still reported nationally: where and since when; or, without a place, that
    it no longer is."""
    with transaction.atomic():
        now = _locked(participation)
        if not parties_of(now) & {Party.PRACTICE, Party.CONTRACT_MANAGER}:
            raise refuse("service.step-not-possible", "Only the practice or the contract manager can record this.")
        if State(now.state) is not State.ACCEPTED:
            what = "Only of a practice that takes part is it recorded that it is still reported nationally."
            raise refuse("service.step-not-possible", what)
        if where.strip() and since is None:
            raise refuse("service.offer", "say since when it is reported there.", None, "Give the day.")
        before = (now.still_reported, now.still_reported_where, now.still_reported_since)
        now.still_reported = bool(where.strip())
        now.still_reported_where = where.strip()[:300]
        now.still_reported_since = since if where.strip() else None
        if before == (now.still_reported, now.still_reported_where, now.still_reported_since):
            raise refuse("service.offer", "nothing was changed: this is recorded already.", None, "")
        now.save()
        event = "participation.still-reported" if now.still_reported else "participation.no-longer-reported"
        record(
            event, now.scheme_year.organisation, str(now.practice), scheme=now.title,
            where=where.strip() or before[1], since=since or before[2],
        )  # fmt: skip
    return now


def set_rules(year: SchemeYear, rules: Mapping[str, object], reason: str) -> SchemeYear:
    """Other limits and steps for a year, with a reason. Raises Refused with everything that is wrong with them."""
    if Party.CONTRACT_MANAGER not in parties_in(year.organisation_id):
        raise refuse("service.step-not-possible", "Only the contract manager can change the limits of a year.")
    limits = Limits.from_dict(rules)
    if not reason.strip():
        raise refuse("service.reason-missing", "the reason is missing.", None, "Say why, in a few words.")
    with transaction.atomic():
        now = (
            SchemeYear.objects.select_for_update(of=("self",), no_key=True)
            .select_related("organisation")
            .get(pk=year.pk)
        )
        if now.closed:
            raise refuse("service.step-not-possible", f"The books of {now.title} are closed: nothing changes any more.")
        before = Limits.from_dict(now.rules)
        if before == limits:
            raise refuse("service.offer", "nothing was changed.", None, "Change a limit or a step, or go back.")
        now.rules = limits.as_dict()
        now.save(update_fields=["rules"])
        record(
            "scheme-year.rules", now.organisation, now.title, before=rules_in_words(before),
            after=rules_in_words(limits), reason=reason.strip(),
        )  # fmt: skip
    return now


def _one_writer(organisation: int) -> None:
    """One at a time changes which practices a commissioner's schemes are offered to."""
    with acting(as_service()):
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation)


def _of_commissioner(organisation: int) -> frozenset[Party]:
    """As whom the person at work acts in the commissioner of a scheme; nobody acts there as a practice."""
    return parties_in(organisation) - {Party.PRACTICE}


def parties_of(now: Participation) -> frozenset[Party]:
    """As the practice only who works for it; as the commissioner only who works for whose scheme it is."""
    own = parties_in(now.practice_id) & {Party.PRACTICE, Party.SERVICE}
    return own | _of_commissioner(now.organisation_id)


def _locked(participation: Participation) -> Participation:
    """The row as it stands now, held until the transaction ends.

    Its offer and its year are read as the service: after commissioners have merged, their practices do not see those of
    the one that there was.
    """
    rows = Participation.objects.select_for_update(of=("self",), no_key=True).select_related("practice")
    now = rows.get(pk=participation.pk)
    with acting(as_service()):
        now.offer = Offer.objects.select_related("scheme_year", "version").get(pk=now.offer_id)
        now.scheme_year = SchemeYear.objects.select_related("organisation").get(pk=now.scheme_year_id)
    return now


def _taken(now: Participation, step: Step, words: str = "", fault: str = "") -> str:
    """The state that a step leads to. Raises Refused with the reason; where the state forbids it, with who was last."""
    state = now.state_on(clock.today())
    try:
        return led(MACHINE, state.value, step, parties_of(now), frozenset(), words, fault or _closed(now)).value
    except Refused as refused:
        if (state, step) in MACHINE.moves:
            raise
        raise refuse("service.step-not-possible", f"{refused.problems[0].message} {last_of(now)}".strip()) from None


def _closed(now: Participation) -> str:
    return f"The books of {now.title} are closed: nothing changes any more." if now.scheme_year.closed else ""


def last_of(now: Participation) -> str:
    """Who brought it into the state that it is in: whoever comes second reads it."""
    state = now.state_on(clock.today())
    if state is State.LAPSED:
        return f"It lapsed: there was no answer by {say_day(now.respond_by)}. Ask for a late answer to be allowed."
    step = now.steps.select_related("person").order_by("-pk").first()
    who = step.person.name if step and step.person else "The service"
    return f"{who} was the last to change it, and it is now {state.value}." if step else ""


def _answered(now: Participation) -> None:
    now.answered_at, now.answered_by_id = clock.now(), current().person


def _write(
    now: Participation, step: Step, words: str, day: date | None = None, details: Mapping[str, Detail] | None = None
) -> None:
    """The step's row and its entry in the log."""
    ParticipationStep.objects.create(
        practice_id=now.practice_id, organisation_id=now.organisation_id, participation=now, step=step.value,
        state=now.state, person_id=current().person, at=clock.now(), words=words.strip(), day=day,
    )  # fmt: skip
    said: dict[str, Any] = {"scheme": now.title, "offer": now.offer.number, **(details or {})}
    if words.strip():
        said["reason"] = words.strip()
    record(EVENT_OF[step], now.scheme_year.organisation, str(now.practice), **said)
