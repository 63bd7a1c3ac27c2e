"""What a later extract no longer has of what the extracts before it told: whoever left, and what was taken out.

A later extract may be whole or bring only what is new, and does not say which. So nothing is dropped; what it no longer
has is counted, for somebody to look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from remit.records.layout import PATIENTS, REGISTRATIONS, Layout
from remit.records.standing import same_as_before


@dataclass
class Later:
    """The latest of several extracts, set beside what stands of the practice's tables, patients first."""

    latest: str
    patients: pa.Array | None = None
    """Those whom the latest extract has."""

    def gone(self, layout: Layout, current: pa.Table, superseded: pa.Table) -> int:
        """How many patients, stays that have not ended, or records of patients whom the latest extract has, it no
        longer has; none where it has nothing at all in common with the earlier ones, and so brings only what is new.
        What is dated before all that it has in common with them is none of its business either.

        `current` are the rows that stand and `superseded` those that do not, both sorted as they are stored.
        """
        newest = pc.equal(current["extract"], self.latest)
        old = current.filter(pc.invert(newest))
        if layout is PATIENTS:
            self.patients = current["patient_id"].filter(newest).combine_chunks()
            return int(old.num_rows)
        if layout is REGISTRATIONS:
            return int(old["end_date"].null_count) if pc.any(newest, min_count=0).as_py() else 0
        if layout.key or not old.num_rows or not superseded.num_rows:
            return 0
        again = superseded.filter(pc.equal(superseded["extract"], self.latest))
        first = first_in_common(current.filter(newest), again)
        return self.gone_beside(layout, [old.filter(pc.greater_equal(old["date"], first))], again)

    def gone_beside(self, layout: Layout, old: Iterable[pa.Table], again: pa.Table) -> int:
        """The same of events or prescriptions: `old` are the earlier rows that stand and are dated from
        `first_in_common` on, in sorted parts of which none has a row of another; `again` those of the latest extract
        that do not stand, sorted."""
        before, repeated = (sum(sum(self._distinct(layout, rows)) for rows in parts) for parts in (old, [again]))
        return before - repeated

    def _distinct(self, layout: Layout, rows: pa.Table) -> Iterator[int]:
        """How many different rows of the patients whom the latest extract has."""
        rows = rows.filter(pc.is_in(rows["patient_id"], self.patients))
        if rows.num_rows:
            same = same_as_before(rows, layout.order(rows.column_names))
            yield rows.num_rows - (pc.sum(same).as_py() or 0)


def first_in_common(standing: pa.Table, again: pa.Table) -> date:
    """The first day of what the latest extract has in common with earlier ones: of its rows that do not stand, since an
    earlier one had them; where each of its rows stands, of these, which then stand in the place of earlier ones."""
    days = (again if again.num_rows else standing)["date"]
    return pc.min(days).as_py() or date.max
