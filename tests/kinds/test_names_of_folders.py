"""Kind: what a folder is called changes what is counted, or breaks a command.

DuckDB takes `name=value` of the folders above a file for columns and `*`, `?`, `[` for a search. Whatever reads a
store, an extract, an evaluation or a run is played in folders with such names, with a neighbour that a search would
find, and must write what it writes in a folder with a plain name, byte for byte.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from tests.bad_files.command import contents, remit
from tests.faults.folders import write_folder

from remit.evaluation.engine import dialect
from remit.records.layout import EVENTS, PATIENTS, PRACTICES, PRESCRIPTIONS, REGISTRATIONS
from remit.records.store import Store

NAMES = (
    *(f"{name}=2024-06-01" for name in ("date", "birth_date", "end_date")),
    *(f"{name}=1" for name in ("value", "quantity", "episode", "filename", "p", "slice", "time", "days", "record")),
    *(f"{name}=x" for name in ("system", "comparator", "answer", "status", "negation")),
    *("unit=x", "patient_id=7", "code=38341003", "reading=r", "practice=A1", "Date=2024-06-01", "=", "=x", "x="),
    *("a[1]", "[a]1", "a*", "*", "?1", "**", "a[!b]", "[", "]", "{a1,b1}", "\\*", "a\\1"),
    *(
        "it's",
        'a "quoted" one',
        "two\nlines",
        "$HOME",
        "{}",
        "{practice}",
        "with spaces ",
        "Überweisung 患者",
        "100%",
        "%s",
    ),
    *("~", "s3:", "https:", "file:", "a;b", "a--b", "a:b", "#", "-o", "a|b", "a&b", "a`b", "."),
)
FEW = ("date=2024-06-01", "a[1]", "*", "it's", "two\nlines", "{}", "100%", "patient_id=7", "~")
SCHEME = "qif-2024-25"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`people`, a store; `extract`, the same as CSV and Parquet; `wrote`, what is written with a plain name."""
    home = tmp_path_factory.mktemp("plain")
    made = remit("synth", "--patients", "60", "--practices", "1", "--seed", "1", "--out", home / "people")
    assert made.status == 0, made
    made = remit("synth", "--patients", "60", "--practices", "1", "--seed", "2", "--out", home / "other")
    assert made.status == 0, made
    return home


def beside(home: Path, plain: Path) -> None:
    """Neighbours that a search for a name of `NAMES` can find: the same files, of other people."""
    for name in ("a1", "b1", "x1"):
        shutil.copytree(plain / "other", home / name / "people")


def played(home: Path, engine: str) -> dict[str, bytes]:
    """Everything that the commands write in a folder that holds a store `people`."""
    counted, run = home / "counted", home / "run"
    given = ("--practices", counted / "practices.csv", "--counts", counted / "counts.csv")
    practice = Store(home / "people").codes[0]
    patient = next(Store(home / "people").patients(practice)).id
    commands: Sequence[Sequence[str | Path]] = (
        ("evaluate", SCHEME, "--records", home / "people", "--engine", engine, "--out", counted),
        ("run", SCHEME, *given, "--out", run),
        ("breakdown", counted, "--by", "age", "--csv", home / "breakdown.csv"),
        ("worklist", counted, "--records", home / "people", "--practice", practice, "--csv", home / "worklist.csv"),
        ("patients", counted, "--practice", practice, "--csv", home / "patients.csv"),
        ("explain", "HYP008", "--records", home / "people", "--patient", patient, "--html", home / "explain.html"),
        ("statement", run, "--practice", practice, "--html", home / "statement.html"),
        ("compare", run, run, "--csv", home / "compare.csv"),
        ("calendar", run, "--csv", home / "calendar.csv"),
        ("reconcile", run, run / "award.csv", "--csv", home / "reconcile.csv"),
        ("records", "check", home / "people", "--html", home / "check.html"),
    )
    for words in commands:
        said = remit(*words)
        assert said.status == 0, (words, said)
    return {name: data for name, data in contents(home).items() if not name.startswith((".", "people/"))}


@pytest.fixture(scope="module")
def wrote(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What is written where the folder has a plain name."""
    home = tmp_path_factory.mktemp("wrote")
    shutil.copytree(plain / "people", home / "people")
    found = played(home, "duckdb")
    assert {"counted/counts.csv", "run/payment.csv", "worklist.csv", "breakdown.csv"} <= found.keys()
    return found


@pytest.mark.parametrize(
    ("name", "engine"), [*((name, "duckdb") for name in NAMES), *((name, "reference") for name in FEW)]
)
def test_the_folder_that_a_store_stands_in_changes_no_count(
    plain: Path, wrote: dict[str, bytes], tmp_path: Path, name: str, engine: str
) -> None:
    beside(tmp_path / "home", plain)
    home = tmp_path / "home" / name
    shutil.copytree(plain / "people", home / "people", dirs_exist_ok=True)
    out = home / "counted"
    said = remit("evaluate", SCHEME, "--records", home / "people", "--engine", engine, "--out", out)
    assert said.status == 0, said
    assert contents(out) == {k.removeprefix("counted/"): v for k, v in wrote.items() if k.startswith("counted/")}


@pytest.mark.parametrize("name", FEW)
def test_nor_does_it_change_what_any_other_command_writes(
    plain: Path, wrote: dict[str, bytes], tmp_path: Path, name: str
) -> None:
    beside(tmp_path / "home", plain)
    home = tmp_path / "home" / name
    shutil.copytree(plain / "people", home / "people")
    found = played(home, "duckdb")
    assert found.keys() == wrote.keys()
    assert {key for key in found if found[key] != wrote[key]} == set()


EVENTS_OF = {
    "extracts": ["2025-03,A1,2025-03-31"],
    "patients": ["A1,p1,1950-06-30,F,,,,", "A1,p2,1951-06-30,M,,,,"],
    "events": ["A1,p1,2025-03-01,1001,,,,", "A1,p2,2025-03-01,1001,7,kg,,"],
}
LATER = {**EVENTS_OF, "extracts": ["2025-05,A1,2025-05-31"], "events": ["A1,p1,2025-05-01,1001,,,,"]}


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("name", FEW)
def test_the_folder_of_an_extract_changes_nothing_that_is_imported(tmp_path: Path, name: str, form: str) -> None:
    stores = []
    for home in (tmp_path / "plain", tmp_path / "odd" / name):
        home.mkdir(parents=True, exist_ok=True)
        for folder, rows in (("march", EVENTS_OF), ("may", LATER)):
            extract = write_folder(home / folder, rows)
            if form == "parquet":
                as_parquet(extract / "events.csv")
            how = () if folder == "march" else ("--append",)
            said = remit("records", "import", extract, "--store", home / "store", "--keep-ids", *how)
            assert said.status == 0, said
        stores.append(contents(home / "store"))
    assert stores[0] == stores[1]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_folder_called_tilde_is_not_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """Paths from where one stands: `~/march` is the folder `~` here, and the other people at home are not read."""
    stands, home = tmp_path / "stands", tmp_path / "home"
    later = {**LATER, "patients": ["A1,p1,1930-01-01,F,,,,"]}
    for place, rows in ((stands / "~", EVENTS_OF), (stands / "plain", EVENTS_OF), (home, later)):
        place.mkdir(parents=True)
        extract = write_folder(place / "march", rows)
        if form == "parquet":
            as_parquet(extract / "events.csv")
    monkeypatch.chdir(stands)
    monkeypatch.setenv("HOME", str(home))
    wrote = []
    for name in ("plain", "~"):
        commands: Sequence[Sequence[str]] = (
            ("records", "import", f"{name}/march", "--store", f"{name}/store", "--keep-ids"),
            ("evaluate", SCHEME, "--records", f"{name}/store", "--on", "2025-03-31", "--out", f"{name}/counted"),
            ("breakdown", f"{name}/counted", "--by", "age", "--csv", f"{name}/breakdown.csv"),
            ("worklist", f"{name}/counted", "--records", f"{name}/store", "--practice", "A1", "--csv", f"{name}/w.csv"),
        )
        for words in commands:
            said = remit(*words)
            assert said.status == 0, (words, said)
        wrote.append(contents(stands / name))
    assert wrote[0] == wrote[1]
    assert [path.name for path in home.iterdir()] == ["march"]


def as_parquet(path: Path) -> None:
    """A CSV file as a Parquet file beside it, in its place."""
    columns = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    text = pa.csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False)
    with path.open("rb") as file:
        table = pa.csv.read_csv(file, convert_options=text)
    with path.with_suffix(".parquet").open("wb") as file:
        pq.write_table(table, file)
    path.unlink()


def test_each_column_of_a_store_is_among_the_names() -> None:
    """A column that a store gets later is tried too: it must not be taken from a folder either."""
    read = {column for layout in (EVENTS, PRESCRIPTIONS) for column in layout.names} - {"extract"}
    assert read <= {name.partition("=")[0] for name in NAMES}
    assert {*PATIENTS.names, *PRACTICES.names, *REGISTRATIONS.names}, "these are read by pyarrow, file by file"


@pytest.mark.parametrize("text", ["", "it's", "'; DROP TABLE patients; --", "a\0b", "\\'", "é\n{}%$1?", '"', "''"])
def test_a_text_in_sql_is_a_value(text: str) -> None:
    """Units and the words of rules come from others' files."""
    with dialect.connect() as connection:
        assert connection.execute(f"SELECT {dialect.literal(text)}").fetchall() == [(text,)]
        if "\0" not in text and text:
            quoted = dialect.quoted(text)
            assert connection.execute(f"SELECT 1 AS {quoted}").description[0][0] == text
