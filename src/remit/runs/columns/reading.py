"""Counts read in columns, where every row of a file is plainly right; where one is not, nothing is said of it here.

`check_counts` reads such a file row by row, and says what is wrong with it and where. So there is no message here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv

from remit.core import exact
from remit.core.figures import DENOMINATOR, LIST_SIZE, NUMERATOR, REGISTER, THE_YEAR, FigureKey
from remit.files.tables import CsvRows, Table
from remit.runs.columns.figures import FigureColumns, Whole
from remit.scheme.model import Scheme
from remit.scoring.counts import COLUMNS
from remit.scoring.figure_table import Counts
from remit.scoring.marks import MARKED
from remit.scoring.subjects import WHOLE_MEASURES, Measures, Subjects

_NAMES = (*COLUMNS, MARKED)
_FIRST = 1 << 18
_FITS = (1 << 31) - 1
_LETTERS = pa.dictionary(pa.int32(), pa.string())


def counts_in_columns(counts: CsvRows, scheme_of: Mapping[str, Scheme]) -> Counts | None:
    """The year's counts of practices that are in one scheme without networks; None where a row asks for a closer look.

    Raises Refused, as `check_counts` does, for a file that cannot be read at all.
    """
    schemes = {id(scheme): scheme for scheme in scheme_of.values()}
    if len(schemes) != 1:
        return None
    scheme = next(iter(schemes.values()))
    subjects = Subjects(scheme)
    if subjects.assents:
        return None
    table = counts.select(COLUMNS[:-1], (*COLUMNS[-1:], MARKED))
    if not isinstance(table, Table) or not table.plain():
        return None
    columns = _columns(_beginning(table))
    if columns is None or _figures(columns, scheme_of, subjects) is None:
        return None
    columns = _columns(table)
    del table  # and with it the text, which is large
    figures = _figures(columns, scheme_of, subjects) if columns is not None else None
    pa.default_memory_pool().release_unused()
    if figures is None or _too_many(figures):
        return None
    return Counts(figures, year=str(scheme.year.before))


def _beginning(table: Table) -> Table:
    """The first rows of a large table: what is not plain is nearly always so from the start."""
    ends = table.data.rfind(b"\n", 0, _FIRST) + 1 if len(table.data) > _FIRST else len(table.data)
    return replace(table, data=table.data[:ends])


def _columns(table: Table) -> list[tuple[Whole, list[str]]] | None:
    """Practice, indicator, measure and value of the rows: for each row the place of its text, and the texts."""
    if table.data.count(b"\r") != table.data.count(b"\r\n"):
        return None
    names = {name: f"f{at}" for name, at in zip(_NAMES, table.positions, strict=True) if at >= 0}
    try:
        read = csv.read_csv(
            pa.BufferReader(table.data),
            read_options=csv.ReadOptions(skip_rows=1, autogenerate_column_names=True),
            parse_options=csv.ParseOptions(quote_char=False, double_quote=False),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names.values(), _LETTERS), include_columns=list(names.values())
            ),
        )
    except pa.ArrowInvalid:  # no row, or one that is wider or narrower than the others
        return None
    if read.num_rows == 0 or _width(table) != table.width:
        return None
    read = read.unify_dictionaries().combine_chunks()
    texts = {name: read.column(column).chunk(0) for name, column in names.items()}
    for name in (COLUMNS[-1], MARKED):
        if name in texts and texts[name].dictionary.to_pylist() != [""]:
            return None
    words = {name: texts[name].dictionary.to_numpy(zero_copy_only=False).tolist() for name in COLUMNS[:4]}
    return [(texts[name].indices.to_numpy(), words[name]) for name in COLUMNS[:4]]


def _width(table: Table) -> int:
    """The number of cells of the first row."""
    begins = table.data.find(b"\n") + 1
    while table.data[begins : begins + 1] in (b"\n", b"\r"):
        begins += 1
    ends = table.data.find(b"\n", begins)
    return table.data.count(b",", begins, ends if ends >= 0 else len(table.data)) + 1


def _figures(
    columns: list[tuple[Whole, list[str]]], scheme_of: Mapping[str, Scheme], subjects: Subjects
) -> FigureColumns | None:
    (practice, codes), (indicator, indicators), (measure, measures), (value, values) = columns
    if any(code not in scheme_of for code in codes):
        return None
    pairs = len(indicators) * len(measures)
    if max(pairs, len(codes) * pairs) > _FITS:
        return None
    pair = indicator * np.int32(len(measures)) + measure
    keys: list[tuple[str, FigureKey]] = []
    column_of = np.full(pairs, -1, np.int32)
    for place in np.flatnonzero(np.bincount(pair, minlength=pairs)).tolist():
        key = _key(subjects, indicators[place // len(measures)], measures[place % len(measures)])
        if key is None:
            return None
        if key not in keys:
            keys.append(key)
        column_of[place] = keys.index(key)
    column = column_of[pair]
    flat = practice * np.int32(len(keys)) + column
    table = np.full(len(codes) * len(keys), -1, np.int64)
    amounts: list[Fraction] = []
    of_amounts = frozenset(n for n, (_, key) in enumerate(keys) if key.measure in WHOLE_MEASURES)
    for measure_name in dict.fromkeys(key.measure for _, key in keys):
        those = np.array([key.measure == measure_name for _, key in keys])[column]
        read = _values(value[those], values, measure_name, amounts)
        if read is None:
            return None
        table[flat[those]] = read
    if np.count_nonzero(table >= 0) != len(flat):  # a figure that is given twice
        return None
    return FigureColumns(codes, keys, table.reshape(len(codes), len(keys)), amounts, of_amounts)


def _key(subjects: Subjects, indicator: str, text: str) -> tuple[str, FigureKey] | None:
    """What a row without a period is about; None where that has to be looked at."""
    measure, subject = Measures.find(text), subjects.find(indicator)
    if not measure or subject is None or measure not in subjects.used[subject]:
        return None
    if subjects.periods.get((subject, measure), {THE_YEAR}) != {THE_YEAR}:
        return None
    return subject, FigureKey(measure)


def _values(places: Whole, texts: list[str], measure: str, amounts: list[Fraction]) -> Whole | None:
    """The whole numbers that are written, or the places of `amounts`; None where one is not as it should be."""
    used = np.unique(places).tolist()
    read = np.full(len(texts), -1, np.int64)
    how = _how(measure)
    for n in used:
        try:
            number = how(texts[n])
        except ValueError:
            return None
        if measure in WHOLE_MEASURES:
            amounts.append(number)
            number = len(amounts) - 1
        read[n] = number
    return read[places]


def _how(measure: str) -> Callable[[str], Any]:
    if measure in WHOLE_MEASURES:
        return exact.number
    return _yes_or_no if measure in ("DECLARED", "EVIDENCED") else exact.whole


def _yes_or_no(text: str) -> int:
    if text not in ("0", "1"):
        raise ValueError(text)
    return int(text)


def _too_many(figures: FigureColumns) -> bool:
    """Whether some practice has what none can have: more in the numerator than the denominator, or beside a list."""
    for subject in figures.subjects:
        for part, whole in ((NUMERATOR, DENOMINATOR), (REGISTER, LIST_SIZE)):
            own, limit = figures.of_all(subject, part), figures.of_all(subject, whole)
            if bool(np.any((own > limit) & (limit >= 0))):
                return True
    return False
