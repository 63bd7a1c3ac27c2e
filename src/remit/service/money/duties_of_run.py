"""Who did what on all that a payment run pays: whoever did is not the one who releases it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum

from remit.contract import declaration, payment_run
from remit.contract.duties import Duty
from remit.service.declarations.models import Declaration, DeclarationStep
from remit.service.extracts.models import Extract, PracticeFigures
from remit.service.money.models import PaymentRun


def done_on(run: PaymentRun) -> dict[int, frozenset[StrEnum]]:
    """The duties that each person (by id) did on a run and on what it pays: figures received, declared and approved."""
    found: dict[int, set[StrEnum]] = defaultdict(set)
    for person, step in run.steps.filter(person__isnull=False).values_list("person_id", "step"):
        found[person] |= payment_run.MACHINE.duties_of([payment_run.Step(step)])
    paid = run.lines.filter(held=False)
    declarations = set(paid.filter(declaration__isnull=False).values_list("declaration_id", flat=True))
    figures = set(paid.filter(figures__isnull=False).values_list("figures_id", flat=True))
    extracts = PracticeFigures.objects.filter(pk__in=figures).values("extract")
    for person in Extract.objects.filter(pk__in=extracts).values_list("received_by_id", flat=True).distinct():
        found[person] |= {Duty.RECEIVE_FIGURES} if person else set()
    _add_steps(found, DeclarationStep.objects.filter(declaration__in=declarations).values_list("person_id", "step"))
    for person in Declaration.objects.filter(pk__in=declarations).values_list("declared_by_id", flat=True):
        found[person] |= {Duty.DECLARE_FIGURES} if person else set()
    return {person: frozenset(duties) for person, duties in found.items() if person is not None}


def _add_steps(found: dict[int, set[StrEnum]], steps: Iterable[tuple[int | None, str]]) -> None:
    for person, step in steps:
        if person is not None:
            found[person] |= declaration.MACHINE.duties_of([declaration.Step(step)])
