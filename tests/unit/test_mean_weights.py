"""A list whose mean weight is not 1 is explained: a register over a part of the list, paid by the whole of it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import CliRunner

import remit
from remit.cli.main import app
from remit.runs.mean_weights import mean_weights

PRACTICES = "practice_code,practice_name,list_size\nA1,One,1000\nB2,Two,1000\n"
# Of 500 people of 50 and over 50 are on A1's register (10%), of 100 in B2 two (2%): 52 of 600 in the nation.
COUNTS = """practice_code,indicator_code,measure,value
A1,OST,REGISTER,50
A1,OST,LIST_SIZE,500
B2,OST,REGISTER,2
B2,OST,LIST_SIZE,100
A1,AF,REGISTER,30
B2,AF,REGISTER,10
"""


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    (tmp_path / "practices.csv").write_text(PRACTICES)
    (tmp_path / "counts.csv").write_text(COUNTS)
    return tmp_path


def test_the_mean_by_whole_lists_is_worked_out(inputs: Path) -> None:
    """(1000 x 10% + 1000 x 2%) / 2000 = 6%, over 52 / 600: 9/13. AF, over the whole list, has exactly 1."""
    run = remit.run("qof-england-2018-19", inputs / "practices.csv", inputs / "counts.csv", national="from-run")
    [(group, people, mean)] = mean_weights(run.standings)
    assert (group, people) == ("OST", "aged 50 and over")
    assert abs(mean - Fraction(9, 13)) < Fraction(1, 10**9)


def test_a_list_whose_mean_weight_is_not_1_is_explained(inputs: Path) -> None:
    given = ["--practices", inputs / "practices.csv", "--counts", inputs / "counts.csv", "--out", inputs / "out"]
    said = CliRunner().invoke(app, ["run", "qof-england-2018-19", *map(str, given), "--national", "from-run"])
    text = " ".join(said.stdout.split())
    assert "The mean weight (APDF) over these practices is 0.692 for OST (aged 50 and over), and not 1" in text
    assert "below 1, practices with more such people have the higher prevalence among them" in text


def test_by_the_whole_list_and_beside_another_nation_nothing_is_said(inputs: Path) -> None:
    files = inputs / "practices.csv", inputs / "counts.csv"
    whole = remit.run("qof-england-2018-19", *files, national="from-run", settings={"prevalence_list": "registered"})
    assert not list(mean_weights(whole.standings))
    nation = inputs / "national.csv"
    nation.write_text("group_code,register,list_size\nOST,1000,20000\n")
    assert not list(mean_weights(remit.run("qof-england-2018-19", *files, national=nation).standings))
