"""From a year's award to what is paid when: advance, balance or recovery, and their schedule.

Everything here is in whole pence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from remit.core.figures import AGREED, HISTORIC_POINTS, HISTORIC_POUNDS
from remit.core.rounding import exact_text, pence_text, pounds_text, scaled
from remit.payment.instalments import DuePayment, on_days, recovery_days, shares, stated_first
from remit.scheme.advances import paid_days, per_head, set_sums
from remit.scheme.agreements import PaidInAdvance
from remit.scheme.model import Scheme
from remit.scheme.resolve import Resolved, Term
from remit.scoring.achievement import Subjects
from remit.scoring.subjects import WHOLE_PRACTICE


@dataclass(frozen=True)
class RecoveryPlan:
    """What Finance agreed with one practice: the day of notification, and more months only with a recorded reason."""

    notified: date
    months: int | None = None
    exception: str = ""


@dataclass(frozen=True)
class Advance:
    """What is paid in the year, in pence, with its working; None with the reason."""

    pence: int | None
    working: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Settlement:
    """The year in pence: advance, balance, recovery (each None while not known), and what falls due when."""

    advance: int | None
    balance: int | None
    recovery: int | None
    schedule: tuple[DuePayment, ...]
    reason: str = ""


def advance(
    scheme: Scheme,
    terms: PaidInAdvance,
    heads: Fraction | None,
    subjects: Subjects,
    cpi: Fraction | None,
    share: Fraction,
    blocks: int | None = None,
) -> Advance:
    """What is paid in the year: a share of full achievement, of previous achievement or agreed points, or of blocks.

    `blocks` are the pence of what is known before the year begins, None while they are not.
    """
    if terms.share.value is None:
        return Advance(None, reason="The share paid in advance is not known: set terms.paid_in_advance.share.")
    if terms.of == "blocks":
        if blocks is None:
            return Advance(None, reason="The block is not known yet.")
        amount = terms.share.value * Fraction(blocks, 100)
        return Advance(scaled(amount.numerator, amount.denominator, 2), f"{terms.share} × £{pence_text(blocks)}")
    if terms.of == "award for full achievement":
        return _full(scheme, terms, terms.share.value, heads, share)
    return _aspiration(scheme, terms, subjects, cpi, terms.share.value, share)


def _full(scheme: Scheme, terms: PaidInAdvance, percent: Fraction, heads: Fraction | None, share: Fraction) -> Advance:
    """Pounds per head for full achievement x the list, and the set sums."""
    part = f" × {exact_text(share, most=6)}" if share != 1 else ""
    sums, workings = Fraction(0), []
    most = per_head(scheme, terms)
    if most is not None:
        if heads is None:
            return Advance(None, reason="The list is not known.")
        sums += most * heads * share
        workings.append(f"£{exact_text(most, 2)} × {exact_text(heads)}{part}")
    ahead = {item.item: item.kind.most_earned() for item in set_sums(scheme, terms)}
    if ahead or not workings:
        open_ = [code for code, most in ahead.items() if most is None]
        if open_:
            return Advance(None, reason=f"What full achievement of {', '.join(open_)} pays is not known yet.")
        set_sum = sum((most or Fraction(0) for most in ahead.values()), Fraction(0))
        sums += set_sum * share
        workings.append(f"{pounds_text(set_sum)}{part}")
    amount = percent * sums
    return Advance(scaled(amount.numerator, amount.denominator, 2), f"{terms.share} × ({' + '.join(workings)})")


def _aspiration(
    scheme: Scheme,
    terms: PaidInAdvance,
    subjects: Subjects,
    cpi: Fraction | None,
    percent: Fraction,
    share: Fraction,
) -> Advance:
    """QOF: agreed points, else last year's unadjusted pounds uprated, else last year's points at this year's value."""
    figures = dict(subjects.get(WHOLE_PRACTICE, {}))
    if scheme.networks:
        figures.pop(AGREED, None)  # there it is a member's assent, not points
    value = scheme.point.value.value if scheme.point else None
    if value is None or not {AGREED, HISTORIC_POUNDS, HISTORIC_POINTS} & set(figures):
        why = (
            "Last year's points are missing, and no points were agreed. Add HISTORIC_POINTS, HISTORIC_POUNDS or AGREED "
            "of the practice as a whole (*) to the counts."
        )
        return Advance(None, reason=why)
    shown = f"{terms.share}"
    if AGREED not in figures and HISTORIC_POUNDS in figures:
        before = terms.previous_point_value
        if before is None or before.value is None:
            return Advance(None, reason="The previous year's value of a point is not known, which uprates the pounds.")
        amount = percent * Fraction(figures[HISTORIC_POUNDS]) * value / before.value * share
        pounds = exact_text(Fraction(figures[HISTORIC_POUNDS]), 2)
        working = f"{shown} × £{pounds} (previous achievement) × £{exact_text(value, 2)} / {before} (uprating)"
    else:
        if cpi is None:
            return Advance(None, reason="The list index is not known.")
        key, name = (AGREED, "agreed") if AGREED in figures else (HISTORIC_POINTS, "last year's")
        points = Fraction(figures[key])
        amount = percent * points * value * cpi * share
        working = (
            f"{shown} × {exact_text(points)} points ({name}) × £{exact_text(value, 2)}"
            f" × {exact_text(cpi, most=6)} (list)"
        )
    return Advance(scaled(amount.numerator, amount.denominator, 2), working)


def instalments(scheme: Scheme, terms: PaidInAdvance, pence: int, first: date, last: date) -> list[DuePayment]:
    """An advance in its instalments: those on days on which the practice is in the scheme.

    Who is there from the first day has those before it too, and who stays to the last day those after it. Where no
    instalment is left, it is the next one; none where all fell due before it joined.
    """
    days = paid_days(scheme, terms)
    first, last = (date.min if first <= scheme.begins else first), (date.max if last >= scheme.ends else last)
    within = [day for day in days if first <= day <= last] or [day for day in days if day >= last][:1]
    if not within:
        return []
    by_day = dict[date, int]()  # those missed until a contract was agreed are paid on one day
    for day, part in zip(within, shares(pence, len(within), terms.remainder, terms.rounding), strict=True):
        by_day[day] = by_day.get(day, 0) + part
    return on_days(list(by_day.values()), list(by_day), "instalment")


def settle(
    resolved: Resolved,
    earned: int | None,
    paid: Advance,
    paying: Sequence[DuePayment],
    plan: RecoveryPlan | None,
    on_activity: Sequence[DuePayment] = (),
) -> Settlement:
    """Set the award against what was advanced. `earned` is None while it is provisional: nothing is settled then.

    What was paid `on_activity`, quarter by quarter, is part of the award already.
    """
    if paid.pence is None:
        return Settlement(None, None, None, (), paid.reason)
    paying = sorted([*paying, *on_activity], key=lambda due: due.day or date.max)
    if earned is None:
        return Settlement(paid.pence, None, None, tuple(paying))
    left = earned - paid.pence - sum(due.pence for due in on_activity)
    if left > 0:
        due, why = resolved.balance_due.value, _undated(resolved.balance_due, "balance")
        return Settlement(paid.pence, left, 0, (*paying, DuePayment(due, "balance", left)), why)
    if left == 0:
        return Settlement(paid.pence, 0, 0, tuple(paying))
    terms = resolved.scheme.terms.recovery
    notified = plan.notified if plan else resolved.recovery_notified.value
    months = plan.months if plan and plan.months else terms.months.value
    if months is None:
        why = (
            "In how many instalments it is recovered is not in the sources: give its months, or set "
            "terms.recovery.months."
        )
        return Settlement(paid.pence, 0, -left, tuple(paying), why)
    first = stated_first(resolved.recovery_first.value, plan.notified if plan else None)
    days = recovery_days(notified, int(months), first, terms.at_month_ends)
    recovered = on_days(shares(-left, int(months), terms.remainder), days, "recovery")
    unsaid = resolved.recovery_first if terms.first else resolved.recovery_notified
    why = "" if days[0] else _undated(unsaid, "recovery")
    if plan and plan.exception:
        why = f"{why} Recovered in {months} months: {plan.exception}".strip()
    return Settlement(paid.pence, 0, -left, (*paying, *recovered), why)


def _undated(term: Term[date], kind: str) -> str:
    return "" if term.value else f"The {kind} has no day yet: set {term.name}."
