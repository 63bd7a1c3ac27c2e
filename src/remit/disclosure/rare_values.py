"""Values in the extract's own words that too few people have: others see them as one, and read none of them.

An ethnicity is stored as the extract has it, a code or any text. A text that a handful of people have may say who they
are even where their number is hidden. The categories of the NHS Data Dictionary are everybody's, and stay.
"""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc

from remit.evaluation.cells import NOT_RECORDED

DIMENSION = "ethnicity"
OTHERS = "other, of few people each"


def without_rare_values(cells: pa.Table, most: int, known: Collection[str]) -> pa.Table:
    """An evaluation's cells with one value in place of those that no more than `most` people have under any indicator.

    `known` are values that may be named whoever has them.
    """
    ours = cells.filter(pc.equal(cells["dimension"], DIMENSION))
    sums = ours.group_by(["indicator_code", "value"]).aggregate([("patients", "sum")])
    people: dict[str, int] = {}
    for value, patients in zip(sums["value"].to_pylist(), sums["patients_sum"].to_pylist(), strict=True):
        people[value] = max(people.get(value, 0), patients)
    rare = sorted(value for value, many in people.items() if many <= most and value not in {*known, NOT_RECORDED})
    if not rare:
        return cells
    dimension, value = cells["dimension"], cells["value"]
    hide = pc.and_(pc.equal(dimension, DIMENSION), pc.is_in(value, pa.array(rare, pa.string())))
    named = pc.if_else(hide, OTHERS, value)
    at = cells.schema.get_field_index("value")
    return cells.set_column(at, cells.schema.field(at), named)
