"""The better of this year's award and another year's, item by item.

When QOF in Wales was suspended in January 2018, active clinical items other than flu were paid on "the higher of the
2017 achievement and the 2018 achievement" ([S004] p70). Both years are scored by this scheme's thresholds and points.

The other year is given as HISTORIC_POINTS, or as what was counted then: NUMERATOR and DENOMINATOR, for all or nothing
REGISTER or DECLARED. Where both are given, HISTORIC_POINTS hold: they are what that year was settled at, which its
counts may not be. Nobody in a denominator earns nothing in that year. While either year is not known, nothing is paid:
the better of the two cannot be told from one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from pydantic import Field, model_validator

from remit.core.dates import SchemeYear
from remit.core.rounding import exact_text
from remit.scheme.kinds.base import CalculatedKind, Calculation, KindInputs, Reads, Unit, WorkingLine, supply
from remit.scheme.kinds.boolean import Boolean
from remit.scheme.kinds.figures import percent
from remit.scheme.kinds.linear import Linear
from remit.scheme.kinds.step_then_linear import StepThenLinear
from remit.scheme.quantity import Year

_ZERO = Fraction(0)


@dataclass(frozen=True)
class _Scored:
    """One of the two years: its points, None where they are not known, with the working, or what to supply;
    `met` says whether its threshold was reached."""

    points: Fraction | None
    working: str = ""
    reason: str = ""
    met: bool = False


class BetterOfTwoYears(CalculatedKind):
    """`better_of_two_years: {other: 2016-17, linear: {points: 12, lower: 40%, upper: 90%}}`"""

    name: ClassVar[str] = "better_of_two_years"
    paid_in: ClassVar[Unit] = "points"

    other: Year = Field(description="The year that this one is compared with")
    linear: Linear | None = Field(default=None, description="How each of the two years is scored, or one of the others")
    boolean: Boolean | None = Field(
        default=None, description="How each of the two years is scored, or one of the others"
    )
    step_then_linear: StepThenLinear | None = Field(
        default=None, description="How each of the two years is scored, or one of the others"
    )

    @model_validator(mode="after")
    def _one(self) -> BetterOfTwoYears:
        if sum(kind is not None for kind in (self.linear, self.boolean, self.step_then_linear)) != 1:
            raise ValueError("give exactly one of linear, boolean and step_then_linear")
        if self.award.unit != "points":
            raise ValueError("the two years are compared in points: give 'points'")
        if self.award.rates_per != 100:
            raise ValueError("the two years are compared by a rate in per cent")
        return self

    @property
    def award(self) -> Linear | Boolean | StepThenLinear:
        """How each of the two years is scored."""
        kind = self.linear or self.boolean or self.step_then_linear
        assert kind is not None
        return kind

    @property
    def unit(self) -> Unit:
        return self.award.unit

    @property
    def falls(self) -> bool:
        return self.award.falls

    def uses_rate(self) -> bool:
        return True

    def most_earned(self) -> Fraction | None:
        return self.award.most_earned()

    def missing(self) -> str:
        return self.award.missing()

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for path, message in self.award.faults():
            yield (self.award.name, *path), message

    def words(self) -> str:
        return f"{self.award.words()}; the better of this year and {self.other}"

    def reads(self) -> tuple[Reads, ...]:
        when = self.other
        points = Reads("HISTORIC_POINTS", "", when, "the points of that year, in place of its counts", optional=True)
        if self.boolean:
            kept = Reads("REGISTER", "", when, "how many were on the register, for an item that is a register", True)
            return kept, Reads("DECLARED", "", when, "1 or 0, for an item that is declared", True), points
        return (
            Reads("NUMERATOR", "", when, "unless HISTORIC_POINTS of that year are given"),
            Reads("DENOMINATOR", "", when, "unless HISTORIC_POINTS of that year are given"),
            points,
        )

    def calculate(self, inputs: KindInputs) -> Calculation:
        this, other = self._this(inputs), self._other(inputs)
        if this.points is None or other.points is None:
            return Calculation(None, reason=" ".join(filter(None, (this.reason, other.reason))), rate=inputs.rate)
        best = max(this.points, other.points)
        year = self.other if other.points > this.points else inputs.year
        better, why = f"{year} is the better year", f"Paid on {year}, the better year."
        if this.points == other.points:
            better, why = "both years earn the same", "Both years earn the same."
        this_text, other_text, best_text = (exact_text(points) for points in (this.points, other.points, best))
        return Calculation(
            best,
            (
                WorkingLine(str(inputs.year), this.working, f"{this_text} points"),
                WorkingLine(str(self.other), other.working, f"{other_text} points"),
                WorkingLine(
                    "The better of the two", f"the higher of {this_text} and {other_text}", f"{best_text} points"
                ),
            ),
            reason="" if inputs.why and other.points <= this.points else why,  # what is said of this year stands
            rate=inputs.rate,
            numerator=inputs.numerator,
            denominator=inputs.denominator,
            counted=f"{this_text} points in {inputs.year}, {other_text} in {self.other}",
            reached=better,
            met=this.met or other.met,
        )

    def _this(self, inputs: KindInputs) -> _Scored:
        if inputs.empty:
            return _Scored(_ZERO, "nobody was there to be counted")
        if inputs.rate is None:
            measures = "REGISTER or DECLARED" if self.boolean else "NUMERATOR and DENOMINATOR"
            return _Scored(None, reason=inputs.why or supply(inputs.item, Reads(measures)))
        counts = ""
        if inputs.numerator is not None and inputs.denominator is not None:
            counts = f"{inputs.numerator} / {inputs.denominator}"
        return self._scored(inputs.rate, counts)

    def _other(self, inputs: KindInputs) -> _Scored:
        when, most = self.other, self.award.most_earned()
        points = inputs.figure("HISTORIC_POINTS", "", when)
        if points is not None:
            if most is not None and points > most:
                why = f"HISTORIC_POINTS {exact_text(points)} of {when} are above the {exact_text(most)} points of"
                return _Scored(None, reason=f"{why} {inputs.item}: correct one of them.")
            return _Scored(points, f"HISTORIC_POINTS of {when}", met=points > 0)
        return self._yes_or_no(inputs, when) if self.boolean else self._counted(inputs, when)

    def _yes_or_no(self, inputs: KindInputs, when: SchemeYear) -> _Scored:
        for measure in ("REGISTER", "DECLARED"):
            figure = inputs.figure(measure, "", when)
            if figure is not None:
                return self._scored(Fraction(1 if figure else 0), f"{measure} {exact_text(figure)}")
        return _Scored(None, reason=supply(inputs.item, Reads("REGISTER, DECLARED or HISTORIC_POINTS", "", when)))

    def _counted(self, inputs: KindInputs, when: SchemeYear) -> _Scored:
        numerator, denominator = (inputs.figure(measure, "", when) for measure in ("NUMERATOR", "DENOMINATOR"))
        if denominator == 0:
            return _Scored(_ZERO, "nobody was there to be counted")
        if numerator is None or denominator is None:
            figures = {"NUMERATOR": numerator, "DENOMINATOR": denominator}
            lacks = " and ".join(measure for measure, figure in figures.items() if figure is None)
            return _Scored(None, reason=supply(inputs.item, Reads(lacks, "", when, "or HISTORIC_POINTS of that year")))
        if numerator > denominator:
            shown = f"NUMERATOR {exact_text(numerator)} is above DENOMINATOR {exact_text(denominator)}"
            return _Scored(None, reason=f"{shown} for {inputs.item}, period {when}: correct one of them.")
        return self._scored(numerator / denominator, f"{exact_text(numerator)} / {exact_text(denominator)}")

    def _scored(self, rate: Fraction, counts: str) -> _Scored:
        """The points of a rate, with the line of arithmetic that gives them."""
        return _Scored(self.award.earned(rate), self._working(rate, counts), met=self.award.met(rate))

    def _working(self, rate: Fraction, counts: str) -> str:
        kind = self.award
        if isinstance(kind, Boolean):
            return f"{counts or ('yes' if rate else 'no')}: {f'all {kind.amount} points' if rate else 'none'}"
        shown = f"{counts} = {percent(rate)}" if counts else percent(rate)
        lower, upper, points = kind.lower, kind.upper, kind.amount
        if rate >= upper.known():
            return f"{shown}, from {upper.text}: all {points} points"
        if isinstance(kind, StepThenLinear):
            if rate < lower.known():
                return f"{shown}, below {lower.text}: none"
            start = kind.start
            return f"{start} + ({points} − {start}) × ({counts or shown} − {lower}) / ({upper} − {lower})"
        if rate <= lower.known():
            return f"{shown}, not above {lower.text}: none"
        return f"{points} × ({counts or shown} − {lower}) / ({upper} − {lower})"
