"""The days that matter for one patient and indicator, found by asking the rules again rather than by reading them.

*A record expires* on the first day on which the indicator, asked on that day about the year that ends with
it, is no longer achieved though nothing new was recorded. The interpreter answers, made ready for many days
(`evaluation/prepared.py`); the day is found by halving. *One more invitation counts* from the first day on which an
invitation, recorded then, would make the rule for no response to invitations decide. Both hold for any rules: no window
and no gap between invitations is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import assert_never

from remit.core import say
from remit.core.dates import add_months
from remit.core.rounding import exact_text
from remit.evaluation.explain import range_text
from remit.evaluation.kept import Kept
from remit.evaluation.model import Dates, Meaning, Outcome, Systems
from remit.evaluation.prepared import PreparedChart
from remit.evaluation.prepared_rules import Prepared
from remit.evaluation.reference import FieldValue, PatientChart, Range, Reading
from remit.evaluation.reference.measured import Number
from remit.records.model import UNKNOWN_DAY, Event, Patient
from remit.rules import model as r
from remit.rules.definitions import Definitions, registers_of
from remit.worklist.actions import Risk
from remit.worklist.model import CareDue

NO_RESPONSE = "did not respond"
_DAY = timedelta(days=1)
_WINDOWS = (6, 9, 12, 15, 24, 27, 36, 42, 60, 66)
"""Months that windows often have: guesses only, so that a wrong one costs time and changes nothing."""


def rolling(day: date) -> Dates:
    """The year that ends with a day, as the payment period."""
    return Dates(day, add_months(day, -12) + _DAY, day)


def first_day(holds: Callable[[date], bool], after: date, until: date, guess: date | None = None) -> date | None:
    """The first day after `after`, up to `until`, on which something holds that does not hold on `after`.

    Found by halving: it holds on the day and not on the day before. A good `guess` saves the halving. None where it
    does not hold on `until`.
    """
    if after >= until or not holds(until):
        return None
    if guess and after < guess <= until and holds(guess) and not holds(guess - _DAY):
        return guess
    low, high = after, until
    while (high - low).days > 1:
        middle = low + (high - low) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _months_between(first: date, last: date) -> int:
    """How many months later the month of a day is."""
    return (last.year - first.year) * 12 + last.month - first.month


@dataclass
class Asker:
    """Definitions with the codes that each of them reads: asks them again of one patient, on any day.

    Codes of a cluster are those of the evaluation. What was worked out of a patient is kept until the next one.
    """

    known: Definitions
    definitions: Mapping[str, r.Definition]
    codes: Mapping[str, frozenset[str]]
    dates: Dates
    systems: Systems = field(default_factory=dict)
    _clusters_of_code: dict[str, frozenset[str]] = field(default_factory=dict)
    _invitations: dict[str, frozenset[str]] = field(default_factory=dict)
    _of_invitations: dict[str, set[str]] = field(default_factory=dict)
    _meanings: dict[Dates, Meaning] = field(default_factory=dict)
    _months: dict[str, int] = field(default_factory=dict)
    _wait: dict[str, timedelta] = field(default_factory=dict)
    """The last answer, by indicator: only ever a first guess, which is asked like any other day."""
    _patient: Patient | None = None
    _charts: dict[Dates, PatientChart] = field(default_factory=dict)
    _kept: Kept = field(default_factory=Kept)
    _prepared: Prepared = field(default_factory=Prepared)
    _days: dict[Dates, dict[int, FieldValue]] = field(default_factory=dict)

    def known_of(self, patient: Patient) -> Patient:
        """The patient with the records up to the day of the list.

        A later record of a store that goes further is none of "nothing new recorded".
        """
        on = self.dates.achievement
        if all(event.date <= on for event in patient.events):
            return patient
        return replace(patient, events=tuple(event for event in patient.events if event.date <= on))

    def _read_by(self, code: str) -> frozenset[str]:
        """The codes of the records that a definition, or a register below it, reads."""
        if code not in self._clusters_of_code:
            definition = self.definitions[code]
            names = definition.clusters() | self.known.needed_clusters(registers_of(definition))
            self._clusters_of_code[code] = frozenset().union(*(self.codes[name] for name in names))
        return self._clusters_of_code[code]

    def _meaning(self, dates: Dates) -> Meaning:
        if dates not in self._meanings:
            self._meanings[dates] = Meaning(dates, self.codes, self.known.registers, self.systems)
        return self._meanings[dates]

    def chart(self, patient: Patient, dates: Dates) -> PatientChart:
        """A patient asked about one day: the same chart each time, until another patient is asked about."""
        if patient is not self._patient:
            self._patient, self._charts = patient, {}
            self._kept = Kept()
        if dates not in self._charts:
            self._charts[dates] = self._chart(patient, dates, self._kept)
        return self._charts[dates]

    def _chart(self, patient: Patient, dates: Dates, kept: Kept) -> PatientChart:
        days = self._days.setdefault(dates, {})
        return PreparedChart(patient, self._meaning(dates), prepared=self._prepared, kept=kept, days=days)

    def outcome(self, patient: Patient, code: str, dates: Dates) -> Outcome | None:
        return self.chart(patient, dates).outcome(self.definitions[code])

    def of_the_living(self, code: str) -> bool:
        """Whether a definition is about people who are registered, and not about those who died."""
        return self.known.root(self.definitions[code]) == "registered"

    # A record expires.

    def expires(self, patient: Patient, code: str, until: date, gap: bool = False) -> CareDue | None:
        """When what achieves an indicator today expires, up to `until`, with nothing new recorded.

        Nothing where it is not achieved today, or where the patient then no longer needs the care (an exclusion). A
        `gap` is mostly not achieved today either, and is asked that first.
        """

        def lost(day: date) -> bool:
            outcome = self.outcome(patient, code, rolling(day))
            return outcome is None or outcome.counts.category != "achieved"

        on = self.dates.achievement
        if not self.definitions[code].rules or on >= until or (gap and lost(on)) or not lost(until) or lost(on):
            return None
        months = self._months.get(code, 12)
        codes = self._read_by(code)
        own = [event.date for event in patient.events if event.code in codes]
        guesses = (add_months(day, months) for day in own if day <= on)
        day = first_day(lost, on, until, max((guess for guess in guesses if on < guess <= until), default=None))
        if day is not None:
            back = {n for one in own if (n := _months_between(one, day)) in _WINDOWS and add_months(one, n) == day}
            self._months[code] = min(back, default=months)
        outcome = self.outcome(patient, code, rolling(day)) if day else None
        if day is None or outcome is None or outcome.counts.category == "exclusion":
            return None
        return CareDue(day, "expires")

    # Invitations.

    def invitations(self, code: str) -> frozenset[str]:
        """The codes of invitations: what the rules for no response read and the rules of achievement do not."""
        if code not in self._invitations:
            self._invitations[code] = frozenset().union(*(self.codes[name] for name in self._inviting(code)))
        return self._invitations[code]

    def _inviting(self, code: str) -> set[str]:
        """The clusters of invitations."""
        if code not in self._of_invitations:
            definition = self.definitions[code]
            invited = _clusters_behind(definition, lambda counts: counts.pca_kind == NO_RESPONSE)
            behind = _clusters_behind(definition, lambda counts: counts.category == "achieved")
            self._of_invitations[code] = invited - behind
        return self._of_invitations[code]

    def invited(self, patient: Patient, code: str) -> tuple[tuple[date, ...], CareDue | None]:
        """The days of the invitations that may still count, and from when one more would make the PCA.

        Nothing where one more would not: none was sent that counts, or the rules take no invitations.
        """
        codes, on = self.invitations(code), self.dates.achievement
        days = tuple(sorted({event.date for event in self.chart(patient, self.dates).events(self._inviting(code))}))
        if not days:
            return (), None
        sent = min(codes)

        def adjusted(day: date) -> bool:
            event = Event(day, sent)
            events = tuple(sorted((*patient.events, event), key=lambda e: (e.date, e.code, e.reading)))
            dates = replace(self.dates, achievement=max(day, on))
            chart = self._chart(replace(patient, events=events), dates, Kept())
            outcome = chart.outcome(self.definitions[code])
            return outcome is not None and outcome.counts.pca_kind == NO_RESPONSE

        day = first_day(adjusted, days[-1], self.dates.end, days[-1] + self._wait.get(code, timedelta(days=7)))
        if day is None:
            return (), None
        self._wait[code] = day - days[-1]
        return days, CareDue(day, "invitation")


@dataclass(frozen=True)
class LastRecord:
    """The latest record that the rules of achievement look at, and the halves of it where it is a reading."""

    day: date
    text: str = ""
    values: tuple[tuple[str, Number], ...] = ()

    def __str__(self) -> str:
        """As `152/94 on 12 May 2024`."""
        when = "a day that is not known" if self.day == UNKNOWN_DAY else say.short_day(self.day)
        return f"{self.text} on {when}" if self.text else when

    def risk(self, risks: Iterable[Risk]) -> Risk | None:
        """The first of the risks that the reading shows: one of its halves is surely as high."""
        high = (
            r_ for r_ in risks for name, value in self.values if name in r_.values and _least(value) >= r_.values[name]
        )
        return next(high, None)


def last_record(chart: PatientChart, definition: r.Definition) -> LastRecord | None:
    """The latest record that the rules of achievement look at; None where there is none.

    A reading or value goes before a mere date of the same day; what is only counted, or only covers days, is one where
    there is neither.
    """
    records: list[LastRecord] = []
    counted: list[Event] = []
    for name in sorted(_fields_behind(definition, lambda counts: counts.category == "achieved")):
        field, value = definition.fields[name], chart.value(name, definition)
        match field:
            case r.ReadingOf():
                if isinstance(value, Reading):
                    text = "/".join(_number(number) for _, number in value.values)
                    records.append(LastRecord(value.day, text, value.values))
            case r.Value():
                day = chart.value(field.on, definition)
                if isinstance(day, date) and isinstance(value, Fraction | Range):
                    values = tuple((cluster, value) for cluster in field.clusters)
                    records.append(LastRecord(day, _number(value, most=2), values))
            case r.Pick():
                if isinstance(value, date):
                    records.append(LastRecord(value))
            case r.Tally():
                counted += chart.passing(name, field.clusters, field.where, definition)
            case r.Supply():
                counted += chart.supplies(field, definition)
            case r.DateOf() | r.EndOf() | r.PartOf() | r.Span():
                pass  # no record of their own
            case _:
                assert_never(field)
    records = records or [LastRecord(event.date) for event in counted]
    return max(records, key=lambda one: (one.day, bool(one.text), one.text), default=None)


def missing_parts(chart: PatientChart, definition: r.Definition) -> tuple[str, ...]:
    """The named parts that the rules of achievement ask for and that are not there."""
    groups = [
        part.parts
        for rule in definition.rules
        if _achieves(rule)
        for part in r.conditions(rule.condition)
        if isinstance(part, r.PartsMet)
    ]
    return tuple(
        name
        for group in groups
        for name, condition in definition.parts[group].items()
        if not chart.holds(condition, definition)
    )


def _achieves(rule: r.Rule) -> bool:
    return any(counts is not None and counts.category == "achieved" for counts in (rule.counts, rule.else_counts))


def _fields_behind(definition: r.Definition, wanted: Callable[[r.Counts], bool]) -> set[str]:
    """The fields that the rules with such a decision rest on, those below them too."""
    waiting: list[str] = []
    for rule in definition.rules:
        if any(counts is not None and wanted(counts) for counts in (rule.counts, rule.else_counts)):
            waiting += r.names_in(rule.condition)
            for part in r.conditions(rule.condition):
                if isinstance(part, r.PartsMet):
                    waiting += [n for one in definition.parts[part.parts].values() for n in r.names_in(one)]
    fields: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in definition.fields and name not in fields:
            fields.add(name)
            waiting += r.names_of(definition.fields[name])
    return fields


def _clusters_behind(definition: r.Definition, wanted: Callable[[r.Counts], bool]) -> set[str]:
    return {c for name in _fields_behind(definition, wanted) for c in r.clusters_of(definition.fields[name])}


def _least(value: Number) -> Fraction:
    """The least that a number can be."""
    return value.low if isinstance(value, Range) else value


def _number(value: Fraction | Range, most: int = 6) -> str:
    return range_text(value) if isinstance(value, Range) else exact_text(value, most=most)
