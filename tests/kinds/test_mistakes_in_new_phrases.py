"""Kind: a slip in a phrase about records that last, other records, what a record says, supplies or periods is answered
with advice about something else, or with none.

Every phrase stands here with the ways in which an author of rules gets it wrong, and the advice that each must meet, at
its line and column; and what the language prints is what it reads.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.core.problems import Refused
from remit.rules.definitions import read_definitions
from remit.rules.parse import parse_field
from remit.rules.printing import field_text
from remit.rules.record_hints import RECORD_MISTAKES
from remit.rules.words import field_words

FILE = """definitions:
  - indicator: T
    title: T
    population: registered
    period: {period}
    fields:
      STAY_DAT: latest STAY_COD
      STAY_END: end of STAY_DAT
      N: {field}
    rules:
      - {{rule: 1, if: '{condition}', then: Select, counts: achieved, else: Select}}
"""
WINDOW = "a window is between two days, as in 'during PPSD to PPED', or is a record's, as in 'overlaps (any X_COD)'"
LASTS = "ask for a record that lasts with overlaps, during, starts in or ends in"
SAYS = "compare what a record says, as in 'negation = refused', 'negation = Null' or 'status = planned'"
NONE = "to say that there is no such record, write (not any X_COD where …), in brackets, in a filter"
NEGATION = "a negation is refused or not done, or Null for what happened"
STATUS = "a status is final, preliminary, amended or planned, or Null where the record says none"
LONG = "ask how long a record lasts with its end, as in 'end >= (date + 3 days)'"
IN_A_FILTER = (
    "'overlaps', 'during', 'starts in' and 'ends in' are asked in the filter of a field, without a name before"
)
CLUSTER = "Of a cluster, a field picks a record, as in 'X_DAT: latest B_COD', or write '(any B_COD)'."
ENDS = "an end that has not come is later than every day, 'end > ACHV_DAT', and an unknown end is 'end = Null'"
ALONE = "'counted in the year before' is a condition of its own: do not compare it"
FILTERS = [
    ("overlaps PPSD and PPED", WINDOW),
    ("overlaps PPSD - PPED", WINDOW),
    ("overlaps (B_COD)", WINDOW),
    ("overlaps any B_COD", WINDOW),
    ("during 2024", WINDOW),
    ("during (PPSD to PPED)", "write the two days of a window without brackets around both"),
    ("during STAY_END", "Of a date, write both ends: 'STAY_END to STAY_END'."),
    ("during PPED to PPSD", "a window from PPED to PPSD has no day."),
    ("overlaps MPED to MPSD", "a window from MPED to MPSD has no day."),
    ("during QSED to PPSD", "a window from QSED to PPSD has no day."),
    ("starrts in PPSD to PPED", "did you mean 'starts'?"),
    ("durring PPSD to PPED", "did you mean 'during'?"),
    ("overlap PPSD to PPED", LASTS),
    ("starts PPSD to PPED", LASTS),
    ("starts within PPSD to PPED", LASTS),
    ("ends before PPSD", LASTS),
    ("end in PPSD to PPED", "to say that a record ends in a window, write 'ends in PPSD to PPED'"),
    ("date during PPSD to PPED", IN_A_FILTER),
    ("overlaps B_COD", CLUSTER),
    ("after B_COD", CLUSTER),
    ("after (any B_COD)", "a record comes before or after a date or a record that has a name, as in 'after X_DAT'"),
    ("time > 10", "ask for the time of day with before and after, as in 'after X_DAT'"),
    ("system = loinc", "the cluster says the code system: a filter cannot ask for it"),
    ("end = open", ENDS),
    ("end = unknown", "Ask for an unknown date with '= Null'."),
    ("end - date > 3", LONG),
    ("duration > 3", LONG),
    ("end of STAY_DAT > PPED", "Give it a field: 'X_DAT: end of STAY_DAT'."),
    ("date of STAY_DAT > PPED", "The field is that date: write 'STAY_DAT'."),
    ("value of STAY_DAT > 3", "Give it a field: 'X_VAL: lowest value of X_COD on STAY_DAT'."),
    ("negation = declined", NEGATION),
    ("negation = not_done", NEGATION),
    ("negation = refuse", "did you mean 'refused'?"),
    ("refused", SAYS),
    ("negated", SAYS),
    ("not refused", SAYS),
    ("status = completed", STATUS),
    ("status = finished", STATUS),
    ("status = planed", "did you mean 'planned'?"),
    ("answer = B_COD", "ask for an answer that is in a cluster with 'answer in X_COD'"),
    (
        "(any B_COD as B where (any C_COD where answer of B = x))",
        "an answer can only be asked of the record under test",
    ),
    ("answer = not done", "put an answer of several words in double quotation marks"),
    ("(no B_COD)", NONE),
    ("(none B_COD)", NONE),
    ("not any B_COD", NONE),
    ("any B_COD", "ask for another record in brackets, as in '(any X_COD where …)'"),
]
FIELDS = [
    ("count days covered of A_COD from PPSD to PPED", "count days of supply with 'count days covered by X_COD"),
    (
        "count days covered by A_COD from PPSD to PPED where date > PPSD",
        "days of supply and gaps have a window, and no",
    ),
    ("count days covered by A_COD from PPED to PPSD", "a window from PPED to PPSD has no day."),
    ("longest gap in A_COD from 2024-12-31 to 2024-01-01", "a window from 2024-12-31 to 2024-01-01 has no day."),
    ("longest gap of 14 days in A_COD from PPSD to PPED", "write the longest gap as 'longest gap in"),
    ("earliest gap in A_COD from PPSD to PPED", "a gap says how long it is at least, as in 'earliest gap of 14"),
    ("longest gap in A_COD and B_COD from PPSD to PPED", "several clusters of a supply are joined with 'or'"),
    ("count days covered by A_COD between PPSD and PPED", "the window of a supply is written 'from A_DAT to B_DAT'"),
    ("lowest value of A_COD on STAY_DAT where date > PPSD", "a value has no filter: the field that picks its day has"),
    ("end of STAY_DAT *", "expected the end, found '*' after 'end of STAY_DAT'"),
    ("value of A_COD in BP /", "expected the end, found '/' after 'A_COD in BP'"),
    ("begin of STAY_DAT", "the first day of a record is the field that picks it, as in 'X_DAT: latest X_COD'"),
]
PERIODS = [
    ("the 12 months before PPED", "the months that end with a day are 'the 12 months to PPED'"),
    ("PPED to PPSD", "period: PPSD is before PPED."),
    ("QSED to PPSD", "period: PPSD is before QSED."),
    ("2024-12-31 to 2024-01-01", "period: 2024-01-01 is before 2024-12-31."),
]
PLACES = [
    *((f"count records of A_COD where {text}", "N > 0", "PPSD to PPED", said, "9:10") for text, said in FILTERS),
    *((text, "N > 0", "PPSD to PPED", said, "9:10") for text, said in FIELDS),
    *(("count days of A_COD", "N > 0", text, said, "5:13") for text, said in PERIODS),
    ("count days of A_COD", "STAY_DAT during PPSD to PPED", "PPSD to PPED", IN_A_FILTER, "11:23"),
    ("count days of A_COD", "PAT_SEX = F", "PPSD to PPED", "A sex is written female, male, indeterminate or", "11:23"),
    ("count days of A_COD", "STAY_END = open", "PPSD to PPED", ENDS, "11:23"),
    ("count days of A_COD", "not counted in the year before = Null", "PPSD to PPED", ALONE, "11:23"),
]


def said_of(text: str, folder: Path) -> str:
    path = folder / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_definitions([path])
    return "\n".join(str(problem) for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("field", "condition", "period", "advice", "at"), PLACES, ids=[f"{f} | {c} | {p}" for f, c, p, _, _ in PLACES]
)
def test_a_slip_meets_its_advice(field: str, condition: str, period: str, advice: str, at: str, tmp_path: Path) -> None:
    said = said_of(FILE.format(field=field, condition=condition, period=period), tmp_path)
    assert advice in said
    assert f"rules.yaml:{at}:" in said


def test_each_advice_is_met() -> None:
    told = " ".join(advice for *_, advice, _ in PLACES)
    beginnings = [advice.removesuffix("; ")[:40] for _, advice in RECORD_MISTAKES]
    assert [one for one in beginnings if one not in told] == []


BRACES = [
    ("if: at least 2 of (N > 0, N > 1), then: Select", "'at least 2 of (N > 0, N > 1)'"),
    ("if: any of (N > 0, N > 1,N>2), then: Select", "'any of (N > 0, N > 1,N>2)'"),
    ("if: N > 0, then: Reject, counts: PCA specific X, unsuitable", "'PCA specific X, unsuitable'"),
    ("if: N > 0, then: Reject, counts: PCA general X, chose not to", "'PCA general X, chose not to'"),
]


@pytest.mark.parametrize(("rule", "advice"), BRACES)
def test_a_text_that_its_comma_has_cut_in_two_is_one(rule: str, advice: str, tmp_path: Path) -> None:
    text = FILE.format(field="count days of A_COD", condition="N > 0", period="PPSD to PPED")
    cut = text.replace("{rule: 1, if: 'N > 0', then: Select, counts: achieved", "{rule: 1, " + rule)
    said = said_of(cut, tmp_path)
    assert f"{advice}: inside {{ }} a comma ends a value. Put it in quotes" in said
    assert "unknown key" not in said


PRINTED = [
    "latest A_COD where (any B_COD as B where (any C_COD where age on date of B >= 18))",
    "latest A_COD where (any B_COD as B where (any C_COD where age on (end of B + 1 month) >= 18))",
    "latest A_COD where (any B_COD as B where overlaps date of B to end of B)",
]


@pytest.mark.parametrize("text", PRINTED)
def test_what_is_printed_is_read(text: str) -> None:
    assert field_text(parse_field(text)) == text


def test_an_age_on_the_day_of_another_record_may_have_brackets() -> None:
    assert parse_field(PRINTED[0]) == parse_field(PRINTED[0].replace("date of B", "(date of B)"))


WORDS = [
    ("(any B_COD as B where (any C_COD where end of B = Null))", "the end of B is not known"),
    ("(any B_COD as B where (any C_COD where value of B <> Null))", "the value of B is known"),
    ("bound OBESE = Null", "the bound OBESE is not known"),
    ("(end + 1 month) <> Null", "its end is known"),
    ("STAY_DAT = Null", "there is no STAY_DAT"),
]


@pytest.mark.parametrize(("condition", "words"), WORDS)
def test_what_is_missing_is_said_in_good_words(condition: str, words: str) -> None:
    field = parse_field(f"latest A_COD where {condition}")
    assert field_words(field, "A_DAT").endswith(words)


def test_a_measurement_period_may_lie_before_the_payment_period(tmp_path: Path) -> None:
    """From its end to the first day of the year is then a window of days."""
    path = tmp_path / "rules.yaml"
    field = "count records of A_COD where during MPED to PPSD"
    period = "(PPSD - 2 years) to (PPSD - 1 year)"
    path.write_text(FILE.format(field=field, condition="N > 0", period=period), encoding="utf-8")
    assert read_definitions([path]).indicators["T"].period is not None


def test_a_decimal_comma_is_told_to_be_a_point(tmp_path: Path) -> None:
    text = FILE.format(field="count days of A_COD", condition="N > bound LIM", period="PPSD to PPED")
    bounds = "bounds:\n  LIM: {by: sex, groups: [{texts: [female], is: 27,5}], others: 30}\n"
    assert "'27,5': inside { } a comma ends a value. Write a point: 27.5." in said_of(f"{bounds}{text}", tmp_path)
