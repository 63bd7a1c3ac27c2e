"""What every payment kind answers. A new kind is one module beside this one, named in `kinds/__init__.py`.

A kind is pure: it turns an achievement (a rate, or yes and no) into an award, in points, pounds per weighted head or
pounds, exactly. It knows nothing of practices, lists or files.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from remit.core import say
from remit.core.dates import SchemeYear
from remit.core.figures import EACH_QUARTER, THE_YEAR, FigureKey, PeriodRead, quarters

Unit = Literal["points", "pounds per weighted head", "pounds"]


@dataclass(frozen=True)
class Threshold:
    """A place on the scale of achievement where what is earned starts, jumps or ends.

    `above` says whether the threshold itself is still below (`>`) or already reached (`>=`). `words` are the source's.
    """

    at: Fraction
    above: bool
    words: str


class Strict(BaseModel):
    """A part of a file: unknown keys are refused, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


class Kind(Strict, ABC):
    """One way to turn what was achieved into an award."""

    name: ClassVar[str]
    paid_in: ClassVar[Unit]
    takes_rate: ClassVar[bool] = True
    by_figures: ClassVar[bool] = False
    """Whether it is calculated from figures of its own, or from other items, rather than from one rate."""

    @property
    def unit(self) -> Unit:
        """What this kind's award is in."""
        return self.paid_in

    @property
    def falls(self) -> bool:
        """Whether it earns less the higher the rate."""
        return False

    @property
    def rates_per(self) -> int:
        """Of how many its thresholds are written: 100 (per cent), or 1,000 where events are counted."""
        return 100

    @property
    def gated_by(self) -> str:
        """The item whose achievement chooses what this one pays, or ''."""
        return ""

    def depends_on(self, before: Sequence[str]) -> frozenset[str]:
        """The items that this one cannot be priced without, of those that stand `before` it."""
        return frozenset({self.gated_by, *self.rests_on()} - {""})

    @abstractmethod
    def most_earned(self) -> Fraction | None:
        """The award for full achievement, in `unit`; None where it must be supplied or rests on the unit's figures."""

    @abstractmethod
    def earned(self, rate: Fraction, gate: Fraction | None = None) -> Fraction:
        """The award at an achievement of `rate` (0 to 1; for yes and no, 1 and 0), in `unit`."""

    def met(self, rate: Fraction, gate: Fraction | None = None) -> bool:
        """Whether an item that `requires` this one may pay: its threshold is reached, whatever that is worth."""
        return self.earned(rate, gate) > 0

    def thresholds(self, gate: Fraction | None = None) -> tuple[Threshold, ...]:
        """Where what is earned changes, lowest first. With a gate, those of the table that holds at its rate."""
        return ()

    def reached(self, rate: Fraction, gate: Fraction | None = None) -> str:
        """The threshold that a rate reaches, short: `from 90%`, `none`; nothing for a kind without thresholds."""
        return ""

    def lines(
        self, rate: Fraction, earned: Fraction, counted: str, gate: Fraction | None = None
    ) -> Iterator[WorkingLine]:
        """How a rate, `counted` as `39 / 100`, comes to what is `earned`. A result is one that the scheme rounds."""
        most = say.number(self.most_earned() or 0)
        yield WorkingLine("Points", f"all {say.number(earned)} points" if earned else f"none of {most}")

    def reads(self) -> tuple[Reads, ...]:
        """The figures that it reads, beside the rate."""
        return ()

    def rests_on(self) -> tuple[str, ...]:
        """The items that must be priced before this one."""
        return ()

    def pays_for(self) -> tuple[str, ...]:
        """The items that are paid within this one, and not by themselves."""
        return ()

    def uses_rate(self) -> bool:
        """Whether it rests on what was achieved, so that its item needs a measure."""
        return True

    def elements(self) -> Mapping[str, str]:
        """What is declared by itself within the item: code to words."""
        return {}

    def missing(self) -> str:
        """What the file must supply before this can pay, or nothing."""
        return ""

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What is wrong with the numbers taken together: (path below this kind, message)."""
        yield from ()

    @abstractmethod
    def words(self) -> str:
        """The kind in a line, as a contract manager would say it."""


@dataclass(frozen=True)
class Reads:
    """A figure that a kind reads from the counts.

    `subject` is whom it is about: `` for the item itself, `*` for the practice or network as a whole, else an element
    of the item. `period` is the scheme's year, each of its four quarters, or another year. `words` say what it is, for
    the one who is to supply it.
    """

    measure: str
    subject: str = ""
    period: PeriodRead = THE_YEAR
    words: str = ""
    optional: bool = False


@dataclass(frozen=True)
class WorkingLine:
    """One line of a working: what is worked out, how, and what comes out."""

    label: str
    working: str
    result: str = ""

    def __str__(self) -> str:
        return f"{self.working} = {self.result}" if self.result else self.working


@dataclass(frozen=True)
class ItemWorth:
    """What an earlier item of the same practice or network came to.

    `earned` and `most` are in its kind's unit; `pounds` is what it is worth, to the penny, None where that is not
    known or it pays none by itself; `met` says whether its condition holds, whatever that is worth.
    `within` is the item that pays it, where that is another.
    """

    unit: Unit
    earned: Fraction | None
    most: Fraction | None
    pounds: Fraction | None
    met: bool | None
    within: str = ""


@dataclass(frozen=True)
class KindInputs:
    """What one practice or network brings to a kind that calculates from figures.

    `figures` are keyed by subject, as `Reads` has it, and key; amounts are in pounds. `rate` is this year's
    achievement, 0 to 1, where the item has a measure; `empty` says that nobody was there to be counted, `why` that the
    rate is not known, and what to supply. `share` is the part of the year, 0 to 1, for which the scheme's rule for
    joiners and leavers pays. `lists` are the practice's, with those of practices that merged into it: `list` and
    `weighted list`, None where not known. `others` are the items before this one, by their codes.
    """

    item: str
    year: SchemeYear
    figures: Mapping[tuple[str, FigureKey], Fraction] = field(default_factory=dict)
    rate: Fraction | None = None
    numerator: int | None = None
    denominator: int | None = None
    empty: bool = False
    why: str = ""
    share: Fraction = Fraction(1)
    others: Mapping[str, ItemWorth] = field(default_factory=dict)
    lists: Mapping[str, Fraction | None] = field(default_factory=dict)

    def figure(self, measure: str, subject: str = "", period: PeriodRead = THE_YEAR) -> Fraction | None:
        """A figure, or None where it was not supplied; for each quarter, that of the year as a whole.

        The item itself may be named or left empty.
        """
        whole = THE_YEAR if period == EACH_QUARTER else period
        return self.figures.get(("" if subject == self.item else subject, FigureKey(measure, whole)))

    def quarters(self, measure: str, subject: str = "") -> dict[str, Fraction]:
        """The figures given by quarter, `Q1` to `Q4`; empty where none is."""
        by_quarter = {f"Q{q.number}": self.figure(measure, subject, q) for q in quarters(self.year)}
        return {quarter: value for quarter, value in by_quarter.items() if value is not None}


@dataclass(frozen=True)
class Calculation:
    """What a kind calculates: `earned` in its unit, exact, None where it cannot be known yet, with the reason.

    `lines` are the working, first to last, each multiplication with its result, so that a calculator agrees. `rate`
    is the share of what could be done that was (0 to 1, None for kinds without one), with its counts; `counted` and
    `reached` say it in a few words. `review` is a band to look at, which never changes the award. `met` says whether
    what later items may require is there; where it is None, that is so as soon as something is earned.
    `thresholds` are where what is earned changes on this year's achievement, where that rests on the figures too.
    """

    earned: Fraction | None
    lines: tuple[WorkingLine, ...] = ()
    reason: str = ""
    rate: Fraction | None = None
    numerator: int | None = None
    denominator: int | None = None
    counted: str = ""
    reached: str = ""
    review: str = ""
    met: bool | None = None
    thresholds: tuple[Threshold, ...] = ()


class CalculatedKind(Kind):
    """A kind that calculates from figures of its own, or from other items, rather than from one rate."""

    takes_rate: ClassVar[bool] = False
    by_figures: ClassVar[bool] = True
    met_by_all: ClassVar[bool] = False
    """Whether it is met only when all that it asks for is there; else as soon as something is earned."""
    certain: ClassVar[bool] = False
    """Whether what it pays is known before the year begins, so that it can be paid in the year."""

    @property
    def for_part_of_year(self) -> bool:
        """Whether what it pays shrinks with the part of the year for which a practice is paid."""
        return False

    @abstractmethod
    def reads(self) -> tuple[Reads, ...]:
        """The figures that it reads."""

    @abstractmethod
    def calculate(self, inputs: KindInputs) -> Calculation:
        """The award. A figure that is needed and was not supplied gives a reason that names it, and no award."""

    def uses_rate(self) -> bool:
        return False

    def earned(self, rate: Fraction, gate: Fraction | None = None) -> Fraction:
        raise ValueError(f"{self.name} is calculated from figures, not from a rate")


def supply(item: str, reads: Reads) -> str:
    """The reason for a figure that was not supplied: what to supply, for whom, of when."""
    about = "the practice or network as a whole (*)" if reads.subject == "*" else reads.subject or item
    when = " by quarter" if reads.period == EACH_QUARTER else ""
    if isinstance(reads.period, SchemeYear):
        when = f", period {reads.period}"
    words = f" ({reads.words})" if reads.words else ""
    return f"Supply {reads.measure} for {about}{when}{words}."
