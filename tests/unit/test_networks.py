"""What members' figures come to as their network's, and where that is not a sum."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from tests.figures import held, key
from tests.spec.run import local

import remit
from remit.core.problems import Refused
from remit.documents.comparison import document, how_many, whose
from remit.documents.render.html import as_html
from remit.organisation import Practice
from remit.runs.before_mergers import with_delivered
from remit.runs.networks import as_one, with_networks
from remit.scoring.achievement import Subjects

BLOCK = """
items:
  - {item: A, title: A, pays: {historic: {of: QOF, years: [2016-17], in: pounds, adjusted_for: [list]}}}
"""
ONE = "networks: {earned_by: network, distribution: equal, assent: none}"


def test_what_each_member_has_is_added_and_what_one_lacks_is_not() -> None:
    members: list[Subjects] = [{"A": held(NUMERATOR=3, DENOMINATOR=5)}, {"A": held(NUMERATOR=4)}]
    assert as_one({}, members) == {"A": held(NUMERATOR=7)}
    assert as_one({"A": held(NUMERATOR=1)}, members) == {"A": held(NUMERATOR=1)}  # its own rows hold


@pytest.mark.parametrize("measure", ["DECLARED", "AGREED", "AGREED_POUNDS", "LIST_INDEX", "PREVALENCE_INDEX"])
def test_answers_and_indices_do_not_add_up(measure: str) -> None:
    assert as_one({}, [{"*": held(**{measure: 1})}, {"*": held(**{measure: 1})}]) == {}


def test_points_of_earlier_years_do_not_add_up() -> None:
    one: Subjects = {"A": {key("HISTORIC_POINTS", "2016-17"): Fraction(500)}}
    assert as_one({}, [one, one]) == {}


def test_what_a_merged_practice_delivered_is_added_and_nothing_else_of_it() -> None:
    own: Subjects = {"A": {key("ACTIVITY", "2024-25-Q1"): 3, key("NUMERATOR"): 5}}
    one: Subjects = {"A": {key("ACTIVITY", "2024-25-Q1"): 4, key("ACTIVITY", "2024-25-Q2"): 2, key("NUMERATOR"): 7}}
    other: Subjects = {
        "A": {key("ACTIVITY", "2024-25-Q1"): 10},
        "B": {key("DID_NOT_ATTEND", "2024-25-Q1"): 1, key("DECLARED"): 1},
    }
    assert with_delivered(own, [one, other]) == {
        "A": {key("ACTIVITY", "2024-25-Q1"): 17, key("ACTIVITY", "2024-25-Q2"): 2, key("NUMERATOR"): 5},
        "B": {key("DID_NOT_ATTEND", "2024-25-Q1"): 1},
    }
    assert own == {"A": {key("ACTIVITY", "2024-25-Q1"): 3, key("NUMERATOR"): 5}}


def test_a_network_has_its_members_lists_unless_its_row_says_otherwise() -> None:
    scheme = local(BLOCK, ONE)
    those = {"A1": Practice("A1", network="N1", list_size=3), "A2": Practice("A2", network="N1", list_size=4)}
    found, schemes = with_networks(those, dict.fromkeys(those, scheme), "practices.csv")
    assert (list(found), found["N1"].list_size, schemes["N1"]) == (["A1", "A2", "N1"], 7, scheme)
    own = those | {"N1": Practice("N1", list_size=9, level="network")}
    assert with_networks(own, dict.fromkeys(own, scheme), "practices.csv")[0]["N1"].list_size == 9


def test_all_that_is_wrong_with_networks_is_said_at_once() -> None:
    scheme = local(BLOCK, ONE)
    those = {
        "A1": Practice("A1", network="A2"),
        "A2": Practice("A2", network="N1"),
        "A3": Practice("A3"),
        "N9": Practice("N9", level="network"),
    }
    with pytest.raises(Refused) as caught:
        with_networks(those, dict.fromkeys(those, scheme), "practices.csv")
    said = " ".join(problem.message for problem in caught.value.problems)
    assert "A3 has no network_code" in said
    assert "A2 is a network of others here, and a practice" in said
    assert "the network N9 has no members" in said


def test_two_members_indices_are_not_taken_together(tmp_path: Path) -> None:
    """£1,000 each at an index of 1 is not £2,000 at an index of 2."""
    (tmp_path / "p.csv").write_text("practice_code,practice_name,network_code\nA1,One,N1\nA2,Two,N1\n")
    rows = [f"{p},A,HISTORIC_POUNDS,1000,2016-17\n{p},*,LIST_INDEX,1," for p in ("A1", "A2")]
    (tmp_path / "c.csv").write_text("practice_code,indicator_code,measure,value,period\n" + "\n".join(rows) + "\n")
    network = remit.run(local(BLOCK, ONE), tmp_path / "p.csv", tmp_path / "c.csv").practice("N1")
    assert network.status == "provisional"
    assert "Supply LIST_INDEX for the practice or network as a whole (*)" in network.awards[0].reason
    (tmp_path / "c.csv").write_text((tmp_path / "c.csv").read_text() + "N1,*,LIST_INDEX,1.05,\n")
    assert remit.run(local(BLOCK, ONE), tmp_path / "p.csv", tmp_path / "c.csv").practice("N1").pence == 210_000


def test_a_members_ledger_is_empty_for_its_money_is_its_networks(tmp_path: Path) -> None:
    scheme = local(
        "items: [{item: A, title: A, pays: {fixed: {pays: £10, for: it}}}]", ONE.replace("network,", "practice,")
    )
    (tmp_path / "p.csv").write_text("practice_code,practice_name,network_code\nA1,One,N1\n")
    (tmp_path / "c.csv").write_text("practice_code,indicator_code,measure,value\nA1,A,DECLARED,1\n")
    run = remit.run(scheme, tmp_path / "p.csv", tmp_path / "c.csv")
    assert run.practice("A1").pence == run.practice("N1").pence == 1000
    assert list(run.practice("A1").ledger()) == []
    assert [e.pence for e in run.practice("N1").ledger() if e.account == "scheme cost"] == [1000]


def test_a_comparison_counts_practices_and_networks_apart(tmp_path: Path) -> None:
    """Two practices and the network that they are paid through are not three practices."""
    scheme = local(BLOCK, ONE)
    (tmp_path / "p.csv").write_text("practice_code,practice_name,network_code\nA1,One,N1\nA2,Two,N1\n")
    runs = []
    for pounds in (1000, 1200):
        rows = f"A1,A,HISTORIC_POUNDS,{pounds},2016-17\nA2,A,HISTORIC_POUNDS,{pounds},2016-17\nN1,*,LIST_INDEX,1,\n"
        (tmp_path / "c.csv").write_text(f"practice_code,indicator_code,measure,value,period\n{rows}")
        runs.append(remit.run(scheme, tmp_path / "p.csv", tmp_path / "c.csv"))
    found = remit.compare(*runs)
    assert how_many(found) == "2 practices and 1 network, 1 item"
    assert how_many(replace(found, practices=found.practices[:1])) == "1 practice, 1 item"
    assert whose(found.movers()) == "Networks"
    assert whose(found.practices) == "Practices and networks"
    page = as_html(document(found, ("before", "after")))
    assert "2 practices and 1 network, 1 item" in page
    assert "<caption><span>Networks that moved" in page
