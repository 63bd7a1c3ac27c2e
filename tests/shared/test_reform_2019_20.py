"""The chapter of the reform of 2019-20: kept as its recipe makes it, and right by arithmetic apart from the recipe."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.shared.recipes import recipe_of

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "reform-2019-20"
PAGE = ROOT / "docs" / "explanation" / "reform-2019-20.md"
EARLIER, LATER = (f"qof_published/qof_ccg_achievement_{year}.csv" for year in ("2018-19", "2019-20"))


@pytest.fixture(scope="module")
def recipe() -> Iterator[ModuleType]:
    """The script that `make reform` runs."""
    with recipe_of("reform-2019-20") as module:
        yield module


@pytest.fixture(scope="module")
def found(recipe: ModuleType, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return recipe.work_out(shared / "data", tmp_path_factory.mktemp("reform"))


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_page_is_as_the_recipe_makes_it(recipe: ModuleType, found: Any, page: str) -> None:
    assert recipe.chapter(found) == page


def test_the_charts_are_as_the_recipe_makes_them_and_stand_on_the_page(
    recipe: ModuleType, found: Any, page: str
) -> None:
    for name, drawn in recipe.pictures(found).items():
        assert (PAGE.parent / "figures" / name).read_text(encoding="utf-8") == drawn
        assert f"(figures/{name})" in page


WATCHED = """
import json, sys
opened = []
sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event == "open" else None)
sys.path.insert(0, sys.argv[1])
import predict
from pathlib import Path
prediction = predict.predict(Path(sys.argv[2]))
print(json.dumps([opened, sorted(f"{ccg} {code} {value!r}" for (ccg, code), value in prediction.by_practices.items())]))
"""


def watched(file: Path) -> tuple[list[Path], list[str]]:
    """Predict in a process of its own: the files that it opened, and what it predicted."""
    command = [sys.executable, "-c", WATCHED, str(FOLDER), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    opened, predicted = json.loads(done.stdout)
    return [Path(name) for name in opened], predicted


def test_the_prediction_opens_one_file_of_the_data(shared: Path) -> None:
    """Every `open` of the process is watched: beside Python, its packages and the code there is one file."""
    file = shared / "data" / EARLIER
    opened, _ = watched(file)
    data = {path.resolve() for path in opened if path.is_absolute() and path.suffix in (".csv", ".parquet", ".xlsx")}
    assert file.resolve() in data
    assert {path for path in data if not path.is_relative_to(ROOT / "src")} == {file.resolve()}
    assert not [path for path in opened if "2019-20.csv" in path.name or "2019_2020" in path.name]


def test_the_prediction_is_the_same_with_nothing_else_there(shared: Path, tmp_path: Path, found: Any) -> None:
    alone = tmp_path / "alone.csv"
    alone.write_bytes((shared / "data" / EARLIER).read_bytes())
    _, predicted = watched(alone)
    kept = found.prediction.by_practices
    assert predicted == sorted(f"{ccg} {code} {value!r}" for (ccg, code), value in kept.items())


def test_what_was_retired_and_new_is_as_announced(shared: Path, page: str) -> None:
    """28 indicators of 175 points, 15 of 101 and quality improvement of 74 (gponline 1524369), counted in the files."""
    before, after = (
        {row["indicator_code"]: int(row["max_points"]) for row in rows(shared / "data" / name)}
        for name in (EARLIER, LATER)
    )
    retired = [code for code in before if code not in after]
    new = [code for code in after if code not in before]
    improvement = [code for code in new if code.startswith("QI")]
    assert (len(retired), sum(before[code] for code in retired)) == (28, 175)
    assert (len(new) - len(improvement), sum(after[code] for code in new if code not in improvement)) == (15, 101)
    assert sum(after[code] for code in improvement) == 74
    assert "28 indicators worth 175 points were retired, 15 new ones worth 101 were added" in page
    assert all(before[code] == after[code] for code in before if code in after)


def test_a_ccg_that_did_not_merge_by_hand(shared: Path, page: str, found: Any) -> None:
    """Dudley: the points that its file gives, added up apart from the recipe."""
    files = [rows(shared / "data" / name) for name in (EARLIER, LATER)]
    retained = {row["indicator_code"] for row in files[0]} & {row["indicator_code"] for row in files[1]}
    means = []
    for table in files:
        own = [row for row in table if row["ccg_code"] == "05C" and row["indicator_code"] in retained]
        means.append(sum(Fraction(row["achievement_score_total"]) for row in own) / int(own[0]["n_practices"]))
    assert f"{float(means[1]):.2f}" == "285.19"
    assert "| Dudley (05C) | 286.60 |" in page
    assert "| 285.19 |" in page


def test_nothing_changes_is_off_by_what_the_files_say(shared: Path, found: Any) -> None:
    """AF001 over the CCGs whose code stayed and that got no practice from elsewhere: mean absolute error by hand."""
    files = [
        {row["ccg_code"]: row for row in rows(shared / "data" / name) if row["indicator_code"] == "AF001"}
        for name in (EARLIER, LATER)
    ]
    alone = [ccg for ccg in files[1] if set(found.where.parts[ccg]) == {ccg}]
    assert len(alone) > 80
    for ccg in alone:
        each = [Fraction(file[ccg]["achievement_score_total"]) / int(file[ccg]["n_practices"]) for file in files]
        same = found.compared.ways["nothing changes"][ccg, "AF001"]
        assert same == pytest.approx(float(each[0]))
        assert found.compared.came[ccg, "AF001"] == pytest.approx(float(each[1]))


def test_drawn_in_never_passes_the_mean(found: Any) -> None:
    """A share is drawn towards one middle: the prediction keeps the order of CCGs of one size, and never overshoots."""
    for code in found.compared.retained:
        held = [(key, row) for key, row in found.prediction.rows.items() if key[1] == code]
        moved = [
            (found.prediction.by_practices[key] - float(row.share * row.most), float(row.share)) for key, row in held
        ]
        risen = [share for change, share in moved if change > 1e-9]
        fallen = [share for change, share in moved if change < -1e-9]
        assert not risen or not fallen or max(risen) <= min(fallen)


def test_the_pounds_of_a_register_by_hand(shared: Path, found: Any) -> None:
    """Barnet's AF001: 5 points x £179.26 x list / 8,096 x (prevalence / national prevalence), all practices full."""
    table = [r for r in rows(shared / "data/qof_published/qof_ccg_prevalence_2018-19.csv") if r["group_code"] == "AF"]
    own = next(row for row in table if row["ccg_code"] == "07M")
    nation = [sum(int(row[name]) for row in table) for name in ("register", "list_size")]
    weight = Fraction(int(own["register"]), int(own["list_size"])) / Fraction(*nation)
    pence = 5 * 17926 * Fraction(int(own["list_size"]), 8096) * weight
    assert found.prediction.rows["07M", "AF001"].share == 1
    # The scheme rounds its two factors to six decimals and a point to the penny.
    assert found.money[0].pence["07M", "AF001"] == pytest.approx(float(pence), abs=5)


def test_the_estimate_of_all_pounds_is_near_what_was_paid(found: Any) -> None:
    """£704.6 million and £715.8 million were paid in cash in the two years (checked-against-reality)."""
    for money, paid in zip(found.money, (704.6, 715.8), strict=True):
        assert sum(money.pence.values()) / 1e8 == pytest.approx(paid, rel=0.01)


def test_made_up_practices_are_called_so(page: str) -> None:
    second = page.split("## 2024-25 to 2025-26")[1]
    assert second.startswith(", on made-up practices")
    assert "do not exist" in second


def test_without_the_data_it_says_what_it_lacks(tmp_path: Path) -> None:
    """Run from a copy of the checkout that has nothing beside it."""
    home = tmp_path / "main" / "examples" / "reform-2019-20"
    home.mkdir(parents=True)
    for file in FOLDER.iterdir():
        if file.is_file():
            (home / file.name).write_bytes(file.read_bytes())
    done = subprocess.run([sys.executable, str(home / "run.py")], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stdout.startswith("This recipe lacks ../shared/data/")
    assert done.stderr == ""
