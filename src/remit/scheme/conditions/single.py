"""Conditions of one thing: a measured rate, a rate of PCAs, a column of the practices file, a count, another scheme."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from remit.core import exact
from remit.core.rounding import exact_text
from remit.scheme.conditions.base import Bounds, Condition, Facts, Path, Verdict
from remit.scheme.kinds.base import Reads, supply
from remit.scheme.kinds.figures import Code, number
from remit.scheme.quantity import Count, Percent, Score

ACCEPTED = "accepted"
"""The column of the practices file that names the schemes which a practice has accepted, with `+` between them."""

_NOTHING, _WHOLE = Fraction(0), Fraction(1)
Column = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class _Bounded(Condition):
    """What is looked at lies between numbers."""

    @model_validator(mode="after")
    def _bounded(self) -> _Bounded:
        if not self.bounds.given and not getattr(self, "is_", ""):
            raise ValueError("say between which numbers: 'above', 'at_least', 'below' or 'at_most'")
        return self

    @property
    def bounds(self) -> Bounds:
        return Bounds.of(self)

    def missing(self) -> str:
        return self.bounds.missing()

    def never(self, least: Fraction | None, most: Fraction | None) -> Iterator[tuple[Path, str]]:
        why = self.bounds.never(least, most)
        if why:
            yield (self.bounds.given[-1][0],), f"{self.words()}: this never holds, as {why}"


class AchievementOf(_Bounded):
    """`{achievement_of: "2", below: 20%}`"""

    achievement_of: Code = Field(
        description="The item whose achievement is looked at; where nobody is counted, it is 0%"
    )
    above: Percent | None = Field(default=None, description="More than this")
    at_least: Percent | None = Field(default=None, description="This or more")
    below: Percent | None = Field(default=None, description="Less than this")
    at_most: Percent | None = Field(default=None, description="This or less")

    def verdict(self, facts: Facts) -> Verdict:
        item = facts.item(self.achievement_of)
        if item.empty:
            why = f"nobody is counted in item {self.achievement_of}, which is as 0%, {self.bounds.of_value(_NOTHING)}"
            return Verdict(self.bounds.hold(_NOTHING), why)
        if item.rate is None:
            return Verdict(None, item.why or f"The achievement of item {self.achievement_of} is not known.")
        shown = _rate(item.rate, self.bounds)
        text = f"the achievement of item {self.achievement_of} is {shown}, {self.bounds.of_value(item.rate)}"
        return Verdict(self.bounds.hold(item.rate), text)

    def words(self) -> str:
        return f"the achievement of item {self.achievement_of} is {self.bounds.words()}"

    def rests_on(self) -> tuple[str, ...]:
        return (self.achievement_of,)

    def marks_of(self, code: str) -> tuple[tuple[Fraction, bool], ...]:
        return self.bounds.marks() if code == self.achievement_of else ()

    def faults(self) -> Iterator[tuple[Path, str]]:
        yield from self.never(_NOTHING, _WHOLE)


class PcaRateOf(_Bounded):
    """`{pca_rate_of: "2", above: 12%}`: PCAs over those and the denominator."""

    pca_rate_of: Code = Field(
        description="The item of whose eligible patients the share is looked at who were left out as personalised care "
        "adjustments (PCAs)"
    )
    above: Percent | None = Field(default=None, description="More than this")
    at_least: Percent | None = Field(default=None, description="This or more")
    below: Percent | None = Field(default=None, description="Less than this")
    at_most: Percent | None = Field(default=None, description="This or less")

    def verdict(self, facts: Facts) -> Verdict:
        item = facts.item(self.pca_rate_of)
        if item.pcas is None:
            return Verdict(
                None, f"The PCA rate of item {self.pca_rate_of} is not known: supply PCAS for {self.pca_rate_of}."
            )
        if item.denominator is None:
            return Verdict(None, item.why or f"Supply DENOMINATOR for {self.pca_rate_of}.")
        patients = item.pcas + item.denominator
        if not patients:
            why = f"nobody is counted in item {self.pca_rate_of}, which is as 0% PCAs, {self.bounds.of_value(_NOTHING)}"
            return Verdict(self.bounds.hold(_NOTHING), why)
        rate = Fraction(item.pcas, patients)
        count = f"{item.pcas:,} of {item.pcas:,} + {item.denominator:,}"
        text = f"the PCA rate of item {self.pca_rate_of} is {_rate(rate, self.bounds)} ({count})"
        return Verdict(self.bounds.hold(rate), f"{text}, {self.bounds.of_value(rate)}")

    def words(self) -> str:
        return f"the PCA rate of item {self.pca_rate_of} is {self.bounds.words()}"

    def rests_on(self) -> tuple[str, ...]:
        return (self.pca_rate_of,)

    def pca_rates_of(self) -> tuple[str, ...]:
        return (self.pca_rate_of,)

    def faults(self) -> Iterator[tuple[Path, str]]:
        yield from self.never(_NOTHING, _WHOLE)


class ColumnOf(_Bounded):
    """`{column: deprivation, above: 35.0}`, or of a text `{column: area, is: rural}`."""

    column: Column = Field(description="The column of the practices file that is looked at, in small letters")
    called: str = Field(default="", description="What it is called in a sentence, as `deprivation score`")
    above: Score | None = Field(default=None, description="More than this")
    at_least: Score | None = Field(default=None, description="This or more")
    below: Score | None = Field(default=None, description="Less than this")
    at_most: Score | None = Field(default=None, description="This or less")
    is_: str = Field(default="", alias="is", description="Where it holds a text: that text, whatever its capitals")

    @model_validator(mode="after")
    def _one_way(self) -> ColumnOf:
        if self.is_ and self.bounds.given:
            raise ValueError("give either 'is' or a bound such as 'above'")
        return self

    @property
    def name(self) -> str:
        return self.called or self.column.replace("_", " ")

    def verdict(self, facts: Facts) -> Verdict:
        text = facts.column(self.column)
        if not text:
            return Verdict(
                None, f"The {self.name} is not known: fill in the column {self.column} of the practices file."
            )
        if self.is_:
            same = text.casefold() == self.is_.casefold()
            return Verdict(same, f"the {self.name} is '{text}'" + ("" if same else f", not '{self.is_}'"))
        try:
            value = exact.number(text)
        except ValueError:
            where = f"the column {self.column} of the practices file"
            return Verdict(None, f"The {self.name} is not a number: correct '{text}' in {where}.")
        return Verdict(self.bounds.hold(value), f"the {self.name} is {text}, {self.bounds.of_value(value)}")

    def words(self) -> str:
        return f"the {self.name} is '{self.is_}'" if self.is_ else f"the {self.name} is {self.bounds.words()}"

    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    def faults(self) -> Iterator[tuple[Path, str]]:
        yield from self.never(None, None)


class CountOf(_Bounded):
    """`{count: meetings, at_least: 2, of: 3}`: a number of things done, as the counts have it (ACTIVITY)."""

    count: Code = Field(description="What is counted: the counts have its number as ACTIVITY under this code")
    called: str = Field(default="", description="What it is called in a sentence, as `meetings attended`")
    of: Count | None = Field(default=None, description="How many there are at most")
    above: Count | None = Field(default=None, description="More than this")
    at_least: Count | None = Field(default=None, description="This or more")
    below: Count | None = Field(default=None, description="Less than this")
    at_most: Count | None = Field(default=None, description="This or less")

    @property
    def name(self) -> str:
        return self.called or self.count.replace("_", " ")

    def verdict(self, facts: Facts) -> Verdict:
        value = facts.figure(self.count, "ACTIVITY")
        if value is None:
            return Verdict(None, supply(self.count, self.reads()[0]))
        there = f" of {self.of}" if self.of else ""
        if self.of and self.of.value is not None and value > self.of.value:
            why = f"ACTIVITY for {self.count} is {number(value)}, and there are {self.of}: correct it."
            return Verdict(None, why)
        text = f"the number of {self.name} is {number(value)}{there}, {self.bounds.of_value(value)}"
        return Verdict(self.bounds.hold(value), text)

    def words(self) -> str:
        return f"the number of {self.name} is {self.bounds.words()}" + (f" of {self.of}" if self.of else "")

    def reads(self) -> tuple[Reads, ...]:
        return (Reads("ACTIVITY", self.count, words=self.name),)

    def missing(self) -> str:
        gaps = [self.bounds.missing(), "of" if self.of and self.of.required else ""]
        return ", ".join(filter(None, gaps))

    def faults(self) -> Iterator[tuple[Path, str]]:
        yield from self.never(_NOTHING, self.of.value if self.of else None)


class DeclaredYes(Condition):
    """`{declared: level-2, called: signed up at level 2}`: the practice has declared it (DECLARED is 1)."""

    declared: Code = Field(description="What is declared: the counts have it as DECLARED, 1 or 0, under this code")
    called: str = Field(default="", description="What it is in a sentence, as `signed up at level 2`")

    @property
    def name(self) -> str:
        return f"{self.called} ({self.declared})" if self.called else self.declared

    def verdict(self, facts: Facts) -> Verdict:
        value = facts.figure(self.declared, "DECLARED")
        if value is None:
            return Verdict(None, supply(self.declared, self.reads()[0]))
        return Verdict(bool(value), f"{self.name} is {'' if value else 'not '}declared")

    def words(self) -> str:
        return f"{self.name} is declared"

    def reads(self) -> tuple[Reads, ...]:
        return (Reads("DECLARED", self.declared, words=self.called),)


class AcceptedScheme(Condition):
    """`{accepted: qif-2025-26}`: the practice has accepted another scheme too."""

    accepted: str = Field(
        description="The id of the other scheme; the column `accepted` of the practices file names it"
    )

    def verdict(self, facts: Facts) -> Verdict:
        text = facts.column(ACCEPTED)
        if not text:
            where = f"the column {ACCEPTED} of the practices file (ids with + between them, or none)"
            return Verdict(None, f"Which schemes it has accepted is not known: fill in {where}.")
        named = {name.strip().casefold() for name in text.split("+")}
        holds = self.accepted.casefold() in named
        return Verdict(holds, f"{self.accepted} is {'' if holds else 'not '}accepted")

    def words(self) -> str:
        return f"{self.accepted} is accepted"

    def columns(self) -> tuple[str, ...]:
        return (ACCEPTED,)


def _rate(rate: Fraction, bounds: Bounds) -> str:
    """A rate with two decimals of a per cent, or as many more as keep it on its own side of the bounds."""
    for most in (2, 3, 4, 6, 8):
        text = exact_text(rate * 100, most=most)
        shown = Fraction(text) / 100
        if all((shown > b.known(), shown < b.known()) == (rate > b.known(), rate < b.known()) for _, b in bounds.given):
            return f"{text}%"
    return f"{exact_text(rate * 100, most=12)}%"
