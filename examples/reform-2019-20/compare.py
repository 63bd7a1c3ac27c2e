"""The predicted points of each CCG beside those of the next year's file: CCGs that merged are put together."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from predict import Key, Prediction, Row, read


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a table with a header."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


@dataclass(frozen=True)
class Boundaries:
    """Which practices of 2018-19's CCGs are in which CCG of 2019-20.

    `parts` has, by the later CCG, how many practices came from each earlier one; `gone` are in no later list, `new` in
    no earlier one. `split` are earlier CCGs whose practices went to more than one.
    """

    earlier: dict[str, str]
    later: dict[str, str]
    parts: dict[str, Counter[str]]
    gone: int
    new: int
    split: dict[str, Counter[str]]


def boundaries(data: Path) -> Boundaries:
    """By the practices that both years list."""
    folder = data / "practice_reference"
    earlier = {row["practiceCode"]: row["CCGcode"] for row in rows(folder / "practice_geography_2018-19.csv")}
    table = rows(folder / "mapping_nhs_geographies_2019_2020.csv")
    later = {row["PRACTICE_CODE"]: row["CCG_ODS_CODE"] for row in table}
    parts: dict[str, Counter[str]] = defaultdict(Counter)
    went: dict[str, Counter[str]] = defaultdict(Counter)
    for practice in sorted(earlier.keys() & later.keys()):
        parts[later[practice]][earlier[practice]] += 1
        went[earlier[practice]][later[practice]] += 1
    split = {ccg: to for ccg, to in went.items() if len(to) > 1}
    gone, new = len(earlier.keys() - later.keys()), len(later.keys() - earlier.keys())
    return Boundaries(earlier, later, dict(parts), gone, new, split)


def regrouped(values: Mapping[Key, float], parts: Mapping[str, Counter[str]]) -> dict[Key, float]:
    """Values per practice of the earlier CCGs, as means of the later: weighed by the practices that each brought."""
    codes = sorted({code for _, code in values})
    found = {}
    for ccg, of in parts.items():
        for code in codes:
            found[ccg, code] = sum(values[one, code] * n for one, n in of.items()) / of.total()
    return found


@dataclass(frozen=True)
class Errors:
    """How far predicted values lie from the later ones, in points per practice; `bias` is the mean of predicted less
    later. `share` is the mean absolute error as a share of the mean of what came."""

    mean_absolute: float
    root_mean_square: float
    bias: float
    share: float


def errors(pairs: Iterable[tuple[float, float]]) -> Errors:
    """Of (predicted, later), each pair weighing the same."""
    both = list(pairs)
    gaps = [ours - theirs for ours, theirs in both]
    absolute = sum(map(abs, gaps)) / len(gaps)
    square = sqrt(sum(gap * gap for gap in gaps) / len(gaps))
    return Errors(absolute, square, sum(gaps) / len(gaps), absolute / (sum(later for _, later in both) / len(both)))


@dataclass(frozen=True)
class Compared:
    """Points per practice of the retained indicators by (CCG of 2019-20, indicator): as they came, and as predicted
    by the name of the way."""

    retained: list[str]
    came: dict[Key, float]
    ways: dict[str, dict[Key, float]]
    later: dict[Key, Row]

    @property
    def ccgs(self) -> list[str]:
        return sorted({ccg for ccg, _ in self.came})

    def of_rows(self, way: str, code: str = "") -> Errors:
        """Over the CCGs of one indicator, or over all rows."""
        return errors((self.ways[way][key], value) for key, value in self.came.items() if code in ("", key[1]))

    def of_ccgs(self, way: str) -> Errors:
        """Over the CCGs, with the points of all retained indicators added up."""
        return errors(self.sums(way).values())

    def sums(self, way: str) -> dict[str, tuple[float, float]]:
        """By CCG: (predicted, came)."""
        return {
            ccg: (
                sum(self.ways[way][ccg, code] for code in self.retained),
                sum(self.came[ccg, code] for code in self.retained),
            )
            for ccg in self.ccgs
        }


def compare(prediction: Prediction, later_file: Path, where: Boundaries) -> Compared:
    """Set the predictions beside the next year's file: the first place where that file is opened."""
    later = read(later_file)
    codes = {code for _, code in prediction.rows} & {code for _, code in later}
    came = {key: float(row.share * row.most) for key, row in later.items() if key[1] in codes}
    ways = {
        "nothing changes": prediction.unchanged,
        "drawn in by practices": prediction.by_practices,
        "drawn in by patients": prediction.by_patients,
    }
    kept = {way: {key: v for key, v in values.items() if key[1] in codes} for way, values in ways.items()}
    order = [code for code in dict.fromkeys(code for _, code in prediction.rows) if code in codes]
    return Compared(order, came, {way: regrouped(values, where.parts) for way, values in kept.items()}, later)
