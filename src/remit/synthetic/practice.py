"""One practice's records: the tables of a store, made from its number and the run's seed alone."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa

from remit.synthetic.area import MadeUpPractice
from remit.synthetic.care import add_care
from remit.synthetic.chance import Ints
from remit.synthetic.codes import Codes
from remit.synthetic.conditions import add_conditions
from remit.synthetic.faults import add_ending, add_ethnicity, spoiled
from remit.synthetic.medicines import add_medicines
from remit.synthetic.ordinary import add_ordinary, ordinary_codes
from remit.synthetic.persons import NEVER, Persons, Run, ids, make_persons
from remit.synthetic.pressure import add_pressure
from remit.synthetic.registrations import practice_table, registration_table
from remit.synthetic.sheet import Sheet, event_table, ordered, prescription_table
from remit.synthetic.tables import care, people
from remit.terminology.sets import demonstration


@cache
def known_codes() -> Codes:
    """The codes of the demonstration clusters, and the made-up ones of ordinary entries."""
    others = [code for row in care().ordinary for code in ordinary_codes(row.name, row.kinds)]
    return Codes(demonstration(), others)


def make_tables(run: Run, practice: MadeUpPractice, others: list[str], extract: str) -> dict[str, pa.Table]:
    """The tables of a practice's partition, sorted; `others` are the practices that people came from."""
    codes, table = known_codes(), care()
    persons = make_persons(run, practice)
    events = Sheet(persons.born, persons.until)
    prescriptions = Sheet(persons.born, persons.until)
    persons.has["DYING"] = persons.died < NEVER
    persons.onset["DYING"] = persons.born
    add_conditions(persons, codes, events)
    add_ethnicity(persons, codes, events)
    add_medicines(persons, table, codes, prescriptions)
    add_care(persons, table, codes, events)
    add_pressure(persons, table, codes, events)
    add_ordinary(persons, table, codes, events, prescriptions)
    add_ending(persons, codes, events)
    named, texts = ids(persons), codes.dictionary()
    return {
        "patients": patient_table(persons, named, extract),
        "registrations": registration_table(persons, named, others, extract),
        "events": event_table(ordered(spoiled(persons, events.gathered(), "events")), named, texts, extract),
        "prescriptions": prescription_table(
            ordered(spoiled(persons, prescriptions.gathered(), "prescriptions")), named, texts, extract
        ),
        "practices": practice_table(persons, extract),
    }


def patient_table(persons: Persons, named: pa.Array, extract: str) -> pa.Table:
    """One row for each person, by id."""
    table = people()
    draw = persons.draw("flags")
    letters = pa.array(["", *(group.letter for group in table.ethnicity)])
    flagged = [draw.random(persons.count) < share for share in table.flags.values()]
    combined = sum(flag.astype(np.int64) << place for place, flag in enumerate(flagged))
    words = sorted(table.flags)
    order = [list(table.flags).index(word) for word in words]
    texts = [
        ";".join(word for word, place in zip(words, order, strict=True) if number >> place & 1)
        for number in range(1 << len(words))
    ]
    return pa.table(
        {
            "patient_id": named,
            "birth_date": dates(persons.born),
            "sex": pa.array(["F", "M", "I", "U"]).take(pa.array(persons.sex)),
            "death_date": dates(persons.died),
            "ethnicity": letters.take(pa.array(np.where(persons.ethnicity_known, persons.ethnicity + 1, 0))),
            "deprivation_decile": pa.array(persons.decile, mask=persons.decile == 0),
            "flags": pa.array(texts).take(pa.array(np.asarray(combined))),
            "extract": pa.repeat(extract, persons.count),
        }
    )


def dates(numbers: Ints) -> pa.Array:
    """Days as dates; what never comes is empty."""
    return pa.array(np.where(numbers >= NEVER, 0, numbers).astype(np.int32), mask=numbers >= NEVER).cast(pa.date32())
