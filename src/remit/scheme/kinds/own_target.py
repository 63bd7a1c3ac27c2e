"""A target of the practice's own: its baseline and so much more, with another rule for those that are high already.

North West London 2025-26 pays for registrations with the NHS App "+10% (own target if above 75%)": the practice's rate
is to rise by 10%, and one that is above 75% already has a target of its own (qof-2026-27 section 6.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from remit.scheme.kinds.amount import PaysAmount, in_unit
from remit.scheme.kinds.base import Calculation, KindInputs, Reads, Threshold, Unit, WorkingLine
from remit.scheme.kinds.baseline import (
    OPEN,
    Baseline,
    Change,
    OverBaseline,
    OwnRate,
    in_points,
    named_years,
    this_rate,
    unit_fault,
)
from remit.scheme.kinds.change_over import without_baseline
from remit.scheme.kinds.figures import percent
from remit.scheme.quantity import Difference, Percent

_ZERO = Fraction(0)
_READ = Reads("OWN_TARGET", words="the practice's own target as agreed, in per cent, such as 82.5", optional=True)


@dataclass(frozen=True)
class _Target:
    """A practice's target with the line that says how it came; or what must be supplied first; or why there is none."""

    at: Fraction | None = None
    line: WorkingLine | None = None
    lacks: str = ""
    none: str = ""


class OwnTarget(OverBaseline, PaysAmount, Baseline):
    """`own_target: {pounds: £500, rises_by: 10%, relative: true, above: 75%, then: its own rate, years: [2024-25]}`"""

    name: ClassVar[str] = "own_target"
    paid_in: ClassVar[Unit] = "points"

    rises_by: Difference = Field(
        description="How far the target lies above the baseline: `10 points`, or `10%` of it with `relative`"
    )
    relative: bool = Field(
        default=False, description="Whether `rises_by` is in per cent of the baseline; else in percentage points"
    )
    above: Percent | None = Field(
        default=None, description="The ceiling: a practice whose baseline is above it has the target of `then`"
    )
    then: Literal["its own rate", "own target", "required"] | None = Field(
        default=None,
        description="The target of one above the ceiling: to keep `its own rate`, or an `own target` that is agreed "
        "and given in the counts as OWN_TARGET, in per cent",
    )
    without: Literal["pays nothing", "own target", "supply the counts", "required"] = Field(
        default="required",
        description="What holds without a baseline: it `pays nothing`, an `own target` is given as OWN_TARGET, or you "
        "must `supply the counts`",
    )

    @model_validator(mode="after")
    def _together(self) -> OwnTarget:
        if (self.above is None) != (self.then is None):
            raise ValueError("'above' and 'then' go together: the ceiling, and what holds above it")
        return self

    @property
    def own_baseline(self) -> Baseline:
        return self

    def missing(self) -> str:
        gaps = [self.paid_as.replace("_", " ")] if self.amount.required else []
        gaps += ["rise"] if self.rises_by.required else []
        gaps += ["ceiling"] if self.above is not None and self.above.required else []
        gaps += ["rule for practices above the ceiling"] if self.then == OPEN else []
        return ", ".join([*gaps, *self.gaps()])

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        why = unit_fault(self.rises_by, self.relative)
        if why:
            yield ("rises_by",), why

    def words(self) -> str:
        more = f"; above {self.above}, {self._then}" if self.above is not None else ""
        return f"{self.in_words()} from {self.rises_by} above {self.described()}{more}"

    @property
    def _then(self) -> str:
        rules = {"its own rate": "its own rate again", "own target": "a target of its own"}
        return rules.get(self.then or "", "a rule still to be supplied")

    def reads(self) -> tuple[Reads, ...]:
        own = (_READ,) if "own target" in (self.then, self.without) else ()
        return (*self.figures(self.without in ("pays nothing", "own target")), *own)

    def calculate(self, inputs: KindInputs) -> Calculation:
        if inputs.empty:
            return Calculation(_ZERO, (WorkingLine("Target", "nobody to count pays nothing"),), inputs.why, met=False)
        if inputs.rate is None:
            return Calculation(None, reason=inputs.why or f"The achievement of {inputs.item} is not known.")
        counted = (inputs.rate, inputs.numerator, inputs.denominator)
        own = self.of(inputs, self.place)
        target = self._target(inputs, own)
        result = this_rate(inputs, self)
        if target.at is None or isinstance(result, str):
            lacks = target.lacks or (result if isinstance(result, str) and not target.none else "")
            rule = self.without if self.without != "own target" else "supply the counts"
            nothing, reason = without_baseline(inputs, rule, Change(lacks=lacks, none=target.none))
            return Calculation(_ZERO if nothing else None, (), reason, *counted, met=False if nothing else None)
        top, below = result
        met = Fraction(top, below) >= target.at
        text = f"{top:,} / {below:,} = {percent(Fraction(top, below))}, {'at or above' if met else 'below'} the target"
        earned = self.amount.known() if met else _ZERO
        lines = [
            *([WorkingLine("Baseline", own.text, percent(own.rate))] if own.rate is not None else []),
            *([target.line] if target.line else []),
            WorkingLine("Reached" if met else "Not reached", text),
        ]
        if met:
            lines.append(WorkingLine(self.label, in_unit(earned, self.unit)))
        earned, shown = self.due(earned, tuple(lines), inputs)
        words = f"from {percent(target.at)}, the practice's own target: all of it"
        return Calculation(
            earned,
            shown,
            "",
            *counted,
            reached=f"its target of {percent(target.at)}{'' if met else ' not'} reached",
            met=met,
            thresholds=() if self.pcas == "counted" else (Threshold(target.at, False, words),),
        )

    def _target(self, inputs: KindInputs, own: OwnRate) -> _Target:
        """The practice's own target, and how it came."""
        if own.lacks:
            return _Target(lacks=own.lacks)
        nothing = own.none
        if self.relative and own.rate == 0:  # nought and a tenth of it is nought, which all reach
            nothing = f"the rate of {inputs.item} was 0% in {named_years(own.years)}"
        if own.rate is None or nothing:
            return self._given(inputs) if self.without == "own target" else _Target(none=nothing)
        if self.above is not None and own.rate > self.above.known():
            if self.then == "own target":
                return self._given(inputs)
            text = f"{percent(own.rate)} is above {self.above}: its own rate again"
            return _Target(own.rate, WorkingLine("Target", text, percent(own.rate)))
        by = self.rises_by.known()
        if self.relative:
            at, text = own.rate * (1 + by), f"({own.text}) × {percent(1 + by)}"
        else:
            at, text = own.rate + by, f"{own.text} + {in_points(by)}"
        return _Target(at, WorkingLine("Target", text, percent(at)))

    def _given(self, inputs: KindInputs) -> _Target:
        """A target that was agreed with the practice."""
        given = inputs.figure("OWN_TARGET")
        if given is None:
            return _Target(lacks=f"Supply OWN_TARGET for {inputs.item} (its own target as agreed, in per cent).")
        if given > 100:
            return _Target(lacks=f"OWN_TARGET of {inputs.item} is {percent(given / 100)}, above 100%: correct it.")
        return _Target(given / 100, WorkingLine("Target", "as agreed with the practice", percent(given / 100)))
