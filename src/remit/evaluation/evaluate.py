"""A scheme over the records of practices: every patient's outcome, and what follows by grouping it.

Counts, attrition and the rates of named parts are groupings of one outcome per patient and indicator; nothing here
counts anything a second way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from remit.evaluation import rules as r
from remit.evaluation.breakdown import Person, person
from remit.evaluation.plan import Counted, Plan, people_of
from remit.evaluation.reference import Chart, Meaning, Outcome, registration_on
from remit.records.model import Patient

OUTCOMES = ("practice_code", "patient_id", "indicator_code", "rule", "branch", "category", "reason", "pca_date")
ATTRITION = ("practice_code", "indicator_code", "rule", "branch", "action", "counts_as", "patients", "left")
PARTS = ("practice_code", "indicator_code", "part", "met", "of")
COUNTS = ("practice_code", "indicator_code", "measure", "value", "period")


@dataclass
class PracticeOutcomes:
    """One practice: the outcome of each member of each indicator's population, and the sizes of the lists."""

    practice: str
    outcomes: list[tuple[str, Outcome]] = field(default_factory=list)
    parts: Counter[tuple[str, str]] = field(default_factory=Counter)
    lists: Counter[str] = field(default_factory=Counter)
    people: list[Person] = field(default_factory=list)
    patients: int = 0
    registered: int = 0

    def of(self, code: str) -> Iterator[Outcome]:
        """The outcomes of one indicator."""
        return (outcome for _, outcome in self.outcomes if outcome.code == code)


def evaluate(practice: str, patients: Iterable[Patient], made: Plan, meaning: Meaning) -> PracticeOutcomes:
    """Every patient of one practice under every definition of a plan, in the order of the patients."""
    found = PracticeOutcomes(practice)
    definitions = list(made.definitions().values())
    people = {one.people: people_of(one.people) for one in made.counted if one.people}
    on = meaning.dates.achievement
    for patient in patients:
        chart = Chart(patient, meaning)
        found.patients += 1
        found.people.append(person(chart))
        if registration_on(patient, on):
            found.registered += 1
            found.lists.update(name for name, holds in people.items() if holds and holds(patient, on))
        for definition in definitions:
            outcome = chart.outcome(definition)
            if outcome is None:
                continue
            found.outcomes.append((patient.id, outcome))
            if outcome.counts.category in ("achieved", "not_achieved"):
                found.parts.update(
                    (definition.code, part)
                    for group in definition.parts.values()
                    for part, condition in group.items()
                    if chart.holds(condition, definition)
                )
    return found


def count_rows(
    found: PracticeOutcomes, made: Plan, period: date | None, provisional: bool = False
) -> Iterator[list[str]]:
    """The counts as `remit run` reads them; with `period`, as a position on that day.

    What is `provisional` is marked in the counts themselves, so that no other file of practices can make it final.
    """
    tallies: Counter[tuple[str, str]] = Counter()
    tallies.update((outcome.code, outcome.counts.category) for _, outcome in found.outcomes)
    when = period.isoformat() if period else ""
    if provisional:
        yield [found.practice, "*", "PROVISIONAL", "1", when]
    for one in made.counted:
        for measure, value in _measures(one, tallies, found.lists):
            yield [found.practice, one.subject, measure, str(value), when]


def _measures(
    one: Counted, tallies: Mapping[tuple[str, str], int], lists: Mapping[str, int]
) -> Iterator[tuple[str, int]]:
    """DENOMINATOR is achieved + not achieved; a register counts all who are selected."""
    achieved, missed, pcas = (tallies.get((one.definition.code, c), 0) for c in ("achieved", "not_achieved", "pca"))
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


def attrition_rows(found: PracticeOutcomes, made: Plan) -> Iterator[list[str]]:
    """How each population falls away, rule by rule: who was decided where, and how many went on."""
    by_code: dict[str, Counter[tuple[int, bool]]] = {}
    for _, outcome in found.outcomes:
        by_code.setdefault(outcome.code, Counter())[outcome.rule, outcome.branch] += 1
    for code, definition in made.definitions().items():
        decided = by_code.get(code, Counter())
        left = sum(decided.values())
        yield [found.practice, code, "", "", f"population {definition.population}", "", str(left), str(left)]
        for rule in definition.rules:
            for branch, action, counts in ((True, rule.then, rule.counts), (False, rule.otherwise, rule.else_counts)):
                if action == "Next rule":
                    continue
                here = decided[rule.number, branch]
                left -= here
                shown = "true" if branch else "false"
                what = str(counts or r.NOT_ACHIEVED)
                yield [found.practice, code, str(rule.number), shown, action, what, str(here), str(left)]


def part_rows(found: PracticeOutcomes, made: Plan) -> Iterator[list[str]]:
    """The rate of each named part (each care process), over the indicator's denominator."""
    for code, definition in made.definitions().items():
        if not definition.parts:
            continue
        of = sum(outcome.counts.category in ("achieved", "not_achieved") for outcome in found.of(code))
        for group in definition.parts.values():
            for part in group:
                yield [found.practice, code, part, str(found.parts[code, part]), str(of)]
