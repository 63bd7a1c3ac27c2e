"""A gateway: everything in it, or so many of its elements, must be declared; then it pays, and opens what rests on it.

Aylesbury and Buckinghamshire PCDS, 2017: the Foundation Gateway, all elements, before the next tier. Wales 2017/18:
three of five national priorities, 45 points (gwentlmc.org.uk).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, WithJsonSchema

from remit.scheme.kinds.base import Calculation, KindInputs, Reads, WorkingLine
from remit.scheme.kinds.figures import Code, answers_to, ask, in_words, named, worth
from remit.scheme.kinds.sums import PaysSum
from remit.scheme.quantity import Count

Needs = Annotated[
    Count | None,
    BeforeValidator(lambda text: None if text == "all" else text),
    WithJsonSchema(
        {"type": ["string", "integer", "object"], "examples": ["all", "3"], "description": "all, or a number"}
    ),
]


class Gateway(PaysSum):
    """`gateway: {elements: {emis: EMIS implementation, ers: e-referral}, needs: all, pays: £1,000}`"""

    name: ClassVar[str] = "gateway"
    met_by_all: ClassVar[bool] = True
    may_pay_nothing: ClassVar[bool] = True

    elements_: Annotated[dict[Code, str], Field(min_length=1)] = Field(
        alias="elements", description="What is declared, each by itself: code to words"
    )
    needs: Needs = Field(default=None, description="How many of them it takes: `all`, or a number")

    @property
    def needed(self) -> int:
        """How many elements it takes."""
        return len(self.elements_) if self.needs is None else int(self.needs.known())

    def elements(self) -> Mapping[str, str]:
        return self.elements_

    def reads(self) -> tuple[Reads, ...]:
        return tuple(Reads("DECLARED", code, words=words) for code, words in self.elements_.items())

    def most_earned(self) -> Fraction | None:
        return self.sum.value

    def calculate(self, inputs: KindInputs) -> Calculation:
        """The sum where it is passed, else nothing. An amount still required leaves known whether it is passed."""
        if self.needs and self.needs.required:
            return Calculation(None, reason=f"The {self.missing()} must be supplied.")
        answers = answers_to(inputs, "DECLARED", self.elements_)
        met = [code for code, answer in answers.items() if answer]
        unmet = [code for code, answer in answers.items() if answer is False]
        unknown = [reads for reads in self.reads() if answers[reads.subject] is None]
        needed = self.needed
        counted = f"{len(met)} of {len(answers)} elements"
        lines = [
            *([WorkingLine("Met", named(met, self.elements_))] if met else []),
            *([WorkingLine("Not met", named(unmet, self.elements_))] if unmet else []),
        ]
        passed = len(met) >= needed
        if not passed and len(met) + len(unknown) >= needed:
            return Calculation(
                None,
                tuple(lines),
                ask(inputs, unknown),
                numerator=len(met),
                denominator=needed,
                counted=counted,
                reached="not known",
            )
        takes = "it takes all" if needed == len(answers) else f"it takes {needed}"
        verdict = "passed" if passed else "not passed"
        reason = "" if passed else f"Not passed: {named(unmet, self.elements_)} not declared."
        earned = self.sum.value if passed else Fraction(0)
        if earned is None:
            reason = f"Passed, but its {self.missing()} must be supplied."
        lines.append(WorkingLine("Gateway", f"{counted}, {takes}: {verdict}"))
        lines += [WorkingLine("Pays", worth(earned, self.unit))] if earned else []
        rate = Fraction(int(passed))
        return Calculation(earned, tuple(lines), reason, rate, len(met), needed, counted, verdict, met=passed)

    def missing(self) -> str:
        gaps = ["number of elements needed"] if self.needs and self.needs.required else []
        gaps += [("points" if self.unit == "points" else "amount")] if self.sum.required else []
        return ", ".join(gaps)

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if self.needs and self.needs.value is not None and not 1 <= self.needs.value <= len(self.elements_):
            yield ("needs",), f"expected all, or 1 to {len(self.elements_)} of its elements, found {self.needs}"

    def words(self) -> str:
        count = len(self.elements_)
        if self.needs is None:
            takes = f"all {count} elements" if count > 1 else "its one element"
        elif self.needs.required:
            takes = f"a number still to be supplied of {count} elements"
        else:
            takes = f"{self.needs} of {count} elements"
        if self.pays is None and self.points is None:
            return f"opens what rests on it, for {takes}"
        return f"{in_words(self.sum, self.unit)} for {takes}, else nothing"
