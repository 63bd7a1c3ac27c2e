"""A line, or steps, on the change over the practice's own baseline: nothing up to the lower change, all from the upper.

"Paid in proportion to the rise over 2023-24, from 2 to 10 percentage points"; with `better: lower` it is the fall that
counts, and with `relative: true` the change in per cent of what it was. A change the wrong way earns nothing. With
`steps` the highest that is reached pays, once: "10p for a rise of 2 points, 25p for 5".
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from remit.core.rounding import exact_text
from remit.scheme.kinds.amount import PaysAmount, in_unit, plain
from remit.scheme.kinds.base import Calculation, KindInputs, Reads, Strict, Threshold, Unit, WorkingLine
from remit.scheme.kinds.baseline import OPEN, Baseline, Change, OverBaseline, change_of, unit_fault
from remit.scheme.kinds.figures import percent
from remit.scheme.quantity import Amount, Difference, Quantity

_ZERO = Fraction(0)


class ChangeStep(Strict):
    """`{from: 2 points, pays: 10p}`"""

    from_: Difference = Field(alias="from", description="The change from which it is paid: `2 points`, or `2%`")
    pays: Amount = Field(
        description="What it pays, in the unit of the item's whole amount: `10p`, `£100` or `3` points"
    )


class ChangeOver(OverBaseline, PaysAmount, Baseline):
    """`change_over: {points: 10, lower: 2 points, upper: 10 points, years: [2023-24], pcas: left out}`"""

    name: ClassVar[str] = "change_over"
    paid_in: ClassVar[Unit] = "points"

    lower: Difference | None = Field(
        default=None,
        description="On a line, the change above which earning begins: `2 points`, or `2%` with `relative`",
    )
    upper: Difference | None = Field(default=None, description="On a line, the change from which all is earned")
    steps: tuple[ChangeStep, ...] = Field(
        default=(),
        description="In place of a line: steps of the change, lowest first; the highest pays the whole amount",
    )
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

    @model_validator(mode="after")
    def _line_or_steps(self) -> ChangeOver:
        line = [one for one in (self.lower, self.upper) if one is not None]
        if len(line) != (0 if self.steps else 2):
            raise ValueError("give either 'lower' and 'upper', or 'steps'")
        return self

    @property
    def own_baseline(self) -> Baseline:
        return self

    @property
    def falls(self) -> bool:
        return self.better == "lower"

    @property
    def _named(self) -> Iterator[tuple[tuple[str | int, ...], str, Quantity]]:
        """Its thresholds, each with where it stands and what it is called."""
        for name, one in (("lower", self.lower), ("upper", self.upper)):
            if one is not None:
                yield (name,), f"{name} change", one
        for n, step in enumerate(self.steps):
            yield ("steps", n, "from"), f"change of step {n + 1}", step.from_

    def missing(self) -> str:
        gaps = [self.paid_as.replace("_", " ")] if self.amount.required else []
        gaps += [name for _, name, one in self._named if one.required]
        gaps += [f"amount of step {n}" for n, step in enumerate(self.steps, 1) if step.pays.required]
        return ", ".join([*gaps, *self.gaps()])

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for path, _, one in self._named:
            why = unit_fault(one, self.relative)
            if why:
                yield path, why
        lower, upper = self.lower, self.upper
        if lower and upper and not (lower.required or upper.required) and lower.known() >= upper.known():
            yield ("upper",), f"the upper change {upper} is not above the lower, {lower}"
        for n, step in enumerate(self.steps):
            if not step.pays.required and (step.pays.unit == "points") != (self.unit == "points"):
                yield ("steps", n, "pays"), f"'{step.pays}' is not in the unit of the whole amount, {self.in_words()}"
                return
        if self.missing() and self.steps:
            return
        for n, (below, step) in enumerate(pairwise(self.steps), 1):
            if below.from_.known() >= step.from_.known() or below.pays.known() >= step.pays.known():
                yield ("steps", n), f"the step from {step.from_} does not ask and pay more than that from {below.from_}"
        if self.steps and self.steps[-1].pays.known() != self.amount.known():
            yield ("steps",), f"the highest step pays {self.steps[-1].pays}, and the whole amount is {self.in_words()}"

    def words(self) -> str:
        way = "fall below" if self.falls else "rise over"
        if self.steps:
            steps = "; ".join(f"{step.pays} from {step.from_}" for step in self.steps)
            head = {"points": " (points)", "pounds": ""}.get(self.unit, " (a head)")
            return f"{steps}{head} of {way} {self.described()}"
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
            met=self._met(change.change),
            thresholds=self._on_achievement(change),
        )

    def by_change(self, change: Fraction) -> Fraction:
        """What a change earns, in the unit."""
        if self.steps:
            step = self._reached(change)
            return step.pays.known() if step else _ZERO
        lower, upper = self._ends
        return self.amount.known() * min(Fraction(1), max(_ZERO, (change - lower) / (upper - lower)))

    def of_change(self) -> tuple[Threshold, ...]:
        """Its thresholds on the scale of the change."""
        return tuple(Threshold(one.known(), above, words) for one, above, words in self._edges())

    @property
    def _ends(self) -> tuple[Fraction, Fraction]:
        """Both ends of the line."""
        assert self.lower is not None
        assert self.upper is not None
        return self.lower.known(), self.upper.known()

    def _edges(self) -> Iterator[tuple[Quantity, bool, str]]:
        """Each threshold, whether it must be exceeded, and what begins there."""
        if self.lower is not None and self.upper is not None:
            yield self.lower, True, "earning begins"
            yield self.upper, False, "all of it"
        for step in self.steps:
            yield step.from_, False, plain(step.pays, self.unit)

    def _reached(self, change: Fraction) -> ChangeStep | None:
        """The highest step that a change reaches."""
        return next((step for step in reversed(self.steps) if change >= step.from_.known()), None)

    def _met(self, change: Fraction) -> bool:
        return bool(self._reached(change)) if self.steps else change > self._ends[0]

    def _line(self, change: Change) -> str:
        """The line of arithmetic from the change to what it earns."""
        assert change.change is not None
        all_ = plain(self.amount, self.unit)
        if self.steps:
            step = self._reached(change.change)
            return f"{change.shown}, {f'from {step.from_}' if step else f'below {self.steps[0].from_}: none of {all_}'}"
        lower, upper = self._ends
        if change.change >= upper:
            return f"{change.shown}, at or above {self.upper}: all {all_}"
        if change.change <= lower:
            return f"{change.shown}, not above {self.lower}: none of {all_}"
        low, high = exact_text(lower * 100), exact_text(upper * 100)
        return f"({change.typed} − {low}) / ({high} − {low}) × {self.amount}"

    def _on_achievement(self, change: Change) -> tuple[Threshold, ...]:
        """Its thresholds on this year's achievement; none where its achievement is over another denominator."""
        if self.pcas == "counted" or change.own.rate is None:
            return ()
        own, found = change.own.rate, []
        for one, above, word in self._edges():
            by = one.known() * own if self.relative else one.known()
            at = own - by if self.falls else own + by
            side = ("below" if above else "up to") if self.falls else ("above" if above else "from")
            away = f"{one} {'down' if self.falls else 'up'}"
            found.append(Threshold(at, above != self.falls, f"{side} {percent(at)}, {away}: {word}"))
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
