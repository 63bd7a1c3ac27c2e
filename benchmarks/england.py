"""A run of all England beside a plain numpy version: processor seconds and peak memory of each whole process.

`make bench`, or `python benchmarks/england.py [REPEATS]`. The input is made in a temporary folder (`make_input.py`).
Each version runs as a process of its own, turn by turn, so that both meet the same machine; start-up, reading, checking
and writing all count. Then the two award.csv are compared cell by cell. docs/explanation/speed.md says what it showed.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
SCHEME = "qof-england-2018-19"
GOAL_RATIO, GOAL_MEGABYTES = 4.5, 400
# These pin OpenBLAS to another processor's kernels on some machines, which slows numpy: it runs without them.
PINS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


@dataclass
class Measured:
    """What the repeats of one version took: user and system seconds, and megabytes (10^6 bytes) at the peak."""

    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    def add(self, command: Sequence[str | Path]) -> None:
        """Run the command and wait for it. This process stays small, since a child's peak starts from its parent's."""
        environment = {name: value for name, value in os.environ.items() if name not in PINS}
        child = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, env=environment)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"this failed with status {child.returncode}: {' '.join(map(str, command))}")
        self.seconds.append(usage.ru_utime + usage.ru_stime)
        unit = 1 if sys.platform == "darwin" else 1024
        self.megabytes.append(usage.ru_maxrss * unit / 1e6)

    def __str__(self) -> str:
        shown = ", ".join(f"{s:.2f}" for s in self.seconds)
        return f"{median(self.seconds):6.2f} s   {max(self.megabytes):5.0f} MB   ({shown})"


@dataclass
class Compared:
    """How the two award.csv agree: in pence, and in points and per cent to the twelfth and sixth decimal."""

    awards: int = 0
    same: int = 0
    a_penny_apart: int = 0
    further: list[str] = field(default_factory=list)
    other_cells: list[str] = field(default_factory=list)


def compare(exact: Path, floats: Path) -> Compared:
    """Compare row by row; the floats' own noise, below half of the last place shown, is no difference."""
    found = Compared()
    with exact.open(encoding="utf-8", newline="") as one, floats.open(encoding="utf-8", newline="") as two:
        for ours, theirs in zip(csv.DictReader(one), csv.DictReader(two), strict=True):
            where = f"{ours['practice_code']} {ours['indicator_code']}"
            found.awards += 1
            apart = abs(round(Fraction(ours["pounds"]) * 100) - round(Fraction(theirs["pounds"]) * 100))
            if apart == 0:
                found.same += 1
            elif apart == 1:
                found.a_penny_apart += 1
            else:
                found.further.append(where)
            texts = ("practice_code", "indicator_code", "numerator", "denominator", "review", "reason")
            near = (("achievement", 2e-6), ("points_available", 1e-9), ("points", 1e-9))
            if any(ours[name] != theirs[name] for name in texts) or any(
                abs(float(ours[name] or -1) - float(theirs[name] or -1)) > least for name, least in near
            ):
                found.other_cells.append(where)
    return found


def main() -> int:
    """Make the input, run both versions turn by turn, compare, and say whether the goal is met."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory(prefix="remit-bench-") as temporary:
        folder = Path(temporary)
        data, run, awards = folder / "input", folder / "run", folder / "award.csv"
        print("Making the input …", flush=True)
        subprocess.run([sys.executable, HERE / "make_input.py", data], check=True)
        size = (data / "counts.csv").stat().st_size / 1e6
        print(f"counts.csv has {_lines(data / 'counts.csv') - 1:,} rows, {size:.0f} MB. {repeats} runs of each.\n")
        remit, numpy = Measured(), Measured()
        files = ["--practices", data / "practices.csv", "--counts", data / "counts.csv"]
        files += ["--national", data / "national.csv", "--out", run]
        for turn in range(repeats):
            shutil.rmtree(run, ignore_errors=True)
            remit.add([sys.executable, "-m", "remit.cli.main", "run", SCHEME, *files])
            numpy.add([sys.executable, HERE / "numpy_version.py", data, awards])
            print(
                f"  {turn + 1} of {repeats}: Remit {remit.seconds[-1]:.2f} s, numpy {numpy.seconds[-1]:.2f} s",
                flush=True,
            )
        ratio = median(remit.seconds) / median(numpy.seconds)
        print("\n          processor     peak   (each run)")
        print(f"Remit   {remit}")
        print(f"numpy   {numpy}")
        print(f"Remit takes {ratio:.1f} times the processor seconds of numpy (medians); the goal is {GOAL_RATIO}.\n")
        found = compare(run / "award.csv", awards)
    print(
        f"{found.same:,} of {found.awards:,} awards are the same to the penny; {found.a_penny_apart} are a penny apart,"
    )
    print("where a float falls on the other side of half a penny; ", end="")
    print(f"{len(found.further)} differ by more, and {len(found.other_cells)} in another column.")
    wrong = [*found.further, *found.other_cells]
    if wrong:
        print(f"These should not: {', '.join(wrong[:10])}")
    return 0 if not wrong and ratio <= GOAL_RATIO and max(remit.megabytes) < GOAL_MEGABYTES else 1


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file)


if __name__ == "__main__":
    sys.exit(main())
