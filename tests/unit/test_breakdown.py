"""A practice's outcomes by who the patients are, counted by hand; and frailty as the latest of three codes."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pyarrow as pa
import pytest

from remit.evaluation.cells import band_names, cells
from remit.evaluation.counting import PracticeOutcomes, outcomes_table, people_table, person
from remit.evaluation.frailty import FRAILTY, FRAILTY_CLUSTERS
from remit.evaluation.layout import CELLS, PEOPLE
from remit.evaluation.model import Dates, Meaning, Outcome
from remit.evaluation.reference import PatientChart
from remit.records.model import Event, Patient, Registration
from remit.rules.model import Counts

DATES = Dates(date(2025, 3, 31), date(2024, 4, 1), date(2025, 3, 31))
CODES = {name: frozenset({name}) for name in FRAILTY_CLUSTERS.values()}
HERE = (Registration("A1", date(2010, 1, 1)),)
MISSED = Counts("not_achieved")
DONE = Counts("achieved")


def people(*rows: tuple[str, int, str, str, int | None, str | None]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(PEOPLE.names, row, strict=True)) for row in rows], PEOPLE)


def outcomes(*rows: tuple[str, str, Counts, date | None]) -> pa.Table:
    made = PracticeOutcomes("A1")
    made.outcomes = [(who, Outcome(code, 1, True, counts, day)) for who, code, counts, day in rows]
    return outcomes_table(made)


FOUR = people(
    ("ann", 4, "F", "A", 1, "severe"),
    ("bob", 5, "M", "", None, ""),
    ("cat", 84, "F", "Z", 10, ""),
    ("dan", 85, "I", "A", 10, "mild"),
)


def test_each_patient_is_in_one_cell_of_every_dimension() -> None:
    found = cells(
        outcomes(
            ("ann", "HYP", DONE, None),
            ("bob", "HYP", MISSED, None),
            ("cat", "HYP", DONE, None),
            ("dan", "HYP", Counts("pca", "HTMAX", "unsuitable"), date(2024, 6, 30)),
            ("bob", "AST", Counts("pca", "", "other"), None),
        ),
        FOUR,
    )
    assert found.schema == CELLS
    rows = [tuple(row.values())[1:] for row in found.to_pylist()]
    assert [row for row in rows if row[0] == "HYP"] == [
        ("HYP", "all", "all", "achieved", 2),
        ("HYP", "all", "all", "not_achieved", 1),
        ("HYP", "all", "all", "pca", 1),
        ("HYP", "age", "0-4", "achieved", 1),
        ("HYP", "age", "5-14", "not_achieved", 1),
        ("HYP", "age", "75-84", "achieved", 1),
        ("HYP", "age", "85 and over", "pca", 1),
        ("HYP", "sex", "F", "achieved", 2),
        ("HYP", "sex", "M", "not_achieved", 1),
        ("HYP", "sex", "I", "pca", 1),
        ("HYP", "ethnicity", "A", "achieved", 1),
        ("HYP", "ethnicity", "A", "pca", 1),
        ("HYP", "ethnicity", "Z", "achieved", 1),
        ("HYP", "ethnicity", "not recorded", "not_achieved", 1),
        ("HYP", "deprivation", "1", "achieved", 1),
        ("HYP", "deprivation", "10", "achieved", 1),
        ("HYP", "deprivation", "10", "pca", 1),
        ("HYP", "deprivation", "not recorded", "not_achieved", 1),
        ("HYP", "frailty", "none recorded", "achieved", 1),
        ("HYP", "frailty", "none recorded", "not_achieved", 1),
        ("HYP", "frailty", "mild", "pca", 1),
        ("HYP", "frailty", "severe", "achieved", 1),
        ("HYP", "pca_reason", "HTMAX", "pca", 1),
        ("HYP", "pca_month", "2024-06", "pca", 1),
    ]
    assert rows[0] == ("AST", "all", "all", "pca", 1)
    assert ("AST", "pca_reason", "no reason", "pca", 1) in rows
    assert ("AST", "pca_month", "no date", "pca", 1) in rows


def test_the_order_of_rows_does_not_matter() -> None:
    given = outcomes(*((who, code, DONE, None) for code in ("B", "A") for who in ("dan", "cat", "ann")))
    turned = given.take([5, 3, 1, 0, 4, 2])
    assert cells(given, FOUR) == cells(turned, FOUR.take([3, 1, 0, 2]))


def test_nobody_counted_gives_no_cell() -> None:
    assert cells(outcomes(), FOUR) == CELLS.empty_table()


def test_frailty_that_the_clusters_cannot_tell_is_not_known() -> None:
    found = cells(outcomes(("ann", "HYP", DONE, None)), people(("ann", 40, "F", "", None, None)))
    assert [row["value"] for row in found.to_pylist() if row["dimension"] == "frailty"] == ["not known"]


def test_somebody_missing_among_the_people_is_an_error() -> None:
    with pytest.raises(ValueError, match="1 outcomes are of patients who are not among the people"):
        cells(outcomes(("eve", "HYP", DONE, None)), FOUR)


def test_bands_have_no_gap() -> None:
    assert band_names() == (
        "0-4", "5-14", "15-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75-84", "85 and over",
    )  # fmt: skip


MILD, MODERATE, SEVERE = "MILDFRAIL_COD", "MODFRAIL_COD", "SEVFRAIL_COD"


@pytest.mark.parametrize(
    ("events", "frailty"),
    [
        ([], ""),
        ([(MILD, "2020-01-01")], "mild"),
        ([(SEVERE, "2020-01-01"), (MILD, "2021-01-01")], "mild"),
        ([(MILD, "2020-01-01"), (MODERATE, "2021-01-01")], "moderate"),
        ([(MILD, "2021-01-01"), (MODERATE, "2021-01-01")], "moderate"),
        ([(SEVERE, "2021-01-01"), (MODERATE, "2021-01-01"), (MILD, "2021-01-01")], "severe"),
        ([(MODERATE, "2025-03-31"), (SEVERE, "2025-04-01")], "moderate"),
    ],
)
@pytest.mark.parametrize("died", [None, date(2024, 12, 1)])
def test_frailty_is_the_latest_code_and_the_most_severe_of_a_day(
    events: list[tuple[str, str]], frailty: str, died: date | None
) -> None:
    coded = tuple(Event(date.fromisoformat(day), code) for code, day in events)
    patient = Patient("1", "A1", date(1940, 4, 1), "F", died, HERE, coded, "A", 3)
    chart = PatientChart(patient, Meaning(DATES, CODES, {}))
    made = person(chart)
    assert (made.frailty, made.age) == (frailty, 84)
    assert sum(chart.in_population(d) and chart.decide(d)[0] == "Select" for _, d in FRAILTY) == bool(frailty)
    assert people_table([made]).to_pylist() == [
        {"patient_id": "1", "age": 84, "sex": "F", "ethnicity": "A", "deprivation_decile": 3, "frailty": frailty}
    ]


def test_without_one_of_the_clusters_nothing_is_said_of_frailty() -> None:
    patient = Patient("1", "A1", date(1940, 4, 1), "F", None, HERE, (Event(date(2020, 1, 1), MILD),))
    some = {name: codes for name, codes in CODES.items() if name != SEVERE}
    assert person(PatientChart(patient, Meaning(DATES, some, {}))).frailty is None


def test_every_dimension_adds_up_to_all() -> None:
    who = ["ann", "bob", "cat", "dan"]
    counts = [DONE, MISSED, Counts("pca", "A", "other"), Counts("exclusion", "B")]
    rows = [(who[n % 4], f"I{n}", counts[(n // 3) % 4], None) for n in range(60)]
    sums: Counter[tuple[str, str, str]] = Counter()
    for row in cells(outcomes(*rows), FOUR).to_pylist():
        sums[row["indicator_code"], row["category"], row["dimension"]] += row["patients"]
    for (indicator, category, dimension), total in sums.items():
        assert total == sums[indicator, category, "all"], dimension
