"""Kind: a value that nobody had. A test coded without a result comes out of some systems as the number 0; others write
-1 or 999, or a percentage as mmol/mol. It achieves nothing, in every spelling of its unit and without one; a later
empty test and a later impossible one are alike; a true 0 stays; and each place says how many there are.

The table has records by what they are of; below it are check, import, explain, both engines, and what is not touched.
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

NOW, BEFORE = "2024-12-01", "2024-11-01"
NONE_OF_HBA = ("0", "-1", "7.5", "9.4", "14", "19.9", "221", "999", "0.0")
OF_HBA: dict[str, Person] = {
    **{f"hba-{value}": [event(NOW, HBA, value)] for value in NONE_OF_HBA},
    **{
        f"hba-7.5-in-{unit}": [event(NOW, HBA, "7.5", unit)]
        for unit in ("mmol/mol Hb", "MMOL/MOL", "mmols/mol", "mmol/mol{Hb}", "millimoles per mole", "")
    },
    "hba-70-then-0": [event(BEFORE, HBA, "70"), event(NOW, HBA, "0")],
    "hba-70-then-empty": [event(BEFORE, HBA, "70"), event(NOW, HBA, "")],
    "hba-50-then-0": [event(BEFORE, HBA, "50"), event(NOW, HBA, "0")],
    "hba-50-then-empty": [event(BEFORE, HBA, "50"), event(NOW, HBA, "")],
    "hba-70-and-0": [event(NOW, HBA, "70"), event(NOW, HBA, "0")],
    "hba-50-and-0": [event(NOW, HBA, "50"), event(NOW, HBA, "0")],
    "hba-20": [event(NOW, HBA, "20")],
    "hba-50": [event(NOW, HBA, "50")],
    "hba-50-without-unit": [event(NOW, HBA, "50", "")],
}
OF_LDL: dict[str, Person] = {
    **{f"ldl-{value}": [event(NOW, LDL, value)] for value in ("0", "-1", "0.00", "999")},
    "ldl-0-in-mmol/l": [event(NOW, LDL, "0", "mmol/l")],
    "ldl-0-in-mmol/litre": [event(NOW, LDL, "0", "mmol/litre")],
    "ldl-0-without-unit": [event(NOW, LDL, "0", "")],
    "ldl-empty": [event(NOW, LDL, "")],
    "ldl-1.9": [event(NOW, LDL, "1.9")],
    "ldl-0.3": [event(NOW, LDL, "0.3")],
}
OF_BP: dict[str, Person] = {
    **{
        f"bp-{systolic}-{diastolic}": pressure(NOW, systolic, diastolic)
        for systolic, diastolic in (("0", "0"), ("-1", "-1"), ("13", "8"), ("17.3", "10.6"), ("130", "0"), ("0", "80"))
    },
    **{
        f"bp-13-8-in-{unit}": pressure(NOW, "13", "8", unit)
        for unit in ("mm[Hg]", "MMHG", "mm Hg", "mm/Hg", "millimetres of mercury", "")
    },
    "bp-160-then-0": [*pressure(BEFORE, "160", "100"), *pressure(NOW, "0", "0", reading="b")],
    "bp-160-then-empty": [*pressure(BEFORE, "160", "100"), *pressure(NOW, "", "", reading="b")],
    "bp-130-then-0": [*pressure(BEFORE, "130", "80"), *pressure(NOW, "0", "0", reading="b")],
    "bp-130-then-empty": [*pressure(BEFORE, "130", "80"), *pressure(NOW, "", "", reading="b")],
    "bp-130-80": pressure(NOW, "130", "80"),
    "bp-130-80-without-unit": pressure(NOW, "130", "80", ""),
}
ACHIEVED = {
    "DM020": {"hba-50-and-0", "hba-20", "hba-50", "hba-50-without-unit"},
    "CHOL004": {"ldl-1.9", "ldl-0.3"},
    # A reading is whole or none: an earlier whole one stands, after an empty and after an impossible one.
    "HYP008": {"bp-130-then-0", "bp-130-then-empty", "bp-130-80", "bp-130-80-without-unit"},
}
PEOPLE = {"DM020": OF_HBA, "CHOL004": OF_LDL, "HYP008": OF_BP}
HAVE = {"DM020": DIABETES, "CHOL004": CHD, "HYP008": HYPERTENSION}


@pytest.mark.parametrize("importer", ["csv", "parquet"])
@pytest.mark.parametrize("engine", ["duckdb", "reference"])
@pytest.mark.parametrize("indicator", PEOPLE)
def test_what_nobody_had_achieves_nothing(tmp_path: Path, indicator: str, engine: str, importer: str) -> None:
    if engine == "reference" and importer == "parquet":
        return  # a store is a store
    people = {f"p{n}": records for n, records in enumerate(PEOPLE[indicator].values())}
    names = dict(zip(people, PEOPLE[indicator], strict=True))
    found, told = counted(tmp_path, people, engine, indicator, [HAVE[indicator]], importer)
    latest_before = {"hba-50-then-0", "hba-50-then-empty"}  # one way for both: asserted below
    achieved = {names[who] for who, category in found.items() if category == "achieved"}
    assert achieved - latest_before == ACHIEVED[indicator]
    assert {names[who] for who in found} == PEOPLE[indicator].keys()
    assert "what nobody can have" in told
    assert "left_out.csv lists them all" in told


def test_a_later_impossible_test_and_a_later_empty_one_are_alike(tmp_path: Path) -> None:
    found, _ = counted(tmp_path, OF_HBA, "duckdb", "DM020")
    assert found["hba-70-then-0"] == found["hba-70-then-empty"] == "not_achieved"
    assert found["hba-50-then-0"] == found["hba-50-then-empty"]


@pytest.mark.parametrize("engine", ["duckdb", "reference"])
def test_what_is_left_out_is_counted_and_named(tmp_path: Path, engine: str) -> None:
    people = {
        "a": [event(NOW, HBA, "0"), event(BEFORE, HBA, "7.5"), event(BEFORE, HBA, "7.5", "")],
        "b": [*pressure(NOW, "13", "8", "mm/Hg"), event(NOW, LDL, "0"), event(NOW, BMI, "0")],
        "c": [event("2025-04-01", HBA, "0")],  # not seen on 31 March
    }
    _, told = counted(tmp_path, people, engine, "DM020")
    assert left_out(tmp_path) == [
        ["A1", "BMIVAL_COD", "kg/m2", "nobody can have it", "1"],
        ["A1", "BPDIA_COD", "mm/Hg", "nobody can have it", "1"],
        ["A1", "BPSYS_COD", "mm/Hg", "nobody can have it", "1"],
        ["A1", "IFCCHBAM_COD", "", "nobody can have it", "1"],
        ["A1", "IFCCHBAM_COD", "mmol/mol", "nobody can have it", "2"],
        ["A1", "LDLCCHOL_COD", "mmol/L", "nobody can have it", "1"],
    ]
    assert "7 values are what nobody can have: 2 of IFCCHBAM_COD in mmol/mol" in told


def test_import_check_and_explain_name_them(tmp_path: Path) -> None:
    said: list[str] = []
    people = {"a": [event(NOW, HBA, "7.5"), event(NOW, LDL, "0")], "b": pressure(NOW, "13", "8", "mm/Hg")}
    store = stored(tmp_path, people, said=said)
    assert "4 values are what nobody can have" in said[0]
    assert "1 IFCCHBAM_COD, outside 20 to 220 mmol/mol" in said[0]
    checked = " ".join(remit("records", "check", store).out.split())
    assert "IFCCHBAM_COD, outside 20 to 220 mmol/mol: 999791000000106 (1)" in checked
    assert "LDLCCHOL_COD, outside 0.05 to 30 mmol/L: demo:LDLCCHOL_COD-1 (1)" in checked
    assert "BPSYS_COD, outside 20 to 350 mm/Hg: 271649006 (1)" in checked
    why = explained(store, "DM020", "a")
    assert "7.5 mmol/mol IFCCHBAM_COD value not read: nobody can have it" in why
    assert "IFCCHBA_VAL Null" in why


def test_a_true_nought_stays(tmp_path: Path) -> None:
    """A score of 0 is a score, and a ratio of albumin to creatinine may be 0."""
    people = {"a": [event(NOW, "demo:CHADVASC_COD-1", "0", unit) for unit in ("", "score", "{score}")]}
    people["a"] += [event(NOW, "1023491000000104", "0", "mg/mmol")]
    said: list[str] = []
    store = stored(tmp_path, people, said=said)
    assert "nobody can have" not in said[0]
    assert "Impossible" not in remit("records", "check", store).out
