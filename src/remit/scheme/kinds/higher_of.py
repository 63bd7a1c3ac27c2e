"""The higher of two scales: one on what was achieved, one on the improvement over the practice's own baseline.

QOF in England 2026-27 pays VI001 to VI003 so: the points on the ordinary scale, or those on a sliding scale of the
improvement over the practice's own mean of two years, whichever is higher, at the year's end (qof-2026-27 section 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import Field

from remit.core.rounding import exact_text, pounds_text
from remit.scheme.kinds.amount import PaysAmount
from remit.scheme.kinds.base import Calculation, KindInputs, Reads, Strict, Threshold, Unit, WorkingLine
from remit.scheme.kinds.baseline import OPEN, Baseline, Change, OverBaseline, change_of, in_points
from remit.scheme.kinds.figures import percent
from remit.scheme.kinds.linear import Linear
from remit.scheme.quantity import Percent, PercentagePoints

_ZERO = Fraction(0)


class Ordinary(Strict):
    """`ordinary: {lower: 89%, upper: 96%}`"""

    lower: Percent = Field(description="Achievement above which points begin")
    upper: Percent = Field(description="Achievement from which all points are earned")


class Improvement(Baseline):
    """`improvement: {lower: 5 points, upper: 18 points, years: [2024-25, 2025-26], baseline: mean of the rates}`"""

    lower: PercentagePoints = Field(description="The improvement above which points begin, in percentage points")
    upper: PercentagePoints = Field(description="The improvement from which all its points are earned")
    share: Percent | None = Field(
        default=None, description="The share of all that it pays that improvement can earn; left out, all of it"
    )
    most: Percent | None = Field(
        default=None,
        description="The share of all that it pays at which the line of improvement is cut off; left out, no cap",
    )
    at_least: Percent | None = Field(
        default=None, description="The achievement below which improvement earns nothing; left out, any will do"
    )
    without: Literal["ordinary scale alone", "supply the counts", "required"] = Field(
        default="required",
        description="What holds without a baseline: the `ordinary scale alone`, or you must `supply the counts`",
    )


class HigherOf(OverBaseline, PaysAmount):
    """`higher_of: {points: 18, ordinary: {lower: 89%, upper: 96%}, improvement: {lower: 5 points, …}}`"""

    name: ClassVar[str] = "higher_of"
    paid_in: ClassVar[Unit] = "points"

    ordinary: Ordinary = Field(description="The scale of what was achieved")
    improvement: Improvement = Field(description="The scale of the improvement over the practice's own baseline")

    @property
    def own_baseline(self) -> Baseline:
        return self.improvement

    @property
    def place(self) -> str:
        return "improvement."

    @cached_property
    def scale(self) -> Linear:
        """The ordinary scale."""
        return Linear.model_validate(
            {self.paid_as: self.amount, "lower": self.ordinary.lower, "upper": self.ordinary.upper}
        )

    def missing(self) -> str:
        ordinary, better = self.ordinary, self.improvement
        numbers = {
            self.paid_as.replace("_", " "): self.amount,
            "lower threshold": ordinary.lower,
            "upper threshold": ordinary.upper,
            "lower threshold of improvement": better.lower,
            "upper threshold of improvement": better.upper,
            "share for improvement": better.share,
            "most for improvement": better.most,
            "least achievement for improvement": better.at_least,
        }
        lacks = [name for name, number in numbers.items() if number is not None and number.required]
        return ", ".join([*lacks, *better.gaps()])

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for part, lower, upper in (
            ("ordinary", self.ordinary.lower, self.ordinary.upper),
            ("improvement", self.improvement.lower, self.improvement.upper),
        ):
            if lower.value is not None and upper.value is not None and lower.value >= upper.value:
                yield (part, "upper"), f"the upper threshold {upper} is not above the lower, {lower}"
        most, share = self.improvement.most, self.improvement.share
        if most is not None and most.value is not None and most.value > (share.value or 1 if share else 1):
            yield ("improvement", "most"), f"improvement is cut off at {most}, and its share is only {share}"

    def words(self) -> str:
        better, ordinary = self.improvement, self.ordinary
        share = f", up to {better.share} of that" if better.share is not None else ""
        cap = f", at most {better.most} of it" if better.most is not None else ""
        least = f", where at least {better.at_least} was achieved" if better.at_least is not None else ""
        line = f"a line of improvement from {better.lower} to {better.upper} over {better.described()}"
        return (
            f"{self.in_words()}: the higher of a line from {ordinary.lower} to {ordinary.upper} "
            f"and {line}{share}{cap}{least}"
        )

    def reads(self) -> tuple[Reads, ...]:
        return self.improvement.figures(self.improvement.without == "ordinary scale alone")

    def calculate(self, inputs: KindInputs) -> Calculation:
        if inputs.empty:
            why = "nobody to count pays nothing"
            return Calculation(_ZERO, (WorkingLine("Ordinary scale", why),), inputs.why, met=False)
        if inputs.rate is None:
            return Calculation(None, reason=inputs.why or f"The achievement of {inputs.item} is not known.")
        ordinary = self.scale.earned(inputs.rate)
        change = change_of(inputs, self.improvement, self.place)
        first = WorkingLine("Ordinary scale", self._ordinary(inputs), self._shown(ordinary) if ordinary else "")
        if change.change is None:
            return self._without(inputs, ordinary, first, change)
        improved, text = self._improved(change, inputs.rate)
        best = max(ordinary, improved)
        which = "improvement" if improved > ordinary else "ordinary scale"
        if improved == ordinary:
            which = "both scales pay the same"
        both = f"the higher of {self._plain(ordinary)} and {self._plain(improved)}"
        lines = (
            first,
            *change.lines,
            WorkingLine("Improvement scale", text, self._shown(improved) if improved else ""),
            WorkingLine("The higher of the two", both, self._shown(best)),
        )
        due, lines = self.due(best, lines, inputs)
        return Calculation(
            due,
            lines,
            rate=inputs.rate,
            numerator=inputs.numerator,
            denominator=inputs.denominator,
            reached=which,
            met=self.scale.met(inputs.rate) or self._begun(change.change, inputs.rate),
            thresholds=self._on_achievement(change),
        )

    def _without(self, inputs: KindInputs, ordinary: Fraction, first: WorkingLine, change: Change) -> Calculation:
        """What holds while there is nothing to compare with: known where improvement could not pay more anyway."""
        alone = bool(change.none) and self.improvement.without == "ordinary scale alone"
        why = f"There is no baseline ({change.none}): the ordinary scale alone holds."
        if not alone and self._earned(inputs.rate or _ZERO, Fraction(1)) <= ordinary:
            alone, why = True, "Improvement could not pay more, whatever the baseline."
        if alone:
            due, lines = self.due(
                ordinary, (first, WorkingLine("Improvement scale", why[:1].lower() + why[1:-1])), inputs
            )
            return Calculation(
                due,
                lines,
                reason=why,
                rate=inputs.rate,
                numerator=inputs.numerator,
                denominator=inputs.denominator,
                reached="ordinary scale",
                thresholds=self.scale.thresholds(),
                met=self.scale.met(inputs.rate or _ZERO) if change.none else True if ordinary else None,
            )
        reason = change.lacks
        if not reason:
            settle = f"say what holds without one ({inputs.item}.{self.place}without)"
            give = "supply NUMERATOR and DENOMINATOR of its years"
            rule = self.improvement.without
            reason = f"There is no baseline ({change.none}): {f'{give}, or {settle}' if rule == OPEN else give}."
        return Calculation(None, (first,), reason, inputs.rate, inputs.numerator, inputs.denominator)

    def of_change(self) -> tuple[Threshold, ...]:
        """The thresholds of the improvement scale, in change."""
        better = self.improvement
        return (
            Threshold(better.lower.known(), True, f"above {better.lower} up: points begin"),
            Threshold(better.upper.known(), False, f"from {better.upper} up: all points for improvement"),
        )

    def by_change(self, change: Fraction) -> Fraction:
        """What an improvement earns where enough is achieved."""
        return self._earned(change, Fraction(1))

    def _plain(self, value: Fraction) -> str:
        return exact_text(value) if self.unit == "points" else pounds_text(value)

    def _shown(self, value: Fraction) -> str:
        """What is earned, with all its decimals, in its unit."""
        unit = {"points": " point" if value == 1 else " points", "pounds": ""}.get(self.unit, " a head")
        return f"{self._plain(value)}{unit}"

    def _begun(self, change: Fraction, rate: Fraction) -> bool:
        return change > self.improvement.lower.known() and self._enough(rate)

    def _enough(self, rate: Fraction) -> bool:
        least = self.improvement.at_least
        return least is None or rate >= least.known()

    @property
    def _available(self) -> Fraction:
        """The points at the top of the improvement scale, before a cap."""
        share = self.improvement.share
        return self.amount.known() * (1 if share is None else share.known())

    def _earned(self, change: Fraction, rate: Fraction) -> Fraction:
        """The points for an improvement, at an achievement of `rate`."""
        better = self.improvement
        lower, upper = better.lower.known(), better.upper.known()
        if change <= lower or not self._enough(rate):
            return _ZERO
        points = self._available * min(Fraction(1), (change - lower) / (upper - lower))
        return points if better.most is None else min(points, better.most.known() * self.amount.known())

    def _improved(self, change: Change, rate: Fraction) -> tuple[Fraction, str]:
        """The points for improvement, with the line of arithmetic that gives them."""
        assert change.change is not None
        better = self.improvement
        earned = self._earned(change.change, rate)
        lower, upper = (exact_text(one.known() * 100) for one in (better.lower, better.upper))
        all_ = f"{better.share} × {self.amount}" if better.share is not None else str(self.amount)
        if change.change <= better.lower.known():
            return earned, f"{in_points(change.change)}, not above {lower}: none"
        if not self._enough(rate):
            return earned, f"{percent(rate)} achieved, below {better.at_least}: none"
        text = f"from {upper} percentage points: all of {all_}"
        if change.change < better.upper.known():
            text = f"({change.typed} − {lower}) / ({upper} − {lower}) × {all_}"
        if better.most is not None and earned == better.most.known() * self.amount.known():
            text = f"{text}, at most {better.most} × {self.amount}"
        return earned, text

    def _ordinary(self, inputs: KindInputs) -> str:
        """The line of arithmetic of the ordinary scale."""
        rate = inputs.rate or _ZERO
        counts = f"{inputs.numerator:,} / {inputs.denominator:,}" if inputs.denominator else percent(rate)
        line = next(self.scale.lines(rate, self.scale.earned(rate), counts))
        return line.working

    def _on_achievement(self, change: Change) -> tuple[Threshold, ...]:
        """The thresholds of both scales on this year's achievement, where that scale is then the higher."""
        better, own = self.improvement, change.own.rate or _ZERO
        if better.pcas == "counted":  # its achievement is over another denominator
            return self.scale.thresholds()
        found = [
            one for one in self.scale.thresholds() if self._earned(one.at - own, one.at) <= self.scale.earned(one.at)
        ]
        start = max(own + better.lower.known(), better.at_least.known() if better.at_least is not None else _ZERO)
        for at, above, word in (
            (start, start == own + better.lower.known(), "points for improvement begin"),
            (own + better.upper.known(), False, "all points for improvement"),
        ):
            improved, ordinary = self._earned(at - own, at), self.scale.earned(at)
            if improved > ordinary or improved == ordinary == 0:
                side = "above" if above else "from"
                found.append(Threshold(at, above, f"{side} {percent(at)}, {in_points(at - own)} up: {word}"))
        return tuple(sorted(found, key=lambda one: one.at))
