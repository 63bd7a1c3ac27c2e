"""The counts of people that a run pays on, item by item, over the practices (or networks) whose own counts earn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from remit.analysis.beta_binomial import BetaBinomial, NotFitted, fit
from remit.analysis.payment_scale import PaymentScale, payment_scale
from remit.core.words import listed
from remit.organisation.mergers import with_their_lists
from remit.pricing.plan import PlannedItem, PricingPlan
from remit.runs.engine import Run
from remit.runs.networks import NETWORK
from remit.scheme.model import Item

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class ItemCounts:
    """One item of one scheme of a run: who counted how many of how many, the same place of each array.

    `codes` are the practices whose counts are known and fit; those with nobody to count are among them. `lists` are
    their registered patients, 0 where not known.
    """

    scheme: str
    item: Item
    codes: tuple[str, ...]
    over: Counts
    under: Counts
    lists: Counts

    @property
    def code(self) -> str:
        return self.item.item

    @cached_property
    def spread(self) -> BetaBinomial | NotFitted:
        """How its practices differ beyond chance."""
        return fit(self.over, self.under)

    @cached_property
    def scale(self) -> PaymentScale:
        """What each rate earns."""
        return payment_scale(self.item.kind)

    @cached_property
    def counted(self) -> NDArray[np.int64]:
        """The places of the practices with somebody to count."""
        return np.flatnonzero(self.under > 0)

    @cached_property
    def place(self) -> dict[str, int]:
        """The place of each practice with somebody to count."""
        return {self.codes[n]: int(n) for n in self.counted}


@dataclass(frozen=True)
class WithoutChance:
    """An item of which no chance is stated, and why not."""

    scheme: str
    item: Item
    reason: str


def counted_items(run: Run, only: Sequence[str] = ()) -> tuple[list[ItemCounts], list[WithoutChance]]:
    """The items of a run that count people and pay by one rate, and the others with the reason; `only` some of them."""
    items: list[ItemCounts] = []
    others: list[WithoutChance] = []
    for scheme, plan in run.plans.items():
        codes = earning(run, scheme, plan)
        lines = [plan.lines[code] for code in plan.codes if not only or code in only]
        reasons = {line.code: why_without_chance(line) for line in lines}
        others += [WithoutChance(scheme, line.item, reasons[line.code]) for line in lines if reasons[line.code]]
        items += _counts(run, scheme, [line for line in lines if not reasons[line.code]], codes)
    return items, others


def earning(run: Run, scheme: str, plan: PricingPlan) -> list[str]:
    """The practices whose own counts earn: a scheme's networks where these are counted as one, else its practices."""
    networks, standings = plan.scheme.networks, run.standings
    as_one = networks is not None and networks.earned_by != "practice"
    found = []
    for code in run.codes:
        practice = run.inputs.practices[code]
        if run.inputs.assigned[code] != scheme or (networks is not None and (practice.level == NETWORK) != as_one):
            continue
        if practice.merged_in(plan.scheme.year) and plan.resolved.merger.value:
            continue
        if networks is None or as_one or standings.takes_part(practice):
            found.append(code)
    return found


def why_without_chance(line: PlannedItem) -> str:
    """Why no chance is stated of an item; '' where one is."""
    if line.item.measure in ("register", "declared"):
        return "It is answered with yes or no: a repeat of the year would answer the same."
    if line.calculated is not None or line.item.measure not in ("achievement", "prevalence"):
        return "It is not paid by the share of people counted."
    if line.missing:
        return f"Its {line.missing} must be supplied."
    if line.gate:
        return f"What its rate pays is chosen by item {line.gate}, which would change too."
    if line.item.requires:
        return f"It pays only where {listed(line.item.requires)} is met."
    return f"It is paid within item {line.within}." if line.within else ""


def _counts(run: Run, scheme: str, lines: Sequence[PlannedItem], codes: Sequence[str]) -> Iterator[ItemCounts]:
    rows: dict[str, list[tuple[str, int, int, int]]] = {line.code: [] for line in lines}
    standings = run.standings
    for code in codes:
        merged = standings.predecessors.get(code, ())
        practice, figures, unclear = run.inputs.practices[code], standings.counted(code), frozenset[str]()
        if merged:
            practice, unclear = with_their_lists(practice, merged), frozenset(standings.of(code).unclear)
        for line in lines:
            counted = line.measurer.counted(practice, figures)
            if counted and line.code not in unclear:
                rows[line.code].append((code, *counted, practice.list_size or 0))
    for line in lines:
        those = rows[line.code]
        over, under, lists = (np.array([row[n] for row in those], dtype=np.int64) for n in (1, 2, 3))
        yield ItemCounts(scheme, line.item, tuple(row[0] for row in those), over, under, lists)
