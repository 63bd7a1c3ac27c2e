"""Small folders to import, written by the tests themselves, and what a store then holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from remit.records.import_state import Mode, Report
from remit.records.importing import import_records
from remit.records.model import Patient
from remit.records.store import Store

HEADERS = {
    "extracts": "extract_id,practice_code,last_day",
    "practices": "practice_code,since,practice_name,list_size,weighted_list_size,place_code,network_code",
    "patients": "practice_code,patient_id,birth_date,sex,death_date,ethnicity,deprivation_decile,flags",
    "registrations": "practice_code,patient_id,registered_at,start_date,end_date",
    "events": "practice_code,patient_id,date,code,value,unit,episode,reading",
    "prescriptions": "practice_code,patient_id,date,code,quantity,unit",
}
SMALL: dict[str, list[str]] = {
    "extracts": ["2025-03,A1,2025-03-31", "2025-03,B2,2025-03-28"],
    "practices": ["A1,2024-04-01,Ash Surgery,9000,9100.25,cannock,N1", "B2,,Birch Surgery,,,,"],
    "patients": [
        "A1,p1,1950-06-30,F,,A,3,accessible-information;carer",
        "A1,p2,1980-01-01,M,2025-01-02,,,",
        "B2,p1,1950-06-30,F,,A,3,",
    ],
    "registrations": ["A1,p1,B2,2001-01-01,2019-12-31", "A1,p1,A1,2020-01-01,", "A1,p2,A1,1999-09-09,2025-01-02",
                      "B2,p1,B2,2001-01-01,2019-12-31"],
    "events": [
        "A1,p1,2024-05-01,271649006,138,mmHg,,r1",
        "A1,p1,2024-05-01,271650006,88.50,mmHg,,r1",
        "A1,p1,2010-02-03,38341003,,,first,",
        "A1,p2,2024-12-24,1001,0.000001,mmol/L,,",
        "B2,p1,2010-02-03,38341003,,,first,",
    ],
    "prescriptions": ["A1,p1,2024-04-30,319996000,28,tablet"],
}  # fmt: skip


def write_folder(folder: Path, tables: Mapping[str, Sequence[str]] = SMALL, **changed: Sequence[str]) -> Path:
    """Write a folder to import, each table below its usual header."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in {**tables, **changed}.items():
        (folder / f"{name}.csv").write_text("\n".join([HEADERS[name], *rows]) + "\n", encoding="utf-8")
    return folder


def imported(folder: Path, store: Path, mode: Mode = "add", key: Path | None = None) -> Report:
    return import_records(folder, store, key_file=key, keep_ids=key is None, mode=mode)


def held(store: Path) -> dict[str, list[Patient]]:
    """All that the interpreter would see of a store."""
    opened = Store(store)
    return {code: list(opened.patients(code)) for code in opened.codes}


def rows_of(rejected: Path) -> list[str]:
    return rejected.read_text(encoding="utf-8").splitlines()
