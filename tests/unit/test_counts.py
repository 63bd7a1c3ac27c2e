from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.figures import held

from remit.core.dates import Period
from remit.core.problems import Refused
from remit.files.tables import CsvRows
from remit.scheme import load_scheme
from remit.scoring.counts import check_counts
from remit.scoring.figure_table import Counts
from remit.scoring.subjects import Measures


def counts(tmp_path: Path, *rows: str, scheme: str = "qof-england-2018-19", **how: Any) -> Counts:
    path = tmp_path / "counts.csv"
    path.write_text("\n".join(["practice_code,indicator_code,measure,value,period", *rows]) + "\n", encoding="utf-8")
    return check_counts(CsvRows(path), dict.fromkeys(("A1", "B2"), load_scheme(scheme)), **how)


def refused(tmp_path: Path, *rows: str, **how: Any) -> str:
    with pytest.raises(Refused) as error:
        counts(tmp_path, *rows, **how)
    return str(error.value)


@pytest.mark.parametrize(
    ("spelling", "measure"),
    [
        ("NUMERATOR", "NUMERATOR"),
        ("Numerator", "NUMERATOR"),
        ("Den", "DENOMINATOR"),
        ("PCAs", "PCAS"),
        ("exceptions", "PCAS"),
        ("Patient list size", "LIST_SIZE"),
        ("list_size", "LIST_SIZE"),
        ("Register", "REGISTER"),
        ("ACHIEVED_POINTS", ""),
        ("Denominator plus PCAs", ""),
        ("NUMERATR", None),
        ("", None),
    ],
)
def test_measures_by_the_spellings_of_publications(spelling: str, measure: str | None) -> None:
    assert Measures.find(spelling) == measure


@pytest.mark.parametrize("code", ["CVDPP001", "CVD-PP001", "cvd-pp001", "CVDPP 001"])
def test_indicators_by_older_spellings(tmp_path: Path, code: str) -> None:
    assert counts(tmp_path, f"A1,{code},NUMERATOR,5,").figures == {"A1": {"CVDPP001": held(NUMERATOR=5)}}


def test_a_group_an_item_and_the_practice_as_a_whole_are_apart(tmp_path: Path) -> None:
    found = counts(tmp_path, "A1,AF,REGISTER,5,", "A1,AF001,REGISTER,6,", "A1,*,HISTORIC_POINTS,500.5,")
    assert {subject: [key.measure for key in of] for subject, of in found.figures["A1"].items()} == {
        "AF": ["REGISTER"],
        "AF001": ["REGISTER"],
        "*": ["HISTORIC_POINTS"],
    }


@pytest.mark.parametrize("period", ["", "2018-19", "2018/19"])
def test_the_schemes_own_year_may_be_written_or_left_out(tmp_path: Path, period: str) -> None:
    assert counts(tmp_path, f"A1,AF,REGISTER,5,{period}").figures["A1"] == {"AF": held(REGISTER=5)}


def test_rows_for_another_day_are_passed_over_and_counted(tmp_path: Path) -> None:
    found = counts(tmp_path, "A1,AF,REGISTER,5,2018-Q3", "A1,AF,REGISTER,6,2018-12-31", "A1,AF,REGISTER,7,")
    assert found.figures["A1"]["AF"] == held(REGISTER=7)
    assert found.other_days == {"2018-Q3": 1, "2018-12-31": 1}


def test_with_a_period_its_rows_are_read(tmp_path: Path) -> None:
    rows = ("A1,AF,REGISTER,5,2018-Q3", "A1,AF,REGISTER,7,", "A1,*,AGREED,500,")
    found = counts(tmp_path, *rows, period=Period.parse("2018-12-31"))
    assert found.figures["A1"] == {"AF": held(REGISTER=5), "*": held(AGREED=500)}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("A9,AF,REGISTER,5,", "counts.csv:2: practice 'A9' is not among the practices."),
        ("A1,AF9,REGISTER,5,", "counts.csv:2: the indicator 'AF9' is not in qof-england-2018-19. Did you mean AF"),
        ("A1,,REGISTER,5,", "counts.csv:2: the indicator '' is not in"),
        ("A1,AF,REGSTER,5,", "counts.csv:2: the measure 'REGSTER' is not known. Did you mean REGISTER?"),
        (
            "A1,AF,REGISTER,-5,",
            "counts.csv:2: REGISTER: expected a whole number of 0 or more, found '-5', which is negative",
        ),
        ("A1,AF,REGISTER,5.0,", "which is not whole"),
        ("A1,AF,REGISTER,NaN,", "leave the row out"),
        ("A1,AF,REGISTER,1e400,", "write the digits out"),
        ('A1,AF,REGISTER,"1,000",', "without commas"),
        (f"A1,AF,REGISTER,{'9' * 30},", "expected a whole number"),
        ("A1,PC002,DECLARED,2,", "DECLARED is 1 for yes or 0 for no, not '2'"),
        ("A1,PC002,DECLARED,yes,", "DECLARED: expected a whole number"),
        ("A1,AF,REGISTER,5,2019-20", "is in 2019-20, and the scheme covers 2018-19"),
        ("A1,AF,REGISTER,5,2017-18", "the year before"),
        ("A1,AF,REGISTER,5,2018-Q5", "expected a year 2024-25, a quarter 2024-Q3 or a date"),
        ("A1,AF,REGISTER,5,2018-02-30", "there is no such day as 2018-02-30"),
    ],
)
def test_a_wrong_row_is_refused_with_its_number(tmp_path: Path, row: str, words: str) -> None:
    assert words in refused(tmp_path, row)


@pytest.mark.parametrize("again", ["A1,LD004,REGISTER,5,", "A1,LD003,register,5,", "A1,ld 003,REGISTER,9,2018-19"])
def test_a_row_is_given_once_by_any_spelling(tmp_path: Path, again: str) -> None:
    assert "counts.csv:3: REGISTER of LD004 for practice A1 is given again" in refused(
        tmp_path, "A1,LD004,REGISTER,5,", again
    )


def test_what_cannot_be_together_is_named_where_the_part_stands(tmp_path: Path) -> None:
    said = refused(
        tmp_path,
        "A1,AF006,DENOMINATOR,10,",
        "B2,AF006,NUMERATOR,10,",
        "A1,AF006,NUMERATOR,11,",
        "B2,AF006,DENOMINATOR,10,",
        "A1,AF,REGISTER,5,",
        "A1,AF,LIST_SIZE,4,",
    )
    assert "counts.csv:4: NUMERATOR 11 is above DENOMINATOR 10 for AF006 of practice A1." in said
    assert "counts.csv:6: REGISTER 5 is above LIST_SIZE 4 for AF of practice A1." in said
    assert "B2" not in said


def test_errors_come_together_up_to_a_limit_and_are_counted(tmp_path: Path) -> None:
    rows = [f"A1,NOPE{n},NUMERATOR,5," for n in range(50)]
    with pytest.raises(Refused) as error:
        counts(tmp_path, *rows, limit=7)
    assert (len(error.value.problems), error.value.total) == (7, 50)


def test_unknown_indicators_may_be_passed_over(tmp_path: Path) -> None:
    found = counts(tmp_path, "A1,NOPE,NUMERATOR,5,", "A1,AF,REGISTER,5,", ignore_unknown=True)
    assert found.figures == {"A1": {"AF": held(REGISTER=5)}}
    assert sum(found.skipped.values()) == 1
    assert "practice 'A9'" in refused(tmp_path, "A9,NOPE,NUMERATOR,5,", ignore_unknown=True)
