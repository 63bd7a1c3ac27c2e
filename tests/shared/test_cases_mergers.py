"""Case 01 of ../shared/cases: two practices of 10,000 that merge, as its README says what is right."""

from __future__ import annotations

from pathlib import Path

import pytest

import remit
from remit.core.problems import Refused

RULES = {"mergers": "successor", "joiners": "days", "leavers": "days", "chol004_from": "2024-12-05"}
"""The case's own, and which indicator item 5 is counted on: while that is open, nothing is final."""
CASE = Path("cases") / "01-merger-part-of-year"


def pounds(shared: Path, practices: str) -> dict[str, tuple[str, int | None]]:
    folder = shared / CASE
    run = remit.run("qif-2024-25", folder / practices, folder / "counts.csv", settings=RULES)
    return {result.practice.code: (result.status, result.pence) for result in run.results()}


@pytest.mark.parametrize("practices", ["practices-0-absorbed.csv", "practices-1-new-code.csv"])
def test_the_pair_is_paid_161p_for_20_000_whoever_carries_on(shared: Path, practices: str) -> None:
    found = pounds(shared, practices)
    assert found.pop("A1") == ("final", 32_200_00)
    assert set(found.values()) == {("merged", 0)}


@pytest.mark.parametrize(
    ("practices", "words"),
    [
        ("practices-2-new-code-own-list.csv", "are these people on both lists"),
        ("practices-4-closed-before.csv", "which had left on 2024-06-30"),
    ],
)
def test_what_is_due_is_asked(shared: Path, practices: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        pounds(shared, practices)
