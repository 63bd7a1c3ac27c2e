"""One definition to decisions and nodes of the plan: names resolved, what is known before any record is read folded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import assert_never

from remit.evaluation.engine import nodes as n
from remit.evaluation.engine.choices import bound
from remit.evaluation.engine.constants import dates_by_name, holds, moved_day, own_period
from remit.evaluation.model import Dates
from remit.records.measures import Measures, shipped_measures
from remit.records.values import possible, unit_key
from remit.rules import model as r

_FACTS = {"PAT_DOB": "dob", "PAT_AGE": "age", "PAT_SEX": "sex", "DEATH_DAT": "died"}


class Resolver:
    """One definition, its names turned into what they stand for."""

    def __init__(
        self,
        definition: r.Definition,
        registers: Mapping[str, r.Definition],
        dates: Dates,
        measures: Measures | None = None,
    ) -> None:
        self.definition = definition
        self.measures = measures or shipped_measures()
        self.dates: dict[str, date | None] = {**dates_by_name(dates)}
        if definition.period is not None:
            self.dates |= own_period(definition.period, dates_by_name(dates))
        self.population = definition.population
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
        return n.Decision(self.definition.code, self.population, tuple(tests), tuple(branches), parts)

    def _days(self, rule: r.Rule) -> tuple[n.Term, ...]:
        """What the day of a PCA is the latest of: the dates of records and of the registration that a rule names."""
        named = sorted(name for name in r.names_in(rule.condition) if name == "REG_DAT" or self._is_date(name))
        return tuple(dict.fromkeys(self.name(name) for name in named))

    def _is_date(self, name: str) -> bool:
        """Whether a name is a field that holds a date."""
        return isinstance(self.definition.fields.get(name), r.Pick | r.DateOf | r.Span | r.Supply)

    # Conditions. `of` is the field whose filter it is; `beside` is within `(any …)`.

    def condition(self, given: r.Condition, of: str = "", beside: bool = False) -> n.Condition:
        match given:
            case r.Every():
                return every(*(self.condition(part, of, beside) for part in given.parts))
            case r.Either():
                return either(*(self.condition(part, of, beside) for part in given.parts))
            case r.Compare():
                return compare(self.term(given.left, of, beside), given.op, self.term(given.right, of, beside))
            case r.IsNull():
                return is_null(self.term(given.term, of, beside), given.absent)
            case r.OnRegister():
                return n.On(given.register, given.on)
            case r.PartsMet():
                parts = tuple(self.condition(part) for part in self.definition.parts[given.parts].values())
                return n.Least(len(parts) if given.least is None else given.least, parts)
            case r.AtLeast():
                parts = tuple(self.condition(part, of, beside) for part in given.parts)
                return n.Least(len(parts) if given.least is None else given.least, parts)
            case r.Beside():
                where = self.condition(given.where, of, True) if given.where is not None else n.TRUE
                return n.Beside(tuple(sorted(set(given.clusters))), where)
            case _:
                assert_never(given)

    def term(self, given: r.Term, of: str = "", beside: bool = False) -> n.Term:
        match given:
            case r.Constant():
                value = given.value
                return n.Const(int(value * n.MICRO) if isinstance(value, Decimal) else value)
            case r.OwnPart():
                return n.Own(given.part)
            case r.Bound():
                return bound(self.definition.bounds[given.name])
            case r.AgeOn():
                on = self.term(given.on, of, beside)
                return on if isinstance(on, n.Missing) else n.Age(on)
            case r.Shift():
                inner = self.term(given.term, of, beside)
                if isinstance(inner, n.Const) and isinstance(inner.value, date):
                    moved = moved_day(inner.value, given.amount, given.unit)
                    return n.Missing() if moved is None else n.Const(moved)
                return inner if isinstance(inner, n.Missing) else n.Shifted(inner, given.amount, given.unit)
            case r.Name():
                return self.name(given.name, of, beside)
            case _:
                assert_never(given)

    def name(self, name: str, of: str = "", beside: bool = False) -> n.Term:
        if beside and name == of:
            return n.Outer()
        if name in self.dates:
            day = self.dates[name]
            return n.Missing() if day is None else n.Const(day)
        if name == "REG_DAT":
            return n.Fact(self.registration)
        if name in _FACTS:
            return n.Fact(_FACTS[name])
        return self.field(name, self.definition.fields[name])

    # Fields.

    def field(self, name: str, given: r.Field) -> n.Term:
        match given:
            case r.Span():
                return n.Extreme(given.which, tuple(self.name(other) for other in given.names))
            case r.DateOf() | r.PartOf():
                reading = self.definition.fields[given.reading]
                assert isinstance(reading, r.ReadingOf)
                part = 0 if isinstance(given, r.DateOf) else 1 + reading.clusters.index(given.cluster)
                return n.Of(self._reading(given.reading, reading), part)
            case r.ReadingOf():
                return n.Of(self._reading(name, given))
            case r.Value():
                on_the_day = compare(n.Own("date"), "=", self.name(given.on))
                where = every(on_the_day, is_null(n.Own("value"), False), *self._unit(given.unit, [given.clusters]))
                return n.Of(n.Summary(given.tie, _slice(given.clusters), where))
            case r.Pick():
                return n.Of(n.Summary(given.which, _slice(given.clusters), self._where(name, given.where)))
            case r.Supply():
                first, last = self.term(given.first), self.term(given.last)
                return n.Of(n.SupplyNode(given.what, _slice(given.clusters), first, last, given.least))
            case r.Tally():
                slice_, where = _slice(given.clusters), self._where(name, given.where)
                if given.thing == "clusters":
                    return n.HowMany(tuple(n.Of(n.Summary("latest", (cluster,), where)) for cluster in slice_))
                return n.Of(n.Summary(given.thing, slice_, where))
            case _:
                assert_never(given)

    def _reading(self, name: str, given: r.ReadingOf) -> n.ReadingNode:
        unit = self._unit(given.unit, [(cluster,) for cluster in given.clusters])
        return n.ReadingNode(given.which, given.clusters, every(self._where(name, given.where), *unit))

    def _unit(self, wanted: str, slices: Iterable[tuple[str, ...]]) -> list[n.Condition]:
        """That a value is in a unit, where one is asked for; with the limits in it for each slice that is read."""
        key = unit_key(self.measures, wanted)
        return [n.UnitIs(key, tuple(limits(self.measures, one, key) for one in slices))] if key else []

    def _where(self, name: str, where: r.Condition | None) -> n.Condition:
        """The filter of a field."""
        return n.TRUE if where is None else self.condition(where, name)


def _slice(clusters: Iterable[str]) -> n.Slice:
    return tuple(sorted(set(clusters)))


def limits(measures: Measures, clusters: Iterable[str], unit: str) -> tuple[int, int]:
    """The lowest and the highest value that can be, in millionths, of what clusters hold, in a unit by its key."""
    lowest, highest = possible(measures, clusters, unit)
    return int(lowest * n.MICRO), int(highest * n.MICRO)


# What is known at once.


def compare(left: n.Term, op: r.Comparison, right: n.Term) -> n.Condition:
    """A comparison, or what it always comes to."""
    if isinstance(left, n.Missing) or isinstance(right, n.Missing):
        return n.FALSE
    if isinstance(left, n.Const) and isinstance(right, n.Const):
        return n.TRUE if holds(left.value, op, right.value) else n.FALSE
    return n.Compare(left, op, right)


def is_null(term: n.Term, absent: bool) -> n.Condition:
    """Whether a term is missing, or the answer where it is known."""
    if isinstance(term, n.Missing | n.Const):
        return n.TRUE if isinstance(term, n.Missing) == absent else n.FALSE
    return n.IsNull(term, absent)


def every(*parts: n.Condition) -> n.Condition:
    """All of the conditions, flat."""
    return _joined(n.Every, parts, n.FALSE)


def either(*parts: n.Condition) -> n.Condition:
    """One of the conditions, flat."""
    return _joined(n.Either, parts, n.TRUE)


def _joined(kind: type[n.Every | n.Either], parts: tuple[n.Condition, ...], settled: n.Condition) -> n.Condition:
    flat: list[n.Condition] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else [part]
    if settled in flat:
        return settled
    return flat[0] if len(flat) == 1 else kind(tuple(flat))
