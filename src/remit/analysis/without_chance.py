"""For which items a chance is stated: those that count patients and pay by that one rate. Needs no numpy."""

from __future__ import annotations

from remit.core.words import listed
from remit.pricing.plan import PlannedItem
from remit.scheme.kinds import OverBaseline


def why_without_chance(line: PlannedItem) -> str:
    """Why no chance is stated for an item; '' where one is."""
    if line.item.paid_to == "network":
        return "It is paid to networks, which share it out."
    if line.item.measure in ("register", "declared"):
        return "It is answered with yes or no: a repeat of the year would answer the same."
    if isinstance(line.kind, OverBaseline):
        return "It is set beside the practice's own earlier rate, in which chance had its part too."
    if line.calculated is not None or line.item.measure not in ("achievement", "prevalence"):
        return "It is not paid by a rate of patients."
    if line.missing:
        return f"Its {line.missing} must be supplied."
    if line.gate:
        return f"Item {line.gate} chooses what its rate pays, and would change too."
    if line.item.requires:
        return f"It pays only where {listed(line.item.requires)} is met."
    if line.only_if:
        return f"It pays only where {line.only_if.words()}."
    return f"It is paid within item {line.within}." if line.within else ""
