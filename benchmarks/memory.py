"""Three hundred million entries under a limit: what all processes of an evaluation take together, as they run.

    python benchmarks/memory.py                         a million people with 22 years of records, in out/board-big
    python benchmarks/memory.py STORE --memory 4        some other store, under so many gigabytes

Their memory is read from /proc five times a second (Linux): what is their own, and their part of what they share.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

from board import HERE, ROOT, make, totals


def family(process: int) -> list[int]:
    """A process and all that it began, at any depth."""
    found = [process]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found


def taken(process: int) -> int:
    """The bytes that a process takes: its own, and its part of what it shares."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def main() -> None:
    """Evaluate every indicator of a store under a limit, and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path, nargs="?", default=ROOT / "out" / "board-big")
    parser.add_argument("--memory", type=int, default=4, help="gigabytes")
    given = parser.parse_args()
    make(given.store, 1_000_000, 116, 22)
    rows = totals(given.store)
    print(f"{rows['patients']:,} patients, {rows['events']:,} events and {rows['prescriptions']:,} prescriptions")
    command = [HERE / "board_part.py", "evaluate", given.store, "--memory", given.memory * 10**9]
    before, most, largest = time.monotonic(), 0, 0
    child = subprocess.Popen([sys.executable, *map(str, command)])
    while child.poll() is None:
        each = [taken(one) for one in family(child.pid)]
        most, largest = max(most, sum(each)), max(largest, *each)
        time.sleep(0.2)
    if child.returncode:
        sys.exit(child.returncode)
    print(f"{most / 1e6:,.0f} MB at the most together, {largest / 1e6:,.0f} MB in the largest process, "
          f"{time.monotonic() - before:,.0f} s elapsed")  # fmt: skip


if __name__ == "__main__":
    main()
