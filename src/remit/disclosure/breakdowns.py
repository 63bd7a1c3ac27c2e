"""An evaluation's breakdown as others may see it: cells added up over practices, and small numbers hidden by a policy.

Whatever is asked for, small numbers are hidden as though every breakdown of the indicator were shown, so that two
outputs of one evaluation by one policy tell no more together than each alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from remit.core.exact import whole
from remit.core.problems import Place, did_you_mean, refuse
from remit.disclosure.breakdown_cells import BreakdownCell, fifths, hidden_together, part_cells
from remit.disclosure.families import CountedPeople, Family, families
from remit.disclosure.family_suppression import suppress_family
from remit.disclosure.labels import ANOTHER, CATEGORY_ORDER, ETHNICITY, PCA_CATEGORIES, label, order
from remit.disclosure.rare_values import without_rare_values
from remit.disclosure.suppression import MEASURES, Group, Hidden, Line, Measure, Policy, shown
from remit.evaluation.cells import ALL
from remit.evaluation.counts import PARTS
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
_PCA = re.compile(r"PCA \((?P<kind>[^)]*)\) (?P<reason>.*)")


@dataclass(frozen=True)
class EvaluatedCounts:
    """What a breakdown is made from: the cells, the practices and what the manifest says.

    `kinds` has the kind of PCA of each indicator's reasons; `parts` who meets each named part of an indicator, and of
    how many, by practice.
    """

    cells: pa.Table
    practices: Mapping[str, Practice]
    manifest: EvaluationManifest
    kinds: Mapping[tuple[str, str], str] = field(default_factory=dict)
    parts: Mapping[tuple[str, str], Mapping[str, tuple[int, int]]] = field(default_factory=dict)

    @cached_property
    def tallies(self) -> dict[str, list[tuple[str, str, str, int]]]:
        """By indicator: dimension, value, category and patients over all practices; `practice` is a dimension too."""
        tallies: dict[str, list[tuple[str, str, str, int]]] = {}
        each = self.cells.filter(pc.equal(self.cells["dimension"], ALL))
        for dimension, value, table in (("", "value", self.cells), ("practice", "practice_code", each)):
            keys = ["indicator_code", "dimension", value, "category"]
            sums = table.group_by(keys).aggregate([("patients", "sum")]).select([*keys, "patients_sum"])
            for indicator, of_dimension, text, category, patients in zip(
                *(c.to_pylist() for c in sums.columns), strict=True
            ):
                tallies.setdefault(indicator, []).append((dimension or of_dimension, text, category, patients))
        return tallies

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
            counted[code] = CountedPeople(+counts, +population, self.measures(code) == _REGISTER)
        populations = {code: definition.population for code, definition in self.manifest.definitions.items()}
        return families(counted, populations)

    def category(self, indicator: str, reason: str) -> str:
        """The category of a reason of an indicator's PCAs."""
        return PCA_CATEGORIES.get(self.kinds.get((indicator, reason), ""), ANOTHER)

    @property
    def indicators(self) -> list[str]:
        """The indicators that anybody has an outcome under."""
        return sorted(self.tallies)

    def measures(self, indicator: str) -> frozenset[Measure]:
        """What an indicator has: a register, which has no rate, only how many are on it."""
        definition = self.manifest.definitions.get(indicator)
        return _REGISTER if definition and definition.counts == "register" else _OUTCOMES


@dataclass(frozen=True)
class Breakdown:
    """An indicator broken down one way, and its whole.

    `above` has sums that belong to the breakdown: fifths of deprivation, categories of PCAs. `together` is the sum of
    the cells that are not shown, where what is shown tells it anyway. `parts` are the indicator's named parts, of all.
    """

    indicator: str
    measures: frozenset[Measure]
    by: str
    cells: tuple[BreakdownCell, ...]
    whole: BreakdownCell
    above: tuple[BreakdownCell, ...] = ()
    together: BreakdownCell | None = None
    parts: tuple[BreakdownCell, ...] = ()

    @property
    def any_hidden(self) -> bool:
        """Whether a number of it is not shown."""
        return any(cell.figures.hidden & self.measures for cell in (*self.cells, *self.above, *self.parts, self.whole))


def open_evaluation(folder: Path) -> EvaluatedCounts:
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
    practices = check_practices(CsvRows(folder / "practices.csv"))
    return EvaluatedCounts(cells, practices, manifest, _kinds(folder / "attrition.csv"), _parts(folder / "parts.csv"))


def _kinds(path: Path) -> dict[tuple[str, str], str]:
    """The kind of PCA of each indicator's reasons: every practice has the same."""
    kinds, first = {}, ""
    for _, (practice, indicator, counts_as) in (
        CsvRows(path).select(("practice_code", "indicator_code", "counts_as")).rows()
    ):
        first = first or practice
        if practice != first:
            break
        if match := _PCA.fullmatch(counts_as):
            kinds[indicator, match["reason"]] = match["kind"]
    return kinds


def _parts(path: Path) -> dict[tuple[str, str], dict[str, tuple[int, int]]]:
    """Of each indicator's parts, by practice, who meets it and of how many."""
    parts: dict[tuple[str, str], dict[str, tuple[int, int]]] = {}
    for _, (practice, indicator, part, met, people) in CsvRows(path).select(PARTS).rows():
        parts.setdefault((indicator, part), {})[practice] = (whole(met), whole(people))
    return parts


def chosen(evaluation: EvaluatedCounts, indicator: str | None) -> list[str]:
    """The indicators to break down. Raises Refused for one that the evaluation does not have."""
    if indicator is None:
        return evaluation.indicators
    if indicator not in evaluation.indicators:
        near = did_you_mean(indicator, evaluation.indicators)
        raise refuse(
            "disclosure.nobody-under",
            f"the evaluation has no patients under '{indicator}'.",
            None,
            near,
            indicator=indicator,
        )
    return [indicator]


def broken_down(evaluation: EvaluatedCounts, indicators: Sequence[str], by: str, policy: Policy) -> Iterator[Breakdown]:
    """Each indicator over all practices, by a policy; a text that too few people have is not named.

    Those of one population are protected together, whichever are asked for.
    """
    few = max(policy.hide_up_to, policy.minimum_denominator - 1)
    evaluation = replace(evaluation, cells=without_rare_values(evaluation.cells, few, ETHNICITY))
    for counted, hidden in _protected(evaluation, indicators, policy):
        yield _shown(counted, by, policy, hidden)


def _shown(counted: _Counted, by: str, policy: Policy, hidden: Hidden) -> Breakdown:
    """An indicator as others may see it."""
    line, level = ("practice", LEVELS.index(by)) if by in LEVELS else (BY[by], 0)
    groups = counted.of_level(level) if by in LEVELS else counted.groups[BY[by]]
    groups = {
        value: group
        for value, group in groups.items()
        if by in LEVELS or group.denominator or group.pcas  # exclusions are shown to the practice alone
    }
    measures = counted.evaluation.measures(counted.indicator) & (_PCAS if by.startswith("pca") else _OUTCOMES)
    hidden_of = {value: hidden.measures_of(line, value, level) for value in groups}
    cells = [
        BreakdownCell(value, counted.name(by, value), shown(group, hidden_of[value], policy))
        for value, group in groups.items()
    ]
    above: tuple[BreakdownCell, ...] = ()
    if by == "deprivation":
        above = fifths(groups, hidden_of, policy)
    elif by == "pca-reason":
        categories = counted.categories()
        sums = counted.sums(categories, {reason: groups[reason] for reason in categories})
        above = tuple(
            BreakdownCell(name, name, shown(sums[name], hidden.measures_of(line, name, 1), policy)) for name in sums
        )
    return Breakdown(
        counted.indicator,
        measures,
        by,
        tuple(cells),
        BreakdownCell("", "All", shown(counted.whole, hidden.whole, policy)),
        above,
        hidden_together(groups, hidden_of, {cell.value: cell.name for cell in cells}, hidden.whole, measures, policy),
        () if by.startswith("pca") else part_cells(counted.parts(), counted.whole, hidden.whole, policy),
    )


def _protected(
    evaluation: EvaluatedCounts, indicators: Sequence[str], policy: Policy
) -> Iterator[tuple[_Counted, Hidden]]:
    """Each indicator, with what is hidden of it."""
    done: dict[str, tuple[_Counted, Hidden]] = {}
    family_of = {code: family for family in evaluation.families for code in family.members}
    for indicator in indicators:
        if indicator not in done:
            family = family_of[indicator]
            counted = {code: _Counted(evaluation, code) for code in family.members}
            whole = {code: lines_.whole for code, lines_ in counted.items()}
            hidden = suppress_family(family, whole, {code: lines_.lines() for code, lines_ in counted.items()}, policy)
            done |= {code: (counted[code], hidden[code]) for code in family.members}
        yield done[indicator]


def of_practice(
    evaluation: EvaluatedCounts, indicators: Sequence[str], by: str, practice: str, policy: Policy
) -> Iterator[Breakdown]:
    """Each indicator of one practice, exact: for the practice. Raises Refused for one that was not evaluated."""
    if practice not in evaluation.practices:
        raise refuse(
            "disclosure.practice-unknown",
            f"practice {practice} was not evaluated.",
            None,
            did_you_mean(practice, evaluation.practices),
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
    own = evaluation.cells.filter(pc.equal(evaluation.cells["practice_code"], practice))
    only = replace(evaluation, cells=own, practices={practice: evaluation.practices[practice]})
    for indicator in indicators:
        counted = _Counted(only, indicator)
        exact = _shown(counted, by, policy, Hidden(frozenset(), {line: {} for line in (*BY.values(),)}))
        cells = [
            BreakdownCell(
                value, counted.name(by, value), shown(group, frozenset(), policy), counted.excluded[BY[by], value]
            )
            for value, group in counted.groups.get(BY[by], {}).items()
        ]
        whole = replace(exact.whole, excluded=counted.excluded.get((ALL, ALL), 0))
        yield replace(exact, cells=tuple(cells), whole=whole)


@dataclass
class _Counted:
    """An indicator's groups: by dimension and value over all practices, and by practice."""

    evaluation: EvaluatedCounts
    indicator: str
    groups: dict[str, dict[str, Group]] = field(default_factory=dict)
    practices: dict[str, Group] = field(default_factory=dict)
    excluded: dict[tuple[str, str], int] = field(default_factory=dict)
    whole: Group = field(default_factory=Group)

    def __post_init__(self) -> None:
        measures = self.evaluation.measures(self.indicator)
        counts: dict[tuple[str, str], dict[str, int]] = {}
        for dimension, value, category, patients in self.evaluation.tallies.get(self.indicator, ()):
            counts.setdefault((dimension, value), {})[category] = patients
        for (dimension, value), numbers_of in counts.items():
            only = _PCAS if dimension.startswith("pca_") else measures
            numbers = (numbers_of.get("achieved", 0), numbers_of.get("not_achieved", 0), numbers_of.get("pca", 0))
            self.groups.setdefault(dimension, {})[value] = Group(*numbers, measures=only)
            self.excluded[dimension, value] = numbers_of.get("exclusion", 0)
        for dimension in {*BY.values()} - {*LEVELS}:
            groups = self.groups.get(dimension, {})
            self.groups[dimension] = {
                value: groups[value] for value in sorted(groups, key=lambda value: order(dimension, value))
            }
        by_practice = self.groups.pop("practice", {})
        self.practices = {code: by_practice.get(code, Group(measures=measures)) for code in self.evaluation.practices}
        self.whole = self.groups.get(ALL, {}).get(ALL, Group(measures=measures))

    def above(self) -> tuple[dict[str, str], ...]:
        """Each practice's network and place."""
        practices = self.evaluation.practices.items()
        return (
            {code: practice.network or NO_GROUP for code, practice in practices},
            {code: practice.place or NO_GROUP for code, practice in practices},
        )

    def categories(self) -> dict[str, str]:
        """Each reason's category of PCA."""
        by_reason = {reason: self.evaluation.category(self.indicator, reason) for reason in self.groups["pca_reason"]}
        return dict(sorted(by_reason.items(), key=lambda one: CATEGORY_ORDER.index(one[1])))

    def lines(self) -> dict[str, Line]:
        """Every way in which the indicator is divided, whichever is asked for."""
        dimensions = [dimension for dimension in BY.values() if dimension not in LEVELS]
        lines = {dimension: Line(self.groups[dimension]) for dimension in dimensions if self.groups[dimension]}
        if "pca_reason" in lines:
            lines["pca_reason"] = replace(lines["pca_reason"], above=(self.categories(),))
        return {**lines, "practice": Line(self.practices, self.above(), insiders=len(self.practices) > 2)}

    def of_level(self, level: int) -> dict[str, Group]:
        """The practices, or what they add up to under networks or places."""
        if not level:
            return self.practices
        sums = self.sums(self.above()[level - 1], self.practices)
        return dict(sorted(sums.items(), key=lambda one: (one[0] == NO_GROUP, one[0])))

    def sums(self, above: Mapping[str, str], groups: Mapping[str, Group]) -> dict[str, Group]:
        """What groups add up to under what stands above them."""
        sums: dict[str, Group] = {}
        for name, group in groups.items():
            sums[above[name]] = sums[above[name]] + group if above[name] in sums else group
        return sums

    def parts(self) -> dict[str, tuple[int, int]]:
        """Of each named part, who meets it and of how many, over the practices."""
        return {
            part: (sum(own[code][0] for code in codes), sum(own[code][1] for code in codes))
            for (indicator, part), own in self.evaluation.parts.items()
            if indicator == self.indicator and (codes := [code for code in self.practices if code in own])
        }

    def name(self, by: str, value: str) -> str:
        """A value as a reader sees it: a practice by its name and its code."""
        if by == "practice":
            name = self.evaluation.practices[value].name
            return f"{name} ({value})" if name else value
        return label(BY[by], value)
