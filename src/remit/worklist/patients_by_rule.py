"""Whom an evaluation put where: each patient of a practice with the rule that decided, by indicator.

A worklist leaves out whom an indicator excludes; here everybody of an indicator's population is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from remit.core.problems import Collector, did_you_mean, refuse
from remit.rules import model as r
from remit.rules.definitions import Definitions
from remit.rules.sensitive import check_sensitive, left_out_as_sensitive
from remit.worklist.evaluations import Evaluation, PatientOutcome

Category = Literal["achieved", "not_achieved", "pca", "exclusion", "denominator", "numerator", "population"]
CATEGORIES: Mapping[Category, frozenset[str]] = {
    "achieved": frozenset({"achieved"}),
    "not_achieved": frozenset({"not_achieved"}),
    "pca": frozenset({"pca"}),
    "exclusion": frozenset({"exclusion"}),
    "numerator": frozenset({"achieved"}),
    "denominator": frozenset({"achieved", "not_achieved"}),
    "population": frozenset({"achieved", "not_achieved", "pca", "exclusion"}),
}
"""What can be asked for, with the categories of outcomes that it takes in."""


@dataclass(frozen=True)
class RuleSide:
    """A side of a rule that decided: the rule (None for being on a register), whether it held, what it counts as."""

    rule: r.Rule | None
    branch: bool
    counts: r.Counts

    @property
    def number(self) -> int:
        """The rule's number, 0 where there is no rule."""
        return self.rule.number if self.rule else 0


@dataclass(frozen=True)
class DecidedPatients:
    """The patients of one indicator that one side of one rule decided, in the order of the records."""

    definition: r.Definition
    side: RuleSide
    rows: tuple[PatientOutcome, ...]


@dataclass(frozen=True)
class PatientChoice:
    """Whose patients of which indicators (all where none is named), categories and rules are asked for."""

    practice: str = ""
    indicators: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    rules: tuple[int, ...] = ()
    sensitive: bool = False


@dataclass(frozen=True)
class Patients:
    """Of one practice of one evaluation, whom each side of each rule decided. `left_out` are the sensitive indicators,
    each with what it is about; `known` are the rules that decided."""

    evaluation: Evaluation
    practice: str
    wanted: PatientChoice
    decided: tuple[DecidedPatients, ...]
    known: Definitions
    left_out: Mapping[str, str]

    @property
    def total(self) -> int:
        """How many rows there are: a patient has one for each indicator."""
        return sum(len(one.rows) for one in self.decided)

    @property
    def people(self) -> int:
        """How many patients these are."""
        return len({row.patient for one in self.decided for row in one.rows})


def patients(evaluation: Evaluation, known: Definitions, wanted: PatientChoice) -> Patients:
    """Raises Refused for a practice, an indicator or a rule that the evaluation does not have, and for a sensitive
    indicator that is named without asking for sensitive ones."""
    practice = _practice(evaluation, wanted.practice)
    known = known.of(evaluation.scheme.year, *evaluation.rules_of)
    definitions = evaluation.plan(known).definitions()
    codes = _indicators(definitions, wanted.indicators)
    for code in wanted.indicators and codes:
        check_sensitive(definitions[code], known, wanted.sensitive)
    left_out = left_out_as_sensitive([definitions[code] for code in codes], known, wanted.sensitive)
    codes = [code for code in codes if code not in left_out]
    _check_rules([definitions[code] for code in codes], wanted.rules)
    taken = frozenset().union(*(CATEGORIES[one] for one in wanted.categories or ("population",)))
    sides = {(code, side.number, side.branch): side for code in codes for side in _sides(definitions[code])}
    by_side: dict[tuple[str, int, bool], list[PatientOutcome]] = {}
    for row in evaluation.outcomes(practice, codes):
        side = sides.get((row.code, row.rule, row.branch))
        if side is None or (side.counts.category, side.counts.reason) != (row.category, row.reason):
            what = f"the rules of {row.code} do not give the outcomes of the evaluation."
            hint = "Give the rules of the evaluation, or evaluate again."
            raise refuse("worklist.rules-changed", what, None, hint, indicator=row.code)
        if row.category in taken and (not wanted.rules or row.rule in wanted.rules):
            by_side.setdefault((row.code, row.rule, row.branch), []).append(row)
    decided = tuple(
        DecidedPatients(definitions[key[0]], side, tuple(by_side[key])) for key, side in sides.items() if key in by_side
    )
    return Patients(evaluation, practice, wanted, decided, known, left_out)


def _practice(evaluation: Evaluation, practice: str) -> str:
    every = sorted(evaluation.manifest.store)
    if practice in every:
        return practice
    if not practice and len(every) == 1:
        return every[0]
    some = ", ".join(every[:8]) + (f" and {len(every) - 8:,} more" if len(every) > 8 else "")
    if not practice:
        what = f"the evaluation is of {len(every):,} practices, and a list of patients is of one."
        raise refuse("worklist.practice-not-named", what, None, f"Name one of {some}.", practices=every)
    raise refuse(
        "worklist.practice-unknown",
        f"there is no practice '{practice}' in the evaluation.",
        None,
        did_you_mean(practice, every) or f"It has {some}.",
        practice=practice,
    )


def _indicators(definitions: Mapping[str, r.Definition], names: Sequence[str]) -> list[str]:
    """The codes of the indicators that are asked for, in the order of the scheme."""
    problems, spelt = Collector(), {code.casefold(): code for code in definitions}
    for name in names:
        if name.casefold() not in spelt:
            problems.add(
                "worklist.indicator-not-evaluated",
                f"no indicator '{name}' was evaluated.",
                None,
                did_you_mean(name, definitions),
                indicator=name,
            )
    problems.refuse_if_any()
    wanted = {spelt[name.casefold()] for name in names}
    return [code for code in definitions if not names or code in wanted]


def _check_rules(definitions: Sequence[r.Definition], numbers_wanted: Sequence[int]) -> None:
    numbers = sorted({rule.number for one in definitions for rule in one.rules})
    for number in numbers_wanted:
        if number not in numbers:
            what = f"no rule of {', '.join(one.code for one in definitions[:5])} has the number {number}."
            raise refuse("worklist.rule-unknown", what, None, f"They have {', '.join(map(str, numbers))}.", rule=number)


def _sides(definition: r.Definition) -> list[RuleSide]:
    """Every side of every rule that decides, in the order of the rules; a register's people, where it has none."""
    sides = [
        RuleSide(rule, branch, counts or r.NOT_ACHIEVED)
        for rule in definition.rules
        for branch, action, counts in ((True, rule.then, rule.counts), (False, rule.otherwise, rule.else_counts))
        if action != "Next rule"
    ]
    return sides or [RuleSide(None, True, r.Counts("achieved"))]
