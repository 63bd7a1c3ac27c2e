"""What is read of a published or exported file: its figures, and which year they look to be of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from remit.core.problems import Problem
from remit.reconciliation.layouts import COUNTS
from remit.scheme import load_scheme, scheme_ids
from remit.scheme.model import Scheme
from remit.scoring.subjects import Subjects


@dataclass(frozen=True, slots=True)
class OtherFigure:
    """One figure of the other side. `value` is None where the cell is empty or holds a mark of suppression."""

    value: Fraction | int | None
    row: int
    day: date | None = None
    mark: str = ""


@dataclass
class OtherFile:
    """The other side's figures: by practice, then (subject, quantity). `pooled` are the practices behind each unit."""

    name: str
    layout: str
    figures: dict[str, dict[tuple[str, str], OtherFigure]] = field(default_factory=dict)
    pooled: dict[tuple[str, str], int] = field(default_factory=dict)
    years: set[str] = field(default_factory=set)
    notes: list[Problem] = field(default_factory=list)

    @property
    def rounded_to_five(self) -> bool:
        """Whether every count of the file is a multiple of 5, as where small numbers are protected by rounding."""
        counts = [
            f.value for figures in self.figures.values() for (_, q), f in figures.items() if q in COUNTS and f.value
        ]
        return len(counts) >= 10 and all(value % 5 == 0 for value in counts)


def nearer(one: date | None, two: date | None, day: date) -> bool:
    """Whether a position is to be preferred: the latest up to the day, else the earliest after it."""
    if one is None or two is None:
        return two is None
    if (one <= day) != (two <= day):
        return one <= day
    return one > two if one <= day else one < two


def another_year(codes: set[str], unknown: int, schemes: Mapping[str, Scheme]) -> str:
    """What says that a file without a year is of another: a scheme of the library that knows more of its indicators.

    Where none does, more than a tenth of them unknown says so too, but not of which year.
    """
    ours, year = next(iter(schemes)), next(iter(schemes.values())).year
    best, most = None, len(codes) - unknown
    for name in scheme_ids():
        scheme = load_scheme(name)
        subjects = Subjects(scheme)
        known = sum(subjects.find(code) is not None for code in codes)
        if scheme.year != year and known > most:
            best, most = scheme, known
    if best:
        theirs = (
            f"{most} of its {len(codes)} indicators are those of {best.scheme}, {len(codes) - unknown} those of {ours}"
        )
        return f"states no year, and {theirs}: it looks like a file of {best.year}."
    if unknown >= 5 and unknown * 10 > len(codes):
        return (
            f"states no year, and {unknown} of its {len(codes)} indicators are not in {ours}: "
            "it looks like a file of another year."
        )
    return ""


def some(names: Iterable[str], most: int) -> str:
    """The first of some names, and whether there are more."""
    every = list(names)
    return ", ".join(every[:most]) + (" …" if len(every) > most else "")
