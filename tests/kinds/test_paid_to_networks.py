"""The kind: one scheme that pays some items to practices and some to their networks, which share these out.

A practice's part of a network's item is an award of its own payment: in its total, balance and recovery, and on its
statement with its own working. Nothing is paid to the network itself. By hand from Strathcarse's clause 6 (C1: 380 of
500 is 76%; £6,000.00 by 6,431.5 : 2,612.8 : 10,905.25) and clause 3's asthma reviews.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from fractions import Fraction
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.profiles import examples
from tests.sentences import networks as clause

import remit
from remit.application.extract import Request, payment_of, prepare
from remit.core.problems import Refused
from remit.documents.run import run_document
from remit.documents.statement.formats import document
from remit.documents.statement.making import statement
from remit.documents.statement.workbook import workbook
from remit.pricing.full_achievement import full_achievement
from remit.runs.folder import write_run
from remit.runs.overview import overview
from remit.runs.practice_payment import payment_of_result
from remit.scheme import Scheme
from remit.scheme.comparison import compare
from remit.scheme.loader import build
from remit.scheme.source import parse_source
from remit.scoring.wanted import wanted

HEAD = """\
scheme: strathcarse-clusters
version: "1"
title: Complex care, two of its items
commissioner: Strathcarse Health Board
nation: Scotland
year: 2025-26
achievement_date: 2026-03-31
sources: {contract: {title: The contract, standing: verified}}
source: contract
heads: {column: weighted_list_size, called: weighted list, at: 2025-10-01}
groups: [{group: POLY, title: People on many medicines, list: whole}]
indicators:
  - {indicator: POLY, title: Polypharmacy reviews, type: process, group: POLY}
  - {indicator: ASTHMA, title: Asthma reviews, type: process, group: POLY}
"""
TERMS = """\
terms:
  paid_in_advance:
    {share: 50%, of: award for full achievement, instalments: 6, due: last day of each month}
  balance: {due: 2026-07-31}
  recovery: {months: 2, notified: 2026-07-31}
  changes: {joiner: whole months, leaver: days, merger: successor}
"""
NETWORKS = """\
networks:
  earned_by: network
  distribution: weighted list
  assent: unless vetoed
  veto_by: 2026-02-28
"""
ITEMS = """\
items:
  - {item: "4", title: Asthma review, indicator: ASTHMA, measure: achievement,
     pays: {steps: {steps: [from 40% pays 15p, from 60% pays 40p], most: 40p}}}
  - {item: "6", title: Cluster reviews, indicator: POLY, measure: achievement, paid_to: network,
     pays: {fixed: {pays: £6000, for: polypharmacy reviews, target: 75%}}}
"""
PRACTICES = """\
practice_code,practice_name,network_code,list_size,weighted_list_size,joined,left,successor_code
S1,One,C1,6200,6431.5,,,
S2,Two,C1,2450,2612.8,,,
S3,Three,C1,11300,10905.25,,,
S4,Four,C2,4800,5020,,,
S5,Five,C2,3100,2999.99,,,
"""
COUNTED = {
    "S1": ((60, 100), (80, 100)),
    "S2": ((39, 100), (60, 100)),
    "S3": ((65, 100), (240, 300)),
    "S4": ((59, 100), (90, 100)),
    "S5": ((61, 100), (90, 100)),
}
VETO = "S5,6,VETO,1,2026-02-14\n"


def scheme(items: str = ITEMS, networks: str = NETWORKS, terms: str = TERMS) -> Scheme:
    return build(parse_source("".join([HEAD, terms, networks, items]), "strathcarse.yaml"))


def counts(counted: dict[str, tuple[tuple[int, int], tuple[int, int]]], more: str = "") -> str:
    rows = ["practice_code,indicator_code,measure,value,period\n"]
    for code, pairs in counted.items():
        for item, (top, below) in zip(("4", "6"), pairs, strict=True):
            rows += [f"{code},{item},NUMERATOR,{top},\n", f"{code},{item},DENOMINATOR,{below},\n"]
    return "".join([*rows, more])


def made(folder: Path, *, more: str = VETO, practices: str = PRACTICES, counted: object = None, **of: str) -> remit.Run:
    (folder / "practices.csv").write_text(practices)
    (folder / "counts.csv").write_text(counts(counted or COUNTED, more))  # type: ignore[arg-type]
    return remit.run(scheme(**of), folder / "practices.csv", folder / "counts.csv")


def pounds(run: remit.Run, item: str) -> dict[str, int | None]:
    return {
        one.practice.code: next(award.pence for award in one.awards if award.item.item == item)
        for one in run.results()
        if one.practice.level == "practice"
    }


def test_the_amounts_of_clause_6(tmp_path: Path) -> None:
    run = made(tmp_path)
    assert pounds(run, "6") == {"S1": 193433, "S2": 78582, "S3": 327985, "S4": 0, "S5": 0}
    assert pounds(run, "4") == {"S1": 257260, "S2": 0, "S3": 436210, "S4": 75300, "S5": 120000}
    assert {one.status for one in run.results()} == {"final"}


def test_a_part_is_in_the_practices_total_balance_and_recovery(tmp_path: Path) -> None:
    # advances: half of 40p per weighted patient; 6,431.5 × £0.20 is £1,286.30, and 2,612.8 × £0.20 is £522.56
    payments = {one.practice.code: payment_of_result(one) for one in made(tmp_path).results()}
    one, two, four = payments["S1"], payments["S2"], payments["S4"]
    assert (one.earned, one.advance, one.balance, one.recovery) == (257260 + 193433, 128630, 322063, 0)
    assert (two.earned, two.advance, two.balance, two.recovery) == (78582, 52256, 26326, 0)
    assert (four.earned, four.advance, four.balance, four.recovery) == (75300, 100400, 0, 25100)
    assert sum(due.pence for due in one.dues) == one.earned
    assert [due.pence for due in four.dues if due.kind == "recovery"] == [12550, 12550]
    for code in ("C1", "C2"):
        assert (payments[code].earned, payments[code].balance, payments[code].dues) == (0, 0, ())


def test_the_money_is_counted_once(tmp_path: Path) -> None:
    run, everything = made(tmp_path), 257260 + 436210 + 75300 + 120000 + 600000
    summary = write_run(run, tmp_path / "out")
    assert summary.awarded.value == everything
    seen = overview(run, lambda done, of: None)
    assert seen.earned.value == everything
    assert {line.item: line.earned.value for line in seen.items} == {"4": 888770, "6": 600000}
    # what is possible: 40p × 27,969.54 weighted patients, £11,187.82 in five parts, and £6,000 for each of two networks
    assert seen.possible.value == 1118782 + 1200000
    assert sum(line.money.award or 0 for line in seen.area.at("scheme")) == everything
    ledger = list(csv.DictReader((tmp_path / "out" / "ledger.csv").open()))
    assert {row["practice_code"] for row in ledger} == {"S1", "S2", "S3", "S4", "S5"}
    shared = list(csv.DictReader((tmp_path / "out" / "distribution.csv").open()))
    assert {(row["network_code"], row["indicator_code"]) for row in shared} == {("C1", "6"), ("C2", "6")}
    assert str(run_document("", summary, True, ())).count("£14,887.70")
    again = remit.open_run(tmp_path / "out")
    assert [one.pence for one in again.results()] == [one.pence for one in run.results()]


def test_the_statement_of_a_practice_shows_its_part_with_its_own_working(tmp_path: Path) -> None:
    run = made(tmp_path)
    text = str(document(statement(run, "S1")))
    for words in ("£6,000.00 × 6,431.5 / 19,949.55, rounded down", "£1,934.33", "£4,506.93", "380 / 500", "network C1"):
        assert words in text
    vetoed = str(document(statement(run, "S4")))
    assert "Vetoed by S5 on 14 February 2026: nothing is paid to any practice of C2." in vetoed
    network = str(document(statement(run, "C1")))
    assert "Item 6 earned £6,000.00. It is shared out to your three members by weighted list" in network
    assert "Item 6 was vetoed by S5 on 14 February 2026: nothing is paid" in str(document(statement(run, "C2")))


def test_the_workbook_of_a_practice_adds_up(tmp_path: Path) -> None:
    run = made(tmp_path)
    for code, expected in (("S1", "4506.93"), ("C1", "6000")):
        with ZipFile(io.BytesIO(workbook(statement(run, code)))) as sheets:
            assert f"<v>{expected}</v>" in sheets.read("xl/worksheets/sheet1.xml").decode()


def test_small_numbers_of_other_members_are_not_shown(tmp_path: Path) -> None:
    few = COUNTED | {"S2": ((39, 100), (4, 100))}
    run = made(tmp_path, counted=few)
    assert "What each member contributes is left out" in str(document(statement(run, "S1")))
    assert "What each member contributes is left out" not in str(document(statement(run, "S2")))  # they are its own
    copy = statement(run, "S2", recipient="commissioner")
    assert "What each member contributes is left out" in str(document(copy))


def test_the_service_has_a_part_in_the_practices_payment(tmp_path: Path) -> None:
    run = made(tmp_path)
    (tmp_path / "scheme.yaml").write_text("".join([HEAD, TERMS, NETWORKS, ITEMS]))
    names = {one.practice.code: one.practice.name or one.practice.code for one in run.results()}
    request = Request(
        tmp_path / "scheme.yaml", tmp_path / "practices.csv", tmp_path / "counts.csv", tmp_path / "run",
        date(2026, 3, 31), names,
    )  # fmt: skip
    prepared = {one.code: one for one in prepare(request).practices}
    assert [prepared[code].pence for code in ("S1", "S2", "C1")] == [450693, 78582, 0]
    paid = {code: payment_of(one.payment) for code, one in prepared.items()}
    assert [(paid[code].earned, paid[code].balance) for code in ("S1", "S4", "C1")] == [
        (450693, 322063), (75300, 0), (0, 0),
    ]  # fmt: skip


def test_a_part_of_a_network_that_is_not_known_waits_and_says_for_whom(tmp_path: Path) -> None:
    short = {code: pairs for code, pairs in COUNTED.items() if code != "S2"}
    run = made(tmp_path, counted=short)
    assert pounds(run, "6") == {"S1": None, "S2": None, "S3": None, "S4": 0, "S5": 0}
    one = run.practice("S1")
    assert (one.status, one.pence) == ("provisional", 257260)
    assert "the network's amount is not known yet" in next(a.reason for a in one.awards if a.item.item == "6")


def test_counts_of_another_member_that_are_provisional_keep_a_part_from_being_final(tmp_path: Path) -> None:
    run = made(tmp_path, more=f"{VETO}S2,*,PROVISIONAL,1,\n")
    assert [run.practice(code).status for code in ("S1", "S2", "S4")] == ["provisional", "provisional", "final"]
    assert "network C1: the counts of S2 are provisional" in run.practice("S1").reason
    assert run.practice("S1").pence == 450693


def test_what_is_paid_by_what_members_earn_themselves(tmp_path: Path) -> None:
    # each earns the £6,000 by itself: 80%, 60% and 80% give £12,000 to C1, by contribution to those who earned it
    by_practice = NETWORKS.replace("earned_by: network", "earned_by: practice").replace("weighted list", "contribution")
    run = made(tmp_path, networks=by_practice)
    assert pounds(run, "6") == {"S1": 600000, "S2": 0, "S3": 600000, "S4": 0, "S5": 0}


SET_UP = """\
items:
  - item: SET-UP
    title: Setting up
    paid_to: network
    pays: {fixed: {pays: "£20,000", for: meetings and governance in place}}
  - item: CAPABILITY
    title: Capability
    paid_to: network
    pays:
      fixed:
        pays: "£10,000"
        for: working together
        milestones:
          hub: {share: 60%, words: a hub is open}
          back-office: {share: 40%, words: the back office is shared}
  - {item: TRAINING, title: Training, pays: {fixed: {pays: £500, for: training}}}
"""


def test_set_up_and_capability_are_paid_to_a_network_for_what_it_declares(tmp_path: Path) -> None:
    # R004-46: C1 has set up and opened its hub: £20,000 and £6,000, by weighted lists; C2 has done neither
    declared = {"C1": {"SET-UP": 1, "hub": 1, "back-office": 0}, "C2": {"SET-UP": 0, "hub": 0, "back-office": 0}}
    rows = [f"{code},{item},DECLARED,{one},\n" for code, of in declared.items() for item, one in of.items()]
    rows += [f"S{n},TRAINING,DECLARED,{n % 2},\n" for n in range(1, 6)]
    (tmp_path / "practices.csv").write_text(PRACTICES)
    (tmp_path / "counts.csv").write_text("practice_code,indicator_code,measure,value,period\n" + "".join(rows))
    assert [one.level for one in wanted(scheme(SET_UP)) if one.measure == "DECLARED"] == [
        "network", "network", "network", "practice",
    ]  # fmt: skip
    after = TERMS.replace(TERMS.split("\n", 3)[1] + "\n" + TERMS.split("\n", 3)[2] + "\n", "")
    run = remit.run(scheme(SET_UP, terms=after), tmp_path / "practices.csv", tmp_path / "counts.csv")
    # 20,000 × 6431.5 / 19949.55 is 6,447.76448, × 2612.8 2,619.40745, × 10905.25 10,932.82806; 6,000 is three tenths
    assert pounds(run, "SET-UP") == {"S1": 644776, "S2": 261941, "S3": 1093283, "S4": 0, "S5": 0}
    assert pounds(run, "CAPABILITY") == {"S1": 193433, "S2": 78582, "S3": 327985, "S4": 0, "S5": 0}
    assert pounds(run, "TRAINING") == {"S1": 50000, "S2": 0, "S3": 50000, "S4": 0, "S5": 50000}
    assert run.practice("S1").pence == 644776 + 193433 + 50000


def test_a_member_that_joined_or_merged(tmp_path: Path) -> None:
    # S2 joined on 1 January: 3 of 12 months; 6431.5 : 653.2 : 10905.25 of 17989.95
    joined = PRACTICES.replace("2612.8,,,", "2612.8,2026-01-01,,")
    run = made(tmp_path, practices=joined)
    assert pounds(run, "6") == {"S1": 214503, "S2": 21786, "S3": 363711, "S4": 0, "S5": 0}
    # S2 merged into S1 in September: S1 has both lists, and C1's counts are those of the two that are left: 320 of 400
    merged = PRACTICES.replace("2612.8,,,", "2612.8,,2025-09-30,S1")
    run = made(tmp_path, practices=merged)
    found = pounds(run, "6")
    assert (found["S1"], found["S3"]) == (272015, 327985)
    assert run.practice("S2").status == "merged"


def test_the_full_award_is_the_practices_and_the_networks_stands_beside() -> None:
    worth = full_achievement(scheme(), 10_000)
    assert (worth.pence, worth.to_network) == (400000, 600000)


def test_a_comparison_says_whom_an_item_is_paid_to() -> None:
    changed = compare(scheme(ITEMS.replace(", paid_to: network", ", paid_to: practice"), "", TERMS), scheme())
    assert [(part.name, part.before, part.after) for part in changed.changed[0].changes] == [
        ("paid to", "the practice", "the network")
    ]


def test_what_more_a_practice_can_earn_is_of_its_own_items(tmp_path: Path) -> None:
    """S4's network vetoed the item; C1 is at its target."""
    run = made(tmp_path)
    views = {view.code: view for view in statement(run, "S4").items}
    assert views["4"].prospects
    assert not views["6"].prospects
    assert not next(view for view in statement(run, "S1").items if view.code == "6").prospects


SHORT = {**COUNTED, "S1": ((60, 100), (60, 100)), "S2": ((39, 100), (45, 100))}
"""C1 has 345 of 500, 69%: 30 patients short of the 75% that pay £6,000, £1,934.33 of them to S1."""


def test_what_more_a_network_can_earn_is_said_with_the_practices_part(tmp_path: Path) -> None:
    run = made(tmp_path, counted=SHORT, more="")
    [ahead] = next(view for view in statement(run, "S1").items if view.code == "6").prospects
    assert (ahead.patients, ahead.pence, ahead.reaches) == (30, 193433, "from 75% in C1")
    assert "30 more patients achieved (375 of 500): +£6,000.00, by 31 March 2026; of which +£1,934.33" in ahead.text
    text = " ".join(str(document(statement(run, "S1"))).split())
    assert "£1,934.33 for 30 more patients of item 6 (from 75% in C1)" in text
    (tmp_path / "then").mkdir()
    then = made(tmp_path / "then", counted={**SHORT, "S2": ((39, 100), (75, 100))}, more="")
    assert pounds(then, "6")["S1"] == 193433


@pytest.mark.parametrize(
    ("few", "networks"),
    [
        ({**SHORT, "S2": ((39, 100), (4, 100))}, NETWORKS),  # so few of another's patients
        (SHORT, NETWORKS.replace("distribution: weighted list", "distribution: contribution")),  # whose they are counts
    ],
)
def test_what_more_a_network_can_earn_is_left_to_its_own_statement(
    few: dict[str, tuple[tuple[int, int], tuple[int, int]]], networks: str, tmp_path: Path
) -> None:
    run = made(tmp_path, counted=few, more="", networks=networks)
    assert not next(view for view in statement(run, "S1").items if view.code == "6").prospects
    assert next(view for view in statement(run, "C1").items if view.code == "6").prospects
    assert "is on the network's own statement" in str(document(statement(run, "S1")))


@pytest.mark.parametrize(
    ("items", "networks", "words"),
    [
        (ITEMS, "", "item 6 is paid to the network, and the scheme does not say how networks share it out"),
        (ITEMS.replace("paid_to: network", "paid_to: practice"), NETWORKS, "no item is paid to a network"),
        (ITEMS.replace("paid_to: network", "paid_to: cluster"), NETWORKS, "'cluster' is none of practice, network"),
        (
            ITEMS.replace("paid_to: network", 'paid_to: network, requires: ["4"]'), NETWORKS,
            "item 6 is paid to the network and rests on 4, which is paid to the practice",
        ),
        (ITEMS, NETWORKS + "limits: [{items: all, at_most: £9000}]\n", "is of what practices are paid"),
        (
            ITEMS + ITEMS.split("\n", 3)[3].replace('"6"', '"7"'),
            NETWORKS.replace("weighted list", "agreed"), "AGREED_POUNDS is of one pool alone",
        ),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused_at_its_line(items: str, networks: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        scheme(items, networks)
    (problem,) = refused.value.problems
    assert words in problem.message
    assert problem.place is not None
    assert problem.place.line


pairs = st.integers(0, 40).flatmap(lambda below: st.tuples(st.integers(0, below), st.just(below)))
lists = st.integers(1, 2_000_000).map(lambda hundredths: Fraction(hundredths, 100))


@examples(0.5)
@given(
    st.lists(st.tuples(pairs, lists), min_size=1, max_size=5),
    st.integers(1, 1_000_000),
    st.sampled_from([(None, False), ("2026-02-28", True), ("2026-03-01", False)]),
)
def test_parts_are_those_of_the_sentence(
    tmp_path_factory: pytest.TempPathFactory,
    members: list[tuple[tuple[int, int], Fraction]],
    pence: int,
    veto: tuple[str | None, bool],
) -> None:
    day, counts_ = veto
    codes = [f"S{n}" for n in range(1, len(members) + 1)]
    rows = [f"{code},,C1,1000,{float(size)},,,\n" for code, (_, size) in zip(codes, members, strict=True)]
    counted = {code: ((0, 1), pair) for code, (pair, _) in zip(codes, members, strict=True)}
    run = made(
        tmp_path_factory.mktemp("clause"),
        more=f"S1,6,VETO,1,{day}\n" if day else "",
        practices=PRACTICES.splitlines()[0] + "\n" + "".join(rows),
        counted=counted,
        items=ITEMS.replace("£6000", f"£{pence // 100}.{pence % 100:02d}"),
    )
    expected = clause.parts(
        pence, [pair for pair, _ in members], [size for _, size in members], Fraction(3, 4), counts_
    )
    assert list(pounds(run, "6").values()) == expected
