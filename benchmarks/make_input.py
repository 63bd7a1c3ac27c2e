"""A year of made-up counts for all of England under QOF 2018-19: what `england.py` times a run on.

6,900 practices × 77 indicators, drawn from one seed: lists, registers and lists of every group, numerators,
denominators and PCAs, declarations and last year's points. No figure is anyone's. The sizes are plausible (an average
list near 8,100, prevalences near the published ones), so that rates fall below, between and above the thresholds.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from remit.scheme import Scheme, load_scheme
from remit.scheme.kinds import Linear
from remit.scheme.model import WHOLE_LIST

SCHEME = "qof-england-2018-19"
PRACTICES = 6900
SEED = 201819

# Register over list, near England's of 2018-19; for groups without a published register, a plausible target population.
PREVALENCE = {
    "AF": 0.020, "AST": 0.060, "BP": 0.85, "CAN": 0.030, "CHD": 0.031, "CKD": 0.041, "CON": 0.14, "COPD": 0.019,
    "CS": 0.25, "CVDPP": 0.011, "DEM": 0.008, "DEP": 0.107, "DM": 0.069, "EP": 0.008, "HF": 0.009, "HYP": 0.140,
    "LD": 0.005, "MH": 0.0096, "OB": 0.101, "OST": 0.008, "PAD": 0.006, "PC": 0.004, "RA": 0.0076, "SMOK": 0.25,
    "STIA": 0.018,
}  # fmt: skip


def make(folder: Path, practices: int = PRACTICES) -> None:
    """Write practices.csv, counts.csv, national.csv, and items.csv: the scheme as the numpy version takes it."""
    scheme = load_scheme(SCHEME)
    random = np.random.default_rng(SEED)
    codes = [f"X{n:05d}" for n in range(1, practices + 1)]
    lists = np.clip(random.lognormal(np.log(8096) - 0.18, 0.6, practices).astype(np.int64), 1000, 90000)
    subjects: list[str] = []
    measures: list[str] = []
    columns: list[np.ndarray] = []

    def add(subject: str, measure: str, values: np.ndarray) -> None:
        subjects.append(subject)
        measures.append(measure)
        columns.append(values)

    registers, national = {}, []
    for group in scheme.groups:
        size = (lists * share_of_list(group.list)).astype(np.int64)
        chance = np.clip(PREVALENCE[group.group] * random.lognormal(0, 0.25, practices), 0, 0.95)
        registers[group.group] = register = random.binomial(size, chance)
        add(group.group, "REGISTER", register)
        add(group.group, "LIST_SIZE", size)
        national.append([group.group, register.sum(), size.sum()])
    for item in scheme.items:
        if item.measure == "achievement":
            register = registers[scheme.indicator(item.item).group]
            eligible = random.binomial(register, random.uniform(0.3, 1.0))
            pcas = random.binomial(eligible, random.beta(2, 30, practices))
            rate = random.beta(9, 2, practices)
            add(item.item, "NUMERATOR", random.binomial(eligible - pcas, rate))
            add(item.item, "DENOMINATOR", eligible - pcas)
            add(item.item, "PCAS", pcas)
        elif item.measure == "declared":
            add(item.item, "DECLARED", (random.random(practices) < 0.99).astype(np.int64))
    points = random.integers(45000, 55901, practices)
    _write(folder, scheme, codes, lists, (subjects, measures, np.stack(columns, axis=1)), points, national)


def share_of_list(population: str) -> float:
    """The part of a list that a group's population is, were there as many people of each age up to 80."""
    if population == WHOLE_LIST:
        return 1.0
    low, *high = [min(int(age), 80) for age in re.findall(r"\d+", population)]
    return ((high[0] if high else 80) - low) / 80 / (2 if "women" in population else 1)


def _write(
    folder: Path,
    scheme: Scheme,
    codes: list[str],
    lists: np.ndarray,
    counts: tuple[list[str], list[str], np.ndarray],
    points: np.ndarray,
    national: list[list[object]],
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    subjects, measures, values = counts
    figures = np.concatenate([values.astype(str), [[f"{p // 100}.{p % 100:02d}"] for p in points]], axis=1)
    width = figures.shape[1]
    table = {
        "practice_code": pa.array(np.repeat(codes, width)),
        "indicator_code": pa.array(np.tile([*subjects, "*"], len(codes))),
        "measure": pa.array(np.tile([*measures, "HISTORIC_POINTS"], len(codes))),
        "value": pa.array(figures.ravel()),
    }
    options = arrow_csv.WriteOptions(quoting_style="none")
    arrow_csv.write_csv(pa.table(table), folder / "counts.csv", options)
    _rows(
        folder / "practices.csv",
        ["practice_code", "practice_name", "place_code", "network_code", "list_size", "weighted_list_size"],
        [
            [code, f"Practice {code}", f"P{n % 191:03d}", "", size, ""]
            for n, (code, size) in enumerate(zip(codes, lists, strict=True))
        ],
    )
    _rows(folder / "national.csv", ["group_code", "register", "list_size"], national)
    items = []
    for item in scheme.items:
        kind = item.kind
        lower, upper = (float(kind.lower.known()), float(kind.upper.known())) if isinstance(kind, Linear) else ("", "")
        prevalence = int("prevalence" in item.weights or "target_population" in item.weights)
        group = scheme.indicator(item.item).group
        items.append([item.item, group, item.measure, float(kind.most_earned() or 0), lower, upper, prevalence])
    header = ["indicator_code", "group_code", "measure", "points", "lower", "upper", "prevalence"]
    _rows(folder / "items.csv", header, items)


def _rows(path: Path, header: list[str], rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else PRACTICES)
