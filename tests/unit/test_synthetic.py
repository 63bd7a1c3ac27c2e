"""Made-up people: the same seed gives the same bytes, the store is sound, and prevalence is the table's."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.csv
import pytest
from tests.bad_files.command import assert_refused, remit

from remit.core.dates import SchemeYear
from remit.core.problems import Refused
from remit.evaluation.counting import evaluate
from remit.evaluation.model import Dates, Meaning
from remit.evaluation.plan import Counted, Plan, members
from remit.files.manifest import sealed
from remit.records.importing import import_records
from remit.records.layout import PRACTICE_CODE, TABLES
from remit.records.quality import check_store
from remit.records.store import Store
from remit.rules.definitions import shipped
from remit.synthetic import tables
from remit.synthetic.area import practices, usual_practices
from remit.synthetic.conditions import add_conditions
from remit.synthetic.persons import Run, make_persons
from remit.synthetic.practice import known_codes
from remit.synthetic.registrations import on_list
from remit.synthetic.sheet import Sheet
from remit.synthetic.store import StoreSummary, make_store, store_request
from remit.terminology.sets import demonstration

END = date(2025, 3, 31)
DAY = END.toordinal() - date(1970, 1, 1).toordinal()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, StoreSummary]:
    store = tmp_path_factory.mktemp("synthetic") / "store"
    return store, make_store(store_request(2000, 3, END), store, workers=1)


def contents(store: Path) -> dict[str, bytes]:
    return {str(path.relative_to(store)): path.read_bytes() for path in sorted(store.rglob("*")) if path.is_file()}


def test_the_same_seed_gives_the_same_bytes_however_many_workers(
    made: tuple[Path, StoreSummary], tmp_path: Path
) -> None:
    make_store(store_request(2000, 3, END), tmp_path / "again", workers=2)
    assert contents(made[0]) == contents(tmp_path / "again")


def test_another_seed_gives_other_people(made: tuple[Path, StoreSummary], tmp_path: Path) -> None:
    make_store(store_request(2500, 4, END), tmp_path / "other", workers=1)
    assert Store(tmp_path / "other").table("P001", "patients") != Store(made[0]).table("P001", "patients")


def test_an_import_of_the_same_rows_writes_the_same_files(made: tuple[Path, StoreSummary], tmp_path: Path) -> None:
    """Rows in another order, as CSV, through the importer: so order, types and encoding are the store's own."""
    store = Store(made[0])
    folder = tmp_path / "rows"
    folder.mkdir()
    draw = np.random.default_rng(1)
    for layout in TABLES:
        table = store.table("P002", layout.name).drop_columns(["extract"])
        table = table.add_column(0, "practice_code", [["P002"] * table.num_rows])
        pyarrow.csv.write_csv(table.take(draw.permutation(table.num_rows)), folder / f"{layout.name}.csv")
    (folder / "extracts.csv").write_text(f"extract_id,practice_code,last_day\nsynthetic-3,P002,{END}\n")
    report = import_records(folder, tmp_path / "imported", keep_ids=True)
    assert not any(report.rejected.values())
    assert Store(tmp_path / "imported").partition("P002") == store.partition("P002")


def test_sums(made: tuple[Path, StoreSummary]) -> None:
    store = Store(made[0])
    totals = store.manifest.totals
    assert totals == made[1].rows
    assert totals["patients"] == 2000
    assert totals["events"] >= 100 * 2000
    assert sum(row.list_size or 0 for row in store.practices(END).values()) == made[1].listed
    for code in store.codes:
        people = store.table(code, "patients")["patient_id"]
        assert re.fullmatch(r"P\d{3}-\d{6}", people[0].as_py())
        for name in ("registrations", "events", "prescriptions"):
            assert pc.all(pc.is_in(store.table(code, name)["patient_id"], people.combine_chunks())).as_py()
        here = sum(1 for patient in store.patients(code) if any(
            stay.practice == code and stay.start <= END and (stay.end is None or stay.end >= END)
            for stay in patient.registrations))  # fmt: skip
        assert here == store.practices(END)[code].list_size


def test_the_check_of_records_finds_the_faults_that_were_made_and_no_others(made: tuple[Path, StoreSummary]) -> None:
    quality = check_store(Store(made[0]), None, (), END, (), lambda done, of: None)
    kinds = {kind for kind, _ in quality.by_kind()}
    assert {"the same row twice", "impossible value", "reading with one half", "value without a unit"} <= kinds
    before_birth = {found.table for found in quality.findings if found.code == "records.dated-before-birth"}
    assert before_birth <= {"events", "prescriptions"}
    assert not kinds & {
        "patient without a registration", "patient never registered at the practice",
        "registration that ends before it begins", "row of a patient who is not in the table of patients",
    }  # fmt: skip


def test_every_register_has_people_and_every_indicator_a_population(made: tuple[Path, StoreSummary]) -> None:
    known = shipped()
    counted = [Counted(code, definition, ("X",)) for code, definition in known.indicators.items()]
    counted += [Counted(code, members(code, known.registers[code]), ("X",)) for code in known.registers]
    codes = {name: frozenset(cluster.codes) for name, cluster in demonstration().clusters.items()}
    meaning = Meaning(Dates.of_year(SchemeYear(2024)), codes, known.registers)
    store = Store(made[0])
    found: Counter[tuple[str, str]] = Counter()
    for code in store.codes:
        outcomes = evaluate(code, store.patients(code), Plan(tuple(counted), {}), meaning).outcomes
        found.update((outcome.code, outcome.counts.category) for _, outcome in outcomes)
    subjects = {subject for subject, _ in found}
    assert subjects == {*known.indicators, *known.registers}
    assert {category for _, category in found} == {"achieved", "not_achieved", "pca", "exclusion"}
    for code in known.indicators:
        assert found[code, "achieved"], code


def test_prevalence_is_the_tables() -> None:
    """On 60,000 people of 60 practices: within four standard errors, and a tenth for what practices differ by."""
    run = Run(11, DAY, 2)
    found: Counter[str] = Counter()
    people: Counter[str] = Counter()
    for practice in practices(11, 60_000, 60):
        persons = make_persons(run, practice)
        add_conditions(persons, known_codes(), Sheet(persons.born, persons.until))
        listed = on_list(persons, DAY)
        for name, condition in tables.conditions().items():
            low, high = condition.aged
            of = listed & (persons.age >= low) & (persons.age < high + 1)
            found[name] += int((of & persons.has[name]).sum())
            people[name] += int(of.sum())
    for name, condition in tables.conditions().items():
        if condition.source.startswith("QOF"):
            expected = condition.percent / 100 * people[name]
            assert abs(found[name] - expected) < 4 * expected**0.5 + 0.1 * expected, name


def test_the_tables_percentages_are_the_published() -> None:
    names = {"AFIB_REG": "AF", "CHD_REG": "CHD", "PAD_REG": "PAD", "HF1_REG": "HF", "HYP_REG": "HYP", "DM_REG": "DM",
             "AST_REG": "AST", "COPD_SPIR_REG": "COPD", "CAN_REG": "CAN", "CKD_REG": "CKD", "DEM_REG": "DEM",
             "DEP1_REG": "DEP", "EPIL_REG": "EPIL", "LD_REG": "LD", "MH_REG": "MH", "OSTEO_REG": "OSTEO",
             "RA_REG": "RA", "PALCARE_REG": "PALCARE"}  # fmt: skip
    path = Path(tables.__file__).parent / "published.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    for register, name in names.items():
        row, condition = rows[register], tables.conditions()[name]
        percent = 100 * int(row["numerator"]) / int(row["denominator"])
        assert abs(percent - condition.percent) < 0.006, name
        assert condition.source == f"QOF {row['year']}"


def test_every_cluster_of_the_tables_is_in_the_demonstration_set(made: tuple[Path, StoreSummary]) -> None:
    """Making a store reads each of them; what no cluster reads is made up, and looks it."""
    known = {code for cluster in demonstration().clusters.values() for code in cluster.codes}
    found = set(Store(made[0]).table("P001", "events")["code"].to_pylist())
    assert found - known
    assert all(code.startswith("made-up:") for code in found - known)


def test_a_board() -> None:
    board = practices(1, 1_200_000, usual_practices(1_200_000))
    assert len(board) == 144
    assert sum(practice.patients for practice in board) == 1_200_000
    assert len({practice.network for practice in board}) == 26
    assert len({practice.place for practice in board}) == 6
    assert (board[11].code, board[11].name) == ("P012", "Example Practice 12")
    assert all(PRACTICE_CODE.fullmatch(practice.code) for practice in board)
    assert usual_practices(10) == 3
    by_network: dict[str, int] = Counter(practice.network for practice in board)
    assert 4 <= min(by_network.values()) <= max(by_network.values()) <= 7


def test_no_store_lies_in_another(tmp_path: Path) -> None:
    make_store(store_request(3, 1, END), tmp_path / "few", workers=1)
    with pytest.raises(Refused, match="is inside a folder with a manifest"):
        make_store(store_request(3, 1, END), tmp_path / "few" / "inside", workers=1)


def test_a_practice_of_one_patient(tmp_path: Path) -> None:
    made = make_store(store_request(3, 1, END), tmp_path / "few", workers=1)
    assert made.rows["patients"] == 3
    assert Store(tmp_path / "few").codes == ["P001", "P002", "P003"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--patients", "0"], "--patients: 0 patients: expected 1 to"),
        (["--patients", "5", "--practices", "9"], "too few for 9 practices"),
        (["--patients", "900000", "--practices", "3"], "too many for 3 practices"),
        (["--patients", "50", "--years", "0"], "--years: 0 years of records: expected 1 to 40"),
        (["--patients", "50", "--seed", "-1"], "--seed: the seed -1"),
        (["--patients", "50", "--on", "2025-02-30"], "there is no such day"),
        (["--patients", "50", "--on", "1066-10-14"], "--on"),
        (["--patients", "50", "--workers", "0"], "--workers: 0 workers: expected 1 to 256"),
    ],
)
def test_bad_numbers_are_refused(arguments: list[str], said: str, tmp_path: Path) -> None:
    assert_refused(remit("synth", *arguments, "--out", tmp_path / "store"), said)
    assert list(tmp_path.iterdir()) == []


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Refused) as refused:
        store_request(0, -1, date(1800, 1, 1), 3, 99)
    assert refused.value.total == 4


def test_what_is_there_is_kept(made: tuple[Path, StoreSummary], tmp_path: Path) -> None:
    want = store_request(3, 1, END)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("kept")
    with pytest.raises(Refused, match="not a store of made-up people"):
        make_store(want, tmp_path / "notes", workers=1, replace=True)
    make_store(want, tmp_path / "store", workers=1)
    before = contents(tmp_path / "store")
    with pytest.raises(Refused, match="holds a store of made-up people"):
        make_store(want, tmp_path / "store", workers=1)
    assert contents(tmp_path / "store") == before
    make_store(store_request(4, 2, END), tmp_path / "store", workers=1, replace=True)
    assert Store(tmp_path / "store").manifest.totals["patients"] == 4
    manifest = json.loads((tmp_path / "store" / "manifest.json").read_text())
    manifest["imports"][0]["mode"] = "add"
    (tmp_path / "store" / "manifest.json").write_bytes(sealed(manifest))
    with pytest.raises(Refused, match="which are never overwritten"):
        make_store(want, tmp_path / "store", workers=1, replace=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes", "store"]


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_run_that_is_killed_leaves_no_store(tmp_path: Path) -> None:
    store = tmp_path / "store"
    command = [sys.executable, "-m", "remit.cli.main", "synth", "--patients", "20000", "--workers", "1", "--out"]
    run = subprocess.Popen([*command, str(store)], stdout=subprocess.DEVNULL, env={**os.environ})
    while not list(tmp_path.glob(".store.making/whole/practice=*")) and run.poll() is None:
        time.sleep(0.05)
    run.send_signal(signal.SIGKILL)
    assert run.wait() == -signal.SIGKILL
    assert not store.exists()
    make_store(store_request(3, 1, END), store, workers=1)
    assert [path.name for path in tmp_path.iterdir()] == ["store"]
