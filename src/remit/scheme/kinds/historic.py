"""What was paid, or scored, in one earlier year, or on average in several, whatever is achieved in this one.

`in: pounds` pays the pounds of the earlier years, with an uplift where the scheme gives one, and adjusted for the
list and for prevalence where it says so. `in: points` pays the points of the earlier years; the scheme's value of a
point and its weights make them pounds. A practice there for a part of the year is paid for that part.

Somerset pays the QOF achievement of 2012/13, "adjusted to prevalence need lists and list size" ([S004] p66): how is
not said, so both indices are to be supplied. Buckinghamshire pays that of 2014/15 ([S004] p60-61), raised by 5% as
the HSJ had it; Dudley that of earlier years ([S004] p62-63). Scotland pays the average of three years
(medeconomics.co.uk, the 2016-17 GMS contract).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from remit.core.rounding import exact_text
from remit.core.words import listed
from remit.scheme.kinds.base import CalculatedKind, Calculation, KindInputs, Reads, Unit, WorkingLine
from remit.scheme.kinds.working import Chain, lacking, value, whole_pounds
from remit.scheme.quantity import Percent, Points, Year

INDICES = {"list": "LIST_INDEX", "prevalence": "PREVALENCE_INDEX"}


class Historic(CalculatedKind):
    """`historic: {of: QOF, years: [2012-13], adjusted_for: [list, prevalence], in: pounds}`"""

    name: ClassVar[str] = "historic"
    paid_in: ClassVar[Unit] = "pounds"
    certain: ClassVar[bool] = True

    of: str = Field(description="What was paid or scored in those years, in words")
    years: Annotated[tuple[Year, ...], Field(min_length=1)] = Field(
        description="The year, or the years whose average is paid"
    )
    in_: Literal["pounds", "points"] = Field(alias="in", description="Whether its pounds are paid, or its points")
    uplift: Percent | None = Field(default=None, description="With pounds: how far they are raised")
    adjusted_for: tuple[Literal["list", "prevalence"], ...] = Field(
        default=(), description="With pounds: the indices that they are multiplied by, to be supplied"
    )
    points: Points | None = Field(default=None, description="With points: the most that could be scored in a year")

    @model_validator(mode="after")
    def _fits(self) -> Historic:
        if self.in_ == "points" and (self.uplift is not None or self.adjusted_for):
            raise ValueError("'uplift' and 'adjusted_for' belong to 'in: pounds'; points are paid by value and weights")
        if self.in_ == "pounds" and self.points is not None:
            raise ValueError("'points' belong to 'in: points'")
        return self

    @property
    def unit(self) -> Unit:
        return self.in_

    def most_earned(self) -> Fraction | None:
        return self.points.value if self.points is not None else None

    def missing(self) -> str:
        numbers = {"uplift": self.uplift, "points": self.points}
        return " and ".join(name for name, number in numbers.items() if number is not None and number.required)

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for key, named in (("years", self.years), ("adjusted_for", self.adjusted_for)):
            for n, one in enumerate(named):
                if one in named[:n]:
                    yield (key, n), f"{one} is named twice"

    def words(self) -> str:
        when = f"in {self.years[0]}" if len(self.years) == 1 else f"on average in {listed(self.years)}"
        if self.in_ == "points":
            most = f", {self.points} at most" if self.points is not None else ""
            return f"the points of {self.of} scored {when}{most}"
        uplift = f", raised by {self.uplift}" if self.uplift is not None else ""
        adjusted = f", adjusted for {listed(self.adjusted_for)}" if self.adjusted_for else ""
        return f"what was paid for {self.of} {when}{uplift}{adjusted}"

    @property
    def for_part_of_year(self) -> bool:
        return self.in_ == "pounds"

    def reads(self) -> tuple[Reads, ...]:
        measure = "HISTORIC_POUNDS" if self.in_ == "pounds" else "HISTORIC_POINTS"
        words = f"what was paid for {self.of}, in pounds" if self.in_ == "pounds" else f"the points of {self.of}"
        past = tuple(Reads(measure, "", year, words) for year in self.years)
        return past + tuple(
            Reads(
                INDICES[name],
                "*",
                words=f"the {name} of this year over that of {listed(self.years)}, 1 if unchanged",
            )
            for name in self.adjusted_for
        )

    def calculate(self, inputs: KindInputs) -> Calculation:
        reason = lacking(inputs, self.reads())
        if reason:
            return Calculation(None, reason=reason)
        past = [value(inputs, one) for one in self.reads() if not one.subject]
        return self._points(inputs, past) if self.in_ == "points" else self._pounds(inputs, past)

    def _points(self, inputs: KindInputs, past: list[Fraction]) -> Calculation:
        most = self.most_earned()
        for year, points in zip(self.years, past, strict=True):
            if most is not None and points > most:
                why = f"HISTORIC_POINTS {exact_text(points)} of {year} are above the {exact_text(most)} points of"
                return Calculation(None, reason=f"{why} {inputs.item}: correct one of them.")
        points = sum(past, Fraction(0)) / len(past)
        label, working = self._average([exact_text(one) for one in past])
        line = WorkingLine(label, working, f"{exact_text(points)} points" if len(past) > 1 else "")
        return Calculation(points, (line,), rate=points / most if most else None)

    def _pounds(self, inputs: KindInputs, past: list[Fraction]) -> Calculation:
        label, working = self._average([whole_pounds(one) for one in past])
        chain = Chain(sum(past, Fraction(0)) / len(past), working)
        if len(past) > 1:
            chain.line(label)
        else:
            chain.lines.append(WorkingLine(label, working))
        if self.uplift is not None:
            uplift = 1 + self.uplift.known()
            chain.times(f"Uplift of {self.uplift}", uplift, exact_text(uplift))
        for name, read in zip(self.adjusted_for, self.reads()[len(past) :], strict=True):
            index = value(inputs, read)
            chain.times(f"{name.capitalize()} index", index, exact_text(index))
        chain.for_part_of_year(inputs.share)
        return Calculation(chain.amount, tuple(chain.lines))

    def _average(self, past: list[str]) -> tuple[str, str]:
        """The label and the working of what the earlier years come to."""
        if len(past) == 1:
            return f"{self.of}, {self.years[0]}", past[0]
        return f"{self.of}, average of {listed(self.years)}", f"({' + '.join(past)}) / {len(past)}"
