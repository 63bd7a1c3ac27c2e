"""What is worked out of a patient's records once, for `prepared.py`: for all days, and on one day for all patients."""

from __future__ import annotations

from dataclasses import dataclass, field

from remit.evaluation.reference.chart import PatientChart
from remit.evaluation.reference.conditions import Record
from remit.evaluation.reference.measured import Number
from remit.evaluation.reference.values import FieldValue
from remit.records.model import Event
from remit.rules import model as r

FieldKey = tuple[str, str | int]
"""A field by its definition's code and its name; by what it is, where it rests on no other."""


@dataclass
class Kept:
    """What a patient's records are to the rules on any day after the last of them: worked out once for all days."""

    by_cluster: dict[str, list[int]] | None = None
    """Where the records of each cluster stand among the patient's."""
    of_clusters: dict[tuple[tuple[str, ...], frozenset[str]], tuple[Event, ...]] = field(default_factory=dict)
    as_read: dict[tuple[int, tuple[str, ...]], Event] = field(default_factory=dict)
    halves: dict[tuple[int, str, str], Number | None] = field(default_factory=dict)
    tested: dict[tuple[str, str], tuple[tuple[Event, Record], ...]] = field(default_factory=dict)
    values: dict[FieldKey, FieldValue] = field(default_factory=dict)
    picks: dict[FieldKey, Event | None] = field(default_factory=dict)
    decided: dict[str, tuple[r.Action, r.Rule | None, bool]] = field(default_factory=dict)


@dataclass
class KeptChart(PatientChart):
    """A patient under one meaning. `kept` is in common with other days on which every record of the patient is seen,
    `days` with other patients on the same day."""

    kept: Kept = field(default_factory=Kept)
    days: dict[int, FieldValue] = field(default_factory=dict)
