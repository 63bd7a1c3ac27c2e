"""Two versions priced over the same figures, by a job: both are run as `remit run` does, and compared by cause.

The figures are those of an extract of the service, or files that somebody sends. Of an extract, those practices are
priced whose figures are shared with who asks.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction

from remit.application.compare import CompareRequest
from remit.application.compare import compare as compare_runs
from remit.application.identifying import check_upload
from remit.application.priced_versions import Request, Result, Side, evaluate
from remit.application.run import RunRequest, run
from remit.application.scheme_text import shipped
from remit.core import say
from remit.core.problems import Problem, Refused, refuse, shown_name
from remit.core.words import agreed
from remit.documents.comparison import document as comparison
from remit.documents.stored import to_json
from remit.files.private import FILE, private_folder
from remit.service import clock
from remit.service.audit.log import record
from remit.service.extracts import files
from remit.service.extracts.models import Extract, PracticeFigures
from remit.service.people.roles import Action
from remit.service.register.files import file_of, folder
from remit.service.register.models import PricedComparison, PricedPractice, SchemeVersion
from remit.service.register.states import State
from remit.service.register.text import hash_of
from remit.service.scope.scope import current
from remit.service.work.jobs import job

APPROVED = (State.APPROVED.value, State.PUBLISHED.value)


def ask(
    version: SchemeVersion,
    before: SchemeVersion | None,
    shipped_id: str,
    practices: File[bytes],
    counts: File[bytes],
) -> PricedComparison:
    """Keep the figures, and let a job price both over them. Raises Refused for what is not a table, and for what
    identifies a patient."""
    key = token_urlsafe(18)
    home = _home(key)
    _make(home)
    try:
        for name, file in (("practices.csv", practices), ("counts.csv", counts)):
            with (home / name).open("xb") as whole:
                (home / name).chmod(FILE)
                for chunk in file.chunks():
                    whole.write(chunk)
            check_upload(home / name, shown_name(str(file.name)), ("csv",))
    except Refused:
        shutil.rmtree(home)
        raise
    figures = f"{shown_name(str(practices.name))[:90]} and {shown_name(str(counts.name))[:90]}"
    return _asked(PricedComparison(key=key, version=version, before=before, shipped=shipped_id, figures=figures))


def ask_over(
    extract: Extract, version: SchemeVersion, before: SchemeVersion | None, shipped_id: str
) -> PricedComparison:
    """Let a job price both over an extract, of the practices whose figures are shared with who asks.

    The same question of the same texts has the answer that is there already. Raises Refused where no practice shares.
    """
    if not current().may(Action.SEE_STATEMENTS, extract.organisation_id):
        raise PermissionDenied(Action.SEE_STATEMENTS)
    rows = PracticeFigures.objects.filter(extract=extract).order_by("place")
    codes = list(rows.values_list("practice__code", flat=True))
    if not codes:
        what = f"No practice shares its figures of {say.day(extract.day)} with you."
        raise refuse("service.nothing-shared", what, None, "Ask practices for their consent, or send figures.")
    row = PricedComparison(
        key=token_urlsafe(18), version=version, before=before, shipped=shipped_id, extract=extract, practices=codes,
        figures=f"extract {extract.number} of {say.day(extract.day)}", marks=marks_of(version, before),
        exact=_is_exact(version, before),
    )  # fmt: skip
    same = PricedComparison.objects.filter(version=version, before=before, shipped=shipped_id, extract=extract)
    for one in same.order_by("-pk"):
        if (one.practices, one.marks, one.exact, one.problems) == (codes, row.marks, row.exact, []):
            return one
    return _asked(row)


def marks_of(version: SchemeVersion, before: SchemeVersion | None) -> list[str]:
    """Which texts and settings two versions have: another mark is another price."""
    return [
        hash_of(repr((one.sha256, sorted(one.settings.items()))).encode()) if one else "" for one in (before, version)
    ]


def _is_exact(version: SchemeVersion, before: SchemeVersion | None) -> bool:
    """Whether both are approved by this commissioner's approver: their pounds are then those that are paid."""
    return before is not None and {before.state, version.state} <= set(APPROVED)


def _asked(row: PricedComparison) -> PricedComparison:
    row.organisation, row.asked_at, row.asked_by_id = row.version.organisation, clock.now(), current().person
    with transaction.atomic():
        row.save(force_insert=True)
        beside = str(row.before) if row.before else row.shipped
        record("scheme.priced", row.organisation, str(row.version), beside=beside, figures=row.figures)
        price.enqueue(row.organisation_id, row.key)  # the queue is in this database: with the row or not at all
    return row


@job
def price(organisation: int, key: str) -> None:
    """Run both versions over the figures and keep the comparison; what was done already is left as it is."""
    rows = PricedComparison.objects.select_related("version", "before", "extract")
    row = rows.get(key=key, organisation=organisation)
    if row.done_at is not None:
        return
    home = _home(key)
    found: Result | None = None
    try:
        row.marks, row.exact = marks_of(row.version, row.before), _is_exact(row.version, row.before)
        if row.extract is None:
            row.document = _priced(row, home)
        else:
            found = _over_extract(row, row.extract, home)
    except Refused as refused:
        row.problems = list(in_sentences(row, refused.problems))
    _keep(row, found)
    with suppress(FileNotFoundError):
        shutil.rmtree(home)


def _keep(row: PricedComparison, found: Result | None) -> None:
    """Store what was found, unless another worker did."""
    with transaction.atomic():
        if PricedComparison.objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk).done_at is not None:
            return
        if found is not None and row.extract is not None:
            row.frame, row.settings_differ, row.words = found.frame, list(found.settings), found.words
            rows = PracticeFigures.objects.filter(extract=row.extract)
            known = dict(rows.values_list("practice__code", "practice_id"))
            for part in found.parts:
                PricedPractice.objects.create(
                    comparison=row, practice_id=known[part.code], day=row.extract.day, moved=part.text,
                    left_out=list(part.left_out),
                )  # fmt: skip
        row.done_at = clock.now()
        row.save()


def _over_extract(row: PricedComparison, extract: Extract, home: Path) -> Result:
    kept = [files.KeptFile(**one) for one in extract.files]
    source = files.folder_of(extract.organisation_id, extract.folder)
    files.check_unchanged(source, kept)
    paths = {one.kind: source / f"{one.kind}.csv" for one in kept}
    _make(home)
    with TemporaryDirectory(dir=home) as work:
        before, after = _sides(row, extract, Path(work))
        return evaluate(
            Request(
                before,
                after,
                paths[files.PRACTICES],
                paths[files.COUNTS],
                Path(work),
                paths.get(files.NATIONAL),
                extract.period or None,
                tuple(row.practices),
            )
        )


def _sides(row: PricedComparison, extract: Extract, work: Path) -> tuple[Side, Side]:
    """The two versions, each with its own settings and those that came with the extract."""

    def side(version: SchemeVersion) -> Side:
        values = {**version.settings, **extract.settings}
        return Side(str(version), file_of(version), values, version.state in APPROVED)

    if row.before is not None:
        return side(row.before), side(row.version)
    return Side(row.shipped, _shipped_file(row.shipped, work), {}, is_approved=False), side(row.version)


def _shipped_file(scheme_id: str, work: Path) -> Path:
    path = work / f"{scheme_id}.yaml"
    path.write_bytes(shipped(scheme_id))
    return path


def _priced(row: PricedComparison, home: Path) -> str:
    """The comparison over figures that were sent, as stored text. Raises Refused with what does not fit."""
    with TemporaryDirectory(dir=home) as work:
        at = Path(work)
        before = str(file_of(row.before)) if row.before else str(_shipped_file(row.shipped, at))
        before_settings: dict[str, str] = row.before.settings if row.before else {}
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


def in_sentences(row: PricedComparison, problems: Sequence[Problem]) -> Iterator[str]:
    """What does not fit, in sentences. What is said of rows of an extract could tell of a practice: it is counted."""
    shown = [one for one in problems if row.extract is None or _is_of_version(one)]
    for one in shown:
        yield _at(one.message, one.place.line if one.place else 0)
    if hidden := len(problems) - len(shown):
        rows = agreed("{row|rows}", hidden)
        yield f"One of the two versions does not fit the extract, in {hidden:,} {rows} of the practices' figures."


def _is_of_version(one: Problem) -> bool:
    return one.code.startswith("settings.") or (one.place is not None and one.place.file.endswith((".yaml", ".yml")))


def _at(message: str, line: int) -> str:
    return f"Line {line}: {message}" if line else message[:1].upper() + message[1:]


def _make(home: Path) -> None:
    for one in (folder(), home.parent, home):
        private_folder(one)


def _home(key: str) -> Path:
    return Path(settings.DEPLOYMENT.data) / "register" / "figures" / key
