"""How many queries an address takes: no more than stated here, and as many with 12 practices as with 3.

The addresses are those of the URL table. Each is opened by whoever of a few people may open it, twice, since a process
keeps some things after the first time; then the area grows by practices, extracts, consents, people, scheme versions,
entries of the log and the rows of a year (parts, declarations, payments, plans), and each is opened again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from tests.service.addresses import SCHEME, World, addresses, path_of, world
from tests.service.area import Area, person, signed_in
from tests.service.figures_in import HEAD, checked, received
from tests.service.year_grown import grow

from remit.application.scheme_text import shipped
from remit.service.audit.log import record
from remit.service.consents.models import Consent
from remit.service.organisations.models import PRACTICE, Membership, Organisation
from remit.service.register.models import SchemeVersion
from remit.service.scope.check_addresses import Address

pytestmark = pytest.mark.one_database

MOST = 24
"""Queries of an address; about ten of them are the session, the person and the scope."""
MORE = {
    "calendar": 30,
    "calendar-file": 30,
    "consent-paper": 30,
    "home": 60,
    "organisation-to-look-at": 30,
    "recoveries-of": 34,
    "run": 28,
    "year-area": 36,
    "year-area-file": 36,
    "year-finance": 54,
    "year-payments-file": 28,
}
"""Addresses that take more, by name."""
WHO = (
    ("administrator", "QAA"), ("data_quality", "QAA"), ("scheme_author", "QAA"), ("network_manager", "NW1"),
    ("practice_lead", "A1"), ("contract_manager", "QAA"), ("finance_officer", "QAA"), ("auditor", "QAA"),
)  # fmt: skip


@pytest.fixture
def small(board: Area, tmp_path: Path) -> World:
    return world(board, tmp_path)


def _people(area: Area) -> dict[str, Client]:
    return {
        f"{role} of {at}": signed_in(person(role, area[at], email=f"counts.{role}@example.org")) for role, at in WHO
    }


def _queries(client: Client, path: str) -> int | None:
    """How many queries a page takes; None where it is not shown. Whatever it did is undone."""
    counted: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        counted.append(sql)
        return execute(sql, *rest)

    with transaction.atomic():
        if client.get(path).status_code != 200:
            return None
        with connection.execute_wrapper(count):
            answer = client.get(path)
        if answer.streaming:
            answer.getvalue()
        transaction.set_rollback(True)
    return len(counted)


def _all(small: World, clients: dict[str, Client]) -> Iterator[tuple[Address, str, int]]:
    for address in addresses():
        for who, client in clients.items():
            found = _queries(client, path_of(address, small.own))
            if found is not None:
                yield address, who, found


def _grow(area: Area, folder: Path, first: int, last: int, day: date) -> None:
    """More practices with their consents, figures of a day, people, drafts of schemes, entries of the log."""
    since = date(2024, 4, 1)
    for n in range(first, last + 1):
        practice = Organisation.objects.create(code=f"C{n}", name=f"Practice C{n}", kind=PRACTICE)
        area.organisations[practice.code] = practice
        until = date(2025, 6, 30) if n == last else None
        Membership.objects.create(member=practice, parent=area["NW1"], since=since, until=until)
        for to in (area["QAA"], area["NW1"]):
            Consent.objects.create(practice=practice, to=to, since=since)
        person("practice_viewer", practice)
    codes = ["A1", "A2", *(code for code in area.organisations if code.startswith("C"))]
    practices = "practice_code,practice_name,place_code,network_code,list_size,weighted_list_size\n" + "".join(
        f"{code},Practice {code},cannock-chase,NW1,10500,10000\n" for code in codes
    )
    counts = HEAD + "".join(f"{code},2a,NUMERATOR,{50 + last}\n{code},2a,DENOMINATOR,100\n" for code in codes)
    version = SchemeVersion.objects.get(organisation=area["QAA"], scheme_id=SCHEME)
    extract = checked(received(area, version, folder / f"{last}", counts, practices, day))
    assert extract.state == "accepted"
    grow([area[f"C{n}"] for n in range(first, last + 1)], extract)
    SchemeVersion.objects.create(
        organisation=area["QAA"], scheme_id=f"scheme-{last}-2024-25", version=1, content=shipped(SCHEME),
        sha256="0" * 64, file_name="a.yaml", title="QIF", changed_at=version.changed_at,
    )  # fmt: skip
    with transaction.atomic():
        for n in range(20):
            record("organisation.added", area["QAA"], f"Practice {n}", parent="NW1", since=since, reason="New.")


@pytest.mark.usefixtures("sessions_as_they_are")
def test_no_address_takes_more_queries_in_a_larger_area(small: World, tmp_path: Path) -> None:
    clients = _people(small.area)
    _grow(small.area, tmp_path, 1, 1, date(2025, 1, 31))
    before = {(address.name, who): found for address, who, found in _all(small, clients)}
    _grow(small.area, tmp_path, 2, 10, date(2025, 2, 28))
    after = {(address.name, who): found for address, who, found in _all(small, clients)}
    assert len(before) > 100
    grown = {key: (found, after[key]) for key, found in before.items() if after.get(key, 0) > found}
    many = {key: found for key, found in after.items() if found > MORE.get(key[0], MOST)}
    assert (grown, many) == ({}, {})
