"""The tables of a practice that was counted, whichever engine counted it: outcomes, patients, cells."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from remit.evaluation.kept_results.folder import Then
from remit.evaluation.kept_results.practice import KeptPractice
from remit.evaluation.model import Tally

OUTCOMES = pa.schema(
    [
        ("practice_code", pa.string()),
        ("patient_id", pa.string()),
        ("indicator_code", pa.string()),
        ("rule", pa.int32()),
        ("branch", pa.bool_()),
        ("category", pa.string()),
        ("reason", pa.string()),
        ("pca_date", pa.date32()),
    ]
)
"""One row for each member of an indicator's population, by patient, then in the order of the plan."""

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
`moderate` or `mild`; where none is coded, the category of the electronic frailty index, `fit` too, or '' where the
clusters cannot say that; null where they cannot say what is coded."""

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


@dataclass(frozen=True)
class CountedPractice:
    """A practice counted: its tally, its outcomes as `OUTCOMES` has them, its patients as `PEOPLE` has them.

    `kept` is what its records came to, where that is to be kept; `since` what of them was new, where they were not all
    read.
    """

    tally: Tally
    outcomes: pa.Table
    people: pa.Table
    kept: KeptPractice | None = None
    since: Then | None = None
