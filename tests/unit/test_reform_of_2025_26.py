"""QOF 2025-26 as a reform file of 2024-25: the points that were announced, and what the library's scheme pays."""

from __future__ import annotations

import csv
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import remit
from remit.files.tables import write_table

FOLDER = Path(__file__).parents[2] / "examples" / "reform-2019-20"
RENAMED = {"DM033": "DM036", "DM022": "DM034", "DM023": "DM035", "AST011": "AST012"}
COUNTS = ("practice_code", "indicator_code", "measure", "value")


@pytest.fixture(scope="module")
def recipe() -> Iterator[ModuleType]:
    """How the chapter makes its practices up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        sys.modules.pop("made_up", None)
        yield importlib.import_module("made_up")
        sys.modules.pop("made_up", None)


def points(scheme: object) -> dict[str, int]:
    return {item.item: int(item.kind.most_earned() or 0) for item in scheme.items}  # type: ignore[attr-defined]


def test_the_points_are_those_announced(recipe: ModuleType) -> None:
    """32 indicators with 212 points retired; nine with 81 points have 222: 141 of the 212 (qof-rules.md, 2025-26)."""
    before, after = (points(remit.load_scheme(one)) for one in (recipe.BASE, recipe.REFORM))
    retired = [code for code in before if code not in after]
    moved = [code for code in after if after[code] != before[code]]
    assert (len(retired), sum(before[code] for code in retired)) == (32, 212)
    assert (len(moved), sum(before[code] for code in moved), sum(after[code] for code in moved)) == (9, 81, 222)
    assert (sum(before.values()), sum(after.values())) == (635, 564)


def test_each_item_pays_as_in_the_librarys_2025_26(recipe: ModuleType) -> None:
    reform, library = remit.load_scheme(recipe.REFORM), remit.load_scheme("qof-england-2025-26")
    ours = {RENAMED.get(item.item, item.item): item.kind.words() for item in reform.items}
    assert ours == {item.item: item.kind.words() for item in library.items}


def test_a_practice_is_paid_as_by_the_librarys_2025_26(recipe: ModuleType, tmp_path: Path) -> None:
    """The same counts under new codes: a point's worth per patient is the same to 4 of a million (0.0221417 and -6)."""
    made = recipe.made_up(tmp_path, 0.0, practices=12)
    library = remit.load_scheme("qof-england-2025-26")
    groups, known = {one.group for one in library.groups}, {item.item for item in library.items}
    for name, columns in (("counts", COUNTS), ("national", ("group_code", "register", "list_size"))):
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))[1:]
        place = 1 if name == "counts" else 0
        renamed = [[RENAMED.get(cell, cell) if n == place else cell for n, cell in enumerate(row)] for row in rows]
        kept = [row for row in renamed if row[place] in groups | known]
        write_table(tmp_path / f"later-{name}.csv", columns, kept)
    files = tmp_path / "practices.csv", tmp_path / "later-counts.csv"
    run = remit.run(library, *files, national=tmp_path / "later-national.csv")
    for one in made:
        awards = run.practice(one.code).awards
        pence = sum((award.pence if award.pence is not None else award.pence_at_one) or 0 for award in awards)
        assert one.after == pytest.approx(pence, rel=2e-5)
        assert one.after < one.before


def test_simulate_says_the_same_to_the_penny(recipe: ModuleType, tmp_path: Path) -> None:
    """Two ways to the same change: two runs one after the other, and `remit simulate` on the first."""
    made = recipe.made_up(tmp_path, 0.0, practices=12)
    outcome = recipe.simulated(tmp_path, draws=40)
    assert {unit.code: unit.difference for unit in outcome.units} == {one.code: one.change for one in made}
    whole = outcome.everybody.chance
    assert whole.low <= sum(one.change for one in made) <= whole.high
