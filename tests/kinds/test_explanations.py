"""Kind: a patient's outcome that its sentence does not say: another category, no day, or words of the engine.

The people are those of the clinical cases (tests/rules), which reach every branch of every rule that ships: each case
says by hand what becomes of the patient. The table below has whole sentences, written by hand.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from tests.bad_files.command import remit
from tests.faults.folders import write_folder
from tests.rules.harness import FIRST, Run, case_files, codes_of, known_of, load_groups, runs

from remit.core import say
from remit.documents.indicator.answer import answer
from remit.documents.indicator.days import Days
from remit.documents.indicator.rule_words import RuleWords
from remit.documents.indicator.subjects import Subjects
from remit.evaluation.explain import Explanation, explain
from remit.evaluation.model import Dates, Meaning
from remit.evaluation.reference import PatientChart
from remit.records.model import Event, Patient, Registration
from remit.rules.definitions import all_that_ship, shipped
from remit.terminology.cluster_words import KINDS, known_words
from remit.terminology.sets import demonstration

LEADS = {
    "achieved": "Counted and achieved: ",
    "not achieved": "In the denominator and not achieved: ",
    "exclusion": "Not in the denominator: ",
    "PCA": "Not in the denominator: ",
    "outside": "Not in the denominator: ",
    "on": "On the register: ",
    "off": "Not on the register: ",
}
PCA = {
    "unsuitable": ("PCA, not suitable for the patient", "PCA, on maximal treatment"),
    "chose not to": ("PCA, patient chose not to",),
    "did not respond": ("PCA, invited and did not respond",),
    "newly diagnosed": ("PCA, newly diagnosed",),
    "newly registered": ("PCA, new to the practice",),
    "other": ("PCA, another accepted reason",),
}
ENGINE = re.compile(
    r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+|\bNull\b|\bPPED\b|\bQSSD\b|\bPPSD\b|<>|[<>]=|\bTrue\b|\bNone\b|\bSelect|\bReject|\brule\b"
)


@cache
def cases() -> list[tuple[Run, str, str]]:
    """Each case with a definition that it expects something of, and what."""
    every = [run for path in case_files() for group in load_groups(path) for run in runs(group)]
    return [(run, code, wanted) for run in every for code, wanted in run.expected.items()]


def explained(run: Run, code: str) -> Explanation:
    known = known_of(run.dates.year)
    definition = known.find(code)
    assert definition is not None
    return explain(
        PatientChart(run.patient, Meaning(run.dates, codes_of(known, run.patient), known.registers)), definition
    )


def faults(run: Run, code: str, wanted: str) -> Iterator[str]:
    made = explained(run, code)
    text = answer(made, run.dates, known_of(run.dates.year), demonstration())
    what = wanted.split(": ", 1)[-1]
    category = next(name for name in ("not achieved", "achieved", "exclusion", "PCA", "outside", "on", "off")
                    if what.startswith(name))  # fmt: skip
    lead = LEADS[category]
    if category == "outside" and made.definition.is_register:
        lead = LEADS["off"]
    if not text.startswith(lead) or not text.endswith("."):
        yield f"should begin '{lead}'"
    if category == "PCA" and not any(words in text for words in PCA[what.rsplit(", ", 1)[1]]):
        yield "does not say which adjustment"
    if category == "exclusion" and "(exclusion)" not in text:
        yield "does not say that it is an exclusion"
    if found := ENGINE.search(text):
        yield f"has words of the engine: {found[0]}"
    counted = " on 3 days" in text or " days in the " in text
    day = say.day(made.outcome.day) if category == "PCA" and made.outcome and made.outcome.day else ""
    if day not in text and not counted:
        yield f"does not say {day}"
    days = {say.day(record.event.date) for record in made.records}
    if category == "achieved" and days and not any(day in text for day in days):
        yield f"says none of the days of its records: {sorted(days)}"
    if re.search(r"\b(\w+) \1\b|  |\.\.|: \.|: \(|,,", text):
        yield "is clumsy"


def test_each_outcome_of_the_clinical_cases_is_said() -> None:
    found = [f"{code} ({wanted}) {run.name}: {fault}" for run, code, wanted in cases()
             for fault in faults(run, code, wanted)]  # fmt: skip
    assert len(cases()) > 1500
    assert found == []


def test_every_rule_that_ships_is_said_in_words() -> None:
    for known in (all_that_ship(), known_of(FIRST)):
        for definition in (*known.registers.values(), *known.indicators.values()):
            subjects = Subjects(definition)
            words = RuleWords(known, subjects, Days(subjects))
            for rule in definition.rules:
                text = words.sentence(rule)
                assert not ENGINE.search(text), (definition.code, rule.number, text)


def test_every_cluster_that_a_rule_reads_has_words() -> None:
    for known in (all_that_ship(), known_of(FIRST)):
        read = known.needed_clusters([*known.registers, *known.indicators])
        assert read - known_words().keys() == set()
    assert {words.kind for words in known_words().values()} <= set(KINDS)


# Whole sentences. The year is 2024-25; the patient is born on 15 June 1960 and is on the list since April 2010.

YEAR = Dates(date(2025, 3, 31), date(2024, 4, 1), date(2025, 3, 31))
HYP, CHD = Event(date(2015, 3, 1), "HYP_COD"), Event(date(2016, 2, 5), "CHD_COD")
DM = Event(date(2012, 7, 9), "DM_COD")


def pressure(day: date, systolic: int, diastolic: int, home: str = "") -> tuple[Event, ...]:
    halves = ((f"{home}BPSYS_COD", systolic), (f"{home}BPDIA_COD", diastolic))
    return tuple(Event(day, code, Decimal(value), "mmHg", reading=str(day)) for code, value in halves)


def measured(day: date, code: str, value: str, unit: str) -> Event:
    return Event(day, code, Decimal(value), unit)


SENTENCES: list[tuple[str, tuple[Event, ...], str]] = [
    ("HYP008", (HYP, Event(date(2024, 4, 28), "HOMEBPDEC_COD")),
     "Not in the denominator: home blood pressure monitoring was declined on 28 April 2024 "
     "(PCA, patient chose not to)."),
    ("HYP008", (HYP, *pressure(date(2024, 5, 3), 132, 78)),
     "Counted and achieved: blood pressure 132/78 on 3 May 2024 is at or below 140/90."),
    ("HYP008", (HYP, *pressure(date(2024, 5, 3), 152, 84)),
     "In the denominator and not achieved: the last blood pressure, 152/84 on 3 May 2024, is above 140/90."),
    ("HYP008", (HYP, *pressure(date(2024, 5, 3), 132, 78), *pressure(date(2024, 9, 3), 138, 80, "HOME")),
     "In the denominator and not achieved: the last home blood pressure, 138/80 on 3 September 2024, is above 135/85."),
    ("HYP008", (HYP, *pressure(date(2023, 5, 3), 132, 78)),
     "In the denominator and not achieved: no record of blood pressure or home blood pressure in the 12 months to "
     "31 March 2025 (the last was on 3 May 2023)."),
    ("HYP008", (HYP, Event(date(2024, 8, 1), "HTMAX_COD")),
     "Not in the denominator: blood pressure treatment was recorded as the maximum tolerated on 1 August 2024 "
     "(PCA, on maximal treatment)."),
    ("HYP008", (HYP, Event(date(2024, 8, 1), "HYPINVITE_COD"), Event(date(2024, 8, 20), "HYPINVITE_COD")),
     "Not in the denominator: the patient was invited to a hypertension review on 1 August 2024 and again on "
     "20 August 2024, with no record of blood pressure or home blood pressure by 31 March 2025 "
     "(PCA, invited and did not respond)."),
    ("HYP008", (Event(date(2025, 1, 9), "HYP_COD"),),
     "Not in the denominator: hypertension was diagnosed on 9 January 2025, after 30 June 2024 "
     "(PCA, newly diagnosed)."),
    ("HYP008", (), "Not in the denominator: not on the hypertension register, because no diagnosis of hypertension by "
     "31 March 2025."),
    ("HYP009", (HYP,), "Not in the denominator: the patient was aged 64 on 31 March 2025 (under 80) (exclusion)."),
    ("HYP_REG", (), "Not on the register: no diagnosis of hypertension by 31 March 2025."),
    ("HYP_REG", (HYP,), "On the register: hypertension was last diagnosed on 1 March 2015, with no record that "
     "hypertension has resolved since then."),
    ("HYP_REG", (HYP, Event(date(2020, 1, 5), "HYPRES_COD")),
     "Not on the register: hypertension was recorded as resolved on 5 January 2020."),
    ("CHOL004", (CHD, measured(date(2024, 6, 3), "LDLCCHOL_COD", "3.1", "mmol/L")),
     "In the denominator and not achieved: the last LDL cholesterol, 3.1 mmol/L on 3 June 2024, is above 2."),
    ("DM020", (DM, measured(date(2024, 6, 3), "IFCCHBAM_COD", "52", "mmol/mol")),
     "Counted and achieved: HbA1c 52 mmol/mol on 3 June 2024 is at or below 58."),
    ("DM8CP-TYPE2", (DM, measured(date(2023, 6, 3), "IFCCHBAM_COD", "52", "mmol/mol")),
     "In the denominator and not achieved: not recorded in time: HbA1c (last on 3 June 2023), blood pressure, "
     "cholesterol, creatinine, urine albumin, foot check, weight and smoking status."),
    ("DEM004", (Event(date(2019, 5, 4), "DEM_COD"), Event(date(2024, 10, 2), "DEMPCAPU_COD")),
     "Not in the denominator: dementia care was recorded as not suitable on 2 October 2024 "
     "(PCA, not suitable for the patient)."),
    ("CHOL003", (CHD, DM), "Not in the denominator: the patient is on the diabetes register (diabetes was last "
     "diagnosed on 9 July 2012 and the patient was aged 64 on 31 March 2025 (17 or over), with no record that diabetes "
     "has resolved since then) (exclusion)."),
]  # fmt: skip


@pytest.mark.parametrize(("code", "events", "sentence"), SENTENCES)
def test_the_whole_sentence(code: str, events: tuple[Event, ...], sentence: str) -> None:
    assert said_of(code, events) == sentence


def said_of(code: str, events: tuple[Event, ...], died: date | None = None, left: date | None = None) -> str:
    stay = Registration("A1", date(2010, 4, 1), left)
    patient = Patient("1", "A1", date(1960, 6, 15), "F", died, (stay,), events)
    return answer(explained(Run("", patient, YEAR, {}), code), YEAR, shipped(), demonstration())


def test_deaths_are_said() -> None:
    plan, died = Event(date(2024, 6, 8), "RESPECT_COD"), date(2024, 6, 21)
    assert said_of("RESPECT-DEATHS", (plan,), died, died) == (
        "Counted and achieved: the patient died on 21 June 2024 and a ReSPECT plan was recorded on 8 June 2024."
    )
    assert said_of("RESPECT-DEATHS", (), died, died) == (
        "In the denominator and not achieved: the patient died on 21 June 2024, with no record of a ReSPECT plan on or "
        "before 21 June 2024."
    )
    assert said_of("RESPECT-DEATHS", ()) == (
        "Not in the denominator: the patient did not die from 1 April 2024 to 31 March 2025 while registered with the "
        "practice."
    )
    assert said_of("HYP_REG", (HYP,), left=date(2024, 7, 1)) == (
        "Not on the register: not registered with the practice on 31 March 2025."
    )


# The command: what it guards, what it says of an id that is not there, and the same answer in every format.


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("explained")
    write_folder(home / "in")
    assert remit("records", "import", home / "in", "--keep-ids", "--store", home / "store").status == 0
    return home / "store"


ASKED = ("--practice", "A1", "--on", "2025-03-31")


@pytest.mark.parametrize("code", ["RESPECT-DEATHS", "LD_REG"])
def test_sensitive_indicators_are_explained_only_where_they_are_asked_for(code: str, store: Path) -> None:
    refused = remit("explain", code, "--records", store, "--patient", "p2", *ASKED)
    assert refused.status == 1
    assert "is sensitive" in refused.err
    assert "--sensitive" in refused.err
    assert "2025" not in refused.out
    shown = remit("explain", code, "--records", store, "--patient", "p2", *ASKED, "--sensitive")
    assert shown.status == 0, shown.err


def test_an_unknown_id_is_told_how_ids_look_and_no_id_of_another(store: Path) -> None:
    said = remit("explain", "HYP008", "--records", store, "--patient", "9434765919")
    assert said.status == 1
    assert "there is no patient '[NHS number]' in the store. Ids here are 2 characters, with letters and digits." in (
        " ".join(said.err.split())
    )
    assert not re.search(r"\bp[12]\b", said.err)


def test_a_patient_of_several_practices_needs_one(store: Path) -> None:
    said = remit("explain", "HYP008", "--records", store, "--patient", "p1")
    assert said.status == 1
    assert "p1 has records in A1, B2. Say --practice." in said.err


ANSWER = "Counted and achieved: blood pressure 138/88.5 on 1 May 2024 is at or below 140/90."


def test_the_day_of_the_records_is_said_where_none_is_given(store: Path) -> None:
    said = remit("explain", "HYP008", "--records", store, "--patient", "p1", "--practice", "A1")
    assert "The achievement date is 31 March 2025, the records' last day." in said.err
    assert ANSWER in " ".join(said.out.split())


def test_every_format_has_the_answer_the_rules_and_the_figures(store: Path, tmp_path: Path) -> None:
    files = {kind: tmp_path / f"why.{kind}" for kind in ("html", "pdf", "xlsx", "csv")}
    options = [word for kind, path in files.items() for word in (f"--{kind}", path)]
    said = remit("explain", "HYP008", "--records", store, "--patient", "p1", *ASKED, *options)
    assert said.status == 0, said.err
    page = files["html"].read_text(encoding="utf-8")
    assert ANSWER in page
    assert page.count("<svg") == 2  # of the systolic and of the diastolic value
    assert "Counts in this window" in page
    book = openpyxl.load_workbook(files["xlsx"])
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    rows = list(csv.reader(io.StringIO(files["csv"].read_text(encoding="utf-8"))))
    assert ANSWER in cells
    assert files["pdf"].read_bytes().startswith(b"%PDF")
    for shown in (cells, [cell for row in rows for cell in row], page.splitlines()):
        assert any("1. If the patient is over 79: exclusion." in text for text in shown)
        assert any("► Counted and achieved" in text for text in shown)
    meaning = "Record that blood pressure treatment is the maximum tolerated"
    codes = len(demonstration().clusters["HTMAX_COD"].codes)
    assert [meaning, "HTMAX_COD", str(codes)] in rows
    assert "clusters/HTMAX_COD/codes" in page


def test_a_specification_is_a_flow_chart_too(tmp_path: Path) -> None:
    page = tmp_path / "spec.html"
    assert remit("spec", "HYP008", "--html", page, "--pdf", tmp_path / "spec.pdf", "--xlsx", tmp_path / "spec.xlsx",
                 "--csv", tmp_path / "spec.csv").status == 0  # fmt: skip
    text = page.read_text(encoding="utf-8")
    assert "<svg" in text
    assert "Everybody on the hypertension register (HYP_REG)" in text
    assert "Diagnosis of hypertension" in text
    rows = list(csv.reader(io.StringIO((tmp_path / "spec.csv").read_text(encoding="utf-8"))))
    assert ["1. If the patient is over 79", "Not in the denominator (exclusion)"] in rows
