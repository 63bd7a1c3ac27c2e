"""QOF England 2024-25 changed as 2025-26 did on MADE-UP practices: no figure here is any practice's.

Each practice has a list, registers that rise and fall together (an older list has more of every condition), a rate of
its own in each indicator and binomial counts. The middle of those rates is an assumption, and so it is varied.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

import remit
from remit.analysis.simulation.results import ReformOutcome
from remit.application import simulate
from remit.files.tables import write_table

BASE = "qof-england-2024-25"
REFORM = Path(__file__).with_name("qof-2025-26-as-a-reform.yaml")
PRACTICES, SEED, DRAWS = 600, 1, 200
# Register over the list that the group is counted on. Plausible, and no publication's.
SHARES = {
    "AF": 0.021, "CHD": 0.030, "HF": 0.011, "HYP": 0.145, "PAD": 0.006, "STIA": 0.019, "DM": 0.077, "NDH": 0.09,
    "AST": 0.065, "COPD": 0.019, "DEM": 0.008, "DEP": 0.13, "MH": 0.010, "CAN": 0.036, "CKD": 0.044, "EP": 0.008,
    "LD": 0.006, "OST": 0.010, "RA": 0.008, "PC": 0.005, "OB": 0.12, "BP": 0.9, "SMOK": 0.25, "VI": 0.012,
    "CS": 0.25, "CHOL": 0.06,
}  # fmt: skip
SPREAD = 40.0
"""alpha + beta of practices' own rates: the middle two thirds of them lie within about 6 points of the mean."""


@dataclass(frozen=True)
class Practice:
    """A made-up practice: its patients, its long-term conditions beside the average, and its pence in both years."""

    code: str
    patients: int
    conditions: float
    before: int
    after: int

    @property
    def change(self) -> int:
        return self.after - self.before

    @property
    def per_patient(self) -> float:
        """The change in pounds."""
        return self.change / 100 / self.patients


def made_up(folder: Path, moved: float, practices: int = PRACTICES) -> list[Practice]:
    """Make the practices with rates that are `moved` (such as -0.05) from 2024-25's upper thresholds, and run both."""
    base, reform = remit.load_scheme(BASE), remit.load_scheme(REFORM)
    random = np.random.Generator(np.random.Philox(SEED))
    lists = np.clip(random.lognormal(np.log(9400), 0.5, practices).astype(np.int64), 1500, 60000)
    older = random.lognormal(0, 0.3, practices)
    codes = [f"X{n:04d}" for n in range(1, practices + 1)]
    folder.mkdir(parents=True, exist_ok=True)
    files = tuple(folder / f"{name}.csv" for name in ("practices", "counts", "national"))
    columns = ("practice_code", "practice_name", "list_size")
    write_table(files[0], columns, ([code, "", str(size)] for code, size in zip(codes, lists, strict=True)))
    rows: list[list[str]] = []
    national = []

    def add(subject: str, measure: str, values: np.ndarray) -> None:
        rows.extend([code, subject, measure, str(value)] for code, value in zip(codes, values, strict=True))

    registers = {}
    for group in base.groups:
        if group.group not in SHARES:
            continue
        size = (lists * _part_of_list(group.list)).astype(np.int64)
        share = np.clip(SHARES[group.group] * older * random.lognormal(0, 0.15, practices), 0, 0.95)
        registers[group.group] = random.binomial(size, share)
        add(group.group, "REGISTER", registers[group.group])
        add(group.group, "LIST_SIZE", size)
        national.append([group.group, str(registers[group.group].sum()), str(size.sum())])
    for item in base.items:
        group = base.indicator(item.indicators[0]).group
        if item.measure != "achievement":
            protected = item.kind.most_earned() or 0
            share = np.where(random.random(practices) < 0.95, 1, 0)
            add(item.item, "HISTORIC_POINTS", share * int(protected))
            continue
        middle = min(float(item.kind.upper.known()) + moved, 0.97)
        denominator = random.binomial(registers[group], random.uniform(0.5, 0.95))
        own = random.beta(middle * SPREAD, (1 - middle) * SPREAD, practices)
        numerator = random.binomial(denominator, own)
        add(item.item, "NUMERATOR", numerator)
        add(item.item, "DENOMINATOR", denominator)
    write_table(files[1], ("practice_code", "indicator_code", "measure", "value"), rows)
    priced = [_run(scheme, files, national) for scheme in (base, reform)]
    before, after = (_pence(run) for run in priced)
    remit.write_run(priced[0], folder / "run", replace=True)
    return [
        Practice(code, int(size), float(many), before[code], after[code])
        for code, size, many in zip(codes, lists, older, strict=True)
    ]


def _part_of_list(population: str) -> float:
    """The part of a list that a group is counted on, were there as many people of each age up to 80."""
    if population == "whole" or "own" in population:
        return 1.0
    (low,) = re.findall(r"\d+", population)
    return (80 - int(low)) / 80


def simulated(folder: Path, draws: int = DRAWS) -> ReformOutcome:
    """What `remit simulate` makes of the practices that were made up in a folder."""
    done = simulate.evaluate(simulate.Request(folder / "run", (REFORM,), draws=draws, seed=SEED))
    return done.simulation.reforms[0]


def _run(scheme: Any, files: Sequence[Path], national: Sequence[Sequence[str]]) -> remit.Run:
    groups = {group.group for group in scheme.groups}
    rows = (row for row in national if row[0] in groups)
    write_table(files[2], ("group_code", "register", "list_size"), rows)
    return remit.run(scheme, files[0], files[1], national=files[2], ignore_unknown=True)


def _pence(run: remit.Run) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for result in run.results():
        for award in result.awards:
            pence = award.pence if award.pence is not None else award.pence_at_one
            if pence is None:
                raise ValueError(f"{award.item.item} of {result.practice.code} has no pounds: {award.reason}")
            found[result.practice.code] += pence
    return found


def thirds(practices: Sequence[Practice], by: Callable[[Practice], float]) -> list[list[Practice]]:
    """From the least to the most, in three groups of as many each."""
    order = sorted(practices, key=lambda one: (by(one), one.code))
    ends = [round(len(order) * n / 3) for n in range(4)]
    return [order[start:end] for start, end in pairwise(ends)]
