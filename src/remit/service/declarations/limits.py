"""What a declaration needs, by the limits of its year and with all amounts of its practice in that year together: what
is declared, and what is adjusted. What holds is what the limits are at each step, whenever it was declared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from typing import TypeVar

from django.db.models import QuerySet

from remit.contract import adjustment
from remit.contract.declaration import COUNTED, State, Step, machine
from remit.contract.limits import Limits, Needed
from remit.contract.machine import Machine, Party
from remit.service.declarations.models import Declaration, DeclarationStep
from remit.service.money.models import Adjustment
from remit.service.offers.models import SchemeYear

RowT = TypeVar("RowT", Declaration, Adjustment)
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
    declared = [pence for pk, pence in declared_of([key])[key] if pk != declaration.pk]
    return declared + adjusted_of([key])[key]


def declared_of(those: Iterable[Key]) -> dict[Key, list[tuple[int, int]]]:
    """The id and pence of each declaration that is approved or waits, by practice and scheme year."""
    rows = _of(Declaration.objects.filter(state__in=_COUNTED), those).order_by("number")
    found: dict[Key, list[tuple[int, int]]] = defaultdict(list)
    for practice, year, pk, pence in rows.values_list("practice_id", "scheme_year_id", "pk", "pence"):
        found[practice, year].append((pk, pence))
    return found


def adjusted_of(those: Iterable[Key]) -> dict[Key, list[int]]:
    """The pence of each adjustment that is approved or proposed, by practice and scheme year."""
    rows = _of(Adjustment.objects.filter(state__in=_ADJUSTED), those).order_by("number")
    found: dict[Key, list[int]] = defaultdict(list)
    for practice, year, pence in rows.values_list("practice_id", "scheme_year_id", "pence"):
        found[practice, year].append(pence)
    return found


def _of(rows: QuerySet[RowT], those: Iterable[Key]) -> QuerySet[RowT]:
    keys = set(those)
    return rows.filter(practice__in={one for one, _ in keys}, scheme_year__in={year for _, year in keys})


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
