"""What of a scheme rests on a parameter, and waits for it."""

from __future__ import annotations

from remit.scheme.model import Scheme


def waits_for(scheme: Scheme, name: str) -> list[str]:
    """What rests on a parameter, in words."""
    terms = scheme.terms
    items = [
        f"which indicator scores item {item.item}"
        for item in scheme.items
        if isinstance(item.indicator, tuple) and any(dated.from_ == name for dated in item.indicator)
    ]
    rests = {
        "the balance's due date": terms.balance.due,
        "the step before anything is final": terms.balance.reviewed or "",
        "the recovery's due dates": terms.recovery.notified or "",
        "the first recovery's due date": terms.recovery.first or "",
        "practices that join in the year": terms.changes.joiner,
        "practices that leave in the year": terms.changes.leaver,
        "practices that merge in the year": terms.changes.merger,
        "every prevalence weight": scheme.weights.prevalence.basis if scheme.weights.prevalence else "",
        "how a network's money is shared out": scheme.networks.distribution if scheme.networks else "",
    }
    return [*items, *(what for what, rule in rests.items() if rule == name)]
