"""Plain practices priced and settled all at once: what they achieved, earned, were paid and are still to be paid.

The pence and points are the vector evaluator's, which are the exact evaluator's. What is paid in advance comes from
`payment`; its parts by the month are `payment.instalments.shares` of whole columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from remit.core.figures import DECLARED, DENOMINATOR, LIST_SIZE, NUMERATOR, PCAS, REGISTER, Figures
from remit.organisation import Practice
from remit.payment.instalments import DuePayment
from remit.payment.ledger import LedgerEntry, entries
from remit.payment.terms import Advance, Settlement, advance, instalments, settle
from remit.pricing.plan import PlannedItem, PricingPlan
from remit.pricing.scenario import Standing
from remit.pricing.vector import Column, ItemPrices, Points, VectorPlan, vector_plan
from remit.pricing.vector.columns import Cell
from remit.runs.columns.figures import FigureColumns, Whole
from remit.runs.engine import Run
from remit.runs.results import weighed
from remit.scheme.agreements import PaidInAdvance
from remit.scoring.subjects import WHOLE_PRACTICE

_READ = (NUMERATOR, DENOMINATOR, REGISTER, LIST_SIZE, DECLARED)
_MOST_PEOPLE, _MOST_PENCE = 10**9, 10**11
"""Counts and pence of an item up to here can be multiplied and added up in 64 bits; who has more is no plain practice.
"""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ItemColumn:
    """One item of all practices. Figures are -1 where the item has none; `no` is where nothing could be earned."""

    numerator: Whole
    denominator: Whole
    pcas: Whole
    register: Whole
    no: Flags
    points: Points
    pence: Whole


@dataclass(frozen=True)
class PricedColumns:
    """Practices that turned out to be plain, in their order: amounts in pence, items in the plan's order."""

    codes: list[str]
    items: list[ItemColumn]
    pence: Whole
    at_one: Whole | None
    advance: Whole
    instalments: Whole
    """By practice and month."""

    @property
    def balance(self) -> Whole:
        """What is left to pay."""
        rest: Whole = self.pence - self.advance
        return rest


class ColumnPricing:
    """What does not change from practice to practice of a run."""

    def __init__(self, run: Run) -> None:
        figures = run.inputs.counts.figures
        assert isinstance(figures, FigureColumns)
        self.run, self.figures = run, figures
        self.plan: PricingPlan = next(iter(run.plans.values()))
        self.lines = [self.plan.lines[code] for code in self.plan.codes]
        self.weighed = weighed(self.plan.scheme)
        self.both = _with_unweighed(self.plan) if self.weighed else self.plan
        self.of_the_whole = [
            (n, key)
            for n, (subject, key) in enumerate(figures.named)
            if subject == WHOLE_PRACTICE and n in figures.of_amounts
        ]

    @cached_property
    def days(self) -> list[DuePayment]:
        """The instalments of somebody who is paid enough to have them all."""
        scheme = self.plan.scheme
        if not scheme.terms.advances:
            return []
        return instalments(scheme, scheme.terms.advances[0], 10**9, scheme.begins, scheme.ends)

    @cached_property
    def settled(self) -> Settlement:
        """How somebody is settled to whom something is left to pay: what falls due when, and what is said of it."""
        ahead = sum(due.pence for due in self.days)
        return settle(self.plan.resolved, ahead + 1, Advance(ahead), self.days, None)

    @cached_property
    def ledger(self) -> list[LedgerEntry]:
        """The entries of such a practice, without its code."""
        scheme, ahead = self.plan.scheme, sum(due.pence for due in self.days)
        return list(entries("", scheme.scheme, self.settled.schedule, ahead + 1, ahead, scheme.achievement_date))

    def reason(self, line: PlannedItem) -> str:
        """Why an item earns nothing where nobody is counted, or it is declared as not done."""
        nobody: Figures = dict.fromkeys((NUMERATOR, DENOMINATOR, REGISTER, DECLARED), 0)
        return line.measurer.achievement(Practice(""), {line.code: nobody}).reason

    def price(self, codes: Sequence[str]) -> PricedColumns:
        """Those of some practices that are plain. Raises OverflowError where an amount does not fit into 64 bits."""
        rows = np.array([self.figures.rows[code] for code in codes], np.int64)
        numbers = self.figures.numbers[rows]
        standings = [Standing(self.run.inputs.practices[code], (), {}) for code in codes]
        priced = vector_plan(self.both, standings)
        prices = priced.price(self._columns(numbers), points=True).items
        ahead = self._advances(priced, numbers)
        months = self._months(np.maximum(ahead, 0))
        pence = _together(prices, self.plan.codes, len(codes))
        plain = self._known(numbers, prices) & (ahead >= 0) & (pence > ahead)
        plain &= (months > 0).all(axis=1) & ((ahead > 0) == bool(self.days))
        unweighed = map(_at_one, self.plan.codes)
        at_one = _together(prices, unweighed, len(codes))[plain] if self.weighed else None
        items = [self._item(line, numbers[plain], prices, plain) for line in self.lines]
        kept = [code for code, is_plain in zip(codes, plain.tolist(), strict=True) if is_plain]
        return PricedColumns(kept, items, pence[plain], at_one, ahead[plain], months[plain])

    @cached_property
    def _read(self) -> frozenset[Cell]:
        """The figures that the items may rest on."""
        subjects = {subject for line in self.lines for subject in (line.code, line.measurer.group)}
        return frozenset((subject, key) for subject in subjects for key in _READ)

    def _columns(self, numbers: Whole) -> dict[Cell, Column]:
        """The figures that the items may rest on; of those that nobody has, too, that it is so."""
        nobody = Column(np.zeros(len(numbers), np.int64), np.zeros(len(numbers), np.bool_))
        columns = dict.fromkeys(self._read, nobody)
        for n, cell in enumerate(self.figures.named):
            if cell in self._read:
                values = np.ascontiguousarray(numbers[:, n])
                known = values >= 0
                if known.all():
                    columns[cell] = Column(values)
                else:
                    columns[cell] = Column(np.where(known, values, 0), known)
        return columns

    def _advances(self, priced: VectorPlan, numbers: Whole) -> Whole:
        """What each is paid in the year; -1 while that is not known."""
        scheme, amounts = self.plan.scheme, self.figures.amounts
        terms = scheme.terms.advances
        whole = [(key, numbers[:, n].tolist()) for n, key in self.of_the_whole]
        pence = []
        for n, (base, part) in enumerate(zip(priced.bases.bases, priced.bases.parts, strict=True)):
            figures: Figures = {key: amounts[places[n]] for key, places in whole if places[n] >= 0}
            if part.share is None:
                pence.append(-1)
                continue
            cpi = base.list_factor.rounded if base.list_factor else None
            paid = (
                advance(scheme, terms[0], base.heads, {WHOLE_PRACTICE: figures}, cpi, part.share).pence if terms else 0
            )
            pence.append(-1 if paid is None else paid)
        return np.array(pence, np.int64)

    def _months(self, ahead: Whole) -> Whole:
        """What is paid in advance, by practice and month."""
        advances = self.plan.scheme.terms.advances
        if not advances or not self.days:
            return np.zeros((len(ahead), 0), np.int64)
        return shares_of(ahead, advances[0], len(self.days))

    def _known(self, numbers: Whole, prices: Mapping[str, ItemPrices]) -> Flags:
        """Whose every item is known, and no larger than columns add up."""
        known = np.ones(len(numbers), np.bool_)
        known &= (numbers <= _MOST_PEOPLE).all(axis=1)
        for one in prices.values():
            known &= one.pence <= _MOST_PENCE
            for mask in (one.known, one.points.known if one.points else None):
                if mask is not None:
                    known &= mask
        for line in self.lines:
            if line.item.measure == "achievement":
                known &= (self._of(numbers, line.code, NUMERATOR) >= 0) & (
                    self._of(numbers, line.code, DENOMINATOR) >= 0
                )
        return known

    def _of(self, numbers: Whole, subject: str, key: Any) -> Whole:
        n = self.figures.columns.get((subject, key))
        return np.full(len(numbers), -1, np.int64) if n is None else numbers[:, n]

    def _item(self, line: PlannedItem, numbers: Whole, prices: Mapping[str, ItemPrices], plain: Flags) -> ItemColumn:
        none, measure = np.full(len(numbers), -1, np.int64), line.item.measure
        numerator = denominator = pcas = register = none
        if measure == "achievement":
            numerator, denominator, pcas = (self._of(numbers, line.code, key) for key in (NUMERATOR, DENOMINATOR, PCAS))
            no = denominator == 0
        elif measure == "register":
            own = self._of(numbers, line.code, REGISTER)
            register = np.where(own >= 0, own, self._of(numbers, line.measurer.group, REGISTER))
            no = register == 0
        else:
            no = self._of(numbers, line.code, DECLARED) == 0
        one = prices[line.code]
        assert one.points is not None
        under = one.points.under if isinstance(one.points.under, int) else one.points.under[plain]
        points = Points(one.points.over[plain], under)
        return ItemColumn(numerator, denominator, pcas, register, no, points, one.pence[plain])


def _with_unweighed(plan: PricingPlan) -> PricingPlan:
    """The plan with each item once more, as it would be with every prevalence and target population factor at 1."""
    lines = dict(plan.lines)
    for code, line in plan.lines.items():
        weights = tuple(name for name in line.item.weights if name == "list")
        item = line.item.model_copy(update={"weights": weights})
        own = (*weights, line.measurer.group)
        lines[_at_one(code)] = replace(line, code=_at_one(code), item=item, weights=own)
    return PricingPlan(plan.resolved, plan.weigher, lines, (*plan.codes, *map(_at_one, plan.codes)))


def _at_one(code: str) -> str:
    return f"{code} with its factors at 1"


def _together(prices: Mapping[str, ItemPrices], codes: Iterable[str], many: int) -> Whole:
    """The pence of items, by practice."""
    return sum((prices[code].pence for code in codes), np.zeros(many, np.int64))


def shares_of(pence: Whole, terms: PaidInAdvance, parts: int) -> Whole:
    """`payment.instalments.shares` of many amounts, none of them below zero: by amount and part."""
    part = (2 * pence + parts) // (2 * parts) if terms.rounding == "nearest" else pence // parts
    left, amounts = pence, []
    for _ in range(parts - 1):
        amounts.append(np.minimum(part, left))
        left = left - amounts[-1]
    amounts.append(left)
    return np.stack(amounts if terms.remainder == "last" else [amounts[-1], *amounts[:-1]], axis=1)
