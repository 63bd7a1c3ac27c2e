"""A small base year for tests of designs, each of its figures worked out by hand.

Five practices of 10,000 weighted patients and 1,000 in the denominator of item 4, at 50%, 60%, 65%, 70% and 90%. The
quartiles are 60%, 65% and 70%; a tenth of the patients is 500, so that the best practice alone is the benchmark, 90%.
Of 1,000 patients luck lifts nobody by five points in one of ten years, so that the steps stand at 65%, 70% and 90%.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.bad_files.command import remit

ACHIEVED = (500, 600, 650, 700, 900)


def practices_file(folder: Path, many: int = 5, lists: str = "10500,10000", more: str = "") -> Path:
    """Practices P1, P2, …"""
    path = folder / "practices.csv"
    head = "practice_code,practice_name,place_code,list_size,weighted_list_size"
    rows = [f"P{n},Practice {n},cannock-chase,{lists}" for n in range(1, many + 1)]
    path.write_text("\n".join([head, *rows]) + f"\n{more}", encoding="utf-8")
    return path


def counts_file(folder: Path, achieved: Sequence[int] = ACHIEVED, of: int = 1000, item: str = "4") -> Path:
    """The counts of an item of P1, P2, …"""
    path = folder / "counts.csv"
    rows = [
        f"P{n},{item},{measure},{value}"
        for n, over in enumerate(achieved, 1)
        for measure, value in (("NUMERATOR", over), ("DENOMINATOR", of))
    ]
    path.write_text("\n".join(["practice_code,indicator_code,measure,value", *rows]) + "\n", encoding="utf-8")
    return path


def base_run(folder: Path, achieved: Sequence[int] = ACHIEVED, of: int = 1000) -> Path:
    """The run of QIF 2024/25 of these practices."""
    folder.mkdir(parents=True, exist_ok=True)
    given = ("--practices", practices_file(folder, len(achieved)), "--counts", counts_file(folder, achieved, of))
    said = remit("run", "qif-2024-25", *given, "--out", folder / "run")
    assert said.status == 0, said.err
    return folder / "run"
