"""What a practice's pounds rest on that is known only with all practices of its area: the averages at which small
numbers are paid, and the budget to which awards are scaled.

The order is: rates first (a small denominator is paid at the average), then awards, each rounded as the scheme says,
then the budget. The averages and the sum are worked out once, over all practices that take part; the evaluator puts
them to each practice. A practice that is priced with other figures keeps them as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from remit.core import say
from remit.core.rounding import scaled
from remit.core.sharing import split
from remit.core.words import some_of
from remit.pricing.award import Award
from remit.pricing.plan import PricingPlan
from remit.scheme.area_keys import ScaledTo, SmallNumbers
from remit.scheme.kinds import WorkingLine
from remit.scoring.achievement import Achievement, AreaAverage


@dataclass(frozen=True, slots=True)
class ScaledBudget:
    """A budget beside what all practices came to: `pence` of them together, None while it is not known, and `waits`
    why the factor is not known or not final. `parts` are what awards come to by largest remainder, by practice and
    item."""

    rule: ScaledTo
    pence: int | None
    practices: int
    waits: str = ""
    parts: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def budget(self) -> int | None:
        """The budget in pence."""
        return None if self.rule.budget.value is None else int(self.rule.budget.value * 100)

    @property
    def factor(self) -> Fraction | None:
        """What every award is multiplied by; None while it is not known, 1 where nothing is scaled."""
        if self.pence is None or self.budget is None:
            return None
        if not self.pence or (self.rule.when == "over" and self.pence <= self.budget):
            return Fraction(1)
        return Fraction(self.budget, self.pence)


@dataclass(frozen=True, slots=True)
class AreaWide:
    """The averages of an area by item, and its budget."""

    averages: Mapping[str, AreaAverage] = field(default_factory=dict)
    budget: ScaledBudget | None = None

    def in_proportion(self, item: str, pence: int) -> int:
        """What so many pence of an item would be by the budget, with its factor as it is."""
        factor = self.budget.factor if self.budget and self.budget.rule.names(item) else None
        return pence if factor is None else scaled_pence(pence, factor)


def rests_on_the_area(plan: PricingPlan) -> bool:
    """Whether a scheme has an item that is paid at the area's average where numbers are small, or a budget."""
    return plan.scheme.scaled_to is not None or any(line.small for line in plan.lines.values())


def average_of(rule: SmallNumbers, done: Mapping[str, Achievement], open_: Collection[str] = ()) -> AreaAverage:
    """The area's average of an item, of what each of its practices achieved by itself; not final while the figures of
    one of them are among those that are `open_`."""
    counted = {
        code: one
        for code, one in done.items()
        if not (rule.of == "practices that are not small" and rule.is_small(one.denominator))
    }
    lacks = [code for code, one in counted.items() if one.rate is None and not one.empty]
    rates = [one for one in counted.values() if one.rate is not None]
    if lacks:
        why = f"The area's average is not known: {some_of(lacks)} {'has' if len(lacks) == 1 else 'have'} no counts."
        return AreaAverage(None, len(counted), why)
    if not rates:
        return AreaAverage(None, 0, "The area has no average: no practice that it is taken over has anybody to count.")
    not_final = [code for code in counted if code in open_]
    waits = f"the area's average rests on figures that are not final, of {some_of(not_final)}" if not_final else ""
    if rule.average == "all patients together":
        top, below = sum(one.numerator or 0 for one in rates), sum(one.denominator or 0 for one in rates)
        return AreaAverage(Fraction(top, below), len(rates), waits=waits)
    mean = sum((one.rate or Fraction(0) for one in rates), Fraction(0)) / len(rates)
    return AreaAverage(mean, len(rates), waits=waits)


def at_the_average(rule: SmallNumbers, done: Achievement, average: AreaAverage | None) -> Achievement:
    """What a practice is paid on: its own achievement, or the area's average where its denominator is small."""
    if average is None or not rule.is_small(done.denominator):
        return done
    few = f"Fewer than {rule.fewer_than.text} patients are in the denominator: it is paid at the area's average"
    if average.rate is None:
        return replace(done, rate=None, reason=f"{few}. {average.reason}", empty=False, average=average)
    over = f"{average.practices:,} practice{'s'[: average.practices != 1]} of this run"
    why = f"{few}, {say.percent(average.rate, 2)} over {over}."
    waits = "; ".join(filter(None, (done.open, average.waits)))
    return replace(done, rate=average.rate, reason=why, empty=False, average=average, open=waits)


def budget_of(rule: ScaledTo, awards: Mapping[str, Sequence[Award]], waits: Mapping[str, str]) -> ScaledBudget:
    """The budget beside the awards of all practices, by code, before they are scaled. `waits` says of practices why
    their figures are not final."""
    due = {
        (code, award.item.item): award
        for code, own in awards.items()
        for award in own
        if rule.names(award.item.item) and not award.within
    }
    lacks = dict.fromkeys(f"{code} ({item})" for (code, item), award in due.items() if award.pence is None)
    if rule.budget.value is None:
        return ScaledBudget(rule, None, len(awards), "the budget must be supplied: set scaled_to.budget")
    if lacks:
        why = f"the sum that the budget scales is not known, as these awards are not: {some_of(list(lacks))}"
        return ScaledBudget(rule, None, len(awards), why)
    open_ = list(dict.fromkeys([*waits, *(code for (code, _), award in due.items() if award.waits)]))
    why = f"the sum that the budget scales rests on figures that are not final, of {some_of(open_)}" if open_ else ""
    pence = {key: award.pence or 0 for key, award in due.items()}
    found = ScaledBudget(rule, sum(pence.values()), len(awards), why)
    if rule.rounding == "largest remainder" and found.factor != 1 and found.budget is not None:
        parts = split(found.budget, [Fraction(each) for each in pence.values()])
        return replace(found, parts=dict(zip(pence, parts, strict=True)))
    return found


def scale(budget: ScaledBudget, code: str, awards: Iterable[Award]) -> None:
    """Put a practice's awards to the budget: other pence, with the line that says how, or why they are not final."""
    factor = budget.factor
    for award in awards:
        if not award.pence or award.within or not budget.rule.names(award.item.item):
            continue  # nothing stays nothing, whatever the factor
        if budget.waits:
            award.waits = f"{award.waits}, and {budget.waits}" if award.waits else budget.waits
            award.reason = f"{award.reason} Not final: {budget.waits}.".strip()
        if factor is None:
            continue
        due = award.pence
        if award.before is None:
            award.before = due
        award.pounds = due * factor / 100
        award.pence = _scaled(budget, code, award.item.item, due, factor)
        if award.pence_at_one is not None:
            award.pence_at_one = scaled_pence(award.pence_at_one, factor)
        award.trail = (*award.trail, _line(budget, due, award.pence))


def scaled_pence(pence: int, factor: Fraction) -> int:
    """Pence by a factor, to the penny, half up."""
    exact = pence * factor
    return scaled(exact.numerator, exact.denominator, 0)


def _scaled(budget: ScaledBudget, code: str, item: str, pence: int, factor: Fraction) -> int:
    """By largest remainder the part is the budget's where the award is the one that it was shared out by."""
    part = budget.parts.get((code, item))
    if part is not None and abs(part - pence * factor) < 1:
        return part
    return scaled_pence(pence, factor)


def _line(budget: ScaledBudget, before: int, after: int) -> WorkingLine:
    """`£3,858.90 × £60,000.00 / £70,527.67 = £3,282.88`."""
    assert budget.pence is not None
    assert budget.budget is not None
    label = f"Budget, over {budget.practices:,} practice{'s'[: budget.practices != 1]}"
    if budget.factor == 1:
        within = f"paid in full, as {say.money(budget.pence)} in all is within {say.money(budget.budget)}"
        return WorkingLine(label, within, say.money(after))
    how = "" if budget.rule.rounding == "each part half up" else ", by largest remainder"
    working = f"{say.money(before)} × {say.money(budget.budget)} / {say.money(budget.pence)}{how}"
    return WorkingLine(label, working, say.money(after))
