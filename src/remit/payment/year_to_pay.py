"""What is known of a practice's year on the day that a payment run is prepared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from remit.payment.book import INSTALMENT, Paid, PracticeYear
from remit.payment.instalments import DuePayment


@dataclass(frozen=True)
class YearToPay:
    """What is known of a practice's year on the day that a payment run is prepared.

    `dues` are those of the newest standing figures, of which instalments alone are paid from here; None where they are
    not known, with the `reason`. `released` are the activity, balance and recovery of approved declarations. `plan` is
    the recovery that was agreed, in place of the scheme's. `accepted` is the day from which an accepted offer runs and
    `joined` the day by the practices' file; None is the year's beginning for a file, no offer for an acceptance.
    `list_size` is that of the newest figures and `list_before` that which the last instalment was paid on. `stands`
    where a declaration that was approved is withdrawn: what was paid back on it is owed until others are approved.
    """

    whose: PracticeYear
    begins: date
    accepted: date | None
    joined: date | None
    dues: tuple[DuePayment, ...] | None
    reason: str = ""
    released: tuple[DuePayment, ...] = ()
    plan: tuple[DuePayment, ...] | None = None
    paid: Mapping[str, Paid] = field(default_factory=dict)
    list_size: int | None = None
    list_before: int | None = None
    successor: str = ""
    stands: bool = False

    @property
    def instalments(self) -> list[DuePayment]:
        """Those whose day is known, in the order of their days."""
        return sorted((due for due in self.dues or () if due.kind == INSTALMENT and due.day), key=day_of)

    def of(self, kind: str) -> Paid:
        return self.paid.get(kind, Paid())

    def late(self) -> date | None:
        """The day on which it joined, where that was after the year began."""
        return self.joined if self.joined and self.joined > self.begins else None


def day_of(due: DuePayment) -> date:
    """The day of a payment that has one."""
    assert due.day is not None
    return due.day
