"""The plain words of a statement: what happens next, and answers to the questions that practices type.

Only what the run knows is answered. What becomes of money that nobody earned, or who approves a payment, is in no
scheme file yet, so it is not said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from remit.core import say
from remit.core.rounding import scaled
from remit.documents.statement.calculation_steps import policy
from remit.documents.statement.missing import plain
from remit.documents.statement.model import ItemStatement, Statement
from remit.documents.statement.network import is_blocked, named, rule_words, why_blocked
from remit.payment.instalments import DuePayment
from remit.payment.terms import Settlement
from remit.pricing.product import label_points, point_worth, points_of, worth_of
from remit.pricing.prospects import OnePca
from remit.runs import amounts
from remit.runs.networks import Pool
from remit.runs.results import BLOCKED, FINAL, MERGED, PracticeResult
from remit.runs.vetoes import said_by
from remit.scheme.advances import rhythm, set_off_words
from remit.scheme.agreements import OPEN
from remit.scheme.resolve import day_of


def status(statement: Statement) -> str:
    """`Final`, or `Provisional`, `Blocked` or `Merged` with the reason."""
    result = statement.result
    blocked = "" if result.status == BLOCKED else "Not shared out: "
    reason = plain(result.reason.replace("Blocked: ", blocked))
    return say.capital(result.status) + (f". {reason}" if reason and result.status != FINAL else "")


def next_step(statement: Statement) -> str:
    """What was paid, what was earned and what happens now, in a sentence or two."""
    result = statement.result
    if result.pool is not None and result.through_network:
        return _member(statement, result.pool)
    if result.shares_out:
        return _shares_out(statement)
    paid = _paid(result)
    if paid and result.merged:
        gone = say.listed([say.clean(practice.code) for practice in result.merged])
        paid += f", with what was paid to {gone} before it merged into you,"
    if result.status == MERGED:
        into = result.practice.successor
        return (
            f"{paid}. The practice then merged into {into}: what was earned, and what is left to pay, is settled there."
        )
    if result.participation.share == 0:
        why = result.participation.reason or say.sentence(say.days_in(result.participation.working))
        return f"{why} Nothing is earned, and nothing is paid."
    if result.pool is not None and result.status in (FINAL, BLOCKED):
        return f"{_settled(statement, paid)} {_shared(statement, result.pool)}"
    if result.status != FINAL:
        return _provisional(statement, paid)
    return _settled(statement, paid)


def _provisional(statement: Statement, paid: str) -> str:
    """What is known of an award that is not final, what it would come to, and what is missing where something is."""
    result, if_final = statement.result, statement.result.if_final
    missing = any(award.unpaid for award in result.awards) or result.participation.share is None
    text = f"{paid.replace('were paid', 'are paid')}. " if paid else ""
    if result.pence is None:
        text += "Nothing of your award is known yet. "
    else:
        text += f"{say.money(result.pence)} of your award is known so far. " if missing else _earned_so_far(result)
    text += "This statement is provisional. "
    if missing or result.settlement.advance is None:
        text += f"What is missing: {_what_is_missing(statement)}. "
    if if_final is not None and if_final.advance is not None:
        text += f"If this were final{', with nothing for what is missing' if missing else ''}, {_would(if_final)}."
    elif missing or result.settlement.advance is None:
        text += "Balance and recovery wait for it."
    return text.strip()


def _earned_so_far(result: PracticeResult) -> str:
    return f"You have earned {say.money(result.pence or 0)} as it stands. "


def _would(settled: Settlement) -> str:
    """What a settlement would bring, with its amount."""
    if settled.balance:
        return f"{say.money(settled.balance)} would be paid to you as the balance"
    return f"{say.money(settled.recovery)} would be recovered" if settled.recovery else "nothing would be left to pay"


def _what_is_missing(statement: Statement) -> str:
    """The items without pounds, and what was paid in the year where that is not known."""
    result, open_ = statement.result, [award.item.item for award in statement.result.awards if award.unpaid]
    parts = [f"the pounds of {'item' if len(open_) == 1 else 'items'} {say.listed(open_[:6])}"] if open_ else []
    if len(open_) > 6:
        parts = [f"the pounds of {len(open_):,} items, {', '.join(open_[:6])} among them"]
    if result.settlement.advance is None:
        parts.append("what is paid in the year")
    return say.listed(parts) or "for which part of the year you are paid"


def _paid(result: PracticeResult) -> str:
    """What was paid in the year, in advance and on activity; nothing where nothing was."""
    advance, activity = result.settlement.advance, amounts.on_activity(result)
    if advance is None:
        return ""
    parts = []
    if advance or (result.scheme.terms.paid_in_advance is not None and not activity and result.scheme.heads):
        parts.append(f"{say.money(advance)} in the year")
    if activity:
        parts.append(f"{say.money(activity)} quarter by quarter for what was delivered")
    return f"You were paid {' and '.join(parts)}" if parts else ""


def _member(statement: Statement, pool: Pool) -> str:
    """Where a member of a network stands."""
    name, code = named(pool.network), statement.result.practice.code
    part = pool.pence_of(code)
    if pool.pence is None:
        return f"You are paid through network {name}, whose award is not known yet. {why_blocked(pool)}"
    has = f"You are paid through network {name}, which earned {say.money(pool.pence)}"
    if part is None:
        return f"{has}. It is not shared out yet. {why_blocked(pool)}"
    provisional = "" if statement.result.status == FINAL else " The network's award is provisional."
    return f"{has}. Your part of it is {say.money(part)}, shared out {rule_words(statement, pool)}.{provisional}"


def _shared(statement: Statement, pool: Pool) -> str:
    """Whether a network's award is shared out, and how."""
    if is_blocked(pool):
        return f"It is not shared out to your members yet. {why_blocked(pool)}"
    whom = "one member" if len(pool.members) == 1 else f"{say.in_words(len(pool.members))} members"
    return f"It is shared out to your {whom} {rule_words(statement, pool)}."


def _shares_out(statement: Statement) -> str:
    """What a network's items come to, and that its members have it."""
    result, worth = statement.result, amounts.earned_by_itself(statement.result)
    items = f"Item{'' if len(result.parts) == 1 else 's'} {say.listed(list(result.parts))}"
    stopped = [vetoes for pool in result.parts.values() for vetoes in pool.vetoes.counting.values()]
    if stopped and len(stopped) == len(result.parts):
        whose = said_by([veto for vetoes in stopped for veto in vetoes])
        return f"{items} {'was' if len(stopped) == 1 else 'were'} vetoed by {whose}: nothing is paid to any member."
    blocked = [why_blocked(pool) for pool in result.parts.values() if is_blocked(pool)]
    earned = f"{items} earned {'nothing that is known yet' if worth is None else say.money(worth)}. "
    if blocked:
        return f"{earned}It is not shared out to your members yet. {' '.join(dict.fromkeys(blocked))}"
    first = next(iter(result.parts.values()))
    whom = "one member" if len(first.members) == 1 else f"{say.in_words(len(first.members))} members"
    by = f"It is shared out to your {whom} {rule_words(statement, first)}: each has its part in its own payment, and "
    provisional = "" if result.status == FINAL else " This statement is provisional."
    return f"{earned}{by}nothing is paid to the network itself.{provisional}"


def _settled(statement: Statement, paid: str) -> str:
    """What was paid, what was earned, and what is left either way."""
    result, s = statement.result, statement.result.settlement
    earned = "earned nothing that is known yet" if result.pence is None else f"earned {say.money(result.pence)}"
    if s.advance is None:
        why = plain(s.reason)
        return f"You {earned}. What you were paid in the year is not known, so neither balance nor recovery is. {why}"
    comma = "," if amounts.on_activity(result) else ""
    start = f"{paid}{comma} and {earned}. " if paid else f"You {earned}. "
    if s.balance is None and result.status == BLOCKED:
        return f"{start}Balance and recovery wait until it is shared out."
    if s.balance:
        due = next((d.day for d in result.schedule if d.kind == "balance"), None)
        when = f"on {say.day(due)}" if due else "on a day that is not set yet"
        return f"{start}{say.money(s.balance)} is paid to you as the balance, {when}."
    if s.recovery:
        return start + _recovered(statement, s.recovery)
    return f"{start}Nothing is left to pay, either way."


def _recovered(statement: Statement, recovery: int) -> str:
    dues = [due for due in statement.result.schedule if due.kind == "recovery"]
    if not dues:
        return f"{say.money(recovery)} is to be recovered. In how many instalments, the sources do not say."
    count = "one payment" if len(dues) == 1 else f"{say.in_words(len(dues))} monthly instalments"
    many = f": {say.amounts([due.pence for due in dues])}" if len(dues) > 1 else ""
    first, last = dues[0].day, dues[-1].day
    if first is None or last is None:
        return (
            f"{say.money(recovery)} is recovered in {count}{many}, from the date of notification, which is not set yet."
        )
    when = (
        f"on {say.day(first)}" if len(dues) == 1 else f"the first on {say.day(first)} and the last on {say.day(last)}"
    )
    return f"{say.money(recovery)} is recovered in {count}{many}, {when}."


def questions(statement: Statement) -> Iterator[tuple[str, list[str]]]:
    """Questions and their answers, each a list of paragraphs."""
    if statement.result.status == MERGED:
        return
    yield "How is it paid, and when?", list(_how_paid(statement))
    level = statement.result.practice.level
    if statement.result.pool is not None and not statement.result.pool.in_pounds and level == "practice":
        return
    if statement.result.scheme.point:
        yield f"How much is one point worth for this {level}?", list(_point(statement))
    elif any(view.item.label_points for view in statement.items):
        yield "How much is one point worth for this practice?", list(_label_points(statement))
    registers = [view for view in statement.items if view.item.measure == "register"]
    if registers:
        yield "Do you get paid for registers?", list(_registers(registers))
    adjusted = [(view, view.one_pca) for view in statement.items if view.one_pca and not view.sensitive]
    if adjusted:
        yield "If a patient is exempted, is the money still earned?", list(_exempted(statement, adjusted))


def _how_paid(statement: Statement) -> Iterator[str]:
    result, terms = statement.result, statement.result.scheme.terms
    if result.pool is not None and result.through_network:
        yield (
            f"Through network {named(result.pool.network)}: what the scheme pays goes to the network, and from there "
            "to its members. Instalments, balance and recovery are on the network's statement."
        )
        return
    if result.shares_out:
        yield "To the members, each with its own payment: nothing is paid to the network itself."
        return
    dues = [due for due in result.schedule if due.kind == "instalment"]
    advance, ahead = result.settlement.advance, terms.paid_in_advance
    if ahead is None:
        yield "Nothing is paid in advance."
    elif dues:
        every = rhythms.pop() if len(rhythms := {rhythm(one) for one in terms.advances}) == 1 else ""
        count = "one instalment" if len(dues) == 1 else f"{say.in_words(len(dues))} {every}instalments"
        days = _days(dues)
        working = say.grouped(f" ({result.advance.working})" if result.advance.working else "")
        parts = say.amounts([due.pence for due in dues])
        paid = amounts.paid_in_instalments(result) or 0
        whole = f"{say.money(paid)} of {say.money(advance)}" if advance and paid != advance else say.money(paid)
        yield f"Not as one big payment. In the year {whole} is paid in advance{working}, in {count}, {days}: {parts}."
    elif advance is None:
        parts = say.listed([f"{one.share} of the {one.of}" for one in terms.advances])
        by = {"monthly ": ", by the month", "quarterly ": ", by the quarter"}
        when = by.get(rhythm(terms.advances[0]), "")
        yield f"In the year, {parts} is paid in advance{when}. It is not known yet."
    yield from _activity_paid(statement)
    due = day_of(result.scheme, statement.settings, terms.balance.due)
    when = f"The balance is due on {say.day(due)}" if due else "The day of the balance is not set"
    if terms.balance.due == OPEN:
        when = "The day of the balance is not in the sources (set terms.balance.due)"
    months = terms.recovery.months
    back = "in how many months is not in the sources" if months.required else f"in at most {months} monthly instalments"
    first = day_of(result.scheme, statement.settings, terms.recovery.first or OPEN)
    back += f", the first on {say.day(first)}" if first else ""
    if ahead is None and not terms.paid_on_activity:
        yield f"All that was earned is paid after the year. {when}."
        return
    against = "what was paid" if ahead else "what was paid by then"
    recovered = f" If more was paid, the difference is recovered, {back}." if ahead else ""
    yield (
        f"After the year, what was earned is set against {against}. If more was earned, the rest is the balance. "
        f"{when}.{recovered}"
    )


def _days(dues: Sequence[DuePayment]) -> str:
    return f"from {_when(dues[0])} to {_when(dues[-1])}" if len(dues) > 1 else f"on {_when(dues[0])}"


def instalments(statement: Statement) -> str:
    """What is paid in advance, and when: `twelve of £1,400.00, from 30 April 2024 to 31 March 2025`, or ''."""
    dues = [due for due in statement.result.schedule if due.kind == "instalment"]
    return f"{say.amounts([due.pence for due in dues])}, {_days(dues)}" if dues else ""


def _activity_paid(statement: Statement) -> Iterator[str]:
    """What was delivered in a quarter, and when it is paid."""
    result, terms = statement.result, statement.result.scheme.terms.paid_on_activity
    if terms is None:
        return
    when = "a number of days after its end that is not in the sources (set terms.paid_on_activity.days)"
    if not terms.days.required:
        when = f"{terms.days} days after its end"
    dues = [due for due in result.schedule if due.kind == "activity"]
    paid = ", ".join(f"{say.money(due.pence)} on {_when(due)}" for due in dues) or "nothing so far"
    yield f"What was delivered in a {terms.every} is paid {when}{set_off_words(result.scheme)}: {paid}."


def _when(due: DuePayment) -> str:
    return say.day(due.day) if due.day else "a day that is not set yet"


def _point(statement: Statement) -> Iterator[str]:
    result = statement.result
    value, cpi = result.base.per_point, result.base.list_factor
    if value is None:
        return
    if cpi is None or cpi.rounded is None:
        yield f"A point is worth {say.pounds(value)} before weights. {cpi.reason if cpi else ''}".strip()
        return
    factors = [
        (s, s.factor.rounded)
        for s in statement.sections
        if s.factor and s.factor.name == "prevalence" and s.factor.rounded is not None
    ]
    worth = point_worth(result.base, [factor for _, factor in factors])
    assert worth is not None
    yield (
        f"{_near(worth.at_list)}, before prevalence: {say.pounds(value)} × {say.number(cpi.rounded, 10)} (CPI, "
        f"{say.grouped(cpi.working)}) = {say.pounds(worth.at_list)}."
    )
    if worth.mean is not None and worth.mean_factor is not None:
        each = [(s, factor, pounds) for (s, factor), pounds in zip(factors, worth.by_factor, strict=True)]
        low, high = min(each, key=lambda one: one[1]), max(each, key=lambda one: one[1])
        ends = ""
        if len(each) > 1:
            ends = (
                f" It is least in {low[0].title} (APDF {say.number(low[1], 3)}: {_near(low[2])}) and most in "
                f"{high[0].title} (APDF {say.number(high[1], 3)}: {_near(high[2])})."
            )
        yield (
            f"With the plain average of the {len(each)} APDFs that are known, {say.number(worth.mean_factor, 3)}, a "
            f"point is worth about {_near(worth.mean)}.{ends}"
        )


def _near(amount: Fraction) -> str:
    return say.money(scaled(amount.numerator, amount.denominator, 2))


def _label_points(statement: Statement) -> Iterator[str]:
    labels, heads = label_points(statement.result.scheme, statement.result.base), statement.result.base.heads
    if labels is None or heads is None:
        return
    yield (
        f"The {say.number(labels.points)} points of this scheme are labels: it pays pence per head, and no point has a "
        f"fixed value. Full achievement pays {say.pounds(labels.per_head)} × {say.number(heads, 12)} = "
        f"{_near(labels.full)}, which is {_near(labels.each)} a point on average."
    )


def _registers(registers: Sequence[ItemStatement]) -> Iterator[str]:
    awards = [view.award for view in registers]
    points = points_of(awards)
    most = sum((view.item.kind.most_earned() or Fraction(0) for view in registers), Fraction(0))
    open_ = sum(award.pence is None for award in awards)
    worth = worth_of(awards)
    pounds = "no pounds that are known yet" if worth is None else say.money(worth)
    waiting = f" ({open_} of them have no pounds yet)" if open_ else ""
    yield (
        f"Yes, where points are printed for them. The {len(registers)} register items earned {say.number(points)} of "
        f"{say.number(most)} points and {pounds}{waiting}: all of an item's points for a register with "
        "anyone on it. How many are on it counts again as a weight (APDF) on the group's other points."
    )


def _exempted(statement: Statement, adjusted: Sequence[tuple[ItemStatement, OnePca]]) -> Iterator[str]:
    one = pca(statement)
    yield (
        f"Yes. {say.capital(one.long)} takes a patient without the care out of the denominator, so the achievement of "
        "the others rises a little. Care delivered counts first: a patient who has had the care stays in numerator and "
        "denominator."
    )
    worth = [(view, change) for view, change in adjusted if change.pence]
    if worth:
        view, change = max(worth, key=lambda pair: pair[1].pence or 0)
        whose = f"One more {one.short}, of a patient without the care"
        yield f"{whose}, would change most on item {view.code}: {change.text}"
    else:
        for view, change in adjusted[:3]:
            yield f"One more {one.short} on item {view.code}, of a patient without the care: {change.text}"
    obligations = statement.result.scheme.obligations
    for name in ("exception_reporting", "excepted_patients"):
        if name in obligations:
            yield " ".join(obligations[name].split())


@dataclass(frozen=True)
class Adjustment:
    """What it is called that a patient is left out for a reason: an exception until 2018-19, a PCA since."""

    short: str
    long: str


def pca(statement: Statement) -> Adjustment:
    """By the year of the scheme."""
    if statement.result.scheme.year.start.year < 2019:
        return Adjustment("exception", "an exception")
    return Adjustment("PCA", "a personalised care adjustment (PCA)")


def rounding(statement: Statement) -> Iterator[tuple[str, str]]:
    """Each step of the arithmetic and how the scheme rounds it."""
    scheme = statement.result.scheme
    steps = scheme.rounding
    if any(view.item.measure in ("achievement", "prevalence") for view in statement.items):
        yield "Achievement", "not rounded: compared with the thresholds as an exact fraction"
    if scheme.point:
        yield "Points", policy(steps.points)
        if scheme.weights.list:
            yield "CPI", policy(steps.list)
        if scheme.weights.prevalence:
            yield "APDF", policy(steps.prevalence)
        if scheme.weights.target_population:
            yield "Target population factor", policy(steps.target_population)
        yield "Pounds per point", policy(steps.pounds_per_point)
    yield "Pounds of each item", policy(steps.pounds)
    terms = scheme.terms
    if statement.result.pool is not None or statement.result.parts:
        yield "Parts of the pool", "each rounded down to the penny; pence left over go to the largest remainders"
    if not terms.advances or statement.result.through_network or statement.result.shares_out:
        return
    for words in dict.fromkeys((ahead.rounding, ahead.remainder) for ahead in terms.advances):
        how = "to the nearest penny" if words[0] == "nearest" else "down to the penny"
        yield "Instalments", f"each rounded {how}; the {words[1]} takes what is left over"
    yield "Recoveries", f"each rounded to the nearest penny; the {terms.recovery.remainder} takes what is left over"
