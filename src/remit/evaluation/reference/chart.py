"""One patient under one meaning: on which registers, in which populations, and what the rules decide."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from remit.evaluation.model import Outcome
from remit.evaluation.reference.fields import Fields
from remit.evaluation.reference.people import registration_on, year_before
from remit.evaluation.reference.values import Step
from remit.records.model import Registration
from remit.rules import model as r


def dated_names(condition: r.Condition, definition: r.Definition) -> set[str]:
    """The names in a condition that may hold the day on which something was recorded: its fields, and REG_DAT."""
    return {name for name in r.names_in(condition) if name in definition.fields or name == "REG_DAT"}


@dataclass
class PatientChart(Fields):
    """One patient under one meaning. What was worked out for a field or register is kept."""

    _on: dict[str, bool] = field(default_factory=dict)
    _before: PatientChart | None = None
    """The same patient in the year before, once it was asked for."""

    # Populations.

    def on_register(self, code: str) -> bool:
        """Whether the patient is on a register."""
        if code not in self._on:
            definition = self.meaning.registers[code]
            self._on[code] = self.in_population(definition) and self._selected(definition)
        return self._on[code]

    def in_population(self, definition: r.Definition) -> bool:
        """Whether a definition is about the patient at all."""
        if definition.population == "registered":
            return self.registration(definition) is not None
        if definition.population == "died in the year":
            died, dates = self.patient.died, self.meaning.dates
            in_the_year = died is not None and dates.start <= died <= min(dates.end, dates.achievement)
            return in_the_year and self.registration(definition) is not None
        return self.on_register(definition.population)

    def registration(self, definition: r.Definition) -> Registration | None:
        """The stay that the population rests on: on the achievement date, or on the day of death."""
        died = self.patient.died
        at_death = self._root(definition) == "died in the year"
        return registration_on(self.patient, died if at_death and died else self.meaning.dates.achievement)

    def _root(self, definition: r.Definition) -> str:
        while definition.population in self.meaning.registers:
            definition = self.meaning.registers[definition.population]
        return definition.population

    def _selected(self, definition: r.Definition) -> bool:
        return self.decide(definition)[0] == "Select"

    def counted_before(self, definition: r.Definition) -> bool:
        """Whether the same rules counted the patient in the year before: before their first year they counted nobody.

        It is asked on that year's last day, of what is dated up to it.
        """
        dates = year_before(self.meaning.dates)
        if dates is None or definition.years is None or dates.year < definition.years.first:
            return False
        if self._before is None:
            self._before = PatientChart(self.patient, replace(self.meaning, dates=dates))
        if definition.is_register:
            return self._before.in_population(definition) and self._before._selected(definition)
        outcome = self._before.outcome(definition)
        return outcome is not None and outcome.counts.category == "achieved"

    # Rules.

    def decide(self, definition: r.Definition, steps: list[Step] | None = None) -> tuple[r.Action, r.Rule | None, bool]:
        """The action that decides, the deciding rule and its branch; a definition without rules selects everybody."""
        for rule in definition.rules:
            true = self.holds(rule.condition, definition)
            if steps is not None:
                names = sorted(r.names_in(rule.condition) | self._fields_of_parts(rule.condition, definition))
                values = {name: self.value(name, definition) for name in names}
                bounds = sorted(r.bounds_in(rule.condition))
                values |= {f"bound {name}": self.bound(definition.bounds[name]) for name in bounds}
                if any(isinstance(part, r.CountedBefore) for part in r.conditions(rule.condition)):
                    values["counted in the year before"] = "yes" if self.counted_before(definition) else "no"
                steps.append(Step(rule, true, values))
            action = rule.then if true else rule.otherwise
            if action != "Next rule":
                return action, rule, true
        return "Select", None, True

    @staticmethod
    def _fields_of_parts(condition: r.Condition, definition: r.Definition) -> set[str]:
        """The fields that the named parts of a condition rest on."""
        named = [part.parts for part in r.conditions(condition) if isinstance(part, r.PartsMet)]
        return {name for group in named for part in definition.parts[group].values() for name in r.names_in(part)}

    def outcome(self, definition: r.Definition, steps: list[Step] | None = None) -> Outcome | None:
        """The patient's outcome under an indicator; None outside its population."""
        if not self.in_population(definition):
            return None
        action, rule, branch = self.decide(definition, steps)
        if rule is None:
            return Outcome(definition.code, 0, True, r.Counts("achieved"))
        counts = rule.counts if branch else rule.else_counts
        assert counts is not None or action == "Select", "a rejection says what it counts as"
        day = self._day(rule, definition) if counts is not None and counts.category == "pca" else None
        return Outcome(definition.code, rule.number, branch, counts or r.NOT_ACHIEVED, day)

    def _day(self, rule: r.Rule, definition: r.Definition) -> date | None:
        """The latest date, not after the achievement date, among what a rule names of the patient's records."""
        last = self.meaning.dates.achievement
        days = (self.value(name, definition) for name in dated_names(rule.condition, definition))
        return max((day for day in days if isinstance(day, date) and day <= last), default=None)
