"""Schemes on one file of claims: whose claim is whose, and what a network of practices that claim is paid."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.spec.run import local

from remit.core.problems import Refused
from remit.runs import open_run
from remit.runs.several_schemes import ClaimedRuns, run_claims, write_claimed_runs
from remit.scheme import Scheme

ITEMS = "items: [{item: %s, title: A level, pays: {activity: {tariff: £10}}}]"
NETWORK = "networks: {earned_by: %s, distribution: equal, assent: none}"
ONE = local(ITEMS % "L1")
TWO = local(ITEMS % "L2").model_copy(update={"scheme": "two"})


def write(folder: Path, claims: str) -> None:
    (folder / "p.csv").write_text("practice_code,practice_name,network_code\nA1,One,N1\nA2,Two,N1\n")
    (folder / "c.csv").write_text(f"practice_code,pseudonym,item,quarter\n{claims}")


def run(folder: Path, claims: str, *schemes: Scheme) -> ClaimedRuns:
    write(folder, claims)
    return run_claims(schemes, folder / "p.csv", folder / "c.csv")


def test_each_scheme_pays_its_own_claims(tmp_path: Path) -> None:
    made = run(tmp_path, "A1,p1,L1,2024-Q1\nA1,p1,L2,2024-Q1\nA1,p2,L2,2024-Q3\n", ONE, TWO)
    assert [made.runs[name].practice("A1").pence for name in ("a-scheme", "two")] == [1000, 2000]
    assert made.runs["two"].practice("A2").pence == 0


@pytest.mark.parametrize("earned_by", ["network", "practice"])
def test_a_network_is_paid_what_its_members_claimed(earned_by: str, tmp_path: Path) -> None:
    through = local(ITEMS % "L1", NETWORK % earned_by)
    made = run(tmp_path, "A1,p1,L1,2024-Q1\nA2,p2,L1,2024-Q2\nA2,p3,L1,2024-Q2\n", through, TWO)
    paid = made.runs["a-scheme"]
    assert [paid.practice(code).pence for code in ("N1", "A1", "A2")] == [3000, 1500, 1500]


@pytest.mark.parametrize("item", ["L1", "L2"])
def test_a_network_whose_practices_claim_does_not(item: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"c\.csv:2: N1 is a network, and .* takes the claims of practices"):
        run(tmp_path, f"N1,p1,{item},2024-Q1\n", local(ITEMS % "L1", NETWORK % "network"), TWO)


def test_services_that_share_no_name_are_told(tmp_path: Path) -> None:
    """One is misspelt, one left out: each pair that could pay twice is named, and stays in the manifest."""
    named = [
        local(ITEMS % level, f"claims: {{exclusive: {name}, levels: [{level}]}}").model_copy(update={"scheme": id_})
        for id_, level, name in (("one", "L1", "care"), ("two", "L2", "care"), ("three", "L3", "caer"))
    ]
    claims = "A1,p1,L1,2024-Q1\n"
    assert [run.inputs.warnings for run in run(tmp_path, claims, *named[:2]).runs.values()] == [(), ()]
    made = run(tmp_path, claims, *named)
    why = "share no `exclusive` name: a patient can be paid under both in one quarter."
    assert [one.message for one in made.runs["one"].inputs.warnings] == [
        f"one (exclusive: care) and three (exclusive: caer) {why}"
    ]
    assert len(made.runs["three"].inputs.warnings) == 2
    (told,) = run(tmp_path, claims, ONE, named[1]).runs["two"].inputs.warnings
    assert (told.code, told.message) == (
        "claims.not-exclusive",
        f"a-scheme (without one) and two (exclusive: care) {why}",
    )
    write_claimed_runs(made, tmp_path / "out")
    assert open_run(tmp_path / "out" / "one").inputs.warnings == made.runs["one"].inputs.warnings


def test_a_practice_with_a_claim_that_is_held_is_provisional(tmp_path: Path) -> None:
    """A1 and A2 both claim p1; A1's p2 is claimed twice, which is a refusal; the other scheme is not touched."""
    level = local(ITEMS % "L1", "claims: {levels: [L1], counted: at the quarter's end}")
    claims = "A1,p1,L1,2024-Q1\nA2,p1,L1,2024-Q1\nA1,p2,L1,2024-Q1\nA1,p2,L1,2024-Q1\nA1,p2,L2,2024-Q1\n"
    made = run(tmp_path, claims, level, TWO)
    results = [made.runs["a-scheme"].practice(code) for code in ("A1", "A2")]
    assert [(one.status, one.reason, one.pence) for one in results] == [
        ("provisional", "1 claim is held and 1 refused: claims.csv says which, and why.", 1000),
        ("provisional", "1 claim is held: claims.csv says which, and why.", 0),
    ]
    assert made.runs["two"].practice("A1").status == "final"
    write_claimed_runs(made, tmp_path / "out")
    assert open_run(tmp_path / "out" / "a-scheme").practice("A2").status == "provisional"


def test_a_claim_that_is_held_holds_its_network(tmp_path: Path) -> None:
    terms = f"claims: {{levels: [L1], counted: at the quarter's end}}\n{NETWORK % 'practice'}"
    made = run(tmp_path, "A1,p1,L1,2024-Q1\nA2,p1,L1,2024-Q1\n", local(ITEMS % "L1", terms), TWO)
    found = made.runs["a-scheme"].practice("N1")
    assert (found.status, found.settlement.balance) == ("provisional", None)
    assert "2 claims are held" in found.reason


def test_what_is_held_in_a_later_quarter_holds_no_earlier_one(tmp_path: Path) -> None:
    level = local(ITEMS % "L1", "claims: {levels: [L1], counted: at the quarter's end}")
    write(tmp_path, "A1,p2,L1,2024-Q1\nA1,p1,L1,2024-Q2\nA2,p1,L1,2024-Q2\n")
    made = run_claims([level], tmp_path / "p.csv", tmp_path / "c.csv", period="2024-Q1")
    assert made.runs["a-scheme"].practice("A1").reason == "This is the position on 2024-06-30."


def test_schemes_of_two_years_and_one_named_twice_are_refused(tmp_path: Path) -> None:
    text = TWO.model_copy(update={"year": type(TWO.year)(2025)})
    with pytest.raises(Refused, match=r"a-scheme is of 2024-25 and two is of 2025-26"):
        run(tmp_path, "A1,p1,L1,2024-Q1\n", ONE, text)
    with pytest.raises(Refused, match="a-scheme is named twice"):
        run(tmp_path, "A1,p1,L1,2024-Q1\n", ONE, ONE)
