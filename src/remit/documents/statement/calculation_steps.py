"""How one award comes about, line by line: each multiplication and each rounding, so that a calculator agrees.

Long decimals are printed with as many digits as the penny needs: `_printed` tries six, and more where a reader who
typed the printed digits would get another penny.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from remit.core import say
from remit.core.rounding import Rounding, exact_text
from remit.pricing.award import Award, Base
from remit.pricing.product import is_half_penny, unrounded, value_of_a_point
from remit.pricing.prospects import rate_text
from remit.pricing.weights import Factor
from remit.runs.results import PracticeResult
from remit.scheme.kinds import Calculation, Protected, WorkingLine
from remit.scheme.model import WHOLE_LIST, ListBasis, Scheme
from remit.scoring.achievement import Achievement

_DIGITS = (6, 8, 10, 12, 15, 20)
_NAMES = {"list": "CPI", "prevalence": "APDF", "target_population": "target population factor"}


_SO_MANY = re.compile(r"([\d,.]+ of [\d,.]+) (\S.*)")
"""`5 of 6 elements`: what is counted, and how much of it was done."""


def is_measured(award: Award) -> bool:
    """Whether an award rests on this year's achievement, a rate or yes and no, and not on figures of its own alone."""
    return award.item.kind.uses_rate()


def counted(award: Award, population: str = WHOLE_LIST) -> str:
    """What was counted, short: `39 of 100`, `84 on the register, of 10,500`, `elements`."""
    done, measure = award.achievement, award.item.measure
    if not is_measured(award) or (award.calculation and award.calculation.counted):
        text = award.calculation.counted if award.calculation else ""
        parts = None if is_measured(award) else _SO_MANY.fullmatch(text)
        return parts[2] if parts else text
    if measure == "declared":
        return "declaration"
    if isinstance(award.item.kind, Protected):
        return f"points of {award.item.kind.of}"
    if measure == "register":
        return "" if done.register is None else f"{done.register:,} on the register"
    if done.numerator is None and done.denominator is None:
        return ""
    top, of = ("?" if n is None else f"{n:,}" for n in (done.numerator, done.denominator))
    if measure == "per_1000":
        return f"{top} for {of} patients"
    return f"{top} on the register, of {of}" if measure == "prevalence" else f"{top} of {of}"


def achieved(award: Award) -> str:
    """The achievement, short: `0.8%`, `kept`, `declared`, `5 of 6`."""
    done = award.achievement
    if not is_measured(award):
        parts = _SO_MANY.fullmatch(award.calculation.counted) if award.calculation else None
        return parts[1] if parts else ""
    if done.empty:
        return "nobody to count"
    if done.rate is None:
        return "" if award.earned is None and award.pence is not None else "not known"
    if award.item.kind.takes_rate or (award.item.kind.by_figures and done.denominator is not None):
        return rate_text(award)
    words = ("kept", "nobody") if award.item.measure == "register" else ("declared", "not declared")
    return words[0] if done.rate else words[1]


def reached(award: Award) -> str:
    """The step that was reached, short."""
    kind, rate = award.item.kind, award.achievement.rate
    if award.unmet:
        return f"without {say.listed(award.unmet)}"
    if award.shut:
        return "condition not met"
    if award.calculation:
        return award.calculation.reached
    if rate is None or award.earned is None or not kind.takes_rate:
        return ""
    return kind.reached(rate, award.gate)


def pays(award: Award) -> str:
    """What that pays, short: `15p a head`, `9.6 of 12 points`, `£4,500.00`."""
    most, unit = award.item.kind.most_earned(), award.item.kind.unit
    if award.earned is None:
        return ""
    if unit == "points":
        of = "" if most is None else f" of {say.number(most)}"
        return f"{say.number(award.earned, 3)}{of} points"
    if not award.earned:
        return "nothing"
    return f"{say.per_head(award.earned)} a head" if unit == "pounds per weighted head" else say.pounds(award.earned, 2)


def worth(award: Award) -> str:
    """The pounds of an award, short; those of an item that is paid within another are not paid by themselves."""
    if award.within:
        return f"within {award.within}"
    return say.money(award.pence) if award.pence is not None else "not known"


def needs(award: Award) -> str:
    """What an item requires, in words, and whether that is so."""
    codes = award.item.requires
    if len(award.unmet) == len(codes):
        return f"{say.listed(codes)}, which {'is' if len(codes) == 1 else 'are'} not met."
    if award.unmet:
        return f"{say.listed(codes)}: {say.listed(award.unmet)} {'is' if len(award.unmet) == 1 else 'are'} not met."
    known = "" if award.earned is None else f", which {'is' if len(codes) == 1 else 'are'} met"
    return f"{say.listed(codes)}{known}."


def policy(step: Rounding) -> str:
    """A rounding step in brackets."""
    return "not rounded" if step.places is None else f"rounded to {step}"


def lines(award: Award, result: PracticeResult, population: str = WHOLE_LIST) -> Iterator[WorkingLine]:
    """The working of an award, first line to last; what is not known is left out, its reason stands elsewhere."""
    if award.trail:
        yield from _earned(replace(award, pence=award.before), result, population)
        yield from award.trail
        if award.pence is not None and award.trail[-1].result != say.money(award.pence):
            yield _pounds("", award.pounds or Fraction(0), award.pence, result.scheme.rounding.pounds)
        return
    yield from _earned(award, result, population)


def _earned(award: Award, result: PracticeResult, population: str) -> Iterator[WorkingLine]:
    """The working of what an item's kind earned."""
    done, kind = award.achievement, award.item.kind
    if award.item.requires:
        yield WorkingLine("Requires", needs(award))
    if award.only_if and award.only_if.holds is not None:
        so = "so that it pays" if award.only_if.holds else "so that it pays nothing"
        yield WorkingLine("Only if", f"{award.only_if.because}, {so}")
    if award.calculation:
        yield from _calculated(award, award.calculation, result, population)
        return
    if done.rate is not None and is_measured(award):
        yield _achievement(award, done, population)
    if award.shut or award.earned is None or (done.rate is None and not done.empty):
        return
    if done.empty:
        yield WorkingLine("Earns", result.scheme.nobody_to_count.replace("pays", "nobody to count pays"))
        return
    assert done.rate is not None
    counts = f"{done.numerator:,} / {done.denominator:,}" if None not in (done.numerator, done.denominator) else ""
    counts = say.percent(done.rate, 8) if done.average else counts
    for line in kind.lines(done.rate, award.earned, counts, award.gate):
        rounds = f" ({policy(result.scheme.rounding.points)})" if line.result and kind.unit == "points" else ""
        yield replace(line, result=f"{line.result}{rounds}")
    yield from _by_point(award, result) if kind.unit == "points" else _by_amount(award, result)
    if award.within:
        yield _within(award)


def _calculated(
    award: Award, calculation: Calculation, result: PracticeResult, population: str
) -> Iterator[WorkingLine]:
    """The working of a kind that calculates from figures, line by line, then its points or its pounds to the penny."""
    done = award.achievement
    if done.rate is not None and done.denominator and is_measured(award):
        yield _achievement(award, done, population)
    yield from calculation.lines
    if award.earned is not None and award.item.kind.unit == "points":
        yield from _by_point(award, result)
    elif award.item.kind.unit == "pounds per weighted head":
        yield from _by_amount(award, result)
    elif award.earned is not None and award.pence is not None:
        text = say.money(award.pence)
        if text not in [line.result or line.working for line in calculation.lines[-2:]]:
            yield _pounds("", award.earned, award.pence, result.scheme.rounding.pounds)
    if award.within:
        yield _within(award)


def _within(award: Award) -> WorkingLine:
    return WorkingLine("Paid", f"within {award.within}, and not by itself")


def _achievement(award: Award, done: Achievement, population: str) -> WorkingLine:
    assert done.rate is not None
    if not award.item.kind.takes_rate and done.denominator is None:
        return WorkingLine("Achievement", f"{counted(award)}: {achieved(award)}".replace("declaration: ", ""))
    shown = say.percent(done.rate)
    if isinstance(award.item.kind, Protected):
        kind = award.item.kind
        points = done.rate * kind.points.known()
        working = f"{say.number(points, 12)} of {kind.points} points in {kind.of}, which is protected"
        return WorkingLine("Achievement", working, shown)
    if done.average:
        return WorkingLine("Area's average", f"in place of {counted(award)}", shown)
    top, below = f"{done.numerator:,}", f"{done.denominator:,}"
    whom = "registered patients" if population == WHOLE_LIST else f"patients {population}"
    if award.item.measure == "per_1000":
        return WorkingLine("Rate", f"{top} / {below} {whom} × 1,000", say.rate(done.rate, 1000))
    if award.item.measure == "prevalence":
        return WorkingLine("Prevalence", f"{top} on the register / {below} {whom}", shown)
    return WorkingLine("Achievement", f"{top} / {below}", shown)


def _by_amount(award: Award, result: PracticeResult) -> Iterator[WorkingLine]:
    """Pounds for each head x the list, or a set sum; each x the share of the year."""
    base, basis, rounding = result.base, result.scheme.heads, result.scheme.rounding
    unit, factor = award.item.kind.unit, base.times(award.item.kind.unit)
    if award.earned is None or award.pence is None or factor is None:
        return
    texts = [say.pounds(award.earned, digits([award.earned], factor, rounding.pounds))]
    share = base.sums
    if unit == "pounds per weighted head" and basis is not None and base.heads is not None:
        texts.append(heads_words(base, basis))
        share = base.share
    if share is not None and share != 1:
        texts.append(f"{say.fraction(share)} of the year")
    shown = " × ".join(texts) if len(texts) > 1 else ""
    yield _pounds(shown, unrounded(award, base, rounding), award.pence, rounding.pounds)


def heads_words(base: Base, basis: ListBasis) -> str:
    """`8,096 weighted patients`, or `3,000 weighted patients (the least list; its own is 2,612.8)`."""
    text = f"{say.number(base.heads or Fraction(0), 12)} {heads_name(basis)}"
    return text if base.own_heads is None else f"{text} (the least list; its own is {say.number(base.own_heads, 12)})"


def heads_name(basis: ListBasis) -> str:
    """`weighted patients` or `patients`."""
    return "weighted patients" if basis.column == "weighted_list_size" else "patients"


def _by_point(award: Award, result: PracticeResult) -> Iterator[WorkingLine]:
    scheme, share = result.scheme, result.base.share_of(award.item.weights)
    earned, value = award.earned, result.base.per_point
    if not earned or value is None or share is None or award.pence is None:
        return
    factors = [f for f in award.factors if f.rounded is not None]
    rounding = scheme.rounding
    numbers = [earned, *(f.rounded for f in factors if f.rounded is not None)]
    rest = value * share
    if rounding.pounds_per_point.places is not None:
        texts = [f"£{exact_text(value, 2)}", *(exact_text(f.rounded or Fraction(0), most=10) for f in factors)]
        per_point = value_of_a_point(award, result.base, rounding)
        shown = f"{say.pounds(per_point)} ({policy(rounding.pounds_per_point)})"
        yield WorkingLine("A point pays", " × ".join(texts), shown)
        numbers, rest, factors = [earned], per_point * share, []
        value = per_point
    most = digits(numbers, rest, rounding.pounds)
    shown_factors = [f"{say.number(f.rounded or 0, most)} ({_NAMES[f.name]})" for f in factors]
    parts = [f"{say.number(earned, most)} points", f"£{exact_text(value, 2)}", *shown_factors]
    if share != 1:
        parts.append(f"{say.fraction(share)} of the year")
    yield _pounds(" × ".join(parts), unrounded(award, result.base, rounding), award.pence, rounding.pounds)


def digits(numbers: Sequence[Fraction], rest: Fraction, rounding: Rounding) -> int:
    """How many decimals of `numbers` must be printed so that their product with `rest` rounds to the same penny."""
    exact = rest
    for n in numbers:
        exact *= n
    for most in _DIGITS:
        shown = rest
        for n in numbers:
            shown *= Fraction(exact_text(n, most=most))
        if rounding.apply(shown) == rounding.apply(exact):
            return most
    return _DIGITS[-1]


def _pounds(working: str, amount: Fraction, pence: int, rounding: Rounding) -> WorkingLine:
    """The last line: the product, then its rounding to the penny, where it takes one."""
    if amount * 100 == pence:
        return WorkingLine("Pounds", working, say.money(pence)) if working else WorkingLine("Pounds", say.money(pence))
    note = f"{rounding}" if rounding.places is not None else "to the penny, half up"
    if is_half_penny(amount):
        note += "; exactly half a penny"
    most = 6 if rounding.apply(Fraction(exact_text(amount, most=6))) == rounding.apply(amount) else 12
    product = f"{working} = " if working else ""
    return WorkingLine("Pounds", f"{product}{say.pounds(amount, most)}", f"{say.money(pence)} ({note})")


def factor_line(factor: Factor, scheme: Scheme) -> WorkingLine:
    """A weight with its figures: `9,500 / 8,096 = 1.173419 (not rounded)`."""
    steps = {
        "list": scheme.rounding.list,
        "prevalence": scheme.rounding.prevalence,
        "target_population": scheme.rounding.target_population,
    }
    name = say.capital(_NAMES[factor.name])
    if factor.rounded is None:
        return WorkingLine(name, factor.reason)
    return WorkingLine(
        name, say.grouped(factor.working), f"{say.number(factor.rounded, 10)} ({policy(steps[factor.name])})"
    )
