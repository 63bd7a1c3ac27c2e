"""Outcomes by who the patients are: one practice's patients counted by age band, sex, ethnicity, deprivation, frailty.

A cell is how many patients of a practice have an outcome of a category under an indicator and are of a value of a
dimension; PCAs are counted by reason and by month too. Cells are groupings of the outcomes: over a dimension they add
up to what `counts.csv` says. They are exact, and belong to the practice; `core/suppression.py` decides what others see.

Every engine hands `cells` its outcomes and its people; `person` is how the reference interpreter makes the latter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from remit.evaluation.reference import Chart, age
from remit.rules import model as r

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

PEOPLE = pa.schema(
    [
        ("patient_id", pa.string()),
        ("age", pa.int32()),
        ("sex", pa.string()),
        ("ethnicity", pa.string()),
        ("deprivation_decile", pa.int32()),
        ("frailty", pa.string()),
    ]
)
"""One row for each patient of an extract. `age` is in full years on the achievement date; `frailty` is `severe`,
`moderate`, `mild`, '' where none is coded, or null where the clusters cannot say."""

CELLS = pa.schema(
    [
        ("practice_code", pa.string()),
        ("indicator_code", pa.string()),
        ("dimension", pa.string()),
        ("value", pa.string()),
        ("category", pa.string()),
        ("patients", pa.int64()),
    ]
)

# Frailty: the latest coded of three, as DM020 and DM021 read it; of several on one day the most severe stands.

FRAILTY_CLUSTERS = {"severe": "SEVFRAIL_COD", "moderate": "MODFRAIL_COD", "mild": "MILDFRAIL_COD"}


def _frailty(label: str, population: str) -> r.Definition:
    """Who is of a degree of frailty: the day of its latest code is the day of the latest of any, and none is worse."""
    levels = [*FRAILTY_CLUSTERS]
    worse = levels[: levels.index(label)]
    fields: dict[str, r.Field] = {"ANY_DAT": r.Pick("latest", tuple(FRAILTY_CLUSTERS.values()))}
    rules = []
    for n, level in enumerate([*worse, label], 1):
        name = f"{level.upper()}_DAT"
        fields[name] = r.Pick("latest", (FRAILTY_CLUSTERS[level],))
        same = r.Compare(r.Name(name), "=", r.Name("ANY_DAT"))
        own = level == label
        text = f"{name} = ANY_DAT"
        rules.append(r.Rule(n, same, text, "Select" if own else "Reject", "Reject" if own else "Next rule"))
    died = "_DIED" if population == "died in the year" else ""
    return r.Definition(
        f"FRAIL_{label.upper()}{died}", f"Latest frailty is {label}", population, fields, {}, tuple(rules), "inferred",
        "Remit: as DM020 v46 reads frailty", is_register=True,
    )  # fmt: skip


FRAILTY: tuple[tuple[str, r.Definition], ...] = tuple(
    (label, _frailty(label, population))
    for population in ("registered", "died in the year")
    for label in FRAILTY_CLUSTERS
)
"""Each label with a register of whom it is said, for any engine to compute. A label comes twice: who died in the year
is no longer registered. A patient is in one of them at most; who is in neither population is in no outcome either."""


def can_tell_frailty(clusters: Iterable[str]) -> bool:
    """Whether a run's clusters can say who is frail: all three are needed, or nothing is said."""
    return {*FRAILTY_CLUSTERS.values()} <= {*clusters}


@dataclass(frozen=True)
class Person:
    """One row of `PEOPLE`."""

    patient_id: str
    age: int
    sex: str
    ethnicity: str
    deprivation_decile: int | None
    frailty: str | None


def person(chart: Chart) -> Person:
    """What the reference interpreter says of a patient."""
    of, dates = chart.patient, chart.meaning.dates
    frailty = None
    if can_tell_frailty(chart.meaning.codes):
        found = (label for label, d in FRAILTY if chart.in_population(d) and chart.decide(d)[0] == "Select")
        frailty = next(found, "")
    return Person(of.id, age(of.born, dates.achievement), of.sex, of.ethnicity, of.deprivation, frailty)


def people_table(people: Sequence[Person]) -> pa.Table:
    """People as a table."""
    return pa.table([[getattr(one, name) for one in people] for name in PEOPLE.names], schema=PEOPLE)


# Cells.

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
    for number, (name, coded) in enumerate([(ALL, None), *_of_people(people), *_of_pcas(outcomes.take(pca))]):
        rows: Codes | slice = pca if name.startswith("pca_") else slice(None)
        values = coded.values if coded else (ALL,)
        codes = 0 if coded is None else coded.codes if name.startswith("pca_") else coded.codes[at]
        joint = (indicators.codes[rows] * len(values) + codes) * len(CATEGORIES) + categories.codes[rows]
        found = np.bincount(joint)
        some = np.flatnonzero(found)
        rest, category = np.divmod(some, len(CATEGORIES))
        indicator, value = np.divmod(rest, len(values))
        keys.append(np.stack([indicator, np.full_like(some, number), value, category]))
        columns.append((np.array([name], object).repeat(len(some)), np.array(values, object)[value], found[some]))
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


def _of_people(people: pa.Table) -> Iterator[tuple[str, _Coded]]:
    """Each dimension of people, by the row of `people`."""
    years = people["age"].to_numpy()
    band = np.searchsorted(AGE_BANDS, years, side="right") - 1
    yield "age", _Coded(np.maximum(band, 0), band_names())
    yield "sex", _coded(people["sex"], ("F", "M", "I", "U"))
    yield "ethnicity", _coded(_named(people["ethnicity"], NOT_RECORDED), last=NOT_RECORDED)
    deciles = tuple(str(n) for n in range(1, 11))
    known = pc.fill_null(people["deprivation_decile"], 11).to_numpy().astype(np.int64) - 1
    yield "deprivation", _Coded(known, (*deciles, NOT_RECORDED))
    frailty = pc.fill_null(pc.if_else(pc.equal(people["frailty"], ""), NO_FRAILTY, people["frailty"]), NOT_KNOWN)
    yield "frailty", _coded(frailty, (NO_FRAILTY, "mild", "moderate", "severe", NOT_KNOWN))


def _of_pcas(pcas: pa.Table) -> Iterator[tuple[str, _Coded]]:
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
