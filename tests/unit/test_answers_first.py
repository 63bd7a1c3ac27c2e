"""The first sentence of each report is its answer: the figures are worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import remit
from remit.documents import area, calendar, comparison, reconciliation
from remit.documents.blocks import Document, Para
from remit.reconciliation.rows import BEYOND, NOT_COMPARED, WITHIN, Cause, Number, ReconciledRow, Reconciliation
from remit.runs.area import area as area_of
from remit.runs.calendar import calendar as calendar_of

HEADER = "practice_code,practice_name,ccg_code,list_size,weighted_list_size"
PRACTICES = HEADER + "\nA1,Example Practice,stoke-on-trent,10500,10000\n"
COUNTS = "practice_code,indicator_code,measure,value\n" + "\n".join(
    f"A1,{item},{measure},{value}"
    for item in ("2a", "3")
    for measure, value in (("NUMERATOR", 41), ("DENOMINATOR", 100))
)


def run(folder: Path, numerator: int) -> remit.Run:
    folder.mkdir()
    (folder / "practices.csv").write_text(PRACTICES)
    (folder / "counts.csv").write_text(COUNTS.replace("2a,NUMERATOR,41", f"2a,NUMERATOR,{numerator}"))
    return remit.run(
        "qif-2024-25",
        folder / "practices.csv",
        folder / "counts.csv",
        settings={"chol004_from": "2025-04-01"},
        ignore_unknown=True,
    )


def lead(document: Document) -> str:
    """The paragraph that is to be read first; nothing stands before it but the title."""
    first = document.blocks[1]
    assert isinstance(first, Para)
    assert first.kind == "lead"
    return first.text


def figure(quantity: str, theirs: Number | None, ours: Number | None, practice: str = "A1") -> ReconciledRow:
    apart = None if theirs is None or ours is None else abs(Fraction(theirs) - Fraction(ours))
    status = NOT_COMPARED if apart is None else WITHIN if apart <= Fraction(1, 100) else BEYOND
    causes = (Cause("rounding", "rounded to whole pounds"),) if status == BEYOND else ()
    return ReconciledRow(practice, "AF007", quantity, theirs, ours, Fraction(1, 100), status, causes)


@pytest.mark.parametrize(
    ("rows", "answer"),
    [
        (
            [figure("pounds", Fraction("10.01"), Fraction(10)), figure("pounds", Fraction(20), Fraction(20), "A2")],
            "£0.01 apart in all: theirs come to £30.01, ours to £30.00. All figures agree within tolerance.",
        ),
        (
            [figure("pounds", Fraction(11), Fraction(10)), figure("pounds", None, Fraction(20), "A2")],
            "£1.00 apart in all: theirs come to £11.00, ours to £10.00. 0 of 1 figures (0%) agree within tolerance. "
            "1 more could not be compared. The most frequent cause of a difference is: rounded at another step, or to "
            "fewer places.",
        ),
        (
            [figure("points", Fraction(1200), Fraction(1200)), figure("numerator", 3, 3)],
            "No points apart in all: both sides come to 1,200.00 points. All figures agree within tolerance.",
        ),
        ([figure("numerator", None, 3)], "No figure could be compared. 1 more could not be compared."),
    ],
)
def test_a_reconciliation_says_how_far_the_sides_are_apart(rows: list[ReconciledRow], answer: str) -> None:
    result = Reconciliation("theirs.csv", "long", "qof-england-2018-19", "2018-19", tuple(rows), {})
    assert lead(reconciliation.document(result)) == answer


def test_a_comparison_says_how_much_more_or_less_and_by_which_cause(tmp_path: Path) -> None:
    # 41% of item 2a is 13p a head, 46% 17p: 4p × 10,000 = £400.
    found = remit.compare(run(tmp_path / "one", 41), run(tmp_path / "two", 46))
    said = lead(comparison.document(found, ("one", "two")))
    assert "£400.00 more than run 1" in said
    assert said.endswith("By cause: counts +£400.00.")
    back = remit.compare(run(tmp_path / "three", 46), run(tmp_path / "four", 41))
    assert "£400.00 less than run 1" in lead(comparison.document(back, ("three", "four")))


def test_a_calendar_says_what_is_received_and_when(tmp_path: Path) -> None:
    said = lead(calendar.document(calendar_of([run(tmp_path / "one", 41)], "A1"), True))
    # 80% of £2.10 × 10,000, in twelve instalments at the months' ends.
    assert said == "£16,800.00 so far is received, from 30 April 2024 to 31 March 2025."


def test_an_area_says_what_is_awarded(tmp_path: Path) -> None:
    said = lead(area.document(area_of([run(tmp_path / "one", 41)])))
    assert said.startswith("1 practice is awarded £")
    assert "budget" not in said  # what is left of it is not known while items wait for their counts
