"""A network's own result, and what each member receives of its money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from remit.organisation import Practice
from remit.payment.in_year import Ahead
from remit.payment.instalments import DuePayment
from remit.payment.terms import Advance, Settlement
from remit.pricing.award import Award, Priced
from remit.pricing.scenario import Standing
from remit.runs.network_items import contribution, of_items, with_parts
from remit.runs.networks import Pool, Sharing, shared_out
from remit.runs.results import BLOCKED, FINAL, MERGED, PROVISIONAL, PracticeResult
from remit.runs.single import ahead_of, alone, paid
from remit.runs.standings import Standings
from remit.runs.vetoes import vetoed
from remit.scheme.model import Scheme
from remit.scoring.achievement import Achievement

_SHARED_OUT = "Nothing is paid to the network itself: each member has its part in its own payment."


class Pools:
    """The networks of one run, each worked out once."""

    def __init__(self, standings: Standings) -> None:
        self.standings = standings
        self.known: dict[str, PracticeResult] = {}

    def network(self, network: Practice) -> PracticeResult:
        """A network's own result, with its money shared out to its members in its `pool`."""
        if network.code not in self.known:
            both = self.standings.plan(network.code).scheme.pays_both
            self.known[network.code] = self._sharing_out(network) if both else self._network(network)
        return self.known[network.code]

    def _sharing_out(self, network: Practice) -> PracticeResult:
        """A network of a scheme that pays it for some items: these alone, each shared out to the members."""
        standings, code = self.standings, network.code
        plan, own, members = standings.plan(code), standings.of(code), self._members(network)
        items = [item.item for item in plan.items if item.paid_to == "network"]
        terms, found = plan.scheme.networks, self.standings.vetoes(code)
        assert terms is not None
        each = [self._alone(member, code) for member in members]
        pooled = terms.earned_by == "practice"

        def change(priced: Priced) -> Priced:
            awards = self._summed(priced.awards, each) if pooled else priced.awards
            return of_items(vetoed(replace(priced, awards=awards), found, code, terms.veto_by), items)

        whatever = {*found.counting, *(item.item for item in plan.scheme.items if item.paid_to != "network")}
        result = alone(standings, own, change, whatever, Ahead(Advance(0)))
        pools = {}
        for award in result.awards:
            at = [item.item for item in plan.items].index(award.item.item)
            added = [contribution(one.awards[at], pooled) for one in each]
            rows = self._sharing(network, members, each, added)
            shared = self._with_vetoes(shared_out(plan.resolved, network, award.pence, rows))
            pools[award.item.item] = shared
        blocked = {pool.distribution.reason for pool in pools.values() if pool.distribution.status == "blocked"}
        known = not any(award.unpaid for award in result.awards)
        return replace(
            result,
            status=BLOCKED if blocked and known and result.status == FINAL else result.status,
            settlement=Settlement(0, 0, 0, ()),
            pence=0,
            if_final=None,
            reason=" ".join(dict.fromkeys([*blocked, result.reason, _SHARED_OUT])).strip(),
            parts=pools,
        )

    def parts_of(self, network: Practice, item: str, pence: int | None) -> dict[str, int | None]:
        """What each member would have if an item of its network came to so many pence; nobody asked, or vetoing."""
        plan, members = self.standings.plan(network.code), self._members(network)
        pool = self.network(network).parts[item]
        each = [self._alone(member, network.code) for member in members]
        rows = self._sharing(network, members, each, [pool.contributions.get(one.practice.code) for one in each])
        return dict(shared_out(plan.resolved, network, pence, rows).distribution.parts)

    def practice(self, practice: Practice, network: PracticeResult) -> PracticeResult:
        """A practice of a scheme that pays it some items, and others its network: with its part of these."""
        awards = {award.item.item: award for award in network.awards}
        own, waits = self.standings.of(practice.code), self._open(network)
        result = alone(
            self.standings,
            own,
            lambda priced: with_parts(priced, practice, network.parts, awards, waits),
            network.parts,
        )
        return replace(result, parts=network.parts)

    def _open(self, network: PracticeResult) -> str:
        """Why what a network shares out is not final, with the member that it lies with; '' where it is."""
        code, standings = network.practice.code, self.standings
        why = [f"{award.item.item}: {award.waits}" for award in network.awards if award.waits]
        why += [f"the counts of {member} are provisional" for member in standings.marked_members(code)]
        for one in standings.contradictions(code):
            if one.certain and {*one.items} & {*network.parts} - {*self.standings.vetoes(code).counting}:
                why.append(one.why.rstrip("."))
        if network.practice.provisional:
            why.append(network.practice.provisional.rstrip("."))
        return f"network {code}: {'; '.join(dict.fromkeys(why))}" if why else ""

    def _alone(self, standing: Standing, network: str) -> PracticeResult:
        """A network or a member by itself, with what was vetoed."""
        found, by = self.standings.vetoes(network), _veto_by(self.standings.plan(network).scheme)
        return alone(self.standings, standing, lambda priced: vetoed(priced, found, network, by), found.counting)

    def _network(self, network: Practice) -> PracticeResult:
        standings = self.standings
        plan, own = standings.plan(network.code), standings.of(network.code)
        terms = plan.scheme.networks
        assert terms is not None
        members = self._members(network)
        each = [self._alone(member, network.code) for member in members]
        result = self._alone(own, network.code)
        if terms.earned_by == "practice":
            result = self._sum_of(own, result, each)
        known = not any(award.unpaid for award in result.awards)
        rows = self._sharing(network, members, each)
        pool = shared_out(plan.resolved, network, result.pence if known else None, rows)
        if pool.distribution.status == "blocked":
            dues = tuple(due for due in result.schedule if due.kind in ("instalment", "activity"))
            reason = f"{pool.distribution.reason} {result.reason}".strip()
            status = BLOCKED if known and result.status == FINAL else result.status
            settled = replace(result.settlement, balance=None, recovery=None, schedule=dues)
            result = replace(result, status=status, settlement=settled, reason=reason, if_final=None)
        return replace(result, pool=self._with_vetoes(pool))

    def _with_vetoes(self, pool: Pool) -> Pool:
        """A pool with what its members vetoed: where silence agrees, who did not say no has agreed."""
        found, scheme = self.standings.vetoes(pool.network.code), self.standings.plan(pool.network.code).scheme
        if scheme.networks is None or scheme.networks.assent != "unless vetoed":
            return pool
        assents = {member.code: int(not found.of(member.code)) for member in pool.members}
        return replace(pool, vetoes=found, assents=assents)

    def sharing(self, network: Practice) -> list[Sharing]:
        """The members of a network as they stand when its money is shared out."""
        members = self._members(network)
        return self._sharing(network, members, [self._alone(member, network.code) for member in members])

    def _members(self, network: Practice) -> list[Standing]:
        return [self.standings.of(member.code) for member in self.standings.members(network.code)]

    def _sharing(
        self,
        network: Practice,
        members: Sequence[Standing],
        each: Sequence[PracticeResult],
        added: Sequence[int | None] | None = None,
    ) -> list[Sharing]:
        """The members with what they go by; `added` is what each contributes, where that is not all that it earned."""
        plan = self.standings.plan(network.code)
        terms, rule = plan.scheme.networks, plan.resolved.distribution_of(network.code)
        assert terms is not None
        if added is None:
            added = [_contribution(one, terms.earned_by == "practice") for one in each]
        return [
            Sharing(
                one.practice,
                one.merged,
                _part(rule, plan.scheme.paid_by, one) if self.standings.takes_part(one.practice) else Fraction(0),
                member.figures,
                own,
            )
            for one, member, own in zip(each, members, added, strict=True)
        ]

    def _sum_of(self, own: Standing, result: PracticeResult, members: Sequence[PracticeResult]) -> PracticeResult:
        """A network that pools what its members earned: each item is the sum of theirs, as is what is paid ahead."""
        here = {member.practice.code for member in members if self.standings.takes_part(member.practice)}
        every = [m for m in members if m.practice.code in here or m.status == MERGED]
        awards = self._summed(result.awards, members)
        members = [member for member in members if member.practice.code in here]
        if all(member.advance.pence is not None for member in members):
            ahead = _together(members, every)
        else:
            ahead = ahead_of(self.standings, own, result.participation)
        code, found = own.practice.code, self.standings.vetoes(own.practice.code)
        by = _veto_by(self.standings.plan(code).scheme)
        priced = vetoed(Priced(result.participation, result.base, awards), found, code, by)
        return paid(self.standings, own, priced, ahead, found.counting)

    def _summed(self, awards: Sequence[Award], members: Sequence[PracticeResult]) -> tuple[Award, ...]:
        """The awards of a network that pools what its members earned: of each item the sum of theirs who take part."""
        members = [member for member in members if self.standings.takes_part(member.practice)]
        summed = []
        for n, award in enumerate(awards):
            theirs = [member.awards[n] for member in members]
            pence = [one.pence for one in theirs]
            lacks = [m.practice.code for m, one in zip(members, theirs, strict=True) if one.pence is None]
            why = f"Not known of {', '.join(lacks)}." if lacks else "The sum of what its members earned."
            total = None if lacks else sum(p or 0 for p in pence)
            waits = "; ".join(
                f"of {m.practice.code}, {one.waits}" for m, one in zip(members, theirs, strict=True) if one.waits
            )
            summed.append(
                Award(
                    award.item,
                    Achievement(),
                    None,
                    None,
                    (),
                    total,
                    total,
                    reason=why,
                    within=award.within,
                    waits=waits,
                )
            )
        return tuple(summed)

    def member(self, practice: Practice, network: PracticeResult) -> PracticeResult:
        """A member: what it contributes, and its part of the network's money."""
        own, pool = self._alone(self.standings.of(practice.code), practice.network), network.pool
        assert pool is not None
        part = pool.pence_of(practice.code)
        where = f"Paid through network {pool.network.code}."
        awards, as_one_by = own.awards, f"Earned as one by {pool.network.code}."
        if not pool.in_pounds:
            awards = tuple(
                award
                if award.item.item in pool.vetoes.counting
                else replace(award, pence=0, pence_at_one=0, earned=None, calculation=None, reason=as_one_by)
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
            pence=part if part is not None or self.standings.takes_part(practice) else 0,
            if_final=None,
            reason=reason,
            pool=pool,
        )


def _veto_by(scheme: Scheme) -> date | None:
    """The last day on which a veto counts; None for every day."""
    return scheme.networks.veto_by if scheme.networks else None


def _together(members: Sequence[PracticeResult], schedules: Sequence[PracticeResult]) -> Ahead:
    """What members are paid before the year is settled: the advance, its dues, and those of what they delivered."""
    by_day: dict[tuple[date | None, str], int] = {}
    for due in (due for member in schedules for due in member.schedule):
        by_day[due.day, due.kind] = by_day.get((due.day, due.kind), 0) + due.pence
    before = sum(due.pence for one in schedules if one.status == MERGED for due in one.schedule if _activity(due))
    paid = Advance(sum(member.advance.pence or 0 for member in members) - before, "the sum of its members'")
    ahead = [DuePayment(day, "instalment", pence) for (day, kind), pence in by_day.items() if kind == "instalment"]
    delivered = [DuePayment(day, "activity", pence) for (day, kind), pence in by_day.items() if kind == "activity"]
    return Ahead(paid, ahead, delivered)


def _activity(due: DuePayment) -> bool:
    """Whether it is paid for activity. Of one that merged that is an advance to its successor, and here it is paid."""
    return due.kind == "activity"


def _part(rule: str, paid_by: str, member: PracticeResult) -> Fraction | None:
    """For which part of the year a member takes part; None where the lists that it took over have unlike parts, and
    what is shared out by is not that list."""
    part = member.participation
    if not part.uneven or part.share is None:
        return part.share
    if rule in ("equal", "contribution", "agreed"):
        return part.sums
    return part.share if rule.replace(" ", "_") + "_size" == paid_by else None


def _contribution(result: PracticeResult, in_pounds: bool) -> int | None:
    """What a member adds: the pence that it earned, or its patients in the numerators."""
    if in_pounds:
        known = [award.pence for award in result.awards if not award.within]
        return None if None in known else sum(pence or 0 for pence in known)
    counted = [a.achievement.numerator for a in result.awards if a.achievement.numerator is not None]
    return sum(counted) if counted else None
