"""What a figure of a practice says and what it is for: its measure and its period, as one typed key.

`Figures` are the figures of one subject. A key is one and the same object wherever it is made, so that the million
look-ups of a run of England compare no text: `NUMERATOR` and its like are the keys of the year itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, Final, Literal

from remit.core.dates import SchemeYear


class Whole(Enum):
    """The scheme's own year; or, while counts are checked, what is declared for it where a part of it is scored."""

    THE_YEAR = ""
    FOR_ITS_PARTS = "the year"

    def __str__(self) -> str:
        return self.value


THE_YEAR: Final = Whole.THE_YEAR


@dataclass(frozen=True)
class Quarter:
    """A quarter of a scheme year, 1 (its first three months) to 4, written `2024-25-Q1`."""

    year: SchemeYear
    number: int

    def __str__(self) -> str:
        return f"{self.year}{' ' if ' ' in str(self.year) else '-'}Q{self.number}"

    @property
    def start(self) -> date:
        """Its first day."""
        return self.year.months()[self.number * 3 - 3].replace(day=1)

    @property
    def end(self) -> date:
        """Its last day."""
        return self.year.months()[self.number * 3 - 1]


FigurePeriod = Whole | Quarter | SchemeYear | date
"""What a figure is for: the scheme's year itself, a quarter, another year, or (of a veto) the day on which it was said;
`str` is what output files have."""
EACH_QUARTER: Final = "quarters"
PeriodRead = FigurePeriod | Literal["quarters"]
"""What a kind reads: of one period, or of the four quarters of the scheme's year."""


def quarters(year: SchemeYear) -> tuple[Quarter, ...]:
    """The four quarters of a year, its first three months first."""
    return tuple(Quarter(year, number) for number in (1, 2, 3, 4))


class FigureKey:
    """A measure and its period. `FigureKey("ACTIVITY", period)` is the same object each time, copied or sent on too.

    So it is compared and hashed as an object, without looking at what it holds.
    """

    __slots__ = ("measure", "period")
    measure: str
    period: FigurePeriod

    def __new__(cls, measure: str, period: FigurePeriod = THE_YEAR) -> FigureKey:
        key = _KEYS.get((measure, period))
        if key is None:
            key = object.__new__(cls)
            object.__setattr__(key, "measure", measure)
            object.__setattr__(key, "period", period)
            key = _KEYS.setdefault((measure, period), key)
        return key

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a FigureKey does not change: {name}")

    def __reduce__(self) -> tuple[Any, ...]:
        return FigureKey, (self.measure, self.period)

    def __lt__(self, other: FigureKey) -> bool:
        return (self.measure, str(self.period)) < (other.measure, str(other.period))

    def __repr__(self) -> str:
        return f"FigureKey({self})"

    def __str__(self) -> str:
        return self.measure if self.period is THE_YEAR else f"{self.measure} of {self.period}"


_KEYS: dict[tuple[str, FigurePeriod], FigureKey] = {}


def figure_keys(measure: str, period: PeriodRead, year: SchemeYear) -> tuple[FigureKey, ...]:
    """Where a measure may stand that is read for a period: for each quarter, the year as a whole counts too."""
    if period == EACH_QUARTER:
        return (*(FigureKey(measure, quarter) for quarter in quarters(year)), FigureKey(measure))
    return (FigureKey(measure, period),)


Figures = dict[FigureKey, int | Fraction]
"""The figures of one subject."""

REGISTER: Final = FigureKey("REGISTER")
LIST_SIZE: Final = FigureKey("LIST_SIZE")
DENOMINATOR: Final = FigureKey("DENOMINATOR")
NUMERATOR: Final = FigureKey("NUMERATOR")
PCAS: Final = FigureKey("PCAS")
DECLARED: Final = FigureKey("DECLARED")
HISTORIC_POINTS: Final = FigureKey("HISTORIC_POINTS")
HISTORIC_POUNDS: Final = FigureKey("HISTORIC_POUNDS")
AGREED: Final = FigureKey("AGREED")
AGREED_POUNDS: Final = FigureKey("AGREED_POUNDS")
