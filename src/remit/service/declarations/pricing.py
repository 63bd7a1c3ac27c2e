"""What figures come to with the numbers that a practice entered: a job runs them as the extract was run.

The practice sees the result and confirms it; until then nothing is declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from remit.application import declared_figures
from remit.application.declared_figures import EnteredNumber, NumberAsked, asked
from remit.core.nhs_numbers import holds_nhs_number
from remit.core.problems import Collector, Problem, Refused
from remit.files.private import private_folder
from remit.service import clock
from remit.service.audit.log import record
from remit.service.declarations.models import EnteredNumbers
from remit.service.extracts import files
from remit.service.extracts.models import Extract, PracticeCopy, PracticeFigures
from remit.service.extracts.requests import kept_of, request_for
from remit.service.offers.models import SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.people.roles import Action
from remit.service.register.files import file_of
from remit.service.scope.scope import current
from remit.service.work.jobs import job

LONGEST_WHY = 1000


def asked_of(figures: PracticeFigures) -> tuple[NumberAsked, ...]:
    """The numbers that no record can tell and that a practice can enter beside its figures."""
    copy = PracticeCopy.objects.filter(figures=figures).first()
    return asked(str(file_of(figures.extract.scheme_version)), copy.counts if copy else "")


def enter(
    practice: Organisation, scheme_year: SchemeYear, figures: PracticeFigures, rows: Sequence[Mapping[str, str]]
) -> EnteredNumbers:
    """Keep what a practice entered, and let a job find what it comes to. Each row has its key, value and why.

    Raises Refused with all that is missing. The same rows for the same figures are not calculated twice.
    """
    if current().person is not None and not current().may(Action.DECLARE, practice.pk):
        raise PermissionDenied(Action.DECLARE)
    kept = list(_checked(asked_of(figures), rows))
    with transaction.atomic():
        same = EnteredNumbers.objects.filter(practice=practice, figures=figures, declaration=None, rows=kept)
        if found := same.order_by("-pk").first():
            return found
        row = EnteredNumbers.objects.create(
            practice=practice, organisation=scheme_year.organisation, scheme_year=scheme_year, figures=figures,
            rows=kept, asked_at=clock.now(), asked_by_id=current().person,
        )  # fmt: skip
        items = tuple(one["item"] for one in kept)
        record("declaration.numbers-entered", practice, scheme_year.title, items=items)
        price.enqueue(scheme_year.organisation_id, row.pk)
    return row


def _checked(wanted: Iterable[NumberAsked], rows: Sequence[Mapping[str, str]]) -> Iterator[dict[str, str]]:
    """The rows as they are kept. Raises Refused with every fault."""
    by_key, problems = {one.key: one for one in wanted}, Collector()
    for row in rows:
        one, value, why = by_key.get(row["key"]), row["value"].strip(), " ".join(row["why"].split())
        name = f"{one.subject} ({one.measure.lower()})" if one else row["key"]
        if one is None:
            what = f"{name} is not a number that this scheme asks a practice for, or the figures have it already."
            problems.add("service.number-entered", what, None, "Open the page again.")
        elif not (value.isascii() and value.isdigit()) or len(value) > 9 or (one.is_answer and value not in "01"):
            problems.add("service.number-entered", f"{name} is not a whole number, 0 or more.", None, "Correct it.")
        elif not why:
            problems.add("service.number-entered", f"Say why {name} is {value}.", None, "Say what it rests on.")
        elif holds_nhs_number(why):
            what = f"What you say of {name} holds an NHS number."
            problems.add("service.number-entered", what, None, "Say it without anything of a patient.")
        else:
            yield {
                "item": one.subject, "measure": one.measure, "period": one.period, "words": one.words,
                "question": one.question,
                "value": str(int(value)), "why": why[:LONGEST_WHY],
            }  # fmt: skip
    problems.refuse_if_any()


@job
def price(organisation: int, entered: int) -> None:
    """Run the practice with what it entered; what was done already is left as it is."""
    row = EnteredNumbers.objects.select_related("practice", "figures__extract__scheme_version").get(pk=entered)
    if row.done_at is not None:
        return
    problems: list[str] = []
    found = None
    try:
        with TemporaryDirectory(dir=work_folder(), prefix=".") as work:
            found = priced(row.figures.extract, row.practice.code, row.rows, Path(work)).practice
    except Refused as refused:
        problems = [_sentence(one) for one in refused.problems]
    with transaction.atomic():
        now = EnteredNumbers.objects.select_for_update(of=("self",), no_key=True).get(pk=entered)
        if now.done_at is not None:
            return
        if found is not None:
            now.pence, now.reason, now.payment, now.counts = found.pence, found.reason, found.payment, found.counts
            now.sha256, now.statement = found.sha256, found.statement
            now.statement_for_commissioner = found.others_statement
        now.problems, now.done_at = problems, clock.now()
        now.save()


def priced(
    extract: Extract, code: str, rows: Sequence[Mapping[str, str]], work: Path, before: Path | None = None
) -> declared_figures.Result:
    """What a practice's figures of an extract come to with entered numbers; the run is `work / "run"`."""
    source = files.folder_of(extract.organisation_id, extract.folder)
    files.check_unchanged(source, kept_of(extract))
    request = request_for(extract, source, work / "run", None)
    request = replace(request, counts=source / extract.run / "inputs" / "counts.csv", before=before, evaluation=None)
    entered = tuple(EnteredNumber(one["item"], one["measure"], one["period"], one["value"]) for one in rows)
    return declared_figures.evaluate(declared_figures.Request(request, code, entered, work))


def work_folder() -> Path:
    """Where runs are made, in folders that no backup takes: their names begin with a dot."""
    folder = Path(settings.DEPLOYMENT.data) / "declarations"
    private_folder(folder)
    return folder


def _sentence(one: Problem) -> str:
    return f"{one.message[:1].upper()}{one.message[1:]} {one.hint}".strip()
