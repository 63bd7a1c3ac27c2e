"""The register for who has the server's files: what is in it, and a version's bytes written to a file.

What is done so is in the audit log without a person: at the server.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from remit.core import say
from remit.core.problems import Place, Refused, did_you_mean, refuse
from remit.files.whole import check_file_free, write_whole
from remit.service.serving.serve import as_owner, existing

if TYPE_CHECKING:
    from remit.service.register.models import SchemeVersion

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


@dataclass(frozen=True)
class AddRequest:
    """A scheme's file that becomes a draft of a commissioner or place. `scheme` is its id, where the file does not say
    it; `reason` says why there is to be a new version, where one is published already."""

    register: Register
    file: Path
    organisation: str
    scheme: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Shown:
    """A version in words: what is known of it, each as a name and a value, and what was done with it."""

    version: str
    facts: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]


def add(request: AddRequest) -> Shown:
    """A draft with exactly the file's bytes. Raises Refused where it cannot be one; a text with errors can."""
    if not request.file.is_file():
        raise refuse("files.no-such-file", "there is no such file.", Place(str(request.file)), "Check its name.")
    with _opened(request.register):
        from remit.service.organisations.models import COMMISSIONER, PLACE, Organisation
        from remit.service.register import services
        from remit.service.register.reading import latest_published
        from remit.service.register.text import LARGEST, id_in, is_id

        every = {one.code: one for one in Organisation.objects.filter(kind__in=(COMMISSIONER, PLACE))}
        organisation = every.get(request.organisation)
        if organisation is None:
            what = f"there is no commissioner or place '{request.organisation}' in this deployment."
            raise refuse("service.commissioner-unknown", what, None, did_you_mean(request.organisation, every))
        if request.file.stat().st_size > LARGEST:
            what = f"has {request.file.stat().st_size:,} bytes; a scheme has {LARGEST:,} at most."
            raise refuse("service.scheme-too-large", what, Place(str(request.file)), "Is it the right file?")
        content = request.file.read_bytes()
        scheme_id = id_in(content) or request.scheme
        if not is_id(scheme_id):
            what = f"'{scheme_id}' is not an id." if scheme_id else "does not say scheme: and an id."
            hint = "Give it with --scheme, such as our-scheme-2025-26."
            raise refuse("service.scheme-unknown", what, Place(str(request.file)), hint)
        follows = latest_published(organisation, scheme_id) if request.reason.strip() else None
        if request.reason.strip() and follows is None:
            what = f"{organisation} has published no version of {scheme_id} that this one could follow."
            raise refuse("service.scheme-step", what, None, "Leave out --reason.")
        version = services.start(
            organisation, scheme_id, content, request.file.name, f"from the file {request.file.name}",
            dict(request.settings), follows, request.reason,
        )  # fmt: skip
        return _in_words(version)


def show(register: Register, scheme: str, organisation: str = "", version: int | None = None) -> Shown:
    """A version with what was done with it: a numbered one, or the newest. Raises Refused where there is none."""
    with _opened(register):
        same = _same(scheme, organisation)
        found = same[0] if version is None else next((one for one in same if one.version == version), None)
        if found is None:
            raise _none(scheme, f"no version {version}", same)
        return _in_words(found)


def _in_words(version: SchemeVersion) -> Shown:
    from django.utils import timezone

    from remit.service.register import reading
    from remit.service.register.checking import of_version
    from remit.service.register.presenting import summary

    facts = [
        ("Whose", str(version.organisation)),
        ("Title", version.title),
        ("State", version.state),
        ("Holds", reading.holds_among(version, reading.others_of(version))),
        ("Follows", str(version.corrects) if version.corrects else ""),
        ("Why", version.reason),
        ("Settings", ", ".join(f"{name}={value}" for name, value in version.settings.items())),
        ("Check", summary(of_version(version))),
        ("File", version.file_name),
        ("SHA-256", version.sha256),
    ]
    steps = []
    for one in reading.steps_of(version):
        who = one.person.name if one.person else "At the server"
        words = f" ({one.words})" if one.words else ""
        steps.append(f"{timezone.localtime(one.at):%Y-%m-%d %H:%M} {who}: {one.step}{words}")
    return Shown(
        str(version), tuple((name, say.clean(text)) for name, text in facts if text), tuple(map(say.clean, steps))
    )


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

        same = _same(request.scheme, request.organisation)
        if request.version is not None:
            version = next((one for one in same if one.version == request.version), None)
            which = f"no version {request.version}"
        else:
            day = request.on or clock.today()
            version = reading.published(same[0].organisation, request.scheme, day)
            which = f"no published version that holds on {day}"
        if version is None:
            raise _none(request.scheme, which, same)
        content = file_of(version).read_bytes()
        with transaction.atomic():
            record("scheme.exported", version.organisation, str(version), sha256=version.sha256)
            write_whole(request.to, lambda work: work.write_bytes(content))
        return Exported(str(version), version.state, version.sha256, request.to)


def _same(scheme: str, organisation: str) -> list[SchemeVersion]:
    """All versions of a scheme, the newest first; of one organisation, named where several have a scheme of that id."""
    from remit.service.register import reading

    seen = [one for one in reading.versions() if organisation in ("", one.organisation.code)]
    same = [one for one in seen if one.scheme_id == scheme]
    if not same:
        near = did_you_mean(scheme, {one.scheme_id for one in seen})
        raise refuse("service.scheme-unknown", f"the register has no scheme '{scheme}'.", None, near)
    if len(organisations := sorted({one.organisation.code for one in same})) > 1:
        what = f"{scheme} is a scheme of {' and of '.join(organisations)}."
        raise refuse("service.scheme-unknown", what, None, "Name one of them with --commissioner.")
    return same


def _none(scheme: str, which: str, same: list[SchemeVersion]) -> Refused:
    there = ", ".join(f"{one.version} ({one.state})" for one in same)
    return refuse(
        "service.scheme-unknown", f"{scheme} has {which}.", None, f"There are {there}. Name one with --version."
    )


@contextmanager
def _opened(register: Register) -> Iterator[None]:
    """The rows, all in sight; a deployment that is not there is not made."""
    deployment = existing(register.data, register.database)
    with as_owner():
        from django.db import connection

        if "register_schemeversion" not in connection.introspection.table_names():
            what = "has no register yet."
            raise refuse("service.nothing-there", what, Place(str(deployment.data)), "Start the service first.")
        from remit.service.scope.acting import acting
        from remit.service.scope.scope import EVERYTHING

        with acting(EVERYTHING):
            yield
