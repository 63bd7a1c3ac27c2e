"""The job that checks an extract, runs it and stores what it came to: all of it in one short transaction, or nothing.

It may be run twice, by two workers, or be ended at any moment: what decides is the state of the extract's row, which
goes from open to decided once.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from uuid import uuid4

from django.db import transaction

from remit.application import made_with
from remit.application.extract import PreparedPractice, Result, prepare
from remit.application.progress import Stopped
from remit.core.problems import Problem, Refused, error
from remit.files.locks import locked
from remit.files.private import private_folder
from remit.files.whole import sync_folder
from remit.service import clock
from remit.service.audit.log import record
from remit.service.declarations import changed
from remit.service.extracts import files, reading
from remit.service.extracts.models import (
    ACCEPTED,
    CANCELLED,
    CHECKING,
    FAILED,
    OPEN,
    REFUSED,
    Extract,
    PracticeCopy,
    PracticeFigures,
)
from remit.service.extracts.requests import kept_of, request_for
from remit.service.organisations.models import ListSize, Organisation
from remit.service.web import uploads
from remit.service.work.jobs import job

MOST_PROBLEMS = 200
_EVERY = 0.5
"""Seconds between two writes of how far a job is: a page is not quicker."""


@job
def check(organisation: int, extract: int) -> None:
    """Check and run an extract, unless it is decided or another worker is at it."""
    row = Extract.objects.select_related("organisation", "scheme_version").filter(pk=extract).first()
    if row is None or not row.is_open:
        return
    try:
        with locked(files.folder_of(row.organisation_id, row.folder), "another worker is checking it."):
            _check(row)
        named = Extract.objects.filter(organisation=organisation).values_list("folder", flat=True)
        files.sweep(organisation, set(named))
        uploads.sweep()
    except Refused as refused:
        if all(one.code == "files.in-use" for one in refused.problems):
            return
        raise


def _check(row: Extract) -> None:
    started = Extract.objects.filter(pk=row.pk, state__in=OPEN).update(state=CHECKING, done=0, of=0)
    if not started:
        return
    folder = files.folder_of(row.organisation_id, row.folder)
    _remove_unfinished(folder, row)
    run = f"{files.RUN}{uuid4().hex[:8]}"
    try:
        files.check_unchanged(folder, kept_of(row))
        before = _before(row)
        request = request_for(row, folder, folder / run, before)
        progress = _Progress(row.pk)
        prepared = prepare(request, progress.report, progress.is_cancelled)
        evidence = _evidence_in_place(row, folder, prepared)
        _accept(row, run, prepared, evidence, before)
        _keep_no_patients(row)
    except Stopped:
        files.remove(folder / run)
        _keep_no_patients(row)
    except Refused as refused:
        _refuse(row, refused)
        _keep_no_patients(row)
    except BaseException:  # whatever it was, a signal too: it did not finish, and goes on as what it is
        Extract.objects.filter(pk=row.pk, state=CHECKING).update(state=FAILED)
        raise


def _keep_no_patients(row: Extract) -> None:
    """Remove the evidence of an extract that was refused or cancelled: nobody is going to look at it."""
    if Extract.objects.filter(pk=row.pk, state__in=(REFUSED, CANCELLED)).exists():
        files.remove_evidence(row.organisation_id, row.folder)


def _before(row: Extract) -> Extract | None:
    """The extract to compare with: the one that it supersedes, else the newest of an earlier day that stands."""
    if row.supersedes_id is not None:
        return row.supersedes
    same = reading.standing().filter(organisation=row.organisation_id, day__lt=row.day)
    return same.filter(scheme_version__scheme_id=row.scheme_version.scheme_id, run__gt="").first()


class _Progress:
    """How far a job is, written now and then, and whether somebody cancelled it."""

    def __init__(self, extract: int) -> None:
        self.extract, self.last = extract, 0.0

    def report(self, done: int, of: int) -> None:
        if monotonic() - self.last > _EVERY or done == of:
            self.last = monotonic()
            Extract.objects.filter(pk=self.extract, state=CHECKING).update(done=done, of=of)

    def is_cancelled(self) -> bool:
        if self.last and monotonic() - self.last > _EVERY:
            return False  # asked when progress is written
        return not Extract.objects.filter(pk=self.extract, state=CHECKING).exists()


def _accept(
    row: Extract, run: str, prepared: Result, evidence: dict[str, dict[str, str]], before: Extract | None
) -> None:
    """Store all of it and make the extract an accepted one; nothing where it was decided in the meantime."""
    organisations = reading.members_on(row.organisation, row.day)
    gone = {code: one for code, (one, _) in reading.gone_elsewhere(row.organisation, row.day).items()}
    with transaction.atomic():
        locked_row = Extract.objects.select_for_update(no_key=True).filter(pk=row.pk, state=CHECKING).first()
        if locked_row is None:
            return
        for place, one in enumerate(prepared.practices):
            known = organisations.get(one.code) or gone.get(one.code)
            if known is not None:  # a network that only the file knows has no page of its own
                _store(row, place, one, known, evidence.get(one.code, {}))
        _keep_list_sizes(row, prepared, organisations)
        missing = [code for code in prepared.missing if code in reading.practices_in(organisations, row.day)]
        locked_row.state, locked_row.decided, locked_row.run = ACCEPTED, clock.now(), run
        locked_row.frame, locked_row.period, locked_row.words = prepared.frame, prepared.period or "", prepared.words
        locked_row.missing, locked_row.problems, locked_row.problem_count = missing, [], 0
        locked_row.warnings = [plain(one) for one in prepared.warnings][:MOST_PROBLEMS]
        locked_row.compared_with, locked_row.made_with = before, made_with.as_content(prepared.made_with)
        locked_row.save()
        practices = len(prepared.practices)
        record("extract.accepted", row.organisation, str(row), day=row.day.isoformat(), practices=practices)
        if row.supersedes is not None:
            record(
                "extract.superseded", row.organisation, str(row.supersedes), by=row.number, reason=row.reason,
            )  # fmt: skip
        changed.superseded(locked_row)
        changed.declared_by_service(locked_row)


def _store(row: Extract, place: int, one: PreparedPractice, practice: Organisation, evidence: dict[str, str]) -> None:
    figures = PracticeFigures.objects.create(
        extract=row, practice=practice, day=row.day, place=place, is_network=one.is_network, status=one.status,
        pence=one.pence, reason=one.reason, points=one.points, sha256=one.sha256,
        statement_for_commissioner=one.others_statement, overview=one.overview, payment=one.payment,
        moved=one.others_moved,
    )  # fmt: skip
    PracticeCopy.objects.create(
        figures=figures, practice=practice, day=row.day, counts=one.counts, statement=one.statement, moved=one.moved,
        evidence=evidence,
    )  # fmt: skip


def _keep_list_sizes(row: Extract, prepared: Result, organisations: Mapping[str, Organisation]) -> None:
    """The list sizes that the practices' file gives, as of the extract's day; what it does not give stays unknown."""
    for one in prepared.practices:
        if one.list_size is not None and one.code in organisations and not one.is_network:
            ListSize.objects.update_or_create(
                organisation=organisations[one.code],
                day=row.day,
                defaults={"people": one.list_size, "source": f"the practices of extract {row.number}"},
            )


def _refuse(row: Extract, refused: Refused) -> None:
    problems = [plain(one) for one in refused.problems][:MOST_PROBLEMS]
    with transaction.atomic():
        done = Extract.objects.filter(pk=row.pk, state=CHECKING).update(
            state=REFUSED, decided=clock.now(), problems=problems, problem_count=refused.total
        )
        if done:
            record("extract.refused", row.organisation, str(row), problems=refused.total)


def plain(one: Problem) -> dict[str, object]:
    """A problem as the database has it: its file, row and column, what is wrong, and what to do."""
    place = one.place
    return {
        "file": Path(place.file).name if place else "",
        "row": place.line if place else 0,
        "column": place.column if place else 0,
        "message": one.message[:1].upper() + one.message[1:],
        "hint": one.hint,
    }


def _remove_unfinished(folder: Path, row: Extract) -> None:
    """What a job left that was ended: the lock is ours, so that no other is at it."""
    for path in folder.glob(f"{files.RUN}*"):
        files.remove(path)
    for path in folder.glob(".*"):
        if path.is_dir():
            files.remove(path)


def _evidence_in_place(row: Extract, folder: Path, prepared: Result) -> dict[str, dict[str, str]]:
    """Move each practice's evidence below that practice's own folder; the hash of each file, by the practice's code.

    A job that was ended in between finds those that are there already.
    """
    if not row.has_evidence:
        return {}
    found: dict[str, dict[str, str]] = {}
    members = reading.members_on(row.organisation, row.day)
    kept = files.evidence_kept(folder)
    for code, _ in kept:
        if code not in members:
            what = f"there is evidence of '{code}', which is not a practice of this commissioner on {row.day}."
            raise Refused([error("runs.practice-of-another", what, None, "Leave it out.", practice=code)])
    for code, source in kept:
        practice = members[code]
        target = files.evidence_folder(practice.pk, row.folder)
        if source.is_dir() and not target.exists():
            for above in (target.parent.parent, target.parent):
                private_folder(above)
            os.replace(source, target)
            sync_folder(target.parent)
        found[code] = files.hashes_in(target)
    return found
