"""Every address of the URL table with arguments: of the own organisation, of another commissioner's, of nobody.

A new argument of an address fails `test_every_argument_has_a_maker` until it is made here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from django.urls import reverse
from tests.service.area import Area

from remit.application.scheme_text import shipped
from remit.payment.book import ADVANCE, CASH, INSTALMENT
from remit.service import clock, urls
from remit.service.consents.models import Consent
from remit.service.extracts import services
from remit.service.extracts.checking import check
from remit.service.extracts.models import Extract
from remit.service.money.models import PaymentLine, PaymentRun, RecoveryPlan, Transfer
from remit.service.offers import following
from remit.service.offers.models import Offer, Participation, SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.people.models import Appointment, Invitation, OpenSession, Person
from remit.service.people.roles import ROLES
from remit.service.register.models import SchemeVersion
from remit.service.scope.check_addresses import Address, every_address

SCHEME = "qif-2024-25"
SINCE = date(2024, 4, 1)
AT = {"practice": "A1", "network": "NW1", "place": "PL1", "commissioner": "QAA"}
"""The own organisation of a role, by its kind."""


@dataclass(frozen=True)
class World:
    """The made-up area with a row of each kind in the first commissioner (`own`) and in the other (`other`)."""

    area: Area
    own: dict[str, str]
    other: dict[str, str]


ABSENT = {
    "appointment": "987654",
    "code": "QZZ",
    "day": "1999-01-01",
    "ending": "csv",
    "extract": "987654",
    "invitation": "987654",
    "item": "none",
    "line": "987654",
    "member": "Z8",
    "number": "987654",
    "participation": "987654",
    "payment": "987654",
    "person": "987654",
    "plan": "987654",
    "practice": "Z9",
    "scheme": "none-2024-25",
    "session": "987654",
    "text": "none",
    "year": "987654",
}
"""What is nowhere."""

ARGUMENTS: dict[str, str] = {
    "books/ending": "ending",
    "books/number": "number",
    "books/organisation": "code",
    "books/scheme": "scheme",
    "account/number": "session",
    "account/token": "text",
    "calendar/ending": "ending",
    "calendar/organisation": "code",
    "consents/code": "practice",
    "consents/since": "day",
    "consents/to": "code",
    "declarations/entered": "number",
    "declarations/figures": "number",
    "declarations/number": "number",
    "declarations/place": "number",
    "declarations/practice": "practice",
    "declarations/scheme_id": "scheme",
    "figures/commissioner": "code",
    "figures/number": "number",
    "figures/organisation": "code",
    "figures/practice": "practice",
    "invitation/token": "text",
    "membership/code": "member",
    "offers/code": "code",
    "offers/ending": "ending",
    "offers/number": "number",
    "offers/practice": "practice",
    "offers/scheme_id": "scheme",
    "offers/version": "number",
    "organisations/code": "code",
    "organisations/parent": "code",
    "organisations/since": "day",
    "organisations/token": "text",
    "overview/extract": "extract",
    "participation/number": "participation",
    "payments/ending": "ending",
    "payments/line": "line",
    "payments/number": "number",
    "payments/organisation": "code",
    "recoveries/organisation": "code",
    "recoveries/plan": "plan",
    "recoveries/practice": "practice",
    "recoveries/year": "year",
    "password/token": "text",
    "password/uid": "text",
    "patients/commissioner": "code",
    "patients/item": "item",
    "patients/number": "number",
    "patients/practice": "practice",
    "patients/row": "number",
    "people/number": "person",
    "people/role": "appointment",
    "positions/commissioner": "code",
    "positions/ending": "ending",
    "positions/number": "number",
    "positions/practice": "practice",
    "positions/scheme": "scheme",
    "revoke-invitation/number": "invitation",
    "schemes/key": "text",
    "schemes/organisation": "code",
    "schemes/scheme_id": "scheme",
    "schemes/version": "number",
    "statements/ending": "ending",
    "statements/extract": "extract",
    "statements/practice": "practice",
    "typeface/number": "number",
    "year/ending": "ending",
    "year/item": "item",
    "year/organisation": "code",
    "year/payment": "payment",
    "year/practice": "practice",
    "year/scheme_id": "scheme",
    "year/version": "number",
}
"""Which part of a world an argument takes, by the first part of its address, or by the address's own name before."""

WITH_FIGURES = frozenset({"declarations", "home", "figures", "overview", "patients", "positions", "statements"})
"""First parts of addresses that show figures: making some takes a while."""

CODES = frozenset({"code", "practice"})
"""Parts that name an organisation: with another's, everything else in the address is that one's too."""


def addresses() -> list[Address]:
    """Every address of the service."""
    return list(every_address(urls.urlpatterns))


def part_of(address: Address, name: str) -> str:
    """Which part of a world an argument of an address takes."""
    own = f"{address.name.partition('-')[0]}/{name}", f"{address.name}/{name}"
    return next(ARGUMENTS[key] for key in (*own[::-1], f"{address.area}/{name}") if key in ARGUMENTS)


def world(area: Area, folder: Path | None = None) -> World:
    """The rows that addresses name, with figures where a folder for their files is given; whoever calls acts as the
    service."""
    return World(area, _side(area, "QAA", "PL1", "A1", folder), _side(area, "QBB", "NW3", "B1", folder))


def _side(area: Area, code: str, member: str, practice: str, folder: Path | None) -> dict[str, str]:
    someone = Person.objects.create(email=f"somebody@{code}.example", name="Somebody", password="!")
    appointment = Appointment.objects.create(
        person=someone, organisation=area[code], role="finance_officer", since=SINCE
    )
    invitation = Invitation.objects.create(
        organisation=area[code],
        email=f"invited@{code}.example",
        roles=["finance_officer"],
        since=SINCE,
        token_hash=sha256(code.encode()).hexdigest(),
        invited_at=clock.now(),
        expires_at=clock.now() + timedelta(days=1),
    )
    session = OpenSession.objects.create(person=someone, session_key=code, since=clock.now(), last_used=clock.now())
    Consent.objects.create(practice=area[practice], to=area[code], since=SINCE)
    version = published(area, code)
    extract = _accepted(area, code, practice, version, folder / code) if folder else None
    participation = _offered(area, code, practice, version)
    paid = _paid(area, code, practice)
    return {
        "appointment": str(appointment.pk),
        "code": code,
        "day": SINCE.isoformat(),
        "ending": "csv",
        "extract": str(extract.pk if extract else 987653),
        "invitation": str(invitation.pk),
        "item": "2a",
        "line": str(paid["line"]),
        "member": member,
        "number": "1",
        "participation": str(participation.pk),
        "payment": str(_payment(area[code], area[practice]).pk),
        "person": str(someone.pk),
        "plan": str(paid["plan"]),
        "practice": practice,
        "scheme": SCHEME,
        "session": str(session.pk),
        "text": "none",
        "year": str(paid["year"]),
    }


def _paid(area: Area, code: str, practice: str) -> dict[str, int]:
    """A scheme year with a payment run that waits for its release, a line of it, and a plan that is proposed."""
    of = {"organisation": area[code], "practice": area[practice]}
    found = SchemeYear.objects.filter(organisation=area[code], scheme_id=SCHEME).first()
    year = found or SchemeYear.objects.create(
        organisation=area[code], scheme_id=SCHEME, title="QIF", year="2024-25", starts=SINCE, ends=date(2025, 3, 31)
    )
    run = PaymentRun.objects.create(
        organisation=area[code], number=1, month=SINCE, pay_on=SINCE, state="prepared", prepared_at=clock.now()
    )
    line = PaymentLine.objects.create(
        **of, run=run, scheme_year=year, kind="instalment", pence=100, why="Instalment 1 of 12", key="a:b:instalment:1"
    )
    plan = RecoveryPlan.objects.create(
        **of, scheme_year=year, number=1, pence=100, months=1, notified=SINCE,
        schedule=[{"day": "2024-05-01", "pence": 100}],
    )  # fmt: skip
    return {"year": year.pk, "line": line.pk, "plan": plan.pk}


def published(area: Area, code: str) -> SchemeVersion:
    """A published version of a scheme of a commissioner."""
    version = SchemeVersion.objects.create(
        organisation=area[code],
        scheme_id=SCHEME,
        version=1,
        content=shipped(SCHEME),
        sha256=sha256(shipped(SCHEME)).hexdigest(),
        file_name=f"{SCHEME}.yaml",
        title="QIF",
        changed_at=clock.now(),
    )
    for state in ("submitted", "approved", "published"):
        version.state = state
        version.day = SINCE if state == "published" else None
        version.save()
    return version


def _offered(area: Area, code: str, practice: str, version: SchemeVersion) -> Participation:
    """The scheme's year with an offer that waits for its answer."""
    days = {"starts": SINCE, "ends": date(2025, 3, 31)}
    year = SchemeYear.objects.create(
        organisation=area[code], scheme_id=version.scheme_id, title="QIF", year="2024/25", **days
    )
    offer = Offer.objects.create(
        organisation=area[code], number=1, scheme_year=year, version=version, respond_by=clock.today() + timedelta(28),
        to="one practice", sent_at=clock.now(), **days,
    )  # fmt: skip
    return following.offered(offer, [area[practice]])[0]


def _payment(commissioner: Organisation, practice: Organisation) -> Transfer:
    """An instalment in the ledger of a commissioner."""
    year, _ = SchemeYear.objects.get_or_create(
        organisation=commissioner, scheme_id=SCHEME,
        defaults={"title": "QIF", "year": "2024/25", "starts": SINCE, "ends": date(2025, 3, 31)},
    )  # fmt: skip
    return Transfer.objects.create(
        organisation=commissioner, paid_by=commissioner, number=1, transaction="run 1", key=f"{SCHEME}:1", day=SINCE,
        practice=practice, scheme_year=year, debit=ADVANCE, credit=CASH, pence=100, kind=INSTALMENT,
        memo="instalment 1", at=clock.now(),
    )  # fmt: skip


def _accepted(area: Area, code: str, practice: str, version: SchemeVersion, folder: Path) -> Extract:
    folder.mkdir()
    network = {"A1": "NW1", "B1": "NW3"}[practice]
    (folder / "practices.csv").write_text(
        "practice_code,practice_name,place_code,network_code,list_size,weighted_list_size\n"
        f"{practice},A practice,cannock-chase,{network},10500,10000\n",
        encoding="utf-8",
    )
    (folder / "counts.csv").write_text(
        f"practice_code,indicator_code,measure,value\n{practice},2a,NUMERATOR,50\n{practice},2a,DENOMINATOR,100\n",
        encoding="utf-8",
    )
    incoming = [services.Incoming(kind, folder / f"{kind}.csv", f"{kind}.csv") for kind in ("practices", "counts")]
    arrival = services.Arrival(version, date(2025, 3, 31), incoming, {}, None, "")
    extract = services.receive(area[code], arrival)
    check.func(extract.organisation_id, extract.pk)
    extract.refresh_from_db()
    assert extract.state == "accepted", extract.problems
    return extract


def path_of(address: Address, values: dict[str, str]) -> str:
    """The path with the arguments of a world's part."""
    arguments = {
        name: converter.to_python(values[part_of(address, name)]) for name, converter in address.arguments.items()
    }
    return reverse(address.name, kwargs=arguments) if address.name else f"/{address.path}"


def somebody(role: str, area: Area, at: str = "") -> Person:
    """Somebody with a role in its own organisation, or in another. Without a password: it takes long to hash."""
    kind = next(kind for kind in AT if kind in ROLES[role].kinds)
    organisation = area[at or AT[kind]]
    email = f"{role}.{organisation.code}@example.org".lower()
    someone = Person.objects.create(email=email, name=ROLES[role].title, password="!")
    Appointment.objects.create(person=someone, organisation=organisation, role=role, since=SINCE)
    return someone
