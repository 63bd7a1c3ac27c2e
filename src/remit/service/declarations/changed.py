"""What becomes of declarations whose figures were superseded: carried over, or withdrawn with the difference.

Numbers that are the same are carried over to the new figures, with a step that says so. Where they differ the
declaration is withdrawn, with what differs, and everybody who took a step and the practice's leads hear of it: on their
first page, and by e-mail where that is set up. A declaration with entered numbers is run anew with them, by a job.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction

from remit.application.extract import moved_of, payment_of
from remit.contract.declaration import COUNTED, State, Step
from remit.contract.machine import Party
from remit.core import say
from remit.core.problems import Refused
from remit.documents.declaration_difference import Payments, declaration_difference
from remit.documents.stored import to_json
from remit.runs.practice_payment import PracticePayment
from remit.service.audit.log import record
from remit.service.declarations import letters, services
from remit.service.declarations.limits import limits_of, machine_of, needed_of
from remit.service.declarations.models import Declaration, DeclarationDifference
from remit.service.declarations.pricing import priced, work_folder
from remit.service.extracts.models import ACCEPTED, Extract, PracticeCopy, PracticeFigures
from remit.service.offers.models import ACCEPTED as TAKES_PART
from remit.service.offers.models import Participation, SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.steps import led
from remit.service.work.jobs import job

MERGED = "merged"
"""The status of figures whose pounds are in the successor's."""
CARRIED_OVER = "carry over"
"""The step of a declaration that goes on with newer figures."""
STANDS = tuple(one.value for one in COUNTED)


@dataclass(frozen=True)
class Now:
    """What a practice's figures come to by the newer extract, and what moved: for others, and for itself."""

    figures: PracticeFigures | None
    sha256: str
    pence: int | None
    payment: str
    moved: str
    own_moved: str
    frame: str


def superseded(extract: Extract) -> None:
    """Look at each declaration whose figures an extract takes the place of; called as it is accepted."""
    if extract.supersedes is None:
        return
    rows = Declaration.objects.filter(figures__extract=extract.supersedes, state__in=STANDS).order_by("pk")
    for one in rows:
        row = services.locked(one)
        if row.entered:
            look_again.enqueue(extract.organisation_id, row.pk)
        else:
            _decide(row, extract, _now(row, extract), (row.figures.sha256, row.figures.pence, row.figures.payment))


def declared_by_service(extract: Extract) -> None:
    """Declare the figures of a year's last extract where the year asks for no declaration."""
    rows = SchemeYear.objects.filter(scheme_id=extract.scheme_version.scheme_id, ends__lte=extract.day, closed=None)
    for year in rows.select_related("organisation"):
        if limits_of(year).needs_declaration:
            continue
        parts = Participation.objects.filter(scheme_year=year, state__in=(TAKES_PART, services.LEFT))
        for part in parts.select_related("practice").order_by("practice__code"):
            _declare(year, part.practice, extract)


def _declare(year: SchemeYear, practice: Organisation, extract: Extract) -> None:
    figures = PracticeFigures.objects.filter(extract=extract, practice=practice, pence__isnull=False).first()
    stands = Declaration.objects.filter(practice=practice, scheme_year=year, state__in=STANDS)
    if figures is None or not figures.payment or stands.filter(day=extract.day).exists():
        return
    services.declare(practice, year, figures, words="No declaration is required in this scheme year.")


@job
def look_again(organisation: int, declaration: int) -> None:
    """Run a declaration's entered numbers with the newest figures, and carry it over or withdraw it."""
    row = Declaration.objects.select_related("practice", "figures__extract__scheme_version").get(pk=declaration)
    newest = _newest(row.figures.extract)
    if row.state not in STANDS or newest.pk == row.figures.extract_id:
        return
    now = _run_again(row, newest)
    with transaction.atomic():
        locked = services.locked(row)
        if locked.state in STANDS and locked.figures_id == row.figures_id:
            entered = locked.entered_numbers
            _decide(locked, newest, now, (entered.sha256, entered.pence, entered.payment))


def _newest(extract: Extract) -> Extract:
    """The extract that stands in the place of another."""
    later = Extract.objects.filter(supersedes=extract, state=ACCEPTED).select_related("scheme_version").first()
    return extract if later is None else _newest(later)


def _run_again(row: Declaration, extract: Extract) -> Now:
    figures = PracticeFigures.objects.filter(extract=extract, practice=row.practice).first()
    rows, code = row.entered_numbers.rows, row.practice.code
    try:
        with TemporaryDirectory(dir=work_folder(), prefix=".") as work:
            before, after = Path(work) / "before", Path(work) / "after"
            for folder in (before, after):
                folder.mkdir()
            priced(row.figures.extract, code, rows, before)
            found = priced(extract, code, rows, after, before / "run")
    except Refused:
        return Now(figures, "", None, "", "", "", "")
    one = found.practice
    return Now(figures, one.sha256, one.pence, one.payment, one.others_moved, one.moved, found.frame)


def _now(row: Declaration, extract: Extract) -> Now:
    figures = PracticeFigures.objects.filter(extract=extract, practice=row.practice).first()
    if figures is None:
        return Now(None, "", None, "", "", "", extract.frame)
    copy = PracticeCopy.objects.get(figures=figures)
    return Now(figures, figures.sha256, figures.pence, figures.payment, figures.moved, copy.moved, extract.frame)


def _decide(row: Declaration, extract: Extract, now: Now, declared: tuple[str, int | None, str]) -> None:
    if now.figures is not None and (now.sha256, now.pence, now.payment) == declared:
        _carry_over(row, extract, now.figures)
    else:
        _withdraw(row, extract, now)


def _carry_over(row: Declaration, extract: Extract, figures: PracticeFigures) -> None:
    before = row.figures.extract.number
    row.figures = figures
    row.save(update_fields=["figures"])
    words = f"Extract {extract.number} took the place of extract {before}; the practice's numbers are the same."
    services.add_step(row, CARRIED_OVER, None, words)
    record(
        "declaration.carried-over", row.organisation, services.subject_of(row), amount_pence=row.pence,
        extract=str(extract),
    )  # fmt: skip


def _withdraw(row: Declaration, extract: Extract, now: Now) -> None:
    """Take back what no longer holds, with the difference; say it to all whom it concerns."""
    before = row.figures.extract
    words = f"Extract {extract.number} took the place of extract {before.number}: {extract.reason}"
    if extract.scheme_version_id != before.scheme_version_id:
        row.corrected_version = extract.scheme_version
        versions = f"version {extract.scheme_version.version} took the place of {before.scheme_version.version}"
        words = f"The scheme was corrected: {versions}. {words}"
    if row.participation.into_id is not None and (now.figures is None or now.figures.status == MERGED):
        row.merged_into = row.participation.into
    steps = list(row.steps.order_by("pk"))
    machine = machine_of(needed_of(row, limits_of(row.scheme_year)), steps)
    to = led(machine, row.state, Step.WITHDRAW, frozenset({Party.SERVICE}), words=words)
    names = tuple(f"{say.day(one.day)} (extract {one.number})" for one in (before, extract))
    payments = Payments(row.practice.name, payment_of(row.payment), _payment(now), (names[0], names[1]))
    for_others, own = (
        to_json(declaration_difference(payments, moved_of([text], payments.names, now.frame) if text else None))
        for text in (now.moved, now.own_moved)
    )
    row.difference, row.replaced_by_figures = for_others, now.figures
    row.difference_pence = None if now.pence is None else now.pence - row.pence
    was_approved = row.state == State.APPROVED.value
    row.state = to.value
    row.save()
    DeclarationDifference.objects.create(practice_id=row.practice_id, declaration=row, document=own)
    services.add_step(row, Step.WITHDRAW.value, None, words)
    known = {} if now.pence is None else {"now_pence": now.pence}
    record(
        "declaration.withdrawn" if known else "declaration.withdrawn-unknown", row.organisation,
        services.subject_of(row), amount_pence=row.pence, words=words, was_approved=was_approved, **known,
    )  # fmt: skip
    letters.withdrawn(row, steps)


def _payment(now: Now) -> PracticePayment | None:
    return payment_of(now.payment) if now.payment else None
