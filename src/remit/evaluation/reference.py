"""The reference interpreter: what every field, condition and rule means, one plain function each.

It is slow and meant to be read beside the rule table; faster engines must agree with it, patient by patient and rule by
rule. Numbers are exact (`Fraction`), None is missing, and nothing dated after the achievement date is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import NamedTuple, assert_never

from remit.core.dates import add_months
from remit.evaluation.model import Dates, Meaning, Outcome
from remit.records.model import Event, Patient, Registration
from remit.rules import model as r

_SEX = {"F": "female", "M": "male", "I": "indeterminate", "U": "unknown"}


@dataclass(frozen=True)
class Reading:
    """One reading: its date, and the value of each of its halves by cluster."""

    day: date
    values: tuple[tuple[str, Fraction], ...]
    events: tuple[Event, ...] = ()


Seen = date | Fraction | str | Reading | None
"""What a field or a term comes to; None is missing."""


class Step(NamedTuple):
    """A rule that was tried: whether it was true, and what each field that it names came to."""

    rule: r.Rule
    true: bool
    seen: dict[str, Seen]


def named_dates(dates: Dates) -> dict[str, date]:
    """The dates of a run by their names in rules."""
    return {
        "ACHV_DAT": dates.achievement,
        "PPSD": dates.start,
        "PPED": dates.end,
        "QSSD": dates.start,
        "QSED": dates.end,
    }


def age(born: date, on: date) -> int:
    """Age in full years: it changes on the birthday, for 29 February on 1 March where there is none."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def shifted(day: date, amount: int, unit: r.Unit) -> date | None:
    """A date moved by calendar units: 31 March less 9 months is 30 June. Missing outside the years 1 to 9999."""
    try:
        match unit:
            case "day":
                return day + timedelta(days=amount)
            case "week":
                return day + timedelta(weeks=amount)
            case "month":
                return add_months(day, amount)
            case "year":
                return add_months(day, amount * 12)
            case _:
                assert_never(unit)
    except (ValueError, OverflowError):
        return None


def registration_on(patient: Patient, day: date) -> Registration | None:
    """The stay with the practice of the history that covers a day: both ends count, and the dead are on no list.

    Someone who died on the day itself was still registered on it.
    """
    if patient.died is not None and patient.died < day:
        return None
    stays = [
        stay
        for stay in patient.registrations
        if stay.practice == patient.practice and stay.start <= day and (stay.end is None or stay.end >= day)
    ]
    return max(stays, key=lambda stay: stay.start, default=None)


def dated_names(condition: r.Condition, definition: r.Definition) -> set[str]:
    """The names in a condition that may hold the day on which something was recorded: its fields, and REG_DAT."""
    return {name for name in r.names_in(condition) if name in definition.fields or name == "REG_DAT"}


@dataclass
class Chart:
    """One patient under one meaning. What was worked out for a field or register is kept."""

    patient: Patient
    meaning: Meaning
    _seen: dict[tuple[str, str], Seen] = field(default_factory=dict)
    _on: dict[str, bool] = field(default_factory=dict)

    def events(self, clusters: Iterable[str]) -> Iterator[Event]:
        """The records in any of the clusters, up to the achievement date, in their order."""
        codes = frozenset().union(*(self.meaning.codes[name] for name in clusters))
        last = self.meaning.dates.achievement
        return (event for event in self.patient.events if event.code in codes and event.date <= last)

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
            known = died is not None and dates.start <= died <= min(dates.end, dates.achievement)
            return known and self.registration(definition) is not None
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

    # Rules.

    def decide(self, definition: r.Definition, steps: list[Step] | None = None) -> tuple[r.Action, r.Rule | None, bool]:
        """The action that decides, the deciding rule and its branch; a definition without rules selects everybody."""
        for rule in definition.rules:
            true = self.holds(rule.condition, definition)
            if steps is not None:
                names = sorted(r.names_in(rule.condition) | self._of_parts(rule.condition, definition))
                steps.append(Step(rule, true, {name: self.value(name, definition) for name in names}))
            action = rule.then if true else rule.otherwise
            if action != "Next rule":
                return action, rule, true
        return "Select", None, True

    @staticmethod
    def _of_parts(condition: r.Condition, definition: r.Definition) -> set[str]:
        """The fields that the named parts of a condition rest on."""
        named = [part.parts for part in r.conditions(condition) if isinstance(part, r.PartsMet)]
        return {name for group in named for part in definition.parts[group].values() for name in r.names_in(part)}

    def outcome(self, definition: r.Definition, steps: list[Step] | None = None) -> Outcome | None:
        """What became of the patient under an indicator; None for somebody outside its population."""
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

    # Conditions.

    def holds(self, condition: r.Condition, definition: r.Definition, record: _Record | None = None) -> bool:
        """Whether a condition is true; with `record`, of the record under test."""
        match condition:
            case r.Every():
                return all(self.holds(part, definition, record) for part in condition.parts)
            case r.Either():
                return any(self.holds(part, definition, record) for part in condition.parts)
            case r.Compare():
                left, right = (self.term(side, definition, record) for side in (condition.left, condition.right))
                return compared(left, condition.op, right)
            case r.IsNull():
                return (self.term(condition.term, definition, record) is None) == condition.absent
            case r.OnRegister():
                return self.on_register(condition.register) == condition.on
            case r.PartsMet():
                group = definition.parts[condition.parts].values()
                met = sum(self.holds(part, definition) for part in group)
                return met >= (len(group) if condition.least is None else condition.least)
            case r.Beside():
                assert record is not None, "beside another record, in a filter"
                others = (_Record(event, record) for event in self.events(condition.clusters))
                return any(condition.where is None or self.holds(condition.where, definition, one) for one in others)
            case _:
                assert_never(condition)

    def term(self, term: r.Term, definition: r.Definition, record: _Record | None) -> Seen:
        """What a term comes to."""
        match term:
            case r.Constant():
                return Fraction(term.value) if isinstance(term.value, Decimal) else term.value
            case r.OwnPart():
                assert record is not None, "a part of the record under test, in a filter"
                return record.part(term.part)
            case r.AgeOn():
                day = self._named(term.name, definition, record)
                return Fraction(age(self.patient.born, day)) if isinstance(day, date) else None
            case r.Shift():
                day = self.term(term.term, definition, record)
                return shifted(day, term.amount, term.unit) if isinstance(day, date) else None
            case r.Name():
                return self._named(term.name, definition, record)
            case _:
                assert_never(term)

    def _named(self, name: str, definition: r.Definition, record: _Record | None) -> Seen:
        """What a name comes to; within `(any …)` a field's own name is the date of its record under test."""
        while record is not None and record.outer is not None:
            record = record.outer
            if name == record.of:
                return record.event.date
        return self.value(name, definition)

    # Fields.

    def value(self, name: str, definition: r.Definition) -> Seen:
        """What a field, a date of the run or a fact of the patient comes to."""
        if name in definition.fields:
            key = (definition.code, name)
            if key not in self._seen:
                self._seen[key] = self.field(name, definition.fields[name], definition)
            return self._seen[key]
        return self._known(name, definition)

    def _known(self, name: str, definition: r.Definition) -> Seen:
        patient, dates = self.patient, named_dates(self.meaning.dates)
        if name in dates:
            return dates[name]
        if name == "PAT_AGE":
            return Fraction(age(patient.born, dates["ACHV_DAT"]))
        if name == "REG_DAT":
            stay = self.registration(definition)
            return stay.start if stay else None
        if name == "DEATH_DAT":
            return patient.died if patient.died and patient.died <= dates["ACHV_DAT"] else None
        return patient.born if name == "PAT_DOB" else _SEX[patient.sex]

    def field(self, name: str, given: r.Field, definition: r.Definition) -> Seen:
        """What a field comes to, worked out afresh."""
        match given:
            case r.Span():
                days = [day for day in (self.value(of, definition) for of in given.names) if isinstance(day, date)]
                return (max if given.which == "later" else min)(days, default=None)
            case r.DateOf():
                reading = self.value(given.reading, definition)
                return reading.day if isinstance(reading, Reading) else None
            case r.PartOf():
                reading = self.value(given.reading, definition)
                return dict(reading.values).get(given.cluster) if isinstance(reading, Reading) else None
            case r.Value():
                return self._value_on(given, definition)
            case r.ReadingOf():
                return self._reading(name, given, definition)
            case r.Tally():
                return Fraction(self._counted(given, self.passing(name, given.clusters, given.where, definition)))
            case r.Pick():
                days = [event.date for event in self.passing(name, given.clusters, given.where, definition)]
                return (max if given.which == "latest" else min)(days, default=None)
            case _:
                assert_never(given)

    def passing(
        self, name: str, clusters: tuple[str, ...], where: r.Condition | None, definition: r.Definition
    ) -> list[Event]:
        """The records of the clusters that pass a field's filter."""
        found = self.events(clusters)
        return [e for e in found if where is None or self.holds(where, definition, _Record(e, None, name))]

    def _counted(self, given: r.Tally, events: list[Event]) -> int:
        match given.thing:
            case "records":
                return len(events)
            case "days":
                return len({event.date for event in events})
            case "codes":
                return len({event.code for event in events})
            case "clusters":
                codes = {event.code for event in events}
                return sum(bool(codes & self.meaning.codes[cluster]) for cluster in given.clusters)
            case _:
                assert_never(given.thing)

    def _value_on(self, given: r.Value, definition: r.Definition) -> Fraction | None:
        day = self.value(given.on, definition)
        found = [
            event
            for event in self.events(given.clusters)
            if event.date == day and event.value is not None and same_unit(given.unit, event.unit)
        ]
        # No time of day is known: the last of a day is the last by code, reading and value, however they came.
        found.sort(key=lambda event: (event.code, event.reading, event.value))
        values = [Fraction(event.value) for event in found if event.value is not None]
        return _TIES[given.tie](values) if values else None

    def _reading(self, name: str, given: r.ReadingOf, definition: r.Definition) -> Reading | None:
        found = list(readings(self.passing(name, given.clusters, given.where, definition), given, self.meaning.codes))
        if not found:
            return None
        best = (max if given.which == "latest" else min)(reading.day for reading in found)
        return min((r_ for r_ in found if r_.day == best), key=lambda r_: [value for _, value in r_.values])


@dataclass(frozen=True)
class _Record:
    """A record under test; within `(any …)`, beside the outer record, which the field's own name stands for."""

    event: Event
    outer: _Record | None
    of: str = ""

    def part(self, part: r.Own) -> Seen:
        match part:
            case "date":
                return self.event.date
            case "value":
                return None if self.event.value is None else Fraction(self.event.value)
            case "episode":
                return self.event.episode or None
            case _:
                assert_never(part)


def compared(left: Seen, op: r.Comparison, right: Seen) -> bool:
    """A comparison; false where a side is missing, `<>` too."""
    if left is None or right is None:
        return False
    if op == "=":
        return left == right
    if op == "<>":
        return left != right
    return _ORDER[op](left, right)


def same_unit(wanted: str, written: str) -> bool:
    """Whether a record's unit is the one that is asked for; capitals and the brackets of `mm[Hg]` do not matter."""
    return not wanted or unit_key(wanted) == unit_key(written)


@cache
def unit_key(text: str) -> str:
    """A unit as it is compared."""
    return text.casefold().replace("[", "").replace("]", "").replace(" ", "")


def readings(events: Iterable[Event], given: r.ReadingOf, codes: Mapping[str, frozenset[str]]) -> Iterator[Reading]:
    """The readings among records that have a value in every cluster. Halves without an identity go together by day."""
    groups: dict[tuple[date, str], list[Event]] = {}
    for event in events:
        if event.value is not None and (not event.unit or same_unit(given.unit, event.unit)):
            groups.setdefault((event.date, event.reading), []).append(event)
    for (day, _), group in groups.items():
        values = []
        for cluster in given.clusters:
            own = [Fraction(event.value) for event in group if event.code in codes[cluster] and event.value is not None]
            if own:
                values.append((cluster, min(own)))
        if len(values) == len(given.clusters):
            yield Reading(day, tuple(values), tuple(group))


_ORDER: dict[str, Callable[[object, object], bool]] = {
    "<": lambda a, b: a < b,  # type: ignore[operator]
    "<=": lambda a, b: a <= b,  # type: ignore[operator]
    ">": lambda a, b: a > b,  # type: ignore[operator]
    ">=": lambda a, b: a >= b,  # type: ignore[operator]
}
_TIES: dict[str, Callable[[list[Fraction]], Fraction | None]] = {
    "lowest": min,
    "highest": max,
    "mean": lambda values: sum(values, Fraction(0)) / len(values),
    "last": lambda values: values[-1],
    "only": lambda values: values[0] if len(set(values)) == 1 else None,
}
