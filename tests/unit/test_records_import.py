"""What an import stores, rejects, pseudonymises, and what the modes do; expected values are written out by hand."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from tests.faults.folders import HEADERS, SMALL, held, imported, rows_of, write_folder

from remit.core.problems import Refused
from remit.records.identity import Identity, read_identity
from remit.records.layout import BY_NAME, EVENTS
from remit.records.model import Event, Patient, Registration
from remit.records.store import Store

KEY = b"0123456789abcdef0123456789abcdef"
NUMBERS = ("9434765919", "9990000018")  # check digits worked out by hand below


def key_file(folder: Path) -> Path:
    (folder / "key").write_bytes(KEY + b"\n")
    return folder / "key"


def parquet_bytes(store: Path) -> dict[str, bytes]:
    return {str(path.relative_to(store)): path.read_bytes() for path in sorted(store.rglob("*.parquet"))}


def test_what_is_read_comes_back_exactly(tmp_path: Path) -> None:
    report = imported(write_folder(tmp_path / "in"), tmp_path / "store")
    assert report.read == report.stored == {
        "patients": 3, "registrations": 4, "events": 5, "prescriptions": 1, "practices": 2
    }  # fmt: skip
    assert held(tmp_path / "store") == {
        "A1": [
            Patient(
                "p1",
                "A1",
                date(1950, 6, 30),
                "F",
                None,
                (Registration("B2", date(2001, 1, 1), date(2019, 12, 31)), Registration("A1", date(2020, 1, 1))),
                (
                    Event(date(2010, 2, 3), "38341003", episode="first"),
                    Event(date(2024, 4, 30), "319996000", Decimal(28), "tablet"),
                    Event(date(2024, 5, 1), "271649006", Decimal(138), "mmHg", reading="r1"),
                    Event(date(2024, 5, 1), "271650006", Decimal("88.5"), "mmHg", reading="r1"),
                ),
                "A",
                3,
                frozenset({"accessible-information", "carer"}),
            ),
            Patient(
                "p2",
                "A1",
                date(1980, 1, 1),
                "M",
                date(2025, 1, 2),
                (Registration("A1", date(1999, 9, 9), date(2025, 1, 2)),),
                (Event(date(2024, 12, 24), "1001", Decimal("0.000001"), "mmol/L"),),
            ),
        ],
        "B2": [
            Patient(
                "p1",
                "B2",
                date(1950, 6, 30),
                "F",
                None,
                (Registration("B2", date(2001, 1, 1), date(2019, 12, 31)),),
                (Event(date(2010, 2, 3), "38341003", episode="first"),),
                "A",
                3,
            )
        ],
    }


def test_a_value_is_shown_without_filling_zeros(tmp_path: Path) -> None:
    rows = [f"A1,p2,2024-01-0{n},c,{v},," + "," for n, v in enumerate(["100", "58.0", "7.250000", "-3"], 1)]
    imported(write_folder(tmp_path / "in", events=rows), tmp_path / "store")
    assert [str(e.value) for e in held(tmp_path / "store")["A1"][1].events] == ["100", "58", "7.25", "-3"]


def test_patients_are_read_with_some_codes_alone(tmp_path: Path) -> None:
    """Every patient is there, with the records of those codes and no others."""
    imported(write_folder(tmp_path / "in"), tmp_path / "store")
    store = Store(tmp_path / "store")
    every = list(store.patients("A1"))
    code = next(event.code for one in every for event in one.events)
    some = list(store.patients("A1", {code}))
    assert [one.id for one in some] == [one.id for one in every]
    assert [one.events for one in some] == [tuple(e for e in one.events if e.code == code) for one in every]


def test_the_order_of_rows_and_of_columns_does_not_matter(tmp_path: Path) -> None:
    imported(write_folder(tmp_path / "one"), tmp_path / "a")
    other = write_folder(tmp_path / "two", {name: rows[::-1] for name, rows in SMALL.items()})
    lines = [line.split(",") for line in (other / "patients.csv").read_text().splitlines()]
    turned = "\r\n".join(",".join(['"further, column"', *line[::-1]]) for line in lines)
    for here, there in (
        ("practice_code", "Practice Code"),
        ("accessible-information;carer", "carer; accessible-information"),
    ):
        assert here in turned
        turned = turned.replace(here, there)
    (other / "patients.csv").write_bytes(b"\xef\xbb\xbf" + turned.encode())
    imported(other, tmp_path / "b")
    assert parquet_bytes(tmp_path / "a") == parquet_bytes(tmp_path / "b")


@pytest.mark.parametrize("typed", [False, True])
def test_parquet_gives_the_same_store_as_csv(tmp_path: Path, typed: bool) -> None:
    imported(write_folder(tmp_path / "csv"), tmp_path / "a")
    folder = write_folder(tmp_path / "parquet")
    for path in sorted(folder.glob("*.csv")):
        if path.stem == "extracts":
            continue
        text = pa.csv.ConvertOptions(column_types=dict.fromkeys(HEADERS[path.stem].split(","), pa.string()))
        table = pa.csv.read_csv(path, convert_options=text)
        if typed:
            for n, name in enumerate(table.column_names):
                if name in BY_NAME[path.stem].names:
                    column = pa.array([cell or None for cell in table[name].to_pylist()], pa.string())
                    table = table.set_column(n, name, column.cast(BY_NAME[path.stem].column(name).type))
        pq.write_table(table, path.with_suffix(".parquet"))
        path.unlink()
    imported(folder, tmp_path / "b")
    assert parquet_bytes(tmp_path / "a") == parquet_bytes(tmp_path / "b")


def test_binary_floating_point_is_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "in")
    (folder / "events.csv").unlink()
    row = {"practice_code": ["A1"], "patient_id": ["p1"], "date": ["2024-01-01"], "code": ["c"], "value": [0.1]}
    pq.write_table(pa.table(row), folder / "events.parquet")
    with pytest.raises(Refused, match="value holds binary floating-point numbers"):
        imported(folder, tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_read_is_stored_and_rejected_with_the_row_of_the_file(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path / "in",
        patients=[
            *SMALL["patients"],
            "A1,p3,1950-13-01,F,,,,",
            "A1,p4,,F,,,,",
            "A1,p1,1950-06-30,M,,,,",
            "A1,p5,1950-01-01,female,,,,",
        ],
        events=[
            "A1,p1,2024-05-01,271649006,5/6,mmHg,,",
            "",
            "A1,p1,2024-05-01,271649006,5",
            'A1,p1,2024-05-01,"271649006",5,mmHg,,',
            "A1,p3,2024-05-01,271649006,5,mmHg,,",
            "C3,p1,2024-05-01,271649006,5,mmHg,,",
            "A1,p1,2023-02-29,271649006,5,mmHg,,",
            "A1,p1,2024-05-01,2.71649E+14,5,mmHg,,",
            "A1,p1,01/05/2024,271649006,0.1234567,mmHg,,",
            "A1,p1,2024-05-01,271649006,0.1234560,mmHg,,",
            "A1,p1,2024-05-01,271649006,5,mmHg,again,",
        ],
    )
    report = imported(folder, tmp_path / "store")
    assert (report.read["events"], report.stored["events"], report.rejected["events"]) == (10, 4, 6)
    assert (report.read["patients"], report.stored["patients"], report.rejected["patients"]) == (7, 4, 3)
    assert report.rejected_file is not None
    assert sorted(rows_of(report.rejected_file)) == sorted([
        "file,row,column,reason",
        "patients.csv,5,birth_date,there is no such day",
        "patients.csv,6,birth_date,is empty",
        'patients.csv,7,patient_id,is listed twice: row 2 is the same by patient_id',
        "events.csv,4,,the row has 5 cells where the header has 8",
        'events.csv,6,patient_id,"the practice has no such patient: none is in the patients file, or that row was '
        'rejected"',
        "events.csv,7,practice_code,extracts.csv names no extract of this practice",
        "events.csv,8,date,there is no such day",
        'events.csv,9,code,"expected a code, found a number that a spreadsheet shortened: export the codes as text"',
        "events.csv,10,date,expected a date written as 2025-03-31",
    ])  # fmt: skip
    assert report.unread_file is not None
    assert rows_of(report.unread_file) == [
        "file,row,column,reason",
        "events.csv,2,value,expected a number of at most 12 digits and 6 decimals",
        'events.csv,12,episode,"expected first, new, continuing or ended"',
    ]


@pytest.mark.parametrize("other_first", [False, True])
@pytest.mark.parametrize(("shorter", "longer"), [("2021-06-30", "2024-01-31"), ("2024-01-31", "")])
def test_of_two_stays_that_begin_on_one_day_the_one_that_lasts_longer_stands(
    tmp_path: Path, shorter: str, longer: str, other_first: bool
) -> None:
    """Rows 2 and 3 of the file, in either order: an open stay lasts longest, and the other row is rejected."""
    ends = (longer, shorter) if other_first else (shorter, longer)
    folder = write_folder(tmp_path / "in", registrations=[f"A1,p1,A1,2020-01-01,{end}" for end in ends], events=[])
    report = imported(folder, tmp_path / "store")
    until = date.fromisoformat(longer) if longer else None
    assert held(tmp_path / "store")["A1"][0].registrations == (Registration("A1", date(2020, 1, 1), until),)
    gone, stands = (3, 2) if other_first else (2, 3)
    assert report.rejected_file is not None
    same = f"is listed twice: row {stands} is the same by patient_id, registered_at and start_date"
    assert rows_of(report.rejected_file)[1:] == [f'registrations.csv,{gone},patient_id,"{same}"']


def test_an_nhs_number_becomes_a_keyed_hash_and_is_nowhere_in_the_store(tmp_path: Path) -> None:
    # 943 476 5919: 9×10+4×9+3×8+4×7+7×6+6×5+5×4+9×3+1×2 = 299 = 27×11 + 2, and 11 - 2 = 9.
    # 999 000 0018: 9×10+9×9+9×8+0+0+0+0+0+1×2 = 245 = 22×11 + 3, and 11 - 3 = 8.
    real = {"p1": NUMBERS[0], "p2": NUMBERS[1]}

    def with_numbers(row: str) -> str:
        for id_, number in real.items():
            row = row.replace(f",{id_},", f",{number},")
        return row

    tables = {name: [with_numbers(row) for row in rows] for name, rows in SMALL.items()}
    tables["patients"][2] = tables["patients"][2].replace(NUMBERS[0], "943 476 5919")
    tables["patients"].append("A1,9434765918,1950-01-01,F,,,,")  # another check digit
    tables["events"].append(f"A1,9434765918,2024-01-01,{NUMBERS[0]},{NUMBERS[0]}00000,,,")
    tables["events"].append(f"A1,{NUMBERS[0]},{NUMBERS[0]},c,,,,")
    folder = write_folder(tmp_path / "in", tables)
    report = imported(folder, tmp_path / "store", key=key_file(tmp_path))
    expected = [hmac.new(KEY, number.encode(), hashlib.sha256).hexdigest()[:32] for number in NUMBERS]
    found = held(tmp_path / "store")
    assert [p.id for p in found["A1"]] == sorted(expected)
    assert [p.id for p in found["B2"]] == expected[:1], "the same person in another practice"
    assert (report.rejected["patients"], report.rejected["events"]) == (1, 2)
    whole = b"".join(path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file())
    for secret in (*NUMBERS, "9434765918", KEY.decode()):
        assert secret.encode() not in whole


def test_a_key_is_asked_for_and_must_not_be_in_the_store(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with pytest.raises(Refused, match="there is no key"):
        read_identity(None, False, store)
    store.mkdir()
    for place, content, words in (
        (store / "key", KEY, "must not be in the store"),
        (tmp_path / "short", b"secret", "is not a safe key"),
        (tmp_path / "same", b"a" * 64, "is not a safe key"),
    ):
        place.write_bytes(content)
        with pytest.raises(Refused, match=words):
            read_identity(place, False, store)
    with pytest.raises(Refused, match="there is no such file"):
        read_identity(tmp_path / "none", False, store)
    assert read_identity(key_file(tmp_path), False, store) == Identity(KEY)


def test_another_key_is_refused(tmp_path: Path) -> None:
    store, folder = tmp_path / "store", write_folder(tmp_path / "in")
    imported(folder, store)
    before = parquet_bytes(store)
    with pytest.raises(Refused, match="keeps ids as they are"):
        imported(folder, store, "replace", key_file(tmp_path))
    assert parquet_bytes(store) == before


def test_when_no_patient_can_be_stored_nothing_is(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="none of the patients can be stored") as refused:
        imported(write_folder(tmp_path / "in"), tmp_path / "store", key=key_file(tmp_path))
    assert "is not a valid NHS number" in str(refused.value)
    assert not (tmp_path / "store").exists()


APRIL = {
    "extracts": ["2025-04,A1,2025-04-30"],
    "patients": ["A1,p2,1980-01-01,M,2025-01-03,,,", "A1,p9,2000-02-29,U,,,,"],
    "registrations": ["A1,p1,A1,2020-01-01,2025-04-15", "A1,p9,A1,2025-04-02,"],
    "events": ["A1,p1,2024-05-01,271649006,138,mmHg,,r1", "A1,p1,2025-04-09,271649006,129,mmHg,,",
               "A1,p9,2025-04-09,1001,,,,"],
}  # fmt: skip


def test_append_adds_and_the_latest_extract_stands(tmp_path: Path) -> None:
    store = tmp_path / "store"
    imported(write_folder(tmp_path / "march"), store)
    before = held(store)
    report = imported(write_folder(tmp_path / "april", APRIL), store, "append")
    assert report.read == report.stored
    after = held(store)
    one, two, nine = after["A1"]
    assert two.died == date(2025, 1, 3), "corrected by the later extract"
    assert nine.events == (Event(date(2025, 4, 9), "1001"),)
    assert one.registrations[-1] == Registration("A1", date(2020, 1, 1), date(2025, 4, 15))
    assert [e.code for e in one.events].count("271649006") == 2, "what both extracts say is said once"
    assert after["B2"] == before["B2"]
    assert Store(store).last_day("A1") == date(2025, 4, 30)
    assert Store(store).last_day("B2") == date(2025, 3, 28)
    assert Store(store).last_day("C3") is None


def test_of_what_two_extracts_say_the_earlier_record_and_the_later_patient_stand(tmp_path: Path) -> None:
    """A record has no key: what both say was known in March. A patient has: what April says of them is newer."""
    store = tmp_path / "store"
    imported(write_folder(tmp_path / "march"), store)
    imported(write_folder(tmp_path / "april", APRIL), store, "append")

    def extracts(name: str, **of: str) -> list[str]:
        [path] = (store / "practice=A1").glob(f"{name}-*.parquet")
        rows = pq.read_table(path).to_pylist()
        return [row["extract"] for row in rows if all(row[column] == value for column, value in of.items())]

    both = {"patient_id": "p1", "code": "271649006"}
    assert extracts("events", **both) == ["2025-03", "2025-04"], "of May 2024 in March's, of April 2025 in April's"
    assert extracts("events.superseded", **both) == ["2025-04"], "April's row of May 2024"
    assert extracts("patients", patient_id="p2") == ["2025-04"]
    assert extracts("patients.superseded", patient_id="p2") == ["2025-03"]


def test_an_older_extract_that_comes_later_is_still_the_older(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    march, april = write_folder(tmp_path / "march"), write_folder(tmp_path / "april", APRIL)
    imported(march, one)
    imported(april, one, "append")
    imported(write_folder(tmp_path / "whole_april", {**APRIL, "events": [], "registrations": []}), other)
    imported(march, other, "append")
    assert held(one)["A1"][1].died == held(other)["A1"][1].died == date(2025, 1, 3)


def test_delete_takes_an_extract_out_as_if_it_had_never_been(tmp_path: Path) -> None:
    store = tmp_path / "store"
    imported(write_folder(tmp_path / "march"), store)
    before = held(store)
    april = write_folder(tmp_path / "april", APRIL)
    imported(april, store, "append")
    imported(april, store, "delete")
    assert held(store) == before
    imported(write_folder(tmp_path / "march"), store, "delete")
    assert held(store) == {}
    assert list(store.glob("practice=*")) == []


def test_correct_puts_an_extract_in_place_of_the_one_of_its_id(tmp_path: Path) -> None:
    store = tmp_path / "store"
    imported(write_folder(tmp_path / "march"), store)
    imported(write_folder(tmp_path / "april", APRIL), store, "append")
    again = {**APRIL, "events": ["A1,p9,2025-04-10,1001,,,,"]}
    imported(write_folder(tmp_path / "again", again), store, "correct")
    assert held(store)["A1"][2].events == (Event(date(2025, 4, 10), "1001"),)
    assert [e.id for e in Store(store).partition("A1").extracts] == ["2025-03", "2025-04"]
    fresh = tmp_path / "fresh"
    imported(write_folder(tmp_path / "march"), fresh)
    imported(write_folder(tmp_path / "again", again), fresh, "append")
    assert held(store) == held(fresh)


def test_replace_puts_an_extract_in_place_of_all_of_its_practices(tmp_path: Path) -> None:
    store = tmp_path / "store"
    imported(write_folder(tmp_path / "march"), store)
    imported(write_folder(tmp_path / "april", {**APRIL, "registrations": [], "events": []}), store, "replace")
    assert [p.id for p in held(store)["A1"]] == ["p2", "p9"]
    assert [p.id for p in held(store)["B2"]] == ["p1"], "another practice stays"
    named = set(Store(store).manifest.listed(store))
    assert {str(path.relative_to(store)) for path in store.rglob("*.parquet")} == named


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("add", "already holds records of practice A1, B2"),
        ("append", "already holds extract 2025-03 of practice A1, B2"),
    ],
)
def test_the_same_extract_is_not_taken_twice_unawares(tmp_path: Path, mode: str, words: str) -> None:
    store, folder = tmp_path / "store", write_folder(tmp_path / "in")
    imported(folder, store)
    before = parquet_bytes(store)
    with pytest.raises(Refused, match=words):
        imported(folder, store, mode)  # type: ignore[arg-type]
    assert parquet_bytes(store) == before


@pytest.mark.parametrize("mode", ["correct", "delete"])
def test_an_extract_that_is_not_there_is_neither_corrected_nor_deleted(tmp_path: Path, mode: str) -> None:
    store = tmp_path / "store"
    imported(write_folder(tmp_path / "in"), store)
    with pytest.raises(Refused, match=r"holds no extract 2025-04 of practice A1\. It holds 2025-03"):
        imported(write_folder(tmp_path / "april", APRIL), store, mode)  # type: ignore[arg-type]


def test_ids_that_are_kept_and_look_real_are_counted(tmp_path: Path) -> None:
    # 401 023 2137: 4×10+0+1×8+0+2×6+3×5+2×4+1×3+3×2 = 92 = 8×11 + 4, and 11 - 4 = 7.
    tables = {name: [row.replace(",p1,", ",4010232137,").replace(",p2,", f",{NUMBERS[1]},") for row in rows]
              for name, rows in SMALL.items()}  # fmt: skip
    assert imported(write_folder(tmp_path / "in", tables), tmp_path / "store").looks_real == 2


def test_a_practice_is_as_its_dated_rows_say(tmp_path: Path) -> None:
    rows = ["A1,2024-04-01,Ash Surgery,9000,9100.25,cannock,N1", "A1,2025-01-01,Ash Surgery,9050,9200,cannock,N2",
            "A1,,Old Ash,,,,"]  # fmt: skip
    imported(write_folder(tmp_path / "in", practices=rows), tmp_path / "store")
    store = Store(tmp_path / "store")
    assert store.practices()["A1"].network == "N2"
    assert store.practices(date(2024, 12, 31))["A1"].weighted_list_size == Decimal("9100.25")
    assert store.practices(date(2000, 1, 1))["A1"].name == "Old Ash"
    assert store.practices()["B2"].name == ""


def test_no_nhs_number_comes_in_as_the_identity_of_a_reading() -> None:
    """4×10 + 0×9 + 1×8 + 0×7 + 2×6 + 3×5 + 2×4 + 1×3 + 3×2 = 92, and 11 − 92 mod 11 = 7: 401 023 2137 is valid."""
    read = EVENTS.column("reading").read
    assert read("bp-17") == "bp-17"
    with pytest.raises(ValueError, match="form of an NHS number"):
        read("4010232137")
