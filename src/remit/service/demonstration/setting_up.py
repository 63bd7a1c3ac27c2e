"""Sets the made-up area up: its people and organisations, consents and schemes. What is there already is left alone."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import resolve

from remit.application import practice_map
from remit.application.scheme_text import shipped
from remit.core import say
from remit.service import clock
from remit.service.consents import services as consents
from remit.service.consents.models import Consent
from remit.service.demonstration.area import (
    ALONE,
    COMMISSIONER,
    COMMISSIONER_NAME,
    LEADS,
    NETWORK_OF,
    PEOPLE,
    SINCE,
    MadeUp,
    organisations,
)
from remit.service.demonstration.state import SignIns
from remit.service.organisations import applying
from remit.service.organisations.models import Organisation
from remit.service.people import invitations, second_factor
from remit.service.people import services as people_services
from remit.service.people.models import Person
from remit.service.register import services as register
from remit.service.register.models import SchemeVersion
from remit.service.register.states import State, Step
from remit.service.scope import reach
from remit.service.scope.acting import acting

WHY = "The demonstration is set up."


@contextmanager
def working_as(role: str, at: str = "", second: bool = False) -> Iterator[Person]:
    """What is done inside is done by who has a role, with their second factor: the first, or the second, of those who
    have it (somewhere)."""
    made_up = [one for one in PEOPLE if one.role == role and at in ("", one.at)][1 if second else 0]
    person = Person.objects.get(email=made_up.email)
    with acting(reach.of_person(person, clock.today(), second_factor=True)):
        yield person


def organisation(code: str) -> Organisation:
    """An organisation that the person at work sees."""
    return Organisation.objects.get(code=code)


def people(signs: SignIns, folder: Path) -> None:
    """The first administrator, who brings the map of the area in and invites everybody else."""
    administrator = next(one for one in PEOPLE if one.role == "administrator")
    if not Person.objects.filter(email=administrator.email).exists():
        path = invitations.first_invitation(administrator.email, COMMISSIONER, COMMISSIONER_NAME)
        _accept(administrator, path, signs)
    _apply_map(folder / "area.csv")
    for one in PEOPLE:
        if not Person.objects.filter(email=one.email).exists():
            with working_as("administrator"):
                site = "http://localhost"
                address = invitations.invite(
                    one.email, one.name, [one.role], organisation(one.at), SINCE, None, site
                ).removeprefix(site)
            _accept(one, address, signs)
    for one in PEOPLE:
        _switch_second_factor_on(one, signs)


def _accept(one: MadeUp, path: str, signs: SignIns) -> None:
    invitation = invitations.find(resolve(path).kwargs["token"])
    invitations.accept(invitation, invitations.Accepted(one.name, one.email, signs.password))


def _switch_second_factor_on(one: MadeUp, signs: SignIns) -> None:
    """With the code of half a minute ago, so that the present one can still be used."""
    person = Person.objects.get(email=one.email)
    if not second_factor.is_on(person):
        earlier = int(clock.machine_now().timestamp()) // second_factor.PERIOD - 1
        if second_factor.switch_on(person, signs.key, format_hotp_value(hotp_value(signs.key, earlier))):
            people_services.note_second_factor(person, "second-factor.on")


def _apply_map(file: Path) -> None:
    """The administrator brings a map of the area in."""
    with file.open("w", newline="", encoding="utf-8") as to:
        writer = csv.writer(to, lineterminator="\n")
        writer.writerow(["code", "name", "kind", "parent", "since"])
        writer.writerow([COMMISSIONER, COMMISSIONER_NAME, "commissioner", "", ""])
        for code, name, kind, parent in organisations():
            writer.writerow([code, name, kind, parent, SINCE])
    read = practice_map.evaluate(practice_map.Request(file, (COMMISSIONER,)))
    with working_as("administrator"):
        area = read.areas[COMMISSIONER]
        applying.apply(area, organisation(COMMISSIONER), SINCE, WHY, read.file_name, read.sha256)


def give_consents() -> None:
    """Every practice but one lets its commissioner and its network see its counts."""
    for code, network in NETWORK_OF.items():
        for to in (COMMISSIONER, network):
            if code == ALONE:
                continue
            with working_as("practice_lead" if code == LEADS else "administrator"):
                practice, receiver = organisation(code), organisation(to)
                if Consent.objects.filter(practice=practice, to=receiver).exists():
                    continue
                if code == LEADS:
                    consents.give(practice, receiver, SINCE)
                else:
                    form = f"A form of {say.day(SINCE)}, made up"
                    consents.record_paper(practice, receiver, SINCE, None, form, WHY)


def publish(scheme_id: str, settings: dict[str, str]) -> None:
    """A scheme that ships: written by the author, approved by an approver, published by the contract manager."""
    with working_as("scheme_author"):
        version = first_version(scheme_id)
        if version is None:
            version = register.start(
                organisation(COMMISSIONER), scheme_id, shipped(scheme_id), f"{scheme_id}.yaml",
                "from the schemes that ship", settings,
            )  # fmt: skip
        if version.state == State.DRAFT.value:
            register.take(version, Step.SUBMIT)
    _take("approver_tier_1", scheme_id, State.SUBMITTED, Step.APPROVE, "Read against the published scheme.")
    _take("contract_manager", scheme_id, State.APPROVED, Step.PUBLISH)


def _take(role: str, scheme_id: str, state: State, step: Step, words: str = "") -> None:
    with working_as(role):
        version = first_version(scheme_id)
        if version is not None and version.state == state.value:
            register.take(version, step, words)


def first_version(scheme_id: str) -> SchemeVersion | None:
    """The first version of a scheme of the area; None where there is none yet."""
    return SchemeVersion.objects.filter(organisation__code=COMMISSIONER, scheme_id=scheme_id, version=1).first()


__all__ = ["first_version", "give_consents", "organisation", "people", "publish", "working_as"]
