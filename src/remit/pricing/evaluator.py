"""The exact evaluator: one practice's awards under a plan and a scenario, in integers and fractions.

pounds(item) = points x value of a point x CPI x APDF        (each weight where the item names it)
pounds(item) = pounds per weighted head x weighted list      (steps, lines and yes or no that pay by the head)
pounds(item) = a set sum x the share of the year             (the same, where they pay a set sum)
pounds(item) = what a kind calculates from its own figures   (activity, blocks, gateways, blends, shared savings …)

It is the only place where points become pounds. Runs, comparisons, reconciliations, statements, what-ifs and worklists
all ask it, each with a scenario of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from remit.core.dates import SchemeYear
from remit.core.figures import LIST_SIZE, REGISTER, FigureKey, figure_keys
from remit.organisation.mergers import with_their_lists
from remit.pricing.area_wide import at_the_average, scale
from remit.pricing.award import Award, Priced
from remit.pricing.facts import PracticeFacts
from remit.pricing.limits import limited
from remit.pricing.part_of_year import Participation, with_mergers
from remit.pricing.per_point import PerPoint, points_to_pence, to_pence, worth_of_a_point
from remit.pricing.plan import PlannedItem, PricingPlan, WeightsOf
from remit.pricing.product import unrounded
from remit.pricing.scenario import AS_IT_STANDS, Scenario, Standing
from remit.scheme.clauses import ClauseInputs
from remit.scheme.kinds import Activity, Calculation, ItemWorth, KindInputs, WorkingLine
from remit.scoring.achievement import Achievement, Subjects

_ZERO, _WHOLE = Fraction(0), Fraction(1)


def price(plan: PricingPlan, standing: Standing, scenario: Scenario = AS_IT_STANDS) -> Priced:
    """The awards of a practice under a plan, with what a scenario changes.

    Where its part of the year is not known, every award says why and has no pounds; one that merged into another has
    none, as its successor is paid them.
    """
    plan = scenario.plan or plan
    if scenario.items is not None:
        plan = plan.only(scenario.items)
    if scenario is not AS_IT_STANDS:
        standing = scenario.standing(standing)
    practice = standing.practice
    part = with_mergers(plan.resolved, practice, standing.merged)
    if practice.merged_in(plan.scheme.year) and plan.resolved.merger.value:
        return _merged(plan, standing, part)
    pricing = _Pricing(plan, standing, part, scenario)
    awards = pricing.awards()
    if part.share is None:
        awards = [replace(award, reason=f"{award.reason} {part.reason}".strip()) for award in awards]
    if standing.area and standing.area.budget:
        scale(standing.area.budget, practice.code, awards)
    return Priced(part, pricing.base, tuple(awards))


def _merged(plan: PricingPlan, standing: Standing, part: Participation) -> Priced:
    practice = standing.practice
    why = f"Merged into {practice.successor} on {practice.left}: its award is the successor's."
    awards = (Award(item, Achievement(), None, None, (), None, None, reason=why) for item in plan.items)
    return Priced(part, plan.base(practice, (), replace(part, share=_WHOLE, sums=_WHOLE)), tuple(awards))


def unclear_items(plan: PricingPlan, standing: Standing, part: Participation) -> Mapping[str, str]:
    """Why items cannot be priced of a practice that others merged into, by item.

    What is paid for a part of the year, and not by the list, has no one part where practices were there for several.
    """
    if not part.uneven:
        return standing.unclear
    unclear = {}
    for line in plan.priced:
        if line.calculated and line.calculated.for_part_of_year:
            why = f"{part.uneven} were there for different parts of the year, and {line.code} is paid for one part."
            unclear[line.code] = f"{why} Leave successor_code empty, and give each practice its own figures."
        elif part.not_due and isinstance(line.kind, Activity):
            why = f"Nothing is due to {part.not_due} for the year, and it is not known which activity was its own."
            unclear[line.code] = f"{why} Leave successor_code empty, and give each practice its own figures."
    return {**unclear, **standing.unclear}


class _Pricing:
    """One practice under way: what its earlier items came to, and what a point is worth to it by the items' weights."""

    __slots__ = (
        "base", "counted", "done", "facts", "figures", "others", "per_point", "plan", "practice", "standing", "unclear",
        "weighed",
    )  # fmt: skip

    def __init__(self, plan: PricingPlan, standing: Standing, part: Participation, scenario: Scenario) -> None:
        self.plan, self.standing = plan, standing
        self.practice = with_their_lists(standing.practice, standing.merged)
        self.figures = standing.figures
        self.counted = scenario.counted
        self.weighed = standing.figures if scenario.weighed is None else scenario.weighed
        self.base = plan.base(standing.practice, standing.merged, part)
        self.unclear = unclear_items(plan, standing, part)
        self.per_point: dict[WeightsOf, PerPoint] = {}
        self.done: dict[str, Achievement] = dict(scenario.achieved)
        self.others: dict[str, ItemWorth] = {}
        if plan.conditional:
            given = (self.figures, self._achieved, self._gate, self.others)
            self.facts = PracticeFacts(plan, self.practice, *given)

    def awards(self) -> list[Award]:
        """The awards of the plan's items, in their order."""
        plan, wanted = self.plan, None
        if len(plan.priced) != len(plan.codes):
            wanted = set(plan.codes)
        awards, kept = [], bool(plan.gated or self.done or self.counted)
        by_item: dict[str, Award] = {}
        for line in plan.priced:
            if self.unclear and line.code in self.unclear:
                award = self._not_clear(line)
            elif line.simple:
                done = self._achieved(line) if kept else line.measurer.achievement(self.practice, self.figures)
                award = self._by_rate(line, done, None)
            else:
                award = self._award(line)
            if plan.leaning:
                self.others[line.code] = _worth(line, award)
            if line.may_wait:
                self._may_wait(line, award)
            if plan.limits:
                by_item[line.code] = award
            if wanted is None or line.code in wanted:
                awards.append(award)
        if plan.limits:
            limited(plan.scheme, by_item, self.standing.vetoed)
        return awards

    def _not_clear(self, line: PlannedItem) -> Award:
        """An item for which it is not known what practices that merged bring."""
        done = self._achieved(line)
        return Award(line.item, done, None, None, (), None, None, reason=self.unclear[line.code], within=line.within)

    def _achieved(self, line: PlannedItem) -> Achievement:
        done = self.done.get(line.code)
        if done is None:
            figures = self.counted.get(line.code, self.figures) if self.counted else self.figures
            done = line.measurer.achievement(self.practice, figures)
            if line.small and self.standing.area:
                done = at_the_average(line.small, done, self.standing.area.averages.get(line.code))
            self.done[line.code] = done
        return done

    def _gate(self, line: PlannedItem) -> Fraction | None:
        """The achievement of the item that gates this one: 0 where nobody was there to be counted."""
        if not line.gate:
            return None
        done = self._achieved(self.plan.lines[line.gate])
        return _ZERO if done.empty else done.rate

    def _may_wait(self, line: PlannedItem, award: Award) -> None:
        """The review band of a guarded item, and what its pounds still wait for. Neither changes the pounds."""
        waits, band = award.achievement.open, self.standing.bands.get(line.code)
        if band:
            award.review, award.reason = band.band, f"{award.reason} {band.reason}".strip()
        elif line.item.guard and award.achievement.rate is not None:
            lacks = f"The PCA rate is not known: supply PCAS for {line.code}."
            award.reason = f"{award.reason} {lacks}".strip()
            waits = f"{waits}, and supply PCAS for its guard rail" if waits else "supply PCAS for its guard rail"
        if waits and award.pence is not None:
            award.waits = waits

    def _award(self, line: PlannedItem) -> Award:
        done, gate = self._achieved(line), self._gate(line)
        if line.lacks_weights:
            why = f"The terms have no {' and no '.join(line.lacks_weights).replace('_', ' ')} weight for {line.code}."
            return Award(line.item, done, gate, None, (), None, None, reason=why, within=line.within)
        if line.plain:  # and gated
            return self._by_rate(line, done, gate)
        item, base, others = line.item, self.base, self.others
        inputs = self._inputs(line, done)
        calculation = None
        open_ = [code for code in item.requires if code in others and others[code].met is None]
        unmet = [code for code in item.requires if code in others and others[code].met is False]
        when = line.only_if
        verdict = when.verdict(self.facts) if when and not (line.missing and when.missing()) else None
        if verdict and verdict.holds is False:
            zero = None if base.sums is None else 0
            reason = f"Pays nothing: {verdict.because}. {done.reason}".strip()
            award = Award(item, done, gate, _ZERO, (), zero, zero, reason=reason, unmet=tuple(unmet))
        elif unmet:
            why = f"Pays nothing: {' and '.join(unmet)} {'is' if len(unmet) == 1 else 'are'} not met."
            zero = None if base.sums is None else 0
            reason = f"{why} {done.reason}".strip()
            award = Award(item, done, gate, _ZERO, (), zero, zero, reason=reason, unmet=tuple(unmet))
        elif open_ and not _nothing(line, inputs):
            why = f"Whether {' and '.join(open_)} {'is' if len(open_) == 1 else 'are'} met is not known yet."
            award = Award(item, done, gate, None, (), None, None, reason=f"{why} {done.reason}".strip())
        elif verdict and verdict.holds is None and not _nothing(line, inputs):
            reason = " ".join(filter(None, (verdict.because, line.missing_why, done.reason)))
            award = Award(item, done, gate, None, (), None, None, reason=reason)
        elif line.calculated is None:
            award = self._by_rate(line, done, gate)
        elif line.missing and not line.calculated.met_by_all:  # whether a gateway is passed is known without its amount
            award = Award(item, done, gate, None, (), None, None, reason=line.missing_why)
        else:
            calculation = line.calculated.calculate(inputs)
            award = self._by_figures(line, _counted_by(calculation, done), calculation)
        award.within, award.calculation, award.only_if = line.within, calculation, verdict
        if line.clauses:
            self._clauses(line, award, inputs)
        return award

    def _clauses(self, line: PlannedItem, award: Award, inputs: KindInputs) -> None:
        """What the item's clauses leave of its pounds, rounded after the last of them."""
        if line.missing:
            return
        rounding, given = self.plan.scheme.rounding, ClauseInputs(inputs, self.facts)
        known = award.pence is not None
        whole, lines = unrounded(award, self.base, rounding) if known else None, list[WorkingLine]()
        at_one = None if award.pence_at_one is None else Fraction(award.pence_at_one, 100)
        for clause in line.clauses:
            changed = clause.applied(whole, given)
            if changed.line:
                lines.append(changed.line)
            award.reason = f"{award.reason} {changed.reason}".strip()
            whole, at_one = changed.pounds, None if at_one is None else clause.applied(at_one, given).pounds
        if lines or (known and whole is None):
            step = rounding.pounds
            award.trail, award.before, award.pounds = tuple(lines), award.pence, whole
            award.pence = None if whole is None else to_pence(whole, step.places, step.mode)
            award.pence_at_one = None if at_one is None else to_pence(at_one, step.places, step.mode)

    def _inputs(self, line: PlannedItem, done: Achievement) -> KindInputs:
        """What the practice brings to a kind that calculates from figures."""
        subjects = self.counted.get(line.code, self.figures) if self.counted else self.figures
        year = self.plan.scheme.year
        figures = figures_read(line, subjects, year)
        share = _ZERO if self.base.sums is None else self.base.sums
        counted = (done.rate, done.numerator, done.denominator, done.empty, done.reason)
        return KindInputs(line.code, year, figures, *counted, share, self.others, self._lists())

    def _lists(self) -> dict[str, Fraction | None]:
        size = self.practice.list_size
        return {"list": None if size is None else Fraction(size), "weighted list": self.practice.weighted_list_size}

    def _by_figures(self, line: PlannedItem, done: Achievement, calculation: Calculation) -> Award:
        """The award of a kind that calculates from figures: in points, or in pounds to the penny."""
        earned, share, review = calculation.earned, self.base.sums, calculation.review
        if earned is not None and line.in_points:
            earned = self.plan.scheme.rounding.points.apply(earned)
        if earned is None or share is None:
            return Award(line.item, done, None, earned, (), None, None, review, done.reason)
        if line.in_points:
            award = self._points(line, done, earned)
            award.review = review
            return award
        if line.kind.unit == "pounds per weighted head":
            award = self._by_list(line, done, None, earned)
            award.review = review
            return award
        due = earned if share else _ZERO  # whom nothing is due to for the year is paid no set sum either
        pounds = self.plan.scheme.rounding.pounds
        pence = to_pence(due, pounds.places, pounds.mode)
        return Award(line.item, done, None, earned, (), pence, pence, review, done.reason)

    def _by_rate(self, line: PlannedItem, done: Achievement, gate: Fraction | None) -> Award:
        """The award of a kind that turns one rate into points or pounds per head."""
        item, rate, reason, base = line.item, done.rate, done.reason, self.base
        if line.missing and (rate is not None or done.empty):
            return Award(item, done, gate, None, (), None, None, reason=line.missing_why)
        if done.empty:
            earned = _ZERO
        elif rate is None:
            return Award(item, done, gate, None, (), None, None, reason=reason)
        elif line.gate and gate is None:
            why = f"The achievement of {line.gate} is not known, which chooses the table of {line.code}."
            return Award(item, done, gate, None, (), None, None, reason=why)
        else:
            earned = line.kind.earned(rate, gate)
            if line.in_points:
                earned = self.plan.scheme.rounding.points.apply(earned)
        if base.share is None:
            return Award(item, done, gate, earned, (), None, None, reason=reason)
        return self._points(line, done, earned) if line.in_points else self._by_list(line, done, gate, earned)

    def _by_list(self, line: PlannedItem, done: Achievement, gate: Fraction | None, earned: Fraction) -> Award:
        """Pounds for each head of the list, or a set sum, for the part of the year."""
        item, reason = line.item, done.reason
        factor = self.base.times(line.kind.unit)
        if factor is None:
            return Award(item, done, gate, earned, (), None, None, reason=f"{reason} The list is not known.".strip())
        pounds = self.plan.scheme.rounding.pounds
        pence = to_pence(earned * factor, pounds.places, pounds.mode)
        at_one = pence if line.kind.unit == "pounds" else None
        return Award(item, done, gate, earned, (), pence, at_one, reason=reason)

    def _points(self, line: PlannedItem, done: Achievement, earned: Fraction) -> Award:
        """Points, rounded already, by what a point is worth to the practice under the item's weights."""
        plan, item = self.plan, line.item
        weights, own = line.weights, self.weighed.get(line.code)
        if own is not None and (REGISTER in own or LIST_SIZE in own):
            weights = (*item.weights, f"item {line.code}")
        if plan.scheme.point is None:  # paid within another item, by its share of the points
            return Award(item, done, None, earned, (), 0, 0, reason=done.reason)
        per_point = self.per_point.get(weights)
        if per_point is None:
            per_point = self.per_point[weights] = worth_of_a_point(plan, self.base, self.practice, self.weighed, line)
        factors, pounds, at_one, lacks = per_point
        top, below = earned.as_integer_ratio()
        step = plan.scheme.rounding.pounds
        if not top:
            return Award(item, done, None, earned, factors, 0, 0, "", done.reason)
        pence = points_to_pence(top, below, pounds, step)
        pence_at_one = pence if at_one == pounds else points_to_pence(top, below, at_one, step)
        reason = f"{done.reason} {lacks}".strip() if lacks else done.reason
        return Award(item, done, None, earned, factors, pence, pence_at_one, "", reason)


def figures_read(line: PlannedItem, subjects: Subjects, year: SchemeYear) -> dict[tuple[str, FigureKey], Fraction]:
    """The figures that an item reads, by subject as the item has it, and key."""
    figures: dict[tuple[str, FigureKey], Fraction] = {}
    for read in line.calculated.reads() if line.calculated else ():
        figures_ = subjects.get(read.subject or line.code, {})
        for key in figure_keys(read.measure, read.period, year):
            value = figures_.get(key)
            if value is not None:
                figures[read.subject, key] = Fraction(value)
    return figures


def _counted_by(calculation: Calculation, done: Achievement) -> Achievement:
    """An achievement with the counts that a kind calculated for itself."""
    return replace(
        done,
        rate=done.rate if calculation.rate is None else calculation.rate,
        numerator=done.numerator if calculation.numerator is None else calculation.numerator,
        denominator=done.denominator if calculation.denominator is None else calculation.denominator,
        reason=calculation.reason or done.reason,
    )


def _nothing(line: PlannedItem, inputs: KindInputs) -> bool:
    """Whether an item earns nothing whatever it requires: no activity needs no gate."""
    if line.calculated is None or line.missing:
        return False
    calculation = line.calculated.calculate(inputs)
    return calculation.earned == 0 and calculation.met is not True


def _worth(line: PlannedItem, award: Award) -> ItemWorth:
    """What an award is to the items after it."""
    pounds = None if award.pence is None else Fraction(award.pence, 100)
    return ItemWorth(line.kind.unit, award.earned, line.kind.most_earned(), pounds, is_met(line, award), award.within)


def is_met(line: PlannedItem, award: Award) -> bool | None:
    """Whether what requires this item may pay: its threshold is reached, whatever that is worth. None: not known."""
    rate = award.achievement.rate
    if award.shut:
        return False
    if award.calculation is not None and award.calculation.met is not None:
        return award.calculation.met
    if award.earned is None:  # what is done or not is known without its points
        known = (
            line.missing
            and line.calculated is None
            and not line.kind.takes_rate
            and not (line.item.requires or line.only_if)
        )
        return bool(rate) if known and rate is not None else None
    if line.calculated is not None:
        return award.earned > 0
    return rate is not None and line.kind.met(rate, award.gate)
