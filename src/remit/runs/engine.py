"""The way of the data, practice by practice: figures, achievement, award, pounds, payment, schedule, ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

from remit.core.problems import did_you_mean, refuse
from remit.core.rounding import scaled
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
    open_name,
    participation,
    setting,
    settle,
)
from remit.payment.weights import Weigher
from remit.runs.inputs import Inputs
from remit.runs.networks import NETWORK, Pool, Sharing, as_one, in_order, shared_out
from remit.scheme.kinds import Activity, Blend, Kind, Reckoned, Steps, Worth
from remit.scheme.model import Item, Scheme
from remit.scheme.retirement import in_force
from remit.scheme.supply import Open, open_inputs
from remit.scoring.achievement import Achievement, Measurer, Subjects
from remit.scoring.guard import Band, bands, pca_counts
from remit.scoring.monitoring import Watched, watched
from remit.scoring.subjects import DELIVERED
from remit.scoring.subjects import Subjects as Spellings

_PAID = ("paid_in_advance", "paid_on_activity")
FINAL, PROVISIONAL, MERGED, BLOCKED = "final", "provisional", "merged", "blocked"


@dataclass(frozen=True, slots=True)
class PracticeResult:
    """All that a run says of one practice or network. Amounts are whole pennies; None is not known, with a reason.

    Where money goes through a network, `pool` is the network's, for itself and for each of its members; a member's
    `pennies` are then its part of the pool, and its awards what it contributes.
    """

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
    pool: Pool | None = None
    watched: tuple[Watched, ...] = ()

    @property
    def through_network(self) -> bool:
        """Whether it is a member whose money is its network's, and is counted there."""
        return self.pool is not None and self.practice.level != NETWORK

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
        """The dated entries of this practice's year; none of a member, whose money is its network's."""
        earned = self.pennies if self.status == FINAL and not self.through_network else None
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
        self.pools: dict[str, tuple[PracticeResult, Pool]] = {}
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
            return self.alone(practice, self.inputs.counts.of(code))
        network, pool = self._network(
            practice if practice.level == NETWORK else self.inputs.practices[practice.network]
        )
        return network if practice.level == NETWORK else self._member(practice, network, pool)

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
        ahead: tuple[Advance, list[Due], list[Due]] | None = None,
    ) -> PracticeResult:
        """What awards come to, and when it is paid. `ahead` are an advance, its dues, and those of what is delivered."""
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
        if practice.provisional:
            reasons.append(practice.provisional)
        if part.reason:
            reasons.append(part.reason)
        final = not (open_items or self.only_items or self.inputs.period or part.share is None or practice.provisional)
        delivered: Sequence[Due] = ()
        if ahead is not None:
            paid, paying, delivered = ahead
        elif part.share is None:
            paid, paying = Advance(None, reason=""), list[Due]()
        else:
            paid, paying = self._in_year(practice, part, merged, subjects)
            delivered = self._on_activity(practice, plan, subjects, base)
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

    def _on_activity(self, practice: Practice, plan: _Plan, subjects: Subjects, base: Base) -> tuple[Due, ...]:
        """What is paid quarter by quarter for what was delivered: its award up to each, less what was paid before.

        A figure for the year alone is known when the year is over.
        """
        terms, year = plan.scheme.terms.paid_on_activity, plan.scheme.year
        if terms is None:
            return ()
        before, dues = 0, []
        ends = year.months()[2::3]
        for n, end in enumerate(ends, 1):
            later = {f"{year}-Q{m}" for m in range(n + 1, 5)}
            known = {
                subject: {
                    name: value
                    for name, value in held.items()
                    if name.partition("@")[2] not in later and (n == 4 or name not in DELIVERED)
                }
                for subject, held in subjects.items()
            }
            awards = [a for a in self._awards(plan, practice, known, base) if isinstance(a.item.kind, Activity)]
            now = sum(award.pennies or 0 for award in awards if not award.within)
            day = None if terms.days.value is None else end + timedelta(days=int(terms.days.value))
            if now > before:
                dues.append(Due(day, "activity", now - before))
            before = max(now, before)
        return tuple(dues)

    def counted(self, code: str) -> Subjects:
        """The figures that a practice is paid on; a network that is paid as one has its own rows and its members'."""
        practice, counts = self.inputs.practices[code], self.inputs.counts
        if practice.level != NETWORK or self.inputs.scheme_of(code).networks is None:
            return counts.of(code)
        return as_one(counts.of(code), [counts.of(m.code) for m in self.members(code) if self._takes_part(m)])

    def members(self, network: str) -> list[Practice]:
        """The practices of a network, in the order of their codes."""
        return [p for p in self.inputs.practices.values() if p.network == network and p.level != NETWORK]

    def _takes_part(self, member: Practice) -> bool:
        """Whether what a member counts and earns is its network's.

        One that merged into another is counted there, and one that nothing is due to is not asked.
        """
        scheme, settings = self.inputs.scheme_of(member.code), self.inputs.settings
        if member.successor:
            return not setting(scheme, settings, scheme.terms.changes.merger)
        return participation(scheme, member, settings).share != 0

    def _network(self, network: Practice) -> tuple[PracticeResult, Pool]:
        """A network's own result, and its money shared out to its members."""
        known = self.pools.get(network.code)
        if known:
            return known
        scheme = self.inputs.scheme_of(network.code)
        assert scheme.networks is not None
        members = self.members(network.code)
        figures = [self.inputs.counts.of(member.code) for member in members]
        own = self.counted(network.code)
        alone = [self.alone(member, held) for member, held in zip(members, figures, strict=True)]
        by_practice = scheme.networks.earned_by == "practice"
        result = self.alone(network, own)
        if by_practice:
            result = self._sum_of(network, result, alone, own)
        known_ = not any(award.unpaid for award in result.awards)
        rows = [
            Sharing(
                one.practice,
                one.merged,
                one.participation.share if self._takes_part(one.practice) else Fraction(0),
                held,
                _contribution(one, by_practice),
            )
            for one, held in zip(alone, figures, strict=True)
        ]
        pool = shared_out(scheme, self.inputs.settings, network, result.pennies if known_ else None, rows)
        if pool.distribution.status == "blocked":
            settled = replace(result.settlement, balance=None, recovery=None)
            dues = tuple(due for due in result.schedule if due.kind in ("instalment", "activity"))
            reason = f"{pool.distribution.reason} {result.reason}".strip()
            status = BLOCKED if known_ and result.status == FINAL else result.status
            result = replace(result, status=status, settlement=replace(settled, schedule=dues), reason=reason)
        result = replace(result, pool=pool)
        self.pools[network.code] = result, pool
        return result, pool

    def _sum_of(
        self, network: Practice, result: PracticeResult, members: Sequence[PracticeResult], own: Subjects
    ) -> PracticeResult:
        """A network that pools what its members earned: each item is the sum of theirs, and so is what is paid ahead."""
        awards = []
        here = {member.practice.code for member in members if self._takes_part(member.practice)}
        every = [m for m in members if m.practice.code in here or m.practice.successor in here]
        members = [member for member in members if member.practice.code in here]
        for n, award in enumerate(result.awards):
            theirs = [member.awards[n] for member in members]
            pennies = [one.pennies for one in theirs]
            lacks = [m.practice.code for m, one in zip(members, theirs, strict=True) if one.pennies is None]
            why = f"Not known of {', '.join(lacks)}." if lacks else "The sum of what its members earned."
            total = None if lacks else sum(p or 0 for p in pennies)
            awards.append(
                Award(award.item, Achievement(), None, None, (), total, total, reason=why, within=award.within)
            )
        plan = self.plans[self.inputs.assigned[network.code]]
        ahead = _together(members, every) if all(member.advance.pennies is not None for member in members) else None
        return self._paid(
            network, plan, own, result.base, result.participation, tuple(awards), result.definitions, result.merged,
            ahead,
        )  # fmt: skip

    def _member(self, practice: Practice, network: PracticeResult, pool: Pool) -> PracticeResult:
        """A member: what it contributes, and its part of the network's money."""
        own = self.alone(practice, self.inputs.counts.of(practice.code))
        part = pool.of(practice.code)
        where = f"Paid through network {pool.network.code}."
        awards, as_one_by = own.awards, f"Earned as one by {pool.network.code}."
        if not pool.in_pounds:
            awards = tuple(
                replace(award, pennies=0, pennies_at_one=0, earned=None, reckoning=None, reason=as_one_by)
                for award in awards
            )
        status = FINAL if part is not None and network.status == FINAL else PROVISIONAL
        reason = where if part is not None else f"{where} {pool.distribution.reason}"
        return replace(
            own,
            awards=awards,
            advance=Advance(None, reason=where),
            settlement=Settlement(None, None, None, (), where),
            status=status,
            pennies=part or 0,
            reason=reason,
            pool=pool,
        )

    def _in_year(
        self, practice: Practice, part: Participation, merged: tuple[Practice, ...], subjects: Subjects
    ) -> tuple[Advance, list[Due]]:
        """What a practice is paid in the year, and when.

        In a merger advances move to the successor: what a practice was still to be paid after it left is paid to the
        one that carries on, and all of it is set against the successor's award.
        """
        paid, dues = self._own_advance(practice, part, subjects)
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

    def _own_advance(
        self, practice: Practice, part: Participation | None = None, subjects: Subjects | None = None
    ) -> tuple[Advance, list[Due]]:
        """What a practice is paid in the year on its own list, and when; one that merged, as had it stayed."""
        plan, settings = self.plans[self.inputs.assigned[practice.code]], self.inputs.settings
        stayed = replace(practice, left=None) if practice.successor else practice
        part = part or participation(plan.scheme, stayed, settings)
        if part.share is None:
            return Advance(None, reason=part.reason), []
        base = plan.pricer.base(practice, (), part.share)
        cpi = base.list_factor.rounded if base.list_factor else None
        subjects = self.inputs.counts.of(practice.code) if subjects is None else subjects
        ahead = plan.scheme.terms.paid_in_advance
        blocks = self._blocks(plan, practice, subjects, base) if ahead and ahead.of == "blocks" else None
        paid = advance(plan.scheme, settings, base.heads, subjects, cpi, part.share, blocks)
        if paid.pennies is None:
            return paid, []
        return paid, instalments(plan.scheme, paid.pennies, part.first, part.last)

    def _blocks(self, plan: _Plan, practice: Practice, subjects: Subjects, base: Base) -> int | None:
        """The pennies of what is known before the year begins; None while one of them is not."""
        sure: list[Fraction | None] = []
        by_code = {award.item.item: award for award in self._awards(plan, practice, subjects, base)}
        for award in by_code.values():
            kind = award.item.kind
            if award.within or not isinstance(kind, Reckoned):
                continue
            held = {award.item.item: Fraction(1)} if kind.certain else {}
            if isinstance(kind, Blend):  # the part of a blend that rests on what is certain
                shares = {part: kind.share(part, str(plan.scheme.year)) for part in kind.parts}
                held = {
                    part: share.value
                    for part, share in shares.items()
                    if share is not None and share.value and _is_certain(by_code[part])
                }
            for code, share in held.items():
                pennies = by_code[code].pennies
                sure.append(None if pennies is None else share * pennies)
        if None in sure:
            return None
        total = sum((pennies or Fraction(0) for pennies in sure), Fraction(0))
        return scaled(total.numerator, total.denominator, 0)

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


def _together(
    members: Sequence[PracticeResult], schedules: Sequence[PracticeResult]
) -> tuple[Advance, list[Due], list[Due]]:
    """What members are paid before the year is settled: the advance, its dues, and those of what they delivered."""
    by_day: dict[tuple[date | None, str], int] = {}
    for due in (due for member in schedules for due in member.schedule):
        by_day[due.day, due.kind] = by_day.get((due.day, due.kind), 0) + due.pennies
    paid = Advance(sum(member.advance.pennies or 0 for member in members), "the sum of its members'")
    ahead = [Due(day, "instalment", pennies) for (day, kind), pennies in by_day.items() if kind == "instalment"]
    delivered = [Due(day, "activity", pennies) for (day, kind), pennies in by_day.items() if kind == "activity"]
    return paid, ahead, delivered


def _contribution(result: PracticeResult, in_pounds: bool) -> int | None:
    """What a member adds: the pennies that it earned, or its patients in the numerators."""
    if in_pounds:
        known = [award.pennies for award in result.awards if not award.within]
        return None if None in known else sum(pennies or 0 for pennies in known)
    counted = [a.achievement.numerator for a in result.awards if a.achievement.numerator is not None]
    return sum(counted) if counted else None


def _is_certain(award: Award) -> bool:
    """Whether what an award pays is known before the year begins."""
    return isinstance(award.item.kind, Reckoned) and award.item.kind.certain
