"""What is paid before the year is settled: in advance by the month, and for activity by the quarter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from remit.core.figures import AGREED, HISTORIC_POINTS, HISTORIC_POUNDS, THE_YEAR, Quarter
from remit.core.rounding import pence_text, scaled
from remit.core.words import listed
from remit.organisation import Practice
from remit.payment.instalments import DuePayment
from remit.payment.terms import Advance, advance, instalments
from remit.pricing.award import Award
from remit.pricing.evaluator import price
from remit.pricing.facts import RowFacts
from remit.pricing.part_of_year import Participation, brings_a_list, carried_on, participation
from remit.pricing.plan import PricingPlan
from remit.pricing.scenario import Standing
from remit.scheme.advances import covered, quarter_ends
from remit.scheme.agreements import FULL_AWARD, PaidInAdvance
from remit.scheme.kinds import Activity, Blend, CalculatedKind
from remit.scheme.model import Scheme
from remit.scoring.subjects import DELIVERED, WHOLE_PRACTICE


@dataclass(frozen=True)
class Ahead:
    """What comes before the settlement: an advance, its instalments, and what is paid for what was delivered."""

    advance: Advance
    instalments: Sequence[DuePayment] = ()
    delivered: Sequence[DuePayment] = ()


def paid_ahead(
    plan: PricingPlan,
    standing: Standing,
    itself: Standing,
    part: Participation,
    gone: Sequence[tuple[PricingPlan, Standing]],
) -> Ahead:
    """All that a practice is paid before its year is settled. `itself` is the practice without those that merged into
    it, which `gone` are, each by itself.

    In a merger advances move to the successor: what a practice was still to be paid after it left is paid to the
    one that carries on, and all of it is set against the successor's award. Nobody is paid before it joined.
    """
    if part.share is None:
        return Ahead(Advance(None, reason=""))
    before = [due for their_plan, their in gone for due in paid_on_activity_until(their_plan, their, standing.practice)]
    own = _own_of(plan, standing, itself)
    paid = own.advance
    if paid.pence is None:
        return Ahead(paid, (), on_activity(plan, standing, before))
    by_day = {due.day: due.pence for due in own.instalments}
    for their_plan, their in gone:
        theirs = own_advance(their_plan, their, standing.practice)
        if theirs.advance.pence is None:
            why = f"{their.practice.code}, which merged into it: {theirs.advance.reason}"
            return Ahead(replace(theirs.advance, reason=why), (), on_activity(plan, standing, before))
        pence = paid.pence + theirs.advance.pence
        working = " + ".join(filter(None, [paid.working, f"{theirs.advance.working} ({their.practice.code})"]))
        paid = replace(paid, pence=pence, working=working)
        for due in theirs.instalments:
            if due.day and their.practice.left and due.day > their.practice.left:
                by_day[due.day] = by_day.get(due.day, 0) + due.pence
    dues = [DuePayment(day, "instalment", pence) for day, pence in sorted(by_day.items())]
    delivered = on_activity(plan, standing, before, dues)
    if before:
        activity = sum(due.pence for due in before)
        working = " + ".join(filter(None, [paid.working, f"£{pence_text(activity)} for activity, paid before"]))
        paid = replace(paid, pence=(paid.pence or 0) + activity, working=working)
    return Ahead(paid, dues, delivered)


def _own_of(plan: PricingPlan, standing: Standing, itself: Standing) -> Ahead:
    """What a practice is paid in advance for what it had before others merged into it."""
    practice, merged = standing.practice, standing.merged
    if brings_a_list(plan.scheme, practice, merged):
        return own_advance(plan, itself)
    terms, figures = plan.scheme.terms.advances, itself.figures.get(WHOLE_PRACTICE, {})
    measures = [key.measure for key in (AGREED, HISTORIC_POUNDS, HISTORIC_POINTS) if figures.get(key)]
    if any(one.of == "previous achievement or agreed points" for one in terms) and measures:
        gone = listed([one.code for one in merged])
        why = (
            f"{practice.code} has no list but those of {gone}, whose advances carry on, and {listed(measures)} for * of"
        )
        return Ahead(Advance(None, reason=f"{why} its own: leave that out, or give its list."))
    return Ahead(Advance(0))


def own_advance(plan: PricingPlan, standing: Standing, into: Practice | None = None) -> Ahead:
    """What a practice is paid in advance on its own list, and when; of one that merged `into` another, as its list is
    looked after by the two.

    Who joins after the last instalment is paid nothing in advance.
    """
    practice = standing.practice if into is None else carried_on(standing.practice, into)
    part = participation(plan.resolved, practice)
    if part.share is None:
        return Ahead(Advance(None, reason=part.reason))
    base = plan.base(practice, (), part)
    cpi = base.list_factor.rounded if base.list_factor else None
    alone = replace(standing, practice=practice, merged=(), area=None)  # the area is known when the year is over
    each: list[Ahead] = []
    scheme, open_ = may_earn(plan, practice)
    for terms in plan.scheme.terms.advances:
        if open_ and terms.of == FULL_AWARD:
            return Ahead(Advance(None, reason=open_))
        blocks = _blocks(plan, alone, terms) if terms.of == "blocks" else None
        paid = advance(scheme, terms, base.heads, standing.figures, cpi, part.share, blocks)
        dues = instalments(plan.scheme, terms, paid.pence, part.first, part.last) if paid.pence else []
        if paid.pence and not dues:
            paid = Advance(0, f"joined on {part.first}, after the last instalment")
        each.append(Ahead(paid, dues))
    return _together(each)


def _together(each: Sequence[Ahead]) -> Ahead:
    """Several advances as one: what they come to, and what of it is paid on which day."""
    if len(each) < 2:
        return each[0] if each else Ahead(Advance(0))
    open_ = next((one.advance for one in each if one.advance.pence is None), None)
    if open_:
        return Ahead(open_)
    by_day: dict[date, int] = {}
    for due in (due for one in each for due in one.instalments):
        if due.day:
            by_day[due.day] = by_day.get(due.day, 0) + due.pence
    working = " + ".join(one.advance.working for one in each if one.advance.pence)
    paid = Advance(sum(one.advance.pence or 0 for one in each), working)
    return Ahead(paid, [DuePayment(day, "instalment", pence) for day, pence in sorted(by_day.items())])


def may_earn(plan: PricingPlan, practice: Practice) -> tuple[Scheme, str]:
    """The scheme with the items that a practice may earn by its row of the practices file, which is known before the
    year begins: of others, nothing of a full award is paid in advance. Or why that is not known."""
    scheme = plan.scheme
    if not plan.conditional:
        return scheme, ""
    full = [terms for terms in scheme.terms.advances if terms.of == FULL_AWARD]
    ahead = {item.item for terms in full for item in covered(scheme, terms)}
    kept, facts = [], RowFacts(practice.columns)
    for item in scheme.items:
        when = plan.lines[item.item].only_if if item.item in ahead else None
        verdict = when.verdict(facts) if when and when.columns() else None
        if when and verdict and verdict.holds is None and not (when.rests_on() or when.reads()):
            return scheme, verdict.because
        if verdict is None or verdict.holds is not False:
            kept.append(item)
    return (scheme, "") if len(kept) == len(scheme.items) else (scheme.model_copy(update={"items": tuple(kept)}), "")


def _blocks(plan: PricingPlan, standing: Standing, terms: PaidInAdvance) -> int | None:
    """The pence of what is known before the year begins; None while one of them is not."""
    named = {item.item for item in covered(plan.scheme, terms)} if terms.items else None
    sure: list[Fraction | None] = []
    by_code = price(plan, standing).by_item()
    for award in by_code.values():
        kind = award.item.kind
        if award.within or not isinstance(kind, CalculatedKind) or award.item.paid_to == "network":
            continue
        if named and award.item.item not in named:
            continue
        certain = {award.item.item: Fraction(1)} if kind.certain else {}
        if isinstance(kind, Blend):  # the part of a blend that rests on what is certain
            shares = {part: kind.share(part, str(plan.scheme.year)) for part in kind.parts}
            certain = {
                part: share.value
                for part, share in shares.items()
                if share is not None and share.value and _is_certain(by_code[part])
            }
        for code, share in certain.items():
            pence = by_code[code].pence
            sure.append(None if pence is None else share * pence)
    if None in sure:
        return None
    total = sum((pence or Fraction(0) for pence in sure), Fraction(0))
    return scaled(total.numerator, total.denominator, 0)


def on_activity(
    plan: PricingPlan,
    standing: Standing,
    paid_before: Sequence[DuePayment] = (),
    advanced: Sequence[DuePayment] = (),
) -> tuple[DuePayment, ...]:
    """What is paid quarter by quarter for what was delivered: its award up to each, less what was paid before.

    A figure for the year alone is known when the year is over. `paid_before` is what those that merged into it were
    paid; what fell due before it joined is paid with what comes next. What was `advanced` by a payment's day is set
    off where the scheme says so.
    """
    terms, year = plan.scheme.terms.paid_on_activity, plan.scheme.year
    if terms is None:
        return ()
    paid, dues, joined = 0, [], standing.practice.joined
    ends = quarter_ends(plan.scheme)
    for n, end in ends:
        day = None if terms.days.value is None else end + timedelta(days=int(terms.days.value))
        if joined and joined > (day or end):
            continue
        later = {Quarter(year, m) for m in range(n + 1, 5)}
        known = {
            subject: {
                key: value
                for key, value in figures.items()
                if key.period not in later
                and (n == ends[-1][0] or key.measure not in DELIVERED or key.period is not THE_YEAR)
            }
            for subject, figures in standing.figures.items()
        }
        awards = price(plan, replace(standing, figures=known)).awards
        delivered = (a for a in awards if isinstance(a.item.kind, Activity) and a.item.paid_to != "network")
        now = sum(a.pence or 0 for a in delivered if not a.within)
        so_far = paid + sum(due.pence for due in paid_before if due.day and day and due.day <= day)
        if terms.set_off == "what was paid in advance":
            so_far += sum(due.pence for due in advanced if due.day and due.day <= (day or end))
        if now > so_far:
            dues.append(DuePayment(day, "activity", now - so_far))
            paid += now - so_far
    return tuple(dues)


def paid_on_activity_until(plan: PricingPlan, standing: Standing, into: Practice) -> list[DuePayment]:
    """What a practice was paid for what it delivered until it merged `into` another, which is paid the rest."""
    left = standing.practice.left
    alone = replace(standing, practice=carried_on(standing.practice, into))
    terms = plan.scheme.terms.paid_on_activity
    set_off = terms is not None and terms.set_off == "what was paid in advance"
    advanced = own_advance(plan, standing, into).instalments if set_off else ()
    return [due for due in on_activity(plan, alone, (), advanced) if due.day and left and due.day <= left]


def _is_certain(award: Award) -> bool:
    """Whether what an award pays is known before the year begins."""
    return isinstance(award.item.kind, CalculatedKind) and award.item.kind.certain
