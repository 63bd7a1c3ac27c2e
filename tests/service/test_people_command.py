"""`remit people`: what whoever runs a deployment does at the server, as processes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.service.running import HERE, Place, made, running

pytestmark = pytest.mark.one_database

SOMEBODY = """
from datetime import date
from tests.service.area import made, person
person("practice_lead", made(date(2024, 4, 1))["A1"], email="lead@example.org")
"""


@pytest.fixture(params=[HERE])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with made(tmp_path, request.param, tables=True) as one:
        yield one


def test_people_are_invited_listed_switched_off_and_let_in_again(place: Place) -> None:
    with running(place):
        place.python(SOMEBODY)
        asked = place.command("people", "invite", "--administrator", "ada@example.org", "--commissioner", "qaa")
        assert asked.returncode == 0, asked.stderr
        assert re.search(r"http\S+/invitation/[\w-]{43}/", asked.stdout)

        listed = place.command("people", "list").stdout
        assert "lead@example.org,on,off,Practice lead,A1,2024-04-01," in listed

        address = place.command("people", "reset-password", "lead@example.org").stdout
        assert re.search(r"http\S+/password/reset/\w+/[\w-]+/", address)

        done = place.command("people", "reset-second-factor", "LEAD@example.org", "--reason", "Phone lost")
        assert "A new one is set up at the next sign-in" in " ".join(done.stdout.split())
        done = place.command("people", "deactivate", "lead@example.org", "--reason", "Has left")
        assert "is switched off" in done.stdout
        assert "lead@example.org,off," in place.command("people", "list").stdout

        wrong = place.command("people", "deactivate", "lead@example.com", "--reason", "x")
        assert wrong.returncode == 1
        assert "Did you mean lead@example.org?" in wrong.stderr
        wrong = place.command("people", "invite", "--administrator", "ada@example.org", "--commissioner", "A1")
        assert wrong.returncode == 1
        assert "is the code of a practice" in wrong.stderr
