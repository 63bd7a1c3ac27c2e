"""What is accrued or prepaid on a day, from what a store of figures and a ledger know; and what moved since."""

from __future__ import annotations

from remit.application.extract import movement_of
from remit.comparison.stages import CAUSES
from remit.payment.accrual import Accrual, AccrualLine, Earned, Moves, accrual, moved, total_moves

__all__ = ["Accrual", "AccrualLine", "Earned", "Moves", "accrual", "causes_of", "moved", "total_moves"]


def causes_of(moved_text: str) -> dict[str, int]:
    """What each cause moved of a practice's award between two extracts, in pence, as the later one was prepared."""
    movement = movement_of(moved_text)
    if movement is None:
        return {}
    return {cause: pence for cause, pence in zip(CAUSES, movement.causes, strict=False) if pence}
