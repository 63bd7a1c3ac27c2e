"""An evaluation's breakdown as others may see it: cells added up over practices, and small numbers hidden by a policy.

Whatever is asked for, small numbers are hidden as though every breakdown of the indicator were shown, so that two
outputs of one evaluation by one policy tell no more together than each alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from remit.core.problems import Place, did_you_mean, refuse
from remit.disclosure.families import CountedPeople, Family, families
from remit.disclosure.rare_values import OTHERS, without_rare_values
from remit.disclosure.suppression import MEASURES, Group, Hidden, Line, Measure, Policy, Shown, shown
from remit.disclosure.together import suppress_family
from remit.evaluation.cells import ALL, NO_DATE, NO_FRAILTY, NO_REASON, NOT_KNOWN, NOT_RECORDED, band_names
from remit.evaluation.folder import BREAKDOWN
from remit.evaluation.layout import CELLS
from remit.evaluation.manifest import EvaluationManifest
from remit.files.manifest import check_whole, read_manifest
from remit.files.tables import CsvRows
from remit.organisation.practices import Practice, check_practices
from remit.records.store import read_parquet, reading

BY = {
    "age": "age", "sex": "sex", "ethnicity": "ethnicity", "deprivation": "deprivation", "frailty": "frailty",
    "place": "place", "network": "network", "practice": "practice", "pca-reason": "pca_reason",
    "pca-month": "pca_month",
}  # fmt: skip
"""Every way to break down, with its dimension."""

LEVELS = ("practice", "network", "place")
NO_GROUP = "none given"
_OUTCOMES: frozenset[Measure] = frozenset(MEASURES)
_REGISTER: frozenset[Measure] = frozenset({"denominator"})
_PCAS: frozenset[Measure] = frozenset({"pcas"})


@dataclass(frozen=True)
class Evaluation:
    """What a breakdown is made from: the cells, the practices and what the manifest says."""

    cells: pa.Table
    practices: Mapping[str, Practice]
    manifest: EvaluationManifest

    @cached_property
    def tallies(self) -> dict[str, list[tuple[str, str, str, int]]]:
        """By indicator: dimension, value, category and patients over all practices; `practice` is a dimension too."""
        found: dict[str, list[tuple[str, str, str, int]]] = {}
        each = self.cells.filter(pc.equal(self.cells["dimension"], ALL))
        for dimension, value, table in (("", "value", self.cells), ("practice", "practice_code", each)):
            keys = ["indicator_code", "dimension", value, "category"]
            sums = table.group_by(keys).aggregate([("patients", "sum")]).select([*keys, "patients_sum"])
            for indicator, of, text, category, patients in zip(*(c.to_pylist() for c in sums.columns), strict=True):
                found.setdefault(indicator, []).append((dimension or of, text, category, patients))
        return found

    @cached_property
    def families(self) -> list[Family]:
        """The indicators by the population that they start from."""
        counted = {}
        for code, tallies in self.tallies.items():
            counts: Counter[tuple[str, str]] = Counter()
            population: Counter[tuple[str, str]] = Counter()
            for dimension, value, category, patients in tallies:
                if not dimension.startswith("pca_"):
                    population[dimension, value] += patients
                    counts[dimension, value] += patients if category != "exclusion" else 0
            counted[code] = CountedPeople(+counts, +population, self.told(code) == _REGISTER)
        populations = {code: given.population for code, given in self.manifest.definitions.items()}
        return families(counted, populations)

    @property
    def indicators(self) -> list[str]:
        """The indicators that anybody has an outcome under."""
        return sorted(self.tallies)

    def told(self, indicator: str) -> frozenset[Measure]:
        """What is told of an indicator: of a register, which has no rate, how many are on it."""
        given = self.manifest.definitions.get(indicator)
        return _REGISTER if given and given.counts == "register" else _OUTCOMES


@dataclass(frozen=True)
class Cell:
    """A row of a breakdown: a value of what it is by, and its figures; `excluded` is told to a practice alone."""

    value: str
    name: str
    figures: Shown
    excluded: int | None = None


@dataclass(frozen=True)
class Breakdown:
    """An indicator broken down one way, and its whole."""

    indicator: str
    told: frozenset[Measure]
    by: str
    cells: tuple[Cell, ...]
    whole: Cell

    @property
    def any_hidden(self) -> bool:
        return any(cell.figures.hidden & self.told for cell in (*self.cells, self.whole))


def open_evaluation(folder: Path) -> Evaluation:
    """The folder that `remit evaluate` made. Raises Refused for what is none, is older, or was changed."""
    manifest = read_manifest(folder, EvaluationManifest)
    if BREAKDOWN not in manifest.files:
        raise refuse(
            "disclosure.no-breakdown",
            f"has no {BREAKDOWN}.",
            Place(str(folder)),
            "It is of an older version: evaluate again.",
        )
    check_whole(folder, manifest)
    with reading(folder / BREAKDOWN):
        cells = read_parquet(folder / BREAKDOWN, CELLS)
    return Evaluation(cells, check_practices(CsvRows(folder / "practices.csv")), manifest)


def wanted(made: Evaluation, indicator: str | None) -> list[str]:
    """The indicators to break down. Raises Refused for one that the evaluation does not have."""
    if indicator is None:
        return made.indicators
    if indicator not in made.indicators:
        near = did_you_mean(indicator, made.indicators)
        raise refuse(
            "disclosure.nobody-under",
            f"the evaluation has nobody under '{indicator}'.",
            None,
            near,
            indicator=indicator,
        )
    return [indicator]


def broken_down(made: Evaluation, indicators: Sequence[str], by: str, policy: Policy) -> Iterator[Breakdown]:
    """Each indicator over all practices, by a policy; a text that too few people have is not named.

    Those of one population are protected together, whichever are asked for.
    """
    few = max(policy.hide_up_to, policy.minimum_denominator - 1)
    made = replace(made, cells=without_rare_values(made.cells, few, _ETHNICITY))
    for counted, hidden in _protected(made, indicators, policy):
        indicator = counted.indicator
        line, level = ("practice", LEVELS.index(by)) if by in LEVELS else (BY[by], 0)
        groups = counted.of_level(level) if by in LEVELS else counted.groups[BY[by]]
        cells = [
            Cell(value, counted.name(by, value), shown(group, hidden.of(line, value, level), policy))
            for value, group in groups.items()
            if by in LEVELS or group.denominator or group.pcas  # who is excluded is told to nobody else
        ]
        told = made.told(indicator) & (_PCAS if by.startswith("pca") else _OUTCOMES)
        yield Breakdown(indicator, told, by, tuple(cells), Cell("", "All", shown(counted.whole, hidden.whole, policy)))


def _protected(made: Evaluation, indicators: Sequence[str], policy: Policy) -> Iterator[tuple[_Counted, Hidden]]:
    """Each indicator, with what is hidden of it."""
    found: dict[str, tuple[_Counted, Hidden]] = {}
    family_of = {code: family for family in made.families for code in family.members}
    for indicator in indicators:
        if indicator not in found:
            family = family_of[indicator]
            counted = {code: _Counted(made, code) for code in family.members}
            whole = {code: of.whole for code, of in counted.items()}
            hidden = suppress_family(family, whole, {code: of.lines() for code, of in counted.items()}, policy)
            found |= {code: (counted[code], hidden[code]) for code in family.members}
        yield found[indicator]


def of_practice(
    made: Evaluation, indicators: Sequence[str], by: str, practice: str, policy: Policy
) -> Iterator[Breakdown]:
    """Each indicator of one practice, exact: for the practice. Raises Refused for one that was not evaluated."""
    if practice not in made.practices:
        raise refuse(
            "disclosure.practice-unknown",
            f"practice {practice} was not evaluated.",
            None,
            did_you_mean(practice, made.practices),
            practice=practice,
        )
    if by in LEVELS:
        raise refuse(
            "disclosure.over-practices",
            f"a breakdown by {by} is over practices.",
            None,
            "For one practice, break down by who its patients are.",
            by=by,
        )
    own = made.cells.filter(pc.equal(made.cells["practice_code"], practice))
    only = Evaluation(own, {practice: made.practices[practice]}, made.manifest)
    for indicator in indicators:
        counted = _Counted(only, indicator)
        cells = [
            Cell(value, counted.name(by, value), shown(group, frozenset(), policy), counted.excluded[BY[by], value])
            for value, group in counted.groups.get(BY[by], {}).items()
        ]
        told = made.told(indicator) & (_PCAS if by.startswith("pca") else _OUTCOMES)
        whole = Cell("", "All", shown(counted.whole, frozenset(), policy), counted.excluded.get((ALL, ALL), 0))
        yield Breakdown(indicator, told, by, tuple(cells), whole)


@dataclass
class _Counted:
    """An indicator's groups: by dimension and value over all practices, and by practice."""

    made: Evaluation
    indicator: str
    groups: dict[str, dict[str, Group]] = field(default_factory=dict)
    practices: dict[str, Group] = field(default_factory=dict)
    excluded: dict[tuple[str, str], int] = field(default_factory=dict)
    whole: Group = field(default_factory=Group)

    def __post_init__(self) -> None:
        told = self.made.told(self.indicator)
        counts: dict[tuple[str, str], dict[str, int]] = {}
        for dimension, value, category, patients in self.made.tallies.get(self.indicator, ()):
            counts.setdefault((dimension, value), {})[category] = patients
        for (dimension, value), of in counts.items():
            only = _PCAS if dimension.startswith("pca_") else told
            numbers = (of.get("achieved", 0), of.get("not_achieved", 0), of.get("pca", 0))
            self.groups.setdefault(dimension, {})[value] = Group(*numbers, told=only)
            self.excluded[dimension, value] = of.get("exclusion", 0)
        for dimension in {*BY.values()} - {*LEVELS}:
            held = self.groups.get(dimension, {})
            self.groups[dimension] = {
                value: held[value] for value in sorted(held, key=lambda value: _order(dimension, value))
            }
        found = self.groups.pop("practice", {})
        self.practices = {code: found.get(code, Group(told=told)) for code in self.made.practices}
        self.whole = self.groups.get(ALL, {}).get(ALL, Group(told=told))

    def above(self) -> tuple[dict[str, str], ...]:
        """Each practice's network and place."""
        practices = self.made.practices.items()
        return (
            {code: practice.network or NO_GROUP for code, practice in practices},
            {code: practice.place or NO_GROUP for code, practice in practices},
        )

    def lines(self) -> dict[str, Line]:
        """Every way in which the indicator is parted, whichever is asked for."""
        dimensions = [dimension for dimension in BY.values() if dimension not in LEVELS]
        lines = {dimension: Line(self.groups[dimension]) for dimension in dimensions if self.groups[dimension]}
        return {**lines, "practice": Line(self.practices, self.above(), insiders=len(self.practices) > 2)}

    def of_level(self, level: int) -> dict[str, Group]:
        """The practices, or what they add up to under networks or places."""
        if not level:
            return self.practices
        found: dict[str, Group] = {}
        for code, group in self.practices.items():
            above = self.above()[level - 1][code]
            found[above] = found[above] + group if above in found else group
        return dict(sorted(found.items(), key=lambda one: (one[0] == NO_GROUP, one[0])))

    def name(self, by: str, value: str) -> str:
        """A value as a reader sees it."""
        if by == "practice":
            name = self.made.practices[value].name
            return f"{value} {name}".strip()
        if by == "sex":
            return {"F": "Female", "M": "Male", "I": "Indeterminate", "U": "Not known"}[value]
        if by == "ethnicity" and value in _ETHNICITY:
            return f"{value} {_ETHNICITY[value]}"
        if by == "deprivation" and value in ("1", "10"):
            return f"{value} ({'most' if value == '1' else 'least'} deprived)"
        return value


_ETHNICITY = {
    "A": "White British", "B": "White Irish", "C": "Other White", "D": "White and Black Caribbean",
    "E": "White and Black African", "F": "White and Asian", "G": "Other mixed", "H": "Indian", "J": "Pakistani",
    "K": "Bangladeshi", "L": "Other Asian", "M": "Black Caribbean", "N": "Black African", "P": "Other Black",
    "R": "Chinese", "S": "Any other group", "Z": "not stated",
}  # fmt: skip
"""The ethnic categories of the NHS Data Dictionary, in short: from memory, and no count rests on them."""

_STATED = {
    "age": band_names(),
    "sex": ("F", "M", "I", "U"),
    "deprivation": tuple(str(n) for n in range(1, 11)),
    "frailty": (NO_FRAILTY, "fit", "mild", "moderate", "severe"),
}
_LAST = {OTHERS, NOT_RECORDED, NOT_KNOWN, NO_REASON, NO_DATE}


def _order(dimension: str, value: str) -> tuple[bool, int, str]:
    """Where a value stands: ages from the youngest, deciles from the most deprived, what is not known last."""
    stated = _STATED.get(dimension, ())
    return value in _LAST, stated.index(value) if value in stated else 0, value
