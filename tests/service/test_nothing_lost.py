"""Whatever ends a process in the middle of something, nothing is lost and nothing half is used: an upload that is cut
off, a restore that is killed at each of its steps, a disk that is full; and what is lost of the files is said.

The processes are real, each on a database of its own kind.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import resource
import signal
import socket
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.service import settings
from tests.service.figures_in import PRACTICES, counts
from tests.service.running import COMMAND, HERE, Place, Running, made, running, wait
from tests.service.test_serve_backup import STANDS

KINDS = ["sqlite", *(["postgresql"] if settings.OWNER else [])]

FILLED = """
from datetime import date
from tests.service import area, figures_in
board = area.made(date(2024, 4, 1))
figures_in.scheme(board)
print(area.signed_in(figures_in.someone("data_quality", board["QAA"])).session.session_key)
"""
ROWS = """
from remit.service.audit.models import Entry
from remit.service.extracts.models import Extract
print(Extract.objects.count(), Entry.objects.filter(event__startswith="extract.").count())
"""


@pytest.fixture(scope="module", params=[HERE])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, str]]:
    """A deployment with a published scheme, and the session of somebody who may send figures."""
    folder = tmp_path_factory.mktemp(request.param)
    with made(folder, request.param, tables=True) as place:
        place.environment["REMIT_HOSTS"] = "testserver,127.0.0.1"
        session = place.python(FILLED)
        (folder / "practices.csv").write_text(PRACTICES, encoding="utf-8")
        (folder / "counts.csv").write_text(counts(), encoding="utf-8")
        yield place, session


def begun(service: Running, session: str) -> socket.socket:
    """A connection on which half of an upload was sent."""
    token = "a" * 32
    body = (
        f'--b\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
        '--b\r\nContent-Disposition: form-data; name="practices"; filename="practices.csv"\r\n\r\n'
    ).encode() + b"A1,First practice\r\n" * 200_000
    head = (
        f"POST /figures/QAA/new/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {2 * len(body)}\r\n"
        f"Cookie: sessionid={session}; csrftoken={token}\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n"
    ).encode()
    connection = socket.create_connection(("127.0.0.1", service.port))
    connection.sendall(head + body)
    return connection


def test_an_upload_that_is_cut_off_by_a_kill_leaves_nothing(filled: tuple[Place, str]) -> None:
    place, session = filled
    uploads = place.data / "uploads"
    before = place.python(ROWS)
    with running(place) as service:
        for name in ("inner", "web"):
            with begun(service, session):
                wait(lambda: any(path.stat().st_size > 1_000_000 for path in uploads.iterdir()))
                pid = service.processes()[name]
                os.kill(pid, signal.SIGKILL)
            wait(lambda pid=pid, name=name: service.processes().get(name, pid) != pid)  # type: ignore[misc]
            wait(lambda: service.get("/health")[0] == 200)
            assert list(uploads.glob("*")) == []
            assert place.python(ROWS) == before


def receive(place: Place, limit: int = 0) -> subprocess.CompletedProcess[str]:
    """`remit receive` of the two files; with a limit no file may grow over so many bytes."""
    home = place.data.parent
    files = ["--practices", str(home / "practices.csv"), "--counts", str(home / "counts.csv")]
    words = ["receive", "qif-2024-25", *files, "--on", "2025-03-31", "--commissioner", "QAA"]
    return limited(place, limit, *words)


def limited(place: Place, limit: int, *words: str) -> subprocess.CompletedProcess[str]:
    """A command; a file that grows over the limit fails as one on a full disk does."""

    def before() -> None:
        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    return subprocess.run(
        [*COMMAND, *words], env=place.everything, capture_output=True, text=True, preexec_fn=before, check=False
    )


def test_on_a_full_disk_what_comes_in_and_a_backup_are_refused_whole(filled: tuple[Place, str], tmp_path: Path) -> None:
    place, _ = filled
    before, stands = place.python(ROWS), place.python(STANDS)
    for done in (receive(place, 100), limited(place, 2_000, "backup", "--to", str(tmp_path / "one.remit-backup"))):
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert re.search("File too large|disk", done.stderr), done.stderr
    assert (place.python(ROWS), place.python(STANDS)) == (before, stands)
    assert list(tmp_path.iterdir()) == []
    assert [path for path in (place.data / "extracts").glob("*/*") if path.is_dir()] == []


def test_what_is_gone_or_changed_of_an_extract_is_said(filled: tuple[Place, str]) -> None:
    place, session = filled
    done = receive(place)
    assert done.returncode == 0, done.stderr
    assert "Files of extracts: all are as they came in (of 1 extract)." in place.command("serve", "--check").stdout
    [counts_file] = (place.data / "extracts").glob("*/*/counts.csv")
    [result] = (place.data / "extracts").glob("*/*/run*/inputs/counts.csv")
    as_it_came, run = counts_file.read_bytes(), result.read_bytes()
    for path, kept, names in ((counts_file, as_it_came, "counts.csv"), (result, run, "what was calculated from it")):
        path.chmod(0o600)
        path.write_bytes(kept.replace(b"A1", b"A2"))
        check = place.command("serve", "--check").stdout
        assert f"Files of extracts: gone or changed since: of extract 1 of QAA {names}." in check
        path.write_bytes(kept)
    with running(place) as service:
        page = "/figures/QAA/1/"
        assert "gone or changed" not in service.get(page, Cookie=f"sessionid={session}")[1]
        counts_file.unlink()
        status, text = service.get(page, Cookie=f"sessionid={session}")
        assert status == 200
        assert "gone or changed since: counts.csv." in text
    counts_file.write_bytes(as_it_came)
    assert "Files of extracts: all" in place.command("serve", "--check").stdout


KILLED = """
import json, signal
from pathlib import Path
from tests.service.killing import ended, forked, kill
from remit.service.deployment import from_environment
from remit.service.organisations.models import Organisation
from remit.service.serving import restore, restore_moves
from remit.service.serving.serve import alone
from remit.service.serving.upgrade import upgrade
data, path = from_environment().data, Path({path!r})
def killed(owner, name, first):
    real = getattr(owner, name)
    def with_kill(*args, **options):
        if not first:
            real(*args, **options)
        kill()
    with alone(from_environment()):
        setattr(owner, name, with_kill)
        restore.restore(path, data, replace=True)
def next_start():
    with alone(from_environment()) as (deployment, _):
        upgrade(deployment.data)
def state():
    hidden = sorted(one.name for one in data.iterdir() if one.name.startswith((".rest", ".repl")))
    return [Organisation.objects.filter(code="Z9").exists(), (data / "later").exists(), hidden]
found = []
for owner, name, first in (
    (restore, "_unpack", False), (restore, "_load_here", False), (restore_moves, "write", True),
    (restore_moves, "write", False), (restore_moves, "finish", True), (Path, "rename", False),
    (restore_moves, "finish", False),
):
    if not Organisation.objects.filter(code="Z9").exists():
        Organisation.objects.create(code="Z9", name="Later", kind="practice")
    (data / "later").write_text("x")
    assert ended(forked(lambda: killed(owner, name, first))) == -signal.SIGKILL, name
    assert ended(forked(next_start)) == 0, name
    found.append(state())
print(json.dumps(found))
"""
TRIGGERS = """
import json
from django.db import connection
of = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    "postgresql": "SELECT tgrelid::regclass::text || tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal "
        "ORDER BY 1",
}
with connection.cursor() as cursor:
    cursor.execute(of[connection.vendor])
    print(json.dumps(cursor.fetchall()))
"""


def by_its_roles(place: Place) -> Place:
    """The same place, with the owner's address and that of the ordinary role apart, as the commands set them."""
    if not place.database:
        return place
    server, _, name = place.database.rpartition("@")[2].rpartition("/")
    secret, role = (place.data / "secret").read_text().strip(), f"{name}_service"
    password = hmac.digest(secret.encode(), f"remit.postgresql.{role}".encode(), "sha256").hex()
    ordinary = f"postgres://{role}:{password}@{server}/{name}"
    apart = {"REMIT_DATABASE": ordinary, "REMIT_DATABASE_OWNER": place.database}
    return Place(place.data, place.database, place.environment | apart)


def test_a_restore_that_is_killed_is_the_old_or_the_new_after_the_next_start(
    filled: tuple[Place, str], tmp_path: Path
) -> None:
    place, _ = filled
    path = tmp_path / "one.remit-backup"
    done = receive(place)
    assert done.returncode == 0 or "came in before" in done.stderr, done.stderr
    assert place.command("backup", "--to", str(path)).returncode == 0
    triggers = json.loads(place.python(TRIGGERS))
    found = json.loads(by_its_roles(place).python(KILLED.format(path=str(path))))
    old, new = [True, True, []], [False, False, []]
    assert found[:3] == [old] * 3
    assert found[3] in (old, new)  # on PostgreSQL the transaction is not committed by then
    assert found[4:] == [new] * 3
    assert len(triggers) > 5
    assert json.loads(place.python(TRIGGERS)) == triggers


def manifest_of(path: Path) -> dict[str, object]:
    with zipfile.ZipFile(path) as archive:
        found = json.loads(archive.read("manifest.json"))
    return {name: found[name] for name in ("tables", "files", "migrations")}


def test_from_one_database_to_the_other_and_back_every_hash_is_the_same(
    filled: tuple[Place, str], tmp_path: Path
) -> None:
    first, _ = filled
    receive(first)
    verified, ahead = first.command("audit", "verify"), tmp_path / "0.remit-backup"
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert first.command("backup", "--to", str(ahead)).returncode == 0
    before = manifest_of(ahead)
    for number, kind in enumerate(KINDS, 1):
        with made(tmp_path / str(number), kind) as place:
            done = place.command("restore", str(ahead))
            assert done.returncode == 0, done.stderr
            again = place.command("audit", "verify")
            assert (again.returncode, again.stdout) == (0, verified.stdout), again.stderr
            ahead = tmp_path / f"{number}.remit-backup"
            assert place.command("backup", "--to", str(ahead)).returncode == 0
            assert manifest_of(ahead) == before
            assert "Files of extracts: all are as they came in" in place.command("serve", "--check").stdout
