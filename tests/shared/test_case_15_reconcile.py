"""Case 15: their file has fractions in place of per cent, or pence in place of pounds, or [REDACTED] in a cell."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from tests.bad_files.command import remit as command

import remit
from remit.reconciliation.rows import Reconciliation


@pytest.fixture
def case(shared: Path) -> Path:
    return shared / "cases" / "15-reconcile-another-scale"


def reconciled(case: Path, name: str) -> Reconciliation:
    run = remit.run("qif-2024-25", case / "practices.csv", case / "counts.csv")
    return remit.reconcile(run, case / f"theirs-{name}.csv")


@pytest.mark.parametrize(
    ("name", "quantity", "words", "ours"),
    [
        ("fractions", "achievement", "ours divided by 100: fractions in place of per cent", [73, 55, 39]),
        ("pence", "pounds", "ours times 100: pence in place of pounds", [2500, 2500, 1300]),
    ],
)
def test_the_report_names_the_scale(case: Path, name: str, quantity: str, words: str, ours: list[int]) -> None:
    """73 of 100 pay 25p, 55 of 100 25p and 41 of 100 13p on 10,000 heads; theirs is a hundredth, or a hundred times."""
    found = reconciled(case, name)
    assert found.classes == {"another scale": 3}
    assert sorted(Fraction(row.ours or 0) for row in found.rows) == sorted(map(Fraction, ours))
    assert all((row.quantity, words in row.causes[0].text) == (quantity, True) for row in found.rows)


def test_redacted_is_a_figure_held_back(case: Path) -> None:
    found = reconciled(case, "redacted")
    assert [(row.indicator, row.status, row.mark) for row in found.rows] == [
        ("3", "within", ""), ("4", "not compared", "[REDACTED]"),
    ]  # fmt: skip
    assert found.agrees


def test_the_command_says_so(case: Path, tmp_path: Path) -> None:
    files = ("--practices", case / "practices.csv", "--counts", case / "counts.csv")
    command("run", "qif-2024-25", *files, "--out", tmp_path / "run")
    said = command("reconcile", tmp_path / "run", case / "theirs-pence.csv")
    assert said.status == 3
    assert "pence in place of pounds" in " ".join(said.out.split())
    assert "unexplained" not in said.out
    assert command("reconcile", tmp_path / "run", case / "theirs-redacted.csv").status == 0
