"""Kind: one id stands for many people, and makes one person of them: the records of the one decide on the other.

Systems write 9999999999, another repeated digit or a filler where a patient's NHS number is not known, and of most the
check digit holds. Here is every such id, in every file that has ids, in CSV and Parquet, with a key and with ids kept:
its rows are rejected with that reason; so is nobody else's, and nothing of theirs is counted.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_files.command import remit
from tests.faults.folders import held, imported, rows_of, write_folder
from tests.kinds.old_stores import with_cells
from tests.kinds.test_names_of_folders import as_parquet

from remit.core.problems import Refused
from remit.records.findings import FILLER, REJECTED
from remit.records.findings import TWO_BIRTHS as TWO_BIRTHS_FOUND
from remit.records.identity import OF_NOBODY, Identity
from remit.records.people_quality import import_warnings
from remit.records.quality import check_store
from remit.records.store import Store

KEY = b"0f1e2d3c4b5a69788796a5b4c3d2e1f0ABCDEFGH"
SOMEBODY = "9990000018"  # of the range for tests: 9×10+9×9+9×8+1×2 = 245 = 22×11 + 3, and 11 − 3 = 8

FILLERS = [
    *(digit * 10 for digit in "0123456789"),
    "0123456789",  # 0+9+16+21+24+25+24+21+16 = 156 = 14×11 + 2, and 11 − 2 = 9: the check digit holds
    "9876543210",  # 90+72+56+42+30+20+12+6+2 = 330 = 30×11, so 0: the check digit holds
    "1234567890", "0987654321",
    "2333455667",
]  # fmt: skip
SPELLINGS = ["999 999 9999", "999-999-9999", "9999999999 ", " 9999999999", "9999999999.0", "1E+10", "9.99E+09",
             "".join(chr(0xFF19) for _ in range(10))]  # fmt: skip
WORDS = ["UNKNOWN", "Unknown", "NULL", "NA", "N/A", "nan", "None"]


def tables(id_: str) -> dict[str, list[str]]:
    """Two people under one id, a man with diabetes and a woman with a good blood pressure; and somebody else."""
    return {
        "extracts": ["2025-03,X1,2025-03-31"],
        "practices": ["X1,,Example,1000,1000,,"],
        "patients": [f"X1,{id_},1950-01-01,M,,,,", f"X1,{id_},1990-01-01,F,,,,", f"X1,{SOMEBODY},1960-01-01,F,,,,"],
        "registrations": [f"X1,{id_},X1,2010-01-01,", f"X1,{id_},X1,2012-01-01,", f"X1,{SOMEBODY},X1,2010-01-01,"],
        "events": [f"X1,{id_},2015-01-01,38341003,,,,", f"X1,{id_},2024-11-01,271649006,120,mmHg,,a"],
        "prescriptions": [f"X1,{id_},2024-11-01,319996000,28,tablet"],
    }


def key_file(folder: Path) -> Path:
    (folder / "key").write_bytes(KEY)
    (folder / "key").chmod(0o600)
    return folder / "key"


@pytest.mark.parametrize("parquet", [False, True], ids=["csv", "parquet"])
@pytest.mark.parametrize("keyed", [True, False], ids=["key", "ids kept"])
@pytest.mark.parametrize("id_", [*FILLERS, *SPELLINGS])
def test_line_5_rows_of_a_placeholder_are_rejected(id_: str, keyed: bool, parquet: bool, tmp_path: Path) -> None:
    made = write_folder(tmp_path / "in", tables(id_))
    if parquet:
        for name in ("patients", "registrations", "events", "prescriptions"):
            as_parquet(made / f"{name}.csv")
    report = imported(made, tmp_path / "store", key=key_file(tmp_path) if keyed else None)
    lost = {table: count for table, count in report.rejected.items() if count}
    assert lost == {"patients": 2, "registrations": 2, "events": 2, "prescriptions": 1}
    assert report.rejected_file is not None
    assert {row.split(",", 3)[3] for row in rows_of(report.rejected_file)[1:]} == {OF_NOBODY}
    [one] = held(tmp_path / "store")["X1"]
    assert (one.born.year, one.events) == (1960, ())
    found = {(f.table, f.count) for f in check_store(Store(tmp_path / "store")).findings if f.code == REJECTED}
    assert found == {("patients", 2), ("registrations", 2), ("events", 2), ("prescriptions", 1)}


@pytest.mark.parametrize("word", WORDS)
def test_line_5_a_word_for_no_number_is_nobodys_id(word: str) -> None:
    for identity in (Identity(KEY), Identity()):
        with pytest.raises(ValueError, match=r"nobody's own|not a valid NHS number|missing"):
            identity(word)


@pytest.mark.parametrize("keyed", [True, False], ids=["key", "ids kept"])
def test_line_5_a_blank_is_nobodys_id(keyed: bool, tmp_path: Path) -> None:
    made = write_folder(tmp_path / "in", tables(""))
    with pytest.raises(Refused, match="2 of 2 rows cannot be stored") as refused:
        imported(made, tmp_path / "store", key=key_file(tmp_path) if keyed else None)
    assert "patient_id: is empty" in str(refused.value)
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("id_", ["9434765919", "9990000018", "4010232137", "4505577104"])
def test_line_5_a_number_that_somebody_can_have_is_kept(id_: str) -> None:
    """The last: 4×10+5×9+0+5×7+5×6+7×5+7×4+1×3+0 = 216 = 19×11 + 7, and 11 − 7 = 4."""
    assert len(Identity(KEY)(id_)) == 32


def test_line_5_where_all_are_of_nobody_nothing_is_stored(tmp_path: Path) -> None:
    rows = {name: [row for row in those if SOMEBODY not in row] for name, those in tables("9999999999").items()}
    with pytest.raises(Refused, match="none of the patients can be stored"):
        imported(write_folder(tmp_path / "in", rows), tmp_path / "store")
    assert not (tmp_path / "store").exists()


TWO_BIRTHS = "has several days of birth in the patients file: nobody can say whose the records of this id are"


def test_line_5_two_births_under_one_id_are_told_apart(tmp_path: Path) -> None:
    """No list has every filler: nobody can say whose the records of an id are that has two days of birth."""
    report = imported(write_folder(tmp_path / "in", tables("somebody")), tmp_path / "store")
    assert report.rejected_file is not None
    found = [row.split(",", 3) for row in rows_of(report.rejected_file)[1:]]
    assert {why for *_, why in found} == {TWO_BIRTHS}
    assert [file.partition(".")[0] for file, *_ in found] == [
        *["patients"] * 2, *["registrations"] * 2, *["events"] * 2, "prescriptions",
    ]  # fmt: skip
    assert len(held(tmp_path / "store")["X1"]) == 1
    [told] = [one for one in import_warnings(Store(tmp_path / "store")) if one.code == "records.two-births"]
    assert told.message.startswith("1 id has several days of birth in one extract: nobody can say whose")
    [one] = [one for one in check_store(Store(tmp_path / "store")).findings if one.code == TWO_BIRTHS_FOUND]
    assert (one.practice, one.count) == ("", 1)
    day = ("--on", "2025-03-31", "--out", tmp_path / "out")
    said = remit("evaluate", "qof-england-2024-25", "--records", tmp_path / "store", *day)
    assert said.status == 0
    assert "records.two-births" in said.err


def test_line_5_one_birth_twice_is_one_patient(tmp_path: Path) -> None:
    """The same row again says nothing of another person; nor does a day of birth that is not known."""
    both = ["X1,somebody,1950-01-01,M,,,,", "X1,somebody,1950-01-01,M,,,,", "X1,somebody,1900-01-01,M,,,,"]
    made = tables("somebody") | {"patients": both}
    imported(write_folder(tmp_path / "in", made), tmp_path / "store")
    store = Store(tmp_path / "store")
    assert store.partition("X1").rows("patients") == 1
    assert store.partition("X1").rows("events") == 2
    assert not [one for one in check_store(store).findings if one.code == TWO_BIRTHS_FOUND]


def test_line_5_two_births_in_a_later_extract_bring_nothing_to_the_patient_of_the_earlier(tmp_path: Path) -> None:
    first = tables("somebody")
    first["patients"] = [row for row in first["patients"] if "1990" not in row]
    imported(write_folder(tmp_path / "first", first), tmp_path / "store")
    later = tables("somebody") | {"extracts": ["2025-04,X1,2025-04-30"], "events": ["X1,somebody,2025-04-01,1001,,,,"]}
    imported(write_folder(tmp_path / "later", later), tmp_path / "store", mode="append")
    store = Store(tmp_path / "store")
    assert store.partition("X1").rows("patients") == 2
    assert "1001" not in store.table("X1", "events")["code"].to_pylist()


def test_line_5_two_births_at_two_practices_are_told(tmp_path: Path) -> None:
    one = tables("somebody") | {"extracts": ["2025-03,X1,2025-03-31", "2025-03,X2,2025-03-31"]}
    one["patients"] = [one["patients"][0], one["patients"][1].replace("X1", "X2"), one["patients"][2]]
    imported(write_folder(tmp_path / "in", one), tmp_path / "store")
    store = Store(tmp_path / "store")
    [told] = [one for one in import_warnings(store) if one.code == "records.two-births"]
    assert told.message.startswith("2 patients of X1, X2 have another day of birth at another practice")
    found = [one for one in check_store(store).findings if one.code == TWO_BIRTHS_FOUND]
    assert [(one.practice, one.count) for one in found] == [("X1", 1), ("X2", 1)]


@pytest.mark.parametrize("pseudonym", ["UNKNOWN", "null", "N/A", "9999999999", "999-999-9999"])
def test_line_5_no_claim_is_nobodys(pseudonym: str, tmp_path: Path) -> None:
    """Two claims for two people, of whom none is known, would be one claim and its double."""
    (tmp_path / "practices.csv").write_text("practice_code,practice_name,list_size\nA1,Example,1000\n")
    rows = "".join(f"A1,{pseudonym},LEVEL3,2024-Q1,2024-05-0{n}\n" for n in (1, 2))
    (tmp_path / "claims.csv").write_text("practice_code,pseudonym,item,quarter,date\n" + rows)
    words: list[str | Path] = ["run", "anticoagulation-joint-staffordshire", "--practices", tmp_path / "practices.csv"]
    said = remit(*words, "--claims", tmp_path / "claims.csv", "--out", tmp_path / "out")
    assert said.status == 1
    assert ("claims.pseudonym-like-nhs-number" if "9" in pseudonym else "claims.pseudonym-of-nobody") in said.err


def test_line_5_the_check_finds_a_placeholder_that_an_earlier_version_kept(tmp_path: Path) -> None:
    made = tables("somebody")
    made["patients"] = [row for row in made["patients"] if "1990" not in row]
    imported(write_folder(tmp_path / "in", made), tmp_path / "store")
    with_cells(tmp_path / "store", "X1", "patients", "patient_id", lambda id_: "9" * 10 if id_ == "somebody" else id_)
    findings = check_store(Store(tmp_path / "store")).findings
    assert [(f.table, f.count) for f in findings if f.code == FILLER] == [("patients", 1)]
