"""Reads the specifications of the rule language and runs their cases: a few records in, one behaviour, what follows.

They are the manual too: `scripts/rule_manual.py` prints them into docs/reference/rule-language.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from remit.evaluation.explain import value_text
from remit.evaluation.model import Dates, Meaning, Outcome
from remit.evaluation.reference import PatientChart
from remit.records.model import EPISODES, NEGATIONS, STATUSES, Event, Patient, Registration
from remit.rules import model as r
from remit.rules.definitions import Definitions, read_definitions
from remit.rules.parse import parse_condition

HERE = Path(__file__).parent
PRACTICE = "A1"
YEAR = (date(2024, 4, 1), date(2025, 3, 31))
EVERYBODY = [{"rule": "1", "if": "PAT_AGE >= 0", "then": "Select", "else": "Select"}]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Case(Strict):
    """One patient, and what is found; what is asked may be the case's own."""

    records: str = ""
    born: date = date(1960, 6, 15)
    sex: str = "F"
    registered: str = "from 2010-01-01"
    died: date | None = None
    ethnicity: str = ""
    on: date | None = None
    deficits: int | None = None
    twice: bool = False
    ask: str = ""
    if_: str = Field("", alias="if")
    is_: str = Field(alias="is")

    def patient(self) -> Patient:
        """The patient whom the case tells of."""
        stays = tuple(_stay(text.strip()) for text in self.registered.split(";"))
        events = [_issued(text.strip()) for text in self.records.split(";") if text.strip()]
        for n in range(1, (self.deficits or 0) + 1):
            again = ("", "", "/b") if self.twice else ("",)
            events += [Event(date(2020, 1, min(n, 28)), f"D{n:02d}_COD{code}") for code in again]
        in_order = sorted(events, key=lambda event: (event.date, event.code, event.reading))
        return Patient("1", PRACTICE, self.born, self.sex, self.died, stays, tuple(in_order), self.ethnicity)


class Spec(Strict):
    """One behaviour: fields, and perhaps rules, with the cases that show it."""

    title: str
    text: str = ""
    cluster_groups: dict[str, int] = {}
    bounds: dict[str, Any] = {}
    definitions: list[dict[str, Any]] = []
    population: str = "registered"
    period: str = ""
    years: str = ""
    fields: dict[str, str] = {}
    parts: dict[str, dict[str, str]] = {}
    rules: list[dict[str, str]] = []
    ask: str = ""
    if_: str = Field("", alias="if")
    cases: list[Case | list[str]] = Field(min_length=1)

    @cached_property
    def told(self) -> list[Case]:
        """Its cases, those in the short form too."""
        return [
            one if isinstance(one, Case) else Case.model_validate({"records": one[0], "is": one[1]})
            for one in self.cases
        ]

    def asked(self, case: Case) -> str:
        """What a case asks: a term, a condition after `if`, or `outcome`."""
        if case.if_ or case.ask:
            return f"if {' '.join(case.if_.split())}" if case.if_ else case.ask
        return f"if {' '.join(self.if_.split())}" if self.if_ else self.ask or "outcome"

    def groups(self) -> dict[str, list[str]]:
        return {name: [f"D{n:02d}_COD" for n in range(1, many + 1)] for name, many in self.cluster_groups.items()}


class Chapter(Strict):
    """A file of specifications."""

    chapter: str
    about: str = ""
    specs: list[Spec]


def chapters() -> Iterator[tuple[str, Chapter]]:
    """Each file's name without its number's folder, and what it holds, every value as text."""
    for path in sorted(HERE.glob("*.yaml")):
        tree = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
        yield path.stem, Chapter.model_validate(tree)


def definitions(spec: Spec, asked: str, folder: Path) -> Definitions:
    """The definitions of a specification through the reader of rule files; T is the one that is asked about."""
    condition = asked.removeprefix("if ") if asked.startswith("if ") else ""
    given = [
        {
            "register": one["register"],
            "title": one["register"],
            "population": one.get("population", "registered"),
            "fields": one["fields"],
            "rules": [{"rule": "1", "if": one["if"], "then": "Select", "else": "Reject"}],
        }
        for one in spec.definitions
    ]
    rules = [{**EVERYBODY[0], "if": condition}] if condition else spec.rules or EVERYBODY
    about = {"indicator": "T", "title": "T", "population": spec.population, "period": spec.period, "years": spec.years}
    given.append({**about, "fields": spec.fields, "parts": spec.parts, "rules": rules})
    path = folder / "spec.yaml"
    file = {"cluster_groups": spec.groups(), "bounds": spec.bounds, "definitions": given}
    path.write_text(yaml.safe_dump(file), encoding="utf-8")
    return read_definitions([path])


def found(spec: Spec, case: Case, folder: Path) -> str:
    """What the interpreter finds."""
    asked = spec.asked(case)
    known = definitions(spec, asked, folder)
    definition = known.indicators["T"]
    patient = case.patient()
    codes = _codes(known, patient)
    chart = PatientChart(patient, Meaning(Dates(case.on or YEAR[1], *YEAR), codes, known.registers))
    if asked == "outcome":
        return _outcome(chart.outcome(definition), bool(spec.rules))
    if asked.startswith("if "):
        return "true" if chart.holds(definition.rules[0].condition, definition) else "false"
    term = parse_condition(f"{asked} = Null")
    assert isinstance(term, r.IsNull)
    return value_text(chart.term(term.term, definition, None))


def _outcome(outcome: Outcome | None, rules: bool) -> str:
    if outcome is None:
        return "outside"
    branch = "true" if outcome.branch else "false"
    return f"rule {outcome.rule} {branch}: {outcome.counts}" if rules else "in the population"


def _codes(known: Definitions, patient: Patient) -> dict[str, frozenset[str]]:
    """A cluster holds the code of its own name, `X_COD/b`, and every `X_COD+Y_COD` that names it."""
    used = {code for event in patient.events for code in (event.code, event.answer) if code}
    clusters = known.needed_clusters([*known.registers, *known.indicators])
    within = {code: {part.split("/")[0] for part in code.split("+")} for code in used}
    return {name: frozenset({name, *(code for code in used if name in within[code])}) for name in clusters}


_STAY = re.compile(r"(?:at (\S+) )?from (\S+)(?: to (\S+))?")
_EVENT = re.compile(
    r"(?P<day>[\d-]+)(?:\.\.(?P<end>\S+))?(?: (?P<time>\d\d:\d\d))? (?P<code>[A-Z]\S*)"
    r"(?: (?P<compared>[<>]=?)?(?P<value>-?[\d.]+)(?: (?P<unit>(?!of )\S+))?)?(?: = (?P<answer>\S+))?"
    rf"(?: (?P<episode>{'|'.join(filter(None, EPISODES))}))?(?: (?P<status>{'|'.join(filter(None, STATUSES))}))?"
    rf"(?: (?P<negation>{'|'.join(filter(None, NEGATIONS))}))?(?: of (?P<reading>\w+))?"
    r"(?: as (?P<record>\w+))?"
)


def _stay(text: str) -> Registration:
    match = _STAY.fullmatch(text)
    assert match, f"'{text}': a stay is written 'from 2010-01-01 to 2020-01-01', with 'at B2' for another practice"
    return Registration(match[1] or PRACTICE, date.fromisoformat(match[2]), _day(match[3]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _event(text: str) -> Event:
    match = _EVENT.fullmatch(text)
    assert match, f"'{text}': a record is written '2024-05-01 BP_COD 140 mmHg', with 'first' or 'of a' at its end"
    value, end, time = match["value"], match["end"], match["time"]
    lasts = "" if end is None else end if end in ("open", "unknown") else "ended"
    return Event(
        date.fromisoformat(match["day"]),
        match["code"],
        Decimal(value) if value else None,
        match["unit"] or "",
        match["episode"] or "",
        match["reading"] or "",
        comparator=match["compared"] or "",
        time=int(time[:2]) * 3600 + int(time[3:]) * 60 if time else None,
        lasts=lasts,
        end=_day(end) if lasts == "ended" else None,
        answer=match["answer"] or "",
        status=match["status"] or "",
        negation=match["negation"] or "",
        record=match["record"] or "",
    )


def _issued(text: str) -> Event:
    """A record; `for 28 days` at its end is how long a supply lasts, the day of issue counted."""
    text, _, days = text.partition(" for ")
    event = _event(text)
    if not days:
        return event
    last = event.date + timedelta(days=int(days.removesuffix(" days")) - 1)
    return replace(event, lasts="ended", end=last)
