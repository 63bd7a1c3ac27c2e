"""What a declaration needs, by the limits of its year and with all amounts of its practice in that year together."""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import date

from remit.contract.declaration import COUNTED, State, Step, machine
from remit.contract.duties import Duty
from remit.contract.limits import Limits, Needed, Risk
from remit.contract.machine import Machine, Party
from remit.service.declarations.models import Declaration, DeclarationStep
from remit.service.extracts.models import ACCEPTED, Extract
from remit.service.offers.models import SchemeYear

_COUNTED = tuple(one.value for one in COUNTED)
_STEPS = {one.value for one in Step}


def limits_of(scheme_year: SchemeYear) -> Limits:
    """The limits and settings of a scheme year."""
    return Limits.from_dict(scheme_year.rules)


def others_of(declaration: Declaration) -> list[int]:
    """The amounts of the same practice and scheme year that are approved or wait, beside this one."""
    same = Declaration.objects.filter(
        practice=declaration.practice_id, scheme_year=declaration.scheme_year_id, state__in=_COUNTED
    )
    return list(same.exclude(pk=declaration.pk).order_by("number").values_list("pence", flat=True))


def needed_of(declaration: Declaration, limits: Limits, in_bulk: bool = False) -> Needed:
    """What is asked for until a declaration is approved; `in_bulk` where it is now to be approved with others."""
    has_evidence = bool(declaration.entered) or (declaration.pk is not None and declaration.files.exists())
    return limits.needed(declaration.pence, others_of(declaration), declaration.in_bulk or in_bulk, has_evidence)


def given_in(steps: Iterable[DeclarationStep]) -> Set[Step]:
    """The steps that were taken; that figures were carried over is none of the contract's."""
    return frozenset(Step(one.step) for one in steps if one.step in _STEPS)


def machine_of(needed: Needed, steps: Iterable[DeclarationStep]) -> Machine[State, Step, Party]:
    """The machine of a declaration that needs something, after the steps that were taken on it."""
    return machine(needed, given_in(steps))


def risk_of(declaration: Declaration, limits: Limits) -> Risk:
    """The risk class, of all amounts of the practice and scheme year together."""
    return limits.risk(abs(declaration.pence) + sum(map(abs, others_of(declaration))))


def received(person: int | None) -> frozenset[tuple[int, str, date]]:
    """The commissioner, scheme and day of each accepted extract that somebody received."""
    if person is None:
        return frozenset()
    rows = Extract.objects.filter(received_by=person, state=ACCEPTED)
    return frozenset(rows.values_list("organisation_id", "scheme_version__scheme_id", "day"))


def received_by(row: Declaration, person: int | None) -> frozenset[Duty]:
    """That somebody received the figures of a declaration, or others of that day that these superseded."""
    return duty_of(row, received(person))


def duty_of(row: Declaration, those: Set[tuple[int, str, date]]) -> frozenset[Duty]:
    """The same, where it is known what somebody received."""
    own = (row.organisation_id, row.participation.scheme_id, row.day)
    return frozenset({Duty.RECEIVE_FIGURES} if own in those else ())
