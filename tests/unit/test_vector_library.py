"""Every scheme of the library: made-up practices and draws, each cell the exact evaluator's, and few worked exactly."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.deck.inputs import schemes
from tests.generative.vector_held import drawn_figures, held
from tests.kinds.library_statements import run_of

import remit

DRAWS = 12


def compared(scheme: str, seed: int, unknown: bool) -> Counter[str]:
    run: remit.Run = run_of(scheme)
    seen: Counter[str] = Counter()
    for plan in run.plans.values():
        codes = [code for code in run.codes if run.standings.plan(code) is plan]
        standings = [run.standing(code) for code in codes]
        seen += held(plan, standings, drawn_figures(standings, DRAWS, seed, 0.5, unknown), DRAWS)
    return seen


@pytest.mark.parametrize("scheme", schemes())
def test_every_cell_is_the_exact_evaluators(scheme: str) -> None:
    seen = compared(scheme, 1, unknown=False) + compared(scheme, 2, unknown=True)
    assert seen["cells"]
    assert seen["priced exactly"] <= seen["with a form"] / 50
