"""A line on the change over the practice's own baseline: nothing up to the lower change, all from the upper.

"Paid in proportion to the rise over 2023-24, from 2 to 10 percentage points"; with `better: lower` it is the fall that
counts, and with `relative: true` the change in per cent of what it was. A change the wrong way earns nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field

from remit.core.rounding import exact_text
from remit.scheme.kinds.amount import PaysAmount, in_unit, plain
from remit.scheme.kinds.base import Calculation, KindInputs, Reads, Threshold, Unit, WorkingLine
from remit.scheme.kinds.baseline import OPEN, Baseline, Change, OverBaseline, change_of, unit_fault
from remit.scheme.kinds.figures import percent
from remit.scheme.quantity import Difference

_ZERO = Fraction(0)


class ChangeOver(OverBaseline, PaysAmount, Baseline):
    """`change_over: {points: 10, lower: 2 points, upper: 10 points, years: [2023-24], pcas: left out}`"""

    name: ClassVar[str] = "change_over"
    paid_in: ClassVar[Unit] = "points"

    lower: Difference = Field(description="The change above which earning begins: `2 points`, or `2%` with `relative`")
    upper: Difference = Field(description="The change from which all is earned")
    better: Literal["higher", "lower"] = Field(
        default="higher", description="Whether a rise over the baseline earns, or with `lower` a fall below it"
    )
    relative: bool = Field(
        default=False, description="Whether the change is in per cent of the baseline; else in percentage points"
    )
    without: Literal["pays nothing", "supply the counts", "required"] = Field(
        default="required",
        description="What holds without a baseline: it `pays nothing`, or you must `supply the counts`",
    )

    @property
    def own_baseline(self) -> Baseline:
        return self

    @property
    def falls(self) -> bool:
        return self.better == "lower"

    def missing(self) -> str:
        gaps = [self.paid_as.replace("_", " ")] if self.amount.required else []
        gaps += [f"{name} change" for name in ("lower", "upper") if getattr(self, name).required]
        return ", ".join([*gaps, *self.gaps()])

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for name in ("lower", "upper"):
            why = unit_fault(getattr(self, name), self.relative)
            if why:
                yield (name,), why
        if not (self.lower.required or self.upper.required) and self.lower.known() >= self.upper.known():
            yield ("upper",), f"the upper change {self.upper} is not above the lower, {self.lower}"

    def words(self) -> str:
        way = "fall below" if self.falls else "rise over"
        return f"{self.in_words()} on a line from {self.lower} to {self.upper} of {way} {self.described()}"

    def reads(self) -> tuple[Reads, ...]:
        return self.figures(self.without == "pays nothing")

    def calculate(self, inputs: KindInputs) -> Calculation:
        if inputs.empty:
            return Calculation(_ZERO, (WorkingLine("Change", "nobody to count pays nothing"),), inputs.why, met=False)
        if inputs.rate is None:
            return Calculation(None, reason=inputs.why or f"The achievement of {inputs.item} is not known.")
        counted = (inputs.rate, inputs.numerator, inputs.denominator)
        change = change_of(inputs, self, self.place, self.falls, self.relative)
        if change.change is None:
            nothing, reason = without_baseline(inputs, self.without, change)
            return Calculation(_ZERO if nothing else None, (), reason, *counted, met=False if nothing else None)
        earned = self.by_change(change.change)
        lines = [
            *change.lines,
            WorkingLine(self.label, self._line(change), in_unit(earned, self.unit) if earned else ""),
        ]
        earned, shown = self.due(earned, tuple(lines), inputs)
        return Calculation(
            earned,
            shown,
            "",
            *counted,
            reached=change.shown,
            met=change.change > self.lower.known(),
            thresholds=self._on_achievement(change),
        )

    def by_change(self, change: Fraction) -> Fraction:
        """What a change earns, in the unit."""
        lower, upper = self.lower.known(), self.upper.known()
        return self.amount.known() * min(Fraction(1), max(_ZERO, (change - lower) / (upper - lower)))

    def of_change(self) -> tuple[Threshold, ...]:
        """Its thresholds on the scale of the change."""
        return (
            Threshold(self.lower.known(), True, f"above {self.lower}: earning begins"),
            Threshold(self.upper.known(), False, f"from {self.upper}: all of it"),
        )

    def _line(self, change: Change) -> str:
        """The line of arithmetic from the change to what it earns."""
        assert change.change is not None
        lower, upper = (exact_text(one.known() * 100) for one in (self.lower, self.upper))
        all_ = plain(self.amount, self.unit)
        if change.change >= self.upper.known():
            return f"{change.shown}, at or above {self.upper}: all {all_}"
        if change.change <= self.lower.known():
            return f"{change.shown}, not above {self.lower}: none of {all_}"
        return f"({change.typed} − {lower}) / ({upper} − {lower}) × {self.amount}"

    def _on_achievement(self, change: Change) -> tuple[Threshold, ...]:
        """Its thresholds on this year's achievement; none where its achievement is over another denominator."""
        if self.pcas == "counted" or change.own.rate is None:
            return ()
        own, found = change.own.rate, []
        for one, word in ((self.lower, "earning begins"), (self.upper, "all of it")):
            by = one.known() * own if self.relative else one.known()
            at, is_upper = own - by if self.falls else own + by, one is self.upper
            side = ("up to" if is_upper else "below") if self.falls else ("from" if is_upper else "above")
            away = f"{one} {'down' if self.falls else 'up'}"
            found.append(Threshold(at, is_upper == self.falls, f"{side} {percent(at)}, {away}: {word}"))
        return tuple(sorted(found, key=lambda one: one.at))


def without_baseline(inputs: KindInputs, rule: str, change: Change) -> tuple[bool, str]:
    """Whether nothing is paid as there is nothing to compare with; and why, or what to supply or settle."""
    if change.lacks:
        return False, change.lacks
    if rule == "pays nothing":
        return True, f"Pays nothing: there is no baseline ({change.none})."
    give, settle = (
        "supply NUMERATOR and DENOMINATOR of its years",
        f"say what holds without one ({inputs.item}.without)",
    )
    return False, f"There is no baseline ({change.none}): {f'{give}, or {settle}' if rule == OPEN else give}."
