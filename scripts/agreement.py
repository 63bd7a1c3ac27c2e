"""Counts a sample of practices of a made-up board with both engines, and says where they differ.

python scripts/agreement.py                            4 practices of a board of 100,000, made in out/agreement
python scripts/agreement.py STORE --practices 6        practices of a store that is there
"""

from __future__ import annotations

import argparse
import filecmp
import random
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from remit.core.dates import SchemeYear
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.folder import write_evaluation
from remit.records.store import Store
from remit.rules.definitions import shipped
from remit.scheme import load_scheme
from remit.synthetic.store import make_store, store_request
from remit.terminology.sets import demonstration

OUT = Path(__file__).resolve().parents[1] / "out" / "agreement"
RUNS = (
    ("qof-england-2024-25", date(2025, 3, 31)), ("qof-england-2024-25", date(2024, 9, 30)),
    ("qif-2024-25", date(2025, 3, 31)), ("qof-england-2018-19", date(2019, 3, 31)),
)  # fmt: skip
EVERY_YEAR = tuple(SchemeYear(begins) for begins in (2021, 2024))
"""Years whose rules count where there are none of a scheme's year, so that QOF 2018-19 is counted too."""


def differing(one: Path, other: Path) -> list[str]:
    """The files of two folders that are not the same to the byte."""
    names = {path.relative_to(folder).as_posix() for folder in (one, other) for path in folder.rglob("*.*")}
    return sorted(filecmp.cmpfiles(one, other, names, shallow=False)[1] + filecmp.cmpfiles(one, other, names)[2])


def main() -> None:
    """Compare, print, and end with status 1 where anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path, nargs="?", default=OUT)
    parser.add_argument("--practices", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if not (given.store / "manifest.json").is_file():
        make_store(store_request(100_000, given.seed, date(2025, 3, 31)), given.store)
    store = Store(given.store)
    sample = sorted(random.Random(given.seed).sample(store.codes, min(given.practices, len(store.codes))))
    print(f"practices {', '.join(sample)}: {sum(store.partition(code).rows('patients') for code in sample):,} patients")
    wrong = 0
    for scheme, on in RUNS:
        made = Evaluator(load_scheme(scheme), store, demonstration(), shipped(), on, None, EVERY_YEAR)
        with tempfile.TemporaryDirectory() as folder:
            taken, outcomes = [], 0
            for engine in ("duckdb", "reference"):
                before = time.process_time()
                told = write_evaluation(made, Path(folder) / engine, only=sample, engine=engine, workers=1)
                taken.append(time.process_time() - before)
                outcomes = sum(sum(of.values()) for of in told.categories.values())
            different = differing(Path(folder) / "duckdb", Path(folder) / "reference")
        wrong += len(different)
        what = f"differ in {', '.join(different)}" if different else "the same bytes"
        print(f"{scheme} on {on}: {outcomes:,} outcomes, {what}; {taken[0]:.1f} s and {taken[1]:.1f} s of processor")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
