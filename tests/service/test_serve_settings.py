"""What the environment says of a deployment, and what `remit serve --check` says that it lacks."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from tests.service import settings
from tests.service.running import Place, made, running, wait

from remit.core.problems import Refused
from remit.service import mail
from remit.service.deployment import from_environment
from remit.service.deployment_names import INTERNAL, NAMES, unknown_names
from remit.service.serving import checks

pytestmark = pytest.mark.one_database

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}),
        (
            "smtp://me:p%40ss@mail.example.org:2525",
            {"EMAIL_BACKEND": SMTP, "EMAIL_HOST": "mail.example.org", "EMAIL_PORT": 2525, "EMAIL_HOST_USER": "me",
             "EMAIL_HOST_PASSWORD": "p@ss", "EMAIL_USE_TLS": True, "EMAIL_USE_SSL": False},
        ),
        ("smtp://mail.example.org", {"EMAIL_PORT": 587, "EMAIL_USE_TLS": True, "EMAIL_HOST_USER": ""}),
        ("smtps://mail.example.org", {"EMAIL_PORT": 465, "EMAIL_USE_TLS": False, "EMAIL_USE_SSL": True}),
        ("smtp://localhost:25", {"EMAIL_PORT": 25, "EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False}),
    ],
)  # fmt: skip
def test_the_mail_server_is_read_from_its_address(url: str, expected: dict[str, Any]) -> None:
    assert {**mail.settings_of(url), **expected} == mail.settings_of(url)


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://host:port"])
def test_another_address_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="REMIT_EMAIL"):
        mail.settings_of(url)


@pytest.mark.parametrize(
    ("name", "value"),
    [("REMIT_DATABASE", "mysql://x/y"), ("REMIT_DATABASE", "postgres://h:x/y"), ("REMIT_PROXIES", "-1"),
     ("REMIT_STOP_SECONDS", "soon")],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_is_refused(name: str, value: str) -> None:
    with pytest.raises(Refused):
        from_environment({name: value})


def test_an_unknown_name_is_warned_about_with_the_nearest() -> None:
    [problem] = unknown_names({"REMIT_ADRESS": "x", "REMIT_DATA": "y", "PATH": "z"})
    assert problem.message == "REMIT_ADRESS is set in the environment, and Remit knows no such setting."
    assert "REMIT_ADDRESS" in problem.hint


def test_every_name_that_the_code_reads_is_in_the_table() -> None:
    import re

    import remit.service

    found = set()
    for path in Path(remit.service.__path__[0]).rglob("*.py"):
        found |= set(re.findall(r'"(REMIT_[A-Z_]+)"', path.read_text(encoding="utf-8")))
    assert found <= {one.name for one in NAMES} | INTERNAL
    assert {one.name for one in NAMES} <= found


def test_failed_sign_ins_are_counted_in_one_place() -> None:
    """The counts are rows (people/throttle.py), for every process; allauth's own, in a process's memory, are off."""
    assert django_settings.ACCOUNT_RATE_LIMITS is False


GOOD = {
    "REMIT_SECRET": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP",
    "REMIT_ADDRESS": "https://remit.example.org",
    "REMIT_EMAIL": "smtp://user:mail-password@mail.example.org:587",
}


def lines_of(output: str, word: str) -> set[str]:
    return {line[8:].split(":")[0] for line in output.splitlines() if line.startswith(word)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({}, set()),
        ({"REMIT_SECRET": "short"}, {"Secret"}),
        ({"REMIT_SECRET": "a" * 60}, {"Secret"}),
        ({"REMIT_ADDRESS": ""}, {"Hosts", "Address"}),
        ({"REMIT_ADDRESS": "http://remit.example.org"}, {"Address"}),
        ({"REMIT_HOSTS": "*"}, {"Hosts"}),
        ({"REMIT_PROXIES": "0"}, {"Proxy"}),
        ({"REMIT_EMAIL": ""}, {"E-mail"}),
        ({"REMIT_EMAIL": "mail.example.org"}, {"E-mail"}),
        ({"REMIT_DATABASE": "postgres://nobody:no@127.0.0.1:1/remit"}, {"Database"}),
    ],
)
def test_the_check_says_what_is_missing(
    change: dict[str, str], missing: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("REMIT_")]:
        monkeypatch.delenv(name)
    for name, value in (GOOD | change).items():
        monkeypatch.setenv(name, value)
    lines = checks.check(tmp_path / "data", "")
    assert {line.what for line in lines if not line.is_well and line.essential} == missing
    assert all(line.to_do for line in lines if not line.is_well)
    assert not (tmp_path / "data").exists()
    assert checks.is_ready(lines) == (not missing)
    assert "mail-password" not in repr(lines)


def test_the_check_of_a_running_deployment(tmp_path: Path) -> None:
    with made(tmp_path, "postgresql" if settings.OWNER else "sqlite", tables=True) as place:
        deployed = Place(place.data, place.database, GOOD | {"REMIT_HOSTS": "remit.example.org,127.0.0.1"})
        with running(place) as service:
            wait(lambda: list(place.data.glob(".worker-*")))
            assert place.command("backup").returncode == 0
            secret = {"REMIT_SECRET": (place.data / "secret").read_text()}
            done = Place(place.data, place.database, deployed.environment | secret).command("serve", "--check")
            assert done.returncode == 0, done.stdout + done.stderr
            assert {"Worker", "Backup", "Database", "Data folder"} <= lines_of(done.stdout, "ok")
            assert ("Row-level security" in lines_of(done.stdout, "ok")) == bool(settings.OWNER)
            assert service.process.poll() is None
        os.utime(place.data / ".worker-1", (time.time() - 100, time.time() - 100))
        for path in (place.data / "backups").iterdir():
            os.utime(path, (time.time() - 100_000, time.time() - 100_000))
        place.data.chmod(0o755)
        done = Place(place.data, place.database, deployed.environment).command("serve", "--check")
        assert done.returncode == 1
        assert lines_of(done.stdout, "missing") == {"Data folder"}
        assert {"Worker", "Backup"} <= lines_of(done.stdout, "note")


@pytest.mark.postgresql_alone
@pytest.mark.skipif(not settings.OWNER, reason="PostgreSQL alone has roles")
def test_a_role_that_row_level_security_does_not_hold_for_is_refused(tmp_path: Path) -> None:
    with made(tmp_path, "postgresql") as place:
        owner = Place(
            place.data, place.database, {"REMIT_DATABASE_OWNER": place.database.replace("127.0.0.1", "localhost")}
        )
        done = owner.command("serve", "--port", "1999")
        assert done.returncode == 1
        assert "pages and jobs may not connect as it" in done.stderr


def test_without_the_packages_the_commands_say_what_to_install(tmp_path: Path) -> None:
    blocked = (
        "import sys, importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'django' else find(name, *a)\n"
        "from remit.cli.main import main; main()"
    )
    import subprocess
    import sys

    for words in (["serve"], ["backup"], ["restore", "x"]):
        done = subprocess.run(
            [sys.executable, "-c", blocked, *words],
            env=Place(tmp_path / "data").everything,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 1
        assert "remit[service]" in done.stderr
