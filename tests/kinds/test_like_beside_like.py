"""Kind: unlike things set side by side. A quarter is compared with the same quarter, a year with a year, people with
people, and nothing else with anything.
"""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

from tests.bad_files.command import assert_refused, remit
from tests.spec.run import local

from remit.core.dates import Period, SchemeYear
from remit.core.figures import THE_YEAR, FigureKey, FigurePeriod, Figures, Quarter
from remit.scoring.monitoring import watched

ITEMS = "items: [{item: A, title: A, pays: {fixed: {pays: £1, for: it}}}]"
INDICATORS = (
    "AF006, AF007, AST002, AST003, BP002, CHD002, CHD005, CHD007, COPD002, COPD003, CS002, DEM004, DM002, DM004, "
    "DM007, DM012, DM014, HF003, HF004, HYP006, MH002, MH003, SMOK002, STIA003, STIA007"
)
LD = {"2017-Q1": 41, "2017-Q2": 42, "2017-Q3": 43, "2017-Q4": 45, "2018-Q1": 40, "2018-Q2": 42, "2018-Q3": 46}
DEM = {"2017-Q1": (10, 80), "2017-Q2": (20, 80), "2017-Q3": (40, 80), "2018-Q1": (12, 80), "2018-Q2": (16, 80),
       "2018-Q3": (44, 80)}  # fmt: skip
OF_2018 = SchemeYear(2018)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def run(scheme: str, counts: str, folder: Path, *more: str) -> list[dict[str, str]]:
    (folder / "practices.csv").write_text("practice_code,practice_name,list_size,network_code\nA1,A,10000,N1\n")
    (folder / "counts.csv").write_text("practice_code,indicator_code,measure,value,period\n" + counts)
    said = remit(
        "run", scheme, "--practices", folder / "practices.csv", "--counts", folder / "counts.csv", "--out",
        folder / "out", *more,
    )  # fmt: skip
    assert said.status == 0, said.err
    return [row for row in rows(folder / "out" / "monitoring.csv") if row["practice_code"] == "A1"]


def somerset(ld: dict[str, int], dem: dict[str, tuple[int, int]]) -> str:
    lines = [f"A1,LD004,REGISTER,{value},{period}\n" for period, value in ld.items()]
    for period, (numerator, denominator) in dem.items():
        lines.append(f"A1,DEM004,NUMERATOR,{numerator},{period}\nA1,DEM004,DENOMINATOR,{denominator},{period}\n")
    return "".join(lines) + "A1,*,PREVALENCE_INDEX,1,\nA1,*,LIST_INDEX,1,\nA1,BLOCK,HISTORIC_POUNDS,50000,2012-13\n"


def test_somerset_sets_each_quarter_beside_the_same_quarter(tmp_path: Path) -> None:
    """DEM004 by quarter: 12/80 against 10/80, 16/80 against 20/80, 44/80 against 40/80; nothing yet of the fourth."""
    found = run("spqs-somerset-2018-19", somerset(LD, DEM), tmp_path)
    told = [(r["period"], r["achievement"], r["before"], r["change"]) for r in found if r["indicator_code"] == "DEM004"]
    assert told == [
        ("2018-19-Q1", "15", "12.5", "2.5"),
        ("2018-19-Q2", "20", "25", "-5"),
        ("2018-19-Q3", "55", "50", "5"),
        ("2018-19-Q4", "", "", ""),
    ]


def test_somersets_learning_disability_is_a_number_of_people_and_no_rate(tmp_path: Path) -> None:
    """40 people where there were 41, 42 and 42, 46 and 43; the fourth quarter of this year is not known."""
    found = [r for r in run("spqs-somerset-2018-19", somerset(LD, DEM), tmp_path) if r["indicator_code"] == "LD004"]
    assert [(r["people"], r["people_before"], r["people_change"]) for r in found] == [
        ("40", "41", "-1"), ("42", "42", "0"), ("46", "43", "3"), ("", "45", ""),
    ]  # fmt: skip
    assert {(r["achievement"], r["before"], r["change"]) for r in found} == {("", "", "")}
    assert found[3]["reason"] == "Supply REGISTER of 2018-19-Q4 for LD004."
    said = " ".join(remit("statement", tmp_path / "out", "--practice", "A1").out.split())
    assert "40 people 41 people −1 people" in said
    assert "46 people 43 people +3 people" in said


def test_a_position_within_the_year_has_the_quarters_that_have_come(tmp_path: Path) -> None:
    found = run("spqs-somerset-2018-19", somerset(LD, DEM), tmp_path, "--period", "2018-Q2")
    assert [r["period"] for r in found if r["indicator_code"] == "DEM004"] == ["2018-19-Q1", "2018-19-Q2"]


def test_a_quarter_is_not_set_beside_a_whole_year(tmp_path: Path) -> None:
    """The year before is given as a whole only: the quarter of it is asked for."""
    counts = somerset({"2018-Q1": 40, "2017-18": 45}, {"2018-Q1": (12, 80), "2017-18": (60, 80)})
    for row in run("spqs-somerset-2018-19", counts, tmp_path, "--period", "2018-Q1"):
        assert (row["before"], row["people_before"], row["change"], row["people_change"]) == ("", "", "", "")
        assert "of 2017-18-Q1" in row["reason"]


def test_a_year_is_set_beside_a_year(tmp_path: Path) -> None:
    counts = somerset({"2018-19": 40, "2017-18": 45}, {"2018-19": (60, 80), "2017-18": (50, 80)})
    found = {row["indicator_code"]: row for row in run("spqs-somerset-2018-19", counts, tmp_path)}
    assert (found["LD004"]["people"], found["LD004"]["people_change"], found["LD004"]["period"]) == ("40", "-5", "")
    assert (found["DEM004"]["achievement"], found["DEM004"]["change"]) == ("75", "12.5")


def test_tower_hamlets_watches_a_quarterly_series(tmp_path: Path) -> None:
    counts = "".join(
        f"A1,AF006,{measure},{value},2017-Q{n}\n"
        for n, done in ((1, 40), (2, 60), (3, 90))
        for measure, value in (("NUMERATOR", done), ("DENOMINATOR", 100))
    )
    year = str(SchemeYear(2017))
    more = (
        "--set",
        "how_shared=equal",
        "--set",
        f"monitoring.indicators={INDICATORS}",
        "--set",
        "LOCAL-QOF.year=2016-17",
    )
    found = run("local-qof-tower-hamlets", counts, tmp_path, *more)
    told = [(r["period"], r["achievement"]) for r in found if r["indicator_code"] == "AF006"]
    assert told == [(f"{year}-Q1", "40"), (f"{year}-Q2", "60"), (f"{year}-Q3", "90"), (f"{year}-Q4", "")]
    assert [r["reason"] for r in found if r["indicator_code"] == "AF007"] == [
        f"Supply NUMERATOR and DENOMINATOR of each quarter, such as {year}-Q4, for AF007."
    ]


def figures(period: FigurePeriod, numerator: int) -> Figures:
    """So many of 100."""
    return {FigureKey("NUMERATOR", period): numerator, FigureKey("DENOMINATOR", period): 100}


def test_a_yearly_scheme_sets_no_position_within_the_year_beside_a_whole_year() -> None:
    """Buckinghamshire's kind: at the end of December 30 of 100, and 80 of 100 in the whole of 2016-17."""
    scheme = local(ITEMS, "monitoring: {indicators: [CHD005], against: 2016-17, tolerance: 5%}")
    held = figures(THE_YEAR, 30) | figures(SchemeYear(2016), 80)
    (found,) = watched(scheme, {"CHD005": held}, Period.parse(f"{scheme.year.begins}-Q3"))
    assert (found.now, found.before, found.change, found.within) == (Fraction(3, 10), None, None, None)
    assert "is not set beside the whole of 2016-17" in found.reason
    (whole,) = watched(scheme, {"CHD005": held})
    assert (whole.change, whole.within) == (Fraction(-1, 2), False)


def test_the_tolerance_is_of_a_quarter_beside_a_quarter() -> None:
    text = "monitoring: {indicators: [CHD005], against: 2016-17, tolerance: 5%, every: quarter}"
    scheme = local(ITEMS, text)
    now, before = Quarter(scheme.year, 1), Quarter(SchemeYear(2016), 1)
    first, *rest = watched(scheme, {"CHD005": figures(now, 20) | figures(before, 26)})
    assert (first.period, first.change, first.within) == (now, Fraction(-6, 100), False)
    assert [one.within for one in rest] == [None] * 3


def test_people_that_are_not_watched_are_refused(tmp_path: Path) -> None:
    text = "monitoring: {indicators: [LD004, DEM004], people: [LD003]}"
    path = tmp_path / "scheme.yaml"
    path.write_text(LOCAL + text + "\n", encoding="utf-8")
    assert_refused(remit("show", path), "LD003 is not among the indicators that are watched.", "LD004")


LOCAL = """
scheme: local
version: "1"
title: A local scheme
commissioner: Exampleshire ICB
year: 2018-19
achievement_date: 2019-03-31
sources: {contract: {title: The contract, standing: verified}}
source: contract
terms: {balance: {due: 2019-06-30}}
items:
  - {item: A, title: A, pays: {fixed: {pays: £1, for: it}}}
"""


def test_a_template_asks_for_the_quarters_that_are_watched(tmp_path: Path) -> None:
    said = remit("template", "spqs-somerset-2018-19", "--optional", "--out", tmp_path / "t")
    assert said.status == 0, said.err
    asked = {(r["indicator_code"], r["measure"], r["period"]) for r in rows(tmp_path / "t" / "counts.csv")}
    quarters = [f"{year}-Q{n}" for year in ("2018-19", "2017-18") for n in (1, 2, 3, 4)]
    assert {("LD004", "REGISTER", quarter) for quarter in quarters} <= asked
    assert {("DEM004", measure, q) for measure in ("NUMERATOR", "DENOMINATOR") for q in quarters} <= asked
