"""The points that the pooled rate of each CCG gives, beside those that its practices were published to have earned.

Each CCG is run as if it were one practice. Its points are then those of the pooled rate, and the published ones are the
mean over its practices; `remit.reconcile` compares them and names a class for each difference.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import remit
from remit.core.rounding import Rounding
from remit.files.tables import write_table
from remit.reconciliation.reconcile import ReconciledRow, Reconciliation

_FINE = Rounding(6)  # sums of thousands of exact quotients have denominators of thousands of digits
YEARS = ("2018-19", "2019-20")


def achievement_file(data: Path, year: str) -> Path:
    """Points and counts of each CCG and indicator."""
    return data / f"qof_published/qof_ccg_achievement_{year}.csv"


def prevalence_file(data: Path, year: str) -> Path:
    """Registers and lists of each CCG and group."""
    return data / f"qof_published/qof_ccg_prevalence_{year}.csv"


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a table with a header."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


@dataclass(frozen=True)
class Pooled:
    """One year's CCGs: the published rows by (CCG, indicator), and the reconciliation with the run of their counts."""

    year: str
    published: dict[tuple[str, str], dict[str, str]]
    found: Reconciliation

    @cached_property
    def practices(self) -> dict[str, int]:
        return {ccg: int(row["n_practices"]) for (ccg, _), row in self.published.items()}

    @cached_property
    def points(self) -> list[ReconciledRow]:
        return [row for row in self.found.rows if row.quantity == "points"]

    @cached_property
    def both(self) -> list[ReconciledRow]:
        """The rows of points that both sides have."""
        return [row for row in self.points if row.ours is not None and row.theirs is not None]

    @property
    def mean(self) -> Fraction:
        """The published points of the average practice, of all indicators."""
        total = sum(Fraction(row["achievement_score_total"]) for row in self.published.values())
        return total / sum(self.practices.values())

    def by_ccg(self) -> dict[str, tuple[Fraction, Fraction]]:
        """Of each CCG: (published, of the pooled rate), points per practice over the rows that both sides have."""
        sums = {ccg: (Fraction(0), Fraction(0)) for ccg in self.practices}
        for row in self.both:
            theirs, ours = sums[row.practice]
            sums[row.practice] = theirs + row.theirs, ours + _FINE.apply(row.ours)
        return sums

    def gaps(self, key: str) -> dict[str, Fraction]:
        """Ours less theirs in points of the average practice, by `cause` or `indicator`."""
        found: Counter[str] = Counter()
        for row in self.both:
            gap = _FINE.apply(row.ours - row.theirs)
            found[getattr(row, key)] += gap * self.practices[row.practice]
        return {name: gap / sum(self.practices.values()) for name, gap in found.items()}

    def classes(self) -> Counter[str]:
        """How many rows of points are in each class; '' are those within tolerance."""
        return Counter(row.cause for row in self.points)

    def impossible(self, code: str) -> int:
        """The CCGs whose practices all had full points of an indicator at a pooled rate below its upper threshold."""
        return sum(
            row.indicator == code and any("had full points" in c.text for c in row.causes) for row in self.points
        )

    def beyond_the_line(self, code: str) -> int:
        """The CCGs that no practices of one size explain, and that miss the line by over 2% of its points."""
        held = [row for row in self.both if row.indicator == code and row.cause in BEYOND_A_LINE]
        most = {row.indicator: Fraction(self.published[row.practice, code]["max_points"]) for row in held}
        return sum(abs(row.difference) > most[code] / 50 for row in held)


BEYOND_A_LINE = ("possible causes", "thresholds do not fit")


def pooled(data: Path, year: str, folder: Path, scheme: Path | None = None, only: str = "") -> Pooled:
    """Run a year's CCGs and reconcile; with another scheme, or one indicator only, where asked."""
    published = {(row["ccg_code"], row["indicator_code"]): row for row in rows(achievement_file(data, year))}
    registers = list(rows(prevalence_file(data, year)))
    used = remit.load_scheme(scheme or f"qof-england-{year}")
    declared = {item.item for item in used.items if item.measure == "declared"}
    lists = {row["ccg_code"]: row["list_size"] for row in registers if row["group_code"] == "AF"}
    folder.mkdir(parents=True, exist_ok=True)
    names = dict.fromkeys(ccg for ccg, _ in published)
    files = folder / f"practices-{year}.csv", folder / f"counts-{year}.csv"
    write_table(files[0], ("practice_code", "practice_name", "list_size"), ([ccg, "", lists[ccg]] for ccg in names))
    counts = [[r["ccg_code"], r["group_code"], "REGISTER", r["register"]] for r in registers if r["register"]]
    for (ccg, code), row in published.items():
        if row["numerator"]:
            measures = (("NUM", "numerator"), ("DEN", "denominator"), ("PCAS", "exceptions_or_pcas"))
            counts += [[ccg, code, measure, row[column]] for measure, column in measures]
        elif code in declared:
            counts.append([ccg, code, "DECLARED", "1"])
    write_table(files[1], ("practice_code", "indicator_code", "measure", "value"), counts)
    run = remit.run(used, *files, ignore_unknown=True)
    found = remit.reconcile(run, achievement_file(data, year), indicators=[only] if only else ())
    return Pooled(year, published, found)
