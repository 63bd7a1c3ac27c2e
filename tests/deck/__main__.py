"""`python -m tests.deck compare|record|show|needs [CASE…]`: the recipes `make deck` and `make deck-record`."""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.deck.cases import CASES
from tests.deck.differences import differences, summary
from tests.deck.inputs import HERE, needs, schemes
from tests.deck.playing import record_of
from tests.deck.records import keep, kept, names, path_of


def played(cases: list[str]) -> dict[str, str]:
    """The records of cases as they are today, several played at once."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return dict(zip(cases, pool.map(_say_and_play, cases), strict=True))


def _say_and_play(case: str) -> str:
    record = record_of(case)
    print(f"played {case}", file=sys.stderr)
    return record


def record(cases: list[str]) -> int:
    """Record anew; what differs from before is said as by `compare`, and goes into the changelog by kind."""
    now = played(cases)
    print(summary({case: differences(kept(case), text) for case, text in now.items() if kept(case)}))
    for case, text in now.items():
        if text != kept(case):
            keep(case, text)
    for case in names():
        if case not in CASES:
            path_of(case).unlink()
    return 0


def compare(cases: list[str]) -> int:
    """Say what differs from the record; status 1 where anything does."""
    found = {case: differences(kept(case), text) for case, text in played(cases).items()}
    print(summary(found))
    return int(any(found.values()))


def show(cases: list[str]) -> int:
    """Print the kept records."""
    for case in cases:
        sys.stdout.write(kept(case))
    return 0


def new_needs(cases: list[str]) -> int:
    """Add to needs.csv the figures of schemes that have none yet, as `remit template` names them."""
    rows = []
    for scheme in schemes():
        if scheme in needs():
            continue
        with tempfile.TemporaryDirectory() as folder:
            words = [sys.executable, "-m", "remit.cli.main", "template", scheme, "--optional", "--out", folder]
            subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
            path = Path(folder) / "counts.csv"
            with path.open(encoding="utf-8", newline="") as file:
                every = [row for row in csv.DictReader(file) if row["practice_code"] == "P1"]
        rows += [(scheme, row["indicator_code"], row["measure"], row["period"]) for row in every]
    with (HERE / "needs.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    print(f"{len(rows)} rows added to needs.csv.")
    return 0


def main() -> int:
    """The command."""
    commands = {"compare": compare, "record": record, "show": show, "needs": new_needs}
    parser = argparse.ArgumentParser(prog="python -m tests.deck", description=__doc__)
    parser.add_argument("what", choices=commands)
    parser.add_argument("case", nargs="*", help="only these cases; else all")
    given = parser.parse_args()
    unknown = [case for case in given.case if case not in CASES]
    if unknown:
        parser.error(f"there is no case {unknown[0]!r}; there are: {', '.join(CASES)}")
    return commands[given.what](given.case or list(CASES))


if __name__ == "__main__":
    sys.exit(main())
