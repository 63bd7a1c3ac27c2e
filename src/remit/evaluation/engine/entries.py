"""What a practice's records are read from: its tables by patient or by code, and the one scan of them for a plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from remit.evaluation.engine import nodes as n
from remit.evaluation.engine import scan
from remit.evaluation.engine.constants import WORDS
from remit.evaluation.engine.left_out import Units
from remit.records.by_code import ByCode


@dataclass(frozen=True)
class Held:
    """Events or prescriptions: what SQL can read, rows by code, or a table where SQL cannot; and their optional
    columns. `beside` are more of them."""

    rows: str | ByCode | pa.Table
    columns: frozenset[str] = frozenset()
    beside: tuple[Held, ...] = ()

    @property
    def all_columns(self) -> frozenset[str]:
        """The optional columns that some of the rows have."""
        return self.columns.union(*(one.columns for one in self.beside))


@dataclass(frozen=True)
class Tables:
    """A practice's records."""

    practice: str
    patients: pa.Table
    registrations: pa.Table
    events: Held
    prescriptions: Held

    @property
    def columns(self) -> frozenset[str]:
        """The optional columns that some records have."""
        return self.events.all_columns | self.prescriptions.all_columns


class Entries:
    """The scan of practices' records for a plan, on the engine's connection."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        plan: n.QueryPlan,
        codes: Mapping[str, Iterable[str]],
        units: Units,
        systems: bool,
    ) -> None:
        self.connection, self.plan, self.codes, self.units, self.systems = connection, plan, codes, units, systems
        self.written: dict[str, set[str]] = {}
        """The units that are written in each practice's records, where a rule asks for units."""
        self.more = sorted({code for slice_ in plan.more for name in slice_ for code in codes[name]})

    def select(
        self, tables: Tables, first: int, coded: bool = False, spans: bool = False, wanted: Collection[int] = ()
    ) -> str:
        """A practice's entries up to the achievement date, one for each slice that its code is in; `first` is the
        number of its first patient. `wanted` are the slices of the table of that name, where only its patients' are
        read: the units that are written in them are known."""
        needs = self.plan.needs | ({"record"} if coded else set()) | ({scan.HIGH} if spans else set())
        codes = {
            code
            for slice_, at in self.plan.slices.items()
            if at in wanted
            for name in slice_
            for code in self.codes[name]
        }
        read = self._readable(tables, first, needs, sorted(codes) if wanted else self.more)
        numbers: dict[str, int | None] = {}
        if "unit" in needs:
            written = self.written.setdefault(tables.practice, set())
            written |= set() if wanted else self._units_in(read)
            numbers = self.units.number(sorted(written))
        return self._scan(tables, read, needs, scan.unit_number(sorted(numbers.items())), bool(wanted))

    def units_of(self, tables: Tables) -> set[str]:
        """The units that are written in a practice's records."""
        return self._units_in(self._readable(tables, 0, self.plan.needs, self.more))

    def values_as_written(self, tables: Tables, spans: bool) -> str:
        """The values of a practice's entries, with their units as they are written."""
        needs = {"value", "unit"} | ({scan.HIGH} if spans else set())
        return self._scan(tables, self._readable(tables, 0, needs, self.more), needs, scan.AS_WRITTEN)

    def _scan(
        self, tables: Tables, read: list[scan.Readable], needs: Collection[str], unit: str, wanted: bool = False
    ) -> str:
        return scan.scan(tables.practice, read, self.plan.achievement, needs, unit, WORDS, self.systems, wanted)

    def _readable(
        self, tables: Tables, first: int, needs: Collection[str], codes: Sequence[str]
    ) -> list[scan.Readable]:
        """Events and prescriptions as SQL can read them: a table by the name that it gets here; of rows by code, all
        that is needed of these codes."""
        return [
            self._one(f"{name}_{at}", one, issued, tables, first, needs, codes)
            for name, held, issued in (("events", tables.events, False), ("prescriptions", tables.prescriptions, True))
            for at, one in enumerate((held, *held.beside))
        ]

    def _one(
        self,
        name: str,
        held: Held,
        issued: bool,
        tables: Tables,
        first: int,
        needs: Collection[str],
        codes: Sequence[str],
    ) -> scan.Readable:
        if isinstance(held.rows, str):
            return scan.Readable(held.rows, held.columns, issued)
        if isinstance(held.rows, pa.Table):
            return scan.Readable(self._named(f"given_{name}", held.rows), held.columns, issued)
        read = scan.Readable(scan.parquet(held.rows.path) or "", held.columns, issued, first)
        near = held.rows.near(codes, scan.columns_read(read, needs, self.systems))
        read = replace(read, near=self._named(f"near_{name}", near))
        if (then := held.rows.patients) is not None:
            now = pc.add(
                pc.index_in(then, tables.patients["patient_id"].combine_chunks()), pa.scalar(first, pa.int32())
            )
            numbers = pa.table([pa.array(range(len(then)), pa.int32()), now], names=["patient", "p"])
            read = replace(read, numbers=self._named(f"numbers_{name}", numbers))
        if held.rows.changed is not None:
            read = replace(read, changed=self._named(f"changed_{name}", held.rows.changed))
        return read

    def _named(self, name: str, table: pa.Table) -> str:
        self.connection.register(name, table)
        return name

    def _units_in(self, read: Iterable[scan.Readable]) -> set[str]:
        """The units that are written in the records."""
        return {text for (text,) in self.connection.execute(scan.units_written(read)).fetchall() if text}
