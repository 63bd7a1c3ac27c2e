"""The same awards in floats: QOF 2018-19 as an analyst would write it with numpy, with no checks and no explanation.

Reads practices.csv, counts.csv and national.csv as `remit run` does, and the items' points and thresholds from a
table; writes award.csv with Remit's columns. It is what the speed is measured against, so nothing in it is slow:
pyarrow reads and writes on all cores, and each item is a few array operations over all practices at once.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import compute, csv

POINT_VALUE, AVERAGE_LIST = 179.26, 8096
EMPTY = "No patients are in the denominator, so there is nothing to pay for."
NO_REGISTER = "No patients are on the register, so it earns no points."
NOT_DECLARED = "Declared as not done."


def read_counts(path: Path, practices: pa.Array) -> dict[tuple[str, str], np.ndarray]:
    """The values of each (subject, measure) as an array over the practices."""
    text = pa.dictionary(pa.int32(), pa.string())
    types = {"practice_code": text, "indicator_code": text, "measure": text, "value": pa.float64()}
    table = csv.read_csv(path, convert_options=csv.ConvertOptions(column_types=types)).unify_dictionaries()
    codes = {}
    for name in ("practice_code", "indicator_code", "measure"):
        column = table[name].combine_chunks()
        codes[name] = column.indices.to_numpy(), column.dictionary
    row, names = codes["practice_code"]
    row = compute.index_in(names, practices).to_numpy()[row]
    (subject, subjects), (measure, measures) = codes["indicator_code"], codes["measure"]
    columns = subject * len(measures) + measure
    values = np.full((len(subjects) * len(measures), len(practices)), np.nan)
    values[columns, row] = table["value"].to_numpy()
    pairs = ((s, m) for s in subjects.to_pylist() for m in measures.to_pylist())
    return dict(zip(pairs, values, strict=True))


def run(folder: Path, out: Path) -> None:
    """Award every practice and write `out`."""
    practices = csv.read_csv(folder / "practices.csv")
    codes = practices["practice_code"].combine_chunks()
    cpi = practices["list_size"].to_numpy() / AVERAGE_LIST
    counts = read_counts(folder / "counts.csv", codes)
    national = csv.read_csv(folder / "national.csv").to_pylist()
    prevalence = {row["group_code"]: row["register"] / row["list_size"] for row in national}
    items = csv.read_csv(folder / "items.csv").to_pylist()
    shape = (len(codes), len(items))
    numerator, denominator = np.full(shape, np.nan), np.full(shape, np.nan)
    points, pounds = np.zeros(shape), np.zeros(shape)
    reasons = np.zeros(shape, dtype=np.int8)
    apdf = {
        group: counts[group, "REGISTER"] / counts[group, "LIST_SIZE"] / national_prevalence
        for group, national_prevalence in prevalence.items()
    }
    for n, item in enumerate(items):
        code, group, most = item["indicator_code"], item["group_code"], item["points"]
        if item["measure"] == "achievement":
            over, under = counts[code, "NUMERATOR"], counts[code, "DENOMINATOR"]
            numerator[:, n], denominator[:, n] = over, under
            rate = np.divide(over, under, out=np.zeros(len(codes)), where=under > 0)
            points[:, n] = np.clip((rate - item["lower"]) / (item["upper"] - item["lower"]), 0, 1) * most
            reasons[:, n] = np.where(under > 0, 0, 1)
        elif item["measure"] == "register":
            kept = counts[group, "REGISTER"] > 0
            points[:, n] = kept * most
            reasons[:, n] = np.where(kept, 0, 2)
        else:
            declared = counts[code, "DECLARED"] > 0
            points[:, n] = declared * most
            reasons[:, n] = np.where(declared, 0, 3)
        weight = cpi * apdf[group] if item["prevalence"] else cpi
        pounds[:, n] = points[:, n] * POINT_VALUE * weight
    write_awards(out, codes, items, numerator, denominator, points, pounds, reasons)


def write_awards(
    out: Path,
    codes: pa.Array,
    items: list[dict[str, object]],
    numerator: np.ndarray,
    denominator: np.ndarray,
    points: np.ndarray,
    pounds: np.ndarray,
    reasons: np.ndarray,
) -> None:
    """Write award.csv with the columns of Remit's."""
    rows, width = points.size, points.shape[1]
    names = [item["indicator_code"] for item in items]
    with np.errstate(divide="ignore", invalid="ignore"):
        achievement = 100 * numerator / denominator
    # What is not there, a count of a register or the rate of nobody, is an empty cell.
    over, under, rate = (
        pa.array(part.ravel(), type=kind, from_pandas=True)
        for part, kind in ((numerator, pa.float64()), (denominator, pa.float64()), (achievement.round(6), pa.float64()))
    )
    words = pa.array(["", EMPTY, NO_REGISTER, NOT_DECLARED])
    most = np.array([item["points"] for item in items])
    table = {
        "practice_code": codes.take(np.repeat(np.arange(len(codes)), width)),
        "indicator_code": pa.array(names).take(np.tile(np.arange(width), len(codes))),
        "numerator": over.cast(pa.int32()),
        "denominator": under.cast(pa.int32()),
        "achievement": rate,
        "points_available": np.tile(most, len(codes)),
        "points": points.ravel(),
        "pounds": np.floor(pounds.ravel() * 100 + 0.5) / 100,
        "review": pa.nulls(rows, pa.string()),
        "reason": words.take(reasons.ravel()),
    }
    csv.write_csv(pa.table(table), out, csv.WriteOptions(quoting_style="needed"))


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]))
