"""Invitations: their one-time addresses, and what accepting one does. The first administrator comes in by one too."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse

from remit.core import say
from remit.core.problems import Refused, refuse
from remit.service import clock
from remit.service.audit import log
from remit.service.organisations.models import Organisation
from remit.service.people import post, reading, services
from remit.service.people.duties import Act, check
from remit.service.people.models import Appointment, Invitation, Person
from remit.service.scope import reach
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING, current

DAYS = 7
FIRST_HOURS = 24
ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Accepted:
    """What somebody who accepts has typed. The commissioner is asked for in the first invitation alone."""

    name: str = ""
    email: str = ""
    password: str = ""
    commissioner_code: str = ""
    commissioner_name: str = ""


def invite(
    email: str, name: str, roles: list[str], organisation: Organisation, since: date, until: date | None, site: str
) -> str:
    """Invite somebody, and give the one-time address, below that of the service (`site`). Only now is it known.

    What comes back is the same whether there is an account with the e-mail address or not.
    """
    services.check_roles_fit(roles, organisation, since, until)
    me = Person.objects.filter(pk=current().person or 0).first()
    if me is not None and me.email == email.strip().lower():
        check(Act.GIVE_ROLE, me.pk, {Act.RECEIVE_ROLE: [me.pk]})
    token = secrets.token_urlsafe(32)
    now = clock.machine_now()
    with transaction.atomic():
        Invitation.objects.create(
            organisation=organisation, email=email.strip().lower(), name=name, roles=roles, since=since, until=until,
            token_hash=_hash(token), invited_by=me, invited_at=now, expires_at=now + timedelta(days=DAYS),
        )  # fmt: skip
        log.record("invitation.sent", organisation, name, roles=reading.titles(roles))
    address = site + reverse("invitation", args=[token])
    post.send(
        email, "You are invited to Remit", "invitation",
        name=name, by=me.name if me else "The service's operator", organisation=organisation.name,
        roles=reading.titles(roles), address=address, days=DAYS,
    )  # fmt: skip
    return address


def revoke(invitation: Invitation) -> None:
    """Take an invitation back: its address is of no use from now on."""
    with transaction.atomic():
        row = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
        if row.accepted_at or row.revoked_at:
            raise services.refused("This invitation was accepted or taken back already.")
        row.revoked_at = clock.machine_now()
        row.save()
        log.record("invitation.revoked", row.organisation, row.name)


def first_invitation(email: str = "", commissioner_code: str = "", commissioner_name: str = "") -> str:
    """The path of a one-time address for the administrator of a commissioner, which need not be there yet.

    It is for the operator, and holds for 24 hours. Those made before for the same commissioner, and not accepted, end.
    """
    token = secrets.token_urlsafe(32)
    now = clock.machine_now()
    with acting(EVERYTHING), transaction.atomic():
        Invitation.objects.filter(
            organisation=None, commissioner_code=commissioner_code, accepted_at=None, revoked_at=None
        ).update(revoked_at=now)
        Invitation.objects.create(
            email=email.strip().lower(), roles=[ADMINISTRATOR], since=clock.today(), token_hash=_hash(token),
            commissioner_code=commissioner_code, commissioner_name=commissioner_name, invited_at=now,
            expires_at=now + timedelta(hours=FIRST_HOURS),
        )  # fmt: skip
        log.record("invitation.first", subject=email, commissioner=commissioner_code or "a new commissioner")
    return reverse("invitation", args=[token])


def first_where_nobody_is() -> str:
    """The first administrator's path where there is no account yet; empty where there is one."""
    return "" if Person.objects.exists() else first_invitation()


def find(token: str) -> Invitation:
    """The invitation of an address. Raises Refused where it is of no use: the words are the same whatever the cause."""
    with acting(EVERYTHING):
        rows = Invitation.objects.select_related("organisation", "invited_by")
        found = rows.filter(
            Q(invited_by=None) | Q(invited_by__is_active=True),
            token_hash=_hash(token), accepted_at=None, revoked_at=None, expires_at__gt=clock.machine_now(),
        ).first()  # fmt: skip
    if found is None or not _still_given(found):
        raise _of_no_use()
    return found


def _still_given(invitation: Invitation) -> bool:
    """Whether who sent it still gives these roles there today: it ends with their own role."""
    if invitation.invited_by is None or invitation.organisation is None:
        return True  # the operator's
    with acting(reach.of_person(invitation.invited_by, clock.today(), second_factor=False)):
        mine = {role.id for role in reading.roles_to_give(invitation.organisation)}
    return mine >= set(invitation.roles)


def has_account(invitation: Invitation, email: str = "") -> bool:
    """Whether whoever is invited has an account already."""
    return Person.objects.filter(email=(invitation.email or email).lower()).exists()


def accept(invitation: Invitation, typed: Accepted, signed_in: Person | None = None) -> Person:
    """Give the roles of an invitation, to a new account with a password or to that of who is signed in.

    Raises Refused where the invitation was used meanwhile, is somebody else's, or breaks a duty.
    """
    try:
        with acting(EVERYTHING), transaction.atomic():
            return _accepted(invitation, typed, signed_in)
    except IntegrityError:  # the account or the commissioner was made at the same moment, by another invitation
        raise services.refused("Another invitation of yours was accepted just now. Open this address again.") from None


def _accepted(invitation: Invitation, typed: Accepted, signed_in: Person | None) -> Person:
    email = invitation.email or typed.email.strip().lower()
    row = Invitation.objects.select_for_update(of=("self",), no_key=True).get(pk=invitation.pk)
    if row.accepted_at or row.revoked_at or row.expires_at <= clock.machine_now():
        raise _of_no_use()
    if signed_in is not None and signed_in.email != email:
        raise services.refused("This invitation is for another e-mail address. Sign out, and open it again.")
    if signed_in is None and Person.objects.filter(email=email).exists():
        raise services.refused("You have an account already. Sign in, and then open this address again.")
    organisation = row.organisation or services.commissioner(
        row.commissioner_code or typed.commissioner_code, row.commissioner_name or typed.commissioner_name
    )
    person = signed_in or Person.objects.create_user(email, typed.password, name=typed.name)
    Person.objects.select_for_update(no_key=True).get(
        pk=person.pk
    )  # one role after the other, each checked beside the rest
    check(Act.ACCEPT_INVITATION, person.pk, {Act.INVITE: [row.invited_by_id]})
    services.check_duties(person, row.roles, organisation, row.since, row.until)
    for role in row.roles:
        Appointment.objects.create(
            person=person, organisation=organisation, role=role, since=row.since, until=row.until
        )
    row.accepted_at, row.accepted_by, row.organisation = clock.machine_now(), person, organisation
    row.save()
    log.record(
        "invitation.accepted", organisation, person.name, person=person.pk, roles=reading.titles(row.roles),
        since=say.day(row.since), until=f" to {say.day(row.until)}" if row.until else "",
    )  # fmt: skip
    return person


def _of_no_use() -> Refused:
    what = "This invitation cannot be used. It may have expired, have been used, or have been taken back."
    return refuse("service.invitation", what, None, "Ask whoever invited you for a new one.")


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
