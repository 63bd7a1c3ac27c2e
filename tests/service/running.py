"""A deployment in a folder and a database of its own, and the commands of the service run on it as processes."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests import forks
from tests.service import migrated, settings

ROOT = Path(__file__).parents[2]
HERE = "postgresql" if settings.OWNER else "sqlite"
"""The database that the tests are given. `./test` gives them SQLite first, and then PostgreSQL."""
COMMAND = (sys.executable, "-c", "from remit.cli.main import main; main()")


@dataclass
class Place:
    """A data folder, and an owner's address where the rows are in PostgreSQL."""

    data: Path
    database: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def everything(self) -> dict[str, str]:
        """The environment of a command."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("REMIT_", "DJANGO_", "COV_"))}
        paths = os.pathsep.join([str(ROOT / "src"), str(ROOT), kept.get("PYTHONPATH", "")])
        made = kept | {"PYTHONPATH": paths, "REMIT_DATA": str(self.data), "COLUMNS": "80"}
        return made | ({"REMIT_DATABASE": self.database} if self.database else {}) | self.environment

    def command(self, *words: str, **options: str) -> subprocess.CompletedProcess[str]:
        """`remit …`, to its end."""
        return subprocess.run(
            [*COMMAND, *words],
            env=self.everything | options,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def python(self, script: str) -> str:
        """What a script prints that works on the rows as the service, with everything in sight."""
        before = (
            "import django; django.setup()\n"
            "from remit.service.scope.acting import acting\nfrom remit.service.scope.scope import EVERYTHING\n"
            "with acting(EVERYTHING):\n"
        )
        body = "".join(f"    {line}\n" for line in script.strip().splitlines())
        environment = {"DJANGO_SETTINGS_MODULE": "remit.service.settings", "REMIT_AS_OWNER": "1"} | self.everything
        done = forks.run(script=before + body, environment=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@dataclass
class Running:
    """A `remit serve` that runs."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """The status and the text of a page; a redirect is followed."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def lines(self) -> list[dict[str, object]]:
        """The lines of its log."""
        text = self.log.read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]

    def workers(self) -> list[int]:
        """Its workers' processes."""
        return [pid for pid in descendants(self.process.pid) if "serving.worker" in words_of(pid)]

    def processes(self) -> dict[str, int]:
        """Its processes by what they run: `web`, what it started itself, `inner`, and `worker`."""
        found = {}
        for pid in descendants(self.process.pid):
            words = words_of(pid)
            if "serving.worker" in words:
                found["worker"] = pid
            elif "serving.web" in words:
                found["web" if parent_of(pid) == self.process.pid else "inner"] = pid
        return found


def descendants(pid: int) -> list[int]:
    """A process's children and theirs."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and parent_of(int(entry.name)) == pid:
            found += [int(entry.name), *descendants(int(entry.name))]
    return found


def words_of(pid: int) -> str:
    """The command line of a process, or nothing where it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def parent_of(pid: int) -> int:
    """The parent of a process, or 0 where it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return 0


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(until: Callable[[], object], seconds: float = 120) -> None:
    """Look again and again until something holds; fail when it does not come to hold."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if until():
                return
        except (OSError, ValueError):
            pass
        time.sleep(0.1)
    raise AssertionError("it did not come to hold")


@contextmanager
def running(place: Place, *options: str, ready: bool = True) -> Iterator[Running]:
    """`remit serve` until the block ends; by then it has ended, well or killed."""
    port = free_port()
    log = place.data.parent / f"log-{port}"
    with log.open("w") as to:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(port), *options],
            env=place.everything,
            stdin=subprocess.DEVNULL,
            stdout=to,
            stderr=to,
            text=True,
        )
    service = Running(process, port, log)
    try:
        if ready:
            wait(lambda: process.poll() is not None or service.get("/health")[0] == 200)
            assert process.poll() is None, log.read_text()
        yield service
    finally:
        left = descendants(process.pid)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
        for pid in left:
            wait(lambda pid=pid: not Path(f"/proc/{pid}").exists() or _is_zombie(pid), 10)  # type: ignore[misc]


def _is_zombie(pid: int) -> bool:
    return ") Z " in Path(f"/proc/{pid}/stat").read_text()


@contextmanager
def made(folder: Path, kind: str, tables: bool = False) -> Iterator[Place]:
    """A place: `sqlite`, or `postgresql` with a new database on the server that tests are given.

    It is empty and its first start makes the tables; or it has them, as a deployment that was started once.
    """
    folder.mkdir(exist_ok=True)
    data = folder / "data"
    if tables:
        data.mkdir(mode=0o700)
    if kind == "sqlite":
        if tables:
            migrated.copied_to(data / "remit.sqlite3")
        yield Place(data)
        return
    import psycopg
    from psycopg import sql
    from tests.service.dropping import dropped

    name = f"remit_serve_{secrets.token_hex(4)}"
    address = settings.OWNER.rpartition("/")[0]
    with psycopg.connect(settings.OWNER, autocommit=True) as server:
        if tables:
            migrated.created(name)
        else:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            place = Place(data, f"{address}/{name}")
            if tables:
                place.python(_STARTED)
            yield place
        finally:
            dropped(server, name)
            server.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(f"{name}_service")))


_STARTED = """
from django.conf import settings
from remit.service.scope.row_security import put_in_place
from remit.service.serving import roles
deployment = settings.DEPLOYMENT
put_in_place(roles.ordinary(deployment.database, deployment.secret).user)
"""
"""What each start does on PostgreSQL: the role, what it may do, and the secret with which a scope is signed."""
_ROW_SECURITY = """
from django.conf import settings
from remit.service.scope.row_security import put_in_place
put_in_place(settings.DEPLOYMENT.database.user)
"""
"""The same for the service's role of tests."""


@contextmanager
def of_ordinary_role(folder: Path, kind: str) -> Iterator[Place]:
    """A place with tables and nobody in it, in which scripts work as the service's ordinary role (`service_role`)."""
    with made(folder, kind, tables=True) as place:
        place.environment["REMIT_HOSTS"] = "testserver"
        if place.database:
            server = place.database.rpartition("@")[2]
            ordinary = f"postgres://{settings.SERVICE_ROLE}:{settings.SERVICE_PASSWORD}@{server}"
            place.environment |= {"REMIT_DATABASE": ordinary, "REMIT_DATABASE_OWNER": place.database}
            place.python(_ROW_SECURITY)
        place.environment["REMIT_AS_OWNER"] = "0"
        yield place
