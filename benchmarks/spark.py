"""What Spark costs: the same evaluation by its tasks and by processes of this machine, as ratios within one run.

    python benchmarks/spark.py                     48,000 made-up patients in 24 practices, in out/spark-48000
    python benchmarks/spark.py --patients 12000    fewer, to see that it works

All is done by one process with one session of Spark. The first evaluation of each kind is not counted: it starts what
stays. Then they take turns, and medians count: processor seconds, user and system, of this process and of all below it,
Java and Python, as Linux says in /proc. The folders are compared byte for byte.
docs/how-to/spark.md holds the figures of one run and how they were taken.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from board import HERE, ROOT, make, totals
from board_part import made

from remit.evaluation.evaluator import Evaluator
from remit.evaluation.folder import write_evaluation
from remit.files.schedules import Schedule, ThisMachine
from remit.files.spark import OnSpark
from remit.records.store import Store
from remit.rules.definitions import shipped
from remit.scheme import load_scheme
from remit.terminology.sets import demonstration

_TICK = os.sysconf("SC_CLK_TCK")


def processes() -> dict[int, tuple[str, float]]:
    """This process and all below it: what each is, and its processor seconds with those of children that ended."""
    read = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, _, numbers = (folder / "stat").read_text().partition("(")[2].rpartition(")")
        except OSError:
            continue  # it has ended
        values = numbers.split()
        read[int(folder.name)] = (name, int(values[1]), sum(map(int, values[11:15])) / _TICK)
    ours = {os.getpid()}
    while more := {pid for pid, (_, parent, _) in read.items() if parent in ours and pid not in ours}:
        ours |= more
    return {pid: (read[pid][0], read[pid][2]) for pid in ours}


@dataclass
class Turns:
    """The turns of one schedule: processor seconds in all and of each kind of process, and seconds elapsed."""

    what: str
    schedule: Schedule
    cpu: list[float] = field(default_factory=list)
    elapsed: list[float] = field(default_factory=list)
    by_name: dict[str, list[float]] = field(default_factory=dict)

    def run(self, evaluator: Evaluator, folder: Path, counted: bool) -> dict[str, bytes]:
        """Evaluate once more; returns the folder's files."""
        before, began = processes(), time.monotonic()
        write_evaluation(evaluator, folder, schedule=self.schedule)
        elapsed, after = time.monotonic() - began, processes()
        if counted:
            if lost := before.keys() - after.keys():
                sys.exit(f"a process ended, and what it took with it: {[before[pid] for pid in lost]}")
            spent: dict[str, float] = {}
            for pid, (name, seconds) in after.items():
                kind = "driver" if pid == os.getpid() else name
                spent[kind] = spent.get(kind, 0) + seconds - before.get(pid, ("", 0.0))[1]
            self.elapsed.append(elapsed)
            self.cpu.append(sum(spent.values()))
            for kind, seconds in spent.items():
                self.by_name.setdefault(kind, []).append(seconds)
        return {
            path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*") if path.is_file()
        }

    def __str__(self) -> str:
        of_which = ", ".join(f"{name} {median(seconds):.1f}" for name, seconds in sorted(self.by_name.items()))
        cpu, elapsed = median(self.cpu), median(self.elapsed)
        return f"{self.what:<28} {cpu:7.1f} s of processor ({of_which})  {elapsed:6.1f} s elapsed"


def evaluators(store: Store) -> dict[str, Callable[[], Evaluator]]:
    """What is evaluated, anew each time, as a command does it."""
    known, clusters = shipped(), demonstration()

    def of(scheme: str) -> Evaluator:
        loaded = load_scheme(scheme)
        return Evaluator(loaded, store, clusters, known, loaded.achievement_date)

    return {
        "qif-2024-25": lambda: of("qif-2024-25"),
        "qof-england-2024-25": lambda: of("qof-england-2024-25"),
        "every indicator": lambda: made(store, 1000),
    }


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=48_000)
    parser.add_argument("--practices", type=int, default=24)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", default="", help="one of what is evaluated, by its name")
    parser.add_argument("--tasks", type=int, default=2, help="processes, and tasks of Spark, at once")
    parser.add_argument("--out", type=Path, default=ROOT / "out", help="where the people are made and kept")
    given = parser.parse_args()
    folder = given.out / f"spark-{given.patients}"
    make(folder, given.patients, given.practices)
    rows = totals(folder)
    print(f"{rows['practices']} practices, {rows['patients']:,} patients, {rows['events']:,} events and "
          f"{rows['prescriptions']:,} prescriptions; load before: {os.getloadavg()[0]:.1f}")  # fmt: skip
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))
    spark = OnSpark(tasks=given.tasks)
    for name, evaluator in evaluators(Store(folder)).items():
        if given.only not in ("", name):
            continue
        turns = [
            Turns("one process", ThisMachine(1)),
            Turns(f"{given.tasks} processes", ThisMachine(given.tasks)),
            Turns(f"{given.tasks} tasks of Spark", spark),
        ]
        print(f"\n{name}")
        for repeat in range(given.repeats + 1):
            with tempfile.TemporaryDirectory() as temporary:
                found = [
                    one.run(evaluator(), Path(temporary) / str(at), counted=repeat > 0) for at, one in enumerate(turns)
                ]
            if any(files != found[0] for files in found):
                sys.exit("the folders are not the same")
        for one in turns:
            print(one, flush=True)
        for one in turns[:2]:
            ratio = median(turns[2].cpu) / median(one.cpu)
            print(f"{f'Spark over {one.what}':<28} {ratio:7.2f} times", flush=True)


if __name__ == "__main__":
    main()
