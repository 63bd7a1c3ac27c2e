"""What a field comes to, and what is known of a patient without one."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import assert_never

from remit.evaluation.reference.conditions import Conditions, Record
from remit.evaluation.reference.measured import Number, ends, read_in
from remit.evaluation.reference.people import SEX, age, measurement_period, named_dates
from remit.evaluation.reference.spans import end_of, picked
from remit.evaluation.reference.supplies import gaps, supplied
from remit.evaluation.reference.values import TIES, FieldValue, Reading, readings
from remit.records.model import Event, Registration
from remit.rules import model as r


@dataclass
class Fields(Conditions):
    """The fields of one patient under one meaning. What was worked out for a field is kept."""

    _values: dict[tuple[str, str], FieldValue] = field(default_factory=dict)

    @abstractmethod
    def registration(self, definition: r.Definition) -> Registration | None:
        """The stay that the population rests on: on the achievement date, or on the day of death."""

    def value(self, name: str, definition: r.Definition) -> FieldValue:
        """What a field, a date of the run or a fact of the patient comes to."""
        if name in definition.fields:
            key = (definition.code, name)
            if key not in self._values:
                self._values[key] = self.field(name, definition.fields[name], definition)
            return self._values[key]
        return self._fact(name, definition)

    def _fact(self, name: str, definition: r.Definition) -> FieldValue:
        patient, dates = self.patient, named_dates(self.meaning.dates)
        if name in ("MPSD", "MPED") and definition.period is not None:
            return measurement_period(definition.period, dates)[name == "MPED"]
        if name in dates:
            return dates[name]
        if name == "PAT_AGE":
            return Fraction(age(patient.born, dates["ACHV_DAT"]))
        if name == "REG_DAT":
            stay = self.registration(definition)
            return stay.start if stay else None
        if name == "DEATH_DAT":
            return patient.died if patient.died and patient.died <= dates["ACHV_DAT"] else None
        return patient.born if name == "PAT_DOB" else SEX[patient.sex]

    def field(self, name: str, rule_field: r.Field, definition: r.Definition) -> FieldValue:
        """What a field comes to, worked out afresh."""
        match rule_field:
            case r.Span():
                days = [
                    day
                    for day in (self.value(other, definition) for other in rule_field.names)
                    if isinstance(day, date)
                ]
                return (max if rule_field.which == "later" else min)(days, default=None)
            case r.DateOf():
                reading = self.value(rule_field.reading, definition)
                return reading.day if isinstance(reading, Reading) else None
            case r.PartOf():
                reading = self.value(rule_field.reading, definition)
                return dict(reading.values).get(rule_field.cluster) if isinstance(reading, Reading) else None
            case r.Value():
                return self._value_on(rule_field, definition)
            case r.ReadingOf():
                return self._reading(name, rule_field, definition)
            case r.Supply():
                return self._supply(rule_field, definition)
            case r.Tally():
                return Fraction(
                    self._counted(rule_field, self.passing(name, rule_field.clusters, rule_field.where, definition))
                )
            case r.Pick():
                event = self.picked(name, definition)
                return event.date if event else None
            case r.EndOf():
                event = self.picked(rule_field.of, definition)
                return end_of(event) if event else None
            case _:
                assert_never(rule_field)

    def picked(self, name: str, definition: r.Definition) -> Event | None:
        """The one record whose date a field is."""
        rule_field = definition.fields.get(name)
        if not isinstance(rule_field, r.Pick):
            return None
        return picked(rule_field.which, self.passing(name, rule_field.clusters, rule_field.where, definition))

    def passing(
        self, name: str, clusters: tuple[str, ...], where: r.Condition | None, definition: r.Definition
    ) -> list[Event]:
        """The records of the clusters that pass a field's filter."""
        events = self.events(clusters, r.own_parts(where, name))
        return [
            e
            for e in events
            if where is None or self.holds(where, definition, Record(self.as_read(e, clusters), None, name))
        ]

    def _window(self, rule_field: r.Supply, definition: r.Definition) -> tuple[date, date] | None:
        """The first and the last day of a window; None where one is missing, or it ends before it begins."""
        first, last = (self.term(day, definition, None) for day in (rule_field.first, rule_field.last))
        if not isinstance(first, date) or not isinstance(last, date) or last < first:
            return None
        return first, last

    def supplies(self, rule_field: r.Supply, definition: r.Definition) -> list[Event]:
        """The records that cover some day of the window."""
        window = self._window(rule_field, definition)
        spans = ((event, supplied(event)) for event in self.events(rule_field.clusters))
        return [e for e, span in spans if window and span and span[0] <= window[1] and span[1] >= window[0]]

    def _supply(self, rule_field: r.Supply, definition: r.Definition) -> FieldValue:
        window = self._window(rule_field, definition)
        if window is None:
            return None
        first, last = window
        free = gaps(self.events(rule_field.clusters), first, last)
        long_enough = [gap.first for gap in free if gap.days >= rule_field.least]
        match rule_field.what:
            case "covered":
                return Fraction((last - first).days + 1 - sum(gap.days for gap in free))
            case "longest gap":
                return Fraction(max((gap.days for gap in free), default=0))
            case "earliest":
                return min(long_enough, default=None)
            case "latest":
                return max(long_enough, default=None)
            case _:
                assert_never(rule_field.what)

    def _counted(self, rule_field: r.Tally, events: list[Event]) -> int:
        match rule_field.thing:
            case "records":
                return len({(event.record, event.date) if event.record else n for n, event in enumerate(events)})
            case "days":
                return len({event.date for event in events})
            case "codes":
                return len({event.code for event in events})
            case "clusters":
                return sum(any(self.is_in(event, cluster) for event in events) for cluster in rule_field.clusters)
            case _:
                assert_never(rule_field.thing)

    def _value_on(self, rule_field: r.Value, definition: r.Definition) -> Number | None:
        day = self.value(rule_field.on, definition)
        on_the_day = (event for event in self.events(rule_field.clusters) if event.date == day)
        read = [(e, read_in(self.meaning.measures, e, rule_field.clusters, rule_field.unit)) for e in on_the_day]
        values = [
            (-1 if e.time is None else e.time, e.code, e.reading, value, e.record)
            for e, value in read
            if value is not None
        ]
        # The last of a day is the last by its time; without one, by code, reading and value, however they came.
        values.sort(key=lambda one: (*one[:3], ends(one[3])))
        # Several codings of one record say one value once; its last coding stays.
        latest_first = list(enumerate(values))[::-1]
        once = {(record, value) if record else n: value for n, (*_, value, record) in latest_first}
        return TIES[rule_field.tie](list(once.values())[::-1]) if once else None

    def _reading(self, name: str, rule_field: r.ReadingOf, definition: r.Definition) -> Reading | None:
        complete = list(
            readings(self.passing(name, rule_field.clusters, rule_field.where, definition), rule_field, self.read_half)
        )
        if not complete:
            return None
        best = (max if rule_field.which == "latest" else min)(reading.day for reading in complete)
        return min((r_ for r_ in complete if r_.day == best), key=lambda r_: [ends(value) for _, value in r_.values])
