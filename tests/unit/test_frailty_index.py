"""The electronic frailty index: its categories at every number of deficits, in both engines, and what rests on it.

By hand, from the score of its source: 4/36 = 0.111 fit; 5/36 = 0.139 and 8/36 = 0.222 mild (above 0.12); 9/36 = 0.25
and 12/36 = 0.333 moderate (above 0.24); 13/36 = 0.361 severe (above 0.36). Five medicines are a deficit, four are none.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.bad_files.command import remit
from tests.faults.folders import imported, write_folder

from remit.evaluation.frailty import INDEX, category, index_clusters
from remit.rules.definitions import all_that_ship, shipped

CATEGORIES = ["fit"] * 5 + ["mild"] * 4 + ["moderate"] * 4 + ["severe"] * 24
"""The category of 0 to 36 deficits."""

DEFICITS = sorted(index_clusters(all_that_ship().registers) - {"EFI_MEDICINE_COD"})
SCHEME = """
scheme: frailty
version: "1"
title: Frailty
commissioner: Exampleshire ICB
year: 2024-25
achievement_date: 2025-03-31
sources: {contract: {title: The contract, standing: verified}}
source: contract
point: {value: £100}
terms: {balance: {due: 2025-06-30}}
items:
  - item: FRAIL65
    title: Frailty confirmed
    measure: achievement
    indicator: FRAIL65
    pays: {linear: {points: 10, lower: 40%, upper: 80%}}
  - {item: REG, title: The register, measure: register, indicator: FRAIL65-REGISTER, pays: {boolean: {points: 3}}}
"""
CODED = {"MILDFRAIL_COD": "mild", "MODFRAIL_COD": "moderate", "SEVFRAIL_COD": "severe"}


def of(cluster: str) -> str:
    """The code of a cluster here."""
    return f"D{[*DEFICITS, *CODED].index(cluster):02d}.."


def person(
    id_: str, born: str = "1940-01-01", deficits: int = 0, medicines: int = 0, *more: str
) -> dict[str, list[str]]:
    """Rows of a person; each deficit is coded twice, each medicine issued twice; the last medicine on the first day."""
    events = [f"A1,{id_},{day},{of(name)},,,," for name in DEFICITS[:deficits] for day in ("2001-01-01", "2020-01-01")]
    issued = [f"A1,{id_},{day},M{n:02d}..,28,tablet" for n in range(medicines) for day in ("2024-04-01", "2024-06-01")]
    return {
        "patients": [f"A1,{id_},{born},F,,A,3,"],
        "registrations": [f"A1,{id_},A1,2010-01-01,"],
        "events": [*events, *(f"A1,{id_},{one},,,," for one in more)],
        "prescriptions": issued,
    }


PEOPLE: dict[str, tuple[dict[str, list[str]], str, bool, str]] = {}
"""Id -> rows, frailty as it is broken down, on FRAIL65_REG, outcome under FRAIL65 ('' where outside)."""

for n in range(36):
    for medicines in (0, 4, 5):
        said_of = CATEGORIES[n + (medicines == 5)]
        frail = said_of in ("moderate", "severe")
        id_ = f"d{n:02d}-{medicines}"
        PEOPLE[id_] = person(id_, "1940-01-01", n, medicines), said_of, frail, "not_achieved" if frail else ""
for code, label in CODED.items():
    for n in (0, 9, 13):
        coded, id_ = label != "mild", f"{label}-{n}"
        rows = person(id_, "1940-01-01", n, 0, f"2024-05-01,{of(code)}")
        PEOPLE[id_] = rows, label, coded, "achieved" if n else ""
PEOPLE |= {
    "aged-64": (person("aged-64", "1960-04-01", 13), "severe", False, ""),
    "aged-65": (person("aged-65", "1960-03-31", 13), "severe", True, "not_achieved"),
    "coded-64": (person("coded-64", "1960-04-01", 0, 0, f"2024-05-01,{of('SEVFRAIL_COD')}"), "severe", False, ""),
    "old-medicines": (person("old-medicines", "1940-01-01", 8), "mild", False, ""),
    "late-deficit": (person("late-deficit", "1940-01-01", 8, 0, f"2025-04-01,{of(DEFICITS[8])}"), "mild", False, ""),
    "last-day": (person("last-day", "1940-01-01", 8, 0, f"2025-03-31,{of(DEFICITS[8])}"), "moderate", True,
                 "not_achieved"),
}  # fmt: skip
PEOPLE["old-medicines"][0]["prescriptions"] = [f"A1,old-medicines,2024-03-31,M{n:02d}..,28,tablet" for n in range(5)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("frailty")
    tables: dict[str, list[str]] = {"extracts": ["2025-03,A1,2025-04-30"], "practices": ["A1,,Ash,1000,1000,P,N"]}
    for rows, *_ in PEOPLE.values():
        for name, some in rows.items():
            tables.setdefault(name, []).extend(some)
    imported(write_folder(folder / "in", tables), folder / "store")
    members = [f"{name},{of(name)},x,mine" for name in (*DEFICITS, *CODED)]
    members += [f"EFI_MEDICINE_COD,M{n:02d}..,x,mine" for n in range(5)]
    (folder / "clusters.csv").write_text("\n".join(["cluster,code,term,source", *members]) + "\n", encoding="utf-8")
    said = remit(
        "clusters", "import", folder / "clusters.csv", "--name", "mine", "--release", "1", "--out", folder / "set"
    )
    assert said.status == 0, said.err
    (folder / "frailty.yaml").write_text(SCHEME, encoding="utf-8")
    for engine in ("duckdb", "reference"):
        said = remit("evaluate", folder / "frailty.yaml", "--records", folder / "store", "--clusters", folder / "set",
                     "--engine", engine, "--out", folder / engine, "--workers", "1")  # fmt: skip
        assert said.status == 0, said.err
    return folder


def test_the_category_of_every_number_of_deficits() -> None:
    assert [category(n) for n in range(37)] == CATEGORIES


def test_the_index_has_35_lists_and_medicines() -> None:
    assert len(DEFICITS) == 35
    assert all(code not in shipped().registers for code in INDEX.values())


def test_both_engines_say_the_same(home: Path) -> None:
    one, other = ({path.relative_to(home / name): path.read_bytes() for path in (home / name).rglob("*.*")
                   if path.name != "manifest.json"} for name in ("duckdb", "reference"))  # fmt: skip
    assert one == other


def test_everybody_is_broken_down_by_the_code_and_then_the_index(home: Path) -> None:
    """Cells are of the indicator's people: who is aged 65 or over with 9 deficits or more."""
    found = {row["value"]: row["patients"] for row in pq.read_table(home / "duckdb" / "breakdown.parquet").to_pylist()
             if row["dimension"] == "frailty" and row["category"] == "not_achieved"}  # fmt: skip
    wanted = [label for _, label, _, outcome in PEOPLE.values() if outcome == "not_achieved"]
    assert found == {label: wanted.count(label) for label in ("moderate", "severe")}


def test_the_indicator_is_of_those_whose_index_says_so(home: Path) -> None:
    rows = pq.read_table(home / "duckdb" / "outcomes" / "practice=A1.parquet").to_pylist()
    found = {row["patient_id"]: row["category"] for row in rows if row["indicator_code"] == "FRAIL65"}
    assert found == {id_: outcome for id_, (_, _, _, outcome) in PEOPLE.items() if outcome}


def test_the_register_is_counted_for_the_payment(home: Path) -> None:
    counts = (home / "duckdb" / "counts.csv").read_text(encoding="utf-8").splitlines()
    (row,) = [row.split(",") for row in counts if ",REG,REGISTER," in row]
    assert int(row[3]) == sum(on for _, _, on, _ in PEOPLE.values())


def test_the_worklist_names_whom_to_confirm(home: Path) -> None:
    words: list[str | Path] = [
        "--records",
        home / "store",
        "--clusters",
        home / "set",
        "--practice",
        "A1",
        "--csv",
        home / "list.csv",
    ]
    said = remit("worklist", home / "duckdb", *words)
    assert said.status == 0, said.err
    listed = (home / "list.csv").read_text(encoding="utf-8")
    for id_, (_, _, _, outcome) in PEOPLE.items():
        assert (f",{id_}," in listed) == (outcome == "not_achieved"), id_


@pytest.mark.parametrize(
    "id_",
    [
        "d08-0",
        "d08-4",
        "d08-5",
        "d12-4",
        "d12-5",
        "mild-13",
        "moderate-0",
        "severe-9",
        "aged-64",
        "aged-65",
        "coded-64",
        "old-medicines",
        "late-deficit",
        "last-day",
    ],
)
def test_the_register_of_moderate_and_severe_frailty_at_65_and_over(home: Path, id_: str) -> None:
    said = remit("explain", "FRAIL65_REG", "--records", home / "store", "--clusters", home / "set", "--patient", id_,
                 "--on", "2025-03-31")  # fmt: skip
    assert said.status == 0, said.err
    assert ("Not on the register: " in " ".join(said.out.split())) != PEOPLE[id_][2], said.out
