"""The counts of people that a run pays on, item by item, over the practices (or networks) whose own counts earn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from remit.analysis.beta_binomial import BetaBinomial, NotFitted, fit
from remit.analysis.payment_scale import PaymentScale, payment_scale
from remit.analysis.without_chance import why_without_chance
from remit.core.figures import DENOMINATOR, NUMERATOR
from remit.organisation import Practice
from remit.organisation.mergers import with_their_lists
from remit.pricing.plan import PlannedItem, PricingPlan
from remit.runs.engine import Run
from remit.runs.networks import NETWORK
from remit.scheme.model import Item
from remit.scoring.achievement import Subjects

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class ItemCounts:
    """One item of one scheme of a run: who counted how many of how many, the same place of each array.

    `codes` are the practices whose counts are known and fit, `places` where each stands; those with nobody to count are
    among them, and with nobody those that are paid at the area's average. `lists` are their registered patients, 0
    where not known. Of `unknown` more the counts are not known.
    """

    scheme: str
    item: Item
    codes: tuple[str, ...]
    over: Counts
    under: Counts
    lists: Counts
    places: Mapping[str, int]
    unknown: int = 0

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
    def order(self) -> NDArray[np.int64]:
        """Of each practice, its place among those with somebody to count."""
        return np.cumsum(self.under > 0) - 1

    @cached_property
    def median(self) -> float:
        """The middle one of the denominators above 0."""
        return float(np.median(self.under[self.counted])) if len(self.counted) else 0.0

    def place(self, code: str) -> int | None:
        """The place of a practice with somebody to count; None where it is none of them."""
        at = self.places.get(code)
        return at if at is not None and self.under[at] > 0 else None


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
    as_one = networks is not None and networks.earned_by != "practice" and not plan.scheme.pays_both
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


class _Column:
    """The counts of one item as they are gathered: the places of the practices, and their counts."""

    def __init__(self, line: PlannedItem) -> None:
        self.line, self.code, self.plain = line, line.code, line.measurer.plain
        self.places: list[int] = []
        self.over: list[int] = []
        self.under: list[int] = []

    def add(self, place: int, over: int, under: int) -> None:
        if self.line.small and self.line.small.is_small(under):  # paid at the area's average: nothing of it is its own
            over = under = 0
        self.places.append(place)
        self.over.append(over)
        self.under.append(under)

    def measured(self, place: int, practice: Practice, figures: Subjects) -> None:
        """What is not plainly a numerator over a denominator, by its measurer."""
        done = self.line.measurer.achievement(practice, figures)
        if done.numerator is not None and done.denominator is not None and (done.rate is not None or done.empty):
            self.add(place, done.numerator, done.denominator)


def _counts(run: Run, scheme: str, lines: Sequence[PlannedItem], codes: Sequence[str]) -> Iterator[ItemCounts]:
    columns, standings = [_Column(line) for line in lines], run.standings
    lists = np.zeros(len(codes), dtype=np.int64)
    for place, code in enumerate(codes):
        merged = standings.predecessors.get(code, ())
        practice, figures, unclear = run.inputs.practices[code], standings.counted(code), frozenset[str]()
        if merged:
            practice, unclear = with_their_lists(practice, merged), frozenset(standings.of(code).unclear)
        lists[place] = practice.list_size or 0
        for column in columns:
            if column.code in unclear:
                continue
            if not column.plain:
                column.measured(place, practice, figures)
            elif own := figures.get(column.code):
                counted, of = own.get(NUMERATOR), own.get(DENOMINATOR)
                if counted is not None and of is not None:
                    column.add(place, counted, of)  # type: ignore[arg-type]
    everyone, all_places = tuple(codes), {code: place for place, code in enumerate(codes)}
    for column in columns:
        over, under = np.array(column.over, dtype=np.int64), np.array(column.under, dtype=np.int64)
        names, places, here = everyone, all_places, np.array(column.places, dtype=np.int64)
        if len(here) < len(codes):
            names = tuple(codes[place] for place in column.places)
            places = {code: place for place, code in enumerate(names)}
        yield ItemCounts(
            scheme, column.line.item, names, np.where(under > 0, over, 0), under, lists[here], places,
            len(codes) - len(names),
        )  # fmt: skip
