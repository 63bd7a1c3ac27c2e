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
from remit.runs.networks import Pool, Sharing, shared_out
from remit.runs.results import BLOCKED, FINAL, MERGED, PROVISIONAL, PracticeResult
from remit.runs.single import ahead_of, alone, paid
from remit.runs.standings import Standings
from remit.runs.vetoes import Vetoes, vetoed, vetoes_of
from remit.scheme.model import Scheme
from remit.scoring.achievement import Achievement


class Pools:
    """The networks of one run, each worked out once."""

    def __init__(self, standings: Standings) -> None:
        self.standings = standings
        self.known: dict[str, PracticeResult] = {}
        self.vetoed: dict[str, Vetoes] = {}

    def network(self, network: Practice) -> PracticeResult:
        """A network's own result, with its money shared out to its members in its `pool`."""
        if network.code not in self.known:
            self.known[network.code] = self._network(network)
        return self.known[network.code]

    def vetoes(self, network: str) -> Vetoes:
        """What a network's members vetoed, each by itself: one that merged or left said it while it was a member."""
        if network not in self.vetoed:
            scheme, counts = self.standings.plan(network).scheme, self.standings.inputs.counts
            members = [(one, counts.of(one.code)) for one in self.standings.members(network)]
            items = [item.item for item in scheme.through_networks()]
            self.vetoed[network] = vetoes_of(scheme, members, items)
        return self.vetoed[network]

    def _alone(self, standing: Standing, network: str) -> PracticeResult:
        """A network or a member by itself, with what was vetoed."""
        found, by = self.vetoes(network), _veto_by(self.standings.plan(network).scheme)
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
        found, scheme = self.vetoes(pool.network.code), self.standings.plan(pool.network.code).scheme
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

    def _sharing(self, network: Practice, members: Sequence[Standing], each: Sequence[PracticeResult]) -> list[Sharing]:
        plan = self.standings.plan(network.code)
        terms, rule = plan.scheme.networks, plan.resolved.distribution_of(network.code)
        assert terms is not None
        return [
            Sharing(
                one.practice,
                one.merged,
                _part(rule, plan.scheme.paid_by, one) if self.standings.takes_part(one.practice) else Fraction(0),
                member.figures,
                _contribution(one, terms.earned_by == "practice"),
            )
            for one, member in zip(each, members, strict=True)
        ]

    def _sum_of(self, own: Standing, result: PracticeResult, members: Sequence[PracticeResult]) -> PracticeResult:
        """A network that pools what its members earned: each item is the sum of theirs, as is what is paid ahead."""
        awards = []
        here = {member.practice.code for member in members if self.standings.takes_part(member.practice)}
        every = [m for m in members if m.practice.code in here or m.status == MERGED]
        members = [member for member in members if member.practice.code in here]
        for n, award in enumerate(result.awards):
            theirs = [member.awards[n] for member in members]
            pence = [one.pence for one in theirs]
            lacks = [m.practice.code for m, one in zip(members, theirs, strict=True) if one.pence is None]
            why = f"Not known of {', '.join(lacks)}." if lacks else "The sum of what its members earned."
            total = None if lacks else sum(p or 0 for p in pence)
            waits = "; ".join(
                f"of {m.practice.code}, {one.waits}" for m, one in zip(members, theirs, strict=True) if one.waits
            )
            awards.append(
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
        if all(member.advance.pence is not None for member in members):
            ahead = _together(members, every)
        else:
            ahead = ahead_of(self.standings, own, result.participation)
        code, found = own.practice.code, self.vetoes(own.practice.code)
        by = _veto_by(self.standings.plan(code).scheme)
        priced = vetoed(Priced(result.participation, result.base, tuple(awards)), found, code, by)
        return paid(self.standings, own, priced, ahead, found.counting)

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
