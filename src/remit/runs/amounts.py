"""Amounts that follow from what a run says of one practice, for whoever shows it."""

from __future__ import annotations

from remit.runs.results import PracticeResult


def on_activity(result: PracticeResult) -> int:
    """The pence that are paid quarter by quarter for what was delivered."""
    return sum(due.pennies for due in result.schedule if due.kind == "activity")


def paid_in_instalments(result: PracticeResult) -> int:
    """The pence that are paid in advance, in instalments."""
    return sum(due.pennies for due in result.schedule if due.kind == "instalment")


def earned_by_itself(result: PracticeResult) -> int | None:
    """The pence of a practice's items: of a member of a network, what it contributes, None while it is not known.

    A member of a network that is counted as one earns nothing by itself.
    """
    if result.pool is not None and result.through_network:
        return result.pool.contributions.get(result.practice.code) if result.pool.in_pounds else 0
    return result.pennies
