"""Offers, participation and the limits of a year in words."""

from __future__ import annotations

from remit.contract.limits import Limits
from remit.contract.participation import State
from remit.core import say

STATE_IN_WORDS = {
    State.OFFERED: "not answered yet",
    State.ACCEPTED: "takes part",
    State.REFUSED: "refused",
    State.LAPSED: "lapsed, no answer",
    State.TAKEN_BACK: "taken back",
    State.LEFT: "left",
    State.CARRIED_ON: "merged, carried on",
}


def rules_in_words(limits: Limits) -> str:
    """The limits and steps of a year in one line."""
    tier_2 = [
        *(["what is approved in bulk"] if limits.tier_2_in_bulk else []),
        *([f"above {say.money(limits.tier_2_above)}"] if limits.tier_2_above is not None else []),
    ]
    steps = (
        ("practices declare", limits.needs_declaration),
        ("evidence is reviewed", limits.needs_review),
        ("payments are approved", limits.needs_approval),
    )
    return "; ".join((
        f"finance approves above {say.money(limits.finance_above)}",
        f"medium risk from {say.money(limits.medium_from)}, high from {say.money(limits.high_from)}",
        f"tier 2 checks {' and '.join(tier_2) or 'nothing'}",
        ", ".join(f"{name}: {'yes' if on else 'no'}" for name, on in steps),
    ))  # fmt: skip
