"""What would change an item's pounds: the next bounds, one more patient, the gate, one more exception.

Every worth is what the engine pays with the changed figure, less what it pays now (`what_if.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from remit.core import say
from remit.core.figures import DECLARED, DENOMINATOR, NUMERATOR, PCAS, REGISTER, FigureKey
from remit.core.rounding import exact_text
from remit.pricing.award import Award
from remit.pricing.scenario import Change
from remit.pricing.what_if import WhatIf
from remit.scheme.kinds import Bound, Reckoned, Steps
from remit.scheme.model import Item


@dataclass(frozen=True)
class Prospect:
    """Something that would earn more: `patients` more of them (None where it is no matter of patients), its worth in
    pennies (None while it is not known) and the sentence that says so. `first` is the worth of the first patient. Where
    lower is better, `fewer` says that it takes so many fewer."""

    item: str
    reaches: str
    patients: int | None
    pennies: int | None
    text: str
    first: int | None = None
    fewer: bool = False


def prospects(award: Award, price: WhatIf, by: str) -> Iterator[Prospect]:
    """All that lies above where the practice stands, nearest first; nothing beyond the top."""
    done, item = award.achievement, award.item
    if item.kind.missing() or (done.rate is None and not done.empty):
        return
    if isinstance(item.kind, Reckoned) or award.unmet or award.earned is None:
        return
    if not item.kind.takes_rate:
        yield from _yes_or_no(award, price, by)
        return
    if isinstance(item.kind, Steps) and item.kind.gate and award.gate is None:
        return
    if done.rate is not None and item.kind.falls:
        yield from _fewer(award, price, by)
    elif done.rate is not None:
        yield from _bounds(award, price, by)
    if isinstance(item.kind, Steps) and item.kind.gate and award.gate is not None:
        yield from _gate(award, item.kind, price, by)


def _yes_or_no(award: Award, price: WhatIf, by: str) -> Iterator[Prospect]:
    item, done = award.item, award.achievement
    if done.rate:
        return
    key = REGISTER if item.measure == "register" else DECLARED
    holder = price.holder(item.item, key)
    if holder is None:
        return
    pennies, _, after = price.worth({(holder, key): 1}, price.plan.dependents(item.item))
    what = "one patient on the register" if key == REGISTER else "declared as done"
    worth = _worth(pennies, award, after[item.item])
    patients = 1 if key == REGISTER else None
    text = f"{say.capital(what)}, it earns all {item.kind.most_earned()} points: {worth}, by {by}."
    yield Prospect(item.item, what, patients, pennies, text)


def _bounds(award: Award, price: WhatIf, by: str) -> Iterator[Prospect]:
    item, done = award.item, award.achievement
    key = REGISTER if item.measure == "prevalence" else NUMERATOR
    holder = price.holder(item.item, key)
    top, of = done.numerator, done.denominator
    if holder is None or top is None or not of:
        return
    affected = price.plan.dependents(item.item)
    whom = "on the register" if key == REGISTER else "achieved"

    def at(count: int) -> Change:
        return {(holder, key): count}

    first = price.worth(at(top + 1), affected)[0] if top < of else None
    for bound in item.kind.bounds(award.gate):
        need = patients_for(bound, of)
        if need <= top:
            continue
        more, name = need - top, _named(bound)
        if need > of:
            text = f"{name} cannot be reached: it takes {need:,} of the {of:,} patients."
            yield Prospect(item.item, name, None, None, text)
            continue
        pennies, parts, after = price.worth(at(need), affected)
        worth = _worth(pennies, award, after[item.item])
        worth += _where(item, parts)
        alone = f", the first of them {say.gain(first)}" if first and more > 1 else ""
        people = f"{say.patients(more, 'more ')} {whom} ({need:,} of {of:,})"
        text = f"{say.capital(bound.words)}. {people}: {worth}{alone}, by {by}."
        yield Prospect(item.item, name, more, pennies, text, first)


def _fewer(award: Award, price: WhatIf, by: str) -> Iterator[Prospect]:
    """The bounds below, where lower is better: nearest first."""
    item, done = award.item, award.achievement
    holder, top, of = price.holder(item.item, NUMERATOR), done.numerator, done.denominator
    if holder is None or top is None or not of:
        return
    affected = price.plan.dependents(item.item)
    first = price.worth({(holder, NUMERATOR): top - 1}, affected)[0] if top else None
    for bound in reversed(item.kind.bounds(award.gate)):
        need = patients_for(bound, of) - 1  # the most that still lie on the better side
        if need >= top or need < 0:
            continue
        less, name = top - need, f"{'up to' if bound.above else 'below'} {say.percent(bound.at)}"
        pennies, parts, after = price.worth({(holder, NUMERATOR): need}, affected)
        worth = _worth(pennies, award, after[item.item]) + _where(item, parts)
        alone = f", the first of them {say.gain(first)}" if first and less > 1 else ""
        people = f"{say.patients(less, 'fewer ')} in the numerator ({need:,} of {of:,})"
        text = f"{say.capital(bound.words)}. {people}: {worth}{alone}, by {by}."
        yield Prospect(item.item, name, less, pennies, text, first, fewer=True)


def patients_for(bound: Bound, of: int) -> int:
    """The fewest of `of` patients whose share is above the bound, or from it on where the bound itself counts."""
    exact = bound.at * of
    whole = exact.numerator // exact.denominator
    return whole + 1 if bound.above or whole < exact else whole


def rate_text(award: Award, rate: Fraction | None = None) -> str:
    """A rate to two decimals of a per cent, or as many more as keep it on its own side of every bound."""
    rate = award.achievement.rate if rate is None else rate
    assert rate is not None
    bounds = award.item.kind.bounds(award.gate) if award.earned is not None else ()
    for most in (2, 3, 4, 6, 8):
        shown = Fraction(exact_text(rate * 100, most=most)) / 100
        if all((shown > b.at, shown < b.at) == (rate > b.at, rate < b.at) for b in bounds):
            return say.percent(rate, most)
    return say.percent(rate, 12)


def _named(bound: Bound) -> str:
    return f"{'above' if bound.above else 'from'} {say.percent(bound.at)}"


def _worth(pennies: int | None, now: Award, after: Award) -> str:
    """Pounds, or the points where the pounds are not known."""
    if pennies is not None:
        return say.gain(pennies)
    if now.item.kind.unit == "points" and now.earned is not None and after.earned is not None:
        return f"+{say.number(after.earned - now.earned, 3)} points, in pounds not known yet"
    return "worth not known yet"


def _where(item: Item, parts: Mapping[str, int]) -> str:
    """On which items pounds change, where that is not the item itself alone."""
    if len(parts) == 1 and item.item not in parts:
        return f" on {next(iter(parts))}"
    return f" ({say.listed([f'{say.gain(p)} on {code}' for code, p in parts.items()])})" if len(parts) > 1 else ""


def _gate(award: Award, kind: Steps, price: WhatIf, by: str) -> Iterator[Prospect]:
    """What this item would pay if its gate reached the next table, on the achievement that it has."""
    gate = award.gate
    assert kind.gate is not None
    assert gate is not None
    above = [t for t in kind.tables if t.when.low is not None and not t.when.holds(gate) and t.when.low >= gate]
    if not above:
        return
    table = min(above, key=lambda t: t.when.low or Fraction(0))
    key = REGISTER if price.plan.lines[kind.gate].item.measure == "prevalence" else NUMERATOR
    holder = price.holder(kind.gate, key)
    done = price.measured(kind.gate)
    if holder is None or done.numerator is None or not done.denominator:
        return
    edge = Bound(table.when.low or Fraction(0), table.when.low_above, table.when.text)
    need = patients_for(edge, done.denominator)
    if need > done.denominator:
        return
    pennies, _, after = price.worth({(holder, key): need}, [award.item.item])
    more = need - done.numerator
    name = f"{kind.gate} {_named(edge)}"
    now = kind.table_at(gate)
    where = f" (now: {now.when.text})" if now else ""
    whom = "on its register" if key == REGISTER else "achieved"
    text = (
        f"If {kind.gate} were {_named(edge)}{where}, by {say.patients(more, 'more ')} {whom} ({need:,} of "
        f"{done.denominator:,}), this item would pay {_worth(pennies, award, after[award.item.item])} on the "
        f"achievement that it has, by {by}."
    )
    yield Prospect(award.item.item, name, more, pennies, text)


@dataclass(frozen=True)
class Excepted:
    """What one more exception (PCA) of a patient without the care would do."""

    text: str
    rate: Fraction | None = None
    pennies: int | None = None


def exception(award: Award, price: WhatIf) -> Excepted | None:
    """One patient fewer in the denominator, one more PCA; None where the item has no denominator to leave."""
    item, done = award.item, award.achievement
    if item.measure != "achievement" or done.rate is None or done.numerator is None or done.denominator is None:
        return None
    if isinstance(item.kind, Reckoned) or item.kind.falls or award.unmet or award.earned is None:
        return None
    holder = price.holder(item.item, DENOMINATOR)
    if holder is None:
        return None
    if done.numerator == done.denominator:
        return Excepted(
            "Everybody in the denominator has had the care: there is nobody whom an exception would take out."
        )
    change: dict[tuple[str, FigureKey], int] = {(holder, DENOMINATOR): done.denominator - 1}
    if done.pcas is not None:
        change[holder, PCAS] = done.pcas + 1
    pennies, _, awards = price.worth(change, price.plan.dependents(item.item))
    after = awards[item.item]
    rate = after.achievement.rate
    ratio = f"{done.numerator:,} / {done.denominator - 1:,}"
    if rate is None:
        return Excepted(f"{ratio}: nobody would be left to count, and nothing be paid.", None, pennies)
    change_text = "no change in pounds" if pennies == 0 else _worth(pennies, award, after)
    pca = ""
    if done.pcas is not None and item.guard:
        before = Fraction(done.pcas, done.pcas + done.denominator)
        then = Fraction(done.pcas + 1, done.pcas + done.denominator)
        pca = (
            f" The PCA rate would go from {say.percent(before, 1)} to {say.percent(then, 1)}, which the guard looks at."
        )
    text = f"{ratio} = {rate_text(award, rate)}, {change_text}.{pca}"
    return Excepted(text, rate, pennies)


def register_worth(item: Item, price: WhatIf) -> int | None:
    """What one more patient on the register of an item is worth through the weights of all items that read it and
    whose pounds are known."""
    holder = price.holder(item.item, REGISTER)
    if holder is None:
        return None
    held = price.figures[holder][REGISTER]
    known = [item.item for item in price.readers(holder) if price.now[item.item].pennies is not None]
    return price.worth({(holder, REGISTER): int(held) + 1}, known)[0]
