"""What a month costs: an import of all up to a day, then three months appended and evaluated one by one, as ratios.

    python benchmarks/months.py                       50,000 patients
    python benchmarks/months.py --patients 200000 --overlap 7

Made-up people are parted by date: the base is all that is dated up to three months before the last day, each month what
is dated in it, of the patients whom it is about; with `--overlap` also what the last days of the month before brought.
Every indicator that has rules is evaluated as of each month's end, going on from the month before and, for comparison,
from nothing. Each step is a process of its own: its processor seconds, user and system, those of its workers too.
docs/explanation/speed.md has the figures of one run.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from board import HERE, ROOT, Measured, make

from remit.core.dates import add_months
from remit.records.layout import EVENTS, PATIENTS, PRESCRIPTIONS, REGISTRATIONS, TABLES
from remit.records.store import Store

MONTHS = 3


def written(store: Store, folder: Path, after: date | None, until: date) -> dict[str, int]:
    """Write what is dated after a day and until another as an extract; how many rows it has, by table."""
    begun(store, folder, until)
    tables: dict[str, list[pa.Table]] = {layout.name: [] for layout in TABLES}
    for code in store.codes:
        for name, rows in dated(store, code, after, until):
            tables[name].append(rows)
    for name, parts in tables.items():
        pyarrow.csv.write_csv(pa.concat_tables(parts), folder / f"{name}.csv")
    return {name: sum(part.num_rows for part in parts) for name, parts in tables.items()}


def begun(store: Store, folder: Path, until: date) -> None:
    """An empty folder that names the extract of every practice, up to a day."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    named = [f"{until:%Y-%m},{code},{until}" for code in store.codes]
    (folder / "extracts.csv").write_text("\n".join(["extract_id,practice_code,last_day", *named]) + "\n", "utf-8")


def dated(store: Store, code: str, after: date | None, until: date) -> Iterator[tuple[str, pa.Table]]:
    """A practice's tables as an extract has them: what is dated after a day, where one is given, and until another;
    then of the patients whom that is about."""
    entries = {one.name: between(store.table(code, one.name), after, until) for one in (EVENTS, PRESCRIPTIONS)}
    whose = pc.unique(pa.chunked_array([chunk for one in entries.values() for chunk in one["patient_id"].chunks]))
    for layout in TABLES:
        rows = entries[layout.name] if layout.name in entries else store.table(code, layout.name)
        if after and layout in (PATIENTS, REGISTRATIONS):
            rows = rows.filter(pc.is_in(rows["patient_id"], whose))
        rows = rows.drop_columns(["extract"])
        yield layout.name, rows.add_column(0, "practice_code", pa.array([code] * rows.num_rows, pa.string()))


def between(rows: pa.Table, after: date | None, until: date) -> pa.Table:
    """The rows dated after a day, where one is given, and until another."""
    wanted = pc.less_equal(rows["date"], until)
    return rows.filter(pc.and_(wanted, pc.greater(rows["date"], after)) if after else wanted)


def main() -> None:
    """Make people, part them by month, import and append, and print what each step took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=50_000)
    parser.add_argument("--overlap", type=int, default=0, help="days of the month before that come again")
    parser.add_argument("--repeats", type=int, default=1, help="of each evaluation from nothing")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "months")
    given = parser.parse_args()
    people = given.out / f"people-{given.patients}"
    make(people, given.patients, max(1, given.patients // 8_600))
    store, filled = Store(people), given.out / "store"
    last = max(day for code in store.codes if (day := store.last_day(code)))
    ends = [add_months(last, -n) for n in range(MONTHS, -1, -1)]
    shutil.rmtree(filled, ignore_errors=True)
    remit = [sys.executable, "-m", "remit.cli.main", "records"]
    kept = given.out / "kept"
    shutil.rmtree(kept, ignore_errors=True)
    steps, onward, anew = [], [], []
    for n, until in enumerate(ends):
        after = ends[n - 1] - timedelta(days=given.overlap) if n else None
        rows = written(store, given.out / "extract", after, until)
        entries = rows["events"] + rows["prescriptions"]
        what = f"append {until:%B %Y}" if n else f"import up to {until:%B %Y}"
        step = Measured(f"{what}, {entries:,} entries")
        step.run(
            [*remit, "import", given.out / "extract", "--store", filled, "--keep-ids", *(["--append"] if n else [])]
        )
        steps.append(step)
        print(step, flush=True)
        evaluated = [sys.executable, HERE / "board_part.py", "evaluate", filled, "--on", str(until)]
        for found, keep in ((onward, ["--keep", kept]), (anew, [])):
            one = Measured(f"every indicator on {until}{', kept' if keep else ''}")
            for _ in range(1 if keep else given.repeats):
                one.run([*evaluated, *keep])
            found.append(one)
            print(one, flush=True)
    for n, step in enumerate(steps[1:], 1):
        print(f"{f'append {n} / import':<44} {step.cpu / steps[0].cpu:8.2f} times", flush=True)
        print(f"{f'month {n} / all that month':<44} {onward[n].cpu / anew[n].cpu:8.2f} times", flush=True)
    print(f"{'keeping / not keeping':<44} {onward[0].cpu / anew[0].cpu:8.2f} times", flush=True)
    folded = Measured("compact")
    folded.run([*remit, "compact", filled])
    print(folded)
    print(f"{'compact / import':<44} {folded.cpu / steps[0].cpu:8.2f} times")


if __name__ == "__main__":
    main()
