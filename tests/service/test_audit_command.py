"""`remit audit verify`: what it prints, and with which code it ends, on a deployment's own database."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, transaction
from tests.service import settings
from tests.service.owner import address, without_triggers

from remit.service.audit import chain, log
from remit.service.deployment import DATABASE_NAME
from remit.service.scope.acting import acting
from remit.service.scope.scope import NOBODY

pytestmark = pytest.mark.django_db(transaction=True)


def _verify(data: Path, *more: str) -> tuple[int, str, str]:
    """What the command says of the tests' own database."""
    if settings.OWNER:
        more = ("--database", address(), *more)
    else:
        connection.close()
        for part in ("", "-wal", "-shm"):
            of_test = Path(f"{connection.settings_dict['NAME']}{part}")
            if of_test.exists():
                shutil.copy(of_test, data / f"{DATABASE_NAME}{part}")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("REMIT_DATABASE", "DJANGO_"))
    }
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from remit.cli.main import main; main()",
            "audit",
            "verify",
            "--data",
            str(data),
            *more,
        ],
        env=environment | {"COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def _record(count: int) -> None:
    for _ in range(count):
        with acting(NOBODY), transaction.atomic():
            log.record("person.signed-in", subject="somebody")


def test_a_log_is_verified_and_what_was_changed_is_named(tmp_path: Path) -> None:
    assert _verify(tmp_path) == (0, "The audit log has no entry yet.\n", "")
    _record(3)
    kept = chain.anchor()
    code, out, errors = _verify(tmp_path, "--expect", str(kept))
    assert (code, errors) == (0, "")
    assert out == (
        "The audit log is as it was recorded: 3 entries fit, from the first to the last.\n"
        f"Anchor, to keep elsewhere: {kept}\n"
    )
    with without_triggers() as execute:
        execute("UPDATE audit_entry SET subject = 'other' WHERE number = 2")
    assert _verify(tmp_path) == (
        1,
        "The entry before it fits the chain.\n",
        "Entry 2 is not what was recorded: its hash is of something else.\n",
    )


def test_a_log_that_was_cut_off_is_found_by_the_anchor(tmp_path: Path) -> None:
    _record(3)
    kept = chain.anchor()
    with without_triggers() as execute:
        execute("DELETE FROM audit_entry WHERE number = 3")
        execute("UPDATE audit_head SET number = 2, hash = (SELECT hash FROM audit_entry WHERE number = 2)")
    assert _verify(tmp_path)[0] == 0
    code, _, errors = _verify(tmp_path, "--expect", str(kept))
    assert (code, errors) == (1, "Entry 3 is missing: entry 3 was expected, and the log was cut off.\n")


@pytest.mark.parametrize("expect", ["x", "3:abc", "0:"])
def test_what_is_no_anchor_is_refused(tmp_path: Path, expect: str) -> None:
    _record(1)
    code, _, errors = _verify(tmp_path, "--expect", expect)
    if expect == "0:":  # the anchor of an empty log: whatever comes after it fits
        assert code == 0
    else:
        assert code == 1
        assert "[service.audit-anchor]" in errors


def test_where_there_is_no_deployment_nothing_is_made(tmp_path: Path) -> None:
    data = tmp_path / "none"
    done = subprocess.run(
        [sys.executable, "-c", "from remit.cli.main import main; main()", "audit", "verify", "--data", str(data)],
        env={name: value for name, value in os.environ.items() if not name.startswith(("REMIT_DATABASE", "DJANGO_"))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "[service.nothing-there]" in done.stderr
    assert not data.exists()
