"""Kind: bytes that a Parquet file calls text and that are none end a command in a traceback.

Each column of text of each table of an extract, in each way that Parquet has for text; and the Parquet files that Remit
writes, where somebody changed them and made their hashes anew.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.bad_files.command import assert_refused, remit
from tests.faults.folders import HEADERS, write_folder
from tests.kinds.made import SCHEME, given, make

from remit.files.hashes import sha256_file
from remit.files.manifest import sealed
from remit.records.store import Store

BAD = b"\xff\xfebad"
FORMS: dict[str, Callable[[pa.Array], pa.Array]] = {
    "text": lambda column: column,
    "large": lambda column: column.cast(pa.large_string()),
    "dictionary": lambda column: column.dictionary_encode(),
    "bytes": lambda column: column.cast(pa.binary()),
}
COLUMNS = [(table, column) for table, names in HEADERS.items() if table != "extracts" for column in names.split(",")]


def text(cells: list[bytes]) -> pa.Array:
    """Cells that are called text, whatever they are."""
    held = pa.array(cells, pa.binary())
    return pa.Array.from_buffers(pa.string(), len(held), held.buffers())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_parquet_text_that_is_not_utf_8_is_refused_at_its_row(
    tmp_path: Path, table: str, column: str, form: str
) -> None:
    folder = write_folder(tmp_path / "in")
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, restval=""))
    names = HEADERS[table].split(",")
    cells = {name: [row[name].encode() for row in rows] for name in names}
    last = len(rows) - 1
    cells[column][last] = BAD
    columns = {name: FORMS[form](text(found)) if name == column else text(found) for name, found in cells.items()}
    pq.write_table(pa.table(columns), path.with_suffix(".parquet"))
    path.unlink()
    said = remit("records", "import", folder, "--store", tmp_path / "store", "--keep-ids")
    assert_refused(said, f"{table}.parquet", f"{column} of row {last + 1} is not UTF-8.")
    assert not (tmp_path / "store").exists()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of made-up people, and an evaluation of it."""
    home = given(tmp_path_factory.mktemp("made"))
    make("evaluation", home, home / "evaluation")
    return home


def spoilt(path: Path, column: str) -> str:
    """The file with a cell of a column that is not UTF-8. Returns its hash."""
    table = pq.read_table(path, partitioning=None)
    cells = [(cell or "").encode() for cell in table[column].to_pylist()]
    bad = text([BAD, *cells[1:]])
    pq.write_table(table.set_column(table.schema.get_field_index(column), table.schema.field(column), bad), path)
    return sha256_file(path)


@pytest.mark.parametrize(
    ("table", "column"),
    [("events", "unit"), ("events", "code"), ("patients", "sex"), ("registrations", "registered_at")],
)
def test_nor_is_a_store_whose_hashes_were_made_anew_a_traceback(
    made: Path, tmp_path: Path, table: str, column: str
) -> None:
    store = tmp_path / "people"
    shutil.copytree(made / "people", store)
    [path] = store.glob(f"practice=*/{table}-*.parquet")
    practice = Store(store).codes[0]
    whose = pq.read_table(path, partitioning=None)["patient_id"][0].as_py()
    said = json.loads((store / "manifest.json").read_text(encoding="utf-8"))
    said["partitions"][practice]["tables"][table]["sha256"] = spoilt(path, column)
    (store / "manifest.json").write_bytes(sealed(said))
    for engine in ("duckdb", "reference"):
        out = tmp_path / engine
        assert_refused(remit("evaluate", SCHEME, "--records", store, "--engine", engine, "--out", out), practice)
    assert_refused(remit("records", "check", store), path.name)
    assert_refused(remit("explain", "HYP008", "--records", store, "--patient", whose), path.name)


@pytest.mark.parametrize(
    ("name", "column"),
    [("breakdown.parquet", "value"), ("breakdown.parquet", "indicator_code"), ("outcomes", "reason")],
)
def test_nor_an_evaluation(made: Path, tmp_path: Path, name: str, column: str) -> None:
    folder = tmp_path / "evaluation"
    shutil.copytree(made / "evaluation", folder)
    practice = Store(made / "people").codes[0]
    name = f"outcomes/practice={practice}.parquet" if name == "outcomes" else name
    said = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    said["files"][name] = spoilt(folder / name, column)
    (folder / "manifest.json").write_bytes(sealed(said))
    if name.startswith("outcomes"):
        words: tuple[str | Path, ...] = ("worklist", folder, "--records", made / "people", "--practice", practice)
    else:
        words = ("breakdown", folder, "--by", "age")
    assert_refused(remit(*words), folder.name, "is damaged")
