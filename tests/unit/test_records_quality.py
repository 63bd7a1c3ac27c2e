"""Each kind of finding, planted by hand and counted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.bad_files.command import assert_refused, remit
from tests.faults.folders import SMALL, imported, write_folder

from remit.core.problems import Refused
from remit.records import findings as quality
from remit.records.quality import check_store, read_value_limits
from remit.records.store import Store
from remit.records.value_quality import reading_of
from remit.rules.definitions import shipped
from remit.terminology.sets import demonstration


def found(tmp_path: Path, **tables: list[str]) -> dict[tuple[str, str], tuple[int, str]]:
    """The findings of practice A1: (kind, table) -> (count, about)."""
    imported(write_folder(tmp_path / "in", {**SMALL, **tables}), tmp_path / "store")
    checked = check_store(Store(tmp_path / "store"), {"38341003", "271649006"})
    return {(f.code, f.table): (f.count, f.about) for f in checked.findings if f.practice == "A1"}


def test_nothing_is_found_where_nothing_is_wrong(tmp_path: Path) -> None:
    imported(write_folder(tmp_path / "in"), tmp_path / "store")
    store = Store(tmp_path / "store")
    assert [f for f in check_store(store, on=date(2025, 3, 28)).findings if f.practice == "A1"] == []
    assert check_store(store).findings == []


def test_an_extract_that_stops_before_the_achievement_date_is_provisional(tmp_path: Path) -> None:
    imported(write_folder(tmp_path / "in"), tmp_path / "store")
    checked = check_store(Store(tmp_path / "store"), on=date(2025, 3, 31))
    assert [(f.code, f.practice) for f in checked.findings] == [(quality.PROVISIONAL, "B2")]


def test_dates_before_birth_and_after_the_extract(tmp_path: Path) -> None:
    events = ["A1,p1,1950-06-29,38341003,,,,", "A1,p1,1950-06-30,38341003,,,,", "A1,p1,2025-03-31,38341003,,,,",
              "A1,p1,2025-04-01,38341003,,,,"]  # fmt: skip
    patients = [*SMALL["patients"], "A1,p3,2025-04-01,F,,,,", "A1,p4,2000-01-02,F,2000-01-01,,,"]
    got = found(tmp_path, events=events, patients=patients)
    assert got[quality.UNBORN, "events"][0] == 1
    assert got[quality.FUTURE, "events"][0] == 1
    assert got[quality.FUTURE, "patients"] == (1, "birth_date")
    assert got[quality.UNBORN, "patients"] == (1, "death_date")
    assert got[quality.UNREGISTERED, "registrations"][0] == 2


def test_the_same_row_twice(tmp_path: Path) -> None:
    events = [SMALL["events"][0]] * 3 + [SMALL["events"][2]] * 2 + ["A1,p1,2010-02-03,38341003,,,new,"]
    assert found(tmp_path, events=events)[quality.DOUBLE, "events"][0] == 3


def test_unknown_codes_are_counted_and_named(tmp_path: Path) -> None:
    got = found(tmp_path)
    assert got[quality.UNKNOWN, "events"] == (2, "1001 (1), 271650006 (1)")
    assert got[quality.UNKNOWN, "prescriptions"] == (1, "319996000 (1)")


@pytest.mark.parametrize(
    ("values", "count"),
    [(["20", "350"], 0), (["19.999999", "350.000001"], 2), (["1380"], 1), (["0", "138"], 1)],
)
def test_impossible_values(tmp_path: Path, values: list[str], count: int) -> None:
    events = [f"A1,p1,2024-05-01,271649006,{value},mmHg,,{value}" for value in values]
    assert found(tmp_path, events=events).get((quality.IMPOSSIBLE, "events"), (0,))[0] == count


def test_a_bound_of_a_unit_holds_for_every_test_in_it(tmp_path: Path) -> None:
    """Sodium of 140 mmol/L is usual, cholesterol of 190 mmol/L is mg/dL; a pressure is one in both spellings."""
    events = ["A1,p1,2024-05-01,1000661000000107,140,mmol/L,,", "A1,p1,2024-05-02,1005671000000105,190,mmol/L,,",
              "A1,p1,2024-05-03,271649006,1380,mm[Hg],,"]  # fmt: skip
    imported(write_folder(tmp_path / "in", events=events), tmp_path / "store")
    checked = check_store(Store(tmp_path / "store"), reading=reading_of(shipped(), demonstration()))
    assert [f.about for f in checked.findings if f.code == quality.IMPOSSIBLE] == [
        "BPSYS_COD, outside 20 to 350 mm[Hg]: 271649006 (1)",
        "CHOL2_COD, outside 0.1 to 100 mmol/L: 1005671000000105 (1)",
    ]


def test_a_bound_of_ones_own_goes_before_the_units(tmp_path: Path) -> None:
    (tmp_path / "bounds.csv").write_text("unit,lowest,highest,code\nmmHg,60,200,271649006\n")
    events = ["A1,p1,2024-05-01,271649006,59,mmHg,,", "A1,p1,2024-05-01,271650006,59,mmHg,,",
              "A1,p1,2024-05-01,1001,-1,score,,"]  # fmt: skip
    imported(write_folder(tmp_path / "in", events=events), tmp_path / "store")
    checked = check_store(Store(tmp_path / "store"), value_limits=read_value_limits(tmp_path / "bounds.csv"))
    assert [(f.count, f.about) for f in checked.findings if f.code == quality.IMPOSSIBLE] == [
        (1, "271649006, outside 60 to 200 mmHg: 271649006 (1)"),
        (1, "below 0: 1001 (1)"),
    ]


def test_units(tmp_path: Path) -> None:
    events = ["A1,p1,2024-05-01,1001,5,mmol/L,,", "A1,p1,2024-05-02,1001,5,mg/dL,,", "A1,p1,2024-05-03,1001,5,,,",
              "A1,p1,2024-05-03,1002,,,,"]  # fmt: skip
    got = found(tmp_path, events=events)
    assert got[quality.UNITS, "events"] == (1, "1001 (1)")
    assert got[quality.NO_UNIT, "events"][0] == 1


def test_registrations(tmp_path: Path) -> None:
    patients = [f"A1,p{n},1950-01-01,F,,,," for n in range(1, 8)]
    registrations = [
        "A1,p1,B2,2001-01-01,2009-12-31", "A1,p1,A1,2010-01-01,",  # the next day: no gap
        "A1,p2,B2,2001-01-01,2009-12-30", "A1,p2,A1,2010-01-01,",  # a day between
        "A1,p3,B2,2001-01-01,2010-01-01", "A1,p3,A1,2010-01-01,",  # the same day twice
        "A1,p4,B2,2001-01-01,", "A1,p4,A1,2010-01-01,",  # an earlier stay that did not end
        "A1,p5,B2,2001-01-01,",
        "A1,p6,A1,2010-01-01,2009-01-01",
    ]  # fmt: skip
    got = found(tmp_path, patients=patients, registrations=registrations, events=[], prescriptions=[])
    assert {kind: count for (kind, _), (count, _) in got.items()} == {
        quality.GAP: 1,
        quality.OVERLAP: 2,
        quality.ELSEWHERE: 1,
        quality.BACKWARDS: 1,
        quality.UNREGISTERED: 1,
    }


def test_readings(tmp_path: Path) -> None:
    events = [*SMALL["events"][:2], "A1,p1,2024-06-01,271649006,140,mmHg,,r2",
              "A1,p1,2024-07-01,271649006,140,mmHg,,r3",
              "A1,p1,2024-07-02,271650006,80,mmHg,,r3", "A1,p2,2024-07-02,271650006,80,mmHg,,r1"]  # fmt: skip
    got = found(tmp_path, events=events)
    assert got[quality.HALF, "events"][0] == 2, "r2 of p1, and r1 of p2, which is not p1's"
    assert got[quality.APART, "events"][0] == 1


def test_rows_whose_patient_was_deleted(tmp_path: Path) -> None:
    store = tmp_path / "store"
    march = write_folder(tmp_path / "march")
    imported(march, store)
    later = {"extracts": ["2025-04,A1,2025-04-30"], "patients": ["A1,p2,1980-01-01,M,,,,"],
             "events": ["A1,p1,2025-04-09,1001,,,,"]}  # fmt: skip
    imported(write_folder(tmp_path / "april", later), store, "append")
    imported(write_folder(tmp_path / "gone", extracts=["2025-03,A1,2025-03-31"]), store, "delete")
    findings = check_store(Store(store)).findings
    assert [(f.code, f.count) for f in findings if f.table == "events"] == [(quality.ORPHAN, 1)]


def test_a_changed_file_is_an_error_and_names_the_file(tmp_path: Path) -> None:
    imported(write_folder(tmp_path / "in"), tmp_path / "store")
    [events] = (tmp_path / "store" / "practice=A1").glob("events-*.parquet")
    data = bytearray(events.read_bytes())
    data[len(data) // 3] ^= 1
    events.write_bytes(data)
    (tmp_path / "store" / "practice=B2" / "events-000001.parquet").unlink()
    with pytest.raises(Refused) as refused:
        check_store(Store(tmp_path / "store"))
    assert "events-000001.parquet: was changed or damaged" in str(refused.value)
    assert "is missing" in str(refused.value)


def test_the_report_names_no_patient(tmp_path: Path) -> None:
    tables = {name: [row.replace(",p1,", ",Patient-One,") for row in rows] for name, rows in SMALL.items()}
    tables["events"] += ["A1,Patient-One,1901-01-01,38341003,,,,"]
    imported(write_folder(tmp_path / "in", tables), tmp_path / "store")
    said = remit("records", "check", tmp_path / "store", "--on", "2025-03-31", "--html", tmp_path / "q.html")
    assert said.status == 0, said.err
    page = (tmp_path / "q.html").read_text(encoding="utf-8")
    for text in (said.out, page):
        assert "Patient-One" not in text
        assert "Dated before birth" in text
        assert "Provisional" in text
    assert_refused(remit("records", "check", tmp_path / "store", "--html", tmp_path / "q.html"), "--replace")
    assert_refused(remit("records", "check", tmp_path / "store", "--practice", "A2"), "Did you mean", "A1")
    assert_refused(remit("records", "check", tmp_path / "store", "--on", "31/03/2025"), "2025-03-31")
