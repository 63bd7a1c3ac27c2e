"""Runs a case: a patient in a few lines and an indicator or a register, and which rule should decide, and how.

The cases are written from the published wording and read by clinicians; `README.md` beside this file says how. A
cluster's name stands for a code in it, so that no case rests on a list of codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from remit.core.dates import SchemeYear
from remit.evaluation.model import Dates, Meaning
from remit.evaluation.reference import PatientChart, Step
from remit.records.model import EPISODES, SEXES, Event, Patient, Registration
from remit.rules import model as r
from remit.rules.definitions import Definitions, read_definitions, shipped

HERE = Path(__file__).parent
PRACTICE = "A1"
FIRST = SchemeYear(2026)
"""The first year whose rules stand in an edition of their own."""

Expected = str | dict[str, str]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Told(Strict):
    """What a case tells of a patient; what it leaves out, its group tells."""

    born: date | None = None
    sex: str | None = None
    registered: str | None = None
    died: date | None = None


class Case(Told):
    """One patient and what should become of them."""

    case: str
    events: list[str] = []
    but: list[str] = Field([], description="Events of the group that this patient does not have")
    on: date | None = Field(None, description="The achievement date, where it is not the year's end")
    expect: Expected


class Window(Strict):
    """A record that decides from a day on. It stands for three patients: recorded on that day, the day before, both."""

    record: str
    from_: date = Field(alias="from")
    expect: str


class Group(Strict):
    """Patients alike in most: they are told once, and each case adds to that."""

    of: str
    year: str
    about: str = ""
    patient: Told = Told()
    events: list[str] = []
    otherwise: str = Field("", description="What becomes of a patient whose record a window does not let in")
    windows: list[Window] = []
    cases: list[Case] = []

    def every(self) -> Iterator[Case]:
        """The cases, and those that the windows stand for."""
        yield from self.cases
        for window in self.windows:
            inside, outside = (f"{window.record} {window.from_ - timedelta(days=n)}" for n in (0, 1))
            for name, events, expect in (
                (f"{inside} counts", [inside], window.expect),
                (f"{outside} does not", [outside], self.otherwise),
                (f"{inside} counts though {outside} would not", [outside, inside], window.expect),
            ):
                yield Case(case=name, events=events, expect=expect)


@dataclass(frozen=True)
class Run:
    """A case as it stands by itself: patient, dates, and what is expected of each definition."""

    name: str
    patient: Patient
    dates: Dates
    expected: dict[str, str]


def case_files() -> list[Path]:
    """The files of cases."""
    return sorted(HERE.glob("*.yaml"))


def load_groups(path: Path) -> list[Group]:
    """The groups of a file, with every value as the text that it is."""
    documents = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    return [Group.model_validate(document) for document in documents]


def runs(group: Group) -> Iterator[Run]:
    """Each case of a group by itself."""
    for case in group.every():
        told: dict[str, Any] = {
            **group.patient.model_dump(exclude_none=True),
            **case.model_dump(include=set(Told.model_fields), exclude_none=True),
        }
        unknown = [line for line in case.but if line not in group.events]
        assert not unknown, f"{case.case}: 'but' names what the group does not have: {unknown}"
        lines = [line for line in group.events if line not in case.but] + case.events
        expected = case.expect if isinstance(case.expect, dict) else {group.of: case.expect}
        first = int(group.year[:4])
        end = date(first + 1, 3, 31)
        dates = Dates(case.on or end, date(first, 4, 1), end)
        yield Run(case.case, _patient(told, lines), dates, expected)


def _patient(told: dict[str, Any], lines: list[str]) -> Patient:
    assert told["sex"] in SEXES, f"sex is one of {', '.join(SEXES)}"
    days = [date.fromisoformat(day) for day in told["registered"].split(" to ")]
    stay = Registration(PRACTICE, days[0], days[1] if len(days) > 1 else None)
    events = [event for n, line in enumerate(lines) for event in _events(line, n)]
    in_order = tuple(sorted(events, key=lambda event: (event.date, event.code, event.reading)))
    return Patient("1", PRACTICE, told["born"], told["sex"], told.get("died"), (stay,), in_order)


_HALVES = {"BP": ("BPSYS_COD", "BPDIA_COD"), "HOMEBP": ("HOMEBPSYS_COD", "HOMEBPDIA_COD")}
_READING = re.compile(r"([\d.]+)/([\d.]+)")


def _events(line: str, n: int) -> Iterator[Event]:
    """`HYP_COD 2015-03-01`, `IFCCHBAM_COD 2021-06-01 57 mmol/mol`, `DEPR_COD 2021-06-01 new`, `BP 2021-06-01 138/84`.

    `A_COD/B_COD` is a code in both clusters. The two halves of a blood pressure share the reading's identity.
    """
    code, day, *rest = line.split()
    when = date.fromisoformat(day)
    if code in _HALVES:
        match = _READING.fullmatch(rest[0])
        assert match, f"{line}: a blood pressure is written 138/84"
        for half, value in zip(_HALVES[code], match.groups(), strict=True):
            yield Event(when, half, Decimal(value), "mmHg", reading=f"reading {n}")
        return
    if len(rest) == 1 and rest[0] in EPISODES:
        yield Event(when, code, episode=rest[0])
        return
    value, unit = [*rest, "", ""][:2]
    yield Event(when, code, Decimal(value) if value else None, unit)


def outcome(run: Run, code: str, known: Definitions, steps: list[Step] | None = None) -> str:
    """What became of the patient: `outside`, `rule 2 true: achieved`, or of a register `rule 1 true: on`."""
    definition = known.find(code)
    assert definition is not None, f"there is no {code}"
    chart = PatientChart(run.patient, Meaning(run.dates, codes_of(known, run.patient), known.registers))
    if not chart.in_population(definition):
        return "outside"
    action, rule, branch = chart.decide(definition, steps)
    where = f"rule {rule.number} {'true' if branch else 'false'}: " if rule else ""
    if definition.is_register:
        return where + ("on" if action == "Select" else "off")
    found = chart.outcome(definition)
    assert found is not None
    return where + _said(found.counts)


def _said(counts: r.Counts) -> str:
    """`achieved`, `not achieved`, `exclusion PAT_AGEO79`, `PCA HTMAX, unsuitable`."""
    if counts.category == "pca":
        return f"PCA {counts.reason}, {counts.pca_kind}"
    return str(counts)


def codes_of(known: Definitions, patient: Patient) -> dict[str, frozenset[str]]:
    """Each cluster has the code of its own name, and every `A_COD/B_COD` that names it."""
    clusters = known.needed_clusters([*known.registers, *known.indicators])
    used = {event.code for event in patient.events}
    unknown = {name for code in used for name in code.split("/")} - clusters
    assert not unknown, f"no definition reads {', '.join(sorted(unknown))}"
    return {name: frozenset({name} | {code for code in used if name in code.split("/")}) for name in clusters}


@cache
def known_of(year: SchemeYear) -> Definitions:
    """The definitions of a year, with the values of `given/` for what its sources state differently."""
    return read_definitions(sorted((HERE / "given").glob("*.yaml")), shipped()).of(year) if year >= FIRST else shipped()


def differences(run: Run) -> list[str]:
    """What came out otherwise than expected, a line each."""
    known = known_of(run.dates.year)
    found = {code: outcome(run, code, known) for code in run.expected}
    return [
        f"{code}: expected '{wanted}', found '{found[code]}'"
        for code, wanted in run.expected.items()
        if found[code] != wanted
    ]
