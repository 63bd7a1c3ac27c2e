"""The kind: money that is shared out unless a member vetoes it. What a veto does, by its day, and what is said of it.

The pool is £60.01 (£50.01 and £10.00), by lists of 6,000 and 4,000: 60.01 × 6,000 / 10,000 is 36.006 and the rest
24.004, so that the penny left over goes to the first. Of £10.00 alone they have 6.00 and 4.00; of £50.01,
30.006 and 20.004.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.spec.run import Rows, local, paid

import remit
from remit.core.problems import Refused
from remit.documents.statement.formats import document
from remit.documents.statement.making import statement

ITEMS = """
items:
  - {item: A, title: Training, pays: {fixed: {pays: £50.01, for: training}}}
  - {item: B, title: Meetings, pays: {fixed: {pays: £10, for: meetings}}}
"""
NETWORKS = "networks: {{earned_by: {by}, distribution: list, assent: unless vetoed{more}}}"
BY_FEBRUARY = ", veto_by: 2025-02-28"
PRACTICES = (
    "practice_code,practice_name,network_code,list_size,level\n"
    "A1,One,N1,6000,\nA2,Two,N1,4000,\nN1,The network,,,network\n"
)
DONE = "N1 A DECLARED 1\nN1 B DECLARED 1\n"
AT = "10 February 2025"


def shared(vetoes: str, table: str, *columns: str, more: str = BY_FEBRUARY, counts: str = DONE) -> Rows:
    scheme = local(ITEMS, NETWORKS.format(by="network", more=more))
    return paid(scheme, counts + vetoes, *columns, table=table, practices=PRACTICES)


@pytest.mark.parametrize(
    ("vetoes", "parts"),
    [
        ("", ["36.01", "24.00"]),  # silence agrees
        ("A2 A VETO 0", ["36.01", "24.00"]),
        ("A2 A VETO 1 2025-02-10", ["6.00", "4.00"]),
        ("A1 B VETO 1 2025-02-28", ["30.01", "20.00"]),  # on the last day
        ("A1 B VETO 1 2025-03-01", ["36.01", "24.00"]),  # a day too late
        ("A2 * VETO 1 2025-02-10", ["0.00", "0.00"]),
        ("A2 A VETO 1 2025-02-10\nA1 B VETO 1 2025-02-11", ["0.00", "0.00"]),
        ("A2 A VETO 1 2025-02-10\nA2 A VETO 0 2025-02-12", ["36.01", "24.00"]),  # taken back in time
        ("A2 A VETO 1 2025-02-10\nA2 A VETO 0 2025-03-12", ["6.00", "4.00"]),  # taken back too late
        ("A2 A VETO 1", ["", ""]),  # on which day is not known
    ],
)
def test_what_members_receive_with_vetoes(vetoes: str, parts: list[str]) -> None:
    assert [pounds for (pounds,) in shared(vetoes, "distribution.csv", "pounds")] == parts


def test_without_a_last_day_a_veto_needs_no_day() -> None:
    found = shared("A2 A VETO 1", "award.csv", "unit_code", "indicator_code", "pounds", "reason", more="")
    why = "Vetoed by A2: nothing is paid to any practice of N1."
    assert [row[2:] for row in found if row[1] == "A"] == [("0.00", why)] * 3


def test_a_vetoed_item_is_final_at_nothing_with_the_veto_as_its_reason() -> None:
    # nothing is known of what was done, and it is final all the same
    found = shared("A2 * VETO 1 2025-02-10", "award.csv", "unit_code", "pounds", "reason", counts="")
    assert {row[1:] for row in found} == {("0.00", f"Vetoed by A2 on {AT}: nothing is paid to any practice of N1.")}
    status = shared("A2 * VETO 1 2025-02-10", "payment.csv", "unit_code", "status", "pounds", counts="")
    assert status == [("N1", "final", "0.00"), ("A1", "final", "0.00"), ("A2", "final", "0.00")]


def test_a_veto_without_its_day_says_what_to_supply() -> None:
    found = shared("A2 B VETO 1", "award.csv", "unit_code", "indicator_code", "pounds", "reason")
    why = "The day of the veto of A2 is missing, which counts until 28 February 2025: give it as the period of VETO."
    assert found[:2] == [("N1", "A", "50.01", ""), ("N1", "B", "", why)]


def test_what_members_earn_by_themselves_is_vetoed_too() -> None:
    scheme = local(ITEMS, NETWORKS.format(by="practice", more=BY_FEBRUARY))
    counts = "".join(f"{code} {item} DECLARED 1\n" for code in ("A1", "A2") for item in "AB")
    columns = ("practice_code", "contribution", "pounds")
    found = paid(scheme, f"{counts}A1 A VETO 1 2025-02-10", *columns, table="distribution.csv")
    assert found == [("A1", "10.00", "12.00"), ("A2", "10.00", "8.00")]  # £20.00 of B, by 6,000 and 4,000


def made(folder: Path, vetoes: str, people: str = "", sizes: tuple[str, str] = ("6000", "4000")) -> remit.Run:
    scheme = local(ITEMS, NETWORKS.format(by="network", more=BY_FEBRUARY + people))
    practices = PRACTICES.replace("6000", sizes[0]).replace("4000", sizes[1])
    (folder / "practices.csv").write_text(practices)
    done = "N1,A,DECLARED,1,\nN1,B,DECLARED,1,\n"
    (folder / "counts.csv").write_text(f"practice_code,indicator_code,measure,value,period\n{done}{vetoes}")
    return remit.run(scheme, folder / "practices.csv", folder / "counts.csv")


def test_a_run_opened_again_has_its_vetoes(tmp_path: Path) -> None:
    run = made(tmp_path, "A2,A,VETO,1,2025-02-10\n")
    remit.write_run(run, tmp_path / "out")
    assert "A2,A,VETO,1,2025-02-10" in (tmp_path / "out" / "inputs" / "counts.csv").read_text()
    again = remit.open_run(tmp_path / "out")
    assert [result.pence for result in again.results()] == [1000, 600, 400]


@pytest.mark.parametrize(
    ("vetoes", "words"),
    [
        ("A1,B,VETO,1,2025-03-01\n", "the veto of A1 on 1 March 2025 is after 28 February 2025: it does not count."),
        ("N1,B,VETO,1,2025-02-01\n", "a VETO is given for network N1 itself: it does not count."),
        ("A1,B,VETO,1,2025-02-28\n", ""),
    ],
)
def test_a_veto_that_does_not_count_is_said(tmp_path: Path, vetoes: str, words: str) -> None:
    warnings = [one.message for one in made(tmp_path, vetoes).inputs.warnings]
    assert warnings == ([words] if words else [])


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        (("6000", "4000"), "network N1 has 10,000 people, and a-scheme expects 30,000 to 50,000 people."),
        (("29999", "0"), "network N1 has 29,999 people, and a-scheme expects 30,000 to 50,000 people."),
        (("30000", "0"), ""),
        (("25000", "25000"), ""),
        (("25000", "25001"), "network N1 has 50,001 people, and a-scheme expects 30,000 to 50,000 people."),
    ],
)
def test_a_network_of_another_size_is_warned_of_and_paid_the_same(
    tmp_path: Path, sizes: tuple[str, str], words: str
) -> None:
    run = made(tmp_path, "", ", people: {least: 30000, most: 50000}", sizes)
    expected = [f"{words} No amount changes."] if words else []
    assert [one.message for one in run.inputs.warnings] == expected
    assert next(iter(run.results())).pence == 6001


def text_of(run: remit.Run, code: str) -> str:
    return str(document(statement(run, code)))


def test_the_statements_of_network_and_members_say_who_vetoed_and_when(tmp_path: Path) -> None:
    run = made(tmp_path, "A2,A,VETO,1,2025-02-10\nA1,B,VETO,1,2025-03-01\n")
    for code in ("N1", "A1", "A2"):
        text = text_of(run, code)
        assert f"by A2 on {AT}. Nothing is paid for it to any practice of The network (N1)." in text
        assert "the veto of A1 on 1 March 2025 does not count." in text
        assert "Shared out unless a member vetoes it by 28 February 2025: who says nothing agrees." in text


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("assent: none, veto_by: 2025-02-28", "by 'assent: none' there is no veto"),
        ("assent: unless vetoed, veto_by: 2025-08-01", "the balance is due before that, on 2025-07-31"),
        ("assent: unless vetoed, veto_by: February", "expected a date"),
        ("assent: unless vetoes", "unless vetoed"),
        ("people: {least: 50000, most: 30000}", "50,000 to 30,000 people is no size"),
        ("people: {least: 50000}", "most"),
        ("veto: yes", "'assent: unless vetoed'"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_line(more: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        local(ITEMS, f"networks:\n  {{earned_by: network, distribution: list,\n   {more}}}")
    (problem,) = refused.value.problems
    assert words in f"{problem.message} {problem.hint}"
    assert problem.place is not None
    assert problem.place.line


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("A1 A VETO 2 2025-02-10", "VETO is 1 for yes or 0 for no, not '2'"),
        ("A1 A VETO 1 2024-Q4", "the day on which it was said"),
        ("A1 A VETO 1 2025-02-10\nA1 A VETO 1 2025-02-10", "is given again"),
    ],
)
def test_a_row_that_says_no_veto_is_refused(row: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        shared(row, "payment.csv", "pounds")
    assert words in str(refused.value)
