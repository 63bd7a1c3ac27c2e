"""One practice or network by itself: its awards, what they come to, and when it is paid."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date

from remit.core.words import agreed, listed
from remit.organisation import Practice
from remit.payment.in_year import Ahead, own_advance, paid_ahead, paid_on_activity_until
from remit.payment.terms import Advance, Settlement, settle
from remit.pricing.award import Priced
from remit.pricing.evaluator import price
from remit.pricing.part_of_year import Participation
from remit.pricing.plan import PricingPlan
from remit.pricing.product import sum_of
from remit.pricing.scenario import Standing
from remit.runs.results import FINAL, MERGED, PROVISIONAL, PracticeResult
from remit.runs.standings import Standings
from remit.scoring.contradictions import Contradiction
from remit.scoring.monitoring import watched


def alone(
    standings: Standings,
    standing: Standing,
    change: Callable[[Priced], Priced] = lambda priced: priced,
    whatever: Collection[str] = (),
    ahead: Ahead | None = None,
) -> PracticeResult:
    """A practice or network by itself, on its own figures; `change` has the last word on its awards.

    `whatever` are items that are final whatever was counted; `ahead` is what it is paid before the settlement where
    that is not its own.
    """
    plan = standings.plan(standing.practice.code)
    priced = price(plan, standing)
    _mark(priced, standings.contradictions(standing.practice.code))
    if standing.practice.merged_in(plan.scheme.year) and plan.resolved.merger.value:
        return _merged(plan, standing, priced, standings.inputs.practices[standing.practice.successor])
    ahead = ahead or ahead_of(standings, standing, priced.participation)
    return paid(standings, standing, change(priced), ahead, whatever)


def ahead_of(standings: Standings, standing: Standing, part: Participation) -> Ahead:
    """What a practice or network is paid before its year is settled."""
    plan = standings.plan(standing.practice.code)
    return paid_ahead(plan, standing, standings.by_itself(standing), part, standings.gone(standing))


def paid(
    standings: Standings, standing: Standing, priced: Priced, ahead: Ahead, whatever: Collection[str] = ()
) -> PracticeResult:
    """What awards come to and when it is paid, with what is paid `ahead` of the settlement. Counts that do not fit keep
    no award open that rests on items of `whatever` alone."""
    inputs, practice, part = standings.inputs, standing.practice, priced.participation
    plan = standings.plan(practice.code)
    pence = sum_of(priced.awards).value
    open_items = [award.item.item for award in priced.awards if award.unpaid]
    waits = _waits(standing, priced)
    provisional = " ".join(filter(None, [standings.provisional(standing), *standings.of_merged(standing)]))
    unpayable = ahead.advance.pence is None  # no balance can be worked out, so nobody would be paid
    unfit = [one for one in standings.contradictions(practice.code) if one.certain and not {*one.items} <= {*whatever}]
    wrong = list(dict.fromkeys(one.why for one in unfit))
    unsettled = (
        _unsettled(standings, priced, open_items) or waits or wrong or part.share is None or provisional or unpayable
    )
    earned = None if unsettled else pence
    recovery = inputs.recoveries.get(practice.code)
    settlement = settle(plan.resolved, earned, ahead.advance, ahead.instalments, recovery, ahead.delivered)
    if_final = None
    if unsettled and pence is not None and not standings.only_items and not wrong:
        if_final = settle(plan.resolved, pence, ahead.advance, ahead.instalments, recovery, ahead.delivered)
    reasons = [*_unsettled(standings, priced, open_items), *waits, *wrong, provisional, part.reason, settlement.reason]
    return PracticeResult(
        practice,
        plan.scheme,
        priced.awards,
        tuple(
            (item.item, name, done)
            for item in plan.dated
            for name, done in plan.measurer(item.item).definitions(standing.figures)
        ),
        priced.base,
        part,
        ahead.advance,
        settlement,
        PROVISIONAL if unsettled else FINAL,
        pence,
        " ".join(filter(None, reasons)),
        standing.merged,
        watched=watched(plan.scheme, standing.figures, inputs.period),
        if_final=if_final,
    )


def _mark(priced: Priced, contradictions: Sequence[Contradiction]) -> None:
    """Write what does not fit beside each award that rests on it."""
    for award in priced.awards if contradictions else ():
        own = (one.why for one in contradictions if award.item.item in one.items)
        award.doubt = " ".join(dict.fromkeys(own))
        award.reason = f"{award.reason} {award.doubt}".strip()


def _waits(standing: Standing, priced: Priced) -> list[str]:
    """What pounds that are known wait for: item by item, and once for all that the area's budget scales."""
    of_all = standing.area.budget.waits if standing.area and standing.area.budget else ""
    scaled = [award.item.item for award in priced.awards if award.waits and award.waits == of_all]
    own = [award for award in priced.awards if award.waits and award.item.item not in scaled]
    waits = [f"Item {award.item.item} is not final: {award.waits}." for award in own]
    if scaled:
        waits.append(agreed(f"Item{{|s}} {listed(scaled)} {{is|are}} not final: {of_all}.", len(scaled)))
    return waits


def _unsettled(standings: Standings, priced: Priced, open_items: list[str]) -> list[str]:
    """Why a position is not the year's end."""
    reasons, only, period = [], standings.only_items, standings.inputs.period
    if open_items:
        shown = ", ".join(open_items[:6]) + (" and others" if len(open_items) > 6 else "")
        reasons.append(f"{len(open_items)} of {len(priced.awards)} items have no pounds yet: {shown}.")
    if only:
        reasons.append(f"Only {', '.join(only)} {'was' if len(only) == 1 else 'were'} run.")
    if period:
        reasons.append(f"This is the position on {period.day or period}.")
    return reasons


def _merged(plan: PricingPlan, standing: Standing, priced: Priced, into: Practice) -> PracticeResult:
    """A practice that merged into another: paid until then, and settled with its successor."""
    practice = standing.practice
    own = own_advance(plan, standing, into)
    delivered = paid_on_activity_until(plan, standing, into)
    dues = [d for d in own.instalments if d.day and practice.left and d.day <= practice.left]
    dues = sorted([*dues, *delivered], key=lambda due: due.day or date.max)
    pence = None if own.advance.pence is None else sum(due.pence for due in dues)
    why = f"Merged into {practice.successor} on {practice.left}: its award is the successor's."
    why = f"{why} {own.advance.reason}".strip()
    settlement = Settlement(pence, None, None, tuple(dues), why)
    return PracticeResult(
        practice, plan.scheme, priced.awards, (), priced.base, priced.participation, Advance(pence, "", why),
        settlement, MERGED, 0, why,
    )  # fmt: skip
