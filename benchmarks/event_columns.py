"""What the optional columns of records cost who uses them and who does not: an import and an evaluation, as ratios.

    python benchmarks/event_columns.py                       10,000 patients
    python benchmarks/event_columns.py --before ../old/src   beside another version of Remit, which has no such columns

One extract is imported as CSV three times over: without the columns; with all of them and nothing in them; and with a
system, a status and an id on every row, and now and then a time, an end, a comparator or a negation. Versions run turn
by turn, each in a process of its own; the medians of their processor seconds count. docs/explanation/speed.md has the
figures of one run.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
from board import ROOT, Measured, make

from remit.records.layout import EVENTS, PRESCRIPTIONS, TABLES
from remit.records.store import Store

KINDS = ("plain", "empty", "full")
SEED = 1
WORDS = {"time": "08:30", "end_date": "open", "comparator": ">", "answer": "yes", "negation": "refused", "days": "28"}


def extract(store: Store, folder: Path, kind: str) -> int:
    """Write a store's practices as CSV files to import; how many rows they have."""
    folder.mkdir(parents=True, exist_ok=True)
    draw = np.random.default_rng(SEED)
    rows = 0
    last = max(day for code in store.codes if (day := store.last_day(code)))
    named = [f"again,{code},{last}" for code in store.codes]
    (folder / "extracts.csv").write_text("\n".join(["extract_id,practice_code,last_day", *named]) + "\n", "utf-8")
    for layout in TABLES:
        parts = []
        for code in store.codes:
            table = store.table(code, layout.name).drop_columns(["extract"])
            parts.append(table.add_column(0, "practice_code", [[code] * table.num_rows]))
        table = pa.concat_tables(parts)
        if kind != "plain" and layout in (EVENTS, PRESCRIPTIONS):
            for name in layout.optional:
                cells = said(name, table.num_rows, draw) if kind == "full" else [""] * table.num_rows
                table = table.append_column(name, pa.array(cells, pa.string()))
        pyarrow.csv.write_csv(table, folder / f"{layout.name}.csv")
        rows += table.num_rows
    return rows


def said(name: str, rows: int, draw: np.random.Generator) -> np.ndarray:
    """The cells of an optional column."""
    if name == "record":
        return np.array([f"e{n}" for n in range(rows)])
    if name in ("system", "status"):
        return np.full(rows, "snomed" if name == "system" else "final")
    return np.where(draw.random(rows) < 0.05, WORDS[name], "")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--before", type=Path, help="the src folder of another version")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "event-columns")
    given = parser.parse_args()
    made = given.out / f"made-{given.patients}"
    make(made, given.patients, 3)
    folders = {kind: given.out / f"extract-{given.patients}-{kind}" for kind in KINDS}
    rows = {kind: extract(Store(made), folder, kind) for kind, folder in folders.items()}
    print(f"{rows['plain']:,} rows\n")
    now = {"PYTHONPATH": str(ROOT / "src")}
    versions = [(kind, kind, now) for kind in KINDS]
    if given.before:
        versions.append(("before", "plain", {"PYTHONPATH": str(given.before.resolve())}))
    imports = {name: Measured(f"import, {name}") for name, _, _ in versions}
    evaluations = {name: Measured(f"evaluate, {name}") for name, _, _ in versions}
    for _ in range(given.repeats):
        for name, kind, where in versions:
            store = given.out / f"store-{name}"
            shutil.rmtree(store, ignore_errors=True)
            os.environ.update(where)
            command = [sys.executable, "-m", "remit.cli.main", "records", "import", folders[kind], "--store", store]
            imports[name].run([*command, "--keep-ids"])
            shutil.rmtree(given.out / "result", ignore_errors=True)
            command = [sys.executable, "-m", "remit.cli.main", "evaluate", "qof-england-2024-25", "--workers", "1"]
            evaluations[name].run([*command, "--records", store, "--out", given.out / "result"])
    for found in (imports, evaluations):
        for one in found.values():
            print(one)
        for name in list(found)[1:]:
            first, other = ("plain", name) if name != "before" else ("before", "plain")
            print(f"{other} over {first}: {found[other].cpu / found[first].cpu:.2f} times")
        print()


if __name__ == "__main__":
    main()
