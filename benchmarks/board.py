"""A whole board, measured: every indicator that has rules over a million made-up patients, as ratios within one run.

    python benchmarks/board.py                     a million patients; makes the board first, in out/board-1000000
    python benchmarks/board.py --patients 50000    a smaller one, to see that it works

Each measurement is a process of its own (`board_part.py`): its processor seconds, user and system, those of its workers
too, and the largest of them at its peak. Versions run turn by turn, so that all meet the same machine; medians count.
docs/explanation/a-board-in-minutes.md holds the figures of one run and how they were taken.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
MEAN = 8_600
"""Patients of a practice on average, as `remit synth` makes them."""


@dataclass
class Measured:
    """The repeats of one measurement."""

    what: str
    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    elapsed: list[float] = field(default_factory=list)

    @property
    def cpu(self) -> float:
        """The median of the processor seconds."""
        return median(self.seconds)

    def run(self, command: Sequence[str | Path]) -> None:
        """Run a command once more."""
        before = time.monotonic()
        child = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"this failed with status {child.returncode}: {' '.join(map(str, command))}")
        self.elapsed.append(time.monotonic() - before)
        self.seconds.append(usage.ru_utime + usage.ru_stime)
        unit = 1 if sys.platform == "darwin" else 1024
        self.megabytes.append(usage.ru_maxrss * unit / 1e6)

    def __str__(self) -> str:
        return (
            f"{self.what:<44} {self.cpu:8.1f} s of processor  {median(self.elapsed):7.1f} s elapsed  "
            f"{max(self.megabytes):5.0f} MB in the largest process"
        )


class Bench:
    """The measurements of one store, printed as they are taken."""

    def __init__(self, store: Path, repeats: int) -> None:
        self.store, self.repeats = store, repeats
        self.measured: dict[str, Measured] = {}

    def take(self, *wanted: tuple[str, str, Sequence[object]], store: Path | None = None) -> None:
        """Measure each (name, part, options) turn by turn."""
        for _ in range(self.repeats):
            for name, part, options in wanted:
                one = self.measured.setdefault(name, Measured(name))
                command = [sys.executable, HERE / "board_part.py", part, store or self.store, *map(str, options)]
                one.run(command)
        for name, _, _ in wanted:
            print(self.measured[name], flush=True)

    def ratio(self, what: str, one: str, other: str) -> None:
        """Say how many times one costs of another."""
        print(f"{what:<44} {self.measured[one].cpu / self.measured[other].cpu:8.1f} times", flush=True)


def make(store: Path, patients: int, practices: int, years: int | None = None) -> None:
    """Make a board unless it is there."""
    if (store / "manifest.json").is_file():
        return
    store.parent.mkdir(parents=True, exist_ok=True)
    made = Measured(f"remit synth, {patients:,} patients")
    options = ["--patients", patients, "--practices", practices, "--seed", 1, "--out", store]
    options += ["--years", years] if years else []
    made.run([sys.executable, "-m", "remit.cli.main", "synth", *map(str, options)])
    print(made, flush=True)


def totals(store: Path) -> dict[str, int]:
    """How many rows a store has, by table; with its practices."""
    manifest = json.loads((store / "manifest.json").read_text(encoding="utf-8"))
    found: dict[str, int] = {**manifest["totals"], "practices": len(manifest["partitions"])}
    return found


def main() -> None:
    """Measure, print, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--sample", type=int, default=4, help="practices for the comparison field by field")
    parser.add_argument("--out", type=Path, default=ROOT / "out", help="where the boards are made and kept")
    given = parser.parse_args()
    practices = max(3, round(given.patients / MEAN))
    store = given.out / f"board-{given.patients}"
    make(store, given.patients, practices)
    rows = totals(store)
    print(f"{rows['practices']} practices, {rows['patients']:,} patients, {rows['events']:,} events and "
          f"{rows['prescriptions']:,} prescriptions\n")  # fmt: skip
    bench = Bench(store, given.repeats)
    bench.take(("scan", "scan", ()), ("every indicator", "evaluate", ()))
    bench.ratio("every indicator over the scan", "every indicator", "scan")
    few = ["--practices", min(given.sample, practices)]
    bench.take(
        ("sample: scan", "scan", few), ("sample: every indicator", "evaluate", [*few, "--workers", 1]),
        ("sample: a query per field", "fields", few),
    )  # fmt: skip
    bench.ratio("a query per field over every indicator", "sample: a query per field", "sample: every indicator")
    print("\nGrowth with practices")
    for part, words in ((8, "an eighth"), (4, "a quarter"), (2, "half")):
        some = ["--practices", max(1, practices // part)]
        bench.take(
            (f"{words} of the practices: scan", "scan", some), (f"{words} of the practices", "evaluate", some)
        )  # fmt: skip
    print("\nGrowth with indicators, on a quarter of the practices")
    for indicators in (1, 12, 24):
        options = ["--practices", max(1, practices // 4), "--indicators", indicators]
        bench.take((f"{indicators} indicators", "evaluate", options))
    print("\nGrowth with years of history, an eighth of the practices")
    for years in (5, 10, 15, 30):
        of_years = given.out / f"board-{given.patients}-years-{years}"
        make(of_years, given.patients // 8, max(3, practices // 8), years)
        rows = totals(of_years)
        entries = rows["events"] + rows["prescriptions"]
        name = f"{years} years: {entries / 1e6:.1f} million entries"
        bench.take((f"{name}, scan", "scan", ()), (name, "evaluate", ()), store=of_years)
    figures = {name: asdict(one) for name, one in bench.measured.items()}
    (given.out / f"board-{given.patients}.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
