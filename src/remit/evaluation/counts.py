"""What follows from the outcomes of a practice by grouping: counts, attrition and the rates of named parts.

There is one outcome per patient and indicator, whichever engine found it; nothing here counts anything a second way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from remit.evaluation.model import Tally
from remit.evaluation.plan import Counted, Plan
from remit.rules import model as r
from remit.scoring.marks import MARKED, mark_of

ATTRITION = ("practice_code", "indicator_code", "rule", "branch", "action", "counts_as", "patients", "left")
PARTS = ("practice_code", "indicator_code", "part", "met", "of")
LEFT_OUT = ("practice_code", "clusters", "unit", "why", "values")
COUNTS = ("practice_code", "indicator_code", "measure", "value", "period", MARKED)


def branches(definition: r.Definition) -> dict[tuple[int, bool], r.Counts]:
    """What each side of each rule that decides counts as; membership of a register, without rules, is achieved."""
    if not definition.rules:
        return {(0, True): r.Counts("achieved")}
    by_branch = {}
    for rule in definition.rules:
        for branch, action, counts in ((True, rule.then, rule.counts), (False, rule.otherwise, rule.else_counts)):
            if action != "Next rule":
                by_branch[rule.number, branch] = counts or r.NOT_ACHIEVED
    return by_branch


def categories(tally: Tally, definition: r.Definition) -> Counter[str]:
    """How many of a definition's population are of each category."""
    counted: Counter[str] = Counter()
    for (rule, branch), counts in branches(definition).items():
        counted[counts.category] += tally.decided[definition.code, rule, branch]
    return counted


def count_rows(tally: Tally, plan: Plan, period: date | None, provisional: bool = False) -> Iterator[list[str]]:
    """The counts as `remit run` reads them; with `period`, as a position on that day.

    What is `provisional` is marked in the counts themselves, row by row, so that no other file of practices and no row
    that is left out can make it final.
    """
    when = period.isoformat() if period else ""
    rows = [[tally.practice, "*", "PROVISIONAL", "1", when]] if provisional else []
    for one in plan.counted:
        for measure, value in _measures(one, categories(tally, one.definition), tally.lists):
            rows.append([tally.practice, one.subject, measure, str(value), when])
    for row in rows:
        yield [*row, mark_of(row) if provisional else ""]


def _measures(one: Counted, counted: Mapping[str, int], lists: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """DENOMINATOR is achieved + not achieved; a register counts all who are selected."""
    achieved, missed, pcas = (counted.get(category, 0) for category in ("achieved", "not_achieved", "pca"))
    values = {
        "NUMERATOR": achieved,
        "DENOMINATOR": achieved + missed,
        "PCAS": pcas,
        "REGISTER": achieved + missed,
    }
    for measure in one.measures:
        yield measure, values[measure]
    if one.people:
        yield "LIST_SIZE", lists.get(one.people, 0)


def attrition_rows(tally: Tally, plan: Plan) -> Iterator[list[str]]:
    """How each population falls away, rule by rule: who was decided where, and how many went on."""
    for code, definition in plan.definitions().items():
        left = sum(categories(tally, definition).values())
        yield [tally.practice, code, "", "", f"population {definition.population}", "", str(left), str(left)]
        for rule in definition.rules:
            for branch, action, counts in ((True, rule.then, rule.counts), (False, rule.otherwise, rule.else_counts)):
                if action == "Next rule":
                    continue
                here = tally.decided[code, rule.number, branch]
                left -= here
                side = "true" if branch else "false"
                what = str(counts or r.NOT_ACHIEVED)
                yield [tally.practice, code, str(rule.number), side, action, what, str(here), str(left)]


def part_rows(tally: Tally, plan: Plan) -> Iterator[list[str]]:
    """The rate of each named part (each care process), over the indicator's denominator."""
    for code, definition in plan.definitions().items():
        if not definition.parts:
            continue
        counted = categories(tally, definition)
        denominator = counted["achieved"] + counted["not_achieved"]
        for group in definition.parts.values():
            for part in group:
                yield [tally.practice, code, part, str(tally.parts[code, part]), str(denominator)]


def left_out_rows(tally: Tally) -> Iterator[list[str]]:
    """How many values were not read: of which clusters, in which unit as it is written, and why."""
    for (clusters, unit, why), many in sorted(tally.left_out.items()):
        yield [tally.practice, clusters, unit, why, str(many)]
