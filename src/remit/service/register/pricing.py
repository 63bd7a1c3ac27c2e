"""Two versions priced over the same figures, by a job: both are run as `remit run` does, and compared by cause."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from remit.application.compare import CompareRequest
from remit.application.compare import compare as compare_runs
from remit.application.run import RunRequest, run
from remit.application.scheme_text import shipped
from remit.core.problems import Refused, shown_name
from remit.documents.comparison import document as comparison
from remit.documents.stored import to_json
from remit.files.private import FILE, private_folder
from remit.service import clock
from remit.service.audit.log import record
from remit.service.register.files import file_of, folder
from remit.service.register.models import PricedComparison, SchemeVersion
from remit.service.scope.scope import current
from remit.service.work.jobs import job

LARGEST = 20 * 1024 * 1024
"""Bytes of a file of figures at most."""


def ask(
    version: SchemeVersion,
    before: SchemeVersion | None,
    shipped_id: str,
    practices: File[bytes],
    counts: File[bytes],
) -> PricedComparison:
    """Keep the figures, and let a job price both over them. Raises Refused for files that are too large."""
    key = token_urlsafe(18)
    home = _home(key)
    private_folder(folder())
    private_folder(home.parent)
    private_folder(home)
    for name, file in (("practices.csv", practices), ("counts.csv", counts)):
        with (home / name).open("xb") as whole:
            (home / name).chmod(FILE)
            for chunk in file.chunks():
                whole.write(chunk)
    with transaction.atomic():
        row = PricedComparison.objects.create(
            organisation=version.organisation, key=key, version=version, before=before, shipped=shipped_id,
            figures=f"{shown_name(str(practices.name))[:90]} and {shown_name(str(counts.name))[:90]}",
            asked_at=clock.now(), asked_by_id=current().person,
        )  # fmt: skip
        beside = str(before) if before else shipped_id
        record("scheme.priced", version.organisation, str(version), beside=beside, figures=row.figures)
        transaction.on_commit(lambda: price.enqueue(version.organisation_id, key))
    return row


@job
def price(organisation: int, key: str) -> None:
    """Run both versions over the figures and keep the comparison; what was done already is left as it is."""
    row = PricedComparison.objects.select_related("version", "before").get(key=key, organisation=organisation)
    if row.done_at is not None:
        return
    home = _home(key)
    try:
        document, problems = _priced(row, home), []
    except Refused as refused:
        document, problems = "", [_at(one.message, one.place.line if one.place else 0) for one in refused.problems]
    with transaction.atomic():
        row.document, row.problems, row.done_at = document, problems, clock.now()
        row.save()
    with suppress(FileNotFoundError):
        shutil.rmtree(home)


def _priced(row: PricedComparison, home: Path) -> str:
    """The comparison as stored text. Raises Refused with what does not fit."""
    with TemporaryDirectory(dir=home) as work:
        at = Path(work)
        before_settings: dict[str, str] = {}
        if row.before is not None:
            before = str(file_of(row.before))
            before_settings = row.before.settings
        else:
            before = str(at / f"{row.shipped}.yaml")
            Path(before).write_bytes(shipped(row.shipped))
        names = str(row.before) if row.before else row.shipped, str(row.version)
        first, second = (at / name.replace(", ", " ") for name in _apart(names))
        run(_request(before, home, first, before_settings))
        run(_request(str(file_of(row.version)), home, second, row.version.settings))
        result = compare_runs(CompareRequest(first, second))
        return to_json(comparison(result.comparison, result.names))


def _apart(names: tuple[str, str]) -> tuple[str, str]:
    return names if names[0] != names[1] else (names[0], f"{names[1]} again")


def _request(scheme: str, home: Path, to: Path, values: dict[str, str]) -> RunRequest:
    return RunRequest((scheme,), home / "practices.csv", to, home / "counts.csv", settings=values, ignore_unknown=True)


def _at(message: str, line: int) -> str:
    return f"Line {line}: {message}" if line else message[:1].upper() + message[1:]


def _home(key: str) -> Path:
    return Path(settings.DEPLOYMENT.data) / "register" / "figures" / key
