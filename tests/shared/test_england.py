"""The all-England example beside the published results by CCG, and beside hand arithmetic for two practices."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest
from tests.shared.recipes import recipe_of

import remit


@pytest.fixture(scope="module")
def example() -> Iterator[ModuleType]:
    """The script `make england` runs."""
    with recipe_of("england-2018-19") as module:
        yield module


@pytest.fixture(scope="module")
def run(example: ModuleType, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> remit.Run:
    """Two practices of Barnet and Stockton, beside the registers and lists of all England."""
    folder = tmp_path_factory.mktemp("england")
    example.write_inputs(example.read(shared / "data"), folder)
    return remit.run(
        example.SCHEME,
        folder / "practices.csv",
        folder / "counts.csv",
        national=folder / "national.csv",
        only_practices=["E83027", "A81001"],
    )


def test_practices_and_ccgs_add_up_to_the_same_nation(example: ModuleType, shared: Path, run: remit.Run) -> None:
    published = example.ccg_sums(shared / "data")
    used = {group: (n.register, n.list_size) for group, n in run.inputs.national.items()}
    assert used == published
    assert len(used) == 21
    # The rows of qof_ccg_prevalence_2018-19.csv, added up group by group apart from this code.
    assert used["AF"] == (1_174_959, 59_386_096)
    assert used["DM"] == (3_319_266, 47_886_072)


def test_every_practice_of_the_publication_is_there(run: remit.Run) -> None:
    assert len(run.inputs.practices) == 6873
    assert sum(practice.list_size or 0 for practice in run.inputs.practices.values()) == 59_386_096


@pytest.mark.parametrize(
    ("code", "cpi", "apdf", "pence"),
    [
        # 7,794 / 8,096; (135 / 7,794) / 1.97851%; 5 x £179.26 x 0.962698 x 0.875458
        ("E83027", "0.962698", "0.875458", {"AF001": 755_40, "DM017": 969_85}),
        # 4,117 / 8,096; (107 / 4,117) / 1.97851%; 5 x £179.26 x 0.508523 x 1.313606
        ("A81001", "0.508523", "1.313606", {"AF001": 598_73, "DM017": 668_82}),
    ],
)
def test_two_practices_by_hand(run: remit.Run, code: str, cpi: str, apdf: str, pence: dict[str, int]) -> None:
    awards = {award.item.item: award for award in run.practice(code).awards}
    factors = {factor.name: factor.value for factor in awards["AF001"].factors}
    for name, typed in (("list", cpi), ("prevalence", apdf)):
        value = factors[name]
        assert value is not None
        assert abs(value - Fraction(typed)) < Fraction(1, 1_000_000)
    assert {item: awards[item].pence for item in pence} == pence


def test_what_is_not_published_has_no_pounds(run: remit.Run) -> None:
    awards = {award.item.item: award for award in run.practice("E83027").awards}
    assert awards["CON001"].pence is None
    assert "REGISTER" in awards["CON001"].reason
    assert awards["PC001"].pence == 517_72  # 3 x £179.26 x 7,794 / 8,096: no prevalence


def test_a_register_above_its_list_earns_points_and_waits_for_pounds(
    example: ModuleType, shared: Path, tmp_path: Path
) -> None:
    wrong = example.write_inputs(example.read(shared / "data"), tmp_path)
    assert wrong == ["LD of Y05750: a register of 141 on a list of 136"]
    run = remit.run(
        example.SCHEME,
        tmp_path / "practices.csv",
        tmp_path / "counts.csv",
        national=tmp_path / "national.csv",
        only_practices=["Y05750"],
        only_indicators=["LD004"],
    )
    (award,) = run.practice("Y05750").awards
    assert award.earned == 4
    assert award.pence is None
    assert "a register of 141 and a list of 136 do not fit" in award.reason
