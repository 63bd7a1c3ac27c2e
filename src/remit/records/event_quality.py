"""What a person should look at in what records say beside their day, code and number."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from remit.records.model import UNKNOWN_DAY

BACKWARDS = "records.event-backwards"
NO_VALUE = "records.comparator-without-value"
SCATTERED = "records.record-over-several-days"

KINDS = {
    BACKWARDS: "record that ends before it begins",
    NO_VALUE: "comparator without a value",
    SCATTERED: "record over several days",
}


def odd_events(rows: pa.Table) -> Iterator[tuple[str, int]]:
    """Each kind of finding in a table of events or prescriptions, with how many rows or records have it."""
    there = rows.column_names
    if "end_date" in there:
        has_end_day = pc.not_equal(rows["end_date"], UNKNOWN_DAY)
        yield BACKWARDS, _count(pc.and_(has_end_day, pc.less(rows["end_date"], rows["date"])))
    if "comparator" in there:
        yield NO_VALUE, _count(pc.and_(pc.not_equal(rows["comparator"], ""), pc.is_null(rows["value"])))
    if "record" in there:
        recorded = rows.filter(pc.not_equal(rows["record"], ""))
        each = recorded.group_by(["patient_id", "record"]).aggregate([("date", "count_distinct")])
        yield SCATTERED, _count(pc.greater(each["date_count_distinct"], 1))


def _count(marked: pa.ChunkedArray) -> int:
    """How many are true."""
    return pc.sum(marked).as_py() or 0
