"""One definition to decisions and nodes of the plan: names resolved, what is known before any record is read folded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal, assert_never

from remit.evaluation.engine import nodes as n
from remit.evaluation.engine.choices import bound
from remit.evaluation.engine.constants import dates_by_name, moved_day, own_period, year_before
from remit.evaluation.engine.folding import compare, either, every, is_null, with_value_in
from remit.evaluation.engine.spans import in_order, stands
from remit.evaluation.model import Dates
from remit.records.measures import Measures, shipped_measures
from remit.records.model import UNASKED
from remit.records.values import possible, unit_key, units_read
from remit.rules import model as r

Records = tuple[str, ...]
_OWN_DAYS = n.Own("date"), n.Own("ends")
_OWN_MOMENT = n.Own("date"), n.Own("time")
_FACTS = {"PAT_DOB": "dob", "PAT_AGE": "age", "PAT_SEX": "sex", "DEATH_DAT": "died"}


_OF_THE_DAY = {"age", "died", "reg", "reg_at_death"}
"""Facts that are others on another day."""


@dataclass(frozen=True)
class Past:
    """A definition as it was so many years before the run: who was on a register, or who was `counted`."""

    definition: r.Definition
    dates: Dates
    moment: int
    counted: bool


class Resolver:
    """One definition, its names turned into what they stand for: in the run's year, or `moment` years before it.

    `past` are the definitions of earlier years that it asks after, by the names that stand for them in the plan.
    """

    def __init__(
        self,
        definition: r.Definition,
        registers: Mapping[str, r.Definition],
        dates: Dates,
        measures: Measures | None = None,
        moment: int = 0,
    ) -> None:
        self.definition, self.registers, self.given, self.moment = definition, registers, dates, moment
        self.past: dict[str, Past] = {}
        self.seen = compare(n.Own("date"), "<=", n.Const(dates.achievement)) if moment else n.TRUE
        self.measures = measures or shipped_measures()
        self.dates: dict[str, date | None] = {**dates_by_name(dates)}
        if definition.period is not None:
            self.dates |= own_period(definition.period, dates_by_name(dates))
        population = definition.population
        self.population = self._register(population) if population in registers else population
        root = definition
        while root.population in registers:
            root = registers[root.population]
        self.registration = "reg_at_death" if root.population == "died in the year" else "reg"

    def decision(self) -> n.Decision:
        tests: list[n.Test] = []
        branches: list[n.Branch] = []
        for rule in self.definition.rules:
            codes: list[int | None] = []
            for branch, action, counts in ((True, rule.then, rule.counts), (False, rule.otherwise, rule.else_counts)):
                if action == "Next rule":
                    codes.append(None)
                    continue
                counts = counts or r.NOT_ACHIEVED
                days = self._days(rule) if counts.category == "pca" else ()
                branches.append(n.Branch(len(branches), rule.number, branch, action, counts, days))
                codes.append(branches[-1].code)
            tests.append(n.Test(self.condition(rule.condition), *codes))
        if not tests:
            branches = [n.Branch(0, 0, True, "Select", r.Counts("achieved"))]
        parts = tuple(
            (part, self.condition(condition))
            for group in self.definition.parts.values()
            for part, condition in group.items()
        )
        return n.Decision(self.definition.code, self.population, tuple(tests), tuple(branches), parts, self.moment)

    def decision_before(self, name: str, counted: bool) -> n.Decision:
        """What was decided in an earlier year, as a register of those who were on it or whom it counted."""
        decision = self.decision()
        branches = [replace(branch, days=()) for branch in decision.branches]
        if counted and not self.definition.is_register:
            branches = [
                replace(one, action="Select" if one.counts.category == "achieved" else "Reject") for one in branches
            ]
        return replace(decision, code=name, branches=tuple(branches), parts=())

    def _register(self, code: str) -> str:
        """What stands for a register in the plan: in an earlier year that year's."""
        if not self.moment:
            return code
        name = f"{code} {self.moment} years before"
        self.past[name] = Past(self.registers[code], self.given, self.moment, counted=False)
        return name

    def _counted_before(self, counted: bool) -> n.Condition:
        before, years = year_before(self.given), self.definition.years
        if before is None or years is None or before.year < years.first:
            return n.FALSE if counted else n.TRUE
        name = f"{self.definition.code} counted {self.moment + 1} years before"
        self.past[name] = Past(self.definition, before, self.moment + 1, counted=True)
        return n.On(name, counted)

    def _fact(self, name: str) -> n.Fact:
        return n.Fact(f"{name}_{self.moment}" if self.moment and name in _OF_THE_DAY else name)

    def _days(self, rule: r.Rule) -> tuple[n.Term, ...]:
        """What the day of a PCA is the latest of: the dates of records and of the registration that a rule names."""
        named = sorted(name for name in r.names_in(rule.condition) if name == "REG_DAT" or self._is_date(name))
        return tuple(dict.fromkeys(self.name(name) for name in named))

    def _is_date(self, name: str) -> bool:
        """Whether a name is a field that holds a date."""
        field = self.definition.fields.get(name)
        return field.is_date if isinstance(field, r.Supply) else isinstance(field, r.Pick | r.DateOf | r.EndOf | r.Span)

    # Conditions. `records` are the names of the records under test, the outermost (its field's own) first.

    def condition(self, condition: r.Condition, records: Records = ()) -> n.Condition:
        match condition:
            case r.Every():
                return every(*(self.condition(part, records) for part in condition.parts))
            case r.Either():
                return either(*(self.condition(part, records) for part in condition.parts))
            case r.Compare():
                return compare(self.term(condition.left, records), condition.op, self.term(condition.right, records))
            case r.IsNull():
                return is_null(self.term(condition.term, records), condition.absent)
            case r.OnRegister():
                return n.On(self._register(condition.register), condition.on)
            case r.CountedBefore():
                return self._counted_before(condition.counted)
            case r.PartsMet():
                parts = tuple(self.condition(part) for part in self.definition.parts[condition.parts].values())
                return n.Least(len(parts) if condition.least is None else condition.least, parts)
            case r.AtLeast():
                parts = tuple(self.condition(part, records) for part in condition.parts)
                return n.Least(len(parts) if condition.least is None else condition.least, parts)
            case r.Beside():
                return self._beside(condition, records)
            case r.Within():
                window = self.term(condition.first, records), self.term(condition.last, records)
                return stands(condition.relation, _OWN_DAYS, window)
            case r.WithinRecord():
                return stands(condition.relation, _OWN_DAYS, self._record_days(condition.record, records))
            case r.InOrder():
                return in_order(condition.order, _OWN_MOMENT, self._moment(condition.other, records))
            case r.AnswerIn():
                return n.AnswerIn(condition.cluster)
            case _:
                assert_never(condition)

    def _beside(self, condition: r.Beside, records: Records) -> n.Condition:
        within = (*records, condition.name)
        where = self.filter(condition.where, within, condition.clusters)
        if condition.relation:
            level = len(records) - 1
            own = n.Outer(level, "date"), n.Outer(level, "ends")
            where = every(stands(condition.relation, own, _OWN_DAYS), where)
        return n.Beside(_slice(condition.clusters), where, condition.absent)

    def filter(self, where: r.Condition | None, records: Records, clusters: Iterable[str] = ()) -> n.Condition:
        """A filter; one that names a part for which records are hidden still does where what it asks is settled.

        It sees the values of its `clusters` in the units of their own limits."""
        if where is None:
            return self.seen
        resolved = self.condition(where, records)
        for unit in self._own_units(clusters):
            resolved = with_value_in(resolved, unit)
        lost = r.own_parts(where, records[-1]) - n.own_parts(resolved)
        for own in (n.Own(part) for part in UNASKED if part in lost):
            resolved = every(resolved, n.Either((n.IsNull(own, True), n.IsNull(own, False))))
        return every(self.seen, resolved) if self.moment else resolved

    def term(self, term: r.Term, records: Records = ()) -> n.Term:
        match term:
            case r.Constant():
                value = term.value
                return n.Const(int(value * n.MICRO) if isinstance(value, Decimal) else value)
            case r.Text():
                return n.Const(term.value)
            case r.OwnPart():
                return n.Own(_part(term.part))
            case r.Bound():
                return bound(self.definition.bounds[term.name], self.seen)
            case r.RecordPart():
                return _part_of_record(term.record, _part(term.part), records)
            case r.AgeOn():
                on = self.term(term.on, records)
                return on if isinstance(on, n.Missing) else n.Age(on)
            case r.Shift():
                inner = self.term(term.term, records)
                if isinstance(inner, n.Const) and isinstance(inner.value, date):
                    moved = moved_day(inner.value, term.amount, term.unit)
                    return n.Missing() if moved is None else n.Const(moved)
                if isinstance(inner, n.Missing):
                    return inner
                return n.Shifted(inner, term.amount, term.unit, _may_not_end(inner))
            case r.Name():
                return self.name(term.name, records)
            case _:
                assert_never(term)

    def name(self, name: str, records: Records = ()) -> n.Term:
        if name in records:
            return _part_of_record(name, "date", records)
        if name in self.dates:
            day = self.dates[name]
            return n.Missing() if day is None else n.Const(day)
        if name == "REG_DAT":
            return self._fact(self.registration)
        if name in _FACTS:
            return self._fact(_FACTS[name])
        return self.field(name, self.definition.fields[name])

    def _record_days(self, name: str, records: Records) -> tuple[n.Term, n.Term]:
        """The first and the last day of a record around the one under test, or of the one that a field picks."""
        if name in records:
            return _part_of_record(name, "date", records), _part_of_record(name, "ends", records)
        return self.name(name), self._part_of_picked(name, "end")

    def _moment(self, name: str, records: Records) -> tuple[n.Term, n.Term]:
        """The day and the time of a record, or of a date, which has none."""
        if name in records:
            return _part_of_record(name, "date", records), _part_of_record(name, "time", records)
        picked = isinstance(self.definition.fields.get(name), r.Pick)
        return self.name(name, records), self._part_of_picked(name, "time") if picked else n.Missing()

    # Fields.

    def field(self, name: str, field: r.Field) -> n.Term:
        match field:
            case r.Span():
                return n.Extreme(field.which, tuple(self.name(other) for other in field.names))
            case r.DateOf() | r.PartOf():
                reading = self.definition.fields[field.reading]
                assert isinstance(reading, r.ReadingOf)
                part = 0 if isinstance(field, r.DateOf) else 1 + reading.clusters.index(field.cluster)
                return n.NodePart(self._reading(field.reading, reading), part)
            case r.EndOf():
                return self._part_of_picked(field.of, "end")
            case r.ReadingOf():
                return n.NodePart(self._reading(name, field))
            case r.Value():
                on_the_day = compare(n.Own("date"), "=", self.name(field.on))
                unit = self._unit(field.unit, [field.clusters]) or self._own_units(field.clusters)
                where = every(self.seen, on_the_day, is_null(n.Own("value"), False), *unit)
                return n.NodePart(n.Summary(field.tie, _slice(field.clusters), where))
            case r.Pick():
                where = self._where(name, field.where, field.clusters)
                return n.NodePart(n.Summary(field.which, _slice(field.clusters), where))
            case r.Supply():
                first, last = self.term(field.first), self.term(field.last)
                until = self.given.achievement if self.moment else None
                return n.NodePart(n.SupplyNode(field.what, _slice(field.clusters), first, last, field.least, until))
            case r.Tally():
                slice_, where = _slice(field.clusters), self._where(name, field.where, field.clusters)
                if field.thing == "clusters":
                    return n.HowMany(tuple(n.NodePart(n.Summary("latest", (cluster,), where)) for cluster in slice_))
                return n.NodePart(n.Summary(field.thing, slice_, where))
            case _:
                assert_never(field)

    def _reading(self, name: str, field: r.ReadingOf) -> n.ReadingNode:
        unit = self._unit(field.unit, [(cluster,) for cluster in field.clusters])
        return n.ReadingNode(field.which, field.clusters, every(self._where(name, field.where), *unit))

    def _unit(self, unit: str, slices: Iterable[tuple[str, ...]]) -> list[n.Condition]:
        """That a value is in a unit, where one is asked for; with the limits in it for each slice that is read."""
        key = unit_key(self.measures, unit)
        return [n.UnitIs(key, tuple(limits(self.measures, one, key) for one in slices))] if key else []

    def _own_units(self, clusters: Iterable[str]) -> list[n.Condition]:
        """That a value is in none or in one of the units of its clusters' own limits, where there are some."""
        slice_ = _slice(clusters)
        span = (limits(self.measures, slice_, ""),)
        keys = sorted(units_read(self.measures, slice_, frozenset([""])) - {""})
        return [either(*(n.UnitIs(key, span) for key in keys))] if keys else []

    def _part_of_picked(self, name: str, what: Literal["end", "time"]) -> n.NodePart:
        """The end or the time of the one record that a field picks."""
        field = self.definition.fields[name]
        assert isinstance(field, r.Pick)
        how: dict[tuple[str, str], n.How] = {
            ("end", "latest"): "end of latest", ("end", "earliest"): "end of earliest",
            ("time", "latest"): "time of latest", ("time", "earliest"): "time of earliest",
        }  # fmt: skip
        where = self._where(name, field.where, field.clusters)
        return n.NodePart(n.Summary(how[what, field.which], _slice(field.clusters), where))

    def _where(self, name: str, where: r.Condition | None, clusters: Iterable[str] = ()) -> n.Condition:
        """The filter of a field."""
        return self.filter(where, (name,), clusters)


def _part(part: r.Own) -> n.Part:
    return "ends" if part == "end" else part


def _part_of_record(name: str, part: n.Part, records: Records) -> n.Term:
    """A part of the nearest record of a name: the one under test, or one around it."""
    level = max(at for at, one in enumerate(records) if one == name)
    return n.Own(part) if level == len(records) - 1 else n.Outer(level, part)


def _may_not_end(term: n.Term) -> bool:
    """Whether a date may be an end that has not come."""
    match term:
        case n.Own() | n.Outer():
            return term.part == "ends"
        case n.NodePart():
            return isinstance(term.node, n.Summary) and term.node.how in ("end of latest", "end of earliest")
        case n.Shifted():
            return term.endless
        case n.Extreme():
            return any(map(_may_not_end, term.terms))
        case _:
            return False


def _slice(clusters: Iterable[str]) -> n.Slice:
    return tuple(sorted(set(clusters)))


def limits(measures: Measures, clusters: Iterable[str], unit: str) -> tuple[int, int]:
    """The lowest and the highest value that can be, in millionths, of what clusters hold, in a unit by its key."""
    lowest, highest = possible(measures, clusters, unit)
    return int(lowest * n.MICRO), int(highest * n.MICRO)
