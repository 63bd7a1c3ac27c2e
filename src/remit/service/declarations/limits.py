"""What a declaration needs, by the limits of its year and with all amounts of its practice in that year together: what
is declared, and what is adjusted. What holds is what the limits are at each step, whenever it was declared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set

from django.db.models import Value

from remit.contract import adjustment
from remit.contract.declaration import COUNTED, State, Step, machine
from remit.contract.limits import Limits, Needed
from remit.contract.machine import Machine, Party
from remit.service.declarations.models import Declaration, DeclarationStep
from remit.service.money.models import Adjustment
from remit.service.offers.models import SchemeYear

_ADJUSTED = (adjustment.State.PROPOSED.value, adjustment.State.APPROVED.value)
_COUNTED = tuple(one.value for one in COUNTED)
_STEPS = {one.value for one in Step}


def limits_of(scheme_year: SchemeYear) -> Limits:
    """The limits and settings of a scheme year."""
    return Limits.from_dict(scheme_year.rules)


Key = tuple[int, int]
"""A practice and a scheme year, by their ids."""


def others_of(declaration: Declaration) -> list[int]:
    """The amounts of the same practice and scheme year that are approved or wait, beside this one: other declarations,
    and adjustments."""
    key = (declaration.practice_id, declaration.scheme_year_id)
    declared, adjusted = amounts_of([key])
    return [pence for pk, pence in declared[key] if pk != declaration.pk] + adjusted[key]


Declared = dict[Key, list[tuple[int, int]]]
"""The id and pence of each declaration, by practice and scheme year."""


def amounts_of(those: Iterable[Key]) -> tuple[Declared, dict[Key, list[int]]]:
    """What is declared, and what is adjusted, of each practice and scheme year: each amount that is approved or waits.
    One question to the database."""
    keys = set(those)
    of = {"practice__in": {one for one, _ in keys}, "scheme_year__in": {year for _, year in keys}}
    names = ("practice_id", "scheme_year_id", "pk", "pence", "is_declared")
    declarations = Declaration.objects.filter(**of, state__in=_COUNTED).annotate(is_declared=Value(1))
    adjustments = Adjustment.objects.filter(**of, state__in=_ADJUSTED).annotate(is_declared=Value(0))
    declared: Declared = defaultdict(list)
    adjusted: dict[Key, list[int]] = defaultdict(list)
    rows = declarations.values_list(*names).union(adjustments.values_list(*names), all=True)
    for practice, year, pk, pence, is_declared in rows:
        if is_declared:
            declared[practice, year].append((pk, pence))
        else:
            adjusted[practice, year].append(pence)
    return declared, adjusted


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
