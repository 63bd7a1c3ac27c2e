"""`remit serve` as a process: what it starts, keeps alive and ends; nothing waits for anybody to type."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.service import settings
from tests.service.running import HERE, Place, Running, descendants, made, running, wait

pytestmark = pytest.mark.one_database

SIGNED_IN = """
from datetime import date
from tests.service.area import made, person, signed_in
print(signed_in(person("practice_viewer", made(date(2024, 4, 1))["A1"])).session.session_key)
"""


@pytest.fixture(params=[HERE])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with made(tmp_path, request.param) as one:
        yield one


def test_it_starts_shows_pages_mends_itself_and_ends_with_all_its_processes(place: Place) -> None:
    with running(place) as service:
        assert service.get("/health") == (200, '{"status": "up", "version": "0.1.0"}')
        assert oct(place.data.stat().st_mode)[-3:] == "700"

        key = place.python(SIGNED_IN)
        status, page = service.get("/", Cookie=f"sessionid={key}")
        assert status == 200
        assert "Practice viewer" in page

        second = place.command("serve", "--port", "1999")
        assert second.returncode == 1
        assert "is in use" in second.stderr

        _is_mended_after_a_kill(service)
        every = descendants(service.process.pid)
        assert len(every) >= 3
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(60) == 0
        assert [pid for pid in every if Path(f"/proc/{pid}").exists()] == []
        _no_line_holds_what_was_sent(service, key)


def _is_mended_after_a_kill(service: Running) -> None:
    for name in ("worker", "web", "inner"):
        wait(lambda name=name: name in service.processes())  # type: ignore[misc]
        before = service.processes()[name]
        os.kill(before, signal.SIGKILL)
        wait(lambda name=name, before=before: service.processes().get(name, before) != before)  # type: ignore[misc]
        wait(lambda: service.get("/health")[0] == 200)


def _no_line_holds_what_was_sent(service: Running, key: str) -> None:
    lines = service.log.read_text().splitlines()
    assert key not in "".join(lines)
    paths = [line.get("path") for line in service.lines() if line.get("event") == "request"]
    assert {"/", "/health"} <= set(paths)


def test_when_it_is_killed_its_processes_end_too(place: Place) -> None:
    with running(place) as service:
        every = descendants(service.process.pid)
        service.process.kill()
        for pid in every:
            wait(lambda pid=pid: not Path(f"/proc/{pid}").exists())  # type: ignore[misc]
    with running(place):
        pass


@pytest.mark.postgresql_alone
def test_pages_and_jobs_do_not_have_the_owners_address(tmp_path: Path) -> None:
    if not settings.OWNER:
        pytest.skip("PostgreSQL alone has an owner")
    with made(tmp_path, "postgresql") as place, running(place) as service:
        wait(lambda: {"web", "worker", "inner"} <= set(service.processes()))
        for pid in service.processes().values():
            variables = Path(f"/proc/{pid}/environ").read_bytes().decode()
            assert "_service:" in variables
            assert place.database not in variables
            assert "REMIT_DATABASE_OWNER" not in variables


def test_a_port_that_is_taken_is_refused(tmp_path: Path) -> None:
    with made(tmp_path, "sqlite") as place, running(place) as service:
        other = Place(tmp_path / "other")
        done = other.command("serve", "--port", str(service.port))
        assert done.returncode == 1
        assert "cannot be used" in done.stderr
        assert not other.data.exists()


@pytest.mark.parametrize(
    "environment",
    [{"REMIT_ADDRESS": "https://remit.example.org"}, {"REMIT_HOSTS": "remit.example.org"}],
)
def test_the_demonstration_is_for_this_machine_alone(tmp_path: Path, environment: dict[str, str]) -> None:
    done = Place(tmp_path / "data", environment=environment).command("serve", "--demo")
    assert done.returncode == 1
    assert "this machine alone" in done.stderr
