"""Cases 02, 06 and 07 of ../shared/cases: values that nobody had, units, comparators; as their READMEs say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.bad_files.command import remit
from tests.kinds.value_records import left_out

DAY = ("--on", "2025-03-31")


def counted(shared: Path, tmp_path: Path, case: str) -> tuple[dict[str, str], str]:
    """Which rule counted each patient as what, of HYP008, DM020 and CHOL004; and what the commands said."""
    extract = tmp_path / "extract"
    shutil.copytree(shared / "cases" / case / "extract", extract)
    store, out = tmp_path / "store", tmp_path / "counted"
    said = [
        remit("records", "import", extract, "--store", store, "--keep-ids"),
        remit("records", "check", store, *DAY),
        remit("evaluate", "qof-england-2024-25", "--records", store, *DAY, "--out", out, "--workers", "1"),
    ]
    assert [one.status for one in said] == [0, 0, 0]
    rows = pq.read_table(out / "outcomes" / "practice=X1.parquet").to_pylist()
    found = {
        row["patient_id"]: row["category"] for row in rows if row["indicator_code"] in ("HYP008", "DM020", "CHOL004")
    }
    return found, " ".join(" ".join(one.out + one.err for one in said).split())


def test_02_zero_for_a_missing_value(shared: Path, tmp_path: Path) -> None:
    found, said = counted(shared, tmp_path, "02-zero-for-missing-value")
    assert len(found) == 10
    assert {*found.values()} == {"not_achieved"}
    assert said.count("nobody can have") >= 2, "import and evaluate"
    assert "LDLCCHOL_COD, outside 0.05 to 30 mmol/L" in said, "the check"
    assert sum(int(row[4]) for row in left_out(tmp_path)) == 12


def test_06_unit_not_known(shared: Path, tmp_path: Path) -> None:
    found, said = counted(shared, tmp_path, "06-unit-not-known")
    assert len(found) == 5
    assert {*found.values()} == {"achieved"}
    assert "no rule reads" not in said


def test_07_comparator_row_dropped(shared: Path, tmp_path: Path) -> None:
    found, said = counted(shared, tmp_path, "07-comparator-row-dropped")
    assert found == {"hba-50-then-over-130": "not_achieved", "hba-under-20": "achieved"}
    assert "rejected" not in said
    assert not list((tmp_path / "store").glob("rejected-*"))


@pytest.mark.parametrize("case", ["02-zero-for-missing-value", "06-unit-not-known", "07-comparator-row-dropped"])
def test_the_interpreter_says_the_same(shared: Path, tmp_path: Path, case: str) -> None:
    counted(shared, tmp_path, case)
    how = ("--engine", "reference", "--workers", "1")
    out = tmp_path / "again"
    said = remit("evaluate", "qof-england-2024-25", "--records", tmp_path / "store", *DAY, *how, "--out", out)
    assert said.status == 0
    for name in ("counts.csv", "left_out.csv", "outcomes/practice=X1.parquet"):
        assert (out / name).read_bytes() == (tmp_path / "counted" / name).read_bytes()
