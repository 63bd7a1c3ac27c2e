"""The vector evaluator is the exact one, penny by penny: whatever the scheme, the practices and the draws.

What floats can decide is left to them: of a kind with a vector form, half of the cells at most goes to the exact
evaluator, though these schemes round as no scheme does, down to whole pounds.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.generative.made import KINDS, Made, inputs, local_inputs, local_schemes
from tests.generative.vector_held import drawn_figures, held
from tests.profiles import examples

import remit
from remit.scheme.pays import PAYS

DRAWS = 3
POINTS = ("linear", "boolean", "step_then_linear")
BESIDE = {"pot": POINTS, "blend": (*POINTS, "steps"), "income_protection": (*POINTS, "steps")}
"""What a kind rests on."""
WITHOUT_FORM = {
    "activity",
    "change_over",
    "own_target",
    "gateway",
    "higher_of",
    "historic",
    "pooled",
    "quality_improvement",
    "shared_savings",
}
"""Kinds of amounts and declarations of their own; `fixed` has a form on a target."""


def test_every_kind_has_a_generator() -> None:
    assert set(KINDS) == set(PAYS)


def compared(made: Made, seed: int, share: float = 0.6, unknown: bool = True) -> Counter[str]:
    with tempfile.TemporaryDirectory() as folder:
        run = remit.run(made.scheme, **made.write(Path(folder)))  # type: ignore[arg-type]
    plan = next(iter(run.plans.values()))
    codes = [code for code in run.codes if code in run.inputs.assigned]
    standings = [run.standings.of(code) for code in codes]
    figures = drawn_figures(standings, DRAWS, seed, share, unknown)
    return held(plan, standings, figures, DRAWS, drawn_figures(standings, DRAWS, seed + 1, 1 - share, unknown))


@given(inputs(), st.integers(0, 2**32))
@examples(2)
def test_schemes_by_rate(made: Made, seed: int) -> None:
    compared(made, seed)


@given(
    st.one_of(local_inputs(), local_inputs(merged=True), local_inputs(local_schemes(networks=True))),
    st.integers(0, 2**32),
)
@examples(2)
def test_local_schemes(made: Made, seed: int) -> None:
    compared(made, seed)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind(kind: str) -> None:
    seen: Counter[str] = Counter()
    kinds = (kind, *BESIDE.get(kind, ()))

    @given(local_inputs(local_schemes(kinds=kinds)), st.integers(0, 2**32))
    @examples(1 / 4)
    def run(made: Made, seed: int) -> None:
        seen.update(compared(made, seed))

    run()
    assert seen[kind] or kind == "required"
    if kind not in WITHOUT_FORM:
        assert seen["with a form"]
        assert seen["priced exactly"] <= seen["with a form"] / 2
