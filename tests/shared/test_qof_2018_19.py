"""QOF England 2018-19 of the library beside the published results, and a whole year at full points."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest

import remit
from remit.scheme import Scheme
from remit.scheme.kinds import Linear


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return remit.load_scheme("qof-england-2018-19")


def test_points_are_those_of_the_published_results(shared: Path, scheme: Scheme) -> None:
    with (shared / "data/qof_published/qof_ccg_achievement_2018-19.csv").open(encoding="utf-8", newline="") as file:
        published = {(row["indicator_code"], row["max_points"]) for row in csv.DictReader(file)}
    assert len(published) == 77
    assert {(code, Fraction(points)) for code, points in published} == {
        (item.item, item.kind.most_earned()) for item in scheme.items
    }


def test_thresholds_are_those_of_the_reference_table(shared: Path, scheme: Scheme) -> None:
    with (shared / "reference/data/indicators_2018-19.csv").open(encoding="utf-8", newline="") as file:
        table = {row["indicator_id"]: (row["lower_threshold"], row["upper_threshold"]) for row in csv.DictReader(file)}
    found = {}
    for item in scheme.items:
        kind = item.kind
        line = (kind.lower.known() * 100, kind.upper.known() * 100) if isinstance(kind, Linear) else ("", "")
        found[item.item] = tuple(map(str, line))
    assert found == table


@pytest.fixture(scope="module")
def at_full_points(scheme: Scheme, tmp_path_factory: pytest.TempPathFactory) -> remit.Run:
    """One practice of 8,096 patients whose registers and lists are the nation's, with everything achieved."""
    folder = tmp_path_factory.mktemp("full")
    counts = ["practice_code,indicator_code,measure,value", "A1,*,HISTORIC_POUNDS,90000"]
    national = ["group_code,register,list_size"]
    for n, group in enumerate(scheme.groups, 101):
        counts += [f"A1,{group.group},REGISTER,{n}", f"A1,{group.group},LIST_SIZE,{8096 - n}"]
        national.append(f"{group.group},{n * 7000},{(8096 - n) * 7000}")
    for item in scheme.items:
        if item.measure == "achievement":
            counts += [f"A1,{item.item},NUMERATOR,{n}" for n in (77,)] + [f"A1,{item.item},DENOMINATOR,77"]
        elif item.measure == "declared":
            counts.append(f"A1,{item.item},DECLARED,1")
    for name, lines in (("counts", counts), ("national", national)):
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "practices.csv").write_text("practice_code,practice_name,list_size\nA1,Average,8096\n", encoding="utf-8")
    return remit.run(
        "qof-england-2018-19", folder / "practices.csv", folder / "counts.csv", national=folder / "national.csv"
    )


def test_full_points_pay_the_average_practice_100206_34(at_full_points: remit.Run) -> None:
    result = at_full_points.practice("A1")
    assert sum(award.earned or 0 for award in result.awards) == 559
    assert result.pence == 10_020_634
    assert result.pence_at_one == 10_020_634


def test_its_balance_is_what_was_not_advanced(at_full_points: remit.Run) -> None:
    """70% of 90,000 uprated by 179.26 / 171.20 is 65,966.00 (65,966.0047); 34,240.34 is left."""
    result = at_full_points.practice("A1")
    assert result.status == "final"
    assert (result.settlement.advance, result.settlement.balance) == (6_596_600, 3_424_034)
