"""What a condition and a term come to, of a patient or of a record under test."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from remit.evaluation.model import Meaning
from remit.evaluation.reference.measured import Number, read_in, with_comparator
from remit.evaluation.reference.people import SEX, age, shifted
from remit.evaluation.reference.spans import Days, Moment, days_of, end_of, in_order, stands
from remit.evaluation.reference.values import FieldValue, compared
from remit.records.model import HIDDEN, OPEN_DAY, UNASKED, Event, Patient
from remit.rules import model as r


@dataclass(frozen=True)
class Record:
    """A record under test; within `(any …)`, beside the outer record. It may have a name: the outermost has its
    field's own, which stands for it only from within."""

    event: Event
    outer: Record | None
    name: str = ""

    def called(self, name: str) -> Record | None:
        """The nearest record of a name, this one or around it."""
        if name and name == self.name:
            return self
        return self.outer.called(name) if self.outer else None

    def part(self, part: r.Own) -> FieldValue:
        match part:
            case "date":
                return self.event.date
            case "end":
                return end_of(self.event)
            case "value":
                return with_comparator(self.event)
            case "episode":
                return self.event.episode or None
            case "status":
                return self.event.status or None
            case "negation":
                return self.event.negation or None
            case "answer":
                return self.event.answer or None
            case _:
                assert_never(part)


def unseen(event: Event, named: Collection[str] = ()) -> str:
    """What a record says of itself for which a filter does not see it that names those parts; '' where it does."""
    if event.status in HIDDEN:
        return event.status
    facts = ((getattr(event, part), words) for part, words in UNASKED.items() if part not in named)
    return next((word for word, words in facts if word in words), "")


@dataclass
class Conditions(ABC):
    """The conditions and terms of one patient under one meaning."""

    patient: Patient
    meaning: Meaning

    @abstractmethod
    def value(self, name: str, definition: r.Definition) -> FieldValue:
        """What a field, a date of the run or a fact of the patient comes to."""

    @abstractmethod
    def picked(self, name: str, definition: r.Definition) -> Event | None:
        """The one record whose date a field is."""

    @abstractmethod
    def on_register(self, code: str) -> bool:
        """Whether the patient is on a register."""

    @abstractmethod
    def counted_before(self, definition: r.Definition) -> bool:
        """Whether the same rules counted the patient in the year before."""

    def events(self, clusters: Iterable[str], named: Collection[str] = ()) -> Iterator[Event]:
        """The records in any of the clusters, up to the achievement date, in their order.

        What was cancelled or entered in error is none; what did not happen or is planned is one only where that part
        of it is asked for.
        """
        codes = frozenset().union(*(self.meaning.codes[name] for name in clusters))
        last = self.meaning.dates.achievement
        for event in self.patient.events:
            visible = event.date <= last and event.code in codes and not unseen(event, named)
            if visible and any(self.is_in(event, name) for name in clusters):
                yield event

    def is_in(self, event: Event, cluster: str) -> bool:
        """Whether a record is of a cluster: by its code, and by its system where both say theirs."""
        if event.code not in self.meaning.codes[cluster]:
            return False
        systems = self.meaning.systems.get((cluster, event.code))
        return not event.system or systems is None or event.system in systems

    def as_read(self, event: Event, clusters: Collection[str]) -> Event:
        """A record as the filter of a field of these clusters sees it: without a value that nobody can have."""
        readable = event.value is None or read_in(self.meaning.measures, event, clusters) is not None
        return event if readable else replace(event, value=None)

    def read_half(self, event: Event, cluster: str, unit: str) -> Number | None:
        """The value of a record as a half of a reading that has this cluster and is read in a unit."""
        return read_in(self.meaning.measures, event, (cluster,), unit) if self.is_in(event, cluster) else None

    def bound(self, table: r.Bounds) -> Fraction | None:
        """A patient's bound: by the latest record of the attribute, else by their own column."""
        own = list(self.events(table.clusters()))
        if own:
            last = max(event.date for event in own)
            latest = [event for event in own if event.date == last]
            bound = next(
                (g.bound for g in table.groups if any(self.is_in(e, c) for e in latest for c in g.clusters)),
                table.others,
            )
            return None if bound is None else Fraction(bound)
        text = {"ethnicity": self.patient.ethnicity, "sex": SEX[self.patient.sex]}[table.by]
        untold = text in ("", *table.not_stated) or (table.by == "sex" and text == "unknown")
        bound = table.unknown if untold else next((g.bound for g in table.groups if text in g.texts), table.others)
        return None if bound is None else Fraction(bound)

    def holds(self, condition: r.Condition, definition: r.Definition, record: Record | None = None) -> bool:
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
            case r.CountedBefore():
                return self.counted_before(definition) == condition.counted
            case r.AtLeast():
                met = sum(self.holds(part, definition, record) for part in condition.parts)
                return met >= (len(condition.parts) if condition.least is None else condition.least)
            case _:
                assert record is not None, "asked of the record under test, in a filter"
                return self._holds_of_record(condition, definition, record)

    def _holds_of_record(
        self,
        condition: r.Beside | r.Within | r.WithinRecord | r.InOrder | r.AnswerIn,
        definition: r.Definition,
        record: Record,
    ) -> bool:
        """Whether a condition is true that only a record can be asked."""
        own = days_of(record.event)
        match condition:
            case r.Beside():
                where, relation = condition.where, condition.relation
                visible = self.events(condition.clusters, r.own_parts(where, condition.name))
                events = (self.as_read(event, condition.clusters) for event in visible)
                exists = any(
                    (relation is None or stands(relation, own, days_of(event)))
                    and (where is None or self.holds(where, definition, Record(event, record, condition.name)))
                    for event in events
                )
                return exists != condition.absent
            case r.Within():
                first, last = (self.term(side, definition, record) for side in (condition.first, condition.last))
                return stands(condition.relation, own, Days(_day(first), _day(last)))
            case r.WithinRecord():
                event = self._record(condition.record, definition, record)
                return event is not None and stands(condition.relation, own, days_of(event))
            case r.InOrder():
                event = self._record(condition.other, definition, record)
                day = _day(self._named(condition.other, definition, record))
                other = Moment(event.date, event.time) if event else Moment(day)
                return in_order(condition.order, Moment(record.event.date, record.event.time), other)
            case r.AnswerIn():
                return record.event.answer in self.meaning.codes[condition.cluster]
            case _:
                assert_never(condition)

    def _record(self, name: str, definition: r.Definition, record: Record) -> Event | None:
        """The record of a name: one around the record under test, or the one that a field picks."""
        called = record.called(name)
        return called.event if called else self.picked(name, definition)

    def term(self, term: r.Term, definition: r.Definition, record: Record | None) -> FieldValue:
        """What a term comes to."""
        match term:
            case r.Constant():
                return Fraction(term.value) if isinstance(term.value, Decimal) else term.value
            case r.Text():
                return term.value
            case r.OwnPart():
                assert record is not None, "a part of the record under test, in a filter"
                return record.part(term.part)
            case r.Bound():
                return self.bound(definition.bounds[term.name])
            case r.RecordPart():
                called = record.called(term.record) if record else None
                assert called is not None, "a part of a record around the one under test"
                return called.part(term.part)
            case r.AgeOn():
                day = self.term(term.on, definition, record)
                return Fraction(age(self.patient.born, day)) if isinstance(day, date) else None
            case r.Shift():
                day = self.term(term.term, definition, record)
                if day == OPEN_DAY and self._is_end(term.term, definition):
                    return day  # an end that has not come stays so
                return shifted(day, term.amount, term.unit) if isinstance(day, date) else None
            case r.Name():
                return self._named(term.name, definition, record)
            case _:
                assert_never(term)

    def _is_end(self, term: r.Term, definition: r.Definition) -> bool:
        """Whether a term may be an end that has not come."""
        match term:
            case r.OwnPart() | r.RecordPart():
                return term.part == "end"
            case r.Shift():
                return self._is_end(term.term, definition)
            case r.Name():
                rule_field = definition.fields.get(term.name)
                if isinstance(rule_field, r.Span):
                    return any(self._is_end(r.Name(name), definition) for name in rule_field.names)
                return isinstance(rule_field, r.EndOf)
            case _:
                return False

    def _named(self, name: str, definition: r.Definition, record: Record | None) -> FieldValue:
        """What a name comes to; that of a record under test, or around it, is its date."""
        called = record.called(name) if record else None
        return called.event.date if called else self.value(name, definition)


def _day(value: FieldValue) -> date | None:
    return value if isinstance(value, date) else None
