"""The QOF years of the library beside the published indicator lists and the reference tables of each year."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from remit.scheme import Scheme, load_scheme
from remit.scheme.kinds import Linear, Protected
from remit.scheme.numbers import Number, numbers

YEARS = ("2019-20", "2023-24", "2024-25", "2025-26")
LISTS = "data/qof_indicators"
# What the list types of the publications are called in the library.
AGES = {
    "": "whole",
    "TOTAL": "whole",
    "30_74": "aged 30 to 74",
    **{f"{age}OV": f"aged {int(age)} and over" for age in ("06", "15", "16", "17", "18", "45", "50")},
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def qof(year: str) -> Scheme:
    return load_scheme(f"qof-england-{year}")


def points(scheme: Scheme) -> dict[str, Fraction | None]:
    return {item.item: item.kind.most_earned() for item in scheme.items}


def thresholds(scheme: Scheme) -> dict[str, tuple[str, str]]:
    """Lower and upper in per cent, as the tables write them: empty for what has none."""
    found = {}
    for item in scheme.items:
        line = item.kind if isinstance(item.kind, Linear) and not item.kind.lower.required else None
        found[item.item] = (str(line.lower.known() * 100), str(line.upper.known() * 100)) if line else ("", "")
    return found


@pytest.mark.parametrize(
    ("year", "name", "code", "worth", "count"),
    [
        ("2019-20", "mapping_indicators_2019_2020", "INDICATOR_CODE", "INDICATOR_POINT_VALUE", 68),
        ("2023-24", "mapping_indicators_2023_2024", "INDICATOR_CODE", "INDICATOR_POINT_VALUE", 76),
        ("2023-24", "nhsd_qof2324_INDICATOR_REFERENCE_CONTROL", "INDICATOR_CODE", "INDICATOR_POINT_VALUE", 76),
        ("2025-26", "qof_2025_26_points_thresholds_ninamq", "indicator_code", "points", 44),
    ],
)
def test_codes_and_points_are_the_published_ones(
    shared: Path, year: str, name: str, code: str, worth: str, count: int
) -> None:
    published = rows(shared / LISTS / f"{name}.csv")
    assert len(published) == count
    assert points(qof(year)) == {row[code]: Fraction(row[worth]) for row in published}


def test_the_thresholds_of_2025_26_are_the_published_ones(shared: Path) -> None:
    published = rows(shared / LISTS / "qof_2025_26_points_thresholds_ninamq.csv")
    assert thresholds(qof("2025-26")) == {
        row["indicator_code"]: (row["lower_pct"], row["upper_pct"]) for row in published
    }


def test_the_total_of_2023_24_is_that_of_the_control_file(shared: Path) -> None:
    (control,) = rows(shared / LISTS / "nhsd_qof2324_CONTROL_FILE.csv")
    scheme = qof("2023-24")
    assert (len(scheme.items), scheme.points_available()) == (
        int(control["NUMBER_INDICATORS"]),
        Fraction(control["MAX_POINTS"]),
    )


def test_the_codes_of_2024_25_are_those_that_nhs_england_describes(shared: Path) -> None:
    described = {
        row["Output_ID"]
        for row in rows(shared / LISTS / "pcd_output_descriptions_20241205.csv")
        if row["Service_ID"] == "QOF" and row["Type"] == "O"
    }
    improvement = {item.item for item in qof("2024-25").items if item.domain == "quality_improvement"}
    assert points(qof("2024-25")).keys() - described == improvement


@pytest.mark.parametrize("year", YEARS)
def test_points_and_thresholds_are_those_of_the_reference_table(shared: Path, year: str) -> None:
    table = {row["indicator_id"]: row for row in rows(shared / f"reference/data/indicators_{year}.csv")}
    scheme = qof(year)
    assert points(scheme) == {code: Fraction(row["points"]) for code, row in table.items()}
    historic = {item.item for item in scheme.items if isinstance(item.kind, Protected)}
    assert thresholds(scheme) == {
        code: ("", "") if code in historic else (row["lower_threshold"], row["upper_threshold"])
        for code, row in table.items()
    }


@pytest.mark.parametrize("year", ["2023-24", "2024-25"])
def test_what_is_protected_is_what_the_reference_table_marks(shared: Path, year: str) -> None:
    table = rows(shared / f"reference/data/indicators_{year}.csv")
    found = {item.item for item in qof(year).items if isinstance(item.kind, Protected)}
    assert found == {row["indicator_id"] for row in table if row["income_protected"] == "yes"}


PRINTED_IN_000 = {"2023-24": ("CHOL002",), "2024-25": ("HYP008", "CHOL004")}
"""Thresholds that source 000 prints of QOF in its sections on hypertension and cholesterol."""


def standing_of(year: str, said: str, bound: str) -> str:
    """What the words of the reference table make of a threshold."""
    if said == "not found":
        return "required"
    if said.startswith("lower:"):
        return "inferred" if bound == "lower" else "unverified"
    if "unverified" in said:
        return "unverified"
    if "carried back" in said or "assumed unchanged" in said:
        return "inferred"
    return "verified"


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("bound", ["lower", "upper"])
def test_a_threshold_stands_as_its_row_says(shared: Path, year: str, bound: str) -> None:
    table = {
        row["indicator_id"]: row["threshold_source"] for row in rows(shared / f"reference/data/indicators_{year}.csv")
    }
    found: dict[str, Number] = {n.item: n for n in numbers(qof(year)) if n.path[-2:] == ("linear", bound)}
    assert len(found) == {"2019-20": 45, "2023-24": 51, "2024-25": 44, "2025-26": 44}[year]
    wanted = {code: standing_of(year, table[code], bound) for code in found}
    wanted |= dict.fromkeys(PRINTED_IN_000.get(year, ()), "verified")
    assert {code: "required" if n.required else n.standing for code, n in found.items()} == wanted


@pytest.mark.parametrize("year", YEARS)
def test_the_money_is_that_of_the_parameters(shared: Path, year: str) -> None:
    (row,) = [row for row in rows(shared / "reference/data/parameters.csv") if row["year"] == year]
    scheme = qof(year)
    assert scheme.point is not None
    assert scheme.weights.list is not None
    assert scheme.point.value.known() == Fraction(row["point_value_gbp"])
    assert scheme.weights.list.over.known() == Fraction(row["national_average_list"])
    assert scheme.points_available() == Fraction(row["total_points"])
    assert scheme.terms.paid_in_advance is not None
    assert scheme.terms.advances[0].share.known() == Fraction(row["aspiration_pct"].rstrip("%")) / 100
    per_patient = scheme.point.value.known() / scheme.weights.list.over.known()
    assert round(per_patient, 6) == Fraction(row["value_per_patient_per_point"])


@pytest.mark.parametrize(
    ("year", "name", "kind"),
    [
        ("2019-20", "mapping_indicators_2019_2020", "PATIENT_LIST_TYPE"),
        ("2023-24", "nhsd_qof2324_INDICATOR_REFERENCE_CONTROL", "ALT_PAT_LIST"),
    ],
)
def test_the_lists_of_the_groups_are_those_of_the_publication(shared: Path, year: str, name: str, kind: str) -> None:
    scheme = qof(year)
    published: dict[str, set[str]] = {}
    for row in rows(shared / LISTS / f"{name}.csv"):
        # DM022 alone is published over the whole list in 2019-20, as its own population begins at 40.
        if row["INDICATOR_CODE"] != "DM022":
            published.setdefault(row["GROUP_CODE"], set()).add(row[kind])
    # Cervical screening is weighed over the whole list, and vaccination is not weighed by a register.
    published.pop("CS")
    published.pop("VI", None)
    assert published.keys() <= {group.group for group in scheme.groups}
    assert {group: {scheme.group(group).list} for group in published} == {
        group: {AGES[name] for name in names} for group, names in published.items()
    }


@pytest.mark.parametrize(
    ("year", "name"),
    [("2019-20", "mapping_indicators_2019_2020"), ("2023-24", "mapping_indicators_2023_2024")],
)
def test_an_indicator_is_in_its_published_group(shared: Path, year: str, name: str) -> None:
    scheme = qof(year)
    assert {i.indicator: i.group for i in scheme.indicators} == {
        row["INDICATOR_CODE"]: row["GROUP_CODE"] for row in rows(shared / LISTS / f"{name}.csv")
    }
