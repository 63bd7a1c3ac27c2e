"""What is done with declarations: a practice declares, its evidence is reviewed, it is approved, sent or taken back.

Each is decided with the declaration's row locked, and recorded in the same transaction. An approval is of the numbers
that were shown: it names their hash and pence, and is refused where they are others by now.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Max

from remit.contract.declaration import MACHINE, State, Step
from remit.core import say
from remit.core.problems import Refused, refuse
from remit.files.hashes import sha256_text
from remit.service import clock
from remit.service.audit.log import record
from remit.service.declarations import letters
from remit.service.declarations.duties import did, given_for
from remit.service.declarations.limits import limits_of, machine_of, needed_of, others_of
from remit.service.declarations.models import (
    ENDED,
    OPEN,
    Declaration,
    DeclarationCopy,
    DeclarationFile,
    DeclarationStep,
    EnteredNumbers,
)
from remit.service.extracts.models import ACCEPTED, Extract, PracticeCopy, PracticeFigures
from remit.service.offers.models import ACCEPTED as TAKES_PART
from remit.service.offers.models import Participation, SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.organisations.standing import writing
from remit.service.scope.scope import current
from remit.service.steps import done_by, led, parties_in

LEFT = "left"
EVENT_OF = {
    Step.DECLARE: "declaration.declared",
    Step.REVIEW_EVIDENCE: "declaration.evidence-reviewed",
    Step.APPROVE: "declaration.approved",
    Step.CHECK: "declaration.checked",
    Step.APPROVE_AMOUNT: "declaration.amount-approved",
    Step.SEND_BACK: "declaration.sent-back",
    Step.TAKE_BACK: "declaration.taken-back",
    Step.WITHDRAW: "declaration.withdrawn",
}
APPROVALS = (Step.APPROVE, Step.CHECK, Step.APPROVE_AMOUNT)
"""Steps that are of specific numbers: whoever takes one names them."""


@dataclass(frozen=True)
class Numbers:
    """The numbers that somebody has seen: their hash and what they come to."""

    sha256: str
    pence: int | None


def declare(
    practice: Organisation, scheme_year: SchemeYear, figures: PracticeFigures, entered: EnteredNumbers | None = None,
    files: Sequence[DeclarationFile] = (), words: str = "", shown: Numbers | None = None,
) -> Declaration:  # fmt: skip
    """Declare the figures of an extract, with the numbers that were `entered` and priced beside them, if any.

    `shown` are the numbers that the practice saw. Raises Refused where they are others by now, where the figures do
    not stand, are not known, or are declared already, and for whoever may not.
    """
    parties, person = parties_in(practice), current().person
    with writing():
        Organisation.objects.select_for_update(no_key=True).get(
            pk=practice.pk
        )  # one after the other declares of a practice
        participation = _participation(practice, scheme_year)
        result = figures if entered is None else _priced(entered, figures)
        _check_figures(practice, scheme_year, figures)
        _check_free(practice, scheme_year, result)
        _check_shown(Numbers(result.sha256, result.pence), shown)
        row = Declaration(
            practice=practice, organisation=scheme_year.organisation, scheme_year=scheme_year,
            participation=participation, number=_next(practice, scheme_year), figures=figures, day=figures.day,
            is_year_end=figures.day >= scheme_year.ends, pence=_known(result), payment=result.payment,
            sha256=_hash(result, files), entered=for_commissioner(entered.rows if entered else []),
            statement_for_commissioner=result.statement_for_commissioner, words=words.strip(),
            declared_at=clock.now(), declared_by_id=person,
        )  # fmt: skip
        needed = limits_of(scheme_year).needed(row.pence, others_of(row), has_evidence=bool(files or row.entered))
        before = did(person).to(row)
        fault = _fault_of(scheme_year)
        row.state = led(machine_of(needed, ()), None, Step.DECLARE, parties, before, words, fault).value
        row.save(force_insert=True)
        _keep_copy(row, figures, entered)
        _attach(row, files)
        _taken(row, Step.DECLARE, person, words)
    return row


def take(
    declaration: Declaration, step: Step, words: str = "", shown: Numbers | None = None, in_bulk: bool = False
) -> Declaration:
    """Review the evidence, approve, check, approve the amount, send back or take back, for the person at work.

    Raises Refused with the reason where it cannot be: another was quicker, the numbers are not those that were
    `shown`, or the duties are kept apart.
    """
    if not Declaration.objects.filter(pk=declaration.pk).exists():
        raise PermissionDenied
    parties, person = parties_in(declaration.practice_id, declaration.organisation_id), current().person
    with writing():
        now = locked(declaration)
        limits, steps = limits_of(now.scheme_year), list(now.steps.select_related("person").order_by("pk"))
        in_bulk = in_bulk and step is Step.APPROVE
        needed = needed_of(now, limits, in_bulk)
        if step is Step.REVIEW_EVIDENCE and not needed.review:
            raise _no("There is no evidence to review in this declaration.")
        machine = machine_of(needed, steps)
        done = done_by(person, MACHINE, steps) | did(person, given_for([now.pk])).to(now)
        fault = fault_of(now)
        try:
            to = led(machine, now.state, step, parties, done, words, fault)
        except Refused as refused:
            if (State(now.state), step) in machine.moves:
                raise
            raise _no(f"{refused.problems[0].message} {last(now, steps)}".strip()) from None
        if step in APPROVALS:
            _check_shown(Numbers(now.sha256, now.pence), shown)
        now.in_bulk = now.in_bulk or in_bulk
        moved(now, to, step, person, words)
    return now


def approve(declaration: Declaration, shown: Numbers, words: str = "") -> Declaration:
    """Approve one declaration by itself, as tier 1."""
    return take(declaration, Step.APPROVE, words, shown)


def approve_in_bulk(which: Iterable[tuple[Declaration, Numbers]]) -> list[tuple[Declaration, str]]:
    """Approve several at once, as tier 1: each with why it was not, empty where it was. Tier 2 then checks each."""
    found = []
    for declaration, shown in which:
        try:
            found.append((take(declaration, Step.APPROVE, "", shown, in_bulk=True), ""))
        except Refused as refused:
            found.append((declaration, " ".join(one.message for one in refused.problems)))
    return found


def moved(now: Declaration, to: State, step: Step, person: int | None, words: str = "") -> None:
    """Store that a locked declaration went a step, with its row and its entry in the log."""
    now.state = to.value
    if to is State.APPROVED:
        now.approved_at = clock.now()
    now.save()
    _taken(now, step, person, words)
    if step is Step.SEND_BACK:
        letters.sent_back(now, person)


def _taken(row: Declaration, step: Step, person: int | None, words: str) -> None:
    add_step(row, step.value, person, words)
    record(
        EVENT_OF[step], row.organisation, subject_of(row), person, amount_pence=row.pence, day=row.day,
        state=row.state, words=words.strip() or "none",
    )  # fmt: skip


def add_step(row: Declaration, step: str, person: int | None, words: str) -> None:
    """Add a row to what was done with a declaration."""
    DeclarationStep.objects.create(
        practice_id=row.practice_id, organisation_id=row.organisation_id, declaration=row, step=step, state=row.state,
        person_id=person, at=clock.now(), words=words.strip(), pence=row.pence,
    )  # fmt: skip


def subject_of(row: Declaration) -> str:
    """`Declaration 2 of Alder Surgery (A1), QIF 2024/25`"""
    return f"declaration {row.number} of {row.practice}, {row.participation.title}"


def last(row: Declaration, steps: Sequence[DeclarationStep]) -> str:
    """Who brought a declaration into the state that it is in: whoever comes second reads it."""
    if not steps:
        return ""
    who = steps[-1].person.name if steps[-1].person else "Remit itself"
    return f"{who} was the last to act on it; it is now {row.state}."


def locked(declaration: Declaration) -> Declaration:
    """The row as it stands now, held until the transaction ends."""
    rows = Declaration.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("practice", "organisation", "scheme_year", "participation", "figures__extract").get(
        pk=declaration.pk
    )


def fault_of(row: Declaration) -> str:
    """Why a declaration cannot be approved now, in a sentence; empty where it can."""
    if is_superseded(row.figures.extract):
        return "Newer figures have come in and are being compared with these. Look again in a minute."
    return _fault_of(row.scheme_year)


def _fault_of(scheme_year: SchemeYear) -> str:
    return f"The books of {scheme_year.title} are closed." if scheme_year.closed else ""


def is_superseded(extract: Extract) -> bool:
    """Whether other figures took the place of an extract's."""
    return Extract.objects.filter(supersedes=extract, state=ACCEPTED).exists()


def _no(why: str) -> Refused:
    return refuse("service.step-not-possible", why, None, "")


def _participation(practice: Organisation, scheme_year: SchemeYear) -> Participation:
    rows = Participation.objects.filter(practice=practice, scheme_year=scheme_year, state__in=(TAKES_PART, LEFT))
    found = rows.order_by("-pk").first()
    if found is None:
        raise _no(f"{practice.name} does not take part in {scheme_year.title}, so it has nothing to declare.")
    return found


def _check_figures(practice: Organisation, scheme_year: SchemeYear, figures: PracticeFigures) -> None:
    extract = figures.extract
    if figures.practice_id != practice.pk or extract.scheme_version.scheme_id != scheme_year.scheme_id:
        raise _no(f"These are not figures of {practice.name} in {scheme_year.title}.")
    if is_superseded(extract):
        raise _no(f"Extract {extract.number} is superseded. Look at the newer figures, and declare those.")


def _check_free(practice: Organisation, scheme_year: SchemeYear, result: PracticeFigures | EnteredNumbers) -> None:
    """One declaration of a practice and scheme year waits at a time; what is approved is not declared again."""
    same = Declaration.objects.filter(practice=practice, scheme_year=scheme_year)
    waits = same.filter(state__in=OPEN).first()
    if waits is not None:
        raise _no(
            f"Declaration {waits.number} of {say.day(waits.day)} waits for approval. "
            "Take it back first if you want to declare other figures."
        )
    if isinstance(result, PracticeFigures):
        stands = same.filter(state=State.APPROVED.value, figures=result).first()
        if stands is not None and not stands.entered:
            raise _no(f"These figures are already declared and approved, as declaration {stands.number}.")


def _check_shown(now: Numbers, shown: Numbers | None) -> None:
    if shown is not None and shown != now:
        raise _no("The numbers have changed since this page was opened. Look at them again.")


def _known(result: PracticeFigures | EnteredNumbers) -> int:
    if result.pence is None:
        raise _no(f"What these figures come to is not known yet: {result.reason or 'something is missing'}")
    if not result.payment:
        raise _no("What is paid on these figures was not worked out as they came in. Have them sent again.")
    return result.pence


def _priced(entered: EnteredNumbers, figures: PracticeFigures) -> EnteredNumbers:
    row = EnteredNumbers.objects.select_for_update(no_key=True).get(pk=entered.pk)
    if row.figures_id != figures.pk:
        raise _no("These numbers were entered for other figures. Enter them again.")
    if row.declaration_id is not None:
        raise _no("These numbers are already declared.")
    if row.done_at is None or row.problems:
        raise _no("What these numbers come to is not worked out yet.")
    return row


def _hash(result: PracticeFigures | EnteredNumbers, files: Sequence[DeclarationFile]) -> str:
    """The hash of all that is declared: counts, entered numbers with them, what they come to, and the evidence."""
    whole = [result.sha256, result.pence, result.payment, sorted(one.sha256 for one in files)]
    return sha256_text(json.dumps(whole, separators=(",", ":")))


def for_commissioner(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Entered numbers without the counts of patients: those are in the statement, where small ones are hidden."""
    return [{**one, "value": one["value"] if one["measure"] in YES_OR_NO else ""} for one in rows]


YES_OR_NO = ("DECLARED", "EVIDENCED")
"""Measures whose value is an answer, and no count of patients."""


def _next(practice: Organisation, scheme_year: SchemeYear) -> int:
    rows = Declaration.objects.filter(practice=practice, scheme_year=scheme_year)
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1


def _keep_copy(row: Declaration, figures: PracticeFigures, entered: EnteredNumbers | None) -> None:
    source = entered or PracticeCopy.objects.get(figures=figures)
    DeclarationCopy.objects.create(
        practice_id=row.practice_id, declaration=row, counts=source.counts, statement=source.statement
    )
    if entered is not None:
        entered.declaration = row
        entered.save(update_fields=["declaration"])


def _attach(row: Declaration, files: Sequence[DeclarationFile]) -> None:
    """Let files go with a declaration: those that wait, and, in rows of their own, those of one that ended."""
    if not files:
        return
    same = DeclarationFile.objects.filter(practice=row.practice_id, scheme_year=row.scheme_year_id)
    there = {one.pk: one for one in same.select_related("declaration")}
    last = max((one.number for one in there.values()), default=0)
    for given in files:
        one = there.get(given.pk)
        if one is None or one.removed_at is not None or (one.declaration and one.declaration.state not in ENDED):
            raise _no(f"“{given.name}” is not evidence that waits to be declared here.")
        if one.declaration is None:
            one.declaration = row
            one.save(update_fields=["declaration"])
        else:
            last += 1
            DeclarationFile.objects.create(
                practice_id=row.practice_id, organisation_id=row.organisation_id, scheme_year_id=row.scheme_year_id,
                declaration=row, number=last, name=one.name, sha256=one.sha256, size=one.size, shows=one.shows,
                at=row.declared_at, by_id=row.declared_by_id,
            )  # fmt: skip


__all__ = ["Numbers", "approve", "approve_in_bulk", "declare", "take"]
