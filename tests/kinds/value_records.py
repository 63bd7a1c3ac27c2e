"""Made-up records with values, for the tables of values, units and comparators: people of practice A1, who has diabetes
since 2015, and what an evaluation of them comes to."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from html import unescape
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from tests.bad_files.command import remit

HBA, SYS, DIA = "999791000000106", "271649006", "271650006"
LDL, BMI = "demo:LDLCCHOL_COD-1", "demo:BMIVAL_COD-1"
UNIT = {HBA: "mmol/mol", SYS: "mmHg", DIA: "mmHg", LDL: "mmol/L", BMI: "kg/m2"}
DIABETES, HYPERTENSION, CHD = "44054006", "38341003", "53741008"
COLUMNS = ("practice_code", "patient_id", "date", "code", "value", "unit", "reading", "comparator")
Person = Sequence[Mapping[str, str]]


def event(day: str, code: str, value: str = "", unit: str | None = None, **more: str) -> dict[str, str]:
    """A row of events: its unit is the usual one of the code, unless it is given."""
    return {"date": day, "code": code, "value": value, "unit": UNIT.get(code, "") if unit is None else unit, **more}


def pressure(
    day: str, systolic: str, diastolic: str, unit: str | None = None, reading: str = "a"
) -> list[dict[str, str]]:
    """Both halves of a blood pressure."""
    return [event(day, code, value, unit, reading=reading) for code, value in ((SYS, systolic), (DIA, diastolic))]


def folder_of(tmp_path: Path, people: Mapping[str, Person], conditions: Sequence[str] = (DIABETES,)) -> Path:
    """A folder to import."""
    folder = tmp_path / "in"
    folder.mkdir()
    _write(folder / "extracts.csv", ["extract_id,practice_code,last_day", "x,A1,2025-03-31"])
    _write(folder / "practices.csv", ["practice_code,practice_name,list_size,weighted_list_size", "A1,Ash,100,100"])
    _write(
        folder / "patients.csv", ["practice_code,patient_id,birth_date,sex", *(f"A1,{p},1960-01-01,F" for p in people)]
    )
    _write(
        folder / "registrations.csv",
        ["practice_code,patient_id,registered_at,start_date,end_date", *(f"A1,{p},A1,2000-01-01," for p in people)],
    )
    with (folder / "events.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        rows.writeheader()
        for who, records in people.items():
            known = [event("2015-01-01", code) for code in conditions]
            rows.writerows({"practice_code": "A1", "patient_id": who, **row} for row in [*known, *records])
    return folder


def _write(path: Path, lines: Sequence[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def stored(
    tmp_path: Path,
    people: Mapping[str, Person],
    importer: str = "csv",
    conditions: Sequence[str] = (DIABETES,),
    said: list[str] | None = None,
) -> Path:
    """The people in a store, through an importer; what the command said goes to `said`."""
    folder = folder_of(tmp_path, people, conditions)
    if importer == "parquet":
        path = folder / "events.csv"
        text = dict.fromkeys(COLUMNS, pa.string())
        table = pacsv.read_csv(path, convert_options=pacsv.ConvertOptions(column_types=text, strings_can_be_null=False))
        path.unlink()
        pq.write_table(table, folder / "events.parquet")
    done = remit("records", "import", folder, "--store", tmp_path / "store", "--keep-ids")
    assert done.status == 0, done
    if said is not None:
        said.append(" ".join((done.out + done.err).split()))
    return tmp_path / "store"


def counted(
    tmp_path: Path,
    people: Mapping[str, Person],
    engine: str,
    indicator: str,
    conditions: Sequence[str] = (DIABETES,),
    importer: str = "csv",
) -> tuple[dict[str, str], str]:
    """What each of the people counts as under an indicator of QOF 2024/25; and what evaluate said."""
    store = stored(tmp_path, people, importer, conditions)
    day, out = ("--on", "2025-03-31"), tmp_path / "counted"
    how = ("--workers", "1", "--engine", engine)
    said = remit("evaluate", "qof-england-2024-25", "--records", store, *day, *how, "--out", out)
    assert said.status == 0, said
    outcomes = pq.read_table(tmp_path / "counted" / "outcomes" / "practice=A1.parquet").to_pylist()
    found = {row["patient_id"]: row["category"] for row in outcomes if row["indicator_code"] == indicator}
    return found, " ".join((said.out + said.err).split())


def explained(store: Path, indicator: str, patient: str) -> str:
    """The words of a page of `remit explain`."""
    page = store.parent / f"{indicator}-{patient}.html"
    day = ("--on", "2025-03-31")
    said = remit("explain", indicator, "--records", store, "--patient", patient, *day, "--html", page)
    assert said.status == 0, said
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.read_text(encoding="utf-8"))).split())


def left_out(tmp_path: Path) -> list[list[str]]:
    """The rows of left_out.csv."""
    with (tmp_path / "counted" / "left_out.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]
