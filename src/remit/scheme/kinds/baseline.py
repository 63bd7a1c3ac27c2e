"""The practice's own rate of earlier years, with which this year's is compared: one rule for every kind that does.

A baseline rests on NUMERATOR and DENOMINATOR of its years. What holds where a year has no counts, where nobody was
there to be counted, after a merger and for personalised care adjustments (PCAs) is for the contract to say: a key that
is left out is asked for as soon as it matters, and nothing is guessed.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, field_validator

from remit.core.dates import SchemeYear
from remit.core.rounding import exact_text, pounds_text
from remit.core.words import listed
from remit.scheme.kinds.base import CalculatedKind, KindInputs, Reads, Strict, WorkingLine, supply
from remit.scheme.kinds.figures import percent
from remit.scheme.quantity import A_YEAR, Count, Quantity

OPEN = "required"


def _years(raw: Any) -> Any:
    if raw == OPEN:
        return raw
    if isinstance(raw, str):
        raw = [part.strip() for part in raw.split(",")]
    if not isinstance(raw, list | tuple) or not raw:
        raise ValueError("give the baseline's years, such as [2024-25, 2025-26], or 'required'")
    return tuple(one if isinstance(one, SchemeYear) else SchemeYear.of_any_month(str(one)) for one in raw)


Years = Annotated[
    tuple[SchemeYear, ...] | Literal["required"],
    BeforeValidator(_years),
    PlainSerializer(lambda years: years if years == OPEN else [str(year) for year in years]),
    WithJsonSchema({"anyOf": [{"const": OPEN}, {"type": "array", "items": A_YEAR}]}),
]
RULES = {
    "years": ("the baseline's years", "'2024-25, 2025-26'"),
    "baseline": ("how the baseline's years make one rate", "'mean of the rates'"),
    "pcas": ("PCAs in the baseline and the result", "'left out'"),
    "missing_year": ("where a year of the baseline has no counts", "'leave the year out'"),
    "nobody": ("where nobody was in a year's denominator", "'leave the year out'"),
    "merged": ("the baseline after a merger", "'counts added'"),
    "then": ("the target of a practice above the ceiling", "'its own rate'"),
    "without": ("what holds without a baseline", "'supply the counts'"),
}
"""What a contract must say of a baseline: each key in words, and an example."""
CASES = ("missing_year", "nobody", "merged", "without")
"""Those that matter only where the case arises."""
OF_SEVERAL = ("baseline", "missing_year")
"""Those that matter only with several years."""
Missing = Literal["leave the year out", "no baseline", "required"]


@dataclass(frozen=True)
class OwnRate:
    """A practice's baseline: its `rate`, with the sum that gives it as a reader types it.

    Without a rate, `lacks` says what must be supplied or settled first; or there is `none`, and that says why.
    """

    rate: Fraction | None = None
    text: str = ""
    years: tuple[SchemeYear, ...] = ()
    lacks: str = ""
    none: str = ""


class Baseline(Strict):
    """The practice's own rate of stated years."""

    years: Years = Field(description="The baseline's years, such as `[2024-25, 2025-26]`, or `required`")
    baseline: Literal["mean of the rates", "counts together", "required"] = Field(
        default="required",
        description="How several years make one rate: `mean of the rates`, (a/b + c/d) / 2, or `counts together`, "
        "(a + c) / (b + d)",
    )
    pcas: Literal["left out", "counted", "required"] = Field(
        default="required",
        description="Personalised care adjustments, in the baseline and in the result that is compared with it: "
        "`left out` of the denominators, as they are counted, or `counted` in them as not achieved (PCAS are added)",
    )
    fewest: Count | None = Field(
        default=None, description="The fewest patients in a year's denominator for it to count; left out, one"
    )
    missing_year: Missing = Field(
        default="required",
        description="Where one of several years has no counts: `leave the year out`, or there is `no baseline`",
    )
    nobody: Missing = Field(
        default="required",
        description="Where nobody, or fewer than `fewest`, was in a year's denominator: `leave the year out`, or there "
        "is `no baseline`",
    )
    merged: Literal["counts added", "own counts", "no baseline", "required"] = Field(
        default="required",
        description="Where other practices merged into this one in the year: their years' counts are `counts added`, "
        "its `own counts` alone are the baseline, or there is `no baseline`",
    )

    @field_validator("years")
    @classmethod
    def _once(cls, years: Any) -> Any:
        twice = [str(year) for n, year in enumerate(years) if years != OPEN and year in years[:n]]
        if twice:
            raise ValueError(f"{twice[0]} is listed twice")
        return years

    @property
    def all_years(self) -> tuple[SchemeYear, ...]:
        """Its years; none while they must be supplied."""
        return () if isinstance(self.years, str) else self.years

    def gaps(self) -> Iterator[str]:
        """What must be supplied before anybody has a baseline."""
        if self.years == OPEN:
            yield "baseline years"
        if self.baseline == OPEN and len(self.all_years) != 1:
            yield "way to put the baseline's years together"
        if self.pcas == OPEN:
            yield "rule for PCAs in the baseline"
        if self.fewest is not None and self.fewest.required:
            yield "fewest patients of a baseline year"

    def figures(self, optional: bool) -> tuple[Reads, ...]:
        """What it reads; `optional` where the contract says what holds without it."""
        measures = (("NUMERATOR", "achieved then"), ("DENOMINATOR", "eligible then"), ("PCAS", "PCAs then"))
        used = measures if self.pcas == "counted" else measures[:2]
        earlier = [Reads(m, "", year, f"baseline: {what}", optional) for year in self.all_years for m, what in used]
        this = [Reads("PCAS", words="PCAs of this year")] if self.pcas == "counted" else []
        return (*earlier, *this)

    def of(self, inputs: KindInputs, place: str) -> OwnRate:
        """The baseline of a practice. `place` is where the rule stands below the item, such as `improvement.`."""
        counts: dict[SchemeYear, tuple[Fraction, Fraction]] = {}
        absent, few, wrong = list[SchemeYear](), list[SchemeYear](), list[str]()
        fewest = 1 if self.fewest is None else self.fewest.known()
        for year in self.all_years:
            got = {name: inputs.figure(name, "", year) for name in ("NUMERATOR", "DENOMINATOR", "PCAS")}
            if self.pcas != "counted":
                got["PCAS"] = Fraction(0)
            top, below, pcas = got["NUMERATOR"], got["DENOMINATOR"], got["PCAS"]
            if top is None and below is None:
                absent.append(year)
            elif below is not None and pcas is not None and below + pcas < fewest:
                few.append(year)
            elif top is None or below is None or pcas is None:
                lacks = " and ".join(name for name, value in got.items() if value is None)
                wrong.append(supply(inputs.item, Reads(lacks, "", year)))
            elif top > below:
                shown = f"NUMERATOR {exact_text(top)} is above DENOMINATOR {exact_text(below)}"
                wrong.append(f"{shown} for {inputs.item}, period {year}: correct one of them.")
            else:
                counts[year] = (top, below + pcas)
        if wrong:
            return OwnRate(lacks=" ".join(wrong))
        return self._from(inputs, place, counts, absent, few)

    def _from(
        self,
        inputs: KindInputs,
        place: str,
        counts: dict[SchemeYear, tuple[Fraction, Fraction]],
        absent: list[SchemeYear],
        few: list[SchemeYear],
    ) -> OwnRate:
        """The rate of the years that were counted, by the rules for those that were not."""
        no_counts = f"{inputs.item} has no counts of {named_years(absent)}"
        if self.merged == "no baseline":  # its counts are then left out
            no_counts += ", or others merged into the practice"
        whom = "nobody was" if self.fewest is None else f"fewer than {self.fewest} were"
        nobody = f"{whom} in the denominator of {inputs.item} in {named_years(few)}"
        if absent and (counts or few):
            if self.missing_year == OPEN:
                ask = supply(inputs.item, Reads("NUMERATOR and DENOMINATOR", "", absent[0], "baseline"))
                return OwnRate(lacks=f"{ask} Where there are none, say what holds: {inputs.item}.{place}missing_year.")
            if self.missing_year == "no baseline":
                return OwnRate(none=no_counts)
        if few and counts:
            if self.nobody == OPEN:
                why = f"In the baseline, {nobody}: say what holds: {inputs.item}.{place}nobody."
                return OwnRate(lacks=why)
            if self.nobody == "no baseline":
                return OwnRate(none=nobody)
        if not counts:
            return OwnRate(none=" and ".join([*([no_counts] if absent else []), *([nobody] if few else [])]))
        return self._rate(counts)

    def _rate(self, counts: dict[SchemeYear, tuple[Fraction, Fraction]]) -> OwnRate:
        pairs, years = list(counts.values()), tuple(counts)
        texts = [(f"{int(top):,}", f"{int(below):,}") for top, below in pairs]
        if len(pairs) == 1:
            return OwnRate(pairs[0][0] / pairs[0][1], " / ".join(texts[0]), years)
        if self.baseline == "counts together":
            tops, belows = (sum((pair[n] for pair in pairs), Fraction(0)) for n in (0, 1))
            text = f"({' + '.join(top for top, _ in texts)}) / ({' + '.join(below for _, below in texts)})"
            return OwnRate(tops / belows, text, years)
        rate = sum((top / below for top, below in pairs), Fraction(0)) / len(pairs)
        return OwnRate(rate, f"({' + '.join(f'{top} / {below}' for top, below in texts)}) / {len(pairs)}", years)

    def described(self) -> str:
        """`the practice's own mean rate of 2024-25 and 2025-26`."""
        if not self.all_years:
            return "the practice's own baseline of years still to be supplied"
        if len(self.all_years) == 1:
            return f"the practice's own rate in {self.all_years[0]}"
        how = {"mean of the rates": "mean rate of", "counts together": "rate on the counts together of"}
        return f"the practice's own {how.get(self.baseline, 'rate in')} {named_years(self.all_years)}"


@dataclass(frozen=True)
class Change:
    """This year's rate beside a baseline: the change (0.05 is five percentage points), with the sum that gives it.

    Where it is `relative`, it is a share of the baseline. Without a change, `lacks` says what must be supplied first;
    or there is `none` to compare with, and that says why.
    """

    change: Fraction | None = None
    text: str = ""
    lines: tuple[WorkingLine, ...] = ()
    own: OwnRate = OwnRate()
    lacks: str = ""
    none: str = ""
    relative: bool = False

    @property
    def typed(self) -> str:
        """The change as the next line has it, in per cent or percentage points: the number, or, as its decimals do not
        end, the sum in brackets."""
        assert self.change is not None
        ends = (self.change * 10**14).denominator == 1
        return _minus(exact_text(self.change * 100)) if ends else f"({self.text}) × 100"

    @property
    def shown(self) -> str:
        """The change in words: `5 percentage points`, `12.5%`."""
        assert self.change is not None
        return _minus(percent(self.change)) if self.relative else in_points(self.change)


def change_of(
    inputs: KindInputs, baseline: Baseline, place: str, falls: bool = False, relative: bool = False
) -> Change:
    """This year's rate less the baseline; where lower is better, the baseline less this year's rate."""
    own = baseline.of(inputs, place)
    if own.rate is None:
        return Change(own=own, lacks=own.lacks, none=own.none)
    if relative and not own.rate:
        return Change(own=own, none=f"the rate of {inputs.item} was 0% in {named_years(own.years)}")
    result = this_rate(inputs, baseline)
    if isinstance(result, str):
        return Change(own=own, lacks=result)
    top, below = result
    change = own.rate - Fraction(top, below) if falls else Fraction(top, below) - own.rate
    bracketed = f"({own.text})" if len(own.years) > 1 and baseline.baseline == "counts together" else own.text
    pair = (bracketed, f"{top:,} / {below:,}") if falls else (f"{top:,} / {below:,}", bracketed)
    text = " − ".join(pair)
    if relative:
        change, text = change / own.rate, f"({text}) / ({own.text})"
    line = WorkingLine(f"Baseline, {named_years(own.years)}", own.text, percent(own.rate))
    found = Change(change, text, (), own, relative=relative)
    return replace(found, lines=(line, WorkingLine("Fall" if falls else "Change", text, found.shown)))


def this_rate(inputs: KindInputs, baseline: Baseline) -> tuple[int, int] | str:
    """This year's counts as they are compared with the baseline, or what must be supplied first."""
    top, below = inputs.numerator, inputs.denominator
    if top is None and inputs.rate is not None and baseline.pcas != "counted":  # a rate that is asked about, no counts
        return inputs.rate.as_integer_ratio()
    if top is None or not below:
        return inputs.why or f"The achievement of {inputs.item} is not known."
    if baseline.pcas == "counted":
        pcas = inputs.figure("PCAS")
        if pcas is None:
            return supply(inputs.item, Reads("PCAS"))
        below += int(pcas)
    return top, below


def in_points(change: Fraction) -> str:
    """`5 percentage points`."""
    text = exact_text(change * 100, most=6)
    return f"{_minus(text)} percentage {'point' if text in ('1', '-1') else 'points'}"


def _minus(text: str) -> str:
    return text.replace("-", "−")


def named_years(years: list[SchemeYear] | tuple[SchemeYear, ...]) -> str:
    """`2022-23 and 2023-24`."""
    return listed([str(year) for year in years])


def unit_fault(difference: Quantity, relative: bool) -> str:
    """Why a difference does not go with `relative`, which says what its per cent are of; nothing where it does."""
    if difference.required or relative == difference.text.endswith("%"):
        return ""
    if relative:
        return f"'{difference}' is in percentage points: with 'relative: true' write per cent of the baseline, '5%'"
    return (
        f"'{difference}' could be per cent of the baseline or percentage points: write '5 points' for percentage "
        "points, or say 'relative: true'"
    )


class OverBaseline(CalculatedKind):
    """A kind that sets this year's rate beside the practice's own baseline."""

    @property
    @abstractmethod
    def own_baseline(self) -> Baseline:
        """The baseline."""

    @property
    def place(self) -> str:
        """Where the baseline stands below the item, with its dot; empty where its keys are the kind's own."""
        return ""

    def uses_rate(self) -> bool:
        return True

    @property
    def for_part_of_year(self) -> bool:
        return self.unit == "pounds"

    def due(
        self, earned: Fraction, lines: tuple[WorkingLine, ...], inputs: KindInputs
    ) -> tuple[Fraction, tuple[WorkingLine, ...]]:
        """What is earned, for the part of the year where it is a set sum; points and pounds a head have it later."""
        if self.unit != "pounds" or not earned or inputs.share == 1:
            return earned, lines
        whole, due, share = pounds_text(earned), earned * inputs.share, inputs.share
        text = f"{whole} × {share.numerator} / {share.denominator}"
        return due, (*lines, WorkingLine("Part of the year", text, pounds_text(due)))
