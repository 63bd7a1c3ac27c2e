"""A practice of a dozen made-up patients whose worklist can be worked out by hand, and a scheme that pays on them.

As of 31 December 2024, with records to 31 January 2025. Ten men are in HYP008's denominator, five of them achieved.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from remit.core.dates import SchemeYear
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.folder import write_evaluation
from remit.records.importing import import_records
from remit.records.store import Store
from remit.rules.definitions import shipped
from remit.scheme import load_scheme
from remit.terminology.sets import demonstration
from remit.worklist.actions import actions
from remit.worklist.build import WorklistSources, worklist
from remit.worklist.evaluations import read_evaluation
from remit.worklist.model import Worklist, WorklistChoice, WorklistEntry

ON = date(2024, 12, 31)

# Ten points at £100: at 50% a quarter of the line, 2.5 points; at 60% half of it, 5. One more patient of ten: £250.
LOCAL = """
scheme: local-worklist
version: "1"
title: A local scheme
commissioner: Exampleshire ICB
year: 2024-25
achievement_date: 2025-03-31
sources: {contract: {title: The contract, standing: verified}}
source: contract
point: {value: £100}
terms: {balance: {due: 2025-06-30}}
items:
  - item: HYP008
    indicator: HYP008
    measure: achievement
    pays: {linear: {points: 10, lower: 40%, upper: 80%}}
  - item: CS005
    indicator: CS005
    measure: achievement
    pays: {linear: {points: 5, lower: 20%, upper: 50%}}
"""

# id, born, sex, death, flags
PATIENTS = """
ok1,1980-01-10,M,,
ok2,1980-01-10,M,,
ok3,1980-01-10,M,,
ok4,1980-01-10,M,,
ok5,1980-01-10,M,,
high,1980-05-10,M,,
invited,1980-06-10,M,,accessible-information;learning-disability
ageing,1980-12-10,M,,
silent,1980-01-10,M,,
declined,1980-01-10,M,,longer-appointment
died-since,1980-01-10,M,2025-01-15,
left-since,1980-01-10,M,,
smear-old,1984-02-10,F,,
smear-soon,1984-02-10,F,,
died,1950-01-10,M,2024-07-01,
"""
# id, day, cluster, value, status
EVENTS = """
high,2015-01-10,HYP_COD,,
high,2015-01-10,DM_COD,,
high,2024-05-12,BP,150/95,
invited,2015-01-10,HYP_COD,,
invited,2024-12-10,HYPINVITE_COD,,
ageing,2015-01-10,HYP_COD,,
ageing,2015-01-10,LD_COD,,
ageing,2024-02-12,BP,130/80,
silent,2015-01-10,HYP_COD,,
silent,2024-06-01,HYPINVITE_COD,,
silent,2024-06-20,HYPINVITE_COD,,
declined,2015-01-10,HYP_COD,,
declined,2024-05-03,HYPPCADEC_COD,,
died-since,2015-01-10,HYP_COD,,
left-since,2015-01-10,HYP_COD,,
smear-old,2021-08-10,SMEAR_COD,,
smear-soon,2021-10-10,SMEAR_COD,,
"""
WELL = "".join(f"ok{n},2015-01-10,HYP_COD,,\nok{n},2024-06-0{n},BP,128/78,\n" for n in range(1, 6))


def code(cluster: str) -> str:
    return min(demonstration().codes_of(cluster))


def table(folder: Path, name: str, columns: str, rows: Sequence[str]) -> None:
    (folder / name).write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")


def records(
    folder: Path,
    patients: str = PATIENTS,
    events: str = EVENTS + WELL,
    last_day: str = "2025-01-31",
    weighted: str = "1000",
) -> Path:
    """The store of the practice."""
    csv = folder / "csv"
    csv.mkdir(parents=True)
    people = [line.split(",") for line in patients.split()]
    table(
        csv,
        "patients.csv",
        "practice_code,patient_id,birth_date,sex,death_date,flags",
        [f"A1,{','.join(p)}" for p in people],
    )
    ends = {p[0]: p[3] or ("2025-01-10" if p[0] == "left-since" else "") for p in people}
    table(
        csv,
        "registrations.csv",
        "practice_code,patient_id,registered_at,start_date,end_date",
        [f"A1,{id_},A1,2010-01-01,{end}" for id_, end in ends.items()],
    )
    rows = []
    for line in events.split():
        id_, day, cluster, value, status = line.split(",")
        if cluster == "BP":
            for half, number in zip(("BPSYS_COD", "BPDIA_COD"), value.split("/"), strict=True):
                rows.append(f"A1,{id_},{day},{code(half)},{number},mmHg,{id_}-{day},{status}")
        else:
            rows.append(f"A1,{id_},{day},{code(cluster)},{value},,,{status}")
    table(csv, "events.csv", "practice_code,patient_id,date,code,value,unit,reading,status", rows)
    table(
        csv,
        "prescriptions.csv",
        "practice_code,patient_id,date,code",
        [f"A1,invited,2024-11-01,{code('STAT_COD')}"],
    )
    table(
        csv,
        "practices.csv",
        "practice_code,since,practice_name,list_size,weighted_list_size,place_code",
        [f"A1,2024-01-01,Acre Street,1000,{weighted},cannock-chase"],
    )
    table(csv, "extracts.csv", "extract_id,practice_code,last_day", [f"e1,A1,{last_day}"])
    import_records(csv, folder / "store", keep_ids=True)
    return folder / "store"


def evaluated(
    folder: Path, store: Path, scheme: str = LOCAL, on: date = ON, rules_of: tuple[SchemeYear, ...] = ()
) -> Path:
    """An evaluation of a scheme, by its id or its text."""
    if "\n" in scheme:
        path = folder / "scheme.yaml"
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(scheme, encoding="utf-8")
        scheme = str(path)
    out = folder / "evaluated"
    evaluator = Evaluator(load_scheme(scheme), Store(store), demonstration(), shipped(), on, rules_of=rules_of)
    write_evaluation(evaluator, out)
    return out


def made_of(store: Path, *folders: Path) -> WorklistSources:
    evaluations = [read_evaluation(folder) for folder in folders]
    return WorklistSources(evaluations, Store(store), demonstration(), shipped(), actions())


def listed(store: Path, *folders: Path, **wanted: object) -> Worklist:
    return worklist(made_of(store, *folders), WorklistChoice("A1", **wanted))  # type: ignore[arg-type]


def entry(made: Worklist, patient: str) -> WorklistEntry:
    [found] = [one for one in made.entries if one.patient == patient]
    return found
