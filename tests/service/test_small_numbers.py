"""Whoever is above a practice meets its small counts nowhere: every page and file that links lead to from the first
page is read, in a year with figures, a declaration that changed figures withdrew, another one, and a payment run."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from tests.service.area import Area, signed_in
from tests.service.declaring import TODAY, as_, declared, figures_in, figures_of, who, year
from tests.service.figures_in import consent, counts, scheme, someone
from tests.service.paying import on

from remit.service.extracts.models import Extract, PracticeFigures
from remit.service.money import runs
from remit.service.money.preparing import prepare
from remit.service.offers.models import Participation
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING

pytestmark = pytest.mark.one_database

SMALL = re.compile(
    r"\b[54] of 7\b|\b71\.4|\b57\.1|\b[54] / 7\b|denominator 7\b|numerator [54]\b|NUMERATOR,,?[54]\b|DENOMINATOR,,?7\b"
)
"""What says that 5 or 4 of 7 patients achieved: 2a of A1, first and as it was counted again."""
NEVER = ("/sign-out", "/account", "/static/", "/people/", "/password")
MOST = 400


@pytest.fixture
def lived(board: Area, tmp_path: Path) -> Iterator[Area]:
    """A1 declared 5 of 7, which others took the place of; it declares 4 of 7 again; a run is prepared."""
    with on(TODAY):
        version = scheme(board)
        with acting(EVERYTHING):
            for code in ("A1", "A2"):
                consent(board, code)
                consent(board, code, to="NW1")
            made = year(board, version)
            Participation.objects.update(answered_at="2024-04-01T09:00Z")
            first = figures_in(board, version, tmp_path / "first", counts(small=5, denominator=7))
        declared(board, made, _figures(board, first))
        with acting(EVERYTHING):
            second = figures_in(
                board, version, tmp_path / "second", counts(small=4, denominator=7), reason="Counted again."
            )
        declared(board, made, _figures(board, second))
        with as_(who(board, "finance")):
            run = runs.begin(board["QAA"], TODAY.replace(day=1), TODAY)
        prepare.func(board["QAA"].pk, run.pk)
        yield board


def _figures(board: Area, extract: Extract) -> PracticeFigures:
    with acting(EVERYTHING):
        return figures_of(board, extract)


def read(client: Client) -> dict[str, str]:
    """What each page and file says that links lead to, by its address."""
    said: dict[str, str] = {}
    ahead = ["/"]
    while ahead and len(said) < MOST:
        path = ahead.pop(0)
        if path in said:
            continue
        response = client.get(path, follow=True)
        body = b"".join(getattr(response, "streaming_content", ())) if response.streaming else response.content
        said[path] = _text(body)
        for href in re.findall(r'href="(/[^"#]*)', said[path]):
            address = href.replace("&amp;", "&")
            if address not in said and not address.startswith(NEVER):
                ahead.append(address)
    return said


def _text(body: bytes) -> str:
    if body[:2] != b"PK":
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist() if name.endswith(".xml"))


@pytest.mark.parametrize(
    ("role", "at"),
    [("contract_manager", "QAA"), ("finance_officer", "QAA"), ("auditor", "QAA"), ("network_manager", "NW1")],
)
def test_whoever_is_above_reads_no_small_count(role: str, at: str, lived: Area) -> None:
    said = read(signed_in(someone(role, lived[at])))
    assert len(said) > 30
    plain = {path: re.sub(r"<[^>]+>", " ", text) for path, text in said.items()}
    found = {path: match[0] for path, text in plain.items() if (match := SMALL.search(text))}
    assert found == {}


def test_the_practice_itself_reads_them(lived: Area) -> None:
    said = read(signed_in(someone("practice_lead", lived["A1"])))
    assert any(SMALL.search(text) for text in said.values())
    assert any("/declarations/" in path and SMALL.search(text) for path, text in said.items())


def test_no_letter_has_one(lived: Area) -> None:
    assert not any(SMALL.search(f"{letter.subject} {letter.body}") for letter in mail.outbox)
