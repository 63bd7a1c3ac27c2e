"""Schemes on one file of claims: whose claim is whose, and what a network of practices that claim is paid."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.spec.run import local

from remit.core.problems import Refused
from remit.runs.together import Together, run_claims
from remit.scheme import Scheme

ITEMS = "items: [{item: %s, title: A level, pays: {activity: {tariff: £10}}}]"
NETWORK = "networks: {earned_by: %s, distribution: equal, assent: none}"
ONE = local(ITEMS % "L1")
TWO = local(ITEMS % "L2").model_copy(update={"scheme": "two"})


def run(folder: Path, claims: str, *schemes: Scheme) -> Together:
    (folder / "p.csv").write_text("practice_code,practice_name,network_code\nA1,One,N1\nA2,Two,N1\n")
    (folder / "c.csv").write_text(f"practice_code,pseudonym,item,quarter\n{claims}")
    return run_claims(schemes, folder / "p.csv", folder / "c.csv")


def test_each_scheme_pays_its_own_claims(tmp_path: Path) -> None:
    made = run(tmp_path, "A1,p1,L1,2024-Q1\nA1,p1,L2,2024-Q1\nA1,p2,L2,2024-Q3\n", ONE, TWO)
    assert [made.runs[name].practice("A1").pennies for name in ("a-scheme", "two")] == [1000, 2000]
    assert made.runs["two"].practice("A2").pennies == 0


@pytest.mark.parametrize("earned_by", ["network", "practice"])
def test_a_network_is_paid_what_its_members_claimed(earned_by: str, tmp_path: Path) -> None:
    through = local(ITEMS % "L1", NETWORK % earned_by)
    made = run(tmp_path, "A1,p1,L1,2024-Q1\nA2,p2,L1,2024-Q2\nA2,p3,L1,2024-Q2\n", through, TWO)
    paid = made.runs["a-scheme"]
    assert [paid.practice(code).pennies for code in ("N1", "A1", "A2")] == [3000, 1500, 1500]


@pytest.mark.parametrize("item", ["L1", "L2"])
def test_a_network_whose_practices_claim_does_not(item: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"c\.csv:2: N1 is a network, and .* takes the claims of practices"):
        run(tmp_path, f"N1,p1,{item},2024-Q1\n", local(ITEMS % "L1", NETWORK % "network"), TWO)


def test_schemes_of_two_years_and_one_named_twice_are_refused(tmp_path: Path) -> None:
    text = TWO.model_copy(update={"year": type(TWO.year)(2025)})
    with pytest.raises(Refused, match=r"a-scheme is of 2024-25 and two is of 2025-26"):
        run(tmp_path, "A1,p1,L1,2024-Q1\n", ONE, text)
    with pytest.raises(Refused, match="a-scheme is named twice"):
        run(tmp_path, "A1,p1,L1,2024-Q1\n", ONE, ONE)
