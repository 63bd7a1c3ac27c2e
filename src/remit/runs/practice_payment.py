"""What a practice or network is paid of a scheme, as a run says it, in a form that can be kept and read by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from remit.payment.instalments import DuePayment
from remit.payment.terms import Settlement
from remit.runs.results import FINAL, MERGED, PracticeResult


@dataclass(frozen=True)
class SettledAs:
    """How a year would be settled: balance or recovery in pence, and what of them falls due when."""

    balance: int | None
    recovery: int | None
    dues: tuple[DuePayment, ...]


@dataclass(frozen=True)
class PracticePayment:
    """The payment of one practice or network; all amounts are whole pence, None while they are not known.

    `earned` is its award: final where `status` is, else what is known of it so far; None of one that merged, whose
    award is its successor's. `advance` is what is paid in the year, `advance_working` how it comes about, and where it
    is not known `advance_reason` says why; `balance` and `recovery` are None until the award is final. `dues` are what
    falls due when, in the order of days; those without a day are last. `joined` and `left` are its first and last day
    in the scheme where they lie within the year; with `merged_into` it merged into that practice. `share_of_year` is
    the part of the year for which it is paid, as a fraction ("3/4", "1"), nothing where it is not known.

    `if_final` is how a provisional year would be settled if what is known of it were all. Money of one that is
    `paid_through` a network is that network's: nothing falls due to the practice itself.
    """

    scheme: str
    status: str
    earned: int | None
    advance: int | None
    advance_working: str
    advance_reason: str
    balance: int | None
    recovery: int | None
    dues: tuple[DuePayment, ...]
    joined: date | None
    left: date | None
    merged_into: str
    share_of_year: str
    share_working: str
    paid_through: str
    reason: str
    if_final: SettledAs | None

    @property
    def is_final(self) -> bool:
        """Whether its award is final."""
        return self.status == FINAL

    def due_by(self, day: date) -> tuple[DuePayment, ...]:
        """What falls due up to a day, that day with it."""
        return tuple(due for due in self.dues if due.day and due.day <= day)


def payment_of_result(result: PracticeResult) -> PracticePayment:
    """The payment that a run says of one practice or network."""
    settled, practice, part = result.settlement, result.practice, result.participation
    reason = result.advance.reason
    if settled.advance is None:
        reason = reason or settled.reason or part.reason
    return PracticePayment(
        result.scheme.scheme, result.status, None if result.status == MERGED else result.pence,
        settled.advance, result.advance.working, reason,
        settled.balance, settled.recovery, settled.schedule,
        practice.joined, practice.left, practice.successor if practice.merged_in(result.scheme.year) else "",
        "" if part.share is None else str(part.share), part.working or part.reason,
        practice.network if result.through_network else "", result.reason, _settled_as(result.if_final),
    )  # fmt: skip


def _settled_as(settlement: Settlement | None) -> SettledAs | None:
    if settlement is None:
        return None
    dues = tuple(due for due in settlement.schedule if due.kind in ("balance", "recovery"))
    return SettledAs(settlement.balance, settlement.recovery, dues)
