"""An item's rule as a line: what is paid (up) against achievement (across), and where the practice stands."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from remit.core import say
from remit.documents.charts import PaymentLine, at_mark
from remit.pricing.award import Award
from remit.pricing.prospects import rate_text
from remit.scheme.kinds import Kind, OnALine, Steps


def chart(award: Award) -> PaymentLine | None:
    """The chart of an award; None where there is no threshold to show or no achievement."""
    kind, rate = award.item.kind, award.achievement.rate
    if rate is None or award.earned is None or award.shut or not kind.takes_rate:
        return None
    thresholds = kind.thresholds(award.gate)
    most = kind.most_earned()
    if not thresholds or not most:
        return None
    start, end = _window([threshold.at for threshold in thresholds], rate, kind.rates_per)
    line, levels = _line(kind, award.gate, most, start, end)
    marks = tuple((b.at, at_mark(b.at, kind.rates_per), level) for b, level in zip(thresholds, levels, strict=True))
    unit = {"points": "points", "pounds": "in all"}.get(kind.unit, "a head")
    shown = say.number(award.earned, 3) if kind.unit == "points" else _amount(kind, award.earned)
    rule = "; ".join(threshold.words for threshold in thresholds)
    alt = f"{award.item.item}: {rule}. The practice stands at {rate_text(award)}, which pays {shown} {unit}."
    return PaymentLine(
        line, marks, (rate, award.earned / most), f"here: {rate_text(award)}", start, end, alt, kind.rates_per
    )


def _amount(kind: Kind, amount: Fraction) -> str:
    """What is earned, short: `3 points`, `69p`, `£500.00`."""
    if kind.unit == "points":
        return f"{say.number(amount)} points"
    return say.pounds(amount, 2) if kind.unit == "pounds" else say.per_head(amount)


def _window(thresholds: Sequence[Fraction], rate: Fraction, per: int = 100) -> tuple[Fraction, Fraction]:
    """The part of the axis that is shown: thresholds and practice with room about them, between round numbers."""
    low, high = min(*thresholds, rate), max(*thresholds, rate)
    room = (high - low or high) * Fraction(3, 5)
    unit = Fraction(1, 20) if high > Fraction(3, 20) else Fraction(1, 200)
    start, end = (low - room) // unit * unit, -((-high - room) // unit) * unit
    return max(Fraction(0), start), min(Fraction(1), end) if per == 100 else end


def _line(
    kind: Kind, gate: Fraction | None, most: Fraction, start: Fraction, end: Fraction
) -> tuple[tuple[tuple[Fraction, Fraction], ...], tuple[str, ...]]:
    zero = Fraction(0)
    if isinstance(kind, OnALine):
        lower, upper, first = kind.lower.known(), kind.upper.known(), kind.at_lower
        begins = say.number(first) if kind.unit == "points" or not first else _amount(kind, first)
        line = ((start, zero), (lower, zero), (lower, first / most), (upper, Fraction(1)), (end, Fraction(1)))
        if kind.falls:
            jump = ((lower, first / most),) if first else ()
            falling = ((start, Fraction(1)), (upper, Fraction(1)), *jump, (lower, zero), (end, zero))
            return falling, (_amount(kind, most), begins)
        return line, (begins, _amount(kind, most))
    assert isinstance(kind, Steps)
    steps = kind.table(gate)
    if kind.falls:
        ends = [*(step.pays / most for step in steps[1:]), zero]
        edges = [(start, steps[0].pays / most)]
        for step, after in zip(steps, ends, strict=True):
            edges += [(step.at, step.pays / most), (step.at, after)]
        return (*edges, (end, zero)), tuple(_amount(kind, step.pays) for step in steps)
    corners, levels, height = [(start, zero)], [], zero
    for step in steps:
        corners += [(step.at, height), (step.at, step.pays / most)]
        height = step.pays / most
        levels.append(_amount(kind, step.pays))
    return (*corners, (end, height)), tuple(levels)
