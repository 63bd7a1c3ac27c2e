"""Takes figures in, cancels, tries again and sweeps. What is received is checked and run by a job: `checking`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max

from remit.application.identifying import check_upload
from remit.core import say
from remit.core.problems import Problem, Refused, error, refuse
from remit.service import clock
from remit.service.audit.log import record
from remit.service.declarations.models import Declaration
from remit.service.extracts import files, reading
from remit.service.extracts.checking import check
from remit.service.extracts.models import CANCELLED, OPEN, RECEIVED, DueDay, Extract
from remit.service.organisations.models import Organisation
from remit.service.organisations.standing import as_service
from remit.service.people import duties
from remit.service.people.duties import Act
from remit.service.people.roles import Action
from remit.service.register.models import SchemeVersion
from remit.service.register.states import State
from remit.service.scope.acting import acting
from remit.service.scope.scope import current

LONGEST_NAME = 200


@dataclass(frozen=True)
class Incoming:
    """A file that comes in: what it is, where it is now, and its name where it came from."""

    kind: str
    path: Path
    name: str


@dataclass(frozen=True)
class Arrival:
    """What comes in: the figures of a scheme version as of a day, with what the run needs beside them.

    `evidence` is the folder of an evaluation that has it; `reason` why it supersedes the one that stands for that day.
    """

    version: SchemeVersion
    day: date
    incoming: Sequence[Incoming]
    settings: Mapping[str, str] = field(default_factory=dict)
    evidence: Path | None = None
    reason: str = ""


def receive(organisation: Organisation, arrival: Arrival) -> Extract:
    """Keep the files and let a job check them. Raises Refused for another type of file, for what identifies a patient,
    for bytes that came in before, and where an extract stands for that day and no reason is given."""
    _check_may(organisation)
    _check_apart(organisation, arrival)
    _check_arrival(organisation, arrival)
    folder = files.new_folder(organisation.pk)
    try:
        kept = [files.keep(one.path, folder, one.kind, file_name(one.name)) for one in arrival.incoming]
        evidence = ""
        if arrival.evidence is not None:
            files.keep_evidence(arrival.evidence, folder)
            evidence = str(sorted(files.hashes_in(folder / files.EVIDENCE).items()))
        sha256 = files.hash_of(kept, evidence)
        _check_first(organisation, arrival.version, sha256)
        _check_standing(organisation, arrival)
        return _received(organisation, arrival, folder.name, kept, sha256)
    except BaseException:  # whatever it was, a signal too: no row names the folder, and it goes on as what it is
        files.remove(folder)
        raise


def _check_apart(organisation: Organisation, arrival: Arrival) -> None:
    """Raises Refused for whoever declared figures of that day for a practice: others send what takes their place."""
    with acting(as_service()):
        rows = Declaration.objects.filter(
            organisation=organisation, participation__scheme_id=arrival.version.scheme_id, day=arrival.day
        )
        declared = list(rows.filter(declared_by__isnull=False).values_list("declared_by_id", flat=True).distinct())
    duties.check(Act.RECEIVE_FIGURES, current().person, {Act.DECLARE_FIGURES: declared})


def _received(
    organisation: Organisation, arrival: Arrival, folder: str, kept: list[files.KeptFile], sha256: str
) -> Extract:
    standing = standing_for(organisation, arrival.version, arrival.day)
    try:
        with transaction.atomic():
            Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)  # one number after the other
            last = Extract.objects.filter(organisation=organisation).aggregate(last=Max("number"))["last"] or 0
            extract = Extract.objects.create(
                organisation=organisation, number=last + 1, scheme_version=arrival.version, day=arrival.day,
                sha256=sha256, files=[one.row() for one in kept], folder=folder, received=clock.now(),
                received_by_id=current().person, supersedes=standing, reason=arrival.reason.strip() if standing else "",
                settings=dict(arrival.settings), has_evidence=arrival.evidence is not None,
            )  # fmt: skip
            record(
                "extract.received", organisation, str(extract), day=arrival.day.isoformat(),
                scheme=str(arrival.version), files=[one.name for one in kept], sha256=sha256,
            )  # fmt: skip
            check.enqueue(organisation.pk, extract.pk)  # the queue is in this database: with the row or not at all
    except IntegrityError:
        _check_first(organisation, arrival.version, sha256)
        raise
    return extract


def standing_for(organisation: Organisation, version: SchemeVersion, day: date) -> Extract | None:
    """The extract of a scheme that stands for a day."""
    same = reading.standing().filter(organisation=organisation, scheme_version__scheme_id=version.scheme_id, day=day)
    return same.first()


def file_name(name: str) -> str:
    """A file's name as it is shown. Raises Refused for one with a folder in it, or with what no name has."""
    plain = name.strip()
    if not plain or plain in (".", "..") or any(c in "/\\:" or not c.isprintable() for c in plain):
        what = "the name of the file has a folder or a sign in it that no name has."
        raise refuse("service.file-name", what, None, "Send the file under a plain name, as counts.csv.")
    return say.clean(plain)[:LONGEST_NAME]


def cancel(extract: Extract) -> bool:
    """Stop an extract that is not decided yet; whether there was anything to stop."""
    _check_may(extract.organisation)
    with transaction.atomic():
        stopped = Extract.objects.filter(pk=extract.pk, state__in=OPEN).update(state=CANCELLED, decided=clock.now())
        if stopped:
            record("extract.cancelled", extract.organisation, str(extract))
    if stopped:
        files.remove_evidence(extract.organisation_id, extract.folder)
    return bool(stopped)


def set_due_day(organisation: Organisation, day: int) -> None:
    """Say by which day of the next month a month's figures are expected."""
    _check_may(organisation)
    with transaction.atomic():
        before = reading.due_day(organisation)
        DueDay.objects.update_or_create(organisation=organisation, defaults={"day": day})
        record("extract.due-day", organisation, str(organisation), before=before, day=day)


def retry(extract: Extract) -> bool:
    """Check an extract again whose check did not finish; whether it may be."""
    _check_may(extract.organisation)
    with transaction.atomic():
        again = Extract.objects.filter(pk=extract.pk, state__in=OPEN).update(state=RECEIVED, done=0, of=0)
        if again:
            check.enqueue(extract.organisation_id, extract.pk)
    return bool(again)


def _check_may(organisation: Organisation) -> None:
    scope = current()
    if scope.person is not None and not scope.may(Action.RECEIVE_EXTRACTS, organisation.pk):
        raise PermissionDenied(Action.RECEIVE_EXTRACTS)


def _check_arrival(organisation: Organisation, arrival: Arrival) -> None:
    """Raises Refused with all that can be seen before the figures are checked."""
    problems: list[Problem] = []
    for one in arrival.incoming:
        try:
            check_upload(one.path, file_name(one.name), ("csv",))
        except Refused as refused:
            problems += refused.problems
    version = arrival.version
    if version.organisation_id != organisation.pk or version.state != State.PUBLISHED.value:
        what = f"{version} is not published."
        problems.append(error("service.scheme-not-published", what, None, "Publish it in the register first."))
    if arrival.day > clock.today():
        what = f"{say.day(arrival.day)} is in the future."
        problems.append(error("service.day-in-future", what, None, "Give the day that the figures were counted on."))
    if problems:
        raise Refused(problems)


def _check_first(organisation: Organisation, version: SchemeVersion, sha256: str) -> None:
    """Raises Refused where the same bytes came in before, with a pointer to the first."""
    same = Extract.objects.filter(organisation=organisation, scheme_version=version, sha256=sha256)
    first = same.exclude(state__in=("refused", "cancelled")).order_by("number").first()
    if first is not None:
        what = f"these files came in before, as extract {first.number} of {say.day(first.day)}: every byte is the same."
        hint = f"Look at extract {first.number}, or send other files."
        raise refuse("service.extract-twice", what, None, hint, number=first.number)


def _check_standing(organisation: Organisation, arrival: Arrival) -> None:
    """Raises Refused where an extract stands for that day and no reason is given to supersede it."""
    standing = standing_for(organisation, arrival.version, arrival.day)
    if standing is not None and not arrival.reason.strip():
        what = f"extract {standing.number} is there for {say.day(arrival.day)}."
        hint = "To put these figures in its place, say why."
        raise refuse("service.extract-stands", what, None, hint, number=standing.number)
