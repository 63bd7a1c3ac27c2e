"""What is paid before the year is settled: in advance by the month, and for activity by the quarter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from remit.core.figures import THE_YEAR, Quarter
from remit.core.rounding import scaled
from remit.organisation import Practice
from remit.payment.instalments import Due
from remit.payment.terms import Advance, Participation, advance, instalments, participation
from remit.pricing.evaluator import Award, Base
from remit.scheme.kinds import Activity, Blend, Reckoned
from remit.scoring.achievement import Subjects
from remit.scoring.subjects import DELIVERED

if TYPE_CHECKING:
    from remit.runs.engine import Plan, Run


class Ahead:
    """The payments of one run that come before the settlement."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def in_year(
        self, practice: Practice, part: Participation, merged: tuple[Practice, ...], subjects: Subjects
    ) -> tuple[Advance, list[Due]]:
        """What a practice is paid in the year, and when.

        In a merger advances move to the successor: what a practice was still to be paid after it left is paid to the
        one that carries on, and all of it is set against the successor's award.
        """
        paid, dues = self.own_advance(practice, part, subjects)
        if paid.pennies is None:
            return paid, []
        by_day = {due.day: due.pennies for due in dues}
        for gone in merged:
            theirs, instalments_of_theirs = self.own_advance(gone)
            if theirs.pennies is None:
                return replace(theirs, reason=f"{gone.code}, which merged into it: {theirs.reason}"), []
            pennies = paid.pennies + theirs.pennies
            paid = replace(paid, pennies=pennies, working=f"{paid.working} + {theirs.working} ({gone.code})")
            for due in instalments_of_theirs:
                if due.day and gone.left and due.day > gone.left:
                    by_day[due.day] = by_day.get(due.day, 0) + due.pennies
        return paid, [Due(day, "instalment", pennies) for day, pennies in sorted(by_day.items())]

    def own_advance(
        self, practice: Practice, part: Participation | None = None, subjects: Subjects | None = None
    ) -> tuple[Advance, list[Due]]:
        """What a practice is paid in the year on its own list, and when; one that merged, as had it stayed."""
        plan, settings = self.run.plans[self.run.inputs.assigned[practice.code]], self.run.inputs.settings
        stayed = replace(practice, left=None) if practice.successor else practice
        part = part or participation(plan.scheme, stayed, settings)
        if part.share is None:
            return Advance(None, reason=part.reason), []
        base = plan.pricer.base(practice, (), part.share)
        cpi = base.list_factor.rounded if base.list_factor else None
        subjects = self.run.inputs.counts.of(practice.code) if subjects is None else subjects
        ahead = plan.scheme.terms.paid_in_advance
        blocks = self._blocks(plan, practice, subjects, base) if ahead and ahead.of == "blocks" else None
        paid = advance(plan.scheme, settings, base.heads, subjects, cpi, part.share, blocks)
        if paid.pennies is None:
            return paid, []
        return paid, instalments(plan.scheme, paid.pennies, part.first, part.last)

    def _blocks(self, plan: Plan, practice: Practice, subjects: Subjects, base: Base) -> int | None:
        """The pennies of what is known before the year begins; None while one of them is not."""
        sure: list[Fraction | None] = []
        by_code = {award.item.item: award for award in self.run.awards(plan, practice, subjects, base)}
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

    def on_activity(self, practice: Practice, plan: Plan, subjects: Subjects, base: Base) -> tuple[Due, ...]:
        """What is paid quarter by quarter for what was delivered: its award up to each, less what was paid before.

        A figure for the year alone is known when the year is over.
        """
        terms, year = plan.scheme.terms.paid_on_activity, plan.scheme.year
        if terms is None:
            return ()
        before, dues = 0, []
        ends = year.months()[2::3]
        for n, end in enumerate(ends, 1):
            later = {Quarter(year, m) for m in range(n + 1, 5)}
            known = {
                subject: {
                    key: value
                    for key, value in held.items()
                    if key.period not in later
                    and (n == 4 or key.measure not in DELIVERED or key.period is not THE_YEAR)
                }
                for subject, held in subjects.items()
            }
            awards = [a for a in self.run.awards(plan, practice, known, base) if isinstance(a.item.kind, Activity)]
            now = sum(award.pennies or 0 for award in awards if not award.within)
            day = None if terms.days.value is None else end + timedelta(days=int(terms.days.value))
            if now > before:
                dues.append(Due(day, "activity", now - before))
            before = max(now, before)
        return tuple(dues)


def _is_certain(award: Award) -> bool:
    """Whether what an award pays is known before the year begins."""
    return isinstance(award.item.kind, Reckoned) and award.item.kind.certain
