"""The way of the data, practice by practice: figures, achievement, award, pounds, payment, schedule, ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from remit.core.figures import FigureKey
from remit.core.problems import did_you_mean, refuse
from remit.organisation import Practice
from remit.payment.instalments import Due
from remit.payment.terms import (
    Advance,
    Participation,
    Settlement,
    open_name,
    participation,
    setting,
    settle,
)
from remit.pricing.evaluator import Award, Base, PerPoint, Pricer, WeightsOf
from remit.pricing.weights import Weigher
from remit.runs.ahead import Ahead
from remit.runs.inputs import Inputs
from remit.runs.networks import NETWORK, as_one, in_order, with_delivered
from remit.runs.pooling import Pools
from remit.runs.results import FINAL, MERGED, PROVISIONAL, PracticeResult
from remit.scheme.kinds import Kind, Reckoned, Steps, Worth
from remit.scheme.model import Item, Scheme
from remit.scheme.retirement import in_force
from remit.scheme.supply import Open, open_inputs
from remit.scoring.achievement import Achievement, Measurer, Subjects
from remit.scoring.guard import Band, bands, pca_counts
from remit.scoring.monitoring import watched
from remit.scoring.subjects import WHOLE_PRACTICE
from remit.scoring.subjects import Subjects as Spellings

_PAID = ("paid_in_advance", "paid_on_activity")


@dataclass(frozen=True)
class Plan:
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
    def leaning(self) -> bool:
        """Whether any item rests on another: only then is what each came to kept for those after it."""
        return any(item.requires or isinstance(item.kind, Reckoned) for item in self.items)

    @cached_property
    def dated(self) -> tuple[Item, ...]:
        """The items whose indicator changes within the year."""
        return tuple(item for item in self.items if len(item.indicators) > 1)


class Run:
    """One run over all its practices. Nothing is computed until a practice is asked for."""

    def __init__(self, inputs: Inputs, practices: Sequence[str] = (), indicators: Sequence[str] = ()) -> None:
        self.inputs = inputs
        self.pools, self.ahead = Pools(self), Ahead(self)
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
        scheme_of = {code: self.inputs.scheme_of(code) for code in self.inputs.practices}
        return tuple(in_order(self.inputs.practices, scheme_of, practices))

    def _plan(self, whole: Scheme) -> Plan:
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
        return Plan(scheme, items, measurers, Pricer(scheme, weigher, measurers))

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

    def kinds(self) -> Iterator[Kind]:
        """The payment kinds of the schemes' items."""
        return (item.kind for plan in self.plans.values() for item in plan.scheme.items)

    def open_inputs(self) -> list[Open]:
        """What its schemes leave open, which can be supplied with --set."""
        every = [one for plan in self.plans.values() for one in open_inputs(plan.scheme)]
        return [one for one in every if one.path[0] != "terms" or one.path[1] in _PAID]

    def open_parameters(self) -> list[tuple[str, str]]:
        """The parameters by which networks share out their money, where none is set: names with what they are about."""
        found = []
        for plan in self.plans.values():
            name = plan.scheme.networks.distribution if plan.scheme.networks else ""
            if name in plan.scheme.parameters and not any(
                key.partition(".")[0] == name for key in self.inputs.settings
            ):
                parameter = plan.scheme.parameters[name]
                found.append((name, f"{parameter.about.rstrip('.')}; one of {', '.join(parameter.choices)}"))
        return found

    def results(self) -> Iterator[PracticeResult]:
        """Every practice of the run, in the order of their codes; each network before its members."""
        return (self.practice(code) for code in self.codes)

    def practice(self, code: str) -> PracticeResult:
        """Everything about one practice or network. Raises Refused for a code that is not in the run."""
        if code not in self.inputs.practices:
            hint = did_you_mean(code, self.inputs.practices)
            raise refuse(f"there is no practice '{code}' in this run.", None, hint)
        practice = self.inputs.practices[code]
        if self.inputs.scheme_of(code).networks is None:
            return self.alone(practice, self.counted(code))
        network, pool = self.pools.network(
            practice if practice.level == NETWORK else self.inputs.practices[practice.network]
        )
        return network if practice.level == NETWORK else self.pools.member(practice, network, pool)

    def alone(self, practice: Practice, subjects: Subjects) -> PracticeResult:
        """A practice or network by itself, on its own figures."""
        plan = self.plans[self.inputs.assigned[practice.code]]
        scheme, settings, code = plan.scheme, self.inputs.settings, practice.code
        merged = tuple(self.predecessors.get(code, ()))
        rule = setting(scheme, settings, scheme.terms.changes.merger)
        part = participation(scheme, practice, settings)
        if (merged or practice.successor) and not rule:
            name = open_name(scheme, scheme.terms.changes.merger, "changes.merger")
            why = f"The practice merged in the year, and the sources do not say what follows: set {name}."
            part = replace(part, share=None, reason=why)
        elif practice.successor:
            return self._merged(practice, plan, part)
        base = plan.pricer.base(practice, merged, part.share)
        awards = self.awards(plan, practice, subjects, base)
        if part.share is None:
            awards = tuple(replace(a, reason=f"{a.reason} {part.reason}".strip()) for a in awards)
        definitions = tuple(
            (item.item, name, done)
            for item in plan.dated
            for name, done in plan.measurers[item.item].definitions(subjects)
        )
        return self.paid(practice, plan, subjects, base, part, awards, definitions, merged)

    def awards(self, plan: Plan, practice: Practice, subjects: Subjects, base: Base) -> tuple[Award, ...]:
        cache: dict[WeightsOf, PerPoint] = {}
        done: dict[str, Achievement] = {}
        others: dict[str, Worth] = {}
        awards = []
        for item, measurer, gated_by in plan.lines:
            achieved = done[item.item] = measurer.of(practice, subjects)
            gate = None
            if gated_by:
                gate_done = done.get(gated_by) or plan.measurers[gated_by].of(practice, subjects)
                gate = Fraction(0) if gate_done.empty else gate_done.rate
            award = plan.pricer.price(item, achieved, gate, base, practice, subjects, cache, others)
            if plan.leaning:
                others[item.item] = plan.pricer.worth(award)
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

    def paid(
        self,
        practice: Practice,
        plan: Plan,
        subjects: Subjects,
        base: Base,
        part: Participation,
        awards: tuple[Award, ...],
        definitions: tuple[tuple[str, str, Achievement], ...],
        merged: tuple[Practice, ...],
        ahead: tuple[Advance, list[Due], list[Due]] | None = None,
    ) -> PracticeResult:
        """What awards come to and when it is paid. `ahead` are an advance, its dues, and those of what is delivered."""
        scheme, settings = plan.scheme, self.inputs.settings
        pennies = sum(award.pennies or 0 for award in awards if not award.within)
        reasons = []
        open_items = [award.item.item for award in awards if award.unpaid]
        if open_items:
            shown = ", ".join(open_items[:6]) + (" and others" if len(open_items) > 6 else "")
            reasons.append(f"{len(open_items)} of {len(awards)} items have no pounds yet: {shown}.")
        if self.only_items:
            reasons.append(f"Only {', '.join(self.only_items)} {'was' if len(self.only_items) == 1 else 'were'} run.")
        if self.inputs.period:
            reasons.append(f"This is the position on {self.inputs.period.day or self.inputs.period}.")
        provisional = practice.provisional
        if not provisional and subjects.get(WHOLE_PRACTICE, {}).get(FigureKey("PROVISIONAL")):
            provisional = "Its counts are marked as provisional (PROVISIONAL of *)."
        if provisional:
            reasons.append(provisional)
        if part.reason:
            reasons.append(part.reason)
        final = not (open_items or self.only_items or self.inputs.period or part.share is None or provisional)
        delivered: Sequence[Due] = ()
        if ahead is not None:
            paid, paying, delivered = ahead
        elif part.share is None:
            paid, paying = Advance(None, reason=""), list[Due]()
        else:
            paid, paying = self.ahead.in_year(practice, part, merged, subjects)
            delivered = self.ahead.on_activity(practice, plan, subjects, base)
        settlement = settle(
            scheme,
            settings,
            pennies if final else None,
            paid,
            paying,
            self.inputs.recoveries.get(practice.code),
            delivered,
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
            watched=watched(scheme, subjects),
        )

    def counted(self, code: str) -> Subjects:
        """The figures that a practice is paid on: with them what practices delivered that merged into it.

        A network that is paid as one has its own rows and its members'.
        """
        practice, counts = self.inputs.practices[code], self.inputs.counts
        if practice.level == NETWORK and self.inputs.scheme_of(code).networks is not None:
            return as_one(
                counts.of(code), [self.counted(m.code) for m in self.members(code) if self.pools.takes_part(m)]
            )
        gone = self.predecessors.get(code, ())
        return with_delivered(counts.of(code), [counts.of(one.code) for one in gone]) if gone else counts.of(code)

    def members(self, network: str) -> list[Practice]:
        """The practices of a network, in the order of their codes."""
        return [p for p in self.inputs.practices.values() if p.network == network and p.level != NETWORK]

    def _merged(self, practice: Practice, plan: Plan, part: Participation) -> PracticeResult:
        """A practice that merged into another: paid until then, and settled with its successor."""
        why = f"Merged into {practice.successor} on {practice.left}: its award is the successor's."
        base = plan.pricer.base(practice, (), Fraction(1))
        awards = tuple(Award(i, Achievement(), None, None, (), None, None, reason=why) for i in plan.items)
        own, all_dues = self.ahead.own_advance(practice)
        dues = tuple(d for d in all_dues if d.day and practice.left and d.day <= practice.left)
        paid = None if own.pennies is None else sum(due.pennies for due in dues)
        why = f"{why} {own.reason}".strip()
        settlement = Settlement(paid, None, None, dues, why)
        return PracticeResult(
            practice, plan.scheme, awards, (), base, part, Advance(paid, "", why), settlement, MERGED, 0, why
        )
