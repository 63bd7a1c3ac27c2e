"""An item's rule as a line: what is paid (up) against achievement (across), and where the practice stands."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from remit.core import say
from remit.documents.charts import PaymentLine
from remit.pricing.award import Award
from remit.pricing.prospects import rate_text
from remit.scheme.kinds import Kind, Linear, Steps, StepThenLinear


def chart(award: Award) -> PaymentLine | None:
    """The chart of an award; None where there is no threshold to show or no achievement."""
    kind, rate = award.item.kind, award.achievement.rate
    if rate is None or award.earned is None or award.shut or not kind.takes_rate:
        return None
    thresholds = kind.thresholds(award.gate)
    most = kind.most_earned()
    if not thresholds or not most:
        return None
    start, end = _window([threshold.at for threshold in thresholds], rate)
    line, levels = _line(kind, award.gate, most, start, end)
    marks = tuple((b.at, say.percent(b.at), level) for b, level in zip(thresholds, levels, strict=True))
    unit = "a head" if kind.unit != "points" else "points"
    shown = say.per_head(award.earned) if kind.unit != "points" else say.number(award.earned, 3)
    rule = "; ".join(threshold.words for threshold in thresholds)
    alt = f"{award.item.item}: {rule}. The practice stands at {rate_text(award)}, which pays {shown} {unit}."
    return PaymentLine(line, marks, (rate, award.earned / most), f"here: {rate_text(award)}", start, end, alt)


def _window(thresholds: Sequence[Fraction], rate: Fraction) -> tuple[Fraction, Fraction]:
    """The part of the axis that is shown: thresholds and practice with room about them, between round numbers."""
    low, high = min(*thresholds, rate), max(*thresholds, rate)
    room = (high - low or high) * Fraction(3, 5)
    unit = Fraction(1, 20) if high > Fraction(3, 20) else Fraction(1, 200)
    start, end = (low - room) // unit * unit, -((-high - room) // unit) * unit
    return max(Fraction(0), start), min(Fraction(1), end)


def _line(
    kind: Kind, gate: Fraction | None, most: Fraction, start: Fraction, end: Fraction
) -> tuple[tuple[tuple[Fraction, Fraction], ...], tuple[str, ...]]:
    zero = Fraction(0)
    if isinstance(kind, Linear | StepThenLinear):
        lower, upper = kind.lower.known(), kind.upper.known()
        if kind.falls:
            falling = ((start, Fraction(1)), (upper, Fraction(1)), (lower, zero), (end, zero))
            return falling, (f"{say.number(most)} points", f"{say.number(zero)}")
        first = kind.at_lower
        line = ((start, zero), (lower, zero), (lower, first / most), (upper, Fraction(1)), (end, Fraction(1)))
        return line, (f"{say.number(first)}", f"{say.number(most)} points")
    assert isinstance(kind, Steps)
    corners, levels, height = [(start, zero)], [], zero
    for step in kind.table(gate):
        corners += [(step.at, height), (step.at, step.pays / most)]
        height = step.pays / most
        levels.append(say.per_head(step.pays))
    return (*corners, (end, height)), tuple(levels)
