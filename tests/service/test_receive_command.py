"""`remit receive` on a deployment of its own: a process that is killed leaves the old or the new, never half."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.service.figures_in import PRACTICES, counts

pytestmark = pytest.mark.one_database

SETUP = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from datetime import date
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING
with acting(EVERYTHING):
    from tests.service import area
    from tests.service.register_desk import at_work, published
    published(at_work(area.made(date(2024, 4, 1))))
"""
STATE = """
import django; django.setup()
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING
from remit.service.extracts.models import Extract, PracticeFigures
from remit.service.extracts.checking import check
with acting(EVERYTHING):
    rows = list(Extract.objects.all())
for row in rows:
    check.func(row.organisation_id, row.pk)
with acting(EVERYTHING):
    states = list(Extract.objects.order_by("number").values_list("state", flat=True))
    print(states, PracticeFigures.objects.count())
"""


@pytest.fixture
def deployment(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A deployment with the made-up area and its published scheme."""
    data = tmp_path / "data"
    data.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("REMIT_")}
    environment |= {
        "REMIT_DATA": str(data), "REMIT_HOSTS": "testserver", "DJANGO_SETTINGS_MODULE": "remit.service.settings",
        "REMIT_SECRET": "for tests alone, and as long as a secret has to be, at the least",
    }  # fmt: skip
    _python(SETUP, environment)
    (tmp_path / "practices.csv").write_text(PRACTICES, encoding="utf-8")
    (tmp_path / "counts.csv").write_text(counts(), encoding="utf-8")
    return tmp_path, environment


def _python(text: str, environment: dict[str, str]) -> str:
    done = subprocess.run([sys.executable, "-c", text], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


def _command(home: Path) -> list[str]:
    files = ["--practices", str(home / "practices.csv"), "--counts", str(home / "counts.csv")]
    whose = ["--on", "2025-03-31", "--commissioner", "QAA", "--data", str(home / "data")]
    return [sys.executable, "-m", "remit.cli.main", "receive", "qif-2024-25", *files, *whose]


def test_figures_come_in_by_the_command_and_the_same_again_are_noticed(
    deployment: tuple[Path, dict[str, str]],
) -> None:
    home, environment = deployment
    done = subprocess.run(_command(home), env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "Extract 1 is accepted: 2 practices." in done.stdout) == (0, True), done.stderr
    assert "Missing: A3." in done.stdout
    again = subprocess.run(_command(home), env=environment, capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert "came in before, as extract 1" in again.stderr
    assert "Traceback" not in again.stderr


def test_one_that_is_killed_at_any_moment_goes_on_or_never_was(deployment: tuple[Path, dict[str, str]]) -> None:
    home, environment = deployment
    extracts = home / "data" / "extracts"
    for moment in ("*/*/practices.csv", "*/*/run*", "*/*/.*"):
        started = subprocess.Popen(
            _command(home), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while started.poll() is None and not any(extracts.glob(moment)):
            time.sleep(0.002)
        started.send_signal(signal.SIGKILL)
        started.wait()
    said = _python(STATE, environment)
    assert said in ("['accepted'] 2", "[] 0")
    if said == "[] 0":
        done = subprocess.run(_command(home), env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert _python(STATE, environment) == "['accepted'] 2"
