"""Figures of the made-up area on their way in: files, who sends them, and extracts that are checked at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client
from tests.service.area import Area, person
from tests.service.register_desk import at_work, published

from remit.service.consents.models import Consent
from remit.service.extracts import services
from remit.service.extracts.checking import check
from remit.service.extracts.models import Extract
from remit.service.organisations.models import Organisation
from remit.service.people.models import Person
from remit.service.register.models import SchemeVersion

YEAR_END = date(2025, 3, 31)
HEAD = "practice_code,indicator_code,measure,value\n"
PRACTICES = (
    "practice_code,practice_name,place_code,network_code,list_size,weighted_list_size\n"
    "A1,First practice,cannock-chase,NW1,10500,10000\n"
    "A2,Second practice,cannock-chase,NW1,5000,5000\n"
)
ONE_LESS = PRACTICES.rsplit("A2", 1)[0]


def someone(role: str, organisation: Organisation) -> Person:
    """A person with a role, made the first time."""
    known = Person.objects.filter(email=f"{role}.{organisation.code}@example.org".lower()).first()
    return known or person(role, organisation)


def counts(small: int = 5, shown: int = 41, denominator: int = 6) -> str:
    """2a of A1: `small` of `denominator` achieved; of A2: `shown` of 100."""
    first = (("A1", "NUMERATOR", small), ("A1", "DENOMINATOR", denominator))
    rows = (*first, ("A2", "NUMERATOR", shown), ("A2", "DENOMINATOR", 100))
    return HEAD + "".join(f"{code},2a,{measure},{value}\n" for code, measure, value in rows)


def scheme(board: Area) -> SchemeVersion:
    """QIF 2024/25, published by the commissioner of the made-up area."""
    return published(at_work(board))


def consent(board: Area, *codes: str, to: str = "QAA", since: date = date(2024, 4, 1)) -> None:
    """Practices let an organisation see their counts."""
    for code in codes:
        Consent.objects.create(practice=board[code], to=board[to], since=since)


def received(
    board: Area, version: SchemeVersion, folder: Path, text: str = "", practices: str = PRACTICES,
    day: date = YEAR_END, reason: str = "", evidence: Path | None = None, name: str = "counts.csv",
    settings: dict[str, str] | None = None,
) -> Extract:  # fmt: skip
    """An extract that came in and is not checked yet."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "practices.csv").write_text(practices, encoding="utf-8")
    (folder / "counts.csv").write_text(text or counts(), encoding="utf-8")
    incoming = [
        services.Incoming("practices", folder / "practices.csv", "practices.csv"),
        services.Incoming("counts", folder / "counts.csv", name),
    ]
    return services.receive(board["QAA"], services.Arrival(version, day, incoming, settings or {}, evidence, reason))


def checked(extract: Extract) -> Extract:
    """The extract after its job."""
    check.func(extract.organisation_id, extract.pk)
    extract.refresh_from_db()
    return extract


def sent(client: Client, version: SchemeVersion, at: str = "QAA", **more: object) -> HttpResponseBase:
    """What a browser sends."""
    data: dict[str, object] = {
        "scheme": str(version.pk),
        "day": "2025-03-31",
        "practices": SimpleUploadedFile("practices.csv", PRACTICES.encode()),
        "counts": SimpleUploadedFile("counts.csv", counts().encode()),
    }
    return client.post(f"/figures/{at}/new/", {**data, **more})
