"""The figures of a run as its folder keeps them, written from columns: as `Counts.rows` has them, in its order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute

from remit.core.rounding import exact_text
from remit.runs.columns.figures import FigureColumns, Whole
from remit.runs.columns.text import Lines, Text, blocks, cells, taken, whole_numbers
from remit.scoring.figure_table import FigureTable
from remit.scoring.subjects import MEASURES


def write_counts(
    path: Path, header: Sequence[str], figures: FigureTable, practices: Iterable[str], places: Mapping[str, int]
) -> None:
    """Write the figures of practices in their order; `places` is the order of the subjects."""
    assert isinstance(figures, FigureColumns)
    rank = {measure: n for n, measure in enumerate(MEASURES)}

    def order(column: int) -> tuple[object, ...]:
        subject, key = figures.named[column]
        return places.get(subject, len(places)), subject, rank[key.measure], key

    columns = sorted(range(len(figures.named)), key=order)
    subjects = cells([figures.named[column][0] for column in columns])
    between = [
        f",{subject},{figures.named[column][1].measure}," for column, subject in zip(columns, subjects, strict=True)
    ]
    of_amounts = np.array([column in figures.of_amounts for column in columns])
    codes = [code for code in practices if code in figures]
    rows, written = np.array([figures.rows[code] for code in codes]), cells(codes)
    with path.open("wb") as file:
        file.write(f"{','.join(header)}\n".encode())
        for block in blocks(len(codes)):
            numbers = figures.numbers[rows[block]][:, columns]
            practice, column = np.nonzero(numbers >= 0)
            text = _text(figures, numbers[practice, column], of_amounts[column])
            lines = Lines(taken(written[block], practice), taken(between, column), text, ",\n")
            file.write(lines.every())


def _text(figures: FigureColumns, numbers: Whole, amounts: Whole) -> Text:
    """The figures as written; of amounts, the numbers are their places."""
    text = whole_numbers(numbers)
    if not amounts.any():
        return text
    decimals = [exact_text(figures.amounts[place]) for place in numbers[amounts].tolist()]
    return compute.replace_with_mask(text, pa.array(amounts), pa.array(decimals, pa.string()))
