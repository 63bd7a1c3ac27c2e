"""Two who do the same with money at the same moment: one of them does it, and the other reads in a sentence what has
become of it. Two workers at one job do it once.

The processes are real, each with a connection of its own.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.service.running import HERE, of_ordinary_role
from tests.service.year_end import BEFORE_JUNE, PAID

SENTENCES = {
    "declares": (
        "Declaration 1 of 31 March 2025 waits for approval. Take it back first if you want to declare other figures."
    ),
    "approves": (
        "A declaration is approved by tier 1 once, after it is declared. Approver, tier 1 of First area was the last "
        "to act on it; it is now awaiting finance."
    ),
    "agrees": "Only a plan that is proposed can be agreed.",
    "adjusts": "This adjustment is approved. Correct it with another adjustment.",
    "begins": "Payment run 2 for June 2025 is still open: release it or cancel it before another is prepared.",
    "releases": "This run is released: what it paid is corrected in the next run.",
    "closes_month": ("These books are closed and are not opened again. Enter a correction in the next open month."),
    "closes_year": ("These books are closed and are not opened again. Enter a correction in the next open month."),
}
PAID_WITH_ADJUSTMENT = {"A1": PAID["A1"] + 1_200, "A2": PAID["A2"]}

TRIED = """
import json
from pathlib import Path
from tests.service import money_at_once
print(json.dumps(money_at_once.tried(Path({folder!r}))))
"""


@pytest.mark.usefixtures("service_role")
def test_of_two_at_the_same_moment_one_wins(tmp_path: Path) -> None:
    with of_ordinary_role(tmp_path, HERE) as place:
        found = json.loads(place.python(TRIED.format(folder=str(tmp_path / "in"))))
    for name, words in SENTENCES.items():
        assert found[name] == ["done", words], name
    assert found["prepares"] == ["prepare", "finish"]
    words, ended = found["releases_and_cancels"]
    assert (words, ended["runs"][1][1]) in (
        (["done", "This run is released: what it paid is corrected in the next run."], "released"),
        (["done", "This run was cancelled. Prepare a new one."], "cancelled"),
    )
    words, ended = found["releases_and_agrees"]
    state, plans = ended["runs"][1][1], ended["plans"]
    changed = "What this run rests on has changed since it was prepared: "
    assert words[0] == "done"
    if state == "prepared":  # the plan was agreed before: June takes nothing yet
        assert words[1] == f"{changed}recovery of A2 is gone. Cancel it and prepare it anew."
        assert (plans, ended["paid"]) == (["replaced", "agreed"], BEFORE_JUNE)
    else:
        assert (state, ended["paid"]) == ("released", PAID_WITH_ADJUSTMENT)
        assert (words[1], plans[0]) in (("done", "ended"), ("Another plan has taken the place of this one.", "ended"))
    outcome = found["outcome"]
    assert outcome["paid"] == PAID_WITH_ADJUSTMENT
    assert outcome["accounts"] == {
        "cash": -2_561_200, "paid in advance": 0, "scheme cost": 2_561_200, "owed to practices": 0,
    }  # fmt: skip
    assert [run[:4] for run in outcome["runs"]] == [[1, "released", 2, 2_520_000], [2, "released", 3, 41_200]]
    assert outcome["closing"] == ["close"]
    once = ("adjustment.approved", "recovery.agreed", "books.closed", "books.year-closed")
    assert {name: outcome["entries"][name] for name in once} == dict.fromkeys(once, 1)
    twice = ("declaration.declared", "run.prepared", "run.released")  # of A2, and in March, too
    assert {name: outcome["entries"][name] for name in twice} == dict.fromkeys(twice, 2)
