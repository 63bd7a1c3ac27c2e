"""A nation, simulated: what an import, an evaluation, three months and a run take as people become more.

    python benchmarks/nation.py                               100,000, 200,000 and 400,000 people, one repeat
    python benchmarks/nation.py --people 1000000 2000000 4000000 8000000 --folder /big

For each size: people are made; all that is dated up to three months before the last day is imported from Parquet and
evaluated under the national framework; then each month is appended and evaluated as of its end, going on from the month
before, the last also from nothing; the local framework is evaluated and priced, and the store compacted. Each step is a
process of its own: processor seconds (its workers' too), elapsed, and what the disk holds. What a size leaves is taken
away before the next but for its figures: a size that was measured is not measured again. Writes nation.csv and
nation.svg, cost against size, into the folder, and says what 60 million people would take, if each further person costs
what each did between the two largest sizes.
docs/explanation/speed.md has the figures of one run, and what was not measured.
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import shutil
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pyarrow.parquet as pq
from board import MEAN, ROOT, Measured, make
from months import begun, dated

from remit.core.dates import add_months
from remit.documents.charts.drawing import Scale, dot, path, picture, stroke, words
from remit.documents.charts.palette import INK, RULE, SOFT
from remit.records.layout import EVENTS, PRESCRIPTIONS
from remit.records.store import Store

NATION = 60_000_000
MONTHS = 3
NATIONAL, LOCAL = "qof-england-2024-25", "qif-2024-25"
COLUMNS = ("people", "step", "entries", "processor_seconds", "elapsed_seconds", "bytes_on_disk", "load_before")
WIDTH, HEIGHT, LEFT, FLOOR, TOP = 640, 360, 90, 310, 30
COLOURS = (INK, RULE, "#b10e1e", "#00703c")


@dataclass(frozen=True)
class Step:
    """What one step took at one size."""

    people: int
    step: str
    entries: int
    processor: float
    elapsed: float
    bytes: int
    load: float
    """The machine's load when it began: how many others wanted a processor."""


def extract(store: Store, folder: Path, first: bool, n: int) -> int:
    """Write the base, or month `n` of three, as Parquet files to import; how many entries they hold."""
    last = max(day for code in store.codes if (day := store.last_day(code)))
    until = add_months(last, n - MONTHS)
    after = None if first else add_months(last, n - 1 - MONTHS)
    begun(store, folder, until)
    entries, writers = 0, dict[str, pq.ParquetWriter]()
    for code in store.codes:  # a practice at a time: a nation does not fit in memory
        for name, rows in dated(store, code, after, until):
            entries += rows.num_rows if name in (EVENTS.name, PRESCRIPTIONS.name) else 0
            if name not in writers:
                writers[name] = pq.ParquetWriter(folder / f"{name}.parquet", rows.schema)
            writers[name].write_table(rows.cast(writers[name].schema))
    for writer in writers.values():
        writer.close()
    return entries


def on_disk(folder: Path) -> int:
    """The bytes of a folder's files."""
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())


def measured(people: int, folder: Path) -> list[Step]:
    """All steps at one size."""
    steps: list[Step] = []

    def take(step: str, entries: int, result: Path, *command: object) -> None:
        load, one = os.getloadavg()[0], Measured(f"{people:,} people: {step}")
        one.run([sys.executable, "-m", "remit.cli.main", *map(str, command)])
        steps.append(Step(people, step, entries, one.cpu, one.elapsed[0], on_disk(result), load))
        print(one, flush=True)

    made, store, brought = folder / "people", folder / "store", folder / "extract"
    make(made, people, max(1, people // MEAN))
    source = Store(made)
    last = max(day for code in source.codes if (day := source.last_day(code)))
    entries = extract(source, brought, True, 0)
    take("import", entries, store, "records", "import", brought, "--store", store, "--keep-ids")
    for n in range(MONTHS + 1):
        if n:
            new = extract(source, brought, False, n)
            take(f"append {n}", new, store, "records", "import", brought, "--store", store, "--keep-ids", "--append")
            entries += new
        day, counted = add_months(last, n - MONTHS), folder / f"counted-{n}"
        asked = ("evaluate", NATIONAL, "--records", store, "--on", day)
        take(f"go on {n}" if n else "begin", entries, counted, *asked, "--out", counted, "--keep", folder / "kept")
    counted = folder / f"evaluated-{MONTHS}"
    take(f"evaluate {MONTHS}", entries, counted, *asked, "--out", counted)
    counted = folder / "counted-local"
    take("evaluate local", entries, counted, "evaluate", LOCAL, "--records", store, "--on", last, "--out", counted)
    counts = ["--counts", counted / "counts.csv", "--practices", counted / "practices.csv"]
    take("price local", entries, folder / "run", "run", LOCAL, *counts, "--out", folder / "run")
    take("compact", entries, store, "records", "compact", store)
    return steps


def for_the_nation(points: list[tuple[int, float]]) -> float:
    """The hours of one processor for a nation, if each further person costs what each did between the two largest
    sizes: what a start costs whatever the size is then in none of them."""
    (low, less), (high, most) = points[-2:] if len(points) > 1 else [(0, 0.0), *points]
    return (most + (most - less) / (high - low) * (NATION - high)) / 3600


def drawn(steps: list[Step]) -> str:
    """Processor seconds against people, both by powers of ten: cost in proportion is a straight line."""
    kinds = ("import", f"append {MONTHS}", f"evaluate {MONTHS}", f"go on {MONTHS}")
    every = [one for one in steps if one.step in kinds and one.processor > 0]
    across = [math.log10(one.people) for one in every]
    up = [math.log10(one.processor) for one in every]
    x = Scale(Fraction(min(across)), Fraction(max(across)), LEFT, WIDTH - 150)
    y = Scale(Fraction(math.floor(min(up))), Fraction(math.ceil(max(up))), FLOOR, TOP)
    parts = [stroke(LEFT, FLOOR, WIDTH - 150, FLOOR), stroke(LEFT, FLOOR, LEFT, TOP)]
    for power in range(math.floor(min(up)), math.ceil(max(up)) + 1):
        parts.append(stroke(LEFT, y(power), WIDTH - 150, y(power), SOFT, 1, "2 3"))
        parts.append(words(LEFT - 8, y(power) + 4, f"{10**power:g} s", "end", SOFT))
    parts += [
        words(x(Fraction(math.log10(people))), FLOOR + 20, f"{people:,}", "middle", SOFT)
        for people in sorted({one.people for one in every})
    ]
    for kind, colour in zip(kinds, COLOURS, strict=True):
        own = sorted((one.people, one.processor) for one in every if one.step == kind)
        points = [(x(Fraction(math.log10(many))), y(Fraction(math.log10(cost)))) for many, cost in own]
        parts += [path(points, colour), *(dot(*point, 3, colour) for point in points)]
        parts.append(words(points[-1][0] + 10, points[-1][1] + 4, kind, "start", colour))
    title = "Processor seconds against people, both by powers of ten"
    parts.append(words(LEFT, TOP - 14, title, "start", INK, bold=True))
    return picture(WIDTH, HEIGHT, "Processor seconds of each step against how many people there are", parts).svg


def read(path: Path) -> list[Step]:
    """The steps of earlier sizes."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [Step(int(a), b, int(c), float(d), float(e), int(f), float(g)) for a, b, c, d, e, f, g in rows]


def main() -> None:
    """Measure each size, and draw and say what they tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, nargs="+", default=[100_000, 200_000, 400_000])
    parser.add_argument("--folder", type=Path, default=ROOT / "out" / "nation")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    figures = given.folder / "nation.csv"
    steps = read(figures)
    for people in sorted(given.people):
        if all(one.people != people for one in steps):
            work = given.folder / f"work-{people}"
            shutil.rmtree(work, ignore_errors=True)
            steps += measured(people, work)
            shutil.rmtree(work)
            with figures.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([COLUMNS, *(vars(one).values() for one in steps)])
    (given.folder / "nation.svg").write_text(drawn(steps), encoding="utf-8")
    for name in dict.fromkeys(one.step for one in steps):
        points = sorted((one.people, one.processor) for one in steps if one.step == name)
        hours, (people, cost) = for_the_nation(points), points[-1]
        each = f"{cost / people * 1e6:,.0f} s a million people"
        boxes = (
            f"{hours:,.1f} processor hours, {hours / 16:.1f} h on 16 processors, {hours / 160:.2f} h on ten times 16"
        )
        print(f"{name:<15} {each} at {people:,}; {NATION:,}: {boxes}")
    loads, most = sorted(one.load for one in steps), max(one.people for one in steps)
    print(f"{os.cpu_count()} processors, a load of {loads[0]:.1f} to {loads[-1]:.1f} before each step; "
          f"nothing above {most:,} people is measured")  # fmt: skip


if __name__ == "__main__":
    main()
