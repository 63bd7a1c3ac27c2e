"""Stores as an earlier version left them: rows that an import of today would not store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from remit.records.layout import BY_NAME
from remit.records.manifest import manifest_of, write_manifest
from remit.records.partition import write_file
from remit.records.store import Store


def with_cells(store: Path, practice: str, table: str, column: str, change: Callable[[str], str]) -> None:
    """Change the texts of a column of a practice's table, and write the manifest so that the store is sound."""
    opened = Store(store)
    rows = opened.table(practice, table)
    at = rows.column_names.index(column)
    rows = rows.set_column(at, column, pa.array([change(text) for text in rows[column].to_pylist()], pa.string()))
    order = [(name, "ascending") for name in BY_NAME[table].order(rows.column_names)]
    partition = opened.partition(practice)
    written = write_file(store, practice, partition.extracts[-1].imported, table, rows.sort_by(order))
    partitions = {**opened.manifest.partitions}
    partitions[practice] = replace(partition, tables={**partition.tables, table: written})
    write_manifest(store, manifest_of(opened.manifest.identity, partitions, opened.manifest.imports))
