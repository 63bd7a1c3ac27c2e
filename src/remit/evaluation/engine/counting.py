"""What the DuckDB engine found of a practice, as the interpreter would say it: outcomes, tally and people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import duckdb
import numpy as np
import pyarrow as pa

from remit.core.problems import Place, Refused, refuse
from remit.evaluation.engine import scan
from remit.evaluation.engine.entries import Held, Tables
from remit.evaluation.engine.onward import Change, Onward
from remit.evaluation.engine.planning import query_plan
from remit.evaluation.engine.results import PatientResults
from remit.evaluation.engine.since import change_of, file_of, held_in
from remit.evaluation.frailty import frailty_labels
from remit.evaluation.kept_results.folder import Then
from remit.evaluation.layout import OUTCOMES, PEOPLE, CountedPractice
from remit.evaluation.model import Meaning, Tally
from remit.evaluation.plan import Plan
from remit.records.by_code import by_code_of, without_changed
from remit.records.layout import EVENTS, PRESCRIPTIONS, Layout
from remit.records.pieces import Piece
from remit.records.store import Store, first_line


class DuckDB:
    """The engine for one plan, on one connection; a practice at a time."""

    def __init__(
        self, plan: Plan, meaning: Meaning, memory: int = 0, scratch: Path | None = None, keep: bool = False
    ) -> None:
        """`memory` in bytes is DuckDB's limit; what does not fit goes to `scratch`. `keep`: each practice comes with
        what its records came to."""
        self.plan = plan
        labels = frailty_labels(meaning.codes, meaning.registers)
        frail, self.labels = {d.code: d for _, d in labels}, {d.code: label for label, d in labels}
        self.query = query_plan(
            plan.definitions().values(), {**meaning.registers, **frail}, meaning.dates, sorted(frail), meaning.measures
        )
        self.engine = Onward(self.query, meaning.codes, memory, scratch, meaning.systems, meaning.measures, keep)
        self.lists = plan.lists()
        # Every deciding side of every indicator has a number; a patient's outcome is that number.
        indicators = self.query.indicators
        self.first = np.cumsum([0, *(len(one.branches) for one in indicators)])
        every = [(one.code, side) for one in indicators for side in one.branches]
        self.sides = [(code, side.rule, side.branch, side.counts.category) for code, side in every]
        self.columns = {
            "indicator_code": pa.array([code for code, _ in every], pa.string()),
            "rule": pa.array([side.rule for _, side in every], pa.int32()),
            "branch": pa.array([side.branch for _, side in every], pa.bool_()),
            "category": pa.array([side.counts.category for _, side in every], pa.string()),
            "reason": pa.array([side.counts.reason for _, side in every], pa.string()),
        }

    def practices(
        self, store: Store, codes: Sequence[str], then: Mapping[str, Then] = MappingProxyType({})
    ) -> Iterator[CountedPractice]:
        """Every patient of each practice under the plan, run together; where that fails, one by one. What was kept
        `then` of a practice is gone on from, where what is new since can be told.

        Raises Refused for a practice whose records cannot be read or do not fit.
        """
        records = [_tables(store, code) for code in codes]
        changes = {code: self._change(store, tables, then) for code, tables in zip(codes, records, strict=True)}
        onward = [change for change in changes.values() if change]
        anew = [tables for tables in records if changes[tables.practice] is None]
        try:
            results = (self.engine.run(anew) if anew else []) + (self.engine.go_on(onward) if onward else [])
        except duckdb.Error as error:
            if len(codes) == 1:
                raise _refused(store, codes[0], error) from None
            for code in codes:
                yield from self.practices(store, [code], then)
            return
        except RuntimeError as error:
            if "interrupted" in str(error):  # what DuckDB makes of Ctrl-C
                raise KeyboardInterrupt from None
            raise
        made = dict(
            zip([*(one.practice for one in anew), *(one.whole.practice for one in onward)], results, strict=True)
        )
        for tables in records:
            one, code = made[tables.practice], tables.practice
            outcomes = self._outcomes(code, tables.patients, one)
            people = self._people(tables.patients, one)
            since = then[code] if changes[code] else None
            yield CountedPractice(self._tally(code, one), outcomes, people, one.kept, since)

    def _change(self, store: Store, tables: Tables, then: Mapping[str, Then]) -> Change | None:
        if tables.practice not in then:
            return None
        return change_of(store, tables, then[tables.practice], self.query.achievement)

    def _outcomes(self, practice: str, patients: pa.Table, results: PatientResults) -> pa.Table:
        """By patient, then by indicator."""
        codes = np.stack(results.codes, axis=1) if results.codes else np.zeros((patients.num_rows, 0), "i4")
        who, indicator = np.nonzero(codes >= 0)
        side = self.first[indicator] + codes[who, indicator]
        days = np.zeros(codes.shape, "i4")
        has_day = np.zeros(codes.shape, bool)
        for at, column in enumerate(results.days):
            if column is not None:
                days[:, at], has_day[:, at] = column
        pca_date = pa.array(days[who, indicator], pa.int32(), mask=~has_day[who, indicator]).cast(pa.date32())
        sides = pa.array(side)
        ids = patients["patient_id"].combine_chunks()
        return pa.table(
            {
                "practice_code": pa.repeat(practice, len(who)),
                "patient_id": ids.take(pa.array(who)),
                **{name: column.take(sides) for name, column in self.columns.items()},
                "pca_date": pca_date,
            }
        ).cast(OUTCOMES)

    def _tally(self, practice: str, results: PatientResults) -> Tally:
        decided: Counter[tuple[str, int, bool]] = Counter()
        parts: Counter[tuple[str, str]] = Counter()
        concerned = np.zeros(len(results.facts["age"]), bool)
        for at, (one, codes) in enumerate(zip(self.query.indicators, results.codes, strict=True)):
            concerned |= codes >= 0
            many = np.bincount(codes + 1, minlength=len(one.branches) + 1)[1:]
            for side, count in zip(one.branches, many.tolist(), strict=True):
                if count:
                    decided[one.code, side.rule, side.branch] = count
            counted = [s.code for s in one.branches if s.counts.category in ("achieved", "not_achieved")]
            denominator = np.isin(codes, counted)
            for (name, _), met in zip(one.parts, results.parts[at], strict=True):
                if count := int((met & denominator).sum()):
                    parts[one.code, name] = count
        ages = results.facts["age"][results.facts["registered"]]
        lists = Counter(
            {name: int(((ages >= span.start) & (ages < span.stop)).sum()) for name, span in self.lists.items()}
        )
        people = len(results.facts["age"]), int(results.facts["registered"].sum()), int(concerned.sum())
        return Tally(practice, decided, parts, lists, results.left_out, *people)

    def _people(self, patients: pa.Table, results: PatientResults) -> pa.Table:
        frailty = np.full(len(results.facts["age"]), "" if self.labels else None, object)
        for code, label in reversed(self.labels.items()):  # what is coded wins: it is said first
            frailty[results.members[code]] = label
        return pa.table(
            {
                "patient_id": patients["patient_id"],
                "age": pa.array(results.facts["age"], pa.int32()),
                "sex": patients["sex"],
                "ethnicity": patients["ethnicity"],
                "deprivation_decile": patients["deprivation_decile"].cast(pa.int32()),
                "frailty": pa.array(frailty, pa.string()),
            }
        ).cast(PEOPLE)


def _tables(store: Store, code: str) -> Tables:
    patients, registrations = store.table(code, "patients"), store.table(code, "registrations")
    ids = patients["patient_id"].combine_chunks()
    held = (_held(store, code, layout, ids) for layout in (EVENTS, PRESCRIPTIONS))
    return Tables(code, patients, registrations, *held)


def _refused(store: Store, code: str, error: duckdb.Error) -> Refused:
    if isinstance(error, duckdb.OutOfMemoryException):
        hint = "Give it more memory, use fewer processes, or make room on the disk for what does not fit."
        return refuse(
            "evaluation.out-of-memory",
            f"practice {code} does not fit in memory: {first_line(error)}.",
            None,
            hint,
            practice=code,
        )
    hint = "If the disk is full, make room, and start the same command again; else check the store."
    return refuse(
        "evaluation.cannot-be-counted",
        f"practice {code} cannot be counted: {first_line(error)}.",
        Place(str(store.folder)),
        hint,
        practice=code,
    )


def _held(store: Store, code: str, layout: Layout, patients: pa.Array) -> Held:
    """A practice's table as it is read: by code where it is there so, with what lies beside."""
    by_code, pieces = by_code_of(store, code, layout), store.pieces(code, layout.name)
    if not by_code or not scan.parquet(by_code.path):
        return _plain(store, code, layout, pieces)
    base, *later = pieces
    by_code, standing = without_changed(by_code, base, patients)
    beside = [_plain(store, code, layout, later)] if later else []
    if standing is not None:
        beside.append(Held(standing, frozenset(standing.column_names) & {*layout.optional}))
    return Held(by_code, by_code.optional(), tuple(beside))


def _plain(store: Store, code: str, layout: Layout, pieces: Sequence[Piece]) -> Held:
    """Rows of a practice's table from their plain files; without rows where there are none."""
    if held := held_in(layout, [file_of(piece) for piece in pieces]):
        return held
    table = store.table(code, layout.name)
    return Held(table, frozenset(table.column_names) & {*layout.optional})
