"""Published worked examples, each run through Remit under the rounding that its source used, to the figure it prints.

`reference/schemes.md` section 14 says which are usable: not W16 and W30; W12 and W13 with the right figure; W02, W03,
W06, W20, W21 and W29 are approximate in their source, and carry a tolerance here. W23 and W24 are steps with a line,
and W25 to W28 sums of points; they have tests of their own.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import pytest

import remit
from remit.core.problems import Refused
from remit.core.rounding import exact_text
from remit.pricing.award import Award
from remit.scheme import Scheme
from remit.scheme.kinds import Linear, StepThenLinear
from remit.scheme.loader import build
from remit.scheme.source import parse_source

SCHEME = """
scheme: worked-example
version: "1"
title: A published example
commissioner: as published
year: 2018-19
achievement_date: 2019-03-31
sources: {{page: {{title: the page, standing: verified}}}}
source: page
point: {{value: "£{value}"}}
weights:
  list: {{list: {{column: list_size, called: list, at: 2019-01-01}}, over: {average}, over_at: 2018-01-01}}
  prevalence: {{basis: group, at: 2019-03-31, national: {{G: "{national}%"}}}}
rounding:
  list: "{list}"
  prevalence: "{prevalence}"
  pounds_per_point: "{pounds_per_point}"
  pounds: "2 places, half up"
terms:
  paid_in_advance:
    {{share: 70%, of: previous achievement or agreed points, instalments: 12, due: last day of each month}}
  balance: {{due: 2019-06-30}}
  recovery: {{months: 6, notified: 2019-06-30}}
  changes: {{joiner: full year, leaver: full year, merger: successor}}
groups: [{{group: G, title: a group, list: whole}}]
indicators: [{{indicator: X1, title: an example, type: declared, group: G}}]
items: [{{item: X1, indicator: X1, measure: declared, weights: [{weights}], pays: {{boolean: {{points: {points}}}}}}}]
"""
TWO = "2 places, half up"


@dataclass(frozen=True)
class Example:
    """What an example is told (in the source's terms), the rounding of its source, and the figures that it prints."""

    code: str
    points: str = "1"
    value: str = "1000"
    list_size: int = 1
    average: str = "1"
    practice: str = ""
    national: str = "1"
    rounding: dict[str, str] = field(default_factory=dict)
    pounds: str = ""
    printed: str = ""
    within: Fraction = Fraction(0)


EXAMPLES = [
    Example("W01", "74", "201.16", 9103, "9103", pounds="14885.84"),
    Example("W02", "74", "201.16", 4550, "9103", pounds="7440.47", printed="7443", within=Fraction(5)),
    Example("W03", "74", "201.16", 18200, "9103", pounds="29761.87", printed="29800", within=Fraction(50)),
    Example("W06", "29", "201.16", 16000, "9085", "3.05", "2.03", {"list": TWO, "prevalence": TWO},
            "15400.81", "15400", Fraction(1)),
    Example("W07", "44", "201.16", 10000, "9085", "0.53", "0.7", {"list": TWO}, "7371.65"),
    Example("W07", "1", "201.16", 10000, "9085", "0.53", "0.7", {"list": TWO}, "167.54"),
    Example("W08", "44", "194.83", 10000, "8799", "0.53", "0.78", {}, "6619.98"),
    Example("W08", "1", "194.83", 10000, "8799", "0.53", "0.78", {}, "150.45"),
    Example("W09", "44", "194.83", 10000, "8799", "0.72", "0.78", {}, "8993.18"),
    Example("W09", "1", "194.83", 10000, "8799", "0.72", "0.78", {}, "204.39"),
    Example("W10", "29", "207.56", 16000, "9374", "3.05", "2.1", {"list": TWO, "prevalence": TWO}, "14924.71"),
    Example("W12", "100", "1000", 12650, "8096", rounding={"list": TWO}, pounds="156000.00"),
    Example("W13", "100", "1000", 15326, "9962", rounding={"list": TWO}, pounds="154000.00"),
    Example("W14", "1", "165.18", 9500, "7460", pounds="210.35"),
    Example("W15", "1", "165.18", 10000, "7460", pounds="221.42"),
    Example("W17", "26", "227.02", 10000, "10000", "0.3", "0.5", {"pounds_per_point": TWO}, "3541.46"),
    Example("W17", "1", "227.02", 10000, "10000", "0.3", "0.5", {"pounds_per_point": TWO}, "136.21"),
    Example("W18", "20", "227.02", 10000, "10000", "0.7", "0.5", {"pounds_per_point": TWO}, "6356.60"),
    Example("W18", "1", "227.02", 10000, "10000", "0.7", "0.5", {"pounds_per_point": TWO}, "317.83"),
    Example("W19", "564", "225.49", pounds="127176.36"),
    Example("W20", "559", "187.74", 9000, "8479", pounds="111395.20", printed="111395", within=Fraction(1, 2)),
    Example("W21", "567", "194.83", 9000, "8799", pounds="112992.10", printed="112992", within=Fraction(1, 2)),
    Example("W22", "20", "124.60", pounds="2492.00", printed="2492"),
    Example("W29", "158", "225.49", pounds="35627.42", printed="35000", within=Fraction(700)),
]  # fmt: skip


@pytest.fixture(scope="module")
def published(shared: Path) -> dict[str, dict[str, str]]:
    with (shared / "reference/data/worked_examples.csv").open(encoding="utf-8", newline="") as file:
        return {row["example_id"]: row for row in csv.DictReader(file)}


def scheme_of(example: Example) -> Scheme:
    steps = {name: example.rounding.get(name, "none") for name in ("list", "prevalence", "pounds_per_point")}
    weights = "list, prevalence" if example.practice else "list"
    told = {"points": example.points, "value": example.value, "average": example.average, "national": example.national}
    return build(parse_source(SCHEME.format(weights=weights, **told, **steps), example.code))


def award(example: Example, folder: Path) -> Award:
    """The one award of a practice whose figures are the example's; a prevalence of 3.05% is 305 of 10,000."""
    (folder / "practices.csv").write_text(f"practice_code,practice_name,list_size\nA1,A1,{example.list_size}\n")
    rows = ["practice_code,indicator_code,measure,value", "A1,X1,DECLARED,1"]
    if example.practice:
        rows += [f"A1,G,REGISTER,{Fraction(example.practice) * 100}", "A1,G,LIST_SIZE,10000"]
    (folder / "counts.csv").write_text("\n".join(rows) + "\n")
    made = remit.run(scheme_of(example), folder / "practices.csv", folder / "counts.csv")
    (only,) = made.practice("A1").awards
    return only


def given(row: dict[str, str]) -> dict[str, str]:
    return dict(part.split("=") for part in row["inputs"].split(";") if "=" in part)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.code} {e.pounds}")
def test_a_published_example_comes_to_its_printed_figure(
    example: Example, published: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    row = published[example.code]
    inputs = given(row)
    told = {"list": str(example.list_size), "avg_list": example.average, "point_value": example.value}
    for name in told.keys() & inputs.keys():
        assert inputs[name] == told[name], f"the table's {name}"
    printed = example.printed or example.pounds
    assert printed in row["expected_output"]
    pence = award(example, tmp_path).pence
    assert pence is not None
    assert exact_text(Fraction(pence, 100), 2) == example.pounds
    assert abs(Fraction(pence, 100) - Fraction(printed)) <= example.within


@pytest.mark.parametrize(
    ("code", "list_size", "average", "printed"),
    [("W04", 16000, "9085", "1.76"), ("W11", 16000, "9639", "1.66"), ("W12", 12650, "8096", "1.56"),
     ("W13", 15326, "9962", "1.54")],
)  # fmt: skip
def test_a_list_index_is_rounded_as_its_source_prints_it(
    code: str, list_size: int, average: str, printed: str, published: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    assert printed in published[code]["expected_output"]
    (factor,) = award(Example(code, list_size=list_size, average=average, rounding={"list": TWO}), tmp_path).factors
    assert factor.rounded == Fraction(printed)


def test_a_prevalence_factor_is_rounded_as_its_source_prints_it(
    published: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    assert published["W05"]["expected_output"] == "1.50"
    example = Example("W05", practice="3.05", national="2.03", rounding={"prevalence": TWO})
    assert award(example, tmp_path).factors[1].rounded == Fraction("1.50")


@pytest.mark.parametrize(
    ("example", "other"),
    [
        (Example("W06", "29", "201.16", 16000, "9085", "3.05", "2.03"), "15436.13"),
        (Example("W10", "29", "207.56", 16000, "9374", "3.05", "2.1"), "14921.66"),
    ],
    ids=["W06", "W10"],
)
def test_without_rounding_the_same_example_is_another_figure(
    example: Example, other: str, published: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    assert other in published[example.code]["note_on_rounding_or_quality"]
    assert award(example, tmp_path).pence == Fraction(other) * 100


@pytest.mark.parametrize(("value", "average"), [("165.18", "7460"), ("171.20", "7732")])
def test_w31_the_value_of_a_point_for_one_patient_is_frozen(
    value: str, average: str, published: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    assert f"{value}@{average}" in published["W31"]["inputs"].replace(" ", "")
    pence = award(Example("W31", value=value, average=average, list_size=1_000_000), tmp_path).pence
    assert pence is not None
    assert round(Fraction(pence, 100) / 1_000_000, 6) == Fraction("0.022142")


@pytest.mark.parametrize(("code", "rate"), [("W23", "90%"), ("W24", "95%")])
def test_vi001_of_2021_22_steps_at_its_lower_threshold(
    code: str, rate: str, published: dict[str, dict[str, str]]
) -> None:
    """Both examples describe one indicator: 3 points at 90%, and a line to 18 at 95%."""
    kind = StepThenLinear.model_validate({"points": "18", "points_at_lower": "3", "lower": "90%", "upper": "95%"})
    row = published[code]
    assert f"achievement={rate}" in row["inputs"]
    assert kind.earned(Fraction(rate.rstrip("%")) / 100) == Fraction(row["recomputed"])
    assert kind.earned(Fraction("0.8999")) == 0
    assert kind.earned(Fraction("0.91")) == 6


def test_derived_threshold_vectors(shared: Path) -> None:
    with (shared / "reference/data/derived_threshold_vectors.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 40
    unlike = []
    for row in rows:
        line = {"points": row["max_points"], "lower": f"{row['lower']}%", "upper": f"{row['upper']}%"}
        points = Linear.model_validate(line).earned(Fraction(row["achievement_pct"]) / 100)
        if exact_text(points, 6, most=6) != row["points_unrounded"]:
            unlike.append((row, exact_text(points, 6, most=6)))
    assert unlike == []


def scheme_with_points(points: list[tuple[str, str]], total: str) -> Scheme:
    """A scheme of declared items of these points, whose file states the total. Refused where they do not add up."""
    head, _, _ = SCHEME.format(
        value=1, average=1, national=1, weights="", points=1, list="none", prevalence="none", pounds_per_point="none"
    ).partition("indicators:")
    lines = [
        f"totals: {{points: {total}}}",
        "indicators: [{indicator: X1, title: an example, type: declared, group: G}]",
        "items:",
    ]
    for code, worth in points:
        lines.append(f"  - {{item: {code}, indicator: X1, measure: declared, pays: {{boolean: {{points: {worth}}}}}}}")
    return build(parse_source("\n".join([head, *lines]), "points"))


def test_w25_to_w28_points_add_up(shared: Path, published: dict[str, dict[str, str]]) -> None:
    indicators = {}
    for year in ("2024-25", "2025-26"):
        with (shared / f"reference/data/indicators_{year}.csv").open(encoding="utf-8", newline="") as file:
            indicators[year] = {row["indicator_id"]: row for row in csv.DictReader(file)}
    points = {year: [(code, row["points"]) for code, row in rows.items()] for year, rows in indicators.items()}
    assert published["W27"]["expected_output"] == "564"
    assert scheme_with_points(points["2025-26"], "564").points_available() == 564 == 635 - 212 + 141
    assert scheme_with_points(points["2024-25"], "635").points_available() == 635
    unweighted = ("BP002", "VI001", "VI002", "VI003", "VI004", "CS005", "CS006", "SMOK004")
    assert "102" in published["W25"]["expected_output"]
    assert scheme_with_points([p for p in points["2025-26"] if p[0] in unweighted], "102").points_available() == 102
    protected = [p for p in points["2024-25"] if indicators["2024-25"][p[0]]["income_protected"] == "yes"]
    assert len(protected) == 32
    assert "212" in published["W26"]["expected_output"]
    assert scheme_with_points(protected, "212").points_available() == 212
    assert published["W28"]["expected_output"] == "567"
    basis = [("achieved", "139"), ("in-full", "74"), ("protected", "354")]
    assert scheme_with_points(basis, "567").points_available() == 567
    with pytest.raises(Refused, match="add up to 567, not 568"):
        scheme_with_points(basis, "568")


def test_every_usable_example_is_tested(published: dict[str, dict[str, str]]) -> None:
    elsewhere = {"W04", "W05", "W11", "W23", "W24", "W25", "W26", "W27", "W28", "W31"}
    assert {e.code for e in EXAMPLES} | elsewhere == set(published) - {"W16", "W30"}
