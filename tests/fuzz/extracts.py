"""Damaged extracts, CSV and Parquet, imported with a key; some imports are killed. What must hold however each ends.

No traceback; refused, nothing is stored; taken, what was read was stored or rejected and the store is sound; and no
file, message or list has an NHS number of the extract, in any writing.

python -m tests.fuzz.extracts [--seed N] [--cases N] [--case N]
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
from tests.bad_files.command import CommandResult, remit
from tests.fuzz.mutations import damage
from tests.nhs_numbers import held, numbers
from tests.unit.test_nhs_numbers import WRITINGS

from remit.core.problems import Refused
from remit.records.quality import check_store
from remit.records.store import Store

OURS = numbers(6, 612_345_670)
KEY = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_CODES = ("271649006", "271650006", "38341003", "1119304009")


def write_extract(folder: Path, packed: bool) -> None:
    """Two practices with six patients and every column that an extract may have."""
    folder.mkdir(parents=True)
    tables: dict[str, tuple[str, list[str]]] = {
        "practices": ("practice_code,since,practice_name,list_size,weighted_list_size,place_code,network_code",
                      ["A1,2024-04-01,Ash Surgery,9000,9100.25,cannock,N1", "B2,,Birch Surgery,,,,"]),
        "patients": ("practice_code,patient_id,birth_date,sex,death_date,ethnicity,deprivation_decile,flags",
                     [f"{_at(n)},{number},19{50 + n}-06-30,F,,A,3,carer" for n, number in enumerate(OURS)]),
        "registrations": ("practice_code,patient_id,registered_at,start_date,end_date",
                          [f"{_at(n)},{number},{_at(n)},2020-01-01," for n, number in enumerate(OURS)]),
        "events": ("practice_code,patient_id,date,code,value,unit,episode,reading,time,end_date,system,comparator,"
                   "answer,status,negation,record",
                   [f"{_at(n)},{number},2024-05-0{m + 1},{code},{100 + n},mmHg,,r{n}-{m},08:30,,snomed,,,final,,e{n}{m}"
                    for n, number in enumerate(OURS) for m, code in enumerate(_CODES)]),
        "prescriptions": ("practice_code,patient_id,date,code,quantity,unit,days,system,status,record",
                          [f"{_at(n)},{number},2024-04-30,319996000,28,tablet,28,dmd,,p{n}"
                           for n, number in enumerate(OURS)]),
    }  # fmt: skip
    (folder / "extracts.csv").write_text(
        "extract_id,practice_code,last_day\n2025-03,A1,2025-03-31\n2025-03,B2,2025-03-28\n"
    )
    for name, (head, rows) in tables.items():
        if packed:
            names = head.split(",")
            pq.write_table(
                pa.Table.from_pylist([dict(zip(names, row.split(","), strict=True)) for row in rows]),
                folder / f"{name}.parquet",
            )
        else:
            (folder / f"{name}.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")


def _at(n: int) -> str:
    return "A1" if n < 4 else "B2"


def damaged(folder: Path, random: Random) -> str:
    """Put numbers where they do not belong, or damage the extract in any other way; says what was done."""
    said = []
    for _ in range(random.choice((1, 1, 2, 4))):
        path = random.choice([one for one in sorted(folder.iterdir()) if one.is_file()] or [folder])
        if random.random() < 0.5 and path.suffix in (".csv", ".parquet"):
            said.append(_misplaced(path, random))
        elif path.suffix == ".parquet" and random.random() < 0.3:
            said.append(_of_another_type(path, random))
        elif all(one.is_file() for one in folder.iterdir()):  # no link leads nowhere yet
            said.append(damage(random.choice((path, path, folder)), random))
    return "; ".join(said)


def _misplaced(path: Path, random: Random) -> str:
    """A number of a patient in a cell, a header or the file's name, written in any way."""
    number, way = random.choice(OURS), random.choice(sorted(WRITINGS))
    written = WRITINGS[way].replace("9434765919", number)
    if written == WRITINGS[way]:
        written = random.choice((number, f"{number[:3]} {number[3:6]} {number[6:]}", f"{number}.0", f"NHS{number}"))
    if random.random() < 0.05:
        path.rename(path.with_name(f"{number}{path.suffix}"))
        return f"{path.name} is called by a number"
    try:
        rows = _rows(path)
    except Exception:
        return damage(path, random)  # something has damaged it already
    if not rows or not rows[0]:
        return "nothing"
    row, column = random.randrange(1 if random.random() < 0.1 else len(rows)), random.randrange(len(rows[0]))
    rows[row] = [written if n == column else cell for n, cell in enumerate(rows[row])]
    if path.suffix == ".parquet":
        pq.write_table(pa.table({str(n): list(cells) for n, cells in enumerate(zip(*rows[1:], strict=False))})
                       .rename_columns(rows[0][: len(rows[1])] if len(rows) > 1 else []), path)  # fmt: skip
    else:
        into = io.StringIO()
        csv.writer(into, lineterminator="\n").writerows(rows)
        path.write_text(into.getvalue(), encoding="utf-8", errors="surrogatepass")
    return f"{path.name}: {written!r} in row {row + 1}, column {column + 1}"


def _rows(path: Path) -> list[list[str]]:
    if path.suffix == ".csv":
        return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    table = pq.read_table(path, partitioning=None)
    return [table.column_names, *([str(cell) for cell in row.values()] for row in table.to_pylist())]


def _of_another_type(path: Path, random: Random) -> str:
    """A column of lists, structures, bytes, days, numbers or nothing at all."""
    try:
        table = pq.read_table(path, partitioning=None)
    except (OSError, pa.ArrowException):
        return damage(path, random)
    if not table.num_columns:
        return "nothing"
    n, name = random.randrange(table.num_columns), random.choice(table.column_names)
    many = range(table.num_rows)
    ways = {
        "lists": pa.array([[OURS[0]]] * len(many)),
        "structures": pa.array([{"id": OURS[0]}] * len(many)),
        "bytes": pa.array([OURS[0].encode()] * len(many)),
        "nothing": pa.nulls(len(many)),
        "whole numbers": pa.array([int(OURS[0])] * len(many), pa.int64()),
        "decimals": pa.array([int(OURS[0])] * len(many), pa.int64()).cast(pa.decimal128(19, 0)),
        "fractions": pa.array([float(OURS[0])] * len(many)),
        "days": pa.array(list(many), pa.date32()),
        "moments": pa.array(list(many), pa.timestamp("us")),
        "times": pa.array(list(many), pa.time64("us")),
        "yes and no": pa.array([True] * len(many)),
        "a dictionary": pa.array([OURS[0]] * len(many)).dictionary_encode(),
        "large text": pa.array([OURS[0]] * len(many), pa.large_string()),
    }
    how = random.choice(sorted(ways))
    n = table.column_names.index(name)
    pq.write_table(table.set_column(n, name, ways[how]), path)
    return f"{path.name}: {name} as {how}"


def played(seed: int, number: int, home: Path) -> str:
    """Play a case in a folder of its own; says what was done and what went wrong, or nothing."""
    random = Random(f"{seed}:extract:{number}")
    shutil.rmtree(home, ignore_errors=True)
    write_extract(home / "in", packed=random.random() < 0.5)
    (home / "key").write_text(KEY)
    (home / "key").chmod(0o600)
    (home / "tmp").mkdir()
    did = damaged(home / "in", random)
    store = home / "out" / "store"
    store.parent.mkdir()
    killed = random.random() < 0.04
    try:
        said = _killed(home, store, random) if killed else _imported(home, store)
        wrong = _wrong(said, store, killed)
    except Exception:
        wrong = traceback.format_exc(limit=-3)
        said = CommandResult(0, "", "")
    (home / "out" / "said").write_text(said.out + said.err, encoding="utf-8", errors="surrogatepass")
    leaked = held(home / "out", OURS) + held(home / "tmp", OURS)
    wrong = wrong or (f"an NHS number is in {leaked[:3]}" if leaked else "")
    return f"case {number}: {did}\n  {wrong}" if wrong else ""


def _imported(home: Path, store: Path) -> CommandResult:
    return remit("records", "import", home / "in", "--store", store, "--key-file", home / "key")


def _killed(home: Path, store: Path, random: Random) -> CommandResult:
    how, step = random.choice(("SIGKILL", "SIGINT")), str(random.randrange(1, 80))
    command = [sys.executable, "-m", "tests.faults.killed", how, step, home / "in", store, home / "key"]
    ended = subprocess.run(
        list(map(str, command)), cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
        env={**os.environ, "TMPDIR": str(home / "tmp")},
    )  # fmt: skip
    return CommandResult(ended.returncode, ended.stdout, ended.stderr)


def _wrong(said: CommandResult, store: Path, killed: bool) -> str:
    if "Traceback" in said.err or "Error:" in said.err:
        return f"a traceback: {said.err[-300:]}"
    if killed:
        return ""
    if said.status not in (0, 1):
        return f"status {said.status}"
    if said.status:
        there = "refused, and the store is there" if store.exists() else ""
        return there or ("" if said.err.strip() else "refused without a word")
    try:
        check_store(Store(store))
    except Refused as refused:
        return f"stored, and unsound: {refused}"
    (entry,) = Store(store).manifest.imports
    lost = {t: n for t, n in entry.read.items() if n != entry.stored.get(t, 0) + entry.rejected.get(t, 0)}
    return f"rows are lost: {lost}" if lost else ""


def main(given: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.extracts")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--case", type=int, default=-1, help="this one alone")
    asked = parser.parse_args(given)
    cases = [asked.case] if asked.case >= 0 else range(asked.cases)
    with tempfile.TemporaryDirectory() as folder:
        found = [one for number in cases if (one := played(asked.seed, number, Path(folder) / "case"))]
    print(*found, f"{len(cases):,} extracts of seed {asked.seed}: {len(found)} findings", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
