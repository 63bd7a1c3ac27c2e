"""The interpreter made ready for many days beside the interpreter itself, on generated rules and records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.generative import rule_made as made
from tests.generative.test_engines_agree import SUMMED, dates, far, near
from tests.profiles import examples

from remit.evaluation.kept import Kept
from remit.evaluation.model import Dates, Meaning
from remit.evaluation.plan import members
from remit.evaluation.prepared import PreparedChart
from remit.evaluation.prepared_rules import Prepared
from remit.evaluation.reference import PatientChart
from remit.records.model import Patient
from remit.rules import model as r
from remit.worklist.dates import rolling

Known = tuple[dict[str, r.Definition], dict[str, r.Definition]]
days = st.lists(st.dates(date(2024, 3, 1), date(2027, 3, 31)) | st.just(made.DATES.end), min_size=2, max_size=4)


def said(chart: PatientChart, known: Known) -> dict[Any, Any]:
    """All that a chart can be asked of definitions: outcomes, registers, parts, fields and the records behind them."""
    registers, indicators = known
    summed = [SUMMED, replace(SUMMED, code="DIED", population="died in the year")]
    every = [*indicators.values(), *(members(f"in {code}", one) for code, one in registers.items()), *summed]
    found: dict[Any, Any] = {one.code: chart.outcome(one) for one in every}
    found |= {("on", code): chart.on_register(code) for code in registers}
    for one in (*every, *registers.values()):
        found[one.code, "registration"] = chart.registration(one)
        parts = [part for those in one.parts.values() for part in those.items()]
        found |= {(one.code, "part", name): chart.holds(part, one) for name, part in parts}
        for name in (*one.fields, *r.DATES, *r.PATIENT):
            found[one.code, name] = chart.value(name, one)
            found[one.code, name, "picked"] = chart.picked(name, one)
    return found


def agree(patients: Iterable[Patient], known: Known, meanings: Iterable[Meaning]) -> None:
    """Asked on every day with what is kept of the days before, each patient is what the interpreter says."""
    prepared, charts = Prepared(), list(meanings)
    by_day: list[dict[int, Any]] = [{} for _ in charts]
    for patient in patients:
        kept = Kept()
        for meaning, days_ in zip(charts, by_day, strict=True):
            chart = PreparedChart(patient, meaning, prepared=prepared, kept=kept, days=days_)
            quick, plain = said(chart, known), said(PatientChart(patient, meaning), known)
            assert {key: (quick[key], one) for key, one in plain.items() if quick[key] != one} == {}


@given(near, made.definitions(), days)
@examples(0.8)
def test_on_days_after_the_last_record(patients: list[Patient], known: Known, after: list[date]) -> None:
    last = max((event.date for patient in patients for event in patient.events), default=date.min)
    after = [max(day, last) + timedelta(n) for n, day in enumerate(after)]
    agree(patients, known, [made.meaning(known[0], rolling(day)) for day in after])


@given(near, made.definitions(), dates)
@examples(0.4)
def test_where_later_records_are_not_seen(patients: list[Patient], known: Known, of: Dates) -> None:
    agree(patients, known, [made.meaning(known[0], of)])


@given(far, made.definitions(far=True), dates)
@examples(0.2)
def test_at_the_ends_of_the_calendar(patients: list[Patient], known: Known, of: Dates) -> None:
    agree(patients, known, [made.meaning(known[0], of)])
