"""Several streams of income rolled into one, as they stood in an earlier year.

Practices of Dudley "agree to opt out of QOF, Direct Enhanced Services (DES) and Local Improvement Schemes (LIS),
with associated monies for these schemes rolled into the pot" ([S004] p64). What each stream came to is in no
source: it is supplied per practice. The year may be `required` where the source does not name it; the figures are
then given without a period, and whoever supplies them says of which year they are. A practice there for a part of
the year is paid for that part.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from remit.core.dates import SchemeYear
from remit.core.figures import THE_YEAR
from remit.core.rounding import exact_text
from remit.core.words import listed
from remit.scheme.kinds.base import CalculatedKind, Calculation, KindInputs, Reads, Unit, WorkingLine
from remit.scheme.kinds.figures import Code
from remit.scheme.kinds.working import Chain, lacking, value, whole_pounds
from remit.scheme.quantity import A_YEAR, YEAR_FORM, Percent


def _open_year(raw: Any) -> Any:
    return raw if raw == "required" or isinstance(raw, SchemeYear) else SchemeYear.of_any_month(str(raw))


OpenYear = Annotated[
    SchemeYear | Literal["required"],
    BeforeValidator(_open_year),
    PlainSerializer(str),
    WithJsonSchema({**A_YEAR, "pattern": f"^(required|{YEAR_FORM})$", "examples": ["2015-16"]}),
]


class Pooled(CalculatedKind):
    """`pooled: {streams: {QOF: Quality and Outcomes Framework, DES: …, LIS: …}, year: 2015-16}`"""

    name: ClassVar[str] = "pooled"
    paid_in: ClassVar[Unit] = "pounds"
    certain: ClassVar[bool] = True

    streams: dict[Code, str] = Field(min_length=1, description="What is pooled: code, as counts name it, to words")
    year: OpenYear = Field(description="The year whose pounds are pooled, or 'required' where the source gives none")
    uplift: Percent | None = Field(default=None, description="How far the sum is raised")

    def most_earned(self) -> Fraction | None:
        return None

    def missing(self) -> str:
        return "uplift" if self.uplift is not None and self.uplift.required else ""

    def words(self) -> str:
        when = "an earlier year that the source does not name" if self.year == "required" else str(self.year)
        uplift = f", raised by {self.uplift}" if self.uplift is not None else ""
        together = " together" if len(self.streams) > 1 else ""
        return f"what was paid in {when} for {listed(list(self.streams))}{together}{uplift}"

    def elements(self) -> Mapping[str, str]:
        return self.streams

    @property
    def for_part_of_year(self) -> bool:
        return True

    def reads(self) -> tuple[Reads, ...]:
        period = THE_YEAR if self.year == "required" else self.year
        when = " in the year that the scheme goes by" if self.year == "required" else ""
        return tuple(
            Reads("HISTORIC_POUNDS", code, period, f"what was paid for {words}{when}, in pounds")
            for code, words in self.streams.items()
        )

    def calculate(self, inputs: KindInputs) -> Calculation:
        reason = lacking(inputs, self.reads())
        if reason:
            return Calculation(None, reason=reason)
        paid = {one.subject: value(inputs, one) for one in self.reads()}
        texts = {code: whole_pounds(amount) for code, amount in paid.items()}
        chain = Chain(sum(paid.values(), Fraction(0)), " + ".join(texts.values()))
        chain.lines.extend(WorkingLine(f"{code}: {words}", texts[code]) for code, words in self.streams.items())
        if len(texts) > 1:
            chain.line("Together")
        if self.uplift is not None:
            uplift = 1 + self.uplift.known()
            chain.times(f"Uplift of {self.uplift}", uplift, exact_text(uplift))
        chain.for_part_of_year(inputs.share)
        return Calculation(chain.amount, tuple(chain.lines))
