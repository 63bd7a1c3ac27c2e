"""Kind: what a successor is paid is not what the facts of a merger say: who looked after which list from when to when.

A list that one practice looked after until it closed, and another from the next day, was looked after all year. Here is
every way in which practices merge, and every scheme of the library: the right pounds, by hand, or a refusal that asks.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from tests.deck.inputs import COUNT, counts, practices, schemes, settings

import remit
from remit.core.problems import Refused
from remit.core.rows import dict_rows
from remit.runs.engine import Run
from remit.runs.folder import write_run

COLUMNS = [
    "practice_code",
    "practice_name",
    "list_size",
    "weighted_list_size",
    "joined",
    "left",
    "successor_code",
    "counts_merged",
    "network_code",
]
QIF = {  # 15p, 20p, 13p, 23p, 25p, 25p, 20p and 20p a head: 161p
    **{item: {"NUMERATOR": n, "DENOMINATOR": 100} for item, n in (("1b", 39), ("2a", 41), ("2b", 46), ("3", 55))},
    "1a": {"REGISTER": 84, "LIST_SIZE": 10_500},
    "4": {"NUMERATOR": 73, "DENOMINATOR": 100, "PCAS": 8},
    "5": {"NUMERATOR": 36, "DENOMINATOR": 100},
    "6": {"REGISTER": 408, "LIST_SIZE": 8_000},
}
DAYS, MONTHS, ALL, NOTHING = (
    {"joiners": rule, "leavers": rule} for rule in ("days", "whole months", "full year", "nothing")
)


def rows(*those: str) -> list[dict[str, str]]:
    """Practices as `A1 10000 joined left successor counts_merged network`; `-` is empty. 5% more are registered."""
    found = []
    for text in those:
        code, size, *rest = ("" if cell == "-" else cell for cell in text.split())
        registered = str(int(size) * 21 // 20) if size else ""
        found.append(dict(zip(COLUMNS, (code, code, registered, size, *rest, *[""] * 5), strict=False)))
    return found


def qif(those: list[dict[str, str]], rules: dict[str, str], *counted: str) -> Run:
    """A run of QIF, on the same counts for each of some practices."""
    figures = [
        {"practice_code": code, "indicator_code": item, "measure": measure, "value": value}
        for code in counted or ("A1",)
        for item, held in QIF.items()
        for measure, value in held.items()
    ]
    given = {**rules, "mergers": "successor", "chol004_from": "2024-04-01"}
    return remit.run("qif-2024-25", dict_rows("practices.csv", those), dict_rows("counts.csv", figures), settings=given)


def paid(run: Run) -> dict[str, str]:
    return {r.practice.code: f"{r.status} {(r.pence or 0) / 100:.2f}" for r in run.results()}


END = "2024-12-31"
NEW, OLD, OTHER = "A1 0 2025-01-01", f"A2 10000 - {END} A1", f"A3 10000 - {END} A1"
KNOWN = {
    "one takes the other in": (["A1 10000", OLD], {}, "32200.00"),
    "a new code, by days": ([NEW, OLD, OTHER], DAYS, "32200.00"),
    "a new code, by whole months": ([NEW, OLD, OTHER], MONTHS, "32200.00"),
    "a new code, for the full year": ([NEW, OLD, OTHER], ALL, "32200.00"),
    "a new code, where joiners are due nothing": ([NEW, OLD, OTHER], NOTHING, "32200.00"),
    "a new code, and no rule for joiners": ([NEW, OLD, OTHER], {}, "32200.00"),
    "a new code that overlaps by a day": (["A1 0 2024-12-31", OLD, OTHER], DAYS, "32200.00"),
    "a new code at the year's first day": (
        ["A1 0 2024-04-01", "A2 10000 - 2024-03-31 A1", "A3 10000 - 2024-03-31 A1"], DAYS, "32200.00"),
    "a new code, and one of the two joined in July": (  # 10,000 and 9/12 of 10,000
        [NEW, OLD, f"A3 10000 2024-07-01 {END} A1"], MONTHS, "28175.00"),
    "a new code, and a joiner of July is due nothing": (
        [NEW, OLD, f"A3 10000 2024-07-01 {END} A1"], NOTHING, "16100.00"),
    "taken in: one that joined in July": (["A1 10000", f"A2 10000 2024-07-01 {END} A1"], MONTHS, "28175.00"),
    "taken in by one that joined in July": (  # 9/12 of 10,000, and 10,000
        ["A1 10000 2024-07-01 - - no", OLD], MONTHS, "28175.00"),
    "three lists on two days": (["A1 10000", OLD, "A3 10000 - 2024-09-30 A1"], {}, "48300.00"),
    "the new code's list counts those people": (["A1 20000 2025-01-01 - - yes", OLD, OTHER], DAYS, "32200.00"),
    "the new code's list counts those people and 5,000 of its own": (  # and 3/12 of 5,000: 21,250
        ["A1 25000 2025-01-01 - - yes", OLD, OTHER], MONTHS, "34212.50"),
    "the new code has 20,000 others of its own": (  # and 3/12 of 20,000: 25,000
        ["A1 20000 2025-01-01 - - no", OLD, OTHER], MONTHS, "40250.00"),
    "one takes the other in, and its list counts them": (["A1 20000 - - - yes", OLD], {}, "32200.00"),
    "the successor leaves in January": (  # 10/12 of 20,000: 2500.00 + 3 x 3333.33 + 2166.67 + 3833.33 + 2 x 4166.67
        ["A1 0 2025-01-01 2025-01-31", OLD, OTHER], MONTHS, "26833.33"),
    "merged before the year, and before the lists were taken": (
        ["A1 10000", "A2 0 - 2023-06-30 A1"], {}, "16100.00"),
    "merged before the year, after the lists were taken": (
        ["A1 10000", "A2 10000 - 2024-02-29 A1"], {}, "32200.00"),
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_who_looked_after_which_list_from_when_to_when_says_what_is_due(name: str) -> None:
    those, rules, pounds = KNOWN[name]
    found = paid(qif(rows(*those), rules))
    assert found.pop("A1") == f"final {pounds}"
    assert set(found.values()) == {"merged 0.00"}


ASKED = {
    "a new code with a list of its own": (["A1 20000 2025-01-01", OLD, OTHER], "counts_merged"),
    "a joiner of July with a list of its own": (["A1 5000 2024-07-01", OLD], "counts_merged"),
    "a new code with a list, and those who closed without": (
        ["A1 20000 2025-01-01", f"A2 0 - {END} A1", f"A3 0 - {END} A1"], "how many people were theirs"),
    "a list that counts more people than it has": (["A1 15000 2025-01-01 - - yes", OLD, OTHER], "are 20000 together"),
    "closed before": (["A1 10000 - 2024-06-30", OLD], "which had left on 2024-06-30"),
    "closed on the same day": (["A1 10000 - 2024-12-31", OLD], "which had left on 2024-12-31"),
    "a gap of a day": (["A1 0 2025-01-02", OLD, OTHER], "from 2025-01-01 on"),
    "a gap of a month": (["A1 0 2025-02-01", OLD, OTHER], "from 2025-01-01 on"),
    "not yet in the scheme in this year": (["A1 0 2025-04-01", OLD, OTHER], "from 2025-01-01 on"),
    "a chain": (["A1 0 2025-01-01", OLD, "A3 10000 - 2024-09-30 A2"], "merged in turn"),
    "a circle": (["A1 10000 - 2024-09-30 A2", "A2 10000 - 2024-12-31 A1"], "merged in turn"),
    "itself": (["A1 10000 - 2024-09-30 A1"], "merged in turn"),
    "nobody": (["A1 10000", "A2 10000 - 2024-09-30 Z9"], "not among the practices"),
    "no day": (["A1 10000", "A2 10000 - - A1"], "no day on which it left"),
    "merged before the year, with a list": (["A1 10000", "A2 10000 - 2023-06-30 A1"], "may count the same people"),
    "neither yes nor no": (["A1 10000 - - - perhaps", OLD], "expected yes or no"),
}  # fmt: skip


@pytest.mark.parametrize("name", ASKED)
def test_what_the_facts_leave_open_is_asked_for_in_its_row(name: str) -> None:
    those, words = ASKED[name]
    with pytest.raises(Refused) as caught:
        qif(rows(*those), DAYS)
    assert any(words in str(problem) for problem in caught.value.problems), str(caught.value)
    assert all(problem.place and problem.place.line for problem in caught.value.problems)


@pytest.mark.parametrize("joined", ["2025-04-01", ""])
@pytest.mark.parametrize("left", ["2025-03-31", "2025-06-30"])
def test_a_merger_of_another_year_leaves_this_one_to_each_by_itself(joined: str, left: str) -> None:
    if joined and left > joined:
        joined = "2025-07-01"
    size = "0" if joined else "10000"
    found = paid(qif(rows(f"A1 {size} {joined or '-'}", f"A2 10000 - {left} A1"), ALL, "A1", "A2"))
    assert found == {"A1": "final 0.00" if joined else "final 16100.00", "A2": "final 16100.00"}


def test_nobody_is_paid_an_instalment_before_it_was_there_or_after_it_was_gone() -> None:
    """80% of 210p x 20,000 is £33,600: nine months of £1,400 to each of two, three of £2,800 to the new code."""
    run = qif(rows(NEW, OLD, OTHER), DAYS)
    dues = {r.practice.code: [(d.day, d.pence) for d in r.schedule if d.kind == "instalment"] for r in run.results()}
    assert [(str(day), pence) for day, pence in dues["A1"]] == [
        ("2025-01-31", 280_000),
        ("2025-02-28", 280_000),
        ("2025-03-31", 280_000),
    ]
    for code in ("A2", "A3"):
        assert [pence for _, pence in dues[code]] == [140_000] * 9
        assert str(dues[code][-1][0]) == "2024-12-31"


def test_the_lists_of_a_later_day_are_added_with_a_word() -> None:
    """QOF takes the list of 1 January: that of a practice that took another in on 31 December may count its people."""
    those = dict_rows("practices.csv", rows("A1 8096", f"A2 8096 - {END.replace('2024', '2018')} A1"))
    figures = dict_rows(
        "counts.csv", [{"practice_code": "A1", "indicator_code": "AF001", "measure": "REGISTER", "value": 9}]
    )
    run = remit.run("qof-england-2018-19", those, figures, settings={"mergers": "successor"})
    assert [problem.code for problem in run.inputs.warnings] == ["practices.list-after-merger"]
    those = dict_rows("practices.csv", rows("A1 8096 - - - yes", f"A2 4096 - {END.replace('2024', '2018')} A1"))
    run = remit.run("qof-england-2018-19", those, figures, settings={"mergers": "successor"})
    factor = run.practice("A1").base.list_factor
    assert run.inputs.warnings == ()
    assert factor is not None
    assert factor.working == "8500 / 8096"  # the registered list is 5% longer than the weighted one


# Every scheme of the library.


IIF = [
    {"group_code": "IIF-HIGHER", "register": 500, "list_size": 9000},
    {"group_code": "IIF-LOWER", "register": 300, "list_size": 9000},
    {"group_code": "*", "register": "", "list_size": 9000},
]


def library(scheme: str, new_code: bool, own: str = "0", counts_merged: str = "") -> Run:
    """A1 takes A4 in at the end of December; or both close into a new code, which has A1's counts."""
    entry = schemes()[scheme]
    held = {row[0]: row for row in practices(scheme, 1)}
    year = entry["year"]
    those = []
    for code in ("A1", "A4"):
        cells = [held[code][n] for n in (0, 1, 4, 5, 6, 7, 8)]
        those.append(dict(zip(COLUMNS[:7], cells, strict=True), network_code=held[code][3]))
    if new_code:
        those[0] |= {"left": f"{year}-12-31", "successor_code": "N9"}
        those[1] |= {"successor_code": "N9"}
        lists = {"list_size": own, "weighted_list_size": own}
        those.append({**those[0], "practice_code": "N9", **lists, "joined": f"{year + 1}-01-01", "left": "",
                      "successor_code": "", "counts_merged": counts_merged})  # fmt: skip
    figures = []
    for given in counts(scheme, 1):
        figure = dict(zip(COUNT, given, strict=True))
        before = figure["measure"].startswith(("HISTORIC_POUNDS", "ACTIVITY", "DID_NOT_ATTEND", "HISTORIC_POINTS"))
        before &= figure["measure"] != "HISTORIC_POINTS" or figure["indicator_code"] == "*"
        if (figure["practice_code"] == "A4" and not before) or figure["practice_code"] not in ("A1", "A4"):
            continue
        late = figure["period"].endswith("Q4")
        if late and figure["practice_code"] == "A4":  # it had closed
            continue
        if new_code and figure["practice_code"] == "A1" and (late or not before):
            figure["practice_code"] = "N9"
        figures.append(figure)
    told = dict(word.split("=", 1) for word in settings(scheme)[1::2])
    if scheme == "nis-tower-hamlets":
        figures.append({"practice_code": "N1", "indicator_code": "MMR-START", "measure": "DECLARED", "value": "1"})
    nation = dict_rows("national.csv", IIF) if scheme == "iif-england" else entry.get("national")
    people, figured = dict_rows("practices.csv", those), dict_rows("counts.csv", figures)
    return remit.run(scheme, people, figured, settings=told, national=nation)


@pytest.mark.parametrize("scheme", schemes())
def test_which_code_carries_on_changes_no_award(scheme: str) -> None:
    """The same people, counts, activity and earlier income: A1 takes A4 in, or both close into a new code."""
    taken_in, new = library(scheme, False), library(scheme, True)
    networks = taken_in.plans[scheme].scheme.networks
    as_one = networks is not None and networks.earned_by == "network"
    one, other = taken_in.practice("N1" if as_one else "A1"), new.practice("N1" if as_one else "N9")
    assert any(award.pence for award in one.awards) or scheme == "pcds-buckinghamshire-2017-18"  # a gate is shut
    assert {award.item.item: (award.pence, award.reason) for award in other.awards} == {
        award.item.item: (award.pence, award.reason.replace("A1", "N9")) for award in one.awards
    }
    assert other.participation.share == one.participation.share == 1


@pytest.mark.parametrize("scheme", schemes())
def test_a_new_codes_own_list_is_asked_for_in_every_scheme_that_pays_by_lists(scheme: str) -> None:
    run = library(scheme, True)
    by_lists = any(p.scheme.paid_by or p.scheme.networks for p in run.plans.values())
    if not by_lists:
        return
    with pytest.raises(Refused, match="counts_merged"):
        library(scheme, True, "10622")
    lists = {r.practice.code: r.base for r in library(scheme, True, "20000", "yes").results()}
    assert lists["N9"].share != 1 or not run.plans[scheme].scheme.paid_by


@pytest.mark.parametrize("scheme", schemes())
@pytest.mark.parametrize("new_code", [False, True], ids=["taken in", "a new code"])
def test_money_is_conserved_in_a_merger_and_nobody_is_paid_before_it_joined(scheme: str, new_code: bool) -> None:
    run = library(scheme, new_code)
    results = [r for r in run.results() if not r.through_network]
    accounts: dict[str, int] = defaultdict(int)
    for result in results:
        for due in result.schedule:
            practice = result.practice
            assert due.pence > 0
            assert not (practice.joined and due.day and due.day < practice.joined), (practice.code, due)
            assert not (result.status == "merged" and due.day and practice.left and due.day > practice.left)
        for entry in result.ledger():
            accounts[entry.account] += entry.pence
    assert sum(accounts.values()) == 0
    settled = [r for r in results if r.status == "final"]
    if (
        settled
        and all(r.settlement.balance is not None for r in settled)
        and all(d.day for r in results for d in r.schedule)
    ):
        moved = sum(d.pence * (-1 if d.kind == "recovery" else 1) for r in results for d in r.schedule)
        assert moved == sum(r.pence or 0 for r in settled)
        assert accounts["owed to practices"] == 0
        assert accounts["paid in advance"] == 0
        assert accounts["scheme cost"] == moved


def test_a_published_list_of_a_successor_holds_all_whom_it_looks_after(tmp_path: Path) -> None:
    """`reconcile` beside a file that says 21,000 for a new code finds the same list, and no difference."""
    run = qif(rows(NEW, OLD, OTHER), DAYS)
    (tmp_path / "theirs.csv").write_text("practice_code,indicator_code,measure,value\nA1,*,LIST_SIZE,21000\n")
    found = remit.reconcile(run, tmp_path / "theirs.csv").rows
    assert [(row.ours, row.status) for row in found if row.practice == "A1"] == [(21_000, "within")]


def test_a_merger_of_practices_in_two_schemes_is_not_final() -> None:
    """QIF pays £2.10 a head and QIF Plus £4.00: by which of them the list of A2 is paid is not said."""
    figures = dict_rows(
        "counts.csv", [{"practice_code": "A1", "indicator_code": "2a", "measure": "NUMERATOR", "value": 1}]
    )
    assign = dict_rows("assign.csv", [{"practice_code": "A2", "scheme_id": "qif-plus-2024-25"}])
    people = dict_rows("practices.csv", rows("A1 10000", OLD))
    run = remit.run("qif-2024-25", people, figures, assign=assign, settings={"mergers": "successor"})
    result = run.practice("A1")
    assert result.status == "provisional"
    assert "A2, which merged into it, is in qif-plus-2024-25" in result.reason


def test_nothing_is_missing_of_practices_that_merged_in_what_a_run_says(tmp_path: Path) -> None:
    """Two of 10,000 closed into a new code: its £25,200.00 are all there is, and the other two lack no item."""
    (tmp_path / "p.csv").write_text(
        "practice_code,practice_name,place_code,list_size,weighted_list_size,joined,left,successor_code\n"
        "A1,C,cannock-chase,0,0,2025-01-01,,\n"
        "A2,A,cannock-chase,10500,10000,,2024-12-31,A1\n"
        "A3,B,cannock-chase,10500,10000,,2024-12-31,A1\n"
    )
    counts = "practice_code,indicator_code,measure,value\n" + "".join(
        f"A1,{item},{measure},{value}\n"
        for item, held in {
            "1a": {"REGISTER": 168, "LIST_SIZE": 21000},  # 0.8%: 15p
            "1b": {"NUMERATOR": 46, "DENOMINATOR": 100},  # 26p
            "2a": {"NUMERATOR": 46, "DENOMINATOR": 100},  # 17p
            "2b": {"NUMERATOR": 51, "DENOMINATOR": 100},  # 27p
            "3": {"NUMERATOR": 0, "DENOMINATOR": 100},
            "4": {"NUMERATOR": 0, "DENOMINATOR": 100, "PCAS": 0},
            "CHOL004": {"NUMERATOR": 0, "DENOMINATOR": 100},
            "6": {"REGISTER": 0, "LIST_SIZE": 16000},
        }.items()
        for measure, value in held.items()
    )
    (tmp_path / "c.csv").write_text(counts)
    rules = {"mergers": "successor", "joiners": "days", "leavers": "days", "chol004_from": "2024-12-05"}
    run = remit.run("qif-2024-25", tmp_path / "p.csv", tmp_path / "c.csv", settings=rules)
    summary = write_run(run, tmp_path / "out")
    assert (summary.items, summary.items_without_counts, summary.missing) == (8, 0, {})
    paid = run.practice("A1").pence
    assert (summary.awarded.pence, summary.awarded.unknown) == (paid, 0)
    rows = (tmp_path / "out" / "totals.csv").read_text().splitlines()
    assert [row.split(",")[3:] for row in rows[1:]] == [["8", "0"], ["0", "0"], ["0", "0"], ["8", "0"]]
