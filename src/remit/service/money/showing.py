"""Payment runs as their pages show them, for the current scope."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from django.urls import reverse

from remit.contract.machine import after
from remit.contract.payment_run import MACHINE, State, Step
from remit.core.say import listed
from remit.documents.blocks import Document
from remit.documents.payment_run import ShownLine, ShownRun, payment_run
from remit.payment.book import PracticeYear
from remit.payment.run_differences import Difference, RunLine, differences, total
from remit.service.money.calculating import Waits
from remit.service.money.duties_of_run import done_on
from remit.service.money.models import PaymentLine, PaymentRun
from remit.service.money.scopes import for_commissioner
from remit.service.organisations.models import Organisation
from remit.service.scope.scope import current
from remit.service.steps import parties_in
from remit.service.web.words import moment

TO_DO = {
    Waits.OFFER: "Offer the scheme to it; once it accepts, the next run pays it. Else nothing: it takes no part.",
    Waits.DAYS: "Correct the practices' file of the figures, or the offer: both must name the same day.",
    Waits.FIGURES: "Send figures that have it. Cancel this run first where it should be paid now.",
    Waits.PLAN: "Propose a recovery plan.",
    Waits.CARRIED: "Nothing: it is set against what comes next. Or propose a recovery plan.",
    Waits.APPROVAL: "Approve the declaration; the next run pays it.",
    Waits.DECLARATION: "The practice declares its new figures, which are then approved.",
    Waits.CLOSED: "Settle it with whoever answers for the closed practice, and enter that as an adjustment.",
}


def run_of(organisation: Organisation, number: int) -> PaymentRun | None:
    """A run by its number; None where there is none that may be seen."""
    rows = PaymentRun.objects.filter(organisation=organisation, number=number)
    return rows.select_related("organisation", "prepared_by", "released_by").first()


def runs_of(organisation: Organisation) -> list[PaymentRun]:
    """Every run of a commissioner, the newest first, without their files."""
    rows = PaymentRun.objects.filter(organisation=organisation).defer("file")
    return list(rows.select_related("prepared_by", "released_by").order_by("-number"))


def lines_of(run: PaymentRun) -> list[PaymentLine]:
    """A run's lines, by scheme, practice and kind."""
    rows = PaymentLine.objects.filter(run=run).select_related("practice", "scheme_year")
    return sorted(rows, key=lambda line: (line.scheme_year.scheme_id, line.practice.code, line.kind, line.key))


def document_of(run: PaymentRun) -> Document:
    """A run as a document."""
    lines = lines_of(run)
    before = PaymentRun.objects.filter(
        organisation=run.organisation, state=State.RELEASED.value, number__lt=run.number
    ).order_by("-number").first()  # fmt: skip
    old = lines_of(before) if before else []
    return payment_run(
        ShownRun(
            run.number, run.organisation.name, run.month, run.pay_on, standing(run), _shown(run, lines),
            before.number if before else None, total(_run_lines(old)), differences_of(lines, old) if before else (),
        )
    )  # fmt: skip


def differences_of(now: Sequence[PaymentLine], before: Sequence[PaymentLine]) -> tuple[Difference, ...]:
    """By which causes the lines of a run differ from those of the one before."""
    return differences(_run_lines(now), _run_lines(before))


def standing(run: PaymentRun) -> str:
    """What has become of a run, in a sentence."""
    if run.state == State.PREPARED.value:
        who = run.prepared_by.name if run.prepared_by else "whoever prepared it"
        return f"Nothing is paid yet: it waits to be released by somebody else than {who}."
    if run.state == State.RELEASED.value and run.released_at is not None:
        who = f" by {run.released_by.name}" if run.released_by else ""
        return f"It was released{who} on {moment(run.released_at)}."
    if run.state == State.CANCELLED.value:
        step = run.steps.filter(step=Step.CANCEL.value).order_by("-pk").first()
        return f"It was cancelled, and nothing of it was paid. {step.words if step else ''}".strip()
    return "It is being prepared." if run.state == State.PREPARING.value else "It could not be prepared."


def why_not_released(run: PaymentRun) -> str:
    """Why the person at work cannot release a run by who they are and what they did; empty where they can."""
    person = current().person
    with for_commissioner(run.organisation):
        done = done_on(run).get(person, frozenset[StrEnum]()) if person is not None else frozenset[StrEnum]()
    found = after(MACHINE, State(run.state), Step.RELEASE, parties_in(run.organisation_id), done)
    return "" if isinstance(found, State) else found.why


def _run_lines(lines: Sequence[PaymentLine]) -> list[RunLine]:
    return [
        RunLine(
            PracticeYear(line.practice.code, line.scheme_year.scheme_id), line.kind, line.pence, line.held,
            line.key.endswith(":1"), "correction" in line.why.lower(),
        )
        for line in lines
    ]  # fmt: skip


def _shown(run: PaymentRun, lines: Sequence[PaymentLine]) -> tuple[ShownLine, ...]:
    numbers: dict[tuple[object, ...], int] = {}
    shown = []
    for line in lines:
        key = (line.practice.code, line.scheme_year_id, line.kind, line.held)
        numbers[key] = numbers.get(key, 0) + 1
        shown.append(
            ShownLine(
                line.practice.code, line.practice.name, line.scheme_year.scheme_id, line.scheme_year.title, line.kind,
                line.pence, line.held, line.why, to_do(line), link_of(run, line), numbers[key],
            )
        )  # fmt: skip
    return tuple(shown)


def to_do(line: PaymentLine) -> str:
    """What a held line waits for, and who can do something about it."""
    waits = line.rests.get("waits_for", "")
    return TO_DO[Waits(waits)] if line.held and waits else ""


def link_of(run: PaymentRun, line: PaymentLine) -> str:
    """The address of a line's page."""
    return reverse("run-line", args=[run.organisation.code, run.number, line.pk])


def approvals_of(line: PaymentLine) -> str:
    """Who reviewed and approved what a line pays."""
    return listed(line.rests.get("approved_by", []))
