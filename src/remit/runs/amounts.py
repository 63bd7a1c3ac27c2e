"""Amounts that follow from what a run says of one practice, for whoever shows it."""

from __future__ import annotations

from remit.core.sums import Sum
from remit.runs.results import PracticeResult
from remit.scheme.kinds import Activity


def on_activity(result: PracticeResult) -> int | None:
    """The pence that are paid quarter by quarter for what was delivered; None where nothing of it is known."""
    open_ = sum(isinstance(award.item.kind, Activity) and award.unpaid for award in result.awards)
    return Sum(sum(due.pence for due in result.schedule if due.kind == "activity"), 0, open_).value


def paid_in_instalments(result: PracticeResult) -> int | None:
    """The pence that are paid in advance, in instalments; None while the advance is not known."""
    if result.settlement.advance is None:
        return None
    return sum(due.pence for due in result.schedule if due.kind == "instalment")


def earned_by_itself(result: PracticeResult) -> int | None:
    """The pence of a practice's items: of a member of a network, what it contributes, None while it is not known.

    A member of a network that is counted as one earns nothing by itself. Of a network that shares out its items, what
    they come to.
    """
    if result.pool is not None and result.through_network:
        return result.pool.contributions.get(result.practice.code) if result.pool.in_pounds else 0
    if result.shares_out:
        return Sum.of(award.pence for award in result.awards).value
    return result.pence
