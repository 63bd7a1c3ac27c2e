"""`remit serve`: sees that everything is in place, and keeps the web server and the workers alive until a signal comes.

In this order: the lock, a restore that was cut off, PostgreSQL's roles, migrations after a backup, the address for the
first administrator, the processes. Only this process ever has the owner's address, and it drops it before they start.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from remit.core.problems import Place, Problem, Refused, refuse, warning
from remit.files.locks import locked
from remit.files.private import private_folder
from remit.service import rehearsal
from remit.service.deployment import LOCAL, Deployment, from_environment
from remit.service.deployment_names import unknown_names
from remit.service.serving import roles
from remit.service.serving.logs import event
from remit.service.serving.supervisor import WEB_SECONDS, Child, Supervisor, answers_at

LOCKED = "is in use: another 'remit serve', 'remit backup' or 'remit restore' works on it."
BEGIN_REHEARSAL = "Begin a new one: set REMIT_REHEARSAL to its first day, and name an empty data folder and database."
IN_THE_WAY = "is in use by another 'remit serve', on this machine or another."


@dataclass(frozen=True)
class Request:
    """Where the service listens and where its data is; `data` and `database` go before what the environment says."""

    host: str = "127.0.0.1"
    port: int = 8000
    data: Path | None = None
    database: str = ""
    demo: bool = False
    workers: int = 1


def set_environment(data: Path | None, database: str, demo: bool = False) -> Deployment:
    """Put what a command was given into the environment, and say what deployment that is. Raises Refused."""
    if data is not None:
        os.environ["REMIT_DATA"] = str(data.absolute())
    if database:
        os.environ["REMIT_DATABASE"] = database
        os.environ.pop("REMIT_DATABASE_OWNER", None)
    if demo:
        os.environ["REMIT_DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "remit.service.settings")
    deployment = from_environment()
    if deployment.is_demonstration:
        _check_demonstration_is_local(deployment)
    return deployment


def existing(data: Path | None, database: str) -> Deployment:
    """The deployment that a command works on, as the environment says too; none is made.

    Raises Refused where there is none, or where its database cannot be reached.
    """
    deployment = set_environment(data, database)
    is_there = deployment.data.is_dir() and (
        deployment.database.is_postgresql or Path(deployment.database.name).is_file()
    )
    if not is_there:
        what = "is not there: no deployment has its data in it."
        raise refuse("service.nothing-there", what, Place(str(deployment.data)), "Name its data folder with --data.")
    if deployment.database.is_postgresql:
        roles.connect(deployment.owner).close()
    return deployment


def _check_demonstration_is_local(deployment: Deployment) -> None:
    named = {*deployment.hosts, urlsplit(deployment.address).hostname or "localhost"}
    if not named <= LOCAL:
        raise refuse(
            "service.demonstration-open",
            "The demonstration has sign-ins that anybody knows: it is for this machine alone.",
            None,
            "Leave --demo (or REMIT_DEMO) out, or REMIT_ADDRESS and REMIT_HOSTS.",
        )


@contextmanager
def alone(deployment: Deployment) -> Iterator[tuple[Deployment, Guard]]:
    """Have a deployment for oneself, and its tables as their owner: the locks, the roles, Django set up."""
    private_folder(deployment.data)
    with locked(deployment.data, LOCKED):
        secret = deployment.secret
        if deployment.database.is_postgresql:
            deployment = _with_roles(deployment, secret)
        guard = Guard(deployment)
        with as_owner():
            from remit.service.serving.restore_moves import finish_or_clear

            if finish_or_clear(deployment.data):
                event("restore-ended", process="serve")
            yield deployment, guard


@contextmanager
def as_owner() -> Iterator[None]:
    """Django, connected as the tables' owner, beside a service that may run. Raises Refused where tables fail."""
    os.environ["REMIT_AS_OWNER"] = "1"
    with _connected():
        yield


@contextmanager
def as_service(deployment: Deployment) -> Iterator[None]:
    """Django, connected as the ordinary role that pages and jobs have, beside a service that may run."""
    if deployment.database.is_postgresql:
        _with_roles(deployment, deployment.secret)
    os.environ.pop("REMIT_AS_OWNER", None)
    with _connected():
        yield


@contextmanager
def _connected() -> Iterator[None]:
    import django

    django.setup()
    from django.db import DatabaseError, connection

    try:
        yield
    except DatabaseError as error:
        reason = str(error).strip().partition("\n")[0]
        what = f"the tables of the deployment cannot be used: {reason}."
        if _has_no_tables():
            raise refuse("service.nothing-there", what, None, "Start 'remit serve' once: it makes them.") from error
        hint = "Nothing was changed. Look for room on the disk, and for another program that uses the database."
        raise refuse("service.database-failed", what, None, hint) from error
    finally:
        connection.close()


def _has_no_tables() -> bool:
    """Whether the database answers and has no tables at all."""
    from django.db import DatabaseError, connection

    connection.close()  # a transaction that failed answers nothing
    try:
        return not connection.introspection.table_names()
    except DatabaseError:
        return False


def _with_roles(deployment: Deployment, secret: str) -> Deployment:
    """The ordinary role's address and the owner's, where one address was given."""
    if deployment.owner == deployment.database:
        given = roles.role_of(deployment.database)
        if not given.is_ordinary:
            os.environ["REMIT_DATABASE_OWNER"] = roles.url_of(deployment.database)
            os.environ["REMIT_DATABASE"] = roles.url_of(roles.ordinary(deployment.database, secret))
            deployment = from_environment()
    return deployment


def serve(request: Request, say: Callable[[str], None], warn: Callable[[Problem], None]) -> None:
    """Serve until SIGTERM or SIGINT. Raises Refused where it cannot start."""
    for problem in unknown_names(os.environ):
        warn(problem)
    request = replace(request, host=_number_of(request.host, request.port))
    deployment = set_environment(request.data, request.database, request.demo)
    if deployment.is_demonstration and request.host not in ("127.0.0.1", "::1"):
        raise refuse("service.demonstration-open", "--demo and --host do not go together: anybody could sign in.")
    _check_port_is_free(request.host, request.port)
    if request.host not in LOCAL and set(deployment.hosts) <= LOCAL:
        what = f"{request.host} is open to other machines, and a browser there is refused: no host is named for it."
        warn(warning("service.hosts-local", what, None, "Set REMIT_ADDRESS to the address that browsers use."))
    with alone(deployment) as (deployment, guard):
        host = f"[{request.host}]" if ":" in request.host else request.host
        shown = deployment.address or f"http://{host}:{request.port}"
        for line in _prepare(deployment, shown):
            say(line)
        environment = _environment_of_children(request)
        say(f"Remit is at {shown}/ and its data in {deployment.data}. Ctrl-C ends it.")
        for line in _sign_ins(deployment, shown):
            say(line)
        event("starting", process="serve", port=request.port)
        Supervisor(_children(request, environment, deployment.stop_seconds), guard.holds).run()


def _prepare(deployment: Deployment, shown: str) -> Iterator[str]:
    """All that is done as the owner before pages are shown, and what there is to say of it."""
    from django.db import connection

    from remit.service.people.invitations import first_where_nobody_is
    from remit.service.scope import checks
    from remit.service.scope.acting import acting
    from remit.service.scope.scope import EVERYTHING
    from remit.service.serving.upgrade import upgrade

    if line := _begin_rehearsal(deployment):
        yield line
    done = upgrade(deployment.data)
    if done.backup:
        yield f"The tables were brought to this version; the backup made before is {done.backup}."
    if deployment.database.is_postgresql:
        roles.check_ordinary(deployment.database)
    checks.refuse_faults(deployment.database.user)
    if deployment.is_demonstration:
        from remit.service.serving.demonstration import load

        load.enqueue()
    with acting(EVERYTHING):
        address = "" if deployment.is_demonstration else first_where_nobody_is()
    if address:
        yield f"Nobody can sign in yet. Within 24 hours, open {shown}{address} to be the administrator."
    connection.close()


def _begin_rehearsal(deployment: Deployment) -> str:
    """Mark a deployment that is new as a rehearsal where it is to be one, and say what day it is in a rehearsal."""
    day = rehearsal.day_of(deployment.data)
    if day is None and deployment.rehearsal is not None:
        if not _has_no_tables():
            what = "REMIT_REHEARSAL is set, and this deployment was not begun as a rehearsal."
            raise refuse("service.rehearsal", what, None, f"Unset it. {BEGIN_REHEARSAL}")
        day = deployment.rehearsal
        rehearsal.set_day(deployment.data, day)
    return rehearsal.sentence(day) if day else ""


def _sign_ins(deployment: Deployment, shown: str) -> Iterator[str]:
    """Who can sign in to the demonstration, and how."""
    if not deployment.is_demonstration:
        return
    from remit.service.demonstration import state
    from remit.service.demonstration.area import PEOPLE
    from remit.service.people.roles import ROLES

    yield f"Everything in it is made up. Sign in with the password {state.sign_ins(deployment.data).password}"
    yield f"and the six-digit code that {shown}/demonstration/ shows, as one of:"
    width = max(len(one.email) for one in PEOPLE)
    yield from (f"  {one.email:<{width}}  {ROLES[one.role].title}, {one.where}" for one in PEOPLE)


class Guard:
    """On PostgreSQL a lock in the database too: two data folders, or two machines, can name one database."""

    def __init__(self, deployment: Deployment) -> None:
        self._database = deployment.database
        self._server: Any = None
        if deployment.database.is_postgresql and not self._take():
            raise refuse("service.database-in-use", f"The database {IN_THE_WAY}", None, "End the other one first.")

    def _take(self) -> bool:
        self._server = roles.connect(self._database)
        [taken] = self._server.execute("SELECT pg_try_advisory_lock(%s)", [roles.LOCK]).fetchone()
        return bool(taken)

    def holds(self) -> bool:
        """Whether the lock is ours still; taken again after the database server was started anew."""
        if self._server is None:
            return True
        import psycopg

        try:
            self._server.execute("SELECT 1")
            return True
        except psycopg.Error:
            try:
                return self._take()
            except Refused:
                return True  # the server is away: nobody else has the lock either


def _number_of(host: str, port: int) -> str:
    """A network address as numbers, which the web server asks for. Raises Refused where the name is of none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise _not_usable(host, port, error) from None
    return str(min(found, key=lambda one: one[0] != socket.AF_INET)[4][0])


def _not_usable(host: str, port: int, error: OSError) -> Refused:
    return refuse(
        "service.port-in-use",
        f"Port {port} of {host} cannot be used: {error.strerror}.",
        None,
        "Name another with --port, or end what uses it; --host takes an address of this machine.",
    )


def _check_port_is_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise _not_usable(host, port, error) from None


def _environment_of_children(request: Request) -> dict[str, str]:
    """What the processes get: the ordinary role's address, and nothing of the owner's."""
    kept = {name: value for name, value in os.environ.items() if name not in ("REMIT_DATABASE_OWNER", "REMIT_AS_OWNER")}
    return kept | {
        "REMIT_SUPERVISOR": str(os.getpid()),
        "REMIT_SERVICE_RUN": secrets.token_hex(8),
        "REMIT_HOST": request.host,
        "REMIT_PORT": str(request.port),
        "PYTHONUNBUFFERED": "1",
    }


def _children(request: Request, environment: dict[str, str], stop_seconds: int) -> list[Child]:
    answers = partial(answers_at, request.host, request.port)
    web = Child("web", "remit.service.serving.web", environment, WEB_SECONDS, answers)
    return [
        web,
        *(
            Child(
                f"worker-{slot}",
                "remit.service.serving.worker",
                environment | {"REMIT_WORKER": str(slot)},
                stop_seconds + 10,
            )
            for slot in range(1, request.workers + 1)
        ),
    ]
