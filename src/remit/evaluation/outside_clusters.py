"""Events and prescriptions whose code no cluster has: how many, and which codes they have most often.

Most records of a practice are about nothing that any indicator reads. But a code that was damaged on its way, or that
is spelt otherwise than in its cluster, is among them too, and its patient is on no register: such are told apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from remit.core.problems import Problem, warning
from remit.records.layout import EVENTS, PRESCRIPTIONS
from remit.records.model import Patient
from remit.records.store import Store, reading
from remit.terminology.clusters import ClusterSet
from remit.terminology.codes import misspelt

_MOST_SHOWN = 5


TABLES = (EVENTS.name, PRESCRIPTIONS.name)


def outside(store: Store, practice: str, known: pa.Array) -> dict[str, dict[str, int]]:
    """Of each table of a practice how many rows have each code that is not known."""
    found: dict[str, dict[str, int]] = {}
    for table in TABLES:
        path = store.path(practice, table)
        if path is None:
            continue
        with reading(path):
            column = pq.read_table(path.absolute(), columns=["code"], read_dictionary=["code"])["code"]
        counted = pc.value_counts(column)
        codes, many = counted.field("values").cast(pa.string()), counted.field("counts")
        others = pc.invert(pc.is_in(codes, known))
        found[table] = dict(sorted(zip(codes.filter(others).to_pylist(), many.filter(others).to_pylist(), strict=True)))
    return found


@dataclass
class Outside:
    """Of each table the rows, and how many of each code that no cluster has."""

    rows: Counter[str] = field(default_factory=Counter)
    codes: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, rows: Mapping[str, int], codes: Mapping[str, Mapping[str, int]]) -> None:
        """The same of one more practice."""
        self.rows.update(rows)
        for table, counted in codes.items():
            self.codes.setdefault(table, Counter()).update(counted)

    def sentences(self, held: ClusterSet) -> list[str]:
        """How many are in no cluster, table by table."""
        found = []
        for table, codes in self.codes.items():
            if codes:
                of, most = self.rows[table], _most(codes.items())
                what = f"{codes.total():,} of {of:,} {table} have a code that is in no cluster of {held.name}"
                found.append(f"{what} ({held.release}); most often {most}.")
        return found

    def warnings(self, held: ClusterSet) -> list[Problem]:
        """Codes that are another spelling of one that a cluster has."""
        known = {code for cluster in held.clusters.values() for code in cluster.codes}
        found = []
        for table, codes in self.codes.items():
            if others := misspelt(codes, known):
                count = sum(codes[code] for code in others)
                most = _most((f"{_visible(code)} for {right}", codes[code]) for code, right in others.items())
                what = f"{count:,} {table} have another spelling of a code that a cluster has, and no rule reads them: "
                found.append(warning("evaluation.code-misspelt", f"{what}{most}.", None, _AGAIN, rows=count))
        return found


_AGAIN = "Correct the export, or the cluster, and import again."


def outside_of(patient: Patient) -> Outside:
    """The codes of one patient's records, for what is another spelling among them."""
    return Outside(codes={"records of the patient": Counter(event.code for event in patient.events)})


def _most(counted: Iterable[tuple[str, int]]) -> str:
    ordered = sorted(counted, key=lambda one: (-one[1], one[0]))
    shown = ", ".join(f"{_visible(code)} ({many:,})" for code, many in ordered[:_MOST_SHOWN])
    return shown + (f" and {len(ordered) - _MOST_SHOWN:,} others" if len(ordered) > _MOST_SHOWN else "")


def _visible(code: str) -> str:
    return "".join(c if c.isprintable() and c.isascii() else "�" for c in code)
