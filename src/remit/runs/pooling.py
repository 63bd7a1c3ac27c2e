"""A network's own result, and what each member receives of its money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from remit.organisation import Practice
from remit.payment.instalments import Due
from remit.payment.terms import Advance, Settlement, participation, setting
from remit.pricing.evaluator import Award
from remit.runs.networks import Pool, Sharing, shared_out
from remit.runs.results import BLOCKED, FINAL, PROVISIONAL, PracticeResult
from remit.scoring.achievement import Achievement, Subjects

if TYPE_CHECKING:
    from remit.runs.engine import Run


class Pools:
    """The networks of one run, each worked out once."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.known: dict[str, tuple[PracticeResult, Pool]] = {}

    def takes_part(self, member: Practice) -> bool:
        """Whether what a member counts and earns is its network's.

        One that merged into another is counted there, and one that nothing is due to is not asked.
        """
        scheme, settings = self.run.inputs.scheme_of(member.code), self.run.inputs.settings
        if member.successor:
            return not setting(scheme, settings, scheme.terms.changes.merger)
        return participation(scheme, member, settings).share != 0

    def network(self, network: Practice) -> tuple[PracticeResult, Pool]:
        """A network's own result, and its money shared out to its members."""
        known = self.known.get(network.code)
        if known:
            return known
        scheme = self.run.inputs.scheme_of(network.code)
        assert scheme.networks is not None
        members = self.run.members(network.code)
        figures = [self.run.counted(member.code) for member in members]
        own = self.run.counted(network.code)
        alone = [self.run.alone(member, held) for member, held in zip(members, figures, strict=True)]
        by_practice = scheme.networks.earned_by == "practice"
        result = self.run.alone(network, own)
        if by_practice:
            result = self._sum_of(network, result, alone, own)
        known_ = not any(award.unpaid for award in result.awards)
        rows = [
            Sharing(
                one.practice,
                one.merged,
                one.participation.share if self.takes_part(one.practice) else Fraction(0),
                held,
                _contribution(one, by_practice),
            )
            for one, held in zip(alone, figures, strict=True)
        ]
        pool = shared_out(scheme, self.run.inputs.settings, network, result.pennies if known_ else None, rows)
        if pool.distribution.status == "blocked":
            settled = replace(result.settlement, balance=None, recovery=None)
            dues = tuple(due for due in result.schedule if due.kind in ("instalment", "activity"))
            reason = f"{pool.distribution.reason} {result.reason}".strip()
            status = BLOCKED if known_ and result.status == FINAL else result.status
            result = replace(result, status=status, settlement=replace(settled, schedule=dues), reason=reason)
        result = replace(result, pool=pool)
        self.known[network.code] = result, pool
        return result, pool

    def _sum_of(
        self, network: Practice, result: PracticeResult, members: Sequence[PracticeResult], own: Subjects
    ) -> PracticeResult:
        """A network that pools what its members earned: each item is the sum of theirs, as is what is paid ahead."""
        awards = []
        here = {member.practice.code for member in members if self.takes_part(member.practice)}
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
        plan = self.run.plans[self.run.inputs.assigned[network.code]]
        ahead = _together(members, every) if all(member.advance.pennies is not None for member in members) else None
        return self.run.paid(
            network, plan, own, result.base, result.participation, tuple(awards), result.definitions, result.merged,
            ahead,
        )  # fmt: skip

    def member(self, practice: Practice, network: PracticeResult, pool: Pool) -> PracticeResult:
        """A member: what it contributes, and its part of the network's money."""
        own = self.run.alone(practice, self.run.counted(practice.code))
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
