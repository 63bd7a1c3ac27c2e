"""Files that a practice gives as evidence for what no record can tell: searched, kept privately, and never changed.

CSV, workbooks, PDFs and plain texts are searched for what identifies a patient. In a picture nothing can be searched:
the practice confirms that nothing of a patient is in it. Each file is kept below the practice's folder, by its hash.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Max, QuerySet

from remit.application.identifying import Type, check_upload
from remit.core import say
from remit.core.nhs_numbers import holds_nhs_number
from remit.core.problems import Place, Refused, refuse
from remit.files.hashes import sha256_file
from remit.files.private import private_folder
from remit.files.whole import sync_folder
from remit.service import clock
from remit.service.audit.log import record
from remit.service.declarations.models import ENDED, DeclarationFile
from remit.service.extracts.services import file_name
from remit.service.offers.models import SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.organisations.standing import writing
from remit.service.people.roles import Action
from remit.service.scope.scope import current

LARGEST = 20 << 20
"""Bytes of the largest file of evidence."""
MOST = 20
"""Files that wait to be declared, of one practice and scheme year."""
SEARCHED: dict[str, Type] = {".csv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".pdf": "pdf"}
PICTURES = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff"}
ENDINGS = (*SEARCHED, *PICTURES)
LONGEST_NAME, LONGEST_SHOWS = 120, 500
_READ_ONLY, _BLOCK = 0o400, 1 << 20


def add(
    practice: Organisation, scheme_year: SchemeYear, source: Path, name: str, shows: str, confirmed: bool
) -> DeclarationFile:
    """Keep a file that waits to be declared. `confirmed`: somebody says that nothing of a patient is in it.

    Raises Refused for what identifies a patient, for another type, for what is too large, and for a name with a folder.
    """
    if current().person is not None and not current().may(Action.DECLARE, practice.pk):
        raise PermissionDenied(Action.DECLARE)
    name, shows = file_name(name), " ".join(shows.split())
    _check(source, name, shows, confirmed)
    sha256, size = _keep(source, practice)
    person = current().person
    with writing():
        waits = waiting(practice, scheme_year)
        if same := waits.filter(sha256=sha256).first():
            return same
        if waits.count() >= MOST:
            raise _no(name, f"{MOST} files wait to be declared already.")
        if not (_folder(practice.pk) / sha256).is_file():  # the same file was removed at this moment
            raise _no(name, "Send it again.")
        rows = DeclarationFile.objects.filter(practice=practice, scheme_year=scheme_year)
        row = DeclarationFile.objects.create(
            practice=practice, organisation=scheme_year.organisation, scheme_year=scheme_year,
            number=(rows.aggregate(last=Max("number"))["last"] or 0) + 1, name=_short(name), sha256=sha256, size=size,
            shows=shows[:LONGEST_SHOWS], at=clock.now(), by_id=person,
        )  # fmt: skip
        record(
            "declaration.file-added", practice, f"{practice}, {scheme_year.title}", person, file=row.name,
            sha256=sha256,
        )  # fmt: skip
    return row


def waiting(practice: Organisation, scheme_year: SchemeYear) -> QuerySet[DeclarationFile]:
    """The files that wait to be declared, in the order in which they came."""
    rows = DeclarationFile.objects.filter(practice=practice, scheme_year=scheme_year, declaration=None)
    return rows.filter(removed_at=None).order_by("number")


def earlier(practice: Organisation, scheme_year: SchemeYear) -> list[DeclarationFile]:
    """The files of declarations that ended, each once: they can go with the next one without being sent again."""
    there = set(waiting(practice, scheme_year).values_list("sha256", flat=True))
    rows = DeclarationFile.objects.filter(
        practice=practice, scheme_year=scheme_year, declaration__state__in=ENDED
    ).order_by("number")
    return list({one.sha256: one for one in rows if one.sha256 not in there}.values())


def remove(row: DeclarationFile) -> bool:
    """Remove a file that waits to be declared, with its bytes; whether it was there still.

    Bytes that another file has too, as evidence of an earlier declaration, stay.
    """
    if current().person is not None and not current().may(Action.DECLARE, row.practice_id):
        raise PermissionDenied(Action.DECLARE)
    person = current().person
    with writing():
        now = DeclarationFile.objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
        if now.declaration_id is not None or now.removed_at is not None:
            return False
        now.removed_at, now.removed_by_id = clock.now(), person
        now.save(update_fields=["removed_at", "removed_by"])
        record(
            "declaration.file-removed", now.practice, f"{now.practice}, {now.scheme_year.title}", person,
            file=now.name, sha256=now.sha256,
        )  # fmt: skip
        if not DeclarationFile.objects.filter(practice=now.practice_id, sha256=now.sha256, removed_at=None).exists():
            (_folder(now.practice_id) / now.sha256).unlink(missing_ok=True)
    return True


def content_of(row: DeclarationFile) -> bytes:
    """A file's bytes. Raises Refused where they are not, byte for byte, those that were given."""
    path = _folder(row.practice_id) / row.sha256
    if path.is_symlink() or not path.is_file() or sha256_file(path) != row.sha256:
        what = "is not what was given: its SHA-256 differs, or it is gone."
        raise refuse("files.changed-since", what, Place(row.name), "Restore the newest backup.")
    return path.read_bytes()


def every_altered() -> Iterator[str]:
    """The files of evidence that are gone or changed, in words. The scope is the operator's."""
    for row in DeclarationFile.objects.filter(removed_at=None).select_related("practice").order_by("pk"):
        try:
            content_of(row)
        except Refused:
            yield f"{row.name} of {row.practice.code}"


def _folder(practice: int) -> Path:
    return Path(settings.DEPLOYMENT.data) / "declarations" / str(int(practice))


def _check(source: Path, name: str, shows: str, confirmed: bool) -> None:
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        raise _no(name, f"It is of another type. Send {say.listed([one[1:] for one in ENDINGS], 'or')}.")
    size = source.stat().st_size
    if not size:
        raise _no(name, "It is empty.")
    if size > LARGEST:
        raise _no(name, f"It is larger than {LARGEST >> 20} MB.")
    if holds_nhs_number(name) or holds_nhs_number(shows):
        raise _no("The file", "An NHS number is in its name or in what you say of it.")
    if not shows:
        raise _no(name, "Say what it shows.")
    if ending in PICTURES:
        with source.open("rb") as file:
            if not file.read(16).startswith(PICTURES[ending]):
                raise _no(name, "It is not the picture that its name says.")
        if not confirmed:
            raise _no(name, "A picture cannot be searched. Confirm that nothing of a patient is in it.")
    else:
        check_upload(source, name, (SEARCHED[ending],))


def _keep(source: Path, practice: Organisation) -> tuple[str, int]:
    """The hash and size of a file, kept by its hash below the practice's folder, whole or not at all."""
    folder = _folder(practice.pk)
    for one in (folder.parent, folder):
        private_folder(one)
    work, digest, size = folder / f".{uuid4().hex}", hashlib.sha256(), 0
    try:
        handle = os.open(work, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with source.open("rb") as incoming, os.fdopen(handle, "wb") as outgoing:
            while block := incoming.read(_BLOCK):
                digest.update(block)
                size += len(block)
                outgoing.write(block)
            outgoing.flush()
            os.fsync(outgoing.fileno())
            os.fchmod(outgoing.fileno(), _READ_ONLY)
        work.replace(folder / digest.hexdigest())
        sync_folder(folder)
    finally:
        with suppress(FileNotFoundError):
            work.unlink()
    return digest.hexdigest(), size


def _short(name: str) -> str:
    ending = Path(name).suffix
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - len(ending) - 1]}…{ending}"


def _no(name: str, why: str) -> Refused:
    return refuse("service.evidence-file", f"{name} is not kept. {why}", None, "")


def ending_of(name: str) -> str:
    """How a file's name ends, as one of those that are taken."""
    ending = Path(name).suffix.lower()
    return ending if ending in ENDINGS else ""
