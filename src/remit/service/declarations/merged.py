"""What becomes of declarations at a merger: those of the practice that closes and wait are withdrawn, and say why.

From the day of the merger on its successor's award holds the practice's, so its successor's declaration covers it. What
was approved stays as it is. A merger that is undone lets the practice declare again: what it said once is not said anew
without it.
"""

from __future__ import annotations

from datetime import date

from remit.contract.declaration import Step
from remit.contract.machine import Party
from remit.core import say
from remit.service.audit.log import record
from remit.service.declarations import letters, services
from remit.service.declarations.limits import limits_of, machine_of, needed_of
from remit.service.declarations.models import OPEN, Declaration
from remit.service.organisations.models import Organisation
from remit.service.steps import led

UNDONE = "merger undone"
"""The step of a declaration that a merger withdrew which was undone."""


def withdraw(old: Organisation, new: Organisation, day: date) -> list[int]:
    """Withdraw what waits of a practice whose part in a scheme its successor carries on; in the merger's transaction.

    Hands back which, for the merger to be undone.
    """
    words = f"{old} merged into {new} on {say.day(day)}. What {new.name} declares from then on covers it."
    rows = Declaration.objects.filter(practice=old, state__in=OPEN, participation__into=new).order_by("pk")
    return [_withdrawn(services.locked(one), new, words) for one in rows]


def _withdrawn(row: Declaration, new: Organisation, words: str) -> int:
    steps = list(row.steps.order_by("pk"))
    machine = machine_of(needed_of(row, limits_of(row.scheme_year)), steps)
    row.state = led(machine, row.state, Step.WITHDRAW, frozenset({Party.SERVICE}), words=words).value
    row.merged_into = new
    row.save()
    services.add_step(row, Step.WITHDRAW.value, None, words)
    record(
        "declaration.withdrawn-merged", row.organisation, services.subject_of(row), amount_pence=row.pence, words=words
    )
    letters.withdrawn(row, steps)
    return row.pk


def undone(those: list[int]) -> None:
    """Say on each that the merger was undone, in the transaction of that."""
    for one in Declaration.objects.filter(pk__in=those).order_by("pk"):
        row = services.locked(one)
        services.add_step(row, UNDONE, None, "The merger was undone.")
        record("declaration.merger-undone", row.organisation, services.subject_of(row))
