"""A rehearsal lives at the day that the operator sets, earlier or later, and says so; a real deployment never does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core import mail
from tests.service import area
from tests.service.running import HERE, Place, made, running

from remit.service import clock, rehearsal
from remit.service.people import post

pytestmark = pytest.mark.one_database

SIGNED_IN = """
from datetime import date
from tests.service.area import made, person, signed_in
print(signed_in(person("practice_viewer", made(date(2024, 3, 1))["A1"], date(2024, 3, 1))).session.session_key)
"""
TODAY = "from remit.service import clock\nprint(clock.today())"
LOG = """
from remit.service.audit.models import Entry
moves = Entry.objects.filter(event="rehearsal.day").order_by("number").values_list("details", flat=True)
print(*(f"{one['before']} to {one['day']}" for one in moves), sep=", ")
"""


@pytest.fixture(params=[HERE])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with made(tmp_path, request.param) as one:
        yield one


def test_a_rehearsal_from_its_first_start_to_its_backup(place: Place, tmp_path: Path) -> None:
    begun = Place(place.data, place.database, {"REMIT_REHEARSAL": "2024-03-25"})
    assert "ok      Rehearsal: begins at the first start, on 25 March 2024." in begun.command("serve", "--check").stdout
    with running(begun) as service:
        assert "Rehearsal: it is 25 March 2024 here." in service.log.read_text()
        key = begun.python(SIGNED_IN)
        for day, words in (("2025-06-30", "30 June 2025"), ("2024-05-03", "3 May 2024")):
            done = place.command("rehearse", day)
            assert done.stdout == f"Rehearsal: it is {words} here.\n", done.stderr
            status, page = service.get("/", Cookie=f"sessionid={key}")  # a year later, and back: signed in still
            assert status == 200
            assert "Practice viewer" in page
            assert f"Rehearsal: it is {words} here." in page
            assert place.python(TODAY) == day
    assert place.command("rehearse").stdout == "Rehearsal: it is 3 May 2024 here.\n"
    assert "Rehearsal: it is 3 May 2024 here, and nothing in it is real." in place.command("serve", "--check").stdout
    assert place.python(LOG) == "2024-03-25 to 2025-06-30, 2025-06-30 to 2024-05-03"
    assert place.command("audit", "verify").returncode == 0

    kept = tmp_path / "kept.remit-backup"
    assert place.command("backup", "--to", str(kept)).returncode == 0
    other = Place(tmp_path / "other")
    assert other.command("restore", str(kept)).returncode == 0
    assert other.python(TODAY) == "2024-05-03"


def test_what_is_not_a_rehearsal_cannot_become_one(place: Place) -> None:
    with running(place) as service:
        assert "Rehearsal" not in service.get("/sign-in/")[1]
        refused = place.command("rehearse", "2024-05-03")
        assert refused.returncode == 1
        assert refused.stderr.rstrip().endswith("[service.rehearsal]")
    late = Place(place.data, place.database, {"REMIT_REHEARSAL": "2024-03-25"})
    refused = late.command("serve", "--port", "1999")
    assert refused.returncode == 1
    assert "was not begun as a rehearsal" in refused.stderr
    assert not (place.data / rehearsal.MARK).exists()


@pytest.fixture
def lives_on_3_may_2024(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of its own: others test beside this."""
    monkeypatch.setattr(django_settings, "DEPLOYMENT", replace(django_settings.DEPLOYMENT, data=tmp_path))
    rehearsal.set_day(tmp_path, date(2024, 5, 3))


def test_it_is_another_day_at_the_machines_time_of_day(lives_on_3_may_2024: None) -> None:
    assert clock.today() == date(2024, 5, 3)
    assert abs((clock.machine_now() - datetime.now(UTC)).total_seconds()) < 60
    moment = datetime(2026, 11, 28, 23, 30, tzinfo=UTC)
    with clock.at(moment):
        assert clock.now() == clock.machine_now() == moment


def test_an_e_mail_says_so(lives_on_3_may_2024: None, monkeypatch: pytest.MonkeyPatch) -> None:
    deployment = replace(django_settings.DEPLOYMENT, email="smtp://localhost:25")
    monkeypatch.setattr(django_settings, "DEPLOYMENT", deployment)
    post.deliver("jo@example.org", "Your password was changed", "password_changed", name="Jo")
    (letter,) = mail.outbox
    assert letter.subject == "Rehearsal: Your password was changed"
    assert letter.body.startswith("Rehearsal: it is 3 May 2024 here. Nothing in this letter is real.\n\n")


def test_a_file_that_is_taken_out_says_so_by_its_name(board: area.Area, lives_on_3_may_2024: None) -> None:
    auditor = area.signed_in(area.person("auditor", board["QAA"]))
    answer = auditor.get("/audit/entries.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="rehearsal-audit-2024-05-03.csv"'
