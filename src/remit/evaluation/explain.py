"""Why a patient was counted: the rule table with the values that each rule read, and the records behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import assert_never

from remit.core.rounding import exact_text
from remit.evaluation.histories import History, histories
from remit.evaluation.model import Outcome
from remit.evaluation.reasons import Because, days_named, deciding_reasons
from remit.evaluation.reference import FieldValue, PatientChart, Range, Reading, Step
from remit.evaluation.reference.conditions import unseen
from remit.evaluation.reference.measured import BESIDE, BEYOND, why_not_read
from remit.records.model import OPEN_DAY, UNKNOWN_DAY, Event
from remit.rules import model as r
from remit.rules.definitions import registers_of
from remit.rules.values_read import read_by
from remit.terminology.systems import shown


@dataclass(frozen=True)
class Line:
    """One rule as it ran: its text, the value of each name in it, and what followed."""

    number: int
    text: str
    words: str
    values: tuple[tuple[str, str], ...]
    reached: bool
    true: bool
    action: str
    counts: str
    decided: bool


@dataclass(frozen=True)
class Record:
    """A record behind a field: when, which code, in which cluster, with what value."""

    field: str
    cluster: str
    event: Event


@dataclass(frozen=True)
class Unseen:
    """A record of a cluster that the deciding rule asks for, which no field of it saw, and why."""

    cluster: str
    event: Event
    why: str


@dataclass(frozen=True)
class Explanation:
    """One patient under one definition. Without an outcome the patient is outside the population, and `why` says so."""

    definition: r.Definition
    patient: str
    outcome: Outcome | None
    why: str
    lines: tuple[Line, ...]
    records: tuple[Record, ...]
    registers: tuple[Explanation, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    because: tuple[Because, ...] = ()
    """The parts of the rules that decided."""
    values: Mapping[str, FieldValue] = field(default_factory=dict)
    """What each field came to, and what the rules ask of the patient."""
    behind: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    """The records that each field rests on."""
    days: Mapping[r.Term, date] = field(default_factory=dict)
    """What the days came to that the rules and the filters name."""
    died: date | None = None
    histories: tuple[History, ...] = ()
    """The values over time that the rules hold to a limit."""

    @property
    def flags(self) -> tuple[Unseen, ...]:
        """What somebody should look at: records that the rules do not see, and those of a day or an end that is not
        known."""
        records = dict.fromkeys([*self.records, *(one for those in self.behind.values() for one in those)])
        undated = dict.fromkeys(
            Unseen(one.cluster, one.event, "its day is not known" if one.event.date == UNKNOWN_DAY else _NO_END)
            for one in records
            if one.event.date == UNKNOWN_DAY or one.event.lasts == "unknown"
        )
        return (*self.unseen, *undated)

    @property
    def result(self) -> str:
        """The outcome in a line."""
        if self.definition.is_register:
            return "on the register" if self.outcome else "not on the register"
        if self.outcome is None:
            return f"not in the population: {self.why}"
        branch = "true" if self.outcome.branch else "false"
        rule = f"rule {self.outcome.rule}, {branch}: " if self.outcome.rule else ""
        return f"{rule}{self.outcome.counts}"


def explain(chart: PatientChart, definition: r.Definition) -> Explanation:
    """Run one definition for one patient and keep every value that it read; with it the registers that it rests on."""
    explanation = _run(chart, definition)
    if not chart.in_population(definition):
        return explanation
    names = (*definition.fields, *_OF_THE_PATIENT)
    return replace(
        explanation,
        values={name: chart.value(name, definition) for name in names},
        behind={name: tuple(_records(chart, definition, name, each)) for name, each in definition.fields.items()},
        days=days_named(chart, definition),
        died=chart.patient.died,
        histories=histories(chart, definition),
    )


_OF_THE_PATIENT = ("PAT_AGE", "PAT_SEX", "PAT_DOB", "REG_DAT", "DEATH_DAT")


def _run(chart: PatientChart, definition: r.Definition) -> Explanation:
    steps: list[Step] = []
    register_codes = sorted(registers_of(definition), key=lambda code: (code != definition.population, code))
    registers = tuple(explain(chart, chart.meaning.registers[code]) for code in register_codes)
    if not chart.in_population(definition):
        lines = _lines(chart, definition, [], None)
        return Explanation(definition, chart.patient.id, None, _outside(definition), lines, (), registers)
    if definition.is_register:
        action, rule, branch = chart.decide(definition, steps)
        counts = r.Counts("achieved" if action == "Select" else "exclusion")
        decided: Outcome | None = Outcome(definition.code, rule.number if rule else 0, branch, counts)
        outcome = decided if action == "Select" else None
    else:
        outcome = decided = chart.outcome(definition, steps)
    rule = steps[-1].rule if steps else None
    fields = list(_fields_of(definition, rule)) if rule else []
    records = tuple(record for name in fields for record in _records(chart, definition, name, definition.fields[name]))
    tried = list(dict.fromkeys(name for step in steps for name in _fields_of(definition, step.rule)))
    unseen = (
        *_unseen(chart, definition, fields, records),
        *_unread(chart, definition, tried),
        *_endless(chart, definition, tried, records),
        *_late(chart, definition, tried),
    )
    why = "" if outcome else "the register's rules did not select"
    lines = _lines(chart, definition, steps, decided)
    because = deciding_reasons(chart, definition, rule, decided.branch) if rule and decided else ()
    return Explanation(definition, chart.patient.id, outcome, why, lines, records, registers, unseen, because)


def _outside(definition: r.Definition) -> str:
    if definition.population == "registered":
        return "not registered with the practice on the achievement date"
    if definition.population == "died in the year":
        return "did not die in the year while registered with the practice"
    return f"not on {definition.population}"


def _lines(
    chart: PatientChart, definition: r.Definition, steps: list[Step], outcome: Outcome | None
) -> tuple[Line, ...]:
    tried = {step.rule.number: step for step in steps}
    lines = []
    for rule in definition.rules:
        step = tried.get(rule.number)
        true = step is not None and step.true
        action = rule.then if true else rule.otherwise
        counts = rule.counts if true else rule.else_counts
        decided = outcome is not None and outcome.rule == rule.number
        counts_as = "" if action == "Next rule" or definition.is_register else str(counts or r.NOT_ACHIEVED)
        values = tuple((name, value_text(value)) for name, value in step.values.items()) if step else ()
        register_codes = _registers_in(rule.condition, definition) if step else []
        values += tuple((f"on {code}", "yes" if chart.on_register(code) else "no") for code in register_codes)
        lines.append(
            Line(rule.number, rule.text, rule.words, values, step is not None, true, action, counts_as, decided)
        )
    return tuple(lines)


def _registers_in(condition: r.Condition, definition: r.Definition) -> list[str]:
    """The registers that a condition asks after, by itself or by the parts that it names."""
    registers: set[str] = set()
    for part in r.conditions(condition):
        if isinstance(part, r.OnRegister):
            registers.add(part.register)
        elif isinstance(part, r.PartsMet):
            registers.update(*(_registers_in(one, definition) for one in definition.parts[part.parts].values()))
    return sorted(registers)


def _fields_of(definition: r.Definition, rule: r.Rule) -> Iterator[str]:
    """The fields that a rule rests on, and those that they rest on in their turn."""
    waiting = sorted(r.names_in(rule.condition) | _in_parts(rule.condition, definition))
    done: set[str] = set()
    while waiting:
        name = waiting.pop(0)
        if name in done or name not in definition.fields:
            continue
        done.add(name)
        yield name
        waiting += sorted(r.names_of(definition.fields[name]))


def _records(chart: PatientChart, definition: r.Definition, name: str, rule_field: r.Field) -> Iterator[Record]:
    """The records that a field itself rests on; none where it only looks at other fields."""
    value = chart.value(name, definition)
    match rule_field:
        case r.ReadingOf():
            events = list(value.events) if isinstance(value, Reading) else []
        case r.Value():
            day = chart.value(rule_field.on, definition)
            events = [event for event in chart.events(rule_field.clusters) if event.date == day]
        case r.Pick():
            passing = chart.passing(name, rule_field.clusters, rule_field.where, definition)
            events = [event for event in passing if event.date == value]
        case r.Supply():
            events = chart.supplies(rule_field, definition)
        case r.Tally():
            events = chart.passing(name, rule_field.clusters, rule_field.where, definition)
        case r.DateOf() | r.EndOf() | r.PartOf() | r.Span():
            return
        case _:
            assert_never(rule_field)
    for event in events:
        cluster = next(c for c in rule_field.clusters if chart.is_in(event, c))
        yield Record(name, cluster, event)


def _unseen(
    chart: PatientChart, definition: r.Definition, fields: list[str], records: tuple[Record, ...]
) -> Iterator[Unseen]:
    """The records of the fields' clusters that did not happen, are planned or of another system, but for those that one
    sees."""
    clusters = sorted({name for field in fields for name in r.clusters_of(definition.fields[field])})
    used, last = [record.event for record in records], chart.meaning.dates.achievement
    for event in chart.patient.events:
        named = [name for name in clusters if event.code in chart.meaning.codes[name]] if event not in used else []
        if named and event.date <= last:
            its = [name for name in named if chart.is_in(event, name)]
            why = unseen(event).replace("-", " ")
            if not its:
                why = f"a code of {shown(event.system)}, and the cluster's is not"
            if why:
                yield Unseen((its or named)[0], event, why)


def _unread(chart: PatientChart, definition: r.Definition, fields: list[str]) -> Iterator[Unseen]:
    """The records whose values no field of the tried rules reads: they are in another unit, or impossible."""
    reads: dict[tuple[str, ...], set[str]] = {}
    for name in fields:
        for clusters, units in read_by(name, definition.fields[name]):
            reads.setdefault(clusters, set()).update(units)
    for clusters, units in reads.items():
        for event in chart.events(clusters):
            if event.value is not None and (why := why_not_read(chart.meaning.measures, event, clusters, units)):
                cluster = next(name for name in clusters if chart.is_in(event, name))
                yield Unseen(cluster, event, f"value not read: {why}")


def _endless(
    chart: PatientChart, definition: r.Definition, fields: list[str], records: tuple[Record, ...]
) -> Iterator[Unseen]:
    """The records of an unknown end that a field asks for, without those that the rule rests on."""
    shown_before = [record.event for record in records]
    picks = {name: field.clusters for name, field in definition.fields.items() if isinstance(field, r.Pick)}
    for name in fields:
        field = definition.fields[name]
        if isinstance(field, r.Pick | r.ReadingOf | r.Tally) and field.where is not None:
            for clusters in _ends_compared(field.clusters, field.where, {**picks, name: field.clusters}):
                for event in chart.events(clusters):
                    if event.lasts == "unknown" and event not in shown_before:
                        shown_before.append(event)
                        cluster = next(one for one in clusters if chart.is_in(event, one))
                        yield Unseen(cluster, event, "its end is not known, and the rules ask for it")


def _late(chart: PatientChart, definition: r.Definition, fields: list[str]) -> Iterator[Unseen]:
    """The records of the fields' clusters that are dated after the achievement date."""
    clusters = sorted({name for field in fields for name in r.clusters_of(definition.fields[field])})
    for event in chart.patient.events:
        if event.date > chart.meaning.dates.achievement and not unseen(event):
            its = [name for name in clusters if chart.is_in(event, name)]
            if its:
                yield Unseen(its[0], event, "after the achievement date")


_NO_END = "its end is not known"
_Clusters = tuple[str, ...]


def _ends_compared(own: _Clusters, where: r.Condition, named: dict[str, _Clusters]) -> Iterator[_Clusters]:
    """The clusters whose records' ends a filter asks for; `named` are those of the records that have a name."""
    for part in r.conditions(where, beside=False):
        match part:
            case r.Beside():
                if part.relation:
                    yield own if part.relation != "starts in" else ()
                    yield part.clusters
                if part.where is not None:
                    yield from _ends_compared(part.clusters, part.where, {**named, part.name: part.clusters})
            case r.WithinRecord():
                yield own if part.relation != "starts in" else ()
                yield named.get(part.record, ())
            case r.Within() | r.Compare():
                if isinstance(part, r.Within) and part.relation != "starts in":
                    yield own
                for term in r.terms(part):
                    if isinstance(term, r.OwnPart | r.RecordPart) and term.part == "end":
                        yield own if isinstance(term, r.OwnPart) else named.get(term.record, ())


def _in_parts(condition: r.Condition, definition: r.Definition) -> set[str]:
    groups = [part.parts for part in r.conditions(condition) if isinstance(part, r.PartsMet)]
    return {name for group in groups for part in definition.parts[group].values() for name in r.names_in(part)}


def value_text(value: FieldValue) -> str:
    """A value as the table shows it."""
    match value:
        case None:
            return "Null"
        case Reading():
            return f"{value.day} {'/'.join(value_text(number) for _, number in value.values)}"
        case Fraction():
            return exact_text(value, most=4)
        case Range():
            return range_text(value)
        case date():
            return "open" if value == OPEN_DAY else value.isoformat()
        case str():
            return value
        case _:
            assert_never(value)


def range_text(value: Range) -> str:
    """A range as a laboratory writes it: `>130`, `<=20`; one with two ends as `50 to 60`."""
    low, strictly_above = _end(value.low, BESIDE)
    high, strictly_below = _end(value.high, -BESIDE)
    if value.high == BEYOND:
        return f"{'>' if strictly_above else '>='}{low}"
    if value.low == -BEYOND:
        return f"{'<' if strictly_below else '<='}{high}"
    return f"{low} to {high}"


def _end(end: Fraction, beside: Fraction) -> tuple[str, bool]:
    """The number at an end as it is written, and whether the end lies beside it."""
    lies_beside = (end * 10**6).denominator == 2
    return exact_text(end - beside if lies_beside else end, most=6), lies_beside
