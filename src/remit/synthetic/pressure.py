"""Blood pressure: two halves that share a reading, most of them; digits that people prefer; a few that went wrong."""

from __future__ import annotations

import numpy as np

from remit.synthetic.care import members, since, yearly
from remit.synthetic.chance import Floats, Ints
from remit.synthetic.codes import Codes
from remit.synthetic.persons import Persons
from remit.synthetic.sheet import MILLION, Sheet
from remit.synthetic.tables import CareTables, Pressure, people
from remit.synthetic.values import own_part


def add_pressure(persons: Persons, table: CareTables, codes: Codes, sheet: Sheet) -> None:
    """Draw every row of the table of blood pressures."""
    own = own_part(persons, "systolic"), own_part(persons, "diastolic")
    for number, row in enumerate(table.pressure):
        draw = persons.draw("pressure", *row.of, number)
        who = members(persons, row)
        who, day = yearly(draw, persons, who, since(persons, row, who), row.share, row.every, row.leans,
                          row.when == "review")  # fmt: skip
        shared = draw.standard_normal(len(who))
        systolic = _value(draw, row.systolic, own[0][who], shared, row)
        diastolic = _value(draw, row.diastolic, own[1][who], shared, row)
        diastolic = np.minimum(diastolic, systolic - 15)
        _enter(draw, who, day, systolic, diastolic, row, codes, sheet)


def _value(draw: np.random.Generator, about: tuple[float, float], own: Floats, shared: Floats, row: Pressure) -> Ints:
    """A half of each reading: the halves have some of their chance in common, and most ends in an even digit."""
    rest = 1 - row.keeps
    z = row.keeps**0.5 * own + (rest / 2) ** 0.5 * (shared + draw.standard_normal(len(own)))
    number = np.rint(about[0] + about[1] * z).astype(np.int64)
    even = number - number % 2
    return np.asarray(np.where(draw.random(len(own)) < 0.7, even, number))


def _enter(
    draw: np.random.Generator, who: Ints, day: Ints, systolic: Ints, diastolic: Ints, row: Pressure, codes: Codes,
    sheet: Sheet,
) -> None:  # fmt: skip
    faults = people().faults
    n = len(who)
    home = draw.random(n) < row.home
    kind = draw.integers(0, 2, n)
    halves = []
    for at_home, at_surgery in (("HOMEBPSYS_COD", "BPSYS_COD"), ("HOMEBPDIA_COD", "BPDIA_COD")):
        halves.append(np.where(home, codes.numbers_of(at_home)[kind], codes.numbers_of(at_surgery)[kind]))
    systolic, diastolic = systolic - 4 * home, diastolic - 3 * home
    wrong = draw.random(n) < faults["impossible_pressure"]
    systolic = np.where(wrong, systolic * 10, systolic)
    reading = np.where(draw.random(n) < faults["no_reading"], 0, sheet.new_readings(n))
    unit = np.full(n, sheet.unit("mmHg"))
    unit[draw.random(n) < faults["unit_written_otherwise"]] = sheet.unit("mm[Hg]")
    unit[draw.random(n) < faults["no_unit"]] = sheet.unit("")
    sheet.add(who, day, halves[0], systolic * MILLION, unit, reading=reading)
    whole = draw.random(n) >= faults["half_reading"]
    sheet.add(who[whole], day[whole], halves[1][whole], diastolic[whole] * MILLION, unit[whole], reading=reading[whole])
