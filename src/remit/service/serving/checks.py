"""`remit serve --check`: how a deployment stands, line by line. Nothing is started, made or sent."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from remit.core import say
from remit.core.problems import Problem, Refused
from remit.core.words import agreed, listed
from remit.files.private import others_may_read
from remit.service import rehearsal
from remit.service.deployment import DATABASE_NAME, LOCAL, SECRET_LENGTH, SECRET_NAME, Deployment
from remit.service.serving import roles
from remit.service.serving.backup_files import FOLDER, SUFFIX
from remit.service.serving.heartbeat import is_alive
from remit.service.serving.serve import as_owner, set_environment

GIGABYTE = 1024**3
MOST_NAMED = 5
DAY = 24 * 60 * 60
_REMOTE = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.glusterfs", "9p", "afs", "ceph", "lustre")


@dataclass(frozen=True)
class Line:
    """What was looked at, how it stands, and what to do where that is not well. Of what is `essential` one that is not
    well is enough to say that the deployment is not ready."""

    what: str
    is_well: bool
    stands: str
    to_do: str = ""
    essential: bool = True


def check(data: Path | None, database: str) -> tuple[Line, ...]:
    """Look at all of a deployment. Raises Refused where its settings cannot be read at all."""
    deployment = set_environment(data, database)
    return (
        _secret(deployment),
        *_addresses(deployment),
        *_email(deployment),
        *_database(deployment),
        *_data(deployment),
        *_rehearsal(deployment),
        *_kept(deployment),
        _backup(deployment),
        _worker(deployment),
        _disk(deployment),
    )


def _secret(deployment: Deployment) -> Line:
    to_do = f"Set REMIT_SECRET to {SECRET_LENGTH} letters or more that nobody can guess."
    if deployment.own_secret:
        well = len(deployment.own_secret) >= SECRET_LENGTH and len(set(deployment.own_secret)) >= 10
        stands = "is your own" if well else f"is your own, and shorter than {SECRET_LENGTH} letters or too regular"
        return Line("Secret", well, stands, "" if well else to_do)
    if (deployment.data / SECRET_NAME).is_file():
        return Line("Secret", True, f"is the one in {deployment.data / SECRET_NAME}: keep a copy of it elsewhere")
    return Line("Secret", False, "is not there yet; it is made at the first start", to_do, essential=False)


def _addresses(deployment: Deployment) -> Iterator[Line]:
    to_do = "Set REMIT_ADDRESS to the address that browsers use, as https://remit.example.nhs.uk."
    open_hosts = [host for host in deployment.hosts if host == "*" or host.startswith(".")]
    if open_hosts:
        yield Line("Hosts", False, f"{', '.join(open_hosts)} lets many names in", "Name each host in REMIT_HOSTS.")
    elif set(deployment.hosts) <= LOCAL:
        yield Line("Hosts", False, "answers this machine alone", to_do)
    else:
        yield Line("Hosts", True, f"answers {', '.join(deployment.hosts)}")
    if deployment.is_secure:
        yield Line("Address", True, deployment.address)
        well = deployment.proxies > 0
        stands = f"{deployment.proxies} before Remit; its X-Forwarded-Proto and X-Forwarded-For are believed"
        to_do = "" if well else "Set REMIT_PROXIES to 1: every visitor has the proxy's address otherwise."
        yield Line("Proxy", well, stands if well else "none is named, and https needs one", to_do)
    else:
        stands = "is not set" if not deployment.address else f"{deployment.address} is not https"
        yield Line("Address", False, stands, to_do)


def _email(deployment: Deployment) -> Iterator[Line]:
    from remit.service import mail

    if not deployment.email:
        to_do = "Set REMIT_EMAIL, as smtp://user:password@host:587."
        yield Line("E-mail", False, "no server is named; invitations and resets reach nobody", to_do)
        return
    try:
        settings = mail.settings_of(deployment.email)
    except Refused as refused:
        yield _of(refused.problems[0], "E-mail")
        return
    sender = deployment.email_from or f"remit@{deployment.hosts[0]}"
    yield Line("E-mail", True, f"goes to {settings['EMAIL_HOST']} from {sender}; nothing was sent to try it")


def _database(deployment: Deployment) -> Iterator[Line]:
    if not deployment.database.is_postgresql:
        yield Line(
            "Database",
            True,
            f"SQLite, in {deployment.data / DATABASE_NAME} (for one organisation, or to try it)",
            essential=False,
        )
        return
    try:
        role = roles.role_of(deployment.database)
    except Refused as refused:
        yield _of(refused.problems[0], "Database")
        return
    if role.is_ordinary:
        yield Line("Database", True, f"PostgreSQL, as the ordinary role {role.name}")
    elif deployment.owner == deployment.database:
        stands = f"PostgreSQL, as the owner {role.name}: pages and jobs connect as {deployment.database.name}_service"
        yield Line("Database", True, stands)
    else:
        to_do = "Name an ordinary role in REMIT_DATABASE."
        yield Line("Database", False, f"row-level security does not hold for {role.name}", to_do)
    yield _row_security(deployment)


def _row_security(deployment: Deployment) -> Line:
    with as_owner():
        from remit.service.scope.row_security import scoped_models

        wanted = {model._meta.db_table for model, _ in scoped_models()}
    with roles.connect(deployment.owner) as server:
        forced = {
            name
            for (name,) in server.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                " AND relrowsecurity AND relforcerowsecurity"
            ).fetchall()
        }
    if missing := sorted(wanted - forced):
        to_do = "Start the service once: it puts it in force."
        return Line("Row-level security", False, f"is not in force on {', '.join(missing)}", to_do)
    return Line("Row-level security", True, f"is in force on all {len(wanted)} tables with rows of organisations")


def _data(deployment: Deployment) -> Iterator[Line]:
    data = deployment.data
    if not data.is_dir():
        yield Line("Data folder", True, f"{data} is not there yet; it is made at the first start", essential=False)
        return
    if others_may_read(data):
        yield Line("Data folder", False, f"others may read {data}", f"chmod 700 {data}")
    else:
        yield Line("Data folder", True, f"{data} is its owner's alone")
    kind = _filesystem(data)
    if kind in _REMOTE:
        to_do = "Put it on a disk of this machine: locks do not hold over a network."
        yield Line("Disk of the data folder", False, f"is on the network ({kind})", to_do)


def _rehearsal(deployment: Deployment) -> Iterator[Line]:
    """Whether it lives at another day than today, or is asked to and may not."""
    day = rehearsal.day_of(deployment.data)
    if day is not None:
        yield Line("Rehearsal", True, f"it is {say.day(day)} here, and nothing in it is real", essential=False)
    elif deployment.rehearsal is not None and (deployment.data / DATABASE_NAME).is_file():
        yield Line("Rehearsal", False, "this deployment was not begun as one", "Unset REMIT_REHEARSAL.")
    elif deployment.rehearsal is not None:
        yield Line("Rehearsal", True, f"begins at the first start, on {say.day(deployment.rehearsal)}", essential=False)


def _kept(deployment: Deployment) -> Iterator[Line]:
    """Whether every file that a row points to is there as it was kept."""
    if not deployment.database.is_postgresql and not (deployment.data / DATABASE_NAME).is_file():
        return
    with as_owner():
        from django.db import DatabaseError

        from remit.service.declarations.evidence import every_altered as evidence_altered
        from remit.service.extracts.kept import every_altered
        from remit.service.scope.acting import acting
        from remit.service.scope.scope import EVERYTHING

        try:
            with acting(EVERYTHING):
                found, evidence = list(every_altered()), list(evidence_altered())
        except DatabaseError:
            return  # unreachable, which another line says, or with no tables yet
    lost = [f"of {extract} {listed(names)}" for extract, names in found if names]
    if lost:
        more = f", and of {len(lost) - MOST_NAMED} more extracts" if len(lost) > MOST_NAMED else ""
        stands = f"gone or changed since: {'; '.join(lost[:MOST_NAMED])}{more}"
        yield Line("Files of extracts", False, stands, "Restore the newest backup that has them.")
    elif found:
        how_many = f"{len(found):,} {agreed('extract{|s}', len(found))}"
        yield Line("Files of extracts", True, f"all are as they came in (of {how_many})")
    if evidence:
        stands = f"gone or changed since: {'; '.join(evidence[:MOST_NAMED])}"
        yield Line("Evidence of declarations", False, stands, "Restore the newest backup that has it.")


def _filesystem(folder: Path) -> str:
    """The kind of file system that a folder is on, where the system says."""
    best, kind = "", ""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    for line in mounts:
        _, where, this, *_ = [*line.split(" "), "", "", ""]
        where = where.replace("\\040", " ")
        if len(where) >= len(best) and folder.resolve().is_relative_to(where):
            best, kind = where, this
    return kind


def _backup(deployment: Deployment) -> Line:
    to_do = "Run 'remit backup' each night, and keep a copy on another machine."
    every = list((deployment.data / FOLDER).glob(f"*{SUFFIX}"))
    if not every:
        return Line("Backup", False, f"none in {deployment.data / FOLDER}", to_do, essential=False)
    hours = int((time.time() - max(path.stat().st_mtime for path in every)) // 3600)
    well = hours < DAY // 3600
    return Line("Backup", well, f"the last is {hours} hours old", "" if well else to_do, essential=False)


def _worker(deployment: Deployment) -> Line:
    if is_alive(deployment.data):
        return Line("Worker", True, "is at work", essential=False)
    return Line("Worker", False, "does not run", "Start the service with 'remit serve'.", essential=False)


def _disk(deployment: Deployment) -> Line:
    folder = deployment.data
    while not folder.is_dir():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    well = free >= GIGABYTE
    to_do = "" if well else "Free some: uploads, runs and backups need room."
    return Line("Disk space", well, f"{free / GIGABYTE:,.1f} GB free", to_do)


def _of(problem: Problem, what: str) -> Line:
    return Line(what, False, problem.message.rstrip("."), problem.hint)


def is_ready(lines: tuple[Line, ...]) -> bool:
    """Whether nothing essential is missing."""
    return all(line.is_well or not line.essential for line in lines)
