"""Kind: a unit that is written in another way, that is missing, or that no rule reads. Spellings of one unit are one; a
value without a unit is read in the unit that is asked for; nothing is converted; and what is not read is told.

The tables have spellings by unit; below them are both engines and importers, import, check, explain and evaluate.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_files.command import remit
from tests.kinds.value_records import (
    BMI,
    CHD,
    DIABETES,
    HBA,
    HYPERTENSION,
    LDL,
    Person,
    counted,
    event,
    explained,
    left_out,
    pressure,
    stored,
)

NOW = "2024-11-01"
READ = {
    "DM020": (
        "mmol/mol", "mmol/mol Hb", "mmol/mol{Hb}", "mmol/mol HbA1c", "mmols/mol", "MMOL/MOL", " mmol / mol ",
        "mmol per mol", "mmol/mol (IFCC)", "mmol/mol{total}", "", "mmol mol\u207b\u00b9", "mmol\u00b7mol\u207b\u00b9",
        "mmol\u2215mol", "millimoles/mole",
    ),
    "CHOL004": (
        "mmol/L", "mmol/l", "mmol/litre", "mmol/liter", "mmols/L", "mmol.L-1", "mmol L-1", "mmol per litre", "",
        "mmol L\u207b\u00b9", "Millimoles/Litre", "mmol.L\u22121", "mmol/\uff2c",
    ),
    "HYP008": (
        "mmHg", "mm[Hg]", "mm/Hg", "mm Hg", "MMHG", "mm Hg.", "millimetre of mercury", "millimetres of mercury",
        "mm of Hg", "mm(Hg)", "\N{FULLWIDTH LATIN SMALL LETTER M}mHg", "",
    ),
}  # fmt: skip
NOT_READ = {
    "DM020": ("%", "mmol/L", "mmol", "mg/dL", "% (DCCT)", "units"),
    "CHOL004": ("mg/dL", "umol/L", "mmol/mol", "g/L"),
    "HYP008": ("kPa", "cmHg", "mm", "psi"),
}
HAVE = {"DM020": DIABETES, "CHOL004": CHD, "HYP008": HYPERTENSION}


def person(indicator: str, unit: str) -> Person:
    if indicator == "HYP008":
        return pressure(NOW, "130", "80", unit)
    return [event(NOW, *((HBA, "50") if indicator == "DM020" else (LDL, "1.9")), unit)]


@pytest.mark.parametrize(("engine", "importer"), [("duckdb", "csv"), ("duckdb", "parquet"), ("reference", "csv")])
@pytest.mark.parametrize("indicator", READ)
def test_a_unit_is_read_however_it_is_written(tmp_path: Path, indicator: str, engine: str, importer: str) -> None:
    units = [*READ[indicator], *NOT_READ[indicator]]
    people = {f"p{n}": person(indicator, unit) for n, unit in enumerate(units)}
    found, _ = counted(tmp_path, people, engine, indicator, [HAVE[indicator]], importer)
    achieved = {units[int(who[1:])] for who, category in found.items() if category == "achieved"}
    assert achieved == {*READ[indicator]}
    cluster = {"DM020": "IFCCHBAM_COD", "CHOL004": "LDLCCHOL_COD", "HYP008": "BPSYS_COD"}[indicator]
    told = [row for row in left_out(tmp_path) if row[1] == cluster]
    assert told == [["A1", cluster, unit, "no rule reads this unit", "1"] for unit in sorted(NOT_READ[indicator])]


def test_what_is_in_a_unit_that_no_rule_reads_is_told_everywhere(tmp_path: Path) -> None:
    said: list[str] = []
    people = {
        "a": [event(NOW, HBA, "50", "mmol/mmol")],
        "b": [event(NOW, HBA, "7.5", "%")],
        "c": pressure(NOW, "17", "10", "kPa"),
    }
    store = stored(tmp_path, people, said=said)
    assert "4 values are in a unit that no rule reads" in said[0]
    assert "1 of IFCCHBAM_COD in mmol/mmol" in said[0]
    checked = " ".join(remit("records", "check", store).out.split())
    assert "Value in a unit that no rule reads 4 in 1 of 1 practices" in checked
    assert "of BPSYS_COD in kPa: 271649006 (1)" in checked
    assert "of IFCCHBAM_COD in %: 999791000000106 (1)" in checked
    why = explained(store, "DM020", "a")
    assert "50 mmol/mmol IFCCHBAM_COD value not read: no rule reads this unit" in why


@pytest.mark.parametrize("engine", ["duckdb", "reference"])
def test_evaluate_tells_how_many_and_which_unit(tmp_path: Path, engine: str) -> None:
    people = {
        "a": [event(NOW, HBA, "50", "mmol/mmol"), event(NOW, HBA, "51", "mmol/mmol")],
        "b": [event(NOW, HBA, "7.5", "%")],
    }
    _, told = counted(tmp_path, people, engine, "DM020")
    what = "3 values are in a unit that no rule reads: 2 of IFCCHBAM_COD in mmol/mmol, 1 of IFCCHBAM_COD in %"
    assert what in told


def test_rules_of_ones_own_may_read_another_unit(tmp_path: Path) -> None:
    """What a rule reads is told by the rules that are given: then a percentage is read, and nothing is told of it."""
    rules = tmp_path / "own.yaml"
    rules.write_text(
        "sources: {own: {title: Own, standing: verified}}\nsource: own\ndefinitions:\n"
        "  - {indicator: OWN-1, title: Own, years: 2024-25, population: DM_REG, status: complete,\n"
        "     fields: {HBA_DAT: latest IFCCHBAM_COD, HBA_VAL: 'lowest value of IFCCHBAM_COD on HBA_DAT in %'},\n"
        "     rules: [{rule: 1, if: HBA_VAL <= 7.5, then: Select, counts: achieved, else: Select}]}\n",
        encoding="utf-8",
    )
    store = stored(tmp_path, {"b": [event(NOW, HBA, "7.5", "per cent")]})
    assert "Value in a unit that no rule reads" in remit("records", "check", store).out
    assert "Value in a unit that no rule reads" not in remit("records", "check", store, "--rules", rules).out
    day = ("--on", "2025-03-31")
    why = remit("explain", "OWN-1", "--records", store, "--patient", "b", *day, "--rules", rules)
    assert "Counted and achieved: HbA1c 7.5 % on" in " ".join(why.out.split())


def test_one_code_in_two_spellings_of_a_unit_is_in_one_unit(tmp_path: Path) -> None:
    people = {"a": [event(NOW, HBA, "50", "mmol/mol"), event(NOW, HBA, "50", "mmol/mol Hb")]}
    checked = remit("records", "check", stored(tmp_path, people)).out
    assert "One code in several units" not in checked


IN_UNITS = {
    "kg/m2": "32", "kg/m\u00b2": "33", "": "34", "kg": "82", "cm": "175", "%": "97", "mmHg": "35", "st": "35",
    "kg/m": "31",
}  # fmt: skip
"""A value under a code of the body mass index, and its unit: on the register of obesity are those of 30 or more."""


@pytest.mark.parametrize("engine", ["duckdb", "reference"])
def test_a_weight_under_the_code_of_a_body_mass_index_is_none(tmp_path: Path, engine: str) -> None:
    """Rules that ask for no unit read what has limits of its own only in the units of these."""
    people = {f"p{n}": [event(NOW, BMI, value, unit)] for n, (unit, value) in enumerate(IN_UNITS.items())}
    counted(tmp_path, people, engine, "DM020")
    assert obese(tmp_path) == 3
    told = {row[2]: row[3] for row in left_out(tmp_path) if row[1] == "BMIVAL_COD"}
    assert told == dict.fromkeys([*IN_UNITS][3:], "no rule reads this unit")
    checked = " ".join(remit("records", "check", tmp_path / "store").out.split())
    assert "Value in a unit that no rule reads 6 in 1 of 1 practices" in checked
    assert "of BMIVAL_COD in kg: demo:BMIVAL_COD-1 (1)" in checked
    why = explained(tmp_path / "store", "OBES_REG", "p3")
    assert "82 kg BMIVAL_COD value not read: no rule reads this unit" in why


@pytest.mark.parametrize("engine", ["duckdb", "reference"])
def test_a_rule_that_asks_for_a_weight_does_not_make_it_an_index_of_another_rule(tmp_path: Path, engine: str) -> None:
    """One run reads the same records in kg and, where no unit is asked for, in kg/m2."""
    rules = tmp_path / "own.yaml"
    rules.write_text(
        "sources: {own: {title: Own, standing: verified}}\nsource: own\ndefinitions:\n"
        "  - {register: OBES_REG, group: OB, title: Own, years: 2024-25, population: registered, status: complete,\n"
        "     fields: {BMI_DAT: latest BMIVAL_COD, KG: 'lowest value of BMIVAL_COD on BMI_DAT in kg',\n"
        "       INDEX: 'lowest value of BMIVAL_COD on BMI_DAT', BMI30_DAT: latest BMIVAL_COD where value >= 30,\n"
        "       MANY: count records of BMIVAL_COD where value >= 30},\n"
        "     rules: [{rule: 1, if: BMI30_DAT <> Null or INDEX >= 30 or MANY > 0 or KG > 100,\n"
        "       then: Select, else: Reject}]}\n",
        encoding="utf-8",
    )
    weights = {"a": "82", "b": "101"}
    people = {who: [event(NOW, BMI, value, "kg")] for who, value in weights.items()} | {"c": [event(NOW, BMI, "31")]}
    store = stored(tmp_path, people)
    how = ("--on", "2025-03-31", "--engine", engine, "--rules", rules, "--out", tmp_path / "counted")
    said = remit("evaluate", "qof-england-2024-25", "--records", store, *how)
    assert said.status == 0, said
    assert obese(tmp_path) == 2
    assert not [row for row in left_out(tmp_path) if row[1] == "BMIVAL_COD"]


def obese(tmp_path: Path) -> int:
    """How many of practice A1 are on the register of obesity."""
    rows = (tmp_path / "counted" / "counts.csv").read_text(encoding="utf-8").splitlines()
    [found] = [row.split(",")[3] for row in rows if row.startswith("A1,OB,REGISTER,")]
    return int(found)
