"""Steps in the year of a scheme: who takes one, whether they may, and the row that says that they did.

What each step needs is in `remit.contract`; here the person at work is brought to it. Steps are only ever added.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from enum import StrEnum
from typing import TypeVar

from django.db import models

from remit.contract.machine import Machine, NotPossible, Party, after, possible
from remit.core.problems import refuse
from remit.service.organisations.models import Organisation
from remit.service.people.models import Person
from remit.service.people.parties import PARTY_OF_ROLE
from remit.service.people.roles import DECIDES
from remit.service.scope.rows import ScopedModel
from remit.service.scope.scope import current

StateT = TypeVar("StateT", bound=StrEnum)
StepT = TypeVar("StepT", bound=StrEnum)


class TakenStep(ScopedModel):
    """That somebody took a step: which, into which state it led, who, when, and with what words.

    `person` is None where the service itself took it: at changed figures, a merger, or a day that passed.
    """

    step = models.CharField(max_length=40)
    state = models.CharField(max_length=40)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.TextField(blank=True)

    class Meta(ScopedModel.Meta):
        abstract = True


def parties_in(*organisations: Organisation | int) -> frozenset[Party]:
    """As whom the person at work acts in any of these organisations; a job acts as Remit itself.

    Whoever oversees a former member only looks at it, and acts as nobody there.
    """
    scope = current()
    if scope.person is None:
        return frozenset({Party.SERVICE})
    wanted = {one if isinstance(one, int) else one.pk for one in organisations}
    return frozenset(
        PARTY_OF_ROLE[grant.role.id]
        for grant in scope.grants
        if grant.role.id in PARTY_OF_ROLE and grant.role.actions & DECIDES and wanted & grant.organisations
    )


def done_by(
    person: int | None, machine: Machine[StateT, StepT, Party], steps: Iterable[TakenStep]
) -> frozenset[StrEnum]:
    """The duties that a person did on a thing, from the steps that were taken on it; nobody's for the service."""
    if person is None:
        return frozenset()
    return machine.duties_of(machine.steps(one.step) for one in steps if one.person_id == person)


def led(
    machine: Machine[StateT, StepT, Party], state: str | None, step: StepT, parties: Set[Party],
    done: Set[StrEnum] = frozenset(), words: str = "", fault: str = "",
) -> StateT:  # fmt: skip
    """The state that a step leads to, as `contract.machine.after` says. Raises Refused with why it leads nowhere."""
    found = after(machine, None if state is None else machine.states(state), step, parties, done, words, fault)
    if isinstance(found, NotPossible):
        raise refuse("service.step-not-possible", found.why, None, "")
    return found


def open_steps(
    machine: Machine[StateT, StepT, Party], state: str, parties: Set[Party], done: Set[StrEnum] = frozenset()
) -> tuple[StepT, ...]:
    """The steps that can be taken from a state by somebody, for the buttons of a page."""
    return possible(machine, machine.states(state), parties, done)
