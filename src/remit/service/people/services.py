"""Changes of people and their roles: each checked, done in one transaction, and an entry of the audit log."""

from __future__ import annotations

from datetime import date, timedelta

from django.core import signing
from django.db import transaction

from remit.core import say
from remit.core.problems import Refused, refuse
from remit.core.words import listed
from remit.service import clock
from remit.service.audit import log
from remit.service.organisations.models import COMMISSIONER, Organisation
from remit.service.people import post, reading, second_factor, sessions
from remit.service.people.duties import Act, check, check_roles
from remit.service.people.models import Appointment, Person
from remit.service.people.roles import ROLES, Action
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING, current

_EMAIL = "remit.people.email"


def refused(what: str) -> Refused:
    """That a change is not allowed or does not fit, and why."""
    return refuse("service.people", what, None, "")


def give_role(
    person: Person, role: str, organisation: Organisation, since: date, until: date | None, reason: str
) -> Appointment:
    """Give somebody a role. Raises Refused with each reason why that cannot be."""
    check(Act.GIVE_ROLE, current().person, {Act.RECEIVE_ROLE: [person.pk]})
    check_roles_fit([role], organisation, since, until)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if not person.is_active:
            raise refused(f"{person.name}'s account is switched off. Switch it on first.")
        check_duties(person, [role], organisation, since, until)
        row = Appointment.objects.create(person=person, organisation=organisation, role=role, since=since, until=until)
        log.record(
            "role.given", organisation, person.name, role=ROLES[role].title, since=say.day(since),
            until=f" to {say.day(until)}" if until else "", reason=reason,
        )  # fmt: skip
    return row


def check_roles_fit(roles: list[str], organisation: Organisation, since: date, until: date | None) -> None:
    """Raises Refused where a role does not exist at this kind of organisation, is not the giver's to give, or the days
    are the wrong way round."""
    mine = {role.id for role in reading.roles_to_give(organisation)}
    for role in roles:
        if role not in ROLES:
            raise refused("There is no such role.")
        if organisation.kind not in ROLES[role].kinds:
            kinds = listed(sorted(ROLES[role].kinds), "or")
            raise refused(f"{ROLES[role].title} is not a role of a {organisation.kind}: give it at a {kinds}.")
        if role not in mine:
            raise refused(f"You cannot give the role {ROLES[role].title} in {organisation}.")
    if until is not None and until < since:
        raise refused("The last day is before the first.")
    if until is not None and until < clock.today():
        raise refused("The last day has passed.")
    for n, role in enumerate(roles):
        check_roles(role, roles[n + 1 :])


def check_duties(person: Person, roles: list[str], organisation: Organisation, since: date, until: date | None) -> None:
    """Raises Refused where a person holds a role already, or one that may not be hers together with it."""
    area = reading.area_of(organisation, clock.today())
    held = [
        one
        for one in reading.all_appointments(person)
        if (one.until is None or one.until >= since) and (until is None or one.since <= until)
    ]
    for role in roles:
        if any(one.role == role and one.organisation_id == organisation.pk for one in held):
            raise refused(f"{person.name} has the role {ROLES[role].title} in {organisation} on these days already.")
        check_roles(role, [one.role for one in held if reading.area_of(one.organisation, clock.today()) & area])


def end_role(appointment: Appointment, reason: str) -> None:
    """End a role at once. Raises Refused for one's own, and for the last administrator of a commissioner."""
    check(Act.GIVE_ROLE, current().person, {Act.RECEIVE_ROLE: [appointment.person_id]})
    organisation, person = appointment.organisation, appointment.person
    if appointment.role not in {role.id for role in reading.roles_to_give(organisation)}:
        raise refused(f"You cannot end the role {ROLES[appointment.role].title} in {organisation}.")
    with transaction.atomic():
        row = Appointment.objects.select_for_update(no_key=True).get(pk=appointment.pk)
        yesterday = clock.today() - timedelta(days=1)
        if row.until is not None and row.until <= yesterday:
            raise refused("This role has ended already.")
        keep_an_administrator([row])
        row.until = yesterday
        row.save()
        log.record("role.ended", organisation, person.name, role=ROLES[row.role].title, reason=reason)


def keep_an_administrator(ending: list[Appointment]) -> None:
    """Raises Refused where a commissioner would have no administrator left; its other administrators are locked."""
    today = clock.today()
    for one in ending:
        if one.role != "administrator" or one.organisation.kind != COMMISSIONER:
            continue
        rows = Appointment.objects.select_for_update(of=("self",), no_key=True).filter(
            reading.on(today), role="administrator", organisation=one.organisation, person__is_active=True
        )
        if not [row for row in rows if row.person_id != one.person_id]:
            raise refused(
                f"This is the last administrator of {one.organisation}. Give the role to somebody else first."
            )


def check_all_hers(person: Person) -> None:
    """Raises Refused unless the person at work manages people in each organisation where this one has a role."""
    scope = current()
    if not all(scope.may(Action.MANAGE_PEOPLE, one.organisation_id) for one in reading.all_appointments(person)):
        raise refused(
            f"{person.name} also has a role outside the organisations that you look after. "
            "End the roles in yours instead, or ask an administrator above."
        )


def deactivate(person: Person, reason: str) -> None:
    """Switch an account off: it is out at once. Its roles stay, for when it is switched on again."""
    check(Act.GIVE_ROLE, current().person, {Act.RECEIVE_ROLE: [person.pk]})
    check_all_hers(person)
    switch_off(person, reason)


def switch_off(person: Person, reason: str) -> None:
    """The same, whoever asks: for the operator's command."""
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        today = clock.today()
        keep_an_administrator([one for one in reading.all_appointments(person) if one.since <= today])
        person.is_active = False
        person.save(update_fields=["is_active"])
        sessions.end_all(person)
        log.record("person.deactivated", reading.home_of(person), person.name, reason=reason)


def activate(person: Person, reason: str) -> None:
    """Switch an account on again."""
    check(Act.GIVE_ROLE, current().person, {Act.RECEIVE_ROLE: [person.pk]})
    check_all_hers(person)
    with transaction.atomic():
        person.is_active = True
        person.save(update_fields=["is_active"])
        log.record("person.activated", reading.home_of(person), person.name, reason=reason)


def reset_second_factor(person: Person, reason: str) -> None:
    """Take a lost second factor away: at the next sign-in a new one is set up. The person is told by e-mail."""
    check(Act.RESET_SECOND_FACTOR, current().person, {Act.LOSE_SECOND_FACTOR: [person.pk]})
    check_all_hers(person)
    take_second_factor(person, reason)


def take_second_factor(person: Person, reason: str) -> None:
    """The same, whoever asks: for the operator's command."""
    with transaction.atomic():
        second_factor.remove(person)
        sessions.end_all(person)
        log.record("second-factor.reset", reading.home_of(person), person.name, reason=reason)
    post.send(person.email, "Your second factor was reset", "second_factor_reset", name=person.name)


def change_name(person: Person, name: str) -> None:
    """Change one's own name."""
    with transaction.atomic():
        before, person.name = person.name, name
        person.save(update_fields=["name"])
        log.record("person.renamed", reading.home_of(person), name, person=person.pk, before=before)


def email_token(person: Person, email: str) -> str:
    """What proves that whoever has it reads the new address: good for a day, once, and for this account alone."""
    return signing.dumps([person.pk, person.email, email], salt=_EMAIL)


def email_of(person: Person, token: str) -> str:
    """The address that a token is for; empty where it is of no use to this person, or no more."""
    try:
        of, before, email = signing.loads(token, salt=_EMAIL, max_age=24 * 60 * 60)
    except (signing.BadSignature, ValueError):
        return ""
    return str(email) if (of, before) == (person.pk, person.email) else ""


def change_email(person: Person, email: str) -> None:
    """Change one's own address, where one signs in; the one before is told. Raises Refused where it is somebody's."""
    with transaction.atomic():
        before = Person.objects.select_for_update(no_key=True).get(pk=person.pk).email
        if Person.objects.filter(email=email).exclude(pk=person.pk).exists():
            raise refused("This address cannot be used for your account.")
        person.email = email
        person.save(update_fields=["email"])
        log.record(
            "person.email-changed", reading.home_of(person), person.name, person=person.pk, before=before, after=email
        )
    post.send(before, "Your e-mail address was changed", "email_changed", name=person.name)


def change_password(person: Person, password: str, keep: str = "") -> None:
    """Set another password; every session but the one with the key `keep` ends."""
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        sessions.end_all(person, but=keep)
        log.record("person.password-changed", reading.home_of(person), person.name, person=person.pk)
    post.send(person.email, "Your password was changed", "password_changed", name=person.name)


def note_second_factor(person: Person, event: str) -> None:
    """Record that somebody switched the second factor on or off, or made new recovery codes."""
    with transaction.atomic():
        log.record(event, reading.home_of(person), person.name, person=person.pk)


def commissioner(code: str, name: str) -> Organisation:
    """The commissioner with a code, made where there is none. Raises Refused where another kind has the code."""
    with acting(EVERYTHING):
        found = Organisation.objects.filter(code=code).first()
        if found is None:
            found = Organisation.objects.create(code=code, name=name, kind=COMMISSIONER)
    if found.kind != COMMISSIONER:
        raise refused(f"The code {code} is that of a {found.kind}, not of a commissioner.")
    return found
