"""How long somebody waits for a command that should be quick: the processor's seconds, as ratios within one run.

    python benchmarks/waiting.py [--repeats 5] [--folder out/waiting]

Five commands, each a process of its own, turn by turn with `python -c "import duckdb, pydantic"`, so that all meet the
same machine: `remit --help`, `show` of a scheme, a run of three practices, a worklist of one practice, and two runs of
all England compared. Their inputs are made first, from seeds, and kept. docs/explanation/speed.md has the figures of
one run and how busy the machine was.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
ON = "2025-01-31"
REMIT = (sys.executable, "-m", "remit.cli.main")
ENGLAND, QOF, QIF = "qof-england-2018-19", "qof-england-2024-25", "qif-2024-25"
ONE_IN = 7
"""One numerator in so many is one less in the second run of England."""


@dataclass
class Timed:
    """A command, the most that it should take, and the processor's seconds that its repeats took."""

    name: str
    command: Sequence[str | Path]
    goal: float | None = None
    seconds: list[float] = field(default_factory=list)

    def take(self) -> None:
        """Run it once more."""
        words = [str(part) for part in self.command]
        child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert child.stderr is not None
        said = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"this failed with status {child.returncode}: {' '.join(words)}\n{said.decode()}")
        self.seconds.append(usage.ru_utime + usage.ru_stime)

    def line(self, reference: float) -> str:
        """The median, its ratio to the reference, and the least and the most."""
        middle, goal = median(self.seconds), f"  goal {self.goal:4.1f} s" if self.goal else ""
        spread = f"{min(self.seconds):.2f} to {max(self.seconds):.2f}"
        return f"{self.name:<32} {middle:7.2f} s  {middle / reference:6.1f} times  ({spread}){goal}"


def remit(*words: str | Path) -> None:
    """One command, of which nothing is measured."""
    subprocess.run([*REMIT, *map(str, words)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def inputs_of(folder: Path) -> None:
    """Make what the commands read, unless it is there."""
    if (folder / "made").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    print("Making the inputs …", flush=True)
    people, england = folder / "people", folder / "england"
    remit("synth", "--patients", "20000", "--seed", "1", "--on", ON, "--out", people)
    for scheme in (QOF, QIF):
        remit("evaluate", scheme, "--records", people, "--on", ON, "--out", folder / scheme)
    subprocess.run([sys.executable, HERE / "make_input.py", england], check=True)
    fewer(england / "counts.csv", folder / "fewer.csv")
    for counts, run in ((england / "counts.csv", "first"), (folder / "fewer.csv", "second")):
        files = ("--practices", england / "practices.csv", "--counts", counts, "--national", england / "national.csv")
        remit("run", ENGLAND, *files, "--out", folder / run)
    (folder / "made").touch()


def fewer(counts: Path, other: Path) -> None:
    """The same counts with one less in some numerators."""
    with counts.open(encoding="utf-8", newline="") as file, other.open("w", encoding="utf-8", newline="") as out:
        rows, writer = csv.reader(file), csv.writer(out, lineterminator="\n")
        writer.writerow(next(rows))
        for n, (practice, indicator, measure, value) in enumerate(rows):
            if measure == "NUMERATOR" and n % ONE_IN == 0:
                value = str(max(0, int(value) - 1))
            writer.writerow((practice, indicator, measure, value))


def commands(folder: Path) -> list[Timed]:
    """The five, with what each should take at most; the first is what they are compared with."""
    counted = folder / QIF
    three = ("--practices", counted / "practices.csv", "--counts", counted / "counts.csv", "--period", ON)
    return [
        Timed("import duckdb, pydantic", (sys.executable, "-c", "import duckdb, pydantic")),
        Timed("remit --help", (*REMIT, "--help"), 0.4),
        Timed(f"show {QIF}", (*REMIT, "show", QIF), 0.8),
        Timed("run of three practices", (*REMIT, "run", QIF, *three, "--out", folder / "run", "--replace"), 1.0),
        Timed("worklist of one practice", (*REMIT, "worklist", folder / QOF, "--records", folder / "people",
                                          "--practice", "P001"), 5.0),
        Timed("compare, all of England", (*REMIT, "compare", folder / "first", folder / "second"), 30.0),
    ]  # fmt: skip


def main() -> None:
    """Measure all of them and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5, help="of each command; of comparing England, at most 3")
    parser.add_argument("--folder", type=Path, default=HERE.parent / "out" / "waiting", help="where inputs are kept")
    given = parser.parse_args()
    inputs_of(given.folder)
    timed = commands(given.folder)
    for one in timed:
        one.take()  # what is compiled and read from the disk the first time is not measured
        one.seconds.clear()
    busy = [os.getloadavg()[0]]
    for turn in range(given.repeats):
        for one in timed[: None if turn < 3 else -1]:
            one.take()
        busy.append(os.getloadavg()[0])
    reference = median(timed[0].seconds)
    for one in timed:
        print(one.line(reference))
    print(f"{os.cpu_count()} processors, on average {min(busy):.1f} to {max(busy):.1f} processes that wanted one")


if __name__ == "__main__":
    main()
