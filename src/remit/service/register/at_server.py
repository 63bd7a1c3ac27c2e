"""The register for who has the server's files: what is in it, and a version's bytes written to a file.

What is done so is in the audit log without a person: at the server.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from remit.core.problems import Place, did_you_mean, refuse
from remit.files.whole import check_file_free, write_whole
from remit.service.serving.serve import as_owner, set_environment

COLUMNS = ("Organisation", "Scheme", "Version", "State", "From", "Title", "SHA-256")


@dataclass(frozen=True)
class Register:
    """Which deployment's register."""

    data: Path | None = None
    database: str = ""


@dataclass(frozen=True)
class ExportRequest:
    """Which version is written, and where to: a numbered one, or the one that holds on a day (today)."""

    register: Register
    scheme: str
    to: Path
    organisation: str = ""
    version: int | None = None
    on: date | None = None
    replace: bool = False


@dataclass(frozen=True)
class Exported:
    """What was written: the version in words, its state and its hash."""

    version: str
    state: str
    sha256: str
    path: Path


def listed(register: Register) -> list[tuple[str, ...]]:
    """A row for each version, by organisation and scheme, the newest version first; cells as `COLUMNS`."""
    with _opened(register):
        from remit.service.register import reading

        return [
            (
                one.organisation.code,
                one.scheme_id,
                str(one.version),
                one.state,
                one.day.isoformat() if one.day else "",
                one.title,
                one.sha256,
            )
            for one in reading.versions()
        ]


def export(request: ExportRequest) -> Exported:
    """Write a version's file, whole or not at all, with exactly the register's bytes. Raises Refused."""
    check_file_free(request.to, request.replace)
    with _opened(request.register):
        from django.db import transaction

        from remit.service import clock
        from remit.service.audit.log import record
        from remit.service.register import reading
        from remit.service.register.files import file_of

        seen = [one for one in reading.versions() if request.organisation in ("", one.organisation.code)]
        same = [one for one in seen if one.scheme_id == request.scheme]
        if not same:
            near = did_you_mean(request.scheme, {one.scheme_id for one in seen})
            raise refuse("service.scheme-unknown", f"the register has no scheme '{request.scheme}'.", None, near)
        if len(organisations := sorted({one.organisation.code for one in same})) > 1:
            what = f"{request.scheme} is a scheme of {' and of '.join(organisations)}."
            raise refuse("service.scheme-unknown", what, None, "Name one of them with --organisation.")
        if request.version is not None:
            version = next((one for one in same if one.version == request.version), None)
            which = f"no version {request.version}"
        else:
            day = request.on or clock.today()
            version = reading.published(same[0].organisation, request.scheme, day)
            which = f"no published version that holds on {day}"
        if version is None:
            there = ", ".join(f"{one.version} ({one.state})" for one in same)
            hint = f"There are {there}. Name one with --version."
            raise refuse("service.scheme-unknown", f"{request.scheme} has {which}.", None, hint)
        content = file_of(version).read_bytes()
        with transaction.atomic():
            record("scheme.exported", version.organisation, str(version), sha256=version.sha256)
            write_whole(request.to, lambda work: work.write_bytes(content))
        return Exported(str(version), version.state, version.sha256, request.to)


@contextmanager
def _opened(register: Register) -> Iterator[None]:
    """The rows, all in sight; a deployment that is not there is not made."""
    deployment = set_environment(register.data, register.database)
    if not deployment.data.is_dir():
        what = "is not there: no deployment has its data in it."
        raise refuse("service.nothing-there", what, Place(str(deployment.data)), "Name its data folder with --data.")
    with as_owner():
        from django.db import connection

        if "register_schemeversion" not in connection.introspection.table_names():
            what = "has no register yet."
            raise refuse("service.nothing-there", what, Place(str(deployment.data)), "Start the service first.")
        from remit.service.scope.acting import acting
        from remit.service.scope.scope import EVERYTHING

        with acting(EVERYTHING):
            yield
