"""Generated rules over generated records: every node of the language has a generator here, or a test fails.

Conditions are typed as the reader of rule files would have them, so that whatever is made here could be written in one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from hypothesis import strategies as st
from tests.generative.event_made import SYSTEMS, more

from remit.core.dates import SchemeYear
from remit.evaluation.model import Dates, Meaning
from remit.records.model import COMPARATORS, EPISODES, SEXES, UNKNOWN_DAY, Event, Patient, Registration
from remit.rules import model as r
from remit.rules.condition_checks import backwards
from remit.rules.years import Years

CODES = {
    "A_COD": frozenset({"a1", "ä2", "both"}),
    "B_COD": frozenset({"b1", "both"}),
    "C_COD": frozenset({"c1", "\N{GRINNING FACE}", "C1"}),
    "D_COD": frozenset({"d'1", "both"}),
}
UNSEEN = ("x1", "x2")
"""Codes of no cluster."""
DATES = Dates(date(2025, 3, 31), date(2024, 4, 1), date(2025, 3, 31))
BOUNDARIES = (
    date(2024, 3, 31), date(2024, 4, 1), date(2025, 3, 31), date(2025, 4, 1), date(2024, 6, 30), date(2024, 7, 1),
    date(2024, 2, 29), date(2023, 8, 31), date(2024, 9, 30), date(2024, 9, 7), date(2024, 9, 14),
)  # fmt: skip

days = st.one_of(st.sampled_from(BOUNDARIES), st.dates(date(2022, 1, 1), date(2025, 6, 30)))
far_days = days | st.sampled_from((date.min, date(1, 2, 28), UNKNOWN_DAY, date(9999, 11, 30), date.max))
LONG = ("999999999999.999999", "-999999999999.999999", "999999999999.999998", "0.000001", "-0.000001")
"""As large and as small as a value can be."""
EDGES = ("19.999999", "20", "350", "350.000001", "0.199999", "0.2", "100", "100.000001", "500.000001")
"""Values at the limits of mmHg, kg and %, and beside them."""
_VALUES = [Decimal(v) for v in ("-1", "0", "0.7", "7.5", "58", "58.0", "85", "140", *EDGES, *LONG)]
values = st.sampled_from([None, None, *_VALUES])
clusters = st.lists(st.sampled_from(sorted(CODES)), min_size=1, max_size=3, unique=True).map(tuple)
numbers = st.sampled_from([Decimal(v) for v in ("-2.5", "0", "1", "2", "7.5", "18", "20", "58", "64", "140", *LONG)])
UNITS = ("", "mmHg", "MM[hg]", "%", "\N{MICRO SIGN}g", "kg")
"""Of rules."""
WRITTEN_UNITS = (
    "", "", "", "", "mmHg", "mmHg", "mm[Hg]", "mm Hg", "%",
    "\N{GREEK SMALL LETTER MU}G", "\N{KELVIN SIGN}g", "[ ]", "ß", "SS",
)  # fmt: skip
"""Of records."""


_KNOWN = (*r.DATES, "PAT_DOB", "REG_DAT", "DEATH_DAT")


@dataclass(frozen=True)
class Scope:
    """What a condition may name: dates and numbers, registers, parts; in a filter, its own record and field."""

    dates: tuple[str, ...] = _KNOWN
    numbers: tuple[str, ...] = ("PAT_AGE",)
    readings: tuple[tuple[str, tuple[str, ...]], ...] = ()
    registers: tuple[str, ...] = ()
    bounds: tuple[str, ...] = ("OBESE", "LIPID")
    parts: tuple[tuple[str, int], ...] = ()
    of: str = ""
    records: tuple[str, ...] = ()
    """Within `(any …)` the names of the records around: the field's own, and those that have one."""
    far: bool = False
    """Whether dates are moved out of the calendar."""
    fields: dict[str, r.Field] = field(default_factory=dict)

    @property
    def own(self) -> tuple[str, ...]:
        """The dates that are fields."""
        return self.dates[len(_KNOWN) :]

    @property
    def named(self) -> tuple[str, ...]:
        """The dates that may be named here: within `(any …)` those of the records too."""
        return (*self.dates, *self.records)

    @property
    def picked(self) -> tuple[str, ...]:
        """The fields that pick a record."""
        return tuple(name for name, given in self.fields.items() if isinstance(given, r.Pick))


# Terms, of dates and of numbers.


def _name(draw, scope: Scope, kind: r.Kind) -> r.Term:
    if kind == "date":
        return r.Name(draw(st.sampled_from((*scope.named, *scope.own * 2))))
    return r.Name(draw(st.sampled_from((*scope.numbers, *scope.numbers[1:] * 2))))


def _constant(draw, scope: Scope, kind: r.Kind) -> r.Term:
    return r.Constant(draw((far_days if scope.far else days) if kind == "date" else numbers))


def _own(draw, scope: Scope, kind: r.Kind) -> r.Term:
    part: r.Own = draw(st.sampled_from(["date", "end"])) if kind == "date" else "value"
    return r.OwnPart(part) if scope.of else _name(draw, scope, kind)


def _of_record(draw, scope: Scope, kind: r.Kind) -> r.Term:
    if not scope.records:
        return _own(draw, scope, kind)
    part: r.Own = draw(st.sampled_from(["date", "end", "end"])) if kind == "date" else "value"
    return r.RecordPart(part, draw(st.sampled_from(scope.records)))


def _text(draw, scope: Scope, kind: r.Kind) -> r.Term:
    return r.Text(draw(st.sampled_from(ANSWERS))) if kind == "answer" else _constant(draw, scope, kind)


def _age(draw, scope: Scope, kind: r.Kind) -> r.Term:
    if kind == "date":
        return _name(draw, scope, kind)
    on = draw(st.sampled_from([_name, _name, _constant, _own, _shift, _of_record]))
    return r.AgeOn(on(draw, scope, "date"))


def _shift(draw, scope: Scope, kind: r.Kind) -> r.Term:
    if kind == "number":
        return _constant(draw, scope, kind)
    unit = draw(st.sampled_from(["day", "week", "month", "year"]))
    amount = draw(st.integers(-13, 13) | st.integers(-99_999, 99_999) if scope.far else st.integers(-13, 13))
    return r.Shift(term(draw, scope, "date"), amount, unit)


def _bound(draw, scope: Scope, kind: r.Kind) -> r.Term:
    return r.Bound(draw(st.sampled_from(scope.bounds))) if kind == "number" else _name(draw, scope, kind)


TERMS = {
    r.Bound: _bound, r.Name: _name, r.Constant: _constant, r.OwnPart: _own, r.RecordPart: _of_record, r.Text: _text,
    r.AgeOn: _age, r.Shift: _shift,
}  # fmt: skip


def term(draw, scope: Scope, kind: r.Kind) -> r.Term:
    """A date or a number."""
    return TERMS[draw(st.sampled_from(list(TERMS)))](draw, scope, kind)


# Conditions.

ANSWERS = ("a1", "b1", "LA1-2", "é", "it's", "female", "Null")
_WORDS: dict[str, r.Own] = {"episode": "episode", "status": "status", "negation": "negation", "answer": "answer"}


def _word(draw, kind: str) -> r.Term:
    if kind == "answer":
        return r.Text(draw(st.sampled_from(ANSWERS)))
    seen = [word for word in r.STATUSES if word not in r.UNSEEN]
    known = {"status": seen, "negation": r.NEGATIONS, "episode": r.EPISODES}
    return r.Constant(draw(st.sampled_from(known[kind])))


def _compare(draw, scope: Scope, depth: int) -> r.Condition:
    kind = draw(st.sampled_from(["date", "date", "number", "sex", "episode", "status", "negation", "answer"]))
    if kind == "sex":
        op = draw(st.sampled_from(["=", "<>"]))
        return r.Compare(r.Name("PAT_SEX"), op, r.Constant(draw(st.sampled_from(r.SEXES))))
    if kind in _WORDS and scope.of:
        op, part = draw(st.sampled_from(["=", "<>"])), _WORDS[kind]
        if scope.records and part != "negation" and draw(st.booleans()):
            return r.Compare(r.RecordPart(part, draw(st.sampled_from(scope.records))), op, r.OwnPart(part))
        return r.Compare(r.OwnPart(part), op, _word(draw, kind))
    wanted: r.Kind = "number" if kind == "number" else "date"
    op = draw(st.sampled_from(["=", "<>", "<", "<=", ">", ">="]))
    if scope.records and draw(st.booleans()):
        return r.Compare(_own(draw, scope, wanted), op, _of_record(draw, scope, wanted))
    return r.Compare(term(draw, scope, wanted), op, term(draw, scope, wanted))


def _null(draw, scope: Scope, depth: int) -> r.Condition:
    missing = [name for name in (*scope.dates, *scope.numbers) if name not in r.NEVER_MISSING]
    missing = [name for name in missing if not isinstance(scope.fields.get(name), r.Tally)]
    terms: list[r.Term] = [r.Name(name) for name in missing]
    terms += [r.AgeOn(r.Name("DEATH_DAT")), r.Shift(r.Name("DEATH_DAT"), 1, "year")]
    terms += [r.Name(name) for name, _ in scope.readings]
    if scope.of:
        terms += [r.OwnPart(part) for part in ("value", "episode", "end", "status", "negation", "answer")]
    terms += [r.RecordPart("end", name) for name in scope.records]
    return r.IsNull(draw(st.sampled_from(terms)), draw(st.booleans()))


def _on(draw, scope: Scope, depth: int) -> r.Condition:
    if not scope.registers:
        return _null(draw, scope, depth)
    return r.OnRegister(draw(st.sampled_from(scope.registers)), draw(st.booleans()))


def _parts(draw, scope: Scope, depth: int) -> r.Condition:
    if not scope.parts or scope.of:
        return _compare(draw, scope, depth)
    group, many = draw(st.sampled_from(scope.parts))
    return r.PartsMet(group, draw(st.none() | st.integers(1, many)))


def _at_least(draw, scope: Scope, depth: int) -> r.Condition:
    many = draw(st.integers(2, 4))
    parts = tuple(condition(draw, scope, depth - 1) for _ in range(many))
    return r.AtLeast(draw(st.none() | st.integers(1, many)), parts)


def _beside(draw, scope: Scope, depth: int) -> r.Condition:
    if not scope.of:
        return _compare(draw, scope, depth)
    name = draw(st.sampled_from(["", f"B{len(scope.records)}"]))
    records = (*(scope.records or (scope.of,)), *((name,) if name else ()))
    where = condition(draw, replace(scope, records=records), depth - 1) if draw(st.booleans()) else None
    relation = draw(st.none() | st.sampled_from(RELATIONS))
    return r.Beside(draw(clusters), where, name, draw(st.booleans()) if relation is None else False, relation)


RELATIONS: tuple[r.Relation, ...] = ("overlaps", "during", "starts in", "ends in")


def _window(draw, scope: Scope) -> tuple[r.Term, r.Term]:
    """The days of a window: one that surely ends before it begins is refused, and is turned round here."""
    first, last = term(draw, scope, "date"), term(draw, scope, "date")
    return (last, first) if backwards(first, last) else (first, last)


def _within(draw, scope: Scope, depth: int) -> r.Condition:
    if not scope.of:
        return _compare(draw, scope, depth)
    first, last = _window(draw, scope)
    return r.Within(draw(st.sampled_from(RELATIONS)), first, last)


def _within_record(draw, scope: Scope, depth: int) -> r.Condition:
    records = (*scope.records, *scope.picked)
    if not scope.of or not records:
        return _within(draw, scope, depth)
    return r.WithinRecord(draw(st.sampled_from(RELATIONS)), draw(st.sampled_from(records)))


def _in_order(draw, scope: Scope, depth: int) -> r.Condition:
    if not scope.of:
        return _compare(draw, scope, depth)
    order = draw(st.sampled_from(["before", "after"]))
    return r.InOrder(order, draw(st.sampled_from((*scope.named, *(*scope.records, *scope.picked) * 3))))


def _answer_in(draw, scope: Scope, depth: int) -> r.Condition:
    return r.AnswerIn(draw(st.sampled_from(sorted(CODES)))) if scope.of else _compare(draw, scope, depth)


def _every(draw, scope: Scope, depth: int) -> r.Condition:
    return r.Every(tuple(condition(draw, scope, depth - 1) for _ in range(draw(st.integers(2, 3)))))


def _either(draw, scope: Scope, depth: int) -> r.Condition:
    return r.Either(tuple(condition(draw, scope, depth - 1) for _ in range(draw(st.integers(2, 3)))))


def _counted_before(draw, scope: Scope, depth: int) -> r.Condition:
    return r.CountedBefore(draw(st.booleans()))


CONDITIONS = {
    r.Compare: _compare, r.IsNull: _null, r.OnRegister: _on, r.PartsMet: _parts, r.AtLeast: _at_least,
    r.CountedBefore: _counted_before,
    r.Beside: _beside, r.Within: _within,
    r.WithinRecord: _within_record, r.InOrder: _in_order, r.AnswerIn: _answer_in, r.Every: _every, r.Either: _either,
}  # fmt: skip
_FLAT = [kind for kind in CONDITIONS if kind not in (r.Every, r.Either, r.AtLeast, r.Beside)]


def condition(draw, scope: Scope, depth: int = 2) -> r.Condition:
    """A condition that the scope allows."""
    kind = draw(st.sampled_from(list(CONDITIONS) if depth > 0 else _FLAT))
    return CONDITIONS[kind](draw, scope, depth)


# Fields.


def _where(draw, scope: Scope, name: str) -> r.Condition | None:
    return condition(draw, replace(scope, of=name, parts=(), records=()), 3) if draw(st.booleans()) else None


def _pick(draw, scope: Scope, name: str) -> r.Field:
    return r.Pick(draw(st.sampled_from(["latest", "earliest"])), draw(clusters), _where(draw, scope, name))


def _reading(draw, scope: Scope, name: str) -> r.Field:
    halves = draw(st.sampled_from([("A_COD", "B_COD"), ("C_COD", "D_COD"), ("B_COD", "C_COD", "D_COD")]))
    which = draw(st.sampled_from(["latest", "earliest"]))
    return r.ReadingOf(which, halves, _where(draw, scope, name), draw(st.sampled_from(UNITS)))


def _date_of(draw, scope: Scope, name: str) -> r.Field:
    return r.DateOf(draw(st.sampled_from(scope.readings))[0]) if scope.readings else _pick(draw, scope, name)


def _end_of(draw, scope: Scope, name: str) -> r.Field:
    return r.EndOf(draw(st.sampled_from(scope.picked))) if scope.picked else _pick(draw, scope, name)


def _part_of(draw, scope: Scope, name: str) -> r.Field:
    if not scope.readings:
        return _tally(draw, scope, name)
    reading, halves = draw(st.sampled_from(scope.readings))
    return r.PartOf(draw(st.sampled_from(halves)), reading)


def _value(draw, scope: Scope, name: str) -> r.Field:
    tie = draw(st.sampled_from(["lowest", "highest", "mean", "last", "only"]))
    # Most rules ask for the value on the day of a record: only there is one.
    on = draw(st.sampled_from((*scope.dates, *scope.own * 6)))
    given = scope.fields.get(on)
    of = given.clusters if isinstance(given, r.Pick) and draw(st.booleans()) else draw(clusters)
    return r.Value(tie, of, on, draw(st.sampled_from(("", "", *UNITS))))


def _tally(draw, scope: Scope, name: str) -> r.Field:
    thing = draw(st.sampled_from(["records", "days", "codes", "clusters"]))
    return r.Tally(thing, draw(clusters), _where(draw, scope, name))


def _span(draw, scope: Scope, name: str) -> r.Field:
    names = draw(st.lists(st.sampled_from(scope.dates), min_size=2, max_size=3))
    return r.Span(draw(st.sampled_from(["later", "earlier"])), tuple(names))


def _supply(draw, scope: Scope, name: str) -> r.Field:
    first, last = _window(draw, scope)
    if draw(st.booleans()):  # a window that is likely to have both its ends
        first, last = r.Constant(draw(days)), r.Name(draw(st.sampled_from(("PPED", "ACHV_DAT"))))
    what = draw(st.sampled_from(["covered", "longest gap", "earliest", "latest"]))
    least = draw(st.integers(1, 60)) if what in ("earliest", "latest") else 0
    return r.Supply(what, draw(clusters), first, last, least)


FIELDS = {
    r.Pick: _pick, r.ReadingOf: _reading, r.DateOf: _date_of, r.EndOf: _end_of, r.PartOf: _part_of, r.Value: _value,
    r.Tally: _tally, r.Span: _span, r.Supply: _supply,
}  # fmt: skip


def with_fields(draw, scope: Scope, many: int) -> Scope:
    """The scope with some more fields, each of which may rest on those before it."""
    for n in range(many):
        name = f"F{n}_DAT" if n % 2 else f"F{n}"
        made = FIELDS[draw(st.sampled_from(list(FIELDS)))](draw, scope, name)
        scope = replace(scope, fields={**scope.fields, name: made})
        if isinstance(made, r.ReadingOf):
            scope = replace(scope, readings=(*scope.readings, (name, made.clusters)))
        elif isinstance(made, r.PartOf | r.Value | r.Tally) or (isinstance(made, r.Supply) and not made.is_date):
            scope = replace(scope, numbers=(*scope.numbers, name))
        else:
            scope = replace(scope, dates=(*scope.dates, name))
    return scope


# Definitions.

_COUNTS = {
    "Select": [r.Counts("achieved"), r.NOT_ACHIEVED],
    "Reject": [r.Counts("exclusion", "AGE"), *(r.Counts("pca", "X", kind, True) for kind in r.PCA_KINDS)],
}


def _rules(draw, scope: Scope, register: bool) -> tuple[r.Rule, ...]:
    made = []
    many = draw(st.integers(1, 4))
    for n in range(1, many + 1):
        sides = [draw(st.sampled_from(["Select", "Reject"])), "Next rule"]
        if n == many:
            sides[1] = draw(st.sampled_from(["Select", "Reject"]))
        then, otherwise = sides if draw(st.booleans()) else reversed(sides)
        counts, else_counts = (
            None if register or side == "Next rule" else draw(st.sampled_from(_COUNTS[side]))
            for side in (then, otherwise)
        )
        made.append(r.Rule(n, condition(draw, scope), "", then, otherwise, counts, else_counts))
    return tuple(made)


@st.composite
def _day_of_the_run(draw, scope: Scope) -> r.Term:
    named = st.sampled_from([name for name in r.DATES if name not in ("MPSD", "MPED")]).map(r.Name)
    day: r.Term = draw(named | st.builds(r.Constant, far_days if scope.far else days))
    for _ in range(draw(st.integers(0, 2))):
        day = r.Shift(day, draw(st.integers(-24, 24)), draw(st.sampled_from(["day", "week", "month", "year"])))
    return day


def _between(draw, scope: Scope) -> r.Period:
    first, last = draw(_day_of_the_run(scope)), draw(_day_of_the_run(scope))
    return r.Between(last, first) if backwards(first, last) else r.Between(first, last)


def _ending(draw, scope: Scope) -> r.Period:
    unit = draw(st.sampled_from(["day", "week", "month", "year"]))
    return r.Ending(draw(st.integers(1, 60)), unit, draw(_day_of_the_run(scope)))


def _containing(draw, scope: Scope) -> r.Period:
    whole = draw(st.sampled_from(["calendar year", "quarter", "month"]))
    return r.Containing(whole, draw(_day_of_the_run(scope)))


PERIODS = {r.Between: _between, r.Ending: _ending, r.Containing: _containing}


@st.composite
def periods(draw, scope: Scope) -> r.Period:
    """A measurement period, some of them backwards, some beyond the calendar."""
    return PERIODS[draw(st.sampled_from(list(PERIODS)))](draw, scope)


_TEXTS = ("A", "J", "Z", "it's", "unknown", "\N{GRINNING FACE}")
"""Of patients' ethnicities."""


@st.composite
def bound_tables(draw, by: Literal["ethnicity", "sex"]) -> r.Bounds:
    """A table of bounds that a file could have: no cluster or text in two groups."""
    texts = draw(st.permutations(r.SEXES if by == "sex" else _TEXTS))
    codes = draw(st.permutations(sorted(CODES)))
    by_record = draw(st.booleans())
    groups = []
    for at in range(draw(st.integers(1, 2))):
        own = (codes[at],) if by_record and draw(st.booleans()) else ()
        groups.append(
            r.Group(draw(numbers), own, tuple(texts[at * 2 : at * 2 + draw(st.integers(0 if own else 1, 2))]))
        )
    latest = draw(clusters) if any(group.clusters for group in groups) or by_record else ()
    others, unknown = draw(st.none() | numbers), draw(st.none() | numbers)
    rest = tuple(text for text in texts[-1:] if all(text not in group.texts for group in groups))
    return r.Bounds(by, tuple(groups), latest, others, unknown, draw(st.sampled_from([(), rest])))


def _definition(
    draw, code: str, population: str, registers: tuple[str, ...], far: bool, bounds: dict[str, r.Bounds]
) -> r.Definition:
    register = code.startswith("R")
    scope = with_fields(draw, Scope(registers=registers, far=far), draw(st.integers(0, 5)))
    parts = {}
    if draw(st.booleans()):
        parts = {"PARTS": {f"p{n}": condition(draw, scope, 1) for n in range(draw(st.integers(1, 3)))}}
    scope = replace(scope, parts=tuple((group, len(those)) for group, those in parts.items()))
    rules = _rules(draw, scope, register)
    period = draw(periods(scope)) if draw(st.booleans()) else None
    return r.Definition(
        code, code, population, scope.fields, parts, rules, "complete", "", "", register, period=period,
        bounds=_named(bounds, scope.fields, parts, rules), years=draw(years),
    )  # fmt: skip


years = st.builds(Years, st.sampled_from([2022, 2023, 2023, 2024, 2025]).map(SchemeYear), st.just(SchemeYear(2026)))
"""The first of them may be years before the run's, the run's or none that was yet."""


def _named(bounds: dict[str, r.Bounds], fields, parts, rules) -> dict[str, r.Bounds]:
    """The tables that a definition names, as the reader of rule files keeps them."""
    asked = [rule.condition for rule in rules] + [part for those in parts.values() for part in those.values()]
    asked += [where for field in fields.values() if (where := r.filter_of(field)) is not None]
    named = set().union(*map(r.bounds_in, asked))
    return {name: table for name, table in bounds.items() if name in named}


@st.composite
def definitions(draw, far: bool = False) -> tuple[dict[str, r.Definition], dict[str, r.Definition]]:
    """Registers and indicators: on each other, of those registered and of those who died. `far` moves dates beyond
    the calendar."""
    bounds = {"OBESE": draw(bound_tables("ethnicity")), "LIPID": draw(bound_tables("sex"))}
    registers = {
        "R1": _definition(draw, "R1", "registered", (), far, bounds),
        "R2": _definition(draw, "R2", "R1", ("R1",), far, bounds),
        "R3": _definition(draw, "R3", "died in the year", (), far, bounds),
        "R4": _definition(draw, "R4", draw(st.sampled_from(["R2", "registered"])), ("R1", "R2"), far, bounds),
    }
    indicators = {
        "I0": _definition(draw, "I0", "registered", ("R1", "R2", "R4"), far, bounds),
        "I1": _definition(draw, "I1", draw(st.sampled_from(["R1", "R2", "R4"])), ("R1", "R2", "R4"), far, bounds),
        "I2": _definition(draw, "I2", draw(st.sampled_from(["died in the year", "R3"])), ("R3",), far, bounds),
    }
    return registers, indicators


# Records.


@st.composite
def events(draw, code: st.SearchStrategy[str] | None = None, on: st.SearchStrategy[date] = days) -> Event:
    """A record of a code of some cluster, near the days on which windows begin and end."""
    codes = st.sampled_from(sorted(frozenset().union(*CODES.values())))
    return Event(
        draw(on), draw(codes if code is None else code), draw(values), draw(st.sampled_from(WRITTEN_UNITS)),
        draw(st.sampled_from(EPISODES)), draw(st.sampled_from(["", "", "r1", "R1", "é"])), **draw(more(on)),
    )  # fmt: skip


@st.composite
def whole_readings(draw, on: st.SearchStrategy[date]) -> list[Event]:
    """A reading with each of its halves, as a machine writes them."""
    day, name, unit = draw(on), draw(st.sampled_from(["", "r1", "R1"])), draw(st.sampled_from(["", "", "mmHg"]))
    codes = draw(st.sampled_from([("a1", "b1"), ("ä2", "both"), ("c1", "d'1"), ("b1", "C1", "d'1")]))
    compared = draw(st.sampled_from(["", "", "", *COMPARATORS[1:]]))
    return [Event(day, code, draw(st.sampled_from(_VALUES)), unit, "", name, comparator=compared) for code in codes]


@st.composite
def patients(draw, id: str = "1", far: bool = False) -> Patient:
    """A patient of practice A1, most of them registered, some of them dead; some with all of their records on a day
    or two. `far` has some live at the ends of the calendar."""
    stays = []
    edges = st.sampled_from((date(2024, 4, 1), date(2024, 9, 30), date(2025, 3, 31)))
    start = draw(st.dates(date(2005, 1, 1), date(2024, 12, 31)) | st.sampled_from(BOUNDARIES) | edges)
    for practice in draw(st.sampled_from(["A", "A", "A", "BA", "AB", "AA", "B"])):
        end = draw(st.none() | days | edges)
        stays.append(Registration(f"{practice}1", start, end if end and end >= start else None))
        start = draw(days)
    born = draw(st.dates(date(1930, 1, 1), date(2024, 1, 1)) | st.just(date(1960, 2, 29)) | st.just(date(1960, 3, 31)))
    died = draw(st.none() | st.none() | days | edges)
    several = far_days if far else days
    few = draw(st.lists(several, min_size=1, max_size=2)) if draw(st.booleans()) else []
    on = st.sampled_from(few) if few else several
    if far and draw(st.integers(0, 3)) == 0:
        born, died = draw(far_days), draw(st.none() | far_days)
    recorded = draw(st.lists(events(on=on), max_size=8))
    for _ in range(draw(st.integers(0, 2))):
        recorded += draw(whole_readings(on))
    for again in draw(st.lists(st.sampled_from(recorded), max_size=2)) if recorded else []:
        # The same, with another value; or another coding of it.
        compared = draw(st.sampled_from(COMPARATORS))
        recorded.append(replace(again, value=draw(values), comparator=compared) if draw(st.booleans()) else replace(
            again, code=draw(st.sampled_from(["a1", "b1", "both"])), record=again.record or "e1"))  # fmt: skip
    made = sorted(recorded, key=lambda event: (event.date, event.code, event.reading))
    of = draw(st.sampled_from(("", *_TEXTS)))
    return Patient(id, "A1", born, draw(st.sampled_from(SEXES)), died, tuple(stays), tuple(made), of)


def meaning(registers: dict[str, r.Definition], dates: Dates = DATES) -> Meaning:
    return Meaning(dates, CODES, registers, SYSTEMS)


# The same world, some whole cycles of the calendar later.

CYCLE = timedelta(days=146_097)
"""400 years: the calendar repeats itself exactly, so that every month has the same end."""


def moved(thing: Any, by: timedelta) -> Any:
    """Anything made here with every date in it moved."""
    if isinstance(thing, date):
        return thing + by
    if isinstance(thing, SchemeYear):
        return SchemeYear(thing.begins + 400 * (by.days // CYCLE.days))
    if isinstance(thing, tuple):
        return tuple(moved(part, by) for part in thing)
    if isinstance(thing, dict):
        return {key: moved(part, by) for key, part in thing.items()}
    if hasattr(thing, "__dataclass_fields__"):
        return replace(thing, **{name: moved(getattr(thing, name), by) for name in thing.__dataclass_fields__})
    return thing
