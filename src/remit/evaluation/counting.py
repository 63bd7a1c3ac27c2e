"""One practice of a store counted by an engine: what each engine hands on to be written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from remit.evaluation import evaluate as e
from remit.evaluation.cells import cells, people_table
from remit.evaluation.plan import Plan
from remit.evaluation.reference import Meaning
from remit.records.store import Store

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


@dataclass(frozen=True)
class Practice:
    """A practice counted: its tally, its outcomes as `OUTCOMES` has them, its cells as `breakdown.CELLS` has them."""

    tally: e.Tally
    outcomes: pa.Table
    cells: pa.Table


class Engine(Protocol):
    """What counts a practice. Whatever the engine, the same records and rules give the same bytes."""

    def practices(self, store: Store, codes: Sequence[str]) -> Iterator[Practice]:
        """Every patient of each practice under the plan, in the order of the codes."""


@dataclass(frozen=True)
class Reference:
    """The reference interpreter, patient by patient: slow, and right by definition."""

    plan: Plan
    meaning: Meaning

    def practices(self, store: Store, codes: Sequence[str]) -> Iterator[Practice]:
        """Every patient of each practice under the plan, in the order of the codes."""
        for code in codes:
            found = e.evaluate(code, store.patients(code), self.plan, self.meaning)
            outcomes = outcomes_table(found)
            yield Practice(found, outcomes, cells(outcomes, people_table(found.people)))


def outcomes_table(found: e.PracticeOutcomes) -> pa.Table:
    """A practice's outcomes as a table."""
    rows = [
        (found.practice, id_, o.code, o.rule, o.branch, o.counts.category, o.counts.reason, o.day)
        for id_, o in found.outcomes
    ]
    return (
        pa.table([list(column) for column in zip(*rows, strict=True)], schema=OUTCOMES)
        if rows
        else (OUTCOMES.empty_table())
    )
