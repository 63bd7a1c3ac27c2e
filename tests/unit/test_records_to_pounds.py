"""QIF 2024/25 from records to pounds for a few hundred made-up patients, and the same pounds from counts by hand."""

from __future__ import annotations

import csv
import json
import runpy
from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import remit
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.folder import write_evaluation
from remit.records.importing import import_records
from remit.records.store import Store
from remit.rules.definitions import shipped
from remit.scheme import load_scheme
from remit.terminology.sets import demonstration

EXAMPLE = Path(__file__).parents[2] / "examples" / "qif-from-records" / "make_records.py"
END = date(2025, 3, 31)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def evaluated(store: Path, out: Path, on: date = END) -> Path:
    made = Evaluator(load_scheme("qif-2024-25"), Store(store), demonstration(), shipped(), on)
    write_evaluation(made, out)
    return out


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("records")
    runpy.run_path(str(EXAMPLE))["main"](folder / "csv")
    import_records(folder / "csv", folder / "store", keep_ids=True)
    return {"csv": folder / "csv", "store": folder / "store", "out": evaluated(folder / "store", folder / "out")}


def by_patient(made: dict[str, Path], codes: frozenset[str]) -> dict[str, list[str]]:
    """The days of the events with a code, by patient: read from the made-up files themselves."""
    found: dict[str, list[str]] = {}
    for row in rows(made["csv"] / "events.csv"):
        if row["code"] in codes:
            found.setdefault(row["patient_id"], []).append(row["date"])
    return found


def counts(made: dict[str, Path]) -> dict[tuple[str, str, str], int]:
    return {
        (row["practice_code"], row["indicator_code"], row["measure"]): int(row["value"])
        for row in rows(made["out"] / "counts.csv")
    }


def test_the_ckd_register_is_who_has_the_code_and_is_eighteen(made: dict[str, Path]) -> None:
    """Counted again from the files: alive, registered and 18 or over on 31 March 2025, with a CKD code."""
    ckd = by_patient(made, demonstration().codes_of("CKD_COD"))
    adults: Counter[str] = Counter()
    expected: Counter[str] = Counter()
    for row in rows(made["csv"] / "patients.csv"):
        if row["death_date"] and row["death_date"] < "2025-03-31":
            continue
        if row["birth_date"] <= "2007-03-31":
            adults[row["practice_code"]] += 1
            expected[row["practice_code"]] += row["patient_id"] in ckd
    found = counts(made)
    for practice in ("X1", "X2", "X3"):
        assert found[practice, "6", "REGISTER"] == expected[practice]
        assert found[practice, "6", "LIST_SIZE"] == adults[practice]
    assert sum(expected.values()) > 10


def test_respect_counts_the_years_deaths_with_a_record_by_the_day_of_death(made: dict[str, Path]) -> None:
    respect = by_patient(made, demonstration().codes_of("RESPECT_COD"))
    deaths: Counter[str] = Counter()
    recorded: Counter[str] = Counter()
    for row in rows(made["csv"] / "patients.csv"):
        if "2024-04-01" <= row["death_date"] <= "2025-03-31":
            deaths[row["practice_code"]] += 1
            recorded[row["practice_code"]] += any(d <= row["death_date"] for d in respect.get(row["patient_id"], []))
    found = counts(made)
    for practice in ("X1", "X2", "X3"):
        assert found.get((practice, "1b", "DENOMINATOR"), 0) == deaths[practice]
        assert found.get((practice, "1b", "NUMERATOR"), 0) == recorded[practice]
    assert sum(deaths.values()) > 5


def test_the_pounds_are_those_of_the_same_counts_fed_in_by_hand(made: dict[str, Path], tmp_path: Path) -> None:
    """The outcomes are grouped here, not by Remit, and typed in as counts by item: every award is the same."""
    items = {"RESPECT-DEATHS": "1b", "DM8CP-TYPE1": "2a", "DM8CP-TYPE2": "2b", "PULSE65": "3", "HYP008": "4"}
    tally: Counter[tuple[str, str, str]] = Counter()
    for path in sorted((made["out"] / "outcomes").glob("*.parquet")):
        for row in pq.read_table(path).to_pylist():
            tally[row["practice_code"], row["indicator_code"], row["category"]] += 1
    lines = ["practice_code,indicator_code,measure,value"]
    own = counts(made)
    for practice in ("X1", "X2", "X3"):
        for code in (*items, "CHOL002", "CHOL004"):
            achieved, missed = tally[practice, code, "achieved"], tally[practice, code, "not_achieved"]
            subject = items.get(code, code)
            lines.append(f"{practice},{subject},NUMERATOR,{achieved}")
            lines.append(f"{practice},{subject},DENOMINATOR,{achieved + missed}")
            lines.append(f"{practice},{subject},PCAS,{tally[practice, code, 'pca']}")
        for item, code in (("1a", "PC001"), ("6", "CKD005")):
            lines.append(f"{practice},{item},REGISTER,{tally[practice, code, 'achieved']}")
            lines.append(f"{practice},{item},LIST_SIZE,{own[practice, item, 'LIST_SIZE']}")
    by_hand = tmp_path / "counts.csv"
    by_hand.write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = {"chol004_from": "2024-12-05"}
    for name, source in (("records", made["out"] / "counts.csv"), ("hand", by_hand)):
        run = remit.run("qif-2024-25", made["out"] / "practices.csv", source, settings=settings)
        remit.write_run(run, tmp_path / name)
    assert (tmp_path / "records" / "award.csv").read_bytes() == (tmp_path / "hand" / "award.csv").read_bytes()
    pounds = [row["pounds"] for row in rows(tmp_path / "records" / "award.csv")]
    assert "" not in pounds
    assert len(pounds) == 24


def test_every_member_of_a_population_has_one_outcome(made: dict[str, Path]) -> None:
    """Attrition begins with the population and ends with nobody left."""
    left = {}
    for row in rows(made["out"] / "attrition.csv"):
        left[row["practice_code"], row["indicator_code"]] = row
    seen = Counter(
        (row["practice_code"], row["indicator_code"])
        for path in (made["out"] / "outcomes").glob("*.parquet")
        for row in pq.read_table(path).to_pylist()
    )
    starts = {
        (row["practice_code"], row["indicator_code"]): int(row["patients"])
        for row in rows(made["out"] / "attrition.csv")
        if not row["rule"]
    }
    assert {key: count for key, count in starts.items() if count} == dict(seen)
    members = {key for key, row in left.items() if not row["rule"]}  # of a register, nobody falls away
    assert all(row["left"] == "0" for key, row in left.items() if key not in members)


def test_the_same_store_gives_the_same_bytes(made: dict[str, Path], tmp_path: Path) -> None:
    again = evaluated(made["store"], tmp_path / "again")
    files = sorted(path.relative_to(again) for path in again.rglob("*") if path.is_file())
    assert [(made["out"] / path).read_bytes() == (again / path).read_bytes() for path in files] == [True] * len(files)
    assert json.loads((again / "manifest.json").read_text(encoding="utf-8"))["clusters"]["demonstration"] is True


def test_records_that_end_before_the_achievement_date_make_it_provisional(
    made: dict[str, Path], tmp_path: Path
) -> None:
    """The fault of 2014-15: an extract that stopped early was paid on as if it were whole."""
    early = tmp_path / "csv"
    early.mkdir()
    for path in made["csv"].glob("*.csv"):
        (early / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    text = (early / "extracts.csv").read_text(encoding="utf-8").replace("X2,2025-03-31", "X2,2025-03-20")
    (early / "extracts.csv").write_text(text, encoding="utf-8")
    import_records(early, tmp_path / "store", keep_ids=True)
    out = evaluated(tmp_path / "store", tmp_path / "out")
    why = {row["practice_code"]: row["provisional"] for row in rows(out / "practices.csv")}
    assert "Its records end on 2025-03-20, before 2025-03-31" in why["X2"]
    assert "records end" not in why["X1"]
    run = remit.run("qif-2024-25", out / "practices.csv", out / "counts.csv", settings={"chol004_from": "2024-12-05"})
    assert run.practice("X2").status == "provisional"
    assert "2025-03-20" in run.practice("X2").reason
