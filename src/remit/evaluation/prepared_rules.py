"""The conditions and terms of rules as functions, each made once, for `prepared.py`.

Only what is asked most often is written here; every other condition and term is asked of the reference interpreter.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from remit.evaluation.kept import FieldKey, KeptChart
from remit.evaluation.reference.conditions import Conditions, Record
from remit.evaluation.reference.measured import Range
from remit.evaluation.reference.people import age, shifted
from remit.evaluation.reference.spans import Days, days_of, stands
from remit.evaluation.reference.values import FieldValue, compared
from remit.records.model import OPEN_DAY
from remit.rules import model as r

Holds = Callable[[KeptChart, Record | None], bool]
"""A condition, of a patient and the record under test."""
Comes = Callable[[KeptChart, Record | None], FieldValue]
"""A term, likewise."""

_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SAME_EVERY_DAY = ("PAT_DOB", "PAT_SEX")
UNASKED = object()


class Prepared:
    """Conditions and terms as functions, each made once; definitions are told apart by their codes."""

    def __init__(self) -> None:
        self._conditions: dict[tuple[int, str], tuple[r.Condition, Holds]] = {}
        self._terms: dict[tuple[int, str], tuple[r.Term, Comes]] = {}
        self._own_parts: dict[tuple[int, str], tuple[r.Condition, frozenset[str]]] = {}
        self._same: dict[tuple[str, str], bool] = {}
        self._decides: dict[str, bool] = {}
        self._roots: dict[str, str] = {}
        self._names: dict[str, frozenset[str]] = {}
        self._values: dict[tuple[str, str], Comes] = {}
        self._fields: dict[int, r.Field] = {}
        self._clusters_of: dict[str, list[str]] | None = None
        self._numbered = 0

    def condition(self, condition: r.Condition, definition: r.Definition) -> Holds:
        """A condition of a definition as a function."""
        key = id(condition), definition.code
        made = self._conditions.get(key)
        if made is None:
            made = self._conditions[key] = condition, self._condition(condition, definition)
        return made[1]

    def term(self, term: r.Term, definition: r.Definition) -> Comes:
        """A term of a definition as a function."""
        key = id(term), definition.code
        made = self._terms.get(key)
        if made is None:
            made = self._terms[key] = term, self._term(term, definition)
        return made[1]

    def clusters_of(self, codes: Mapping[str, frozenset[str]]) -> Mapping[str, Sequence[str]]:
        """The clusters that a code is of, by the code."""
        if self._clusters_of is None:
            self._clusters_of = {}
            for cluster, those in codes.items():
                for code in those:
                    self._clusters_of.setdefault(code, []).append(cluster)
        return self._clusters_of

    def value(self, name: str, definition: r.Definition) -> Comes:
        """A field, a date of the run or a fact of the patient as a function, which works it out once."""
        code_and_name = definition.code, name
        if code_and_name not in self._values:
            self._values[code_and_name] = self._value(name, definition)
        return self._values[code_and_name]

    def _value(self, name: str, definition: r.Definition) -> Comes:
        key, rule_field = self.key(name, definition), definition.fields.get(name)
        if rule_field is None:
            if name in r.DATES:
                return self._once_a_day(lambda chart, record: chart._fact(name, definition))
            return lambda chart, record: chart._fact(name, definition)
        same = self.same_every_day(name, definition)

        def value(chart: KeptChart, record: Record | None) -> FieldValue:
            values = chart.kept.values if same else chart._values
            found = values.get(key, UNASKED)  # type: ignore[arg-type]
            if found is UNASKED:
                found = values[key] = chart.field(name, rule_field, definition)  # type: ignore[index]
            return found  # type: ignore[return-value]

        return value

    def key(self, name: str, definition: r.Definition) -> FieldKey:
        """How a field is told apart; definitions of one file have the very same fields in common."""
        rule_field = definition.fields.get(name)
        if rule_field is not None and r.filter_of(rule_field) is None and not r.names_of(rule_field):
            self._fields[id(rule_field)] = rule_field
            return "", id(rule_field)
        return definition.code, name

    def own_parts(self, where: r.Condition, name: str) -> frozenset[str]:
        """The parts of its own record that a filter names."""
        key = id(where), name
        made = self._own_parts.get(key)
        if made is None:
            made = self._own_parts[key] = where, frozenset(r.own_parts(where, name))
        return made[1]

    def root(self, definition: r.Definition, registers: Mapping[str, r.Definition]) -> str:
        """The population that a definition starts from below all registers."""
        if definition.code not in self._roots:
            one = definition
            while one.population in registers:
                one = registers[one.population]
            self._roots[definition.code] = one.population
        return self._roots[definition.code]

    # What is the same on every day.

    def same_every_day(self, name: str, definition: r.Definition) -> bool:
        """Whether a field comes to the same on every day on which the same records are seen: it names no day of the
        run, and nothing of the patient that changes with the day."""
        key = definition.code, name
        if key not in self._same:
            self._same[key] = False  # a field that rests on itself is asked of the reference
            rule_field = definition.fields[name]
            where = r.filter_of(rule_field)
            conditions = () if where is None else (where,)
            names = () if where is not None else r.names_of(rule_field)
            self._same[key] = self._never_change(conditions, names, definition, name)
        return self._same[key]

    def decides_the_same_every_day(self, definition: r.Definition) -> bool:
        """Whether the rules of a definition decide the same on every such day."""
        if definition.code not in self._decides:
            conditions = [rule.condition for rule in definition.rules]
            self._decides[definition.code] = self._never_change(conditions, (), definition)
        return self._decides[definition.code]

    def _never_change(
        self, conditions: Iterable[r.Condition], names: Iterable[str], definition: r.Definition, own: str = ""
    ) -> bool:
        named, records = set(names), {own}
        for condition in conditions:
            for part in r.conditions(condition):
                match part:
                    case r.OnRegister() | r.PartsMet() | r.CountedBefore():
                        return False
                    case r.WithinRecord():
                        named.add(part.record)
                    case r.InOrder():
                        named.add(part.other)
                    case r.Beside():
                        records.add(part.name)
                    case _:
                        pass
            named |= {term.name for term in r.terms(condition) if isinstance(term, r.Name)}
        return all(
            self.same_every_day(name, definition) if name in definition.fields and name != own
            else name in _SAME_EVERY_DAY or (name in records and name not in r.NEVER_MISSING)
            for name in named
        )  # fmt: skip

    # Conditions as functions.

    def _condition(self, condition: r.Condition, definition: r.Definition) -> Holds:
        match condition:
            case r.Every():
                return _every([self.condition(part, definition) for part in condition.parts])
            case r.Either():
                return _either([self.condition(part, definition) for part in condition.parts])
            case r.Compare():
                return _compare(
                    self.term(condition.left, definition), condition.op, self.term(condition.right, definition)
                )
            case r.IsNull():
                term, absent = self.term(condition.term, definition), condition.absent
                return lambda chart, record: (term(chart, record) is None) == absent
            case r.OnRegister():
                register, on = condition.register, condition.on
                return lambda chart, record: chart.on_register(register) == on
            case r.Beside():
                return self._beside(condition, definition)
            case r.Within():
                first, last = self.term(condition.first, definition), self.term(condition.last, definition)
                return _within(condition.relation, first, last)
            case _:
                return lambda chart, record: Conditions.holds(chart, condition, definition, record)

    def _beside(self, condition: r.Beside, definition: r.Definition) -> Holds:
        clusters, name, relation, absent = condition.clusters, condition.name, condition.relation, condition.absent
        where = condition.where
        named = frozenset[str]() if where is None else self.own_parts(where, name)
        holds = _always if where is None else self.condition(where, definition)

        def exists(chart: KeptChart, record: Record | None) -> bool:
            assert record is not None, "asked of the record under test, in a filter"
            own = days_of(record.event)
            for visible in chart.events(clusters, named):
                event = chart.as_read(visible, clusters)
                stands_so = relation is None or stands(relation, own, days_of(event))
                if stands_so and holds(chart, Record(event, record, name)):
                    return not absent
            return absent

        return exists

    # Terms as functions.

    def _term(self, term: r.Term, definition: r.Definition) -> Comes:
        match term:
            case r.Constant() | r.Text():
                known = Fraction(term.value) if isinstance(term.value, Decimal) else term.value
                return lambda chart, record: known
            case r.OwnPart(part="date"):
                return _own_date
            case r.AgeOn():
                return _age_on(self.term(term.on, definition))
            case r.Shift():
                return self._shift(term, definition)
            case r.Name():
                return self._name(term.name, definition)
            case _:
                return lambda chart, record: Conditions.term(chart, term, definition, record)

    def _shift(self, term: r.Shift, definition: r.Definition) -> Comes:
        inner, amount, unit = self.term(term.term, definition), term.amount, term.unit

        def moved(chart: KeptChart, record: Record | None) -> FieldValue:
            day = inner(chart, record)
            if day == OPEN_DAY and chart._is_end(term.term, definition):
                return day  # an end that has not come stays so
            return shifted(day, amount, unit) if isinstance(day, date) else None

        return self._once_a_day(moved) if self._of_the_run(term, definition) else moved

    def _name(self, name: str, definition: r.Definition) -> Comes:
        value = self.value(name, definition)
        if name not in self._records(definition):
            return value

        def comes(chart: KeptChart, record: Record | None) -> FieldValue:
            called = record.called(name) if record is not None else None
            return value(chart, None) if called is None else called.event.date

        return comes

    def _of_the_run(self, term: r.Term, definition: r.Definition) -> bool:
        """Whether a term is a day of the run, moved or not: the same for every patient."""
        while isinstance(term, r.Shift):
            term = term.term
        return isinstance(term, r.Name) and term.name in r.DATES and term.name not in self._records(definition)

    def _records(self, definition: r.Definition) -> frozenset[str]:
        """The names that a record under test, or around it, may have."""
        if definition.code not in self._names:
            filters = [where for one in definition.fields.values() if (where := r.filter_of(one)) is not None]
            beside = {part.name for where in filters for part in r.conditions(where) if isinstance(part, r.Beside)}
            self._names[definition.code] = frozenset(beside | definition.fields.keys())
        return self._names[definition.code]

    def _once_a_day(self, comes: Comes) -> Comes:
        self._numbered += 1
        number = self._numbered

        def once(chart: KeptChart, record: Record | None) -> FieldValue:
            found = chart.days.get(number, UNASKED)
            if found is UNASKED:
                found = chart.days[number] = comes(chart, record)
            return found  # type: ignore[return-value]

        return once


def _always(chart: KeptChart, record: Record | None) -> bool:
    return True


def _every(parts: list[Holds]) -> Holds:
    def every(chart: KeptChart, record: Record | None) -> bool:
        for part in parts:  # noqa: SIM110 - a generator takes longer to make than most conditions to ask
            if not part(chart, record):
                return False
        return True

    return every


def _either(parts: list[Holds]) -> Holds:
    def either(chart: KeptChart, record: Record | None) -> bool:
        for part in parts:  # noqa: SIM110 - likewise
            if part(chart, record):
                return True
        return False

    return either


def _compare(left: Comes, op: r.Comparison, right: Comes) -> Holds:
    in_order = _ORDER[op]

    def compare(chart: KeptChart, record: Record | None) -> bool:
        one = left(chart, record)
        if one is None:
            return False
        other = right(chart, record)
        if other is None:
            return False
        if isinstance(one, Range) or isinstance(other, Range):
            return compared(one, op, other)
        return in_order(one, other)

    return compare


def _within(relation: r.Relation, first: Comes, last: Comes) -> Holds:
    def within(chart: KeptChart, record: Record | None) -> bool:
        assert record is not None, "asked of the record under test, in a filter"
        begin, end = first(chart, record), last(chart, record)
        window = Days(begin if isinstance(begin, date) else None, end if isinstance(end, date) else None)
        return stands(relation, days_of(record.event), window)

    return within


def _own_date(chart: KeptChart, record: Record | None) -> FieldValue:
    assert record is not None, "a part of the record under test, in a filter"
    return record.event.date


def _age_on(on: Comes) -> Comes:
    def aged(chart: KeptChart, record: Record | None) -> FieldValue:
        day = on(chart, record)
        return Fraction(age(chart.patient.born, day)) if isinstance(day, date) else None

    return aged
