"""Who did what on all that a payment run pays: whoever did is not the one who releases it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import StrEnum

from remit.contract import adjustment, declaration, payment_run
from remit.contract.duties import Duty
from remit.contract.machine import Machine, Party
from remit.payment.book import ADJUSTMENT, PAID_KINDS
from remit.service.declarations.duties import given_for, receivers_of
from remit.service.declarations.models import Declaration, DeclarationStep
from remit.service.extracts.models import Extract, PracticeFigures
from remit.service.money.models import AdjustmentStep, PaymentLine, PaymentRun, Transfer
from remit.service.steps import StateT, StepT


def done_on(run: PaymentRun) -> dict[int, frozenset[StrEnum]]:
    """The duties that each person (by id) did on a run and on what it pays: figures received, declared and approved,
    and adjustments approved. Whoever calls acts as the service for the run's commissioner."""
    found: dict[int, set[StrEnum]] = defaultdict(set)
    _add(found, payment_run.MACHINE, run.steps.values_list("person_id", "step"))
    paid = list(run.lines.filter(held=False).only("run", "declaration", "figures", "practice", "scheme_year", "kind"))
    declarations = {line.declaration_id for line in paid if line.declaration_id is not None}
    figures = PracticeFigures.objects.filter(pk__in={line.figures_id for line in paid if line.figures_id is not None})
    extracts = Extract.objects.filter(pk__in=figures.values("extract")).select_related("scheme_version")
    for person in receivers_of(extracts.only("organisation", "day", "scheme_version__scheme_id")):
        found[person].add(Duty.RECEIVE_FIGURES)
    steps = DeclarationStep.objects.filter(declaration__in=declarations)
    _add(found, declaration.MACHINE, steps.values_list("person_id", "step"))
    givers = {by for _, by in given_for(declarations) if by is not None}
    declared = Declaration.objects.filter(pk__in=declarations, declared_by__isnull=False)
    for person in {*declared.values_list("declared_by_id", flat=True), *givers}:
        found[person].add(Duty.DECLARE_FIGURES)
    decided = AdjustmentStep.objects.filter(adjustment__in=list(_adjustments(paid)))
    _add(found, adjustment.MACHINE, decided.values_list("person_id", "step"))
    return {person: frozenset(duties) for person, duties in found.items()}


def _adjustments(paid: Iterable[PaymentLine]) -> Iterator[int]:
    """The adjustments that lines come to: those that were entered after the practice was last paid for the year."""
    wanted = {(line.practice_id, line.scheme_year_id) for line in paid if line.kind in PAID_KINDS}
    rows = Transfer.objects.filter(
        kind__in=(ADJUSTMENT, *PAID_KINDS), practice__in={one for one, _ in wanted},
        scheme_year__in={year for _, year in wanted},
    ).order_by("number")  # fmt: skip
    entered: dict[tuple[int, int], list[int]] = defaultdict(list)
    for practice, year, kind, one in rows.values_list("practice_id", "scheme_year_id", "kind", "adjustment_id"):
        if kind == ADJUSTMENT:
            entered[practice, year].append(one)
        else:
            entered[practice, year].clear()
    for key in wanted:
        yield from entered[key]


def _add(
    found: dict[int, set[StrEnum]], machine: Machine[StateT, StepT, Party], steps: Iterable[tuple[int | None, str]]
) -> None:
    """What steps are to the duties; that figures were carried over is no step of the contract."""
    known = {one.value: one for one in machine.steps}
    for person, step in steps:
        if person is not None and step in known:
            found[person] |= machine.duties_of([known[step]])
