"""The kind: what a rule file may say beyond fields and rules (a period of its own, bounds by an attribute, supplies,
who was counted in the year before, k of n) is said again wherever a definition is shown: on the page of its search
and in an explanation. What is not shown would decide in silence.
"""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from tests.bad_files.command import remit

from remit.evaluation.explain import explain
from remit.evaluation.model import Dates, Meaning
from remit.evaluation.reference import PatientChart
from remit.records.model import Event, Patient, Registration
from remit.rules.definitions import Definitions, read_definitions

FILE = """
sources: {wording: {title: The wording, standing: verified}}
source: wording
bounds:
  OBESE:
    by: ethnicity
    latest: [ETH_COD]
    groups: [{clusters: [ETH275_COD], texts: [J, K], is: 27.5}]
    others: 30
    unknown: 30
definitions:
  - indicator: MY-1
    years: 2023-24 to 2024-25
    title: My indicator
    population: registered
    period: the 15 months to PPED
    fields:
      BMI_DAT: latest BMI_COD where date >= MPSD and date <= MPED
      BMI_VAL: lowest value of BMI_COD on BMI_DAT
      GAP_N: longest gap in MED_COD from PPSD to PPED
      STOP_DAT: earliest gap of 28 days in MED_COD from PPSD to PPED
    rules:
      - {rule: 1, if: not counted in the year before and BMI_VAL >= bound OBESE, then: Select, counts: achieved}
      - rule: 2
        if: "at least 2 of (GAP_N <= 14, STOP_DAT = Null, age on (PPED - 6 months) >= 40)"
        then: Select
        counts: achieved
        else: Select
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "rules.yaml"
    found.write_text(FILE, encoding="utf-8")
    return found


PAGE = [
    ("a measurement period", "The 15 months that end with the payment period's end (the 15 months to PPED)"),
    ("a bound", "27.5 where the latest record of ethnicity is in ETH275_COD"),
    ("a bound by the column", "or where there is none and the patient's ethnicity is J or K; 30 for others"),
    ("the year before", "the patient was not counted by the same rules in the year before"),
    ("k of n", "at least 2 of these hold: "),
    ("the longest gap", "the most days in a row without supply in MED_COD"),
    ("a gap", "the first day of the earliest gap of 28 days or more in the supply in MED_COD"),
    ("an age on a moved day", "the patient is 40 or over 6 months before the year's end"),
    ("the clusters of a bound", "ETH275_COD"),
]


@pytest.mark.parametrize("words", [words for _, words in PAGE], ids=[what for what, _ in PAGE])
def test_the_page_of_a_search_says_it(words: str, path: Path) -> None:
    page = path.with_suffix(".html")
    said = remit("spec", "MY-1", "--rules", path, "--html", page)
    assert (said.status, said.err) == (0, "")
    shown = unescape(re.sub(r"<[^>]*>", " ", page.read_text(encoding="utf-8")))
    assert words.casefold() in " ".join(shown.split()).casefold()


def told(known: Definitions, events: tuple[Event, ...], ethnicity: str = "") -> dict[str, str]:
    patient = Patient(
        "1", "A1", date(1960, 6, 15), "F", None, (Registration("A1", date(2010, 1, 1)),), events, ethnicity
    )
    codes = {name: frozenset({name}) for name in known.needed_clusters(["MY-1"])}
    dates = Dates(date(2025, 3, 31), date(2024, 4, 1), date(2025, 3, 31))
    made = explain(PatientChart(patient, Meaning(dates, codes, known.registers)), known.indicators["MY-1"])
    return dict(made.lines[0].values)


def test_an_explanation_says_the_bound_and_whether_the_year_before_counted(path: Path) -> None:
    known = read_definitions([path])
    this_year, last_year = Event(date(2024, 5, 1), "BMI_COD"), Event(date(2023, 5, 1), "BMI_COD")
    assert told(known, (this_year,), "J")["bound OBESE"] == "27.5"
    assert told(known, (this_year,), "A")["bound OBESE"] == "30"
    assert told(known, (this_year,))["counted in the year before"] == "no"
    # A gap of 28 days for want of any supply, but 40 and more on 30 September 2023: one of three, so not counted.
    assert told(known, (last_year,))["counted in the year before"] == "no"
    # Supplied ever since 1 April 2023: no gap, so three of three.
    supplied = Event(date(2023, 4, 1), "MED_COD", lasts="open")
    assert told(known, (supplied,))["counted in the year before"] == "yes"
