"""A set sum for something done: set-up, capability, training, a package with its milestones or its target.

Network incentives paid set-up (meetings, governance) and capability; Aylesbury £4,000 a practice for training and
project management (HSJ, unverified); Tower Hamlets' package for MMR half in advance and half on performance
(PMC5819982).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from remit.core.rounding import exact_text
from remit.scheme.kinds.base import Calculation, KindInputs, Reads, Strict, Threshold, Unit, WorkingLine
from remit.scheme.kinds.figures import Code, answers_to, ask, in_words, named, number, percent, worth
from remit.scheme.kinds.sums import PaysSum
from remit.scheme.quantity import Percent


class Milestone(Strict):
    """`signed: {share: 50%, words: agreement signed}`: a part of the sum, declared by itself."""

    share: Percent = Field(description="The share of the sum that it pays")
    words: str = Field(description="What is to be done")


_NOTHING = WorkingLine("", "")


@dataclass(frozen=True)
class _Done:
    """How much of the sum is earned (None while it is not known), and what says so."""

    part: Fraction | None
    line: WorkingLine = _NOTHING
    missing: tuple[Reads, ...] = ()
    why: str = ""
    counted: str = ""
    reached: str = ""


class Fixed(PaysSum):
    """`fixed: {pays: £4,000, for: training and project management}`, by milestones, or on a target."""

    name: ClassVar[str] = "fixed"

    for_: str = Field(alias="for", description="What it is paid for")
    per: Literal["unit", "head", "weighted head"] = Field(
        default="unit",
        description="`unit`: once for the practice or network; `head`: for each patient that the counts have as its "
        "list (LIST_SIZE of *); `weighted head`: for each patient on the list that `heads` names",
    )
    declared: Literal["asked", "not asked"] = Field(
        default="asked",
        description="`not asked`: it is paid without a declaration, where the item's `only_if` holds or to everybody",
    )
    milestones: dict[Code, Milestone] = Field(
        default_factory=dict, description="Parts that are declared and paid by themselves, by code; they make 100%"
    )
    target: Percent | None = Field(
        default=None, description="The achievement from which all is paid, and nothing below; the item has a measure"
    )

    @model_validator(mode="after")
    def _one_of_each(self) -> Fixed:
        if self.points is not None and self.per != "unit":
            raise ValueError("points are not paid per head: give 'pays'")
        if self.milestones and self.target:
            raise ValueError("give either 'milestones' or 'target'")
        if self.declared == "not asked" and (self.milestones or self.target):
            raise ValueError("'declared: not asked' goes without 'milestones' and 'target'")
        return self

    def elements(self) -> Mapping[str, str]:
        return {code: milestone.words for code, milestone in self.milestones.items()}

    def uses_rate(self) -> bool:
        return self.target is not None

    def reads(self) -> tuple[Reads, ...]:
        heads = (Reads("LIST_SIZE", "*", words="patients on the list"),) if self.per == "head" else ()
        return (*self._declarations(), *heads)

    def thresholds(self, gate: Fraction | None = None) -> tuple[Threshold, ...]:
        if self.target is None:
            return ()
        return (Threshold(self.target.known(), False, f"from {self.target}: all of it"),)

    def earned(self, rate: Fraction, gate: Fraction | None = None) -> Fraction:
        """What a rate earns where there is a target: all, or nothing; for each head where it is paid so."""
        if self.target is None:
            return super().earned(rate, gate)
        return self.sum.known() if rate >= self.target.known() else Fraction(0)

    def _declarations(self) -> tuple[Reads, ...]:
        if self.target or self.declared == "not asked":
            return ()
        if self.milestones:
            return tuple(Reads("DECLARED", code, words=words) for code, words in self.elements().items())
        return (Reads("DECLARED", words=self.for_),)

    @property
    def unit(self) -> Unit:
        return "pounds per weighted head" if self.per == "weighted head" else super().unit

    def most_earned(self) -> Fraction | None:
        return None if self.per == "head" else self.sum.value

    def calculate(self, inputs: KindInputs) -> Calculation:
        done = self._target(inputs) if self.target else self._declared(inputs)
        heads = inputs.figure("LIST_SIZE", "*") if self.per == "head" else Fraction(1)
        missing = list(done.missing)
        if heads is None and done.part != 0:
            missing.append(self.reads()[-1])
        reason = " ".join(filter(None, [done.why, ask(inputs, missing)]))
        if reason or done.part is None:
            return Calculation(None, reason=reason, counted=done.counted)
        whole = self.sum
        earned = done.part * whole.known() * heads if done.part and heads is not None else Fraction(0)
        unit: Unit = "points" if self.unit == "points" else "pounds"
        factors = [worth(whole.known(), unit) + (" a head" if self.per == "weighted head" else "")]
        factors += [f"{number(heads)} patients"] if self.per == "head" and heads is not None else []
        factors += [percent(done.part)] if done.part != 1 else []
        line = WorkingLine("Pays", " × ".join(factors), worth(earned, unit)) if len(factors) > 1 else None
        lines = (done.line, line or WorkingLine("Pays", factors[0]))
        yes = self.target is None
        return Calculation(
            earned,
            lines if earned else (done.line,),
            rate=done.part if yes else inputs.rate,
            numerator=None if yes else inputs.numerator,
            denominator=None if yes else inputs.denominator,
            counted=done.counted,
            reached=done.reached,
            met=done.part == 1,
        )

    def _target(self, inputs: KindInputs) -> _Done:
        assert self.target is not None
        label = "Target"
        if inputs.empty:
            return _Done(Fraction(0), WorkingLine(label, "nobody to count pays nothing"), counted="nobody to count")
        if inputs.rate is None:
            return _Done(None, why=inputs.why or f"The achievement of {inputs.item} is not known.")
        met = inputs.rate >= self.target.known()
        text = f"{exact_text(inputs.rate * 100, most=6)}% is {'at or above' if met else 'below'} {self.target}"
        count = (
            f"{inputs.numerator:,} of {inputs.denominator:,}"
            if inputs.numerator is not None and inputs.denominator
            else ""
        )
        return _Done(Fraction(int(met)), WorkingLine(label, text), counted=count, reached="met" if met else "not met")

    def _declared(self, inputs: KindInputs) -> _Done:
        """The milestones that are declared, or the item itself, where that is asked."""
        if self.declared == "not asked":
            return _Done(Fraction(1), WorkingLine("For", self.for_))
        if not self.milestones:
            declared = inputs.figure("DECLARED")
            if declared is None:
                return _Done(None, missing=self._declarations())
            word = "declared" if declared else "not declared"
            line = WorkingLine("Declared", f"{self.for_}: {word}")
            return _Done(Fraction(int(bool(declared))), line, counted="declaration", reached=word)
        answers = answers_to(inputs, "DECLARED", self.milestones)
        missing = tuple(reads for reads in self._declarations() if answers[reads.subject] is None)
        count = f"{sum(map(bool, answers.values()))} of {len(answers)} milestones"
        if missing:
            return _Done(None, missing=missing, counted=count)
        met = [code for code, answer in answers.items() if answer]
        shares = [self.milestones[code].share for code in met]
        part = sum((share.known() for share in shares), Fraction(0))
        text = f"{named(met, self.elements())}: {' + '.join(map(str, shares))}" if met else "none is declared"
        return _Done(part, WorkingLine("Milestones", text, percent(part) if len(met) > 1 else ""), counted=count)

    def missing(self) -> str:
        gaps = ["points" if self.unit == "points" else "amount"] if self.sum.required else []
        gaps += ["target"] if self.target and self.target.required else []
        gaps += [f"share of {code}" for code, part in self.milestones.items() if part.share.required]
        return ", ".join(gaps)

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        shares = [milestone.share.value for milestone in self.milestones.values()]
        known = [share for share in shares if share is not None]
        if shares and len(known) == len(shares) and sum(known) != 1:
            yield ("milestones",), f"the milestones' shares add up to {percent(sum(known, Fraction(0)))}, not 100%"

    def words(self) -> str:
        by = "" if self.per == "unit" else " a head"
        text = f"{in_words(self.sum, 'points' if self.unit == 'points' else 'pounds')}{by} for {self.for_}"
        if self.milestones:
            parts = (f"{milestone.share} for {milestone.words}" for milestone in self.milestones.values())
            text += f": {', '.join(parts)}"
        if self.target:
            text += f", from {'a target still to be supplied' if self.target.required else self.target}"
        return text
