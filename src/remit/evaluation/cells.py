"""Outcomes by who the patients are: one practice's patients counted by age band, sex, ethnicity, deprivation, frailty.

A cell is how many patients of a practice have an outcome of a category under an indicator and are of a value of a
dimension; PCAs are counted by reason and by month too. Cells are groupings of the outcomes: over a dimension they add
up to what `counts.csv` says. They are exact, and belong to the practice; `disclosure` decides what others see. They are
counted in one way, from the outcomes and the people that either engine hands on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from remit.evaluation.layout import CELLS

AGE_BANDS = (0, 5, 15, 25, 35, 45, 55, 65, 75, 85)
"""The first age of each band. A choice: ten-year bands that add up to the seven bands by which the global sum weighs
its lists (0-4, 5-14, 15-44, 45-64, 65-74, 75-84, 85 and over)."""

DIMENSIONS = ("all", "age", "sex", "ethnicity", "deprivation", "frailty", "pca_reason", "pca_month")
"""Every dimension; the last two are of PCAs alone."""

CATEGORIES = ("achieved", "not_achieved", "pca", "exclusion")
ALL = "all"
NOT_RECORDED = "not recorded"
NO_FRAILTY = "none recorded"
NOT_KNOWN = "not known"
NO_REASON = "no reason"
NO_DATE = "no date"

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Coded:
    """A column as numbers into its values, which stand in the order in which they are shown."""

    codes: Codes
    values: Sequence[str]


def cells(outcomes: pa.Table, people: pa.Table) -> pa.Table:
    """The cells of one practice, in the order of indicator, dimension, value and category; none is zero.

    `outcomes` has the columns of an evaluation's outcomes, `people` those of `PEOPLE`, with everybody who has an
    outcome. Values come in their own order: ages from the youngest, deciles from the most deprived. Raises ValueError
    where somebody is missing among the people.
    """
    if not outcomes.num_rows:
        return CELLS.empty_table()
    position = pc.index_in(outcomes["patient_id"].cast(pa.string()), people["patient_id"].combine_chunks())
    if position.null_count:
        raise ValueError(f"{position.null_count} outcomes are of patients who are not among the people")
    at = position.to_numpy().astype(np.int64)
    indicators, categories = _coded(outcomes["indicator_code"]), _coded(outcomes["category"], CATEGORIES)
    pca = np.flatnonzero(categories.codes == CATEGORIES.index("pca"))
    keys, columns = [], []
    for number, (name, coded) in enumerate(
        [(ALL, None), *_people_dimensions(people), *_pca_dimensions(outcomes.take(pca))]
    ):
        rows: Codes | slice = pca if name.startswith("pca_") else slice(None)
        values = coded.values if coded else (ALL,)
        codes = 0 if coded is None else coded.codes if name.startswith("pca_") else coded.codes[at]
        joint = (indicators.codes[rows] * len(values) + codes) * len(CATEGORIES) + categories.codes[rows]
        counts = np.bincount(joint)
        some = np.flatnonzero(counts)
        rest, category = np.divmod(some, len(CATEGORIES))
        indicator, value = np.divmod(rest, len(values))
        keys.append(np.stack([indicator, np.full_like(some, number), value, category]))
        columns.append((np.array([name], object).repeat(len(some)), np.array(values, object)[value], counts[some]))
    every = np.concatenate(keys, axis=1)
    order = np.lexsort(every[::-1])
    dimension, value_text, patients = (np.concatenate(parts)[order] for parts in zip(*columns, strict=True))
    practice = outcomes["practice_code"][0].as_py()
    return pa.table(
        [
            np.array([practice], object).repeat(len(order)),
            np.array(indicators.values, object)[every[0][order]],
            dimension,
            value_text,
            np.array(CATEGORIES, object)[every[3][order]],
            patients,
        ],
        schema=CELLS,
    )


def _people_dimensions(people: pa.Table) -> Iterator[tuple[str, _Coded]]:
    """Each dimension of people, by the row of `people`."""
    years = people["age"].to_numpy()
    band = np.searchsorted(AGE_BANDS, years, side="right") - 1
    yield "age", _Coded(np.maximum(band, 0), band_names())
    yield "sex", _coded(people["sex"], ("F", "M", "I", "U"))
    yield "ethnicity", _coded(_named(people["ethnicity"], NOT_RECORDED), last=NOT_RECORDED)
    deciles = tuple(str(n) for n in range(1, 11))
    deciles_coded = pc.fill_null(people["deprivation_decile"], 11).to_numpy().astype(np.int64) - 1
    yield "deprivation", _Coded(deciles_coded, (*deciles, NOT_RECORDED))
    frailty = pc.fill_null(pc.if_else(pc.equal(people["frailty"], ""), NO_FRAILTY, people["frailty"]), NOT_KNOWN)
    yield "frailty", _coded(frailty, (NO_FRAILTY, "fit", "mild", "moderate", "severe", NOT_KNOWN))


def _pca_dimensions(pcas: pa.Table) -> Iterator[tuple[str, _Coded]]:
    """The dimensions of PCAs, by the row of `pcas`."""
    yield "pca_reason", _coded(_named(pcas["reason"], NO_REASON), last=NO_REASON)
    days = pcas["pca_date"].cast(pa.date32()).to_numpy()
    months, codes = np.unique(days.astype("datetime64[M]"), return_inverse=True)  # no date comes last
    yield "pca_month", _Coded(codes, [NO_DATE if np.isnat(month) else str(month) for month in months])


def band_names() -> tuple[str, ...]:
    """The age bands by name: `0-4` to `85 and over`."""
    ends = [next_ - 1 for next_ in AGE_BANDS[1:]]
    return (*(f"{first}-{end}" for first, end in zip(AGE_BANDS, ends, strict=False)), f"{AGE_BANDS[-1]} and over")


def _named(column: pa.ChunkedArray, blank: str) -> pa.ChunkedArray:
    """A column with a word for what is blank or missing."""
    filled = pc.fill_null(column.cast(pa.string()), "")
    return pc.if_else(pc.equal(filled, ""), blank, filled)


def _coded(column: pa.ChunkedArray, values: Sequence[str] = (), last: str = "") -> _Coded:
    """A column of text as numbers: into `values` where they are given, else into its own, sorted, with `last` last."""
    encoded = column.combine_chunks()
    encoded = encoded if isinstance(encoded.type, pa.DictionaryType) else encoded.dictionary_encode()
    own = encoded.dictionary.to_pylist()
    if not values:
        values = sorted(own, key=lambda text: (text == last, text))
    place = {text: n for n, text in enumerate(values)}
    unknown = sorted({text for text in own if text not in place})
    if unknown:
        raise ValueError(f"{', '.join(unknown)} is none of {', '.join(values)}")
    into = np.array([place[text] for text in own], np.int64)
    return _Coded(into[encoded.indices.to_numpy()] if len(own) else np.empty(0, np.int64), values)
