"""Events and prescriptions whose code no cluster has: how many, and which codes they have most often.

Most records of a practice are about nothing that any indicator reads. But a code that was damaged on its way, or that
is spelt otherwise than in its cluster, is among them too, and its patient is on no register: such are told apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
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


@dataclass
class Outside:
    """Of each table the rows, and how many of each code that no cluster has; `known` are the codes of all clusters."""

    known: frozenset[str]
    rows: Counter[str] = field(default_factory=Counter)
    codes: dict[str, Counter[str]] = field(default_factory=dict)

    def sentences(self, held: ClusterSet) -> list[str]:
        """How many are in no cluster, table by table."""
        found = []
        for table, codes in self.codes.items():
            if codes:
                of, most = self.rows[table], _most((code, many) for code, many in codes.items())
                what = f"{codes.total():,} of {of:,} {table} have a code that is in no cluster of {held.shown}"
                found.append(f"{what.replace('the cluster set ', '')}; most often {most}.")
        return found

    def warnings(self) -> list[Problem]:
        """Codes that are another spelling of one that a cluster has."""
        found = []
        for table, codes in self.codes.items():
            if others := misspelt(codes, self.known):
                count = sum(codes[code] for code in others)
                most = _most((f"{_visible(code)} for {right}", codes[code]) for code, right in others.items())
                what = f"{count:,} {table} have another spelling of a code that a cluster has, and no rule reads them: "
                found.append(warning("evaluation.code-misspelt", f"{what}{most}.", None, _AGAIN, rows=count))
        return found


_AGAIN = "Correct the export, or the cluster, and import again."


def outside(store: Store, practices: Sequence[str], held: ClusterSet) -> Outside:
    """The codes of some practices' records that no cluster has."""
    found = Outside(_known(held))
    known = pa.array(sorted(found.known), pa.string())
    for layout in (EVENTS, PRESCRIPTIONS):
        codes = found.codes.setdefault(layout.name, Counter())
        for practice in practices:
            path = store.path(practice, layout.name)
            if path is None:
                continue
            with reading(path):
                column = pq.read_table(path.absolute(), columns=["code"], read_dictionary=["code"])["code"]
            counted = pc.value_counts(column)
            found.rows[layout.name] += len(column)
            texts, many = counted.field("values").cast(pa.string()), counted.field("counts")
            others = pc.invert(pc.is_in(texts, known))
            codes.update(dict(zip(texts.filter(others).to_pylist(), many.filter(others).to_pylist(), strict=True)))
    return found


def outside_of(patient: Patient, held: ClusterSet) -> Outside:
    """The codes of one patient's records that no cluster has."""
    found = Outside(_known(held))
    codes = found.codes.setdefault("records of the patient", Counter())
    codes.update(event.code for event in patient.events if event.code not in found.known)
    return found


def _known(held: ClusterSet) -> frozenset[str]:
    return frozenset(code for cluster in held.clusters.values() for code in cluster.codes)


def _most(counted: Iterable[tuple[str, int]]) -> str:
    ordered = sorted(counted, key=lambda one: (-one[1], one[0]))
    shown = ", ".join(f"{_visible(code)} ({many:,})" for code, many in ordered[:_MOST_SHOWN])
    return shown + (f" and {len(ordered) - _MOST_SHOWN:,} others" if len(ordered) > _MOST_SHOWN else "")


def _visible(code: str) -> str:
    return "".join(c if c.isprintable() and c.isascii() else "�" for c in code)
