"""For whom a declaration waits, by what its year's limits ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from remit.contract import declaration
from remit.contract.limits import Limits, Needed
from remit.core import say
from remit.core.words import listed
from remit.service.declarations.models import Declaration, DeclarationStep

_STEPS = {step.value for step in declaration.Step}


def needed(one: Declaration, rules: Mapping[str, Any], others: Iterable[int] = (), has_files: bool = False) -> Needed:
    """What a declaration needs by the rules of its scheme year; `others` are the practice's other amounts of it."""
    return Limits.from_dict(rules).needed(one.pence, others, one.in_bulk, bool(one.entered) or has_files)


def waits_for(one: Declaration, needs: Needed, steps: Iterable[DeclarationStep]) -> str:
    """In words, whoever is to act on it; nothing where it waits for nobody."""
    given = {declaration.Step(step.step) for step in steps if step.step in _STEPS}
    machine = declaration.machine(needs, given)
    parties = machine.waits_for.get(declaration.State(one.state), frozenset())
    return listed(sorted(parties)) if parties else ""


def risk(one: Declaration, rules: Mapping[str, Any]) -> str:
    """Its risk class, in words."""
    return f"{say.capital(Limits.from_dict(rules).risk(one.pence).value)} risk"
