"""What chance makes of a practice's part of its network's money: each draw's pool shared out by the network's rule."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.unit.test_simulate import run as run  # three practices, A1 and A3 in N1, A2 in N2

from remit.analysis.simulation.draws import Draws
from remit.analysis.simulation.shares import UNKNOWN
from remit.application.simulate import Request, evaluate
from remit.application.simulate_reforms import SourceFiles, reforms_of
from remit.comparison.before_after import Sides
from remit.core.figures import NUMERATOR
from remit.pricing.vector import Column
from remit.runs import open_run

TO_NETWORKS = """
reform: to-networks
title: Paid to networks
of: qif-2024-25
change:
  networks: {earned_by: WHO, distribution: RULE, assent: none}
  levels: [practice, network]
"""


def reform(folder: Path, who: str, rule: str) -> Path:
    path = folder / "networks.yaml"
    path.write_text(TO_NETWORKS.replace("WHO", who).replace("RULE", rule), encoding="utf-8")
    return path


@pytest.mark.parametrize("rule", ["list", "equal", "weighted list", "contribution"])
@pytest.mark.parametrize("who", ["practice", "network"])
def test_on_the_years_own_counts_each_members_part_is_the_exact_one(
    run: Path, tmp_path: Path, who: str, rule: str
) -> None:
    base = open_run(run)
    [one] = reforms_of(base, (reform(tmp_path, who, rule),), SourceFiles(), tmp_path)
    draws = Draws(base, [one.run.after], 1, 3, [()])
    if (who, rule) == ("network", "contribution"):
        assert draws.shared == frozenset(), "shares by patients counted are not drawn"
        assert any("How networks share out money is not drawn for N1, N2" in text for text in draws.not_drawn)
        return
    [block] = draws.blocks
    counts = {
        (subject, NUMERATOR): Column(np.broadcast_to(of.numerators, (3, 3))) for subject, of in draws.counts[0].items()
    }
    [found] = draws.differences(block, [counts, counts])
    sides = Sides(base, one.run.after)
    for code in sides.codes():
        sides.add(code)
    exact = {unit.code: unit.difference for unit in sides.units}
    columns = draws.columns_of[block.number]
    assert [unit.code for unit in columns] == ["N1", "N2", "A1", "A3", "A2"]
    for n, unit in enumerate(columns[2:], 2):
        assert set(found[:, n]) == {exact[unit.code]}, unit.code


def test_members_and_groups_that_split_a_network_have_intervals(run: Path, tmp_path: Path) -> None:
    """By lists A1 has 5/6 of N1's money: A1 and A3 together are the network, draw by draw, so that the ends of what A1
    and A3 would get lie around N1's."""
    request = Request(run, (reform(tmp_path, "practice", "list"),), about=run.parent / "about.csv", draws=60)
    [outcome] = evaluate(request).simulation.reforms
    assert {"A1", "A2", "A3", "N1", "N2"} <= set(outcome.chance)
    of = {(line.group.dimension, line.group.key): line.chance for line in outcome.groups}
    for group in (("network", "N1"), ("list size", "0"), ("rurality", "urban"), ("deprivation", "1")):
        assert of[group] is not None, group
    assert of["network", "N1"] == outcome.chance["N1"]
    assert of["list size", "0"] == outcome.chance["A3"]
    assert (outcome.chance["N1"].low, outcome.chance["N1"].high) == (0, 0), "what they earn is shared out, and no more"
    assert outcome.chance["A3"].low < outcome.chance["A3"].high


def test_a_pool_that_is_blocked_is_shared_out_in_no_draw(run: Path, tmp_path: Path) -> None:
    path = reform(tmp_path, "practice", "list")
    path.write_text(path.read_text(encoding="utf-8").replace("assent: none", "assent: every member"), encoding="utf-8")
    base = open_run(run)
    [one] = reforms_of(base, (path,), SourceFiles(), tmp_path)
    draws = Draws(base, [one.run.after], 1, 40, [()])
    [block] = draws.blocks
    [found] = draws.work(block)
    assert (found[:, 2:] == UNKNOWN).all()
    [outcome] = evaluate(Request(run, (path,), draws=40)).simulation.reforms
    assert set(outcome.chance) == {"N1", "N2"}
    assert outcome.groups[0].chance is None
