"""The inputs and results of an evaluation, as data that every engine reads and writes.

The reference interpreter and the DuckDB engine share this, the rule model and the record model, and nothing else: what
a date, a comparison, a field or a rule means is written twice, so that the tests which hold the two equal can fail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from remit.core.dates import SchemeYear
from remit.records.measures import Measures, shipped_measures
from remit.rules import model as r

Systems = Mapping[tuple[str, str], frozenset[str]]
"""By cluster and code, the systems that the code is of."""


@dataclass(frozen=True)
class Dates:
    """The dates of a run. Each engine gives them the names that rules have for them (`PPSD`, `PPED`, `QSSD` …)."""

    achievement: date
    start: date
    end: date

    @classmethod
    def of_year(cls, year: SchemeYear, achievement: date | None = None) -> Dates:
        """A scheme's year as the payment period; what is known is known on `achievement`, by default the year's end."""
        return cls(achievement or year.end, year.start, year.end)

    @property
    def year(self) -> SchemeYear:
        """The year that the payment period begins in."""
        return SchemeYear(self.start.year if self.start.month >= 4 else self.start.year - 1)


@dataclass(frozen=True)
class Meaning:
    """What definitions are read with: the dates of the run, the codes of each cluster, the registers by code, and how
    units are written and which values can be."""

    dates: Dates
    codes: Mapping[str, frozenset[str]]
    registers: Mapping[str, r.Definition]
    systems: Systems = field(default_factory=dict)
    """Of the codes of a cluster that are of one code system or some, which; the others are of any."""
    measures: Measures = field(default_factory=shipped_measures)


@dataclass(frozen=True)
class Outcome:
    """What became of one member of a population: the deciding rule, its branch, and what that counts as.

    `day` is the day of a PCA: the latest date that the deciding rule names, of a field or of the registration.
    """

    code: str
    rule: int
    branch: bool
    counts: r.Counts
    day: date | None = None


IMPOSSIBLE = "nobody can have it"
UNIT_NOT_READ = "no rule reads this unit"
"""Why a value is left out."""

LeftOut = tuple[str, str, str]
"""A value that is left out: the clusters that it would be read from, its unit as it is written, and why."""


@dataclass
class Tally:
    """One practice counted: how many were decided by which branch of which rule, who meets which named part, the sizes
    of the lists; how many values were left out, by the clusters that they are read from, the unit as it is written, and
    why. `patients` are those of the extract, `registered` those on the list on the achievement date, and
    `concerned` those with any outcome."""

    practice: str
    decided: Counter[tuple[str, int, bool]] = field(default_factory=Counter)
    parts: Counter[tuple[str, str]] = field(default_factory=Counter)
    lists: Counter[str] = field(default_factory=Counter)
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    patients: int = 0
    registered: int = 0
    concerned: int = 0
