"""People for who has the server's files: invite an administrator, list people, switch one off, mend a way in.

What is done so is in the audit log without a person: at the server.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from remit.core.problems import Place, did_you_mean, refuse
from remit.service.serving.serve import as_owner, existing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit.service.people.models import Person

COLUMNS = ("Name", "E-mail", "Account", "Second factor", "Role", "Organisation", "From", "Until")


@dataclass(frozen=True)
class Deployment:
    """Which deployment's people."""

    data: Path | None = None
    database: str = ""


def listed(deployment: Deployment) -> list[tuple[str, ...]]:
    """A row for each role that somebody has today or later, and one for who has none; cells as `COLUMNS`."""
    with _opened(deployment):
        from remit.service.people import reading, second_factor
        from remit.service.people.models import Person
        from remit.service.people.roles import ROLES

        rows: list[tuple[str, ...]] = []
        for person in Person.objects.order_by("name", "pk"):
            who = (person.name, person.email, "on" if person.is_active else "off",
                   "on" if second_factor.is_on(person) else "off")  # fmt: skip
            held = reading.all_appointments(person)
            rows += [
                (*who, ROLES[one.role].title, one.organisation.code, one.since.isoformat(),
                 one.until.isoformat() if one.until else "")
                for one in held
            ] or [(*who, "", "", "", "")]  # fmt: skip
        return rows


def invite_administrator(deployment: Deployment, email: str, commissioner: str, name: str) -> str:
    """The one-time address for an administrator of a commissioner, made on acceptance where it is not there."""
    with _opened(deployment) as site:
        from remit.service.organisations.models import COMMISSIONER, Organisation
        from remit.service.people.invitations import first_invitation

        code = commissioner.strip().upper()
        found = Organisation.objects.filter(code=code).first()
        if found is not None and found.kind != COMMISSIONER:
            raise refuse("service.people", f"{code} is the code of a {found.kind}, not of a commissioner.", None, "")
        return site + first_invitation(email, code, found.name if found else name)


def deactivate(deployment: Deployment, email: str, reason: str) -> str:
    """Switch an account off; its name."""
    with _opened(deployment):
        from remit.service.people import services

        person = _person(email)
        services.switch_off(person, reason)
        return person.name


def reset_second_factor(deployment: Deployment, email: str, reason: str) -> str:
    """Take a lost second factor away; the name of whose it was."""
    with _opened(deployment):
        from remit.service.people import post, services

        person = _person(email)
        services.take_second_factor(person, reason)
        post.wait()
        return person.name


def reset_password(deployment: Deployment, email: str) -> str:
    """A one-time address, good for an hour, where somebody sets a new password."""
    with _opened(deployment) as site:
        from django.db import transaction

        from remit.service.audit import log
        from remit.service.people import reading
        from remit.service.people.views_sign_in import reset_path

        person = _person(email)
        with transaction.atomic():
            log.record("person.reset-address", reading.home_of(person), person.name)
        return site + reset_path(person)


def _person(email: str) -> Person:
    from remit.service.people.models import Person

    found = Person.objects.filter(email=email.strip().lower()).first()
    if found is None:
        every = set(Person.objects.values_list("email", flat=True))
        hint = did_you_mean(email.strip().lower(), every) or "See who there is with: remit people list"
        raise refuse("service.people", f"There is no account with the e-mail address {email}.", None, hint)
    return found


@contextmanager
def _opened(deployment: Deployment) -> Iterator[str]:
    """The deployment's rows, all of them; the address of its site."""
    found = existing(deployment.data, deployment.database)
    with as_owner():
        from django.db import connection

        if "people_invitation" not in connection.introspection.table_names():
            what = "has no tables yet."
            raise refuse("service.nothing-there", what, Place(str(found.data)), "Start it first: remit serve.")
        from remit.service.scope.acting import acting
        from remit.service.scope.scope import EVERYTHING

        with acting(EVERYTHING):
            yield found.address or "http://127.0.0.1:8000"
