"""The days that matter, case by case, with days worked out by hand from the rules' own windows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.made_worklists import code

from remit.evaluation.model import Dates, Meaning
from remit.evaluation.reference import PatientChart
from remit.records.model import Event, Patient, Registration
from remit.rules import model as r
from remit.rules.definitions import shipped
from remit.rules.parse import parse_condition, parse_field
from remit.terminology.sets import demonstration
from remit.worklist.dates import Asker, first_day, last_record, missing_parts, rolling
from remit.worklist.model import CareDue

YEAR = Dates(date(2024, 12, 31), date(2024, 4, 1), date(2025, 3, 31))
CODES = ("HYP008", "HYP006", "PULSE65", "CS005", "DM8CP-TYPE2", "CHOL002")


@pytest.fixture(scope="module")
def asker() -> Asker:
    known = shipped()
    codes = {name: demonstration().codes_of(name) for name in known.needed_clusters(CODES)}
    return Asker(known, {code: known.indicators[code] for code in CODES}, codes, YEAR)


def on(day: str, cluster: str, value: str = "") -> list[Event]:
    when = date.fromisoformat(day)
    if cluster == "BP":
        halves = zip(("BPSYS_COD", "BPDIA_COD"), value.split("/"), strict=True)
        return [Event(when, code(half), Decimal(text), "mmHg", "", day) for half, text in halves]
    return [Event(when, code(cluster), Decimal(value) if value else None)]


def patient(*events: list[Event], born: str = "1955-06-15") -> Patient:
    every = tuple(sorted((e for some in events for e in some), key=lambda e: (e.date, e.code, e.reading)))
    stays = (Registration("A1", date(2010, 1, 1)),)
    return Patient("p", "A1", date.fromisoformat(born), "M", None, stays, every)


HYP = on("2015-01-10", "HYP_COD")
LATER = date(2025, 12, 31)


def expires(text: str) -> CareDue:
    return CareDue(date.fromisoformat(text), "expires")


def test_a_year_after_the_reading(asker: Asker) -> None:
    assert asker.expires(patient(HYP, on("2024-06-01", "BP", "130/80")), "HYP008", LATER) == expires("2025-06-01")


def test_a_reading_of_the_leap_day(asker: Asker) -> None:
    """12 months before 28 February 2025 is 28 February 2024, and before 1 March the 1st."""
    assert asker.expires(patient(HYP, on("2024-02-29", "BP", "130/80")), "HYP008", LATER) == expires("2025-03-01")


def test_a_window_from_the_years_start(asker: Asker) -> None:
    """The year that ends on 1 February 2025 begins on 2 February 2024, after the check."""
    assert asker.expires(patient(on("2024-02-01", "PULSERHYTHM_COD")), "PULSE65", LATER) == expires("2025-02-01")


def test_what_is_not_achieved_today_does_not_expire(asker: Asker) -> None:
    assert asker.expires(patient(HYP, on("2024-06-01", "BP", "150/80")), "HYP008", LATER) is None
    assert asker.expires(patient(HYP), "HYP008", LATER) is None


def test_who_grows_out_of_an_indicator_does_not_fall_due(asker: Asker) -> None:
    """80 on 1 February 2025: HYP008 excludes from then on, before the reading is a year old."""
    old = patient(HYP, on("2024-06-01", "BP", "130/80"), born="1945-02-01")
    assert asker.expires(old, "HYP008", LATER) is None


def test_a_later_reading_is_not_looked_at_before_its_day(asker: Asker) -> None:
    """What is dated after the day of the list is not there."""
    two = patient(HYP, on("2024-06-01", "BP", "130/80"), on("2024-08-01", "BP", "128/80"))
    assert asker.expires(two, "HYP008", LATER) == expires("2025-08-01")
    three = patient(HYP, on("2024-06-01", "BP", "130/80"), on("2025-02-06", "BP", "180/100"))
    assert asker.expires(asker.known_of(three), "HYP008", LATER) == expires("2025-06-01")
    unseen = patient(HYP, on("2024-12-10", "HYPINVITE_COD"), on("2025-01-02", "BP", "130/80"))
    assert asker.invited(asker.known_of(unseen), "HYP008")[1] == CareDue(date(2024, 12, 17), "invitation")


def test_one_more_invitation_counts_seven_days_after_the_first(asker: Asker) -> None:
    days, due = asker.invited(patient(HYP, on("2024-12-10", "HYPINVITE_COD")), "HYP008")
    assert (days, due) == ((date(2024, 12, 10),), CareDue(date(2024, 12, 17), "invitation"))


def test_of_three_invitations_the_third(asker: Asker) -> None:
    """HYP006 asks for three different days: with one sent, another makes two."""
    one, two = on("2024-06-01", "HYPINVITE_COD"), on("2024-07-01", "HYPINVITE_COD")
    assert asker.invited(patient(HYP, one), "HYP006") == ((), None)
    days, due = asker.invited(patient(HYP, one, two), "HYP006")
    assert (len(days), due) == (2, CareDue(date(2024, 7, 2), "invitation"))


def test_whoever_came_after_the_invitation_is_not_invited_again(asker: Asker) -> None:
    """HYP008 makes no adjustment where the latest reading follows the first invitation."""
    came = patient(HYP, on("2024-06-01", "HYPINVITE_COD"), on("2024-07-01", "BP", "150/90"))
    assert asker.invited(came, "HYP008") == ((), None)


def test_an_invitation_of_last_year_counts_no_more(asker: Asker) -> None:
    assert asker.invited(patient(HYP, on("2024-03-01", "HYPINVITE_COD")), "HYP008") == ((), None)


def test_an_indicator_without_invitations(asker: Asker) -> None:
    assert asker.invitations("PULSE65") == frozenset()
    assert asker.invitations("HYP008") == demonstration().codes_of("HYPINVITE_COD")
    assert asker.invited(patient(on("2024-06-01", "HYPINVITE_COD")), "PULSE65") == ((), None)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("count records of SMOK_COD where date >= PPSD", "1 Jun 2024"),
        ("count days of SMOK_COD where overlaps PPSD to PPED", "1 Jun 2024"),
        ("count days covered by SMOK_COD from PPSD to PPED", "1 Jun 2024"),
        ("longest gap in SMOK_COD from PPSD to PPED", "1 Jun 2024"),
        ("count records of SMOK_COD where date > PPED", ""),
        ("count days covered by SMOK_COD from (PPED - 1 month) to PPED", ""),
    ],
)
def test_a_record_that_is_only_counted_is_a_record(field: str, said: str) -> None:
    """Two are asked for and one is there: that is not "no record"."""
    rules = (r.Rule(1, parse_condition("N >= 400"), "", "Select", "Select", r.Counts("achieved"), r.NOT_ACHIEVED),)
    definition = r.Definition("I", "I", "registered", {"N": parse_field(field)}, {}, rules, "complete", "")
    chart = PatientChart(
        patient(on("2024-06-01", "SMOK_COD")), Meaning(YEAR, {"SMOK_COD": frozenset({code("SMOK_COD")})}, {})
    )
    assert str(last_record(chart, definition) or "") == said


def test_the_last_record_and_the_parts_that_are_left(asker: Asker) -> None:
    known = shipped().indicators
    chart = asker.chart(patient(HYP, on("2024-05-12", "BP", "152/94"), on("2024-05-13", "HYPINVITE_COD")), YEAR)
    assert str(last_record(chart, known["HYP008"])) == "152/94 on 12 May 2024"
    assert last_record(asker.chart(patient(HYP), YEAR), known["HYP008"]) is None
    some = asker.chart(patient(on("2015-01-01", "DM_COD"), on("2024-05-12", "FOOTEXAM_COD")), YEAR)
    assert missing_parts(some, known["DM8CP-TYPE2"]) == (
        "HBA1C", "BLOOD_PRESSURE", "CHOLESTEROL", "CREATININE", "URINE_ALBUMIN", "BMI", "SMOKING",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("whole", "seen", "expected"),
    [
        ("calendar year", "2024-05-01", "2025-01-01"),
        ("calendar year", "2024-12-31", "2025-01-01"),
        ("quarter", "2024-11-15", "2025-01-01"),
        ("month", "2024-12-20", "2025-01-01"),
    ],
)
def test_what_counts_for_a_period_of_its_own_expires_with_it(
    asker: Asker, whole: Literal["calendar year", "quarter", "month"], seen: str, expected: str
) -> None:
    """A definition that asks within the calendar year, the quarter or the month is asked anew when the next begins."""
    rules = (r.Rule(1, parse_condition("N >= 1"), "", "Select", "Select", r.Counts("achieved"), r.NOT_ACHIEVED),)
    fields = {"N": parse_field("count records of SMOK_COD where date >= MPSD and date <= MPED")}
    period = r.Containing(whole, r.Name("ACHV_DAT"))
    definition = r.Definition("I", "I", "registered", fields, {}, rules, "complete", "", period=period)
    own = Asker(asker.known, {"I": definition}, {"SMOK_COD": frozenset({code("SMOK_COD")})}, YEAR)
    assert own.expires(patient(on(seen, "SMOK_COD")), "I", LATER) == expires(expected)


def test_the_year_that_ends_with_a_day() -> None:
    assert rolling(date(2025, 3, 31)) == Dates(date(2025, 3, 31), date(2024, 4, 1), date(2025, 3, 31))


@given(change=st.integers(1, 400), until=st.integers(1, 400), guess=st.none() | st.integers(-5, 410))
def test_the_first_day_whatever_was_guessed(change: int, until: int, guess: int | None) -> None:
    start = date(2024, 12, 31)
    day = timedelta(days=1)
    found = first_day(
        lambda when: when >= start + change * day, start, start + until * day,
        None if guess is None else start + guess * day,
    )  # fmt: skip
    assert found == (start + change * day if change <= until else None)


def test_what_is_kept_of_a_patient_changes_no_answer(asker: Asker) -> None:
    """One chart for each day is asked about every indicator, and then about another patient: as if it were new."""
    people = [
        patient(HYP, on("2024-06-01", "BP", "130/80"), on("2024-02-01", "PULSERHYTHM_COD")),
        patient(HYP, on("2024-07-01", "BP", "130/80"), on("2024-12-10", "HYPINVITE_COD")),
        patient(HYP, on("2024-06-01", "BP", "150/80"), on("2024-06-01", "HYPINVITE_COD")),
    ]
    for one in (*people, *reversed(people)):
        for code_ in CODES:
            fresh = Asker(asker.known, asker.definitions, asker.codes, YEAR)
            assert asker.expires(one, code_, LATER) == fresh.expires(one, code_, LATER)
            assert asker.invited(one, code_) == fresh.invited(one, code_)
            plain = PatientChart(one, Meaning(YEAR, asker.codes, asker.known.registers))
            assert asker.outcome(one, code_, YEAR) == plain.outcome(asker.definitions[code_])
