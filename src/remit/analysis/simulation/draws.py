"""What chance does to each difference: the year's counts drawn again and again, each draw priced before and after.

What is drawn and priced together is a unit: a practice, or the practices of a network where the network earns as one or
shares out what they earned, before or after. Every reform meets the same draws. A block's result is the difference of
each reform, draw and unit in whole pence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from remit.analysis.beta_binomial import BetaBinomial, NotFitted, fit
from remit.analysis.simulation.blocks import SIZE as PRACTICES
from remit.analysis.simulation.blocks import Block, Counted, Drawn, counted, draw_block
from remit.analysis.simulation.shares import (
    UNKNOWN,
    Pence,
    PoolRule,
    can_be_drawn,
    member_pence,
    pays_through,
    pool_rule,
)
from remit.comparison.before_after import Sides
from remit.core.figures import DENOMINATOR, NUMERATOR
from remit.core.problems import refuse
from remit.core.words import some_of
from remit.pricing.area_wide import rests_on_the_area
from remit.pricing.plan import PricingPlan
from remit.pricing.scenario import Standing
from remit.pricing.vector import Column, vector_plan
from remit.runs.engine import Run
from remit.runs.networks import NETWORK

SIZE = PRACTICES
"""Practices in a block. The draws of a seed belong to it."""
_MOST = 1 << 49
"""Pence of a practice up to here can be added up over 16,000 of them in 64 bits."""


@dataclass(frozen=True)
class Unit:
    """What is drawn together: a practice, or a network with its practices."""

    code: str
    practices: tuple[str, ...]


class Draws:
    """The draws of a run and its reforms. `counted` are, by reform, the items whose figures behaviour changes."""

    def __init__(
        self, base: Run, afters: Sequence[Run], seed: int, draws: int, counted_items: Sequence[Sequence[str]]
    ) -> None:
        self.runs, self.seed, self.draws = (base, *afters), seed, draws
        self.touched = self._touched(counted_items)
        self.units = tuple(_units(self.runs))
        self.codes = tuple(code for unit in self.units for code in unit.practices)
        self.blocks, self.units_of = _blocks(self.units)
        self.columns_of = tuple((*units, *self._members(units)) for units in self.units_of)
        self._place = {code: n for n, code in enumerate(self.codes)}

    @cached_property
    def shared(self) -> frozenset[str]:
        """The networks of which each member is drawn too, by what the network's rule gives it."""
        return frozenset(
            unit.code
            for unit in self.units
            if unit.practices != (unit.code,)
            and all(
                can_be_drawn(run, unit.code, unit.practices, rules.get(unit.code))
                for run, rules in zip(self.runs, self._pool_rules, strict=True)
            )
        )

    @cached_property
    def _pool_rules(self) -> tuple[dict[str, PoolRule | None], ...]:
        """How each network shares out its money, in each run that pays through it."""
        codes = [unit.code for unit in self.units if unit.practices != (unit.code,)]
        return tuple({code: pool_rule(run, code) for code in codes if pays_through(run, code)} for run in self.runs)

    def _members(self, units: Sequence[Unit]) -> list[Unit]:
        return [Unit(code, (code,)) for unit in units if unit.code in self.shared for code in unit.practices]

    @property
    def alone(self) -> tuple[Unit, ...]:
        """The smallest units that have an interval, which groups are sums of."""
        return (*(unit for unit in self.units if unit.code not in self.shared), *self._members(self.units))

    def _touched(self, counted_items: Sequence[Sequence[str]]) -> dict[str, frozenset[str]]:
        """The items of each scheme whose pounds any of the reforms may move."""
        found: dict[str, set[str]] = {}
        for after, items in zip(self.runs[1:], counted_items, strict=True):
            for name, codes in Sides(self.runs[0], after, items).touched.items():
                found.setdefault(name, set()).update(codes)
        return {name: frozenset(codes) for name, codes in found.items()}

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        """The subjects whose counts decide the items that may move."""
        found: dict[str, None] = {}
        for run in self.runs:
            for name, plan in self._plans(run).items():
                for code in plan.codes:
                    for needed in sorted(plan.needs(code)):
                        found |= dict.fromkeys(self._subjects_of(run, name, plan, needed))
        return tuple(found)

    def _subjects_of(self, run: Run, name: str, plan: PricingPlan, code: str) -> tuple[str, ...]:
        return code, plan.measurer(code).group, *self._definitions(run, name, code)

    @staticmethod
    def _definitions(run: Run, name: str, code: str) -> tuple[str, ...]:
        item = run.plans[name].lines[code].item
        return tuple(item.indicators)

    def _plans(self, run: Run) -> dict[str, PricingPlan]:
        """The plans of the items that may move, by scheme; none where a scheme has none of them."""
        plans = {}
        for name, plan in run.plans.items():
            codes = [code for code in plan.codes if code in self.touched.get(name, ())]
            if codes:
                plans[name] = plan.only(codes)
        return plans

    @cached_property
    def counts(self) -> tuple[dict[str, Counted], ...]:
        """What the practices counted of each subject, before and under each reform."""
        return tuple(
            counted([run.standing(code) for code in self.codes], self.subjects) if self.codes else {}
            for run in self.runs
        )

    @cached_property
    def fits(self) -> tuple[dict[str, BetaBinomial | NotFitted], ...]:
        """How practices differ, by subject. A subject whose counts a reform leaves alone has the fit of the base."""
        base = {subject: fit(of.numerators, of.denominators) for subject, of in self.counts[0].items()}
        afters = (
            {
                subject: base[subject] if self._same(subject, of) else fit(of.numerators, of.denominators)
                for subject, of in of_run.items()
            }
            for of_run in self.counts[1:]
        )
        return base, *afters

    def _same(self, subject: str, of: Counted) -> bool:
        was = self.counts[0].get(subject)
        return was is not None and all(
            np.array_equal(one, other)
            for one, other in ((was.numerators, of.numerators), (was.denominators, of.denominators))
        )

    @property
    def not_drawn(self) -> tuple[str, ...]:
        """Why some counts stay as they are in every draw, by what is said of them."""
        by_reason: dict[str, list[str]] = {}
        for of in self.fits:
            for subject, fitted in of.items():
                if isinstance(fitted, NotFitted) and subject not in by_reason.setdefault(fitted.reason, []):
                    by_reason[fitted.reason].append(subject)
        found = [f"Not drawn: {', '.join(subjects)}. {reason}" for reason, subjects in by_reason.items()]
        moved, drawn = self._moved_and_drawn()
        if 0 < len(drawn) < len(moved):
            found.append(
                f"The intervals rest on the counts of {len(drawn):,} of the {len(moved):,} items whose pounds may "
                "change; registers, declarations and whatever else is not drawn are the same in every draw."
            )
        whole = [unit.code for unit in self.units if unit.practices != (unit.code,) and unit.code not in self.shared]
        if whole:
            found.append(
                f"How networks share out money is not drawn for {some_of(whole)}: such a network has an interval; its "
                "practices, and groups that have some of them alone, have none."
            )
        if any(rests_on_the_area(plan) for run in self.runs for plan in run.plans.values()):
            found.append(
                "What rests on all practices together (a budget's factor, the averages at which small numbers are "
                "paid) is worked out anew for each reform, and stays so in every draw."
            )
        return tuple(found)

    def _moved_and_drawn(self) -> tuple[set[str], set[str]]:
        """The items whose pounds may change, and those of them of which anything is drawn."""
        subjects = {subject for of in self.fits for subject, one in of.items() if isinstance(one, BetaBinomial)}
        moved, drawn = set[str](), set[str]()
        for run in self.runs:
            for name, plan in self._plans(run).items():
                moved.update(plan.codes)
                drawn.update(
                    code
                    for code in plan.codes
                    if any(subjects.intersection(self._subjects_of(run, name, plan, one)) for one in plan.needs(code))
                )
        return moved, drawn

    @property
    def any_drawn(self) -> bool:
        """Whether there is anything to draw."""
        return any(isinstance(one, BetaBinomial) for of in self.fits for one in of.values())

    def work(self, block: Block) -> Pence:
        """The difference of each reform x draw x unit of the block; UNKNOWN where it is not known."""
        return self.differences(block, self._drawn(block))

    def differences(self, block: Block, drawn: Sequence[Drawn]) -> Pence:
        """The same on given counts of the base and of each reform; what is not among them is as it stands."""
        units = self.units_of[block.number]
        before = self._totals(0, block, units, drawn[0])
        found = np.empty((len(self.runs) - 1, *before.shape), dtype=np.int64)
        for n in range(1, len(self.runs)):
            after = self._totals(n, block, units, drawn[n])
            found[n - 1] = np.where((after == UNKNOWN) | (before == UNKNOWN), UNKNOWN, after - before)
        return found

    def _drawn(self, block: Block) -> list[Drawn]:
        """The drawn counts of the base and of each reform: the same where the counts are."""
        base = draw_block(self.seed, block, self.fits[0], self.counts[0], self.draws)
        found = [base]
        for fits, counts in zip(self.fits[1:], self.counts[1:], strict=True):
            others = {subject: one for subject, one in fits.items() if not self._same(subject, counts[subject])}
            own = draw_block(self.seed, block, others, counts, self.draws)
            shared = {key: column for key, column in base.items() if key[0] in fits and key[0] not in others}
            found.append({**shared, **own})
        return found

    def _totals(self, n: int, block: Block, units: Sequence[Unit], drawn: Drawn) -> Pence:
        """Draws x units: pence of the items that may move; then, of each member of a network that shares out its money,
        all that it is paid."""
        whole, alone = self._moving(n, block, units, drawn)
        if not self.shared.intersection(unit.code for unit in units):
            return whole
        now, alone_now = self._moving(n, block, units, {})
        found, at = [whole], 0
        for m, unit in enumerate(units):
            columns = slice(at, at + len(unit.practices))
            at += len(unit.practices)
            if unit.code in self.shared:
                each = alone[:, columns], alone_now[0, columns]
                pool = whole[:, m], int(now[0, m])
                rule = self._pool_rules[n].get(unit.code)
                found.append(member_pence(self.runs[n], unit.code, unit.practices, rule, pool, each))
        return np.concatenate(found, axis=1)

    def _moving(self, n: int, block: Block, units: Sequence[Unit], drawn: Drawn) -> tuple[Pence, Pence]:
        """Pence of each draw x unit, and of each draw x practice by itself, of the items that may move."""
        run, plans = self.runs[n], self._plans(self.runs[n])
        codes = self.codes[block.practices]
        alone = self._practices(run, plans, codes, drawn)
        whole = np.zeros((self.draws, len(units)), dtype=np.int64)
        at = 0
        for m, unit in enumerate(units):
            columns = slice(at, at + len(unit.practices))
            at += len(unit.practices)
            name = run.inputs.assigned.get(unit.code)
            terms = run.plans[name].scheme.networks if name else None
            if terms and terms.earned_by == "network" and run.inputs.practices[unit.code].level == NETWORK:
                plan = plans.get(name or "")
                if plan:
                    whole[:, m] = self._network(run, plan, unit, {k: _some(c, columns) for k, c in drawn.items()})
                continue
            part = alone[:, columns]
            if terms:  # a network shares out what those earned who take part
                takes = [run.standings.takes_part(run.inputs.practices[code]) for code in unit.practices]
                part = part[:, np.array(takes, dtype=bool)]
            whole[:, m] = np.where((part == UNKNOWN).any(axis=1), UNKNOWN, part.sum(axis=1))
        return whole, alone

    def _practices(self, run: Run, plans: Mapping[str, PricingPlan], codes: Sequence[str], drawn: Drawn) -> Pence:
        """Pence of each draw x practice by itself."""
        found = np.zeros((self.draws, len(codes)), dtype=np.int64)
        for name, plan in plans.items():
            at = [m for m, code in enumerate(codes) if run.inputs.assigned.get(code) == name and self._paid(run, code)]
            if not at:
                continue
            standings = [run.standing(codes[m]) for m in at]
            figures = {key: _some(column, at) for key, column in drawn.items()}
            found[:, at] = _priced(plan, standings, figures, self.draws)
        return found

    @staticmethod
    def _paid(run: Run, code: str) -> bool:
        """Whether a practice is in a run, and no other is paid its award."""
        if code not in run.inputs.practices:
            return False
        plan = run.standings.plan(code)
        return not (run.inputs.practices[code].merged_in(plan.scheme.year) and plan.resolved.merger.value)

    def _network(self, run: Run, plan: PricingPlan, unit: Unit, drawn: Drawn) -> Pence:
        """Pence of each draw of a network that earns as one: its members' counts together."""
        network = run.inputs.practices[unit.code]
        own, standing = run.inputs.counts.of(unit.code), run.standing(unit.code)
        members = [n for n, c in enumerate(unit.practices) if run.standings.takes_part(run.inputs.practices[c])]
        assert network.level == NETWORK
        figures: Drawn = {}
        for (subject, key), column in drawn.items():
            counts = standing.figures.get(subject, {})
            if key == NUMERATOR and key in counts and DENOMINATOR in counts and key not in own.get(subject, {}):
                values = np.broadcast_to(column.values, (self.draws, len(unit.practices)))[:, members]
                figures[subject, key] = Column(values.sum(axis=1, keepdims=True))
        return _priced(plan, [standing], figures, self.draws)[:, 0]


def _priced(plan: PricingPlan, standings: Sequence[Standing], figures: Drawn, draws: int) -> Pence:
    """Draws x practices; UNKNOWN where an item is not known."""
    prices = vector_plan(plan, standings)
    try:
        if figures:
            whole, known, _ = prices.totals(figures)
        else:
            whole, known = prices.price().total()
        if int(np.abs(whole).max(initial=0)) > _MOST:
            raise OverflowError
    except OverflowError:
        what = f"An award of {plan.scheme.scheme} is larger than draws can add up."
        way = "Look for a list, a register or a national figure that is too large."
        raise refuse("analysis.amounts-too-large", what, None, way) from None
    whole = np.broadcast_to(whole, (draws, len(standings)))
    return whole if known is None else np.where(known, whole, UNKNOWN)


def _some(column: Column, practices: slice | Sequence[int]) -> Column:
    """The column of some practices."""
    known = None if column.known is None else column.known[..., practices]
    return Column(column.values[..., practices], known, under=column.under)


def _units(runs: Sequence[Run]) -> list[Unit]:
    """The practices of the runs, those of one network together where it earns or shares out on any side."""
    base = runs[0]
    known = {code: practice for run in reversed(runs) for code, practice in run.inputs.practices.items()}
    through: dict[str, list[str]] = {}
    single: list[str] = []
    for code in dict.fromkeys(code for run in runs for code in run.codes):
        if known[code].level == NETWORK and any(_pays(run, code) for run in runs):
            through.setdefault(code, [])
    for code in base.codes:
        practice = base.inputs.practices[code]
        if practice.network in through:
            through[practice.network].append(code)
        elif code not in through:
            single.append(code)
    found = [Unit(code, (code,)) for code in single]
    return sorted([*found, *(Unit(code, tuple(codes)) for code, codes in through.items() if codes)], key=_by_code)


def _by_code(unit: Unit) -> str:
    return unit.code


def _pays(run: Run, code: str) -> bool:
    return code in run.inputs.practices and run.inputs.scheme_of(code).networks is not None


def _blocks(units: Sequence[Unit]) -> tuple[tuple[Block, ...], tuple[tuple[Unit, ...], ...]]:
    """The units in blocks of `SIZE` practices or somewhat more; no unit is in two."""
    blocks: list[Block] = []
    units_of: list[tuple[Unit, ...]] = []
    start = stop = 0
    some: list[Unit] = []
    for n, unit in enumerate(units, 1):
        some.append(unit)
        stop += len(unit.practices)
        if stop - start >= SIZE or n == len(units):
            blocks.append(Block(len(blocks), start, stop))
            units_of.append(tuple(some))
            start, some = stop, []
    return tuple(blocks), tuple(units_of)
