"""`remit plan`: what it says of a scheme before anything is counted, and that its statements are statements."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from tests.bad_files.command import assert_refused, remit

from remit.evaluation.plan import plan
from remit.rules.definitions import shipped
from remit.scheme import load_scheme

ONE = """
definitions:
  - register: MINE_REG
    title: Mine
    population: registered
    fields: {HYP_DAT: earliest HYP_COD}
    rules: [{rule: 1, if: HYP_DAT <> Null, then: Select, else: Reject}]
  - indicator: PULSE65
    title: A local one
    population: MINE_REG
    fields:
      A_DAT: latest PULSERHYTHM_COD where date > (PPED - 12 months)
      B_DAT: latest PULSERHYTHM_COD where date > (PPED - 6 months)
      C_DAT: latest PULSERHYTHM_COD where date > (PPED - 12 months)
    rules: [{rule: 1, if: A_DAT <> B_DAT and A_DAT = C_DAT, then: Select, counts: achieved, else: Select}]
"""
TABLES = (
    "CREATE TABLE records (p INTEGER, slice SMALLINT, d DATE, value BIGINT, unit INTEGER, episode TINYINT, "
    "reading VARCHAR, code VARCHAR)",
    "CREATE TABLE patients (p INTEGER, patient_id VARCHAR, dob DATE, sex VARCHAR, age BIGINT, died DATE, reg DATE, "
    "reg_at_death DATE, registered BOOLEAN, died_in_year BOOLEAN)",
    "CREATE TABLE known_dates (p INTEGER, c INTEGER, v DATE)",
    "CREATE TABLE known_numbers (p INTEGER, c INTEGER, v BIGINT)",
)


def test_a_plan_has_its_numbers_and_names() -> None:
    said = remit("plan", "qif-2024-25")
    assert said.status == 0, said.err
    indicators = plan(load_scheme("qif-2024-25"), shipped()).definitions()
    first, *_ = said.out.splitlines()
    assert first.startswith(f"qif-2024-25, achievement date 2025-03-31: {len(indicators)} indicators on ")
    [written] = re.findall(r"The rules write (\d+) fields; (\d+) differ, and take (\d+) statements:", said.out)
    every, differ, statements = map(int, written)
    assert every > differ > statements > 1
    numbered = re.findall(r"^ *(\d+) +(\d+)  (?:latest|earliest|records|days|lowest|mean)", said.out, re.MULTILINE)
    assert [int(number) for number, _ in numbered] == list(range(1, statements + 1))
    assert sorted(numbered, key=lambda pair: int(pair[1])) == numbered, "stages come in their order"
    assert f"Then all indicators at once: {', '.join(indicators)}." in said.out
    assert "Registers decided after stage 1: " in said.out
    assert "Not counted: " in said.out or not plan(load_scheme("qif-2024-25"), shipped()).supplied


def test_equal_fields_are_one_and_fields_of_one_shape_one_statement(tmp_path: Path) -> None:
    """With fields: of the three of the local indicator the first and the third are the same."""
    (tmp_path / "one.yaml").write_text(ONE)
    said = remit("plan", "qif-2024-25", "--rules", tmp_path / "one.yaml", "--fields", "--on", "2024-12-31")
    assert said.status == 0, said.err
    assert "achievement date 2024-12-31" in said.out
    rows = [line for line in said.out.splitlines() if "PULSERHYTHM_COD" in line and "PULSE65" in line]
    assert len(rows) == 2
    assert len({row.split()[0] for row in rows}) == 1
    without = remit("plan", "qif-2024-25", "--rules", tmp_path / "one.yaml", "--on", "2024-12-31")
    assert said.out.startswith(without.out)


@pytest.mark.parametrize("scheme", ["qif-2024-25", "qof-england-2024-25"])
def test_every_statement_is_one_that_duckdb_takes(scheme: str) -> None:
    said = remit("plan", scheme, "--sql")
    assert said.status == 0, said.err
    texts = re.findall(r"^-- \d+\n(.*?);$", said.out, re.MULTILINE | re.DOTALL)
    assert f"take {len(texts)} statements" in said.out
    with duckdb.connect() as connection:
        for table in TABLES:
            connection.execute(table)
        for text in texts:
            connection.execute(f"EXPLAIN {text}")
            assert connection.execute(text).fetchall() == []


def test_what_cannot_be_planned_is_refused(tmp_path: Path) -> None:
    assert_refused(remit("plan", "qif-2024-52"), "qif-2024-52", "qif-2024-25")
    assert_refused(remit("plan", "qif-2024-25", "--on", "soon"), "--on")
    assert_refused(remit("plan", "qif-2024-25", "--on", "2023-03-31"), "is not in qif-2024-25's year")
    assert_refused(remit("plan", "qif-2024-25", "--clusters", tmp_path / "none"), "there is no such cluster set")
    assert_refused(remit("plan", "qif-2024-25", "--rules", tmp_path / "none.yaml"), "none.yaml")
    assert_refused(remit("plan", "dqofh-dudley-2016-17"), "no item that rules over records count", "supplied")
