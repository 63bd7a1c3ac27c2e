"""The way of the data, practice by practice: figures, achievement, award, pounds, payment, schedule, ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from remit.core.problems import did_you_mean, refuse
from remit.organisation import Practice
from remit.payment.instalments import Due
from remit.payment.ledger import Entry, entries
from remit.payment.pricing import Award, Base, PerPoint, Pricer, WeightsOf
from remit.payment.terms import (
    Advance,
    Participation,
    Settlement,
    advance,
    instalments,
    participation,
    setting,
    settle,
)
from remit.payment.weights import Weigher
from remit.runs.inputs import Inputs
from remit.scheme.kinds import Steps
from remit.scheme.model import Item, Scheme
from remit.scheme.retirement import in_force
from remit.scoring.achievement import Achievement, Measurer, Subjects
from remit.scoring.counts import Subjects as Spellings
from remit.scoring.guard import Band, bands, pca_counts

FINAL, PROVISIONAL, MERGED = "final", "provisional", "merged"


@dataclass(frozen=True, slots=True)
class PracticeResult:
    """All that a run says of one practice. Amounts are whole pennies; None is not known, with a reason."""

    practice: Practice
    scheme: Scheme
    awards: tuple[Award, ...]
    definitions: tuple[tuple[str, str, Achievement], ...]
    base: Base
    participation: Participation
    advance: Advance
    settlement: Settlement
    status: str
    pennies: int
    reason: str
    merged: tuple[Practice, ...] = ()

    @property
    def schedule(self) -> tuple[Due, ...]:
        return self.settlement.schedule

    @property
    def pennies_at_one(self) -> int | None:
        """The awards with every prevalence and target population factor at 1; None for a scheme without them."""
        weights = self.scheme.weights
        if not (weights.prevalence or weights.target_population):
            return None
        return sum(award.pennies_at_one or 0 for award in self.awards)

    def ledger(self) -> Iterator[Entry]:
        """The dated entries of this practice's year."""
        earned = self.pennies if self.status == FINAL else None
        day = self.scheme.achievement_date
        return entries(self.practice.code, self.scheme.scheme, self.schedule, earned, self.settlement.advance or 0, day)


@dataclass(frozen=True)
class _Plan:
    """A scheme made ready: its items with how each is measured."""

    scheme: Scheme
    items: tuple[Item, ...]
    measurers: dict[str, Measurer]
    pricer: Pricer

    @cached_property
    def lines(self) -> tuple[tuple[Item, Measurer, str], ...]:
        """The items, how each is measured, and the item that gates it, or ''."""
        gates = [item.kind.gate or "" if isinstance(item.kind, Steps) else "" for item in self.items]
        return tuple((i, self.measurers[i.item], gate) for i, gate in zip(self.items, gates, strict=True))

    @cached_property
    def dated(self) -> tuple[Item, ...]:
        """The items whose indicator changes within the year."""
        return tuple(item for item in self.items if len(item.indicators) > 1)


class Run:
    """One run over all its practices. Nothing is computed until a practice is asked for."""

    def __init__(self, inputs: Inputs, practices: Sequence[str] = (), indicators: Sequence[str] = ()) -> None:
        self.inputs = inputs
        self.only_items = tuple(indicators)
        self.codes = self._narrowed(practices)
        self.plans = {name: self._plan(scheme) for name, scheme in inputs.schemes.items()}
        self.predecessors: dict[str, list[Practice]] = {}
        for practice in inputs.practices.values():
            if practice.successor:
                self.predecessors.setdefault(practice.successor, []).append(practice)

    def _narrowed(self, practices: Sequence[str]) -> tuple[str, ...]:
        for code in practices:
            if code not in self.inputs.practices:
                hint = did_you_mean(code, self.inputs.practices)
                raise refuse(f"there is no practice '{code}' in this run.", None, hint)
        return tuple(code for code in self.inputs.practices if not practices or code in practices)

    def _plan(self, whole: Scheme) -> _Plan:
        scheme = in_force(whole, self.inputs.settings)
        measurers = {item.item: Measurer(scheme, item, self.inputs.settings) for item in scheme.items}
        known = Spellings(scheme)
        self.only_items = tuple(known.find(code) or code for code in self.only_items)
        for code in self.only_items:
            if code not in measurers:
                retired = any(item.item == code for item in whole.items)
                hint = f"It is retired: see --set {whole.retires}." if retired else did_you_mean(code, measurers)
                raise refuse(f"there is no item '{code}' in {scheme.scheme}.", None, hint)
        items = tuple(i for i in scheme.items if not self.only_items or i.item in self.only_items)
        weigher = Weigher(scheme, self.inputs.national, self.inputs.settings)
        return _Plan(scheme, items, measurers, Pricer(scheme, weigher, measurers))

    @cached_property
    def bands(self) -> dict[tuple[str, str], dict[str, Band]]:
        """The guard rails' bands over all practices of each scheme: by scheme and item, then practice."""
        counts = self.inputs.counts
        found = {}
        for name, plan in self.plans.items():
            for item in plan.scheme.items:
                if item.guard is None:
                    continue
                those = {
                    practice: count
                    for practice, count in pca_counts(counts.figures, counts.previous, item.item)
                    if self.inputs.assigned.get(practice) == name
                }
                found[name, item.item] = bands(item.guard, those) if those else {}
        return found

    def results(self) -> Iterator[PracticeResult]:
        """Every practice of the run, in the order of their codes."""
        return (self.practice(code) for code in self.codes)

    def practice(self, code: str) -> PracticeResult:
        """Everything about one practice. Raises Refused for a code that is not in the run."""
        if code not in self.inputs.practices:
            hint = did_you_mean(code, self.inputs.practices)
            raise refuse(f"there is no practice '{code}' in this run.", None, hint)
        practice = self.inputs.practices[code]
        plan = self.plans[self.inputs.assigned[code]]
        scheme, settings = plan.scheme, self.inputs.settings
        subjects = self.inputs.counts.of(code)
        merged = tuple(self.predecessors.get(code, ()))
        rule = setting(scheme, settings, scheme.terms.changes.merger)
        part = participation(scheme, practice, settings)
        if (merged or practice.successor) and not rule:
            name = scheme.terms.changes.merger
            why = f"The practice merged in the year, and the sources do not say what follows: set {name}."
            part = replace(part, share=None, reason=why)
        elif practice.successor:
            return self._merged(practice, plan, part)
        base = plan.pricer.base(practice, merged, part.share)
        awards = self._awards(plan, practice, subjects, base)
        if part.share is None:
            awards = tuple(replace(a, reason=f"{a.reason} {part.reason}".strip()) for a in awards)
        definitions = tuple(
            (item.item, name, done)
            for item in plan.dated
            for name, done in plan.measurers[item.item].definitions(subjects)
        )
        return self._paid(practice, plan, subjects, base, part, awards, definitions, merged)

    def _awards(self, plan: _Plan, practice: Practice, subjects: Subjects, base: Base) -> tuple[Award, ...]:
        cache: dict[WeightsOf, PerPoint] = {}
        done: dict[str, Achievement] = {}
        awards = []
        for item, measurer, gated_by in plan.lines:
            achieved = done[item.item] = measurer.of(practice, subjects)
            gate = None
            if gated_by:
                gate_done = done.get(gated_by) or plan.measurers[gated_by].of(practice, subjects)
                gate = Fraction(0) if gate_done.empty else gate_done.rate
            award = plan.pricer.price(item, achieved, gate, base, practice, subjects, cache)
            if item.guard:
                band = self.bands[plan.scheme.scheme, item.item].get(practice.code)
                if band:
                    reason = f"{award.reason} {band.reason}".strip()
                    award = replace(award, review=band.band, reason=reason)
                elif achieved.rate is not None:
                    why = f"{award.reason} The PCA rate is not known: supply PCAS for {item.item}.".strip()
                    award = replace(award, reason=why)
            awards.append(award)
        return tuple(awards)

    def _paid(
        self,
        practice: Practice,
        plan: _Plan,
        subjects: Subjects,
        base: Base,
        part: Participation,
        awards: tuple[Award, ...],
        definitions: tuple[tuple[str, str, Achievement], ...],
        merged: tuple[Practice, ...],
    ) -> PracticeResult:
        scheme, settings = plan.scheme, self.inputs.settings
        pennies = sum(award.pennies or 0 for award in awards)
        reasons = []
        open_items = [award.item.item for award in awards if award.pennies is None]
        if open_items:
            shown = ", ".join(open_items[:6]) + (" and others" if len(open_items) > 6 else "")
            reasons.append(f"{len(open_items)} of {len(awards)} items have no pounds yet: {shown}.")
        if self.only_items:
            reasons.append(f"Only {', '.join(self.only_items)} {'was' if len(self.only_items) == 1 else 'were'} run.")
        if self.inputs.period:
            reasons.append(f"This is the position on {self.inputs.period.day or self.inputs.period}.")
        if part.reason:
            reasons.append(part.reason)
        final = not (open_items or self.only_items or self.inputs.period or part.share is None)
        if part.share is None:
            paid, paying = Advance(None, reason=""), list[Due]()
        else:
            paid, paying = self._in_year(practice, part, merged)
        settlement = settle(
            scheme,
            settings,
            pennies if final else None,
            paid,
            paying,
            self.inputs.recoveries.get(practice.code),
        )
        reasons.extend(filter(None, [settlement.reason]))
        return PracticeResult(
            practice,
            scheme,
            awards,
            definitions,
            base,
            part,
            paid,
            settlement,
            FINAL if final else PROVISIONAL,
            pennies,
            " ".join(reasons),
            merged,
        )

    def _in_year(
        self, practice: Practice, part: Participation, merged: tuple[Practice, ...]
    ) -> tuple[Advance, list[Due]]:
        """What a practice is paid in the year, and when.

        In a merger advances move to the successor: what a practice was still to be paid after it left is paid to the
        one that carries on, and all of it is set against the successor's award.
        """
        paid, dues = self._own_advance(practice, part)
        if paid.pennies is None:
            return paid, []
        by_day = {due.day: due.pennies for due in dues}
        for gone in merged:
            theirs, instalments_of_theirs = self._own_advance(gone)
            if theirs.pennies is None:
                return replace(theirs, reason=f"{gone.code}, which merged into it: {theirs.reason}"), []
            pennies = paid.pennies + theirs.pennies
            paid = replace(paid, pennies=pennies, working=f"{paid.working} + {theirs.working} ({gone.code})")
            for due in instalments_of_theirs:
                if due.day and gone.left and due.day > gone.left:
                    by_day[due.day] = by_day.get(due.day, 0) + due.pennies
        return paid, [Due(day, "instalment", pennies) for day, pennies in sorted(by_day.items())]

    def _own_advance(self, practice: Practice, part: Participation | None = None) -> tuple[Advance, list[Due]]:
        """What a practice is paid in the year on its own list, and when; one that merged, as had it stayed."""
        plan, settings = self.plans[self.inputs.assigned[practice.code]], self.inputs.settings
        stayed = replace(practice, left=None) if practice.successor else practice
        part = part or participation(plan.scheme, stayed, settings)
        if part.share is None:
            return Advance(None, reason=part.reason), []
        base = plan.pricer.base(practice, (), part.share)
        cpi = base.list_factor.rounded if base.list_factor else None
        subjects = self.inputs.counts.of(practice.code)
        paid = advance(plan.scheme, settings, base.heads, subjects, cpi, part.share)
        if paid.pennies is None:
            return paid, []
        return paid, instalments(plan.scheme, paid.pennies, part.first, part.last)

    def _merged(self, practice: Practice, plan: _Plan, part: Participation) -> PracticeResult:
        """A practice that merged into another: paid until then, and settled with its successor."""
        why = f"Merged into {practice.successor} on {practice.left}: its award is the successor's."
        base = plan.pricer.base(practice, (), Fraction(1))
        awards = tuple(Award(i, Achievement(), None, None, (), None, None, reason=why) for i in plan.items)
        own, all_dues = self._own_advance(practice)
        dues = tuple(d for d in all_dues if d.day and practice.left and d.day <= practice.left)
        paid = None if own.pennies is None else sum(due.pennies for due in dues)
        why = f"{why} {own.reason}".strip()
        settlement = Settlement(paid, None, None, dues, why)
        return PracticeResult(
            practice, plan.scheme, awards, (), base, part, Advance(paid, "", why), settlement, MERGED, 0, why
        )
