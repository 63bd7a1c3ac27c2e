"""`year`: twelve months from the first of any month. Every amount is worked out by hand beside it."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from pathlib import Path

import pytest
from tests.bad_files.command import assert_refused
from tests.bad_files.command import remit as command
from tests.spec.language import SOURCE
from tests.spec.run import Rows, claimed, local, paid
from tests.unit.made_worklists import LOCAL, evaluated, listed, records

import remit
from remit.core.dates import Period, SchemeYear
from remit.core.figures import quarters
from remit.core.problems import Refused
from remit.runs.folder import open_run
from remit.scheme import Scheme
from remit.scheme.loader import build, frozen_text
from remit.scheme.source import parse_source
from remit.scheme.years import need_april

CALENDAR = "year: 2025\nachievement_date: 2025-12-31"
JULY = "year: 2025-07 to 2026-06\nachievement_date: 2026-06-30"
ITEMS = """
heads: {column: weighted_list_size, called: weighted list, at: 2025-01-01}
items:
  - {item: A, indicator: CHD005, measure: achievement, pays: {steps: {most: £1.20, steps: [from 50% pays £1.20]}}}
  - {item: V, title: Visits, pays: {activity: {tariff: £10, each: visit}}}
"""
CLAIMED = "items: [{item: V, title: Visits, pays: {activity: {tariff: £10, each: visit}}}]\nclaims: {eligible: false}"
ADVANCE = "{share: 100%, of: award for full achievement, items: [A], instalments: MANY, due: last day of each month}"
PRACTICES = "practice_code,practice_name,weighted_list_size,joined\nA1,One,1000,\nA2,Two,1000,"
COUNTS = "A1 A NUMERATOR 60\nA1 A DENOMINATOR 100\nA2 A NUMERATOR 40\nA2 A DENOMINATOR 100\n"


def contract(year: str, items: str = ITEMS, joiner: str = "whole months", many: int = 12, due: str = "") -> Scheme:
    """A contract of a year, with an advance by the month where its balance has a day."""
    head = 'scheme: a-scheme\nversion: "1"\ntitle: A scheme\ncommissioner: An ICB\n'
    ahead = f"  paid_in_advance: {ADVANCE.replace('MANY', str(many))}\n" if due else ""
    terms = (
        f"terms:\n{ahead}  paid_on_activity: {{days: 30}}\n  balance: {{due: {due or '2026-10-31'}}}\n"
        "  recovery: {months: 2, first: 2026-11-30, due: last day of each month}\n"
        f"  changes: {{joiner: {joiner}, leaver: days, merger: successor}}\n"
    )
    paper = "sources: {paper: {title: The paper, standing: verified}}"
    return build(parse_source("\n".join([head, year, paper, SOURCE, terms, items]), "a-scheme.yaml"))


def schedule(found: Scheme, counts: str, joined: str) -> dict[str, list[tuple[str, ...]]]:
    """The payments of both practices: the day, what it is and how much."""
    columns = ("practice_code", "due_date", "kind", "pounds")
    rows = paid(found, counts, *columns, table="schedule.csv", practices=f"{PRACTICES}{joined}\n")
    return {code: sorted(row[1:] for row in rows if row[0] == code) for code in ("A1", "A2")}


def instalments(days: str, pounds: str) -> Rows:
    return [(day, "instalment", pounds) for day in days.split()]


def test_a_calendar_year_is_paid_and_joined_by_its_own_months() -> None:
    """£1.20 × 1,000 is £1,200 in twelve of £100. A2 is there for 8 of 12 months: £800 ahead, nothing earned by A."""
    visits = "A1 V ACTIVITY 2 2025-Q1\nA1 V ACTIVITY 3 2025-06-30\nA1 V ACTIVITY 4 2025-Q4\nA2 V ACTIVITY 5 2025-Q4"
    found = schedule(contract(CALENDAR, due="2026-03-31"), COUNTS + visits, "2025-04-10")
    ends = "2025-05-31 2025-06-30 2025-07-31 2025-08-31 2025-09-30 2025-10-31 2025-11-30 2025-12-31"
    months = instalments(f"2025-01-31 2025-02-28 2025-03-31 2025-04-30 {ends}", "100.00")
    visited = [("2025-04-30", "activity", "20.00"), ("2025-07-30", "activity", "30.00")]
    assert found["A1"] == sorted([*months, *visited, ("2026-01-30", "activity", "40.00")])
    recovered = [("2026-11-30", "recovery", "400.00"), ("2026-12-31", "recovery", "400.00")]
    a2 = found["A2"]
    assert [row for row in a2 if row[1] != "instalment"] == [("2026-01-30", "activity", "50.00"), *recovered]
    assert sum(Fraction(row[2]) for row in a2 if row[1] == "instalment") == 800
    assert all("2025-04-10" < row[0] <= "2025-12-31" for row in a2 if row[1] == "instalment")


def test_from_july_to_june_quarters_and_months_count_from_july() -> None:
    """A2 joins on 1 January: 6 of 12 months. It reaches the step: £600, paid by six instalments of £100."""
    visits = "A1 V ACTIVITY 2 2025-Q1\nA1 V ACTIVITY 3 2025-12-31\nA1 V ACTIVITY 4 2026-06-30\n"
    counts = COUNTS.replace("A2 A NUMERATOR 40", "A2 A NUMERATOR 60") + visits
    found = schedule(contract(JULY, due="2026-09-30"), counts, "2026-01-01")
    before = "2025-07-31 2025-08-31 2025-09-30 2025-10-31 2025-11-30 2025-12-31"
    after = instalments("2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31 2026-06-30", "100.00")
    visited = [("2025-10-30", "20.00"), ("2026-01-30", "30.00"), ("2026-07-30", "40.00")]
    a1 = [*instalments(before, "100.00"), *after, *((day, "activity", pounds) for day, pounds in visited)]
    assert found == {"A1": sorted(a1), "A2": after}


def test_a_half_year_is_a_term_in_the_year_that_holds_it() -> None:
    """July to December 2025: six instalments of £200; quarters 3 and 4 alone; A2 is there for 3 of 6 months."""
    half = f"{CALENDAR}\nterm: {{from: 2025-07-01, to: 2025-12-31}}"
    visits = "A1 V ACTIVITY 3 2025-Q3\nA1 V ACTIVITY 4 2025-Q4"
    counts = COUNTS.replace("A2 A NUMERATOR 40", "A2 A NUMERATOR 60") + visits
    found = schedule(contract(half, many=6, due="2026-03-31"), counts, "2025-10-01")
    third, fourth = "2025-07-31 2025-08-31 2025-09-30", "2025-10-31 2025-11-30 2025-12-31"
    visited = [("2025-10-30", "activity", "30.00"), ("2026-01-30", "activity", "40.00")]
    assert found["A1"] == sorted([*instalments(f"{third} {fourth}", "200.00"), *visited])
    assert found["A2"] == instalments(fourth, "200.00")


@pytest.mark.parametrize(
    ("year", "joined", "pounds"),
    [
        (CALENDAR, "2025-04-01", "904.11"),  # 1200 × 275 / 365
        (JULY, "2026-04-01", "299.18"),  # 1200 × 91 / 365
        ("year: 2024\nachievement_date: 2024-12-31", "2024-02-29", "1006.56"),  # 1200 × 307 / 366 = 1006.557…
    ],
)
def test_a_part_of_the_year_by_days_is_of_its_own_days(year: str, joined: str, pounds: str) -> None:
    counts = "A2 A NUMERATOR 60\nA2 A DENOMINATOR 100"
    rows = paid(contract(year, joiner="days"), counts, "practice_code", "indicator_code", "pounds",
                practices=f"{PRACTICES}{joined}\n")  # fmt: skip
    assert ("A2", "A", pounds) in rows


@pytest.mark.parametrize(("period", "pounds"), [("2025-Q1", "20.00"), ("2025-12-31", "50.00"), (None, "120.00")])
def test_a_position_in_the_year_has_the_quarters_until_then(period: str | None, pounds: str) -> None:
    counts = "".join(f"A1 V ACTIVITY {n} 2025-Q{q}\n" for q, n in ((1, 2), (2, 3), (3, 3), (4, 4)))
    assert ("V", pounds) in paid(
        contract(JULY), counts, "indicator_code", "pounds", period=period, practices=f"{PRACTICES}\n"
    )


def test_the_year_before_is_the_twelve_months_before() -> None:
    block = "items: [{item: A, title: B, pays: {historic: {of: QOF, years: [2023, 2024], in: pounds}}}]"
    counts = "A1 A HISTORIC_POUNDS 10 2023\nA1 A HISTORIC_POUNDS 30 2024"
    assert paid(contract(CALENDAR, block), counts, "pounds")[0] == ("20.00",)


@pytest.mark.parametrize(
    ("year", "period", "words"),
    [
        (JULY, "2024-Q4", "is for one of a quarter such as 2025-07 to 2026-06 Q1: found 2024-Q4"),
        (JULY, "2025-26-Q1", "found 2025-26-Q1"),
        (CALENDAR, "2025-Q5", "expected a year 2025, a quarter 2025-Q3 or a date 2025-12-31, found '2025-Q5'"),
        (CALENDAR, "2026-01-31", "found 2026-01-31"),
    ],
)
def test_a_period_of_another_year_is_refused(year: str, period: str, words: str) -> None:
    counts = f"A1 V ACTIVITY 3 {period}"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "p.csv").write_text(f"{PRACTICES}\n", encoding="utf-8")
        (folder / "c.csv").write_text(
            "practice_code,indicator_code,measure,value,period\n" + ",".join(counts.split(" ", 4)) + "\n",
            encoding="utf-8",
        )
        with pytest.raises(Refused) as caught:
            remit.run(contract(year), folder / "p.csv", folder / "c.csv")
    assert words in str(caught.value)


def test_claims_are_paid_in_the_quarters_of_the_contract() -> None:
    assert claimed([contract(JULY, CLAIMED)], "A1 p1 V 2025-Q4 - -", "quarter", "outcome") == [("2025-Q4", "counted")]


def test_a_run_of_a_position_opens_again_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(f"{PRACTICES}\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text(
        "practice_code,indicator_code,measure,value,period\nA1,V,ACTIVITY,2,2026-Q1\n", encoding="utf-8"
    )
    half = contract("year: 2026-04 to 2027-03\nachievement_date: 2027-03-31")
    for found, day in ((half, "2026-06-30"), (contract(CALENDAR.replace("2025", "2026")), "2026-03-31")):
        run = remit.run(found, tmp_path / "p.csv", tmp_path / "c.csv", period="2026-Q1")
        remit.write_run(run, tmp_path / f"out-{found.year}")
        again = open_run(tmp_path / f"out-{found.year}")
        assert again.inputs.period == Period.parse(day, found.year) == run.inputs.period


@pytest.mark.parametrize(
    ("year", "words"),
    [
        ("2026-07 to 2025-06", "the year ends before it begins, found '2026-07 to 2025-06': twelve months are "
                               "'2026-07 to 2027-06'"),
        ("2025-07 to 2025-12", "'2025-07 to 2025-12' is 6: write the year '2025-07 to 2026-06', and the contract's "
                               "days as its 'term', from 2025-07-01 to 2025-12-31"),
        ("2025-01 to 2026-01", "'2025-01 to 2026-01' is 13: write '2025', and the rest as another year"),
        ("2025-13 to 2026-12", "there is no month 13"),
        ("2025-26 to 2026-27", "there is no month 26"),
        ("2025-27", "expected a year written as 2024-25 (April to March), 2025 (the calendar year), or its months"),
        ("25", "found '25'"),
        ("{from: 2025-01-01, to: 2025-12-31}", "expected a year written as"),
    ],
)  # fmt: skip
def test_what_is_no_year_is_refused_with_the_nearest(year: str, words: str) -> None:
    with pytest.raises(Refused) as caught:
        contract(f"year: {year}\nachievement_date: 2025-12-31")
    assert words in str(caught.value)


def test_a_baseline_does_not_reach_into_the_year() -> None:
    """April 2024 to March 2025 overlaps the calendar year 2025."""
    own = "{points: 5, rises_by: 10 points, above: 75%, then: its own rate, years: [2024-25], pcas: left out}"
    items = f"items: [{{item: A, indicator: CHD005, measure: achievement, pays: {{own_target: {own}}}}}]"
    with pytest.raises(Refused, match="the baseline's year 2024-25 is not before the scheme's, 2025"):
        contract(CALENDAR, f"point: {{value: £200}}\n{items}")
    contract(CALENDAR, f"point: {{value: £200}}\n{items}".replace("2024-25", "2024"))


def test_every_form_of_a_year_is_read_as_it_is_written() -> None:
    for begins in (2004, 2025):
        for month in range(1, 13):
            year = SchemeYear(begins, month)
            assert SchemeYear.of_any_month(str(year)) == year
            assert (year.start.day, (year.after.start - year.end).days, year.start.month) == (1, 1, month)
            assert [Period.parse(str(one), year) for one in quarters(year)] == [
                Period(year, one.end) for one in quarters(year)
            ]
            assert sum(year.quarter_days()) == (year.end - year.start).days + 1
    assert SchemeYear.of_any_month("2025-04 to 2026-03") == SchemeYear.parse("2025-26")


def test_what_goes_by_years_from_april_refuses_others_by_name(tmp_path: Path) -> None:
    """Each at once: before a file is read, or records are."""
    (tmp_path / "p.csv").write_text(f"{PRACTICES}\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text(
        "practice_code,indicator_code,measure,value\n" + COUNTS.replace(" ", ","), encoding="utf-8"
    )
    (tmp_path / "s.yaml").write_text(frozen_text(contract(JULY)), encoding="utf-8")
    run = tmp_path / "run"
    remit.write_run(remit.run(contract(JULY), tmp_path / "p.csv", tmp_path / "c.csv"), run)
    store = ("--records", tmp_path / "store", "--out", tmp_path / "out", "--rules-of", "2024-25", "--evidence")
    for words in (
        ("pca", run),
        ("reconcile", run, tmp_path / "c.csv"),
        ("design", run, "--item", "A", "--budget", "£5000"),
        ("evaluate", tmp_path / "s.yaml", *store),
    ):
        assert_refused(command(*words), "only for years from April to March, and a-scheme is of 1 July 2025 to 30 June")
    need_april([local("items: [{item: A, title: A thing, pays: {activity: {tariff: £10}}}]")], "a file is compared")


def test_no_worklist_is_made_of_another_year(tmp_path: Path) -> None:
    calendar = LOCAL.replace("year: 2024-25\nachievement_date: 2025-03-31", "year: 2024\nachievement_date: 2024-12-31")
    store = records(tmp_path / "records")
    folder = evaluated(tmp_path / "calendar", store, calendar, rules_of=(SchemeYear(2024),))
    with pytest.raises(Refused, match="a worklist is made only for years from April to March, and local-worklist is"):
        listed(store, folder)
