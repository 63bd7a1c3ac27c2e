"""The chapter "Checked against reality": kept as its recipe makes it, and right by arithmetic apart from the recipe."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.shared.recipes import recipe_of

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "reality"
PAGE = ROOT / "docs" / "explanation" / "checked-against-reality.md"


@pytest.fixture(scope="module")
def recipe() -> Iterator[ModuleType]:
    """The script that `make reality` runs."""
    with recipe_of("reality") as module:
        yield module


@pytest.fixture(scope="module")
def found(recipe: ModuleType, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return recipe.work_out(shared / "data", tmp_path_factory.mktemp("reality"))


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def test_the_page_is_as_the_recipe_makes_it(recipe: ModuleType, found: Any, shared: Path, page: str) -> None:
    assert recipe.chapter(found, shared / "data") == page


def test_the_charts_are_as_the_recipe_makes_them_and_stand_on_the_page(
    recipe: ModuleType, found: Any, page: str
) -> None:
    for name, drawn in recipe.charts(found).items():
        assert (PAGE.parent / "figures" / name).read_text(encoding="utf-8") == drawn
        assert f"(figures/{name})" in page


@pytest.mark.parametrize(("year", "shown"), [("2018-19", "£704.6 million"), ("2019-20", "£715.8 million")])
def test_what_was_paid_is_the_sum_of_the_publication(shared: Path, page: str, year: str, shown: str) -> None:
    table = rows(shared / f"data/payments/nhs_payments_to_general_practice_{year}.csv")
    total = sum(Decimal(row["Total QOF Payments"]) for row in table)
    assert f"£{total / 1_000_000:.1f} million" == shown
    assert f'"Total QOF Payments" {year}' in page
    assert shown in page.replace("\u00a0", " ")


def test_the_published_mean_of_points(shared: Path, page: str) -> None:
    table = list(rows(shared / "data/qof_published/qof_ccg_achievement_2018-19.csv"))
    practices = {row["ccg_code"]: int(row["n_practices"]) for row in table}
    mean = sum(Decimal(row["achievement_score_total"]) for row in table) / sum(practices.values())
    assert f"{mean:.2f}" == "537.73"
    assert "the published mean is 537.73 of 559 points" in page


def test_hf004_cannot_be_60_to_100(shared: Path, page: str) -> None:
    """Every practice at its full 9 points, and the CCG not at 100%: counted in the published table alone."""
    table = rows(shared / "data/qof_published/qof_ccg_achievement_2018-19.csv")
    held = [row for row in table if row["indicator_code"] == "HF004"]
    full = [row for row in held if Fraction(row["achievement_score_total"]) == 9 * int(row["n_practices"])]
    broken = sum(row["numerator"] != row["denominator"] for row in full)
    assert f"| HF004 at 60% to 100% | {broken} of {len(held)} CCGs |" in page
    assert all(Fraction(int(row["numerator"]), int(row["denominator"])) >= Fraction(65, 100) for row in full)


def test_full_points_for_all_bounds_the_estimate(found: Any) -> None:
    """559 points at £179.26 and a CPI of list / 8,096, by hand; a weight of 1 on the mean keeps the nation below it."""
    bound = Decimal("59386096") / 8096 * 559 * Decimal("179.26")
    assert f"{bound / 1_000_000:.1f}" == "735.0"
    assert Decimal("0.9") * bound < Decimal(found.made.total) / 100 < bound


def test_without_the_data_it_says_what_it_lacks(tmp_path: Path) -> None:
    """Run from a copy of the checkout that has nothing beside it."""
    checkout = tmp_path / "main"
    for name in ("reality", "england-2018-19"):
        (checkout / "examples" / name).mkdir(parents=True)
        for file in (ROOT / "examples" / name).iterdir():
            if file.is_file():
                (checkout / "examples" / name / file.name).write_bytes(file.read_bytes())
    command = [sys.executable, str(checkout / "examples/reality/run.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stdout.startswith("This recipe lacks ../shared/data/")
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""
