"""Adds to the counts of made-up people, for ./demo, made-up figures for what no record can tell.

python scripts/demo_figures.py SCHEME NEEDED COUNTED OUT

NEEDED is the counts.csv that 'remit template SCHEME' wrote; COUNTED is a folder that 'remit evaluate' made of the
people of 'remit synth'. OUT is the evaluation's counts.csv with a row for each figure that is needed besides: last
year's points of items that rest on them, and counts of indicators without rules over records. They are in
proportion to the lists, and mean nothing.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from remit.core.dates import SchemeYear
from remit.scheme import Scheme, load_scheme

Row = dict[str, str]
PER_THOUSAND = {"CS": 330, "CS005": 190, "CS006": 140, "CHOL": 60}
"""People of a thousand on the list; of what is not named here, eight."""


def rows(scheme: Scheme, needed: list[Row], counts: list[Row], practices: list[Row]) -> Iterator[Row]:
    """A row for each figure that the counts lack, of each practice."""
    registers = {
        (row["practice_code"], row["indicator_code"]): int(row["value"])
        for row in counts
        if row["measure"] == "REGISTER"
    }
    there = {(row["practice_code"], row["indicator_code"], row["measure"]) for row in counts}
    points = {item.item: getattr(item.kind, "points", None) for item in scheme.items}
    each = {(row["indicator_code"], row["measure"], row["period"]): None for row in needed}
    each |= {(group.group, "REGISTER", ""): None for group in scheme.groups}  # those that a sum over the run needs, too
    day = next(row["period"] for row in counts if row["measure"] == "DENOMINATOR")  # the day of the evaluation, if any
    each["*", "HISTORIC_POINTS", str(SchemeYear(scheme.year.begins - 1))] = None
    for n, practice in enumerate(practices):
        code, size = practice["practice_code"], int(practice["list_size"])
        for m, (subject, measure, period) in enumerate(each):
            if (code, subject, measure) in there:
                continue
            people = max(5, size * PER_THOUSAND.get(subject, 8) // 1000)
            people = min(people, registers.get((code, subject.rstrip("0123456789")), people))
            if measure == "HISTORIC_POINTS":
                most = points.get(subject)
                value = f"{540 - 15 * n}" if most is None else str(most.value - (n if most.value > 20 else 0))
            else:
                value = str(people * (70 + 3 * ((n + m) % 9)) // 100 if measure == "NUMERATOR" else people)
            yield {
                "practice_code": code,
                "indicator_code": subject,
                "measure": measure,
                "period": period or day,
                "value": value,
            }


def read(path: Path) -> list[Row]:
    """The rows of a CSV file."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def main() -> None:
    """Write OUT."""
    scheme, needed, counted, out = sys.argv[1], *map(Path, sys.argv[2:])
    counts, practices = read(counted / "counts.csv"), read(counted / "practices.csv")
    made = list(rows(load_scheme(scheme), read(needed), counts, practices))
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(counts[0]), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*counts, *made])
    print(f"{len(made):,} made-up figures were added to {len(counts):,} that were counted: {out}")


if __name__ == "__main__":
    main()
