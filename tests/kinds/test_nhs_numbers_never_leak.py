"""Kind: an NHS number that goes where it should not. Every text column of every table, every writing, every place.

Imported with a key: whatever becomes of the row, no file of the store and no message has the number. The columns are
those of the layout: a new one is tried without being named here.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from tests.bad_files.command import HERE, CommandResult, remit
from tests.faults.folders import HEADERS, write_folder
from tests.nhs_numbers import held, numbers
from tests.unit.test_nhs_numbers import WRITINGS

from remit.core.nhs_numbers import holds_nhs_number
from remit.records.layout import TABLES
from remit.records.store import Store

KEY = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
OURS, OTHER = numbers(2, 612_345_678), "9434765919"
GOOD = {
    "extracts": ["2025-03,A1,2025-03-31"],
    "practices": ["A1,2024-04-01,Ash Surgery,9000,9100.25,cannock,N1"],
    "patients": [f"A1,{number},1950-06-30,F,,A,3," for number in OURS],
    "registrations": [f"A1,{number},A1,2020-01-01," for number in OURS],
    "events": [f"A1,{number},2024-05-01,271649006,138,mmHg,,r1" for number in OURS],
    "prescriptions": [f"A1,{number},2024-04-30,319996000,28,tablet" for number in OURS],
}
TEXTS = [(layout.name, column.name) for layout in TABLES for column in layout.columns]
WAYS = ["in one piece", "hyphens", "point nought", "prefix", "full width"]


def folder(home: Path, table: str, column: str, cell: str) -> Path:
    """The sound extract, with a cell in its second row of the table."""
    made = write_folder(home / "in", GOOD)
    path = made / f"{table}.csv"
    head, *rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    if column not in head:
        head, rows = [*head, column], [[*row, ""] for row in rows]
    rows = [*rows, list(rows[-1])]
    rows[-1][head.index(column)] = f'"{cell}"'
    path.write_text("\n".join(",".join(row) for row in [head, *rows]) + "\n", encoding="utf-8")
    return made


def imported(home: Path, made: Path) -> CommandResult:
    (home / "key").write_text(KEY)
    (home / "key").chmod(0o600)
    said = remit("records", "import", made, "--store", home / "out" / "store", "--key-file", home / "key")
    (home / "out").mkdir(exist_ok=True)
    (home / "out" / "said").write_text(said.out + said.err, encoding="utf-8")
    return said


def nothing_leaked(home: Path) -> None:
    assert held(home / "out", [*OURS, OTHER]) == []
    for path in (home / "out").rglob("*"):
        if path.suffix == ".parquet":
            texts = {str(cell) for row in pq.read_table(path).to_pylist() for cell in row.values()}
            assert [text for text in texts if holds_nhs_number(text)] == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("table", "column"), TEXTS)
def test_no_column_lets_one_in(table: str, column: str, way: str, tmp_path: Path) -> None:
    said = imported(tmp_path, folder(tmp_path, table, column, WRITINGS[way]))
    assert said.status == 0, said.err
    nothing_leaked(tmp_path)


@pytest.mark.parametrize("way", WRITINGS)
def test_no_writing_gets_in_and_the_record_stays_one(way: str, tmp_path: Path) -> None:
    """Both halves of a reading that a source calls by an NHS number stay one reading, under another name."""
    made = write_folder(tmp_path / "in", GOOD, events=[
        f"A1,{OURS[0]},2024-05-01,271649006,138,mmHg,,{WRITINGS[way]}",
        f"A1,{OURS[0]},2024-05-01,271650006,84,mmHg,,{WRITINGS[way]}",
    ])  # fmt: skip
    assert imported(tmp_path, made).status == 0
    nothing_leaked(tmp_path)
    one, _ = sorted(Store(tmp_path / "out" / "store").patients("A1"), key=lambda patient: -len(patient.events))
    both = [event.reading for event in one.events if event.code != "319996000"]
    assert len(both) == 2
    assert len({*both}) == 1
    assert both[0]


@pytest.mark.parametrize("table", [name for name in HEADERS if name != "extracts"])
def test_a_parquet_file_lets_none_in(table: str, tmp_path: Path) -> None:
    """Every cell of text in a row is the number of somebody else, in one piece or behind a word."""
    made = write_folder(tmp_path / "in", GOOD)
    path = made / f"{table}.csv"
    names = HEADERS[table].split(",")
    options = pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
    rows = pa.csv.read_csv(path, convert_options=options).to_pylist()
    rows += [dict.fromkeys(names, cell) | {"practice_code": "A1"} for cell in (OTHER, f"NHS:{OTHER}")]
    pq.write_table(pa.Table.from_pylist(rows), path.with_suffix(".parquet"))
    path.unlink()
    assert imported(tmp_path, made).status == 0
    nothing_leaked(tmp_path)


PLACES = {
    "the id of an extract": ("extracts.csv", f"{OTHER},A1,2025-03-31"),
    "the id of an extract, prefixed": ("extracts.csv", f"nhs-{OTHER},A1,2025-03-31"),
    "the id of an extract, parted": ("extracts.csv", "943.476.5919,A1,2025-03-31"),
    "a practice's code": ("extracts.csv", f"e1,{OTHER},2025-03-31"),
    "a practice's code, malformed": ("extracts.csv", "e1,943 476 5919,2025-03-31"),
    "the last day": ("extracts.csv", f"e1,A1,{OTHER}"),
}


@pytest.mark.parametrize("place", PLACES)
def test_an_extract_is_not_called_by_one(place: str, tmp_path: Path) -> None:
    name, row = PLACES[place]
    made = write_folder(tmp_path / "in", GOOD)
    (made / name).write_text(f"{HEADERS['extracts']}\n{row}\n", encoding="utf-8")
    assert imported(tmp_path, made).status == 1
    nothing_leaked(tmp_path)


def test_no_message_names_one(tmp_path: Path) -> None:
    """A header that is a row, a file and a folder that are called by one, a column twice, a row too long."""
    made = write_folder(tmp_path / "943-476-5919", GOOD)
    for name, text in {
        "headless": f"A1,{OTHER},1950-06-30,F,,A,3,\nA1,{OURS[0]},1950-06-30,F,,A,3,\n",
        "twice": f"practice_code,practice_code,patient_id,birth_date,{OTHER}\nA1,A1,{OURS[0]},1950-06-30,\n",
        "open quote": f'{HEADERS["patients"]}\nA1,{OURS[0]},1950-06-30,F,,"A,3,\nA1,{OTHER},1950-06-30,F,,A,3,\n',
        "semicolons": f"practice_code;patient_id;birth_date\nA1;{OURS[0]};1950-06-30\n",
    }.items():
        (made / "patients.csv").write_text(text, encoding="utf-8")
        said = imported(tmp_path, made)
        assert said.status == 1, name
        assert "[NHS number]" in said.err
        nothing_leaked(tmp_path)
    (made / "patients.csv").write_text("\n".join([HEADERS["patients"], *GOOD["patients"]]), encoding="utf-8")
    shutil.copy(made / "patients.csv", made / f"{OTHER}.csv")
    assert "is not a table of records" in imported(tmp_path, made).err
    nothing_leaked(tmp_path)


@pytest.mark.parametrize("way", WRITINGS)
@pytest.mark.parametrize("column", ["pseudonym", "item", "quarter", "date", "attended", "practice_code"])
def test_no_claim_lets_one_in(column: str, way: str, tmp_path: Path) -> None:
    head, row, *_ = (HERE / "good_claims.csv").read_text(encoding="utf-8").splitlines()
    cells = dict(zip(head.split(","), row.split(","), strict=True)) | {column: f'"{WRITINGS[way]}"'}
    (tmp_path / "claims.csv").write_text(f"{head}\n{','.join(cells.values())}\n", encoding="utf-8")
    said = remit("run", HERE / "good_local.yaml", "--practices", HERE / "good_local_practices.csv", "--set",
                 "START.tariff=£5", "--claims", tmp_path / "claims.csv", "--out", tmp_path / "out")  # fmt: skip
    assert said.status == 1
    assert not (tmp_path / "out").exists()
    assert not holds_nhs_number(said.err)


def test_codes_of_ten_digits_are_codes(tmp_path: Path) -> None:
    """1119304009 is a concept of SNOMED CT; of those like it that also fit an NHS number's check digit, none is lost.

    An NHS number in the column of codes is none: of these, one in a thousand has a concept's form too.
    """
    from remit.core.nhs_numbers import has_check_digit
    from remit.terminology.codes import check_digit_holds

    both = [code for n in range(1_100_000, 1_130_000) for last in range(10)
            if check_digit_holds(code := f"{n}00{last}") and has_check_digit(code)][:20]  # fmt: skip
    assert len(both) == 20
    events = [f"A1,{OURS[0]},2024-05-01,{code},,,," for code in (*both, OTHER)]
    assert imported(tmp_path, write_folder(tmp_path / "in", GOOD, events=events)).status == 0
    stored = {event.code for one in Store(tmp_path / "out" / "store").patients("A1") for event in one.events}
    assert stored - {"319996000"} == {*both}


@pytest.mark.parametrize("way", ["in one piece", "hyphens", "dots", "underscores", "slashes", "prefix", "full width"])
def test_ids_that_are_kept_and_hold_one_are_told(way: str, tmp_path: Path) -> None:
    tables = {**GOOD, **{name: [row.replace(OURS[0], WRITINGS[way]) for row in GOOD[name]] for name in GOOD}}
    said = remit("records", "import", write_folder(tmp_path / "in", tables), "--store", tmp_path / "s", "--keep-ids")
    assert "2 ids that were kept are valid NHS numbers" in said.err
    assert not holds_nhs_number(said.err.replace(str(tmp_path), ""))
