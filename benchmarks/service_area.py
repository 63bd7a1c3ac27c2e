"""A made-up commissioner for `service.py`: 144 practices, three years of monthly extracts, people of all twelve roles.

    python benchmarks/service_area.py make --practices 144 --months 36     in the data folder that REMIT_DATA names
    python benchmarks/service_area.py sessions         50 signed-in sessions and their pages, as JSON

Schemes go through the register and extracts through the job that checks them, as they do in the service; organisations,
people and consents are written as rows, which is quicker and comes to the same. No figure is anyone's.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

CODE = "LOAD"
YEARS = (2023, 2024, 2025)
SINCE = date(2023, 4, 1)
PLACES = (
    "cannock-chase",
    "east-staffordshire",
    "north-staffordshire",
    "south-east-staffordshire-and-seisdon-peninsula",
    "stafford-and-surrounds",
)
RATIOS = (("1b", 35), ("2a", 40), ("2b", 45), ("3", 50), ("4", 70), ("5", 34))
UNSHARED = 12
"""One practice in so many shares its counts with nobody."""
MIX = (
    ("practice_lead", 14), ("practice_viewer", 10), ("clinical_lead", 4), ("network_manager", 6),
    ("contract_manager", 4), ("finance_officer", 3), ("data_quality", 3), ("approver_tier_1", 1),
    ("approver_tier_2", 1), ("scheme_author", 2), ("auditor", 1), ("administrator", 1),
)  # fmt: skip
"""How many of the 50 sessions are of which role."""
ENTRIES = 5000
"""Entries that the audit log has besides those of what was done."""


@contextmanager
def _owner() -> Iterator[None]:
    """The deployment that the environment names, with its tables in place, every row in sight."""
    from remit.service.serving.serve import alone, set_environment

    with alone(set_environment(None, "")) as (deployment, _):
        from remit.service.scope.acting import acting
        from remit.service.scope.scope import EVERYTHING
        from remit.service.serving.upgrade import upgrade

        upgrade(deployment.data)
        with acting(EVERYTHING):
            yield


def make(practices: int, months: int) -> None:
    """Make all of it; to be run on an empty data folder."""
    with _owner():
        codes = _organisations(practices)
        _people()
        days = [_month_end(n) for n in range(36)][-months:]
        for year in YEARS:
            version = _published(year)
            for day in days:
                if date(year, 4, 1) <= day <= date(year + 1, 3, 31):
                    _extract(version, codes, day)
                    print(f"extract of {day}", file=sys.stderr, flush=True)
        _audit_entries()


def _month_end(n: int) -> date:
    year, month = YEARS[0] + (n + 3) // 12, (n + 3) % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def _organisations(practices: int) -> list[tuple[str, str, str, int]]:
    """The tree and the consents; each practice's code, place, network and list size."""
    from django.db import transaction

    from remit.service.consents.models import Consent
    from remit.service.organisations.models import Membership, Organisation

    def added(code: str, name: str, kind: str, *parents: Any) -> Any:
        made = Organisation.objects.create(code=code, name=name, kind=kind)
        for parent in parents:
            Membership.objects.create(member=made, parent=parent, since=SINCE)
        return made

    chosen = random.Random(16)
    found = []
    with transaction.atomic():
        top = added(CODE, "Load ICB (made up)", "commissioner")
        places = [added(f"PL{n}", f"Place {n}", "place", top) for n in range(1, 6)]
        networks = [added(f"NW{n:02}", f"Network {n}", "network", places[n % 5]) for n in range(max(5, practices // 6))]
        for n in range(practices):
            network = n % len(networks)
            practice = added(f"L{n + 1:03}", f"Practice {n + 1}", "practice", networks[network])
            found.append((practice.code, PLACES[network % 5], networks[network].code, chosen.randrange(3000, 22000)))
            if n % UNSHARED:
                for to in (top, networks[network]):
                    Consent.objects.create(practice=practice, to=to, since=SINCE)
    return found


def _people() -> None:
    """Whoever has the sessions. Nobody has a password: sessions are opened at the server."""
    from django.db import transaction

    from remit.service.organisations.models import Organisation
    from remit.service.people.models import Appointment, Person
    from remit.service.people.roles import ROLES

    practices = list(Organisation.objects.filter(kind="practice").order_by("code"))
    networks = list(Organisation.objects.filter(kind="network").order_by("code"))
    top, places = Organisation.objects.get(code=CODE), list(Organisation.objects.filter(kind="place").order_by("code"))
    with transaction.atomic():
        place = 0
        for role, count in MIX:
            for n in range(count):
                place += 1
                at = top if n % 2 == 0 or role == "data_quality" else places[n % 5]
                if "practice" in ROLES[role].kinds:
                    at = practices[(place * 7) % len(practices)]
                elif "network" in ROLES[role].kinds:
                    at = networks[(place * 3) % len(networks)]
                person = Person.objects.create(
                    email=f"{role}-{n}@example.org".replace("_", "-"), name=f"{ROLES[role].title} {n + 1}", password="!"
                )
                Appointment.objects.create(person=person, organisation=at, role=role, since=SINCE)


@contextmanager
def _as(role: str) -> Iterator[Any]:
    from remit.service import clock
    from remit.service.organisations.models import Organisation
    from remit.service.people.models import Person
    from remit.service.scope import reach
    from remit.service.scope.acting import acting

    person = Person.objects.get(email=f"{role}-0@example.org".replace("_", "-"))
    with acting(reach.of_person(person, clock.today(), second_factor=True)):
        yield Organisation.objects.get(code=CODE)


def scheme_text(year: int) -> tuple[str, bytes]:
    """QIF of a year: that of 2024/25 with its dates moved."""
    from remit.application.scheme_text import shipped

    moved = year - 2024
    text = shipped("qif-2024-25").decode()
    name = f"qif-{year}-{(year + 1) % 100}"
    text = re.sub(r"^scheme: .*$", f"scheme: {name}", text, flags=re.M)
    text = re.sub(r"^year: .*$", f"year: {year}-{(year + 1) % 100}", text, flags=re.M)
    text = re.sub(
        r"^title: .*$", f"title: Quality Improvement Framework (QIF) {year}/{(year + 1) % 100}", text, flags=re.M
    )
    return name, re.sub(r"\b(20\d\d)(-\d\d-\d\d)\b", lambda at: f"{int(at[1]) + moved}{at[2]}", text).encode()


def _published(year: int) -> Any:
    from remit.service.register import services
    from remit.service.register.states import Step

    name, content = scheme_text(year)
    with _as("scheme_author") as top:
        version = services.start(top, name, content, f"{name}.yaml", "from a file", {"chol004_from": f"{year}-12-05"})
        services.take(version, Step.SUBMIT)
    with _as("approver_tier_1"):
        services.take(version, Step.APPROVE, "Read against the contract.")
    with _as("contract_manager"):
        return services.take(version, Step.PUBLISH)


def files_of(folder: Path, codes: list[tuple[str, str, str, int]], day: date) -> tuple[Path, Path]:
    """practices.csv and counts.csv of a month: what is achieved rises through the year."""
    chosen = random.Random(day.isoformat())
    month = (day.month - 4) % 12
    practices = ["practice_code,practice_name,place_code,network_code,list_size,weighted_list_size"]
    counts = ["practice_code,indicator_code,measure,value"]
    for n, (code, place, network, size) in enumerate(codes):
        practices.append(f"{code},Practice {n + 1},{place},{network},{size},{size * chosen.randrange(94, 106) // 100}")
        rows = [("1a", "REGISTER", size * chosen.randrange(6, 10) // 1000), ("1a", "LIST_SIZE", size)]
        for item, start in RATIOS:
            of = max(20, size * chosen.randrange(8, 40) // 1000)
            share = min(95, start + n % 17 - 8 + month * 2)
            rows += [(item, "NUMERATOR", of * share // 100), (item, "DENOMINATOR", of)]
        rows += [
            ("4", "PCAS", chosen.randrange(0, 30)),
            ("6", "REGISTER", size // 20),
            ("6", "LIST_SIZE", size * 4 // 5),
        ]
        counts += [f"{code},{item},{measure},{value}" for item, measure, value in rows]
    for name, lines in (("practices", practices), ("counts", counts)):
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "practices.csv", folder / "counts.csv"


def _extract(version: Any, codes: list[tuple[str, str, str, int]], day: date) -> None:
    from remit.service.extracts import services
    from remit.service.extracts.checking import check

    folder = Path(os.environ["REMIT_DATA"]).parent / "sent"
    folder.mkdir(exist_ok=True)
    paths = files_of(folder, codes, day)
    with _as("data_quality") as top:
        incoming = [services.Incoming(path.stem, path, path.name) for path in paths]
        extract = services.receive(top, services.Arrival(version, day, incoming))
    check.func(extract.organisation_id, extract.pk)
    extract.refresh_from_db()
    if extract.state != "accepted":
        sys.exit(f"the extract of {day} was not accepted: {extract.problems[:3]}")


def _audit_entries() -> None:
    from django.db import transaction

    from remit.service.audit.log import record
    from remit.service.organisations.models import Organisation
    from remit.service.people.models import Appointment

    top, people = Organisation.objects.get(code=CODE), list(Appointment.objects.values_list("person", flat=True))
    for start in range(0, ENTRIES, 500):
        with transaction.atomic():
            for n in range(start, min(start + 500, ENTRIES)):
                record("person.signed-in", top, person=people[n % len(people)])


@dataclass(frozen=True)
class _Visitor:
    role: str
    cookie: str
    pages: list[tuple[str, str]]


def sessions() -> list[_Visitor]:
    """Sessions that are signed in with a second factor, each with the pages that its person may open."""
    from django.test import Client

    from remit.service import clock
    from remit.service.people.models import Person
    from remit.service.scope import reach
    from remit.service.scope.acting import acting
    from remit.service.scope.scope import EVERYTHING

    found = []
    for role, count in MIX:
        for n in range(count):
            with acting(EVERYTHING):
                person = Person.objects.get(email=f"{role}-{n}@example.org".replace("_", "-"))
                client = Client()
                client.force_login(person)
                session = client.session
                session["account_authentication_methods"] = [{"method": "password"}, {"method": "mfa", "type": "totp"}]
                session.save()
            with acting(reach.of_person(person, clock.today(), second_factor=True)):
                found.append(_Visitor(role, client.cookies["sessionid"].value, _pages()))
    return found


def _pages() -> list[tuple[str, str]]:
    """The pages that people use, as the current scope may open them: what they are, and their address."""
    from remit.service.extracts import reading
    from remit.service.home import statements
    from remit.service.organisations.models import Organisation
    from remit.service.people.roles import Action
    from remit.service.register.models import SchemeVersion
    from remit.service.scope.scope import current

    may = current().may
    pages = [("home", "/"), ("account", "/account/")]
    if may(Action.SEE_STATEMENTS):
        pages.append(("list of statements", "/statements/"))
        shown = list(statements.standing().values_list("practice__code", "extract_id"))
        chosen = random.Random(str(current().person)).sample(shown, min(len(shown), 6))
        pages += [("statement", f"/statements/{code}/{extract}/") for code, extract in chosen]
    if may(Action.SEE_OVERVIEW):
        newest = list(reading.standing().values_list("pk", flat=True))
        pages += [("overview", f"/overview/{pk}/") for pk in (newest[0], newest[0], newest[min(1, len(newest) - 1)])]
    if may(Action.SEE_ORGANISATIONS):
        pages.append(("organisations", "/organisations/"))
        pages += [("organisation", f"/organisations/{one.code}/") for one in Organisation.objects.filter(
            pk__in=current().own)[:1]]  # fmt: skip
        top = Organisation.objects.filter(code=CODE).values_list("pk", flat=True).first()
        if may(Action.SEE_ORGANISATIONS, top):
            pages.append(("area", f"/organisations/{CODE}/area/"))
    if may(Action.SEE_SCHEMES):
        pages.append(("list of schemes", "/schemes/"))
        for scheme_id in SchemeVersion.objects.values_list("scheme_id", flat=True)[:1]:
            pages += [
                ("scheme", f"/schemes/{CODE}/{scheme_id}/1/"),
                ("scheme card", f"/schemes/{CODE}/{scheme_id}/1/card/"),
            ]
    if may(Action.SEE_EXTRACTS):
        pages.append(("figures", "/figures/"))
        numbers = list(reading.standing().values_list("number", flat=True)[:2])
        if may(Action.SEE_OVERVIEW) and Organisation.objects.filter(pk__in=current().own, code=CODE).exists():
            pages.append(("extracts", f"/figures/{CODE}/"))
            pages += [("extract", f"/figures/{CODE}/{number}/") for number in numbers]
            if reading.standing().filter(number=numbers[0], compared_with__isnull=False).exists():
                pages += [("what moved", f"/figures/{CODE}/{numbers[0]}/moved/")]
    if may(Action.SEE_CONSENT):
        pages.append(("consents", "/consents/"))
    if may(Action.INVITE_PEOPLE):
        pages.append(("people", "/people/"))
    if may(Action.SEE_AUDIT):
        pages += [("audit", "/audit/"), ("audit", "/audit/?event=extract.accepted")]
    return pages


def main() -> None:
    """Make the area, or print sessions of it."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("what", choices=("make", "sessions"))
    arguments.add_argument("--practices", type=int, default=144)
    arguments.add_argument("--months", type=int, default=36)
    given = arguments.parse_args()
    if given.what == "make":
        make(given.practices, given.months)
    else:
        from remit.service.serving.serve import as_owner, set_environment

        set_environment(None, "")
        with as_owner():
            json.dump([vars(one) for one in sessions()], sys.stdout)


if __name__ == "__main__":
    main()
