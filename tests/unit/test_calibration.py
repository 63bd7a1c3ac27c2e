"""`make calibration`, small: the recipe runs, its arithmetic is right, and what it finds is not absurd.

The bounds are wide: a hundred areas give Monte Carlo errors of a point or two. The figures themselves are in the docs.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from math import inf, isnan, sqrt
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks" / "calibration"
PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "calibration.md"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py"))


@pytest.fixture(scope="module")
def recipe() -> Iterator[SimpleNamespace]:
    """The modules of the recipe, by name; afterwards nobody else meets them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        kept = {name: sys.modules.pop(name) for name in NAMES if name in sys.modules}
        modules: dict[str, ModuleType] = {name: importlib.import_module(name) for name in NAMES}
        yield SimpleNamespace(**modules)
        for name in NAMES:
            sys.modules.pop(name, None)
        sys.modules.update(kept)


@pytest.fixture(scope="module")
def found(recipe: SimpleNamespace) -> Any:
    return recipe.run.simulated(20, workers=1)


def test_every_claim_is_tried_and_none_is_absurd(recipe: SimpleNamespace, found: Any) -> None:
    """Within ten points of what is stated over twenty areas, or on the side that the claim allows."""
    for claim in recipe.checks.CLAIMS:
        one = recipe.run.tallies(found, claim)["all"]
        assert one.trials
        assert not isnan(one.error)
        gap = one.true - one.stated
        assert claim.bound == "at most" or gap > -0.1, claim
        assert claim.bound == "at least" or gap < 0.1 + 3 * one.error, claim


def test_an_area_is_the_same_each_time(recipe: SimpleNamespace) -> None:
    shape = recipe.areas.SHAPES[0]
    one, two = (recipe.areas.area(shape, 7, 1) for _ in range(2))
    assert (one.over == two.over).all()
    assert (one.again == two.again).all()
    other = recipe.areas.area(shape, 8, 1)
    assert (one.over != other.over).any()


def test_the_figures_do_not_depend_on_workers(recipe: SimpleNamespace) -> None:
    assert recipe.run.simulated(5, workers=1) == [recipe.run.of_area(n) for n in range(5)]


def test_the_error_of_a_difference_by_hand(recipe: SimpleNamespace) -> None:
    """Two areas of 10: 9 and 7 hits, both stated 8. No difference over all; residuals +1 and -1 of 10 trials each."""
    made = recipe.tally.tally([recipe.tally.Outcome("x", 9, 8, 10), recipe.tally.Outcome("x", 7, 8, 10)])
    assert (made.stated, made.true) == (0.8, 0.8)
    assert made.error == pytest.approx(sqrt((1 + 1) / 1 / 2) / 10)
    assert made.apart == 0


@pytest.mark.parametrize(
    ("true", "bound", "verdict"),
    [
        (0.90, "equal", "as stated"),
        (0.881, "equal", "as stated"),
        (0.875, "equal", "below, within 3 errors"),
        (0.925, "equal", "above, within 3 errors"),
        (0.80, "equal", "**below**"),
        (0.95, "equal", "**above**"),
        (0.80, "at most", "as stated"),
        (0.95, "at most", "**above**"),
        (0.95, "at least", "as stated"),
        (0.80, "at least", "**below**"),
    ],
)
def test_what_a_line_is_called(recipe: SimpleNamespace, true: float, bound: str, verdict: str) -> None:
    """90% stated with a Monte Carlo error of one point."""
    assert recipe.tally.Tally(1000, 10, 0.9, true, 0.01).verdict(bound) == verdict


def test_true_reliability_by_hand(recipe: SimpleNamespace) -> None:
    """One Beta: n / (n + alpha + beta), as it is expected; none where all rates are the same."""
    shape = recipe.areas.Shape("x", 0.7, 30.0, 100)
    assert recipe.estimates.true_reliability(shape, 70) == pytest.approx(0.7)
    assert recipe.estimates.true_reliability(recipe.areas.Shape("x", 0.7, inf, 100), 70) == 0.0


def test_true_reliability_of_two_kinds_is_that_of_the_draws(recipe: SimpleNamespace) -> None:
    """Two years' rates of practices of one size go together as reliability says: correlation over many practices."""
    shape = recipe.areas.Shape("x", 0.8, 100.0, 100, spread=0.0, beside=0.6)
    area = recipe.areas.area(shape, 0, 1, practices=40_000)
    together = np.corrcoef(area.over / area.under, area.again / area.under)[0, 1]
    size = float(np.median(area.under))
    assert together == pytest.approx(recipe.estimates.true_reliability(shape, size), abs=0.01)


def test_the_page_has_a_line_for_every_claim(recipe: SimpleNamespace, found: Any) -> None:
    made, kept = recipe.run.page(found), PAGE.read_text(encoding="utf-8")
    for claim in recipe.checks.CLAIMS:
        assert f"| **{claim.words}** |" in made
        assert f"| **{claim.words}** |" in kept
    assert "on 1,000 simulated areas" in kept
