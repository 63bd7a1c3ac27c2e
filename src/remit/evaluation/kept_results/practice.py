"""What one practice's records came to, as it is kept: columns that are found again by what they mean.

A column of a node is named by the hash of the node; a register's and a decision's also says the hash of what decided
it. So what is said in other words, or of other days, is not found. Most columns say something of few patients: each
has the places of those patients, and what it says of them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from remit.evaluation.model import LeftOut


@dataclass(frozen=True)
class Columns:
    """Columns one after another: of each its name, the hash of what it was worked out by where the name does not tell,
    and of how many patients it says something; then the places of these, and the values, as integers."""

    names: Sequence[str]
    of: Sequence[str]
    counts: np.ndarray
    places: np.ndarray
    values: np.ndarray


@dataclass(frozen=True)
class KeptPractice:
    """What a practice's records came to: its patients with their facts, in their order, and the columns.

    `left_out` is how many values were not read, `outside` of each table how many rows have which code that no cluster
    has, `units` the units that are written in the records; None where nobody asked.
    """

    patients: pa.Table
    columns: Columns
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    outside: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    units: Sequence[str] | None = None


_FORMAT = pa.schema([(name, pa.large_binary()) for name in ("patients", "columns", "said", "counts")])


def to_table(kept: KeptPractice) -> pa.Table:
    """As it is written: a row, whose cells are tables in their turn, and what was counted."""
    counts = {
        "left_out": [[*key, many] for key, many in sorted(kept.left_out.items())],
        "outside": {table: dict(counted) for table, counted in kept.outside.items()},
        "units": None if kept.units is None else [*kept.units],
    }
    own = kept.columns
    columns = pa.table({"name": pa.array(own.names, pa.string()), "of": pa.array(own.of, pa.string()),
                        "count": pa.array(own.counts, pa.int64())})  # fmt: skip
    said = pa.table({"place": pa.array(own.places, pa.int32()), "value": pa.array(own.values, pa.int64())})
    cells = [*map(_packed, (kept.patients, columns, said)), json.dumps(counts, sort_keys=True).encode()]
    return pa.table([[cell] for cell in cells], schema=_FORMAT)


def from_table(table: pa.Table) -> KeptPractice:
    """What was written. Raises ValueError, KeyError or pyarrow's errors where it is anything else."""
    if table.schema != _FORMAT or table.num_rows != 1:
        raise ValueError("is nothing that was kept")
    *packed, counted = (table[name][0].as_buffer() for name in table.column_names)
    patients, columns, said = map(_unpacked, packed)
    counts = json.loads(counted.to_pybytes())
    left_out = Counter({(clusters, unit, why): many for clusters, unit, why, many in counts["left_out"]})
    of_each = Columns(
        columns["name"].to_pylist(), columns["of"].to_pylist(),
        *(one.combine_chunks().to_numpy() for one in (columns["count"], said["place"], said["value"])),
    )  # fmt: skip
    if of_each.counts.sum() != len(of_each.places):
        raise ValueError("has other columns than it says")
    return KeptPractice(patients, of_each, left_out, counts["outside"], counts["units"])


def _packed(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def _unpacked(packed: pa.Buffer) -> pa.Table:
    with pa.ipc.open_stream(packed) as stream:
        return stream.read_all()
