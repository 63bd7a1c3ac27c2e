"""Ages in place of birth dates: how old somebody is on the days that the rules ask about, and on no other.

Rules that ask for more (the birth date itself, an age on the day of a record) cannot be asked again from evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from remit.evaluation.model import Dates, Meaning
from remit.evaluation.reference import PatientChart, age
from remit.evaluation.reference.people import year_before
from remit.records.model import Patient
from remit.rules import model as r
from remit.rules.conditions import DATES
from remit.rules.definitions import Definitions, registers_of


def days_of_ages(definitions: Iterable[r.Definition], dates: Dates) -> tuple[date, ...]:
    """The days on which these definitions ask how old somebody is, as far as they are the same for everybody."""
    every = list(definitions)
    days = {dates.achievement}
    before = year_before(dates) if any(_asks_year_before(one) for one in every) else None
    for of in (dates, before):
        if of is not None:
            chart = PatientChart(Patient("", "", date(1900, 1, 1), "U"), Meaning(of, {}, {}))
            days.add(of.achievement)
            days |= {
                day
                for one in every
                for term in _ages(one)
                if _is_of_the_run(term.on) and isinstance(day := chart.term(term.on, one, None), date)
            }
    return tuple(sorted(days))


def needs_birth_date(definition: r.Definition, known: Definitions) -> bool:
    """Whether a definition, or a register that it rests on, asks for the birth date or an age on a patient's own day.

    The day of death is none: the age on it is kept.
    """
    every = [definition, *known.resting_on(registers_of(definition))]
    return any(_asks_birth_date(one) for one in every)


def _asks_birth_date(definition: r.Definition) -> bool:
    names = {name for condition in _conditions(definition) for name in r.names_in(condition)}
    names |= {name for field in definition.fields.values() for name in r.names_of(field)}
    return "PAT_DOB" in names or any(
        not _is_of_the_run(term.on) and term.on != r.Name("DEATH_DAT") for term in _ages(definition)
    )


def _asks_year_before(definition: r.Definition) -> bool:
    return any(
        isinstance(part, r.CountedBefore) for condition in _conditions(definition) for part in r.conditions(condition)
    )


def _ages(definition: r.Definition) -> Iterator[r.AgeOn]:
    for condition in _conditions(definition):
        yield from (term for term in r.terms(condition) if isinstance(term, r.AgeOn))


def _conditions(definition: r.Definition) -> Iterator[r.Condition]:
    """Every condition of a definition: of its rules, its named parts and its fields."""
    yield from (rule.condition for rule in definition.rules)
    yield from (part for group in definition.parts.values() for part in group.values())
    yield from (where for field in definition.fields.values() if (where := r.filter_of(field)) is not None)


def _is_of_the_run(term: r.Term) -> bool:
    """Whether a day is known before any record is read."""
    while isinstance(term, r.Shift):
        term = term.term
    return isinstance(term, r.Constant) or (isinstance(term, r.Name) and term.name in DATES)


def with_ages(patient: Patient, ages: Mapping[date, int]) -> Patient:
    """A patient who is as old on each of these days, born on the first day that allows it: nobody's birth date.

    Raises ValueError for ages that nobody can have.
    """
    born = max(_first_birth(day, years) for day, years in ages.items())
    if any(age(born, day) != years for day, years in ages.items()):
        raise ValueError("the ages are not those of one person")
    return replace(patient, born=born)


def _first_birth(day: date, years: int) -> date:
    """The first day on which somebody can have been born who is of so many full years on a day."""
    try:
        return date(day.year - years - 1, day.month, day.day) + timedelta(days=1)
    except ValueError:  # 29 February of a year that has none
        return date(day.year - years - 1, 3, 1)
