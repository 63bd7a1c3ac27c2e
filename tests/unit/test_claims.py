"""Claims decided one by one, as a commissioner would with a calendar beside them; quarters of 2025-26."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from remit.claims.adjudication import decide
from remit.claims.claim_rows import CLAIMS, check_claims, claim_rows
from remit.claims.model import ClaimTerms, DecidedClaims, Window
from remit.core.dates import SchemeYear
from remit.core.problems import Refused
from remit.files.tables import CsvRows

DOAC = ClaimTerms(
    "doac", frozenset({"DOAC", "INIT", "REVIEW"}), "anticoagulation", ("DOAC",), "at the quarter's end", {"INIT": 1}
)
JOINT = ClaimTerms(
    "joint", frozenset({"WARFARIN", "DOAC-J"}), "anticoagulation", ("WARFARIN", "DOAC-J"), "at the quarter's end"
)
BY_DAYS = ClaimTerms("days", frozenset({"WARFARIN", "DOAC"}), "anticoagulation", ("WARFARIN", "DOAC"), "days")
SPIROMETRY = ClaimTerms("spirometry", frozenset({"DIAGNOSTIC", "FENO"}), counted="each", eligible=True)
HEADER = "practice_code,pseudonym,item,quarter,date,from,to,attended"


def decided(
    tmp_path: Path,
    *rows: str,
    terms: tuple[ClaimTerms, ...] = (DOAC, JOINT),
    membership: dict[str, Window] | None = None,
    **windows: Window,
) -> DecidedClaims:
    """The decisions on rows of `HEADER`, whose last cells may be left out; each held to any order of the rows."""
    width = HEADER.count(",")
    filled = [row + "," * (width - row.count(",")) for row in rows]
    found = []
    for order in (filled, filled[::-1], random.Random(4).sample(filled, len(filled))):
        path = tmp_path / "claims.csv"
        path.write_text("\n".join([HEADER, *order]) + "\n", encoding="utf-8")
        claims = check_claims(CsvRows(path), terms, ["A1", "B2"], SchemeYear(2025))
        found.append(decide(claims, terms, windows, membership))
    assert len({str(list(claim_rows(each))) for each in found}) == 1
    return found[0]


def outcomes(decided: DecidedClaims) -> list[str]:
    return [decision.outcome for decision in decided.decisions]


def reasons(decided: DecidedClaims) -> list[str]:
    return [decision.reason for decision in decided.decisions]


def figures(decided: DecidedClaims) -> dict[str, int]:
    return {
        f"{f.scheme}:{f.practice}:{f.item}:{f.key.measure}:{f.key.period}": number
        for f, number in decided.figures.items()
    }


@pytest.mark.parametrize(
    ("quarter", "start", "end", "outcome"),
    [
        ("2025-Q4", "", "2026-03-31", "counted"),
        ("2025-Q4", "", "2026-03-30", "refused"),
        ("2025-Q4", "", "2026-04-01", "counted"),
        ("2025-Q4", "2026-03-31", "", "counted"),
        ("2025-Q4", "2026-04-01", "", "refused"),
        ("2025-Q1", "", "2025-06-30", "counted"),
        ("2025-Q1", "", "2025-06-29", "refused"),
    ],
)
def test_on_the_level_on_the_quarters_last_day(
    tmp_path: Path, quarter: str, start: str, end: str, outcome: str
) -> None:
    assert outcomes(decided(tmp_path, f"A1,p1,DOAC,{quarter},,{start},{end}")) == [outcome]


def test_a_patient_quarter_counts_once(tmp_path: Path) -> None:
    found = decided(tmp_path, "A1,p1,DOAC,2025-Q1", "A1,p1,doac,2025-q1", "A1,p2,DOAC,2025-Q1", "A1,p1,DOAC,2025-Q2")
    assert outcomes(found) == ["counted", "refused", "counted", "counted"]
    assert reasons(found)[1].startswith("A duplicate")
    assert figures(found) == {"doac:A1:DOAC:ACTIVITY:2025-26-Q1": 2, "doac:A1:DOAC:ACTIVITY:2025-26-Q2": 1}


def test_no_patient_is_in_both_services_in_a_quarter(tmp_path: Path) -> None:
    """Without days nobody can say which: both are held, and paid to nobody."""
    found = decided(tmp_path, "A1,p1,DOAC,2025-Q1", "A1,p1,WARFARIN,2025-Q1", "A1,p2,WARFARIN,2025-Q1")
    assert outcomes(found) == ["held", "held", "counted"]
    assert reasons(found)[0] == reasons(found)[1]
    assert reasons(found)[0] == (
        "Claimed for one patient in 2025-Q1: doac:DOAC at A1, joint:WARFARIN at A1. One counts. "
        "Give `from` and `to`, such that one alone is active on 2025-06-30."
    )


def test_no_patient_is_claimed_by_two_practices_in_a_quarter(tmp_path: Path) -> None:
    """A1's patient moved to B2 on 1 June: the practice of the last day is paid."""
    found = decided(tmp_path, "A1,p1,DOAC,2025-Q1,,,2025-05-31", "B2,p1,DOAC,2025-Q1,,2025-06-01,")
    assert outcomes(found) == ["refused", "counted"]
    assert reasons(found)[0] == "Ended on 2025-05-31, before the quarter's last day (2025-06-30). DOAC at B2 counts."


def test_a_switch_in_mid_quarter_is_paid_where_the_patient_ends(tmp_path: Path) -> None:
    switched = ("A1,p1,WARFARIN,2025-Q1,,2020-01-01,2025-05-10", "A1,p1,DOAC,2025-Q1,,2025-05-11,")
    assert outcomes(decided(tmp_path, *switched)) == ["refused", "counted"]
    still = ("A1,p1,WARFARIN,2025-Q1,,2020-01-01,", "A1,p1,DOAC,2025-Q1,,2025-05-11,")
    assert outcomes(decided(tmp_path, *still)) == ["held", "held"]
    one_undated = ("A1,p1,WARFARIN,2025-Q1", "A1,p1,DOAC,2025-Q1,,2025-05-11,")
    assert outcomes(decided(tmp_path, *one_undated)) == ["held", "held"]


def test_by_days_a_switch_shares_the_quarter(tmp_path: Path) -> None:
    """1 April to 10 May are 40 days, 11 May to 30 June 51: the quarter's 91."""
    switched = ("A1,p1,WARFARIN,2025-Q1,,2020-01-01,2025-05-10", "A1,p1,DOAC,2025-Q1,,2025-05-11,")
    found = decided(tmp_path, *switched, terms=(BY_DAYS,))
    assert figures(found) == {
        "days:A1:WARFARIN:ACTIVITY_DAYS:2025-26-Q1": 40,
        "days:A1:DOAC:ACTIVITY_DAYS:2025-26-Q1": 51,
    }
    assert reasons(found)[0] == "40 days, 2025-04-01 to 2025-05-10."


def test_by_days_no_day_is_paid_twice(tmp_path: Path) -> None:
    overlap = ("A1,p1,WARFARIN,2025-Q1,,2020-01-01,2025-05-11", "A1,p1,DOAC,2025-Q1,,2025-05-11,")
    assert outcomes(decided(tmp_path, *overlap, terms=(BY_DAYS,))) == ["held", "held"]
    unknown = ("A1,p1,WARFARIN,2025-Q1", "A1,p1,DOAC,2025-Q1,,2025-05-11,")
    assert outcomes(decided(tmp_path, *unknown, terms=(BY_DAYS,))) == ["held", "held"]
    outside = ("A1,p1,WARFARIN,2025-Q1,,2025-01-01,2025-03-31", "A1,p1,WARFARIN,2025-Q2,,2025-09-30,")
    found = decided(tmp_path, *outside, terms=(BY_DAYS,))
    assert outcomes(found) == ["refused", "counted"]
    assert list(found.figures.values()) == [1]


@pytest.mark.parametrize(
    ("ended", "again", "outcome"),
    [
        ("2025-05-10", "2025-06-10", "refused"),  # a month to the day is not more than a month
        ("2025-05-10", "2025-06-11", "counted"),
        ("2025-05-31", "2025-06-30", "refused"),  # June has no 31st: its last day is a month on
        ("2026-01-31", "2026-02-28", "refused"),
        ("2026-01-31", "2026-03-01", "counted"),
        ("", "2025-09-01", "refused"),  # still on it
    ],
)
def test_a_patient_is_begun_again_only_after_a_gap(tmp_path: Path, ended: str, again: str, outcome: str) -> None:
    quarter = {"05": "Q1", "06": "Q1", "09": "Q2", "02": "Q4", "03": "Q4"}[again[5:7]]
    first = ("A1,p1,INIT,2025-Q1,2025-04-10", f"A1,p1,DOAC,2025-Q1,,2025-04-10,{ended}")
    found = decided(tmp_path, *first, f"B2,p1,INIT,2025-{quarter},,{again}")
    assert [outcomes(found)[0], outcomes(found)[2]] == ["counted", outcome]


def test_a_beginning_that_cannot_be_placed(tmp_path: Path) -> None:
    undated = decided(tmp_path, "A1,p1,INIT,2025-Q1", "B2,p1,INIT,2025-Q2,2025-07-01")
    assert outcomes(undated) == ["held", "held"]
    twice = decided(tmp_path, "A1,p1,INIT,2025-Q1,2025-05-01", "B2,p1,INIT,2025-Q1,2025-05-01")
    assert outcomes(twice) == ["held", "held"]
    alone = decided(tmp_path, "A1,p1,INIT,2025-Q1")
    assert outcomes(alone) == ["counted"]
    no_levels = decided(tmp_path, "A1,p1,INIT,2025-Q1,2025-05-01", "B2,p1,INIT,2025-Q3,2025-12-01")
    assert outcomes(no_levels) == ["counted", "refused"]
    assert "no claim shows the last day on a level since" in reasons(no_levels)[1]
    quarters = ("A1,p1,INIT,2025-Q1,2025-05-01", "A1,p1,DOAC,2025-Q1", "A1,p1,INIT,2025-Q3,2025-12-01")
    assert outcomes(decided(tmp_path, *quarters)) == ["counted", "counted", "counted"]


def test_a_later_row_that_ends_a_spell_closes_it(tmp_path: Path) -> None:
    rows = (
        "A1,p1,INIT,2025-Q1,2025-04-10",
        "A1,p1,DOAC,2025-Q1,,2025-04-10,",
        "A1,p1,DOAC,2025-Q2,,2025-04-10,2025-07-20",
        "A1,p1,INIT,2025-Q3,2025-11-01",
    )
    assert outcomes(decided(tmp_path, *rows)) == ["counted", "counted", "refused", "counted"]


def test_what_shows_a_gap(tmp_path: Path) -> None:
    begun = "A1,p1,INIT,2025-Q1,2025-05-01"
    before = decided(tmp_path, begun, "A1,p1,WARFARIN,2025-Q1,,2020-01-01,2025-04-01", "A1,p1,INIT,2025-Q2,2025-09-01")
    assert outcomes(before)[2] == "refused", "a level that ended before the beginning says nothing of what came after"
    absent = decided(tmp_path, begun, "A1,p1,DOAC,2025-Q1,,,,0", "A1,p1,INIT,2025-Q3,2025-12-01")
    assert outcomes(absent)[2] == "refused", "who did not attend was on no level"
    last_day = decided(tmp_path, begun, "A1,p1,DOAC,2025-Q1", "A1,p1,DOAC,2025-Q2", "A1,p1,INIT,2025-Q2,2025-09-30")
    assert outcomes(last_day)[3] == "counted", "a level known for the quarter alone may follow what begins in it"


def test_of_duplicates_the_one_with_days_speaks(tmp_path: Path) -> None:
    ended = "A1,p1,DOAC,2025-Q1,,,2025-05-10"
    assert outcomes(decided(tmp_path, "A1,p1,DOAC,2025-Q1", ended)) == ["refused", "refused"]
    back = "A1,p1,DOAC,2025-Q1,,2025-06-01,"
    assert outcomes(decided(tmp_path, ended, back)) == ["refused", "counted"]


@pytest.mark.parametrize(
    ("day", "outcome"),
    [
        ("2025-05-01", "refused"),
        ("2025-05-02", "counted"),
        ("2025-06-29", "counted"),
        ("2025-06-30", "refused"),
        ("", "refused"),
    ],
)
def test_the_provider_is_eligible_on_the_day(tmp_path: Path, day: str, outcome: str) -> None:
    """From 2 May to 29 June; without a date the quarter's last day, 30 June, decides."""
    window = (date(2025, 5, 2), date(2025, 6, 29))
    found = decided(tmp_path, f"A1,p1,DIAGNOSTIC,2025-Q1,{day}", terms=(SPIROMETRY,), A1=window)
    assert outcomes(found) == [outcome]
    if not day:
        assert reasons(found) == ["A1 is eligible from 2025-05-02 to 2025-06-29, not on 2025-06-30."]


def test_a_provider_not_shown_to_be_eligible(tmp_path: Path) -> None:
    found = decided(tmp_path, "B2,p1,DIAGNOSTIC,2025-Q1,2025-05-02", terms=(SPIROMETRY,), A1=(None, None))
    assert reasons(found) == ["B2 is not shown to be eligible. Add the day from which it is."]


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        ("A1,p1,DOAC,2025-Q1,,2025-04-01,", "refused"),  # it left a day before the quarter's last
        ("A1,p1,DOAC,2025-Q1,2025-05-01,2025-04-01,", "refused"),  # for a level, that is the day that counts
        ("A1,p1,INIT,2025-Q1,,2025-05-02,", "counted"),
        ("A1,p1,INIT,2025-Q1,,2025-05-01,", "refused"),
        ("A1,p1,INIT,2025-Q1,2025-06-29,,", "counted"),
        ("A1,p1,REVIEW,2025-Q1,2025-06-29", "counted"),
        ("A1,p1,REVIEW,2025-Q1,2025-06-30", "refused"),
        ("A1,p1,REVIEW,2025-Q1,", "refused"),
        ("A1,p1,REVIEW,2025-Q2,2025-07-01", "refused"),
        ("B2,p1,DOAC,2025-Q1", "counted"),
    ],
)
def test_a_provider_claims_while_it_is_in_the_scheme(tmp_path: Path, row: str, outcome: str) -> None:
    """In from 2 May to 29 June; no term asks for it."""
    there: dict[str, Window] = {"A1": (date(2025, 5, 2), date(2025, 6, 29))}
    assert outcomes(decided(tmp_path, row, membership=there)) == [outcome]


def test_why_a_claim_from_outside_the_scheme_is_refused(tmp_path: Path) -> None:
    rows = ("A1,p1,REVIEW,2025-Q1,2025-05-01", "B2,p1,DOAC,2025-Q1")
    there: dict[str, Window] = {"A1": (date(2025, 5, 2), None), "B2": (None, date(2025, 6, 29))}
    assert reasons(decided(tmp_path, *rows, membership=there)) == [
        "A1 joined on 2025-05-02, and this is of 2025-05-01.",
        "B2 left on 2025-06-29, and this is of 2025-06-30.",
    ]


@pytest.mark.parametrize(
    ("start", "end", "outcome"),
    [
        ("2025-04-01", "2025-05-31", "counted"),
        ("2025-04-01", "2025-06-01", "refused"),
        ("2025-04-01", "", "refused"),
    ],
)
def test_by_days_every_day_is_in_the_scheme(tmp_path: Path, start: str, end: str, outcome: str) -> None:
    there: dict[str, Window] = {"A1": (None, date(2025, 5, 31))}
    row = f"A1,p1,DOAC,2025-Q1,,{start},{end}"
    assert outcomes(decided(tmp_path, row, terms=(BY_DAYS,), membership=there)) == [outcome]


def test_two_spells_of_a_quarter_are_no_duplicates_and_one_counts(tmp_path: Path) -> None:
    spells = ("A1,p1,DOAC,2025-Q1,,2025-04-01,2025-04-30", "A1,p1,DOAC,2025-Q1,,2025-06-01,")
    found = decided(tmp_path, *spells)
    assert outcomes(found) == ["refused", "counted"]
    assert reasons(found)[0] == "Ended on 2025-04-30, before the quarter's last day (2025-06-30)."
    each = replace(DOAC, counted="each")
    found = decided(tmp_path, *spells, terms=(each,))
    assert outcomes(found) == ["refused", "counted"]
    assert reasons(found)[0] == (
        "Another spell in the same quarter counts instead, from 2025-06-01: a quarter counts once."
    )
    shown = [row[4:7] for row in claim_rows(found)]
    assert shown == [["", "2025-04-01", "2025-04-30"], ["", "2025-06-01", ""]]


def test_the_day_on_which_a_beginning_counts_again(tmp_path: Path) -> None:
    """A month after 15 September is 15 October: not yet on that day, and counted on the next."""
    rows = ("A1,p1,INIT,2025-Q1,2025-04-10", "A1,p1,DOAC,2025-Q2,,2025-04-10,2025-09-15")
    early = decided(tmp_path, *rows, "A1,p1,INIT,2025-Q3,2025-10-15")
    assert reasons(early)[2] == (
        "Begun already on 2025-04-10; the last day on a level was 2025-09-15. It counts again more than 1 calendar "
        "month later, from 2025-10-16."
    )
    assert outcomes(decided(tmp_path, *rows, "A1,p1,INIT,2025-Q3,2025-10-16"))[2] == "counted"


def test_pseudonyms_that_differ_by_capitals_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"csv:3: the pseudonym '(Anna|anna)' is '(Anna|anna)' on row 2\. Write one"):
        decided(tmp_path, "A1,anna,DOAC,2025-Q1", "B2,Anna,WARFARIN,2025-Q1")


def test_each_test_counts_and_who_did_not_attend_is_apart(tmp_path: Path) -> None:
    rows = (
        "A1,p1,DIAGNOSTIC,2025-Q1,2025-05-02,,,0",
        "A1,p1,DIAGNOSTIC,2025-Q1,2025-05-09,,,1",
        "A1,p1,DIAGNOSTIC,2025-Q1,2025-05-16",
        "A1,p1,DIAGNOSTIC,2025-Q1,2025-05-16",
        "A1,p2,FENO,2025-Q1,2025-05-20,,,0",
        "A1,p2,FENO,2025-Q1,2025-05-20,,,1",
    )
    found = decided(tmp_path, *rows, terms=(SPIROMETRY,), A1=(None, None))
    assert outcomes(found) == ["counted", "counted", "counted", "refused", "held", "held"]
    assert figures(found) == {
        "spirometry:A1:DIAGNOSTIC:ACTIVITY:2025-26-Q1": 2,
        "spirometry:A1:DIAGNOSTIC:DID_NOT_ATTEND:2025-26-Q1": 1,
    }


def test_who_did_not_attend_takes_no_level(tmp_path: Path) -> None:
    found = decided(tmp_path, "A1,p1,DOAC,2025-Q1,,,,0", "B2,p1,WARFARIN,2025-Q1")
    assert outcomes(found) == ["counted", "counted"]
    assert {figure.key.measure for figure in found.figures} == {"DID_NOT_ATTEND", "ACTIVITY"}


def test_the_table_of_decisions(tmp_path: Path) -> None:
    found = decided(tmp_path, "B2,p1,doac,2025-26 Q1", "A1,p9,REVIEW,2025-Q2", "A1,p9,REVIEW,2025-Q1")
    assert [dict(zip(CLAIMS, row, strict=True))["quarter"] for row in claim_rows(found)] == [
        "2025-Q1",
        "2025-Q2",
        "2025-Q1",
    ]
    assert next(iter(claim_rows(found))) == ["A1", "p9", "REVIEW", "2025-Q1", "", "", "", "doac", "counted", ""]


def test_an_item_of_two_schemes_is_named_with_its_scheme(tmp_path: Path) -> None:
    other = ClaimTerms("other", frozenset({"DOAC"}))
    with pytest.raises(Refused, match=r"item 'DOAC' is in 2 schemes of the run\. Write doac:DOAC or other:DOAC\."):
        decided(tmp_path, "A1,p1,DOAC,2025-Q1", terms=(DOAC, other))
    found = decided(tmp_path, "A1,p1,other:DOAC,2025-Q1", terms=(DOAC, other))
    assert found.decisions[0].scheme == "other"


def test_all_that_is_wrong_with_a_file_is_said_at_once(tmp_path: Path) -> None:
    rows = (
        "A11,p1,DOAC,2025-Q1",
        "A1,,DOAC,2025-Q1",
        "A1,943 476 5919,DOAC,2025-Q1",
        "A1,p1,DOAK,2025-Q1",
        "A1,p1,dosc:DOAC,2025-Q1",
        "A1,p1,joint:DOAC,2025-Q1",
        "A1,p1,,2025-Q1",
        "A1,p1,DOAC,2025-06-30",
        "A1,p1,DOAC,",
        "A1,p1,DOAC,2024-Q4",
        "A1,p1,DOAC,2025-Q1,2025-07-01",
        "A1,p1,DOAC,2025-Q1,,2025-05-02,2025-05-01",
        "A1,p1,DOAC,2025-Q1,31/05/2025,,,yes",
    )
    with pytest.raises(Refused) as error:
        decided(tmp_path, *rows)
    said = [str(problem).partition("claims.csv:")[2] for problem in error.value.problems]
    assert said == [
        "2: practice 'A11' is not among the practices. Did you mean A1?",
        "3: the pseudonym is empty.",
        "4: the pseudonym has ten digits, as an NHS number has. Put a pseudonym in its place.",
        "5: there is no item 'DOAK' in the run's schemes. Did you mean DOAC or DOAC-J?",
        "6: the run has no scheme 'dosc'. Did you mean doac?",
        "7: there is no item 'DOAC' in joint. Did you mean DOAC-J?",
        "8: the item is empty.",
        "9: expected a quarter written as 2025-Q1, found '2025-06-30'.",
        "10: expected a quarter written as 2025-Q1, found nothing.",
        "11: the quarter 2024-Q4 is of 2024-25, not of 2025-26: expected 2025-Q1 to 2025-Q4.",
        "12: date: 2025-07-01 is not in 2025-Q1, 2025-04-01 to 2025-06-30.",
        "13: to: 2025-05-01 is before 2025-05-02, which is its `from`.",
        "14: date: expected a date written as 2025-03-31, found '31/05/2025'.",
        "14: attended: expected 1, 0 or an empty cell (which means 1), found 'yes'.",
    ]


def test_a_file_without_claims(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="there are no claims below the header"):
        decided(tmp_path)
