"""Events and prescriptions whose code no cluster has: how many, and which codes they have most often.

Most records of a practice are about nothing that any indicator reads. But a code that was damaged on its way, or that
is spelt otherwise than in its cluster, is among them too, and its patient is on no register. These are shown apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from remit.core.problems import Problem, warning
from remit.evaluation.kept_results.folder import Then
from remit.records.by_code import ByCode, by_code_of
from remit.records.layout import EVENTS, PRESCRIPTIONS
from remit.records.model import Patient
from remit.records.pieces import Piece
from remit.records.store import Store, reading
from remit.terminology.clusters import ClusterSet
from remit.terminology.codes import misspelt

_MOST_SHOWN = 5


TABLES = (EVENTS.name, PRESCRIPTIONS.name)


def outside(
    store: Store, practice: str, cluster_codes: pa.Array, since: Then | None = None
) -> dict[str, dict[str, int]]:
    """Of each table of a practice how many rows have each code that is not known. Of what there was `since` was kept,
    only files that are new are read, and rows that no longer stand."""
    known = since.files_in(store, practice) if since else None
    by_table: dict[str, dict[str, int]] = {}
    for layout in (EVENTS, PRESCRIPTIONS):
        many_of = Counter(since.kept.outside.get(layout.name, {})) if since else Counter[str]()
        pieces = store.pieces(practice, layout.name)
        by_code = by_code_of(store, practice, layout)
        for at, piece in enumerate(pieces):
            if known is None or piece.path not in known:
                many_of.update(_not_known(*_counted(piece, None if at else by_code), cluster_codes))
            elif drops := tuple(path for path in piece.drops if path not in known):
                gone = _counted(replace(piece, drops=drops, dropped=True))
                many_of.subtract(_not_known(*gone, cluster_codes))
        if pieces:
            by_table[layout.name] = {code: many for code, many in sorted(many_of.items()) if many}
    return by_table


def _not_known(codes: pa.Array, many: pa.Array, cluster_codes: pa.Array) -> dict[str, int]:
    others = pc.and_(pc.invert(pc.is_in(codes, cluster_codes)), pc.greater(many, 0))
    return dict(zip(codes.filter(others).to_pylist(), many.filter(others).to_pylist(), strict=True))


def _counted(piece: Piece, by_code: ByCode | None = None) -> tuple[pa.Array, pa.Array]:
    """The codes of a file, and how many of the rows that are meant each has; `by_code` are the same rows."""
    if by_code and not len(piece.places()):
        return by_code.counts()
    with reading(piece.path):
        column = pq.read_table(piece.path.absolute(), columns=["code"], read_dictionary=["code"])["code"]
        meant = piece.meant(len(column))
    counted = pc.value_counts(column if meant is None else column.filter(meant))
    return counted.field("values").cast(pa.string()), counted.field("counts")


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

    def sentences(self, cluster_set: ClusterSet) -> list[str]:
        """How many are in no cluster, table by table."""
        sentences = []
        for table, codes in self.codes.items():
            if codes:
                rows, most = self.rows[table], _most(codes.items())
                what = f"{codes.total():,} of {rows:,} {table} have a code that is in no cluster of {cluster_set.name}"
                sentences.append(f"{what} ({cluster_set.release}); most often {most}.")
        return sentences

    def warnings(self, cluster_set: ClusterSet) -> list[Problem]:
        """Codes that are another spelling of one that a cluster has."""
        cluster_codes = {code for cluster in cluster_set.clusters.values() for code in cluster.codes}
        problems = []
        for table, codes in self.codes.items():
            if others := misspelt(codes, cluster_codes):
                count = sum(codes[code] for code in others)
                most = _most((f"{_visible(code)} for {right}", codes[code]) for code, right in others.items())
                what = f"{count:,} {table} have another spelling of a code that a cluster has, and no rule reads them: "
                problems.append(warning("evaluation.code-misspelt", f"{what}{most}.", None, _AGAIN, rows=count))
        return problems


_AGAIN = "Correct the export, or the cluster, and import again."


def outside_of(patient: Patient) -> Outside:
    """The codes of one patient's records, for what is another spelling among them."""
    return Outside(codes={"records of the patient": Counter(event.code for event in patient.events)})


def _most(counted: Iterable[tuple[str, int]]) -> str:
    ordered = sorted(counted, key=lambda one: (-one[1], one[0]))
    names = ", ".join(f"{_visible(code)} ({many:,})" for code, many in ordered[:_MOST_SHOWN])
    return names + (f" and {len(ordered) - _MOST_SHOWN:,} others" if len(ordered) > _MOST_SHOWN else "")


def _visible(code: str) -> str:
    return "".join(c if c.isprintable() and c.isascii() else "�" for c in code)
