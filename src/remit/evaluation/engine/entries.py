"""What a practice's records are read from: its tables by patient or by code, and the one scan of them for a plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from remit.evaluation.engine import nodes as n
from remit.evaluation.engine import scan
from remit.evaluation.engine.constants import WORDS
from remit.evaluation.engine.left_out import Units
from remit.records.by_code import ByCode

Whose = Mapping[int, np.ndarray]
"""Of slices, by their numbers, for which patients something is so."""


@dataclass(frozen=True)
class Held:
    """Events or prescriptions: what SQL can read, rows by code, or a table where SQL cannot; and their optional
    columns. `beside` are more of them; `files` those that SQL reads, where it reads files."""

    rows: str | ByCode | pa.Table
    columns: frozenset[str] = frozenset()
    beside: tuple[Held, ...] = ()
    files: tuple[scan.FileOfRows, ...] | None = None

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
        self, tables: Tables, first: int, coded: bool = False, spans: bool = False, wanted: Whose = MappingProxyType({})
    ) -> str:
        """A practice's entries up to the achievement date, one for each slice that its code is in; `first` is the
        number of its first patient. `wanted` says whose entries of which slices are read, as the table of that name
        does, where not all are: the units that are written in them are known."""
        needs = self.needs(coded, spans)
        read = self._readable(tables, first, needs, wanted)
        if "unit" in needs and not wanted:
            self.written.setdefault(tables.practice, set()).update(self._units_in(read))
        return self._scan(tables.practice, read, needs, self._unit_number(needs), bool(wanted))

    def over(self, read: list[scan.Readable], needs: Collection[str], wanted: Whose | None) -> str:
        """The same of rows of several practices, whose patients are numbered."""
        return self._scan("", read, needs, self._unit_number(needs), wanted is not None)

    def needs(self, coded: bool, spans: bool) -> frozenset[str]:
        """What of an entry is read."""
        return self.plan.needs | ({"record"} if coded else set()) | ({scan.HIGH} if spans else set())

    def _unit_number(self, needs: Collection[str]) -> str:
        every = {text for written in self.written.values() for text in written} if "unit" in needs else set()
        return scan.unit_number(sorted(self.units.number(sorted(every)).items()))

    def units_of(self, tables: Tables) -> set[str]:
        """The units that are written in a practice's records."""
        return self._units_in(self._readable(tables, 0, self.plan.needs))

    def values_as_written(self, tables: Tables, spans: bool) -> str:
        """The values of a practice's entries, with their units as they are written."""
        needs = {"value", "unit"} | ({scan.HIGH} if spans else set())
        return self._scan(tables.practice, self._readable(tables, 0, needs), needs, scan.AS_WRITTEN)

    def _scan(
        self, practice: str, read: list[scan.Readable], needs: Collection[str], unit: str, wanted: bool = False
    ) -> str:
        return scan.scan(practice, read, self.plan.achievement, needs, unit, WORDS, self.systems, wanted)

    def _readable(
        self, tables: Tables, first: int, needs: Collection[str], wanted: Whose = MappingProxyType({})
    ) -> list[scan.Readable]:
        """Events and prescriptions as SQL can read them: a table by the name that it gets here."""
        both = (("events", tables.events, False), ("prescriptions", tables.prescriptions, True))
        found = []
        for name, held, issued in both:
            for at, one in enumerate((held, *held.beside)):
                if isinstance(one.rows, str):
                    found.append(scan.Readable(one.rows, one.columns, issued))
                elif isinstance(one.rows, pa.Table):
                    found.append(scan.Readable(self.named(f"given_{name}_{at}", one.rows), one.columns, issued))
                else:
                    read = scan.Readable(scan.parquet(one.rows.path) or "", one.columns, issued, first)
                    found.append(self._by_code(f"{name}_{at}", one.rows, read, tables, needs, wanted))
        return found

    def _by_code(
        self, name: str, rows: ByCode, read: scan.Readable, tables: Tables, needs: Collection[str], wanted: Whose
    ) -> scan.Readable:
        """Rows by code as SQL can read them; those that are wanted are looked for here, where all of a code stand
        together."""
        first, then, now = read.first or 0, rows.patients, None
        if then is not None:
            now = pc.index_in(then, tables.patients["patient_id"].combine_chunks())
            numbers = [pa.array(range(len(then)), pa.int32()), pc.add(now, pa.scalar(first, pa.int32()))]
            read = replace(read, numbers=self.named(f"numbers_{name}", pa.table(numbers, names=["patient", "p"])))
        if rows.changed is not None:
            read = replace(read, changed=self.named(f"changed_{name}", rows.changed))
        if not wanted:
            near = rows.near(self.more, scan.columns_read(read, needs, self.systems))
            return replace(read, near=self.named(f"near_{name}", near))
        near, far = self._of_those(rows, read, tables, now, needs, wanted)
        return replace(read, near=self.named(f"near_{name}", near), table=self.named(f"far_{name}", far))

    def wanted_rows(
        self, rows: ByCode, issued: bool, tables: Tables, first: int, needs: Collection[str], wanted: Whose
    ) -> tuple[pa.Table, pa.Table]:
        """The rows by code that are wanted, with patients by their number now: of slices of which more than a date is
        asked, and of the others."""
        now = None
        if rows.patients is not None:
            now = pc.index_in(rows.patients, tables.patients["patient_id"].combine_chunks())
        read = scan.Readable("", rows.optional(), issued, first)
        found = self._of_those(rows, read, tables, now, needs, wanted)
        near, far = (_numbered(table, now, first) for table in found)
        return near, far

    def _of_those(
        self,
        rows: ByCode,
        read: scan.Readable,
        tables: Tables,
        now: pa.Array | None,
        needs: Collection[str],
        wanted: Whose,
    ) -> tuple[pa.Table, pa.Table]:
        first = read.first or 0
        own = slice(first, first + tables.patients.num_rows)
        places = None if now is None else now.fill_null(-1).to_numpy()
        near, far = (
            _of_those(rows, columns, places, self._whose(wanted, own, more))
            for more, columns in (
                (True, scan.columns_read(read, needs, self.systems)),
                (False, scan.columns_of_dates(read, needs, self.systems)),
            )
        )
        return near, far

    def _whose(self, wanted: Whose, own: slice, more: bool) -> dict[str, np.ndarray]:
        """Of each code whose entries are wanted, among a practice's patients: of slices of which more than a date is
        asked, or of the others."""
        whose: dict[str, np.ndarray] = {}
        for slice_, at in self.plan.slices.items():
            if at in wanted and (slice_ in self.plan.more) == more and wanted[at][own].any():
                for code in {code for name in slice_ for code in self.codes[name]}:
                    whose[code] = whose[code] | wanted[at][own] if code in whose else wanted[at][own]
        return whose

    def named(self, name: str, table: pa.Table) -> str:
        """A table by the name that it gets here."""
        self.connection.register(name, table)
        return name

    def _units_in(self, read: Iterable[scan.Readable]) -> set[str]:
        """The units that are written in the records."""
        return {text for (text,) in self.connection.execute(scan.units_written(read)).fetchall() if text}


def _of_those(
    rows: ByCode, columns: Sequence[str], places: np.ndarray | None, whose: Mapping[str, np.ndarray]
) -> pa.Table:
    """The rows of some codes and of those patients whose they are; `places` are where the patients of the rows stand
    now, where that has changed."""
    near = rows.near(sorted(whose), columns).unify_dictionaries().combine_chunks()
    if not near.num_rows:
        return near
    codes = near["code"].combine_chunks()
    patient = near["patient"].to_numpy()
    nobody = np.zeros(len(next(iter(whose.values()))) if whose else 1, bool)
    of_code = np.stack([whose.get(code, nobody) for code in codes.dictionary.to_pylist()])
    here = patient if places is None else places[patient]
    return near.filter(pa.array(of_code[codes.indices.to_numpy(), here] & (here >= 0)))


def _numbered(table: pa.Table, now: pa.Array | None, first: int) -> pa.Table:
    """Rows with patients by their number among all."""
    at = table.column_names.index("patient")
    patient = table["patient"].combine_chunks() if now is None else now.take(table["patient"].combine_chunks())
    return table.set_column(at, "patient", pc.add(patient.cast(pa.int32()), pa.scalar(first, pa.int32())))
