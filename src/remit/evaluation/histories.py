"""The values over time that a definition holds to a limit, such as blood pressure, with the limit and the window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from remit.evaluation.reference import PatientChart, Reading
from remit.evaluation.reference.measured import Number, read_in
from remit.evaluation.reference.values import readings
from remit.rules import model as r


@dataclass(frozen=True)
class Measured:
    """One value of a day; of a half of a reading, `whole` has all of its halves."""

    day: date
    value: Number
    whole: tuple[Number, ...]


@dataclass(frozen=True)
class History:
    """All values that a field could have been, oldest first: what achieves is held to `limits`, between the days of
    `window`."""

    field: str
    values: tuple[Measured, ...]
    limits: tuple[tuple[r.Comparison, Fraction], ...]
    window: tuple[date, date] | None


def histories(chart: PatientChart, definition: r.Definition) -> tuple[History, ...]:
    """The histories of the fields that the selecting rules hold to a number."""
    limits: dict[str, dict[tuple[r.Comparison, Fraction], None]] = {}
    windows: dict[str, tuple[date, date]] = {}
    for rule in definition.rules:
        if rule.then != "Select":
            continue
        compared = [part for part in r.conditions(rule.condition) if isinstance(part, r.Compare)]
        for part in compared:
            match part:
                case r.Compare(left=r.Name(name=name), op=op, right=r.Constant(value=Decimal() as limit)):
                    if isinstance(definition.fields.get(name), r.Value | r.PartOf):
                        limits.setdefault(name, {})[op, Fraction(limit)] = None
                        window = next(_windows(chart, definition, compared, name), None)
                        if window:
                            windows.setdefault(name, window)
                case _:
                    pass
    result = []
    for name, own in limits.items():
        values = tuple(sorted(_values(chart, definition, name), key=lambda one: one.day))
        if values:
            result.append(History(name, values, tuple(own), windows.get(name)))
    return tuple(result)


def _windows(
    chart: PatientChart, definition: r.Definition, compared: list[r.Compare], name: str
) -> Iterator[tuple[date, date]]:
    """The windows in which the same rule asks the day of a value to lie."""
    base = _under(definition, name)
    for part in compared:
        match part:
            case r.Compare(left=r.Name(name=dated), op=(">" | ">=") as op, right=r.Shift() as term):
                day = chart.term(term, definition, None)
                last = chart.term(term.term, definition, None)
                if isinstance(day, date) and isinstance(last, date) and _under(definition, dated) & base:
                    yield day + timedelta(days=op == ">"), last
            case _:
                pass


def _under(definition: r.Definition, name: str) -> set[str]:
    """The fields with records that a field rests on, but for what their filters ask."""
    rule_field = definition.fields.get(name)
    match rule_field:
        case r.Pick() | r.ReadingOf() | r.Tally() | r.Supply():
            return {name}
        case None:
            return set()
        case _:
            return set().union(*(_under(definition, other) for other in r.names_of(rule_field)))


def _values(chart: PatientChart, definition: r.Definition, name: str) -> Iterator[Measured]:
    rule_field = definition.fields[name]
    match rule_field:
        case r.Value():
            for event in chart.events(rule_field.clusters):
                value = read_in(chart.meaning.measures, event, rule_field.clusters, rule_field.unit)
                if value is not None:
                    yield Measured(event.date, value, (value,))
        case r.PartOf(cluster=cluster, reading=reading):
            field = definition.fields[reading]
            assert isinstance(field, r.ReadingOf), "a half is of a reading"
            passing = chart.passing(reading, field.clusters, field.where, definition)
            one: Reading
            for one in readings(passing, field, chart.read_half):
                yield Measured(one.day, dict(one.values)[cluster], tuple(value for _, value in one.values))
        case _:
            return
