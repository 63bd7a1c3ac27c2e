"""What `board.py` measures, one thing a process: `evaluate`, `scan` or `fields` of some practices of a store.

evaluate   every indicator that has rules, by the DuckDB engine, with all that `remit evaluate` checks and writes
scan       four columns of the same files read whole, and nothing done with them but a hash
fields     each field by a statement of its own over the same files, as query compilers for health records do
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from remit.evaluation.engine import counting
from remit.evaluation.engine import nodes as n
from remit.evaluation.engine.counting import DuckDB
from remit.evaluation.engine.entries import Tables
from remit.evaluation.engine.practice import Engine
from remit.evaluation.engine.templates import Shape
from remit.evaluation.evaluator import Evaluator, meaning_of
from remit.evaluation.folder import write_evaluation
from remit.evaluation.model import Dates, LeftOut, Meaning
from remit.evaluation.plan import RATES, Counted, Plan
from remit.records.store import Store
from remit.rules.definitions import shipped
from remit.scheme import load_scheme
from remit.terminology.sets import demonstration


@dataclass(frozen=True)
class EveryIndicator(Evaluator):
    """Every indicator that has rules, whatever scheme pays on it; `most` is how many of them."""

    most: int = 1000

    def ready(self) -> tuple[Plan, Meaning]:
        known = self.known.indicators
        counted = [Counted(code, known[code], RATES) for code in sorted(known)][: self.most]
        plan = Plan(tuple(counted), {})
        dates = Dates.of_year(self.scheme.year, self.on)
        return plan, meaning_of(self.clusters, self.needed(plan) | self.frailty(), dates, self.known)


def made(store: Store, most: int, on: date | None = None) -> EveryIndicator:
    """What is evaluated, of so many indicators, on a day."""
    scheme = load_scheme("qof-england-2024-25")
    return EveryIndicator(scheme, store, demonstration(), shipped(), on or scheme.achievement_date, most=most)


def evaluate(given: argparse.Namespace, store: Store, codes: list[str]) -> None:
    """A whole evaluation, written and thrown away."""
    evaluator = made(store, given.indicators, given.on)
    with tempfile.TemporaryDirectory() as folder:
        write_evaluation(
            evaluator, Path(folder) / "out", only=codes, workers=given.workers, memory=given.memory, keep=given.keep
        )


def scan(store: Store, codes: list[str]) -> None:
    """Four columns of every file."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET enable_progress_bar = false")
    for code in codes:
        for table, value in (("events", "value"), ("prescriptions", "quantity")):
            for piece in store.pieces(code, table):
                columns = f"patient_id, date, code, {value}"
                connection.execute(f"SELECT bit_xor(hash({columns})) FROM read_parquet('{piece.path}')").fetchall()


class FieldByField(Engine):
    """The same plan, each node by a statement of its own that scans the files."""

    def _records(self, practices: Sequence[Tables]) -> tuple[bool, bool]:
        (tables,) = practices
        self.connection.execute("DROP VIEW IF EXISTS records")
        self.connection.execute(f"CREATE TEMP VIEW records AS {self.records_of(tables)}")
        return False, False

    def _left_out(self, practices: Sequence[Tables], spans: bool) -> list[Counter[LeftOut]]:
        return [Counter() for _ in practices]  # a view cannot be made to miss values that nobody can have

    def _statements(self, coded: bool, spans: bool) -> list[tuple[list[Shape], tuple[n.Decision, ...]]]:
        written = super()._statements(coded, spans)
        return [([one for shape in several for one in alone(shape)], rest) for several, rest in written]


def fields(store: Store, codes: list[str], most: int) -> None:
    """Each node by a scan of its own."""
    plan, meaning = made(store, most).ready()
    vars(counting)["by_code_of"] = lambda *_: None  # such compilers read the plain files
    counter = DuckDB(plan, meaning)
    counter.engine = FieldByField(counter.query, meaning.codes, systems=meaning.systems)
    for code in codes:
        for _ in counter.practices(store, [code]):
            pass


def alone(shape: Shape) -> list[Shape]:
    """A statement for each node of a shape."""
    found = []
    for at, node in enumerate(shape.nodes):
        rows = [("0", *row[1:]) for row in shape.rows if row[0] == str(at)]
        found.append(Shape(shape.template, shape.tests, rows, [node], {int(row[1]) for row in rows}))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("evaluate", "scan", "fields"))
    parser.add_argument("store", type=Path)
    parser.add_argument("--practices", type=int, default=0)
    parser.add_argument("--indicators", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--memory", type=int, default=0)
    parser.add_argument("--on", type=date.fromisoformat)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    held = Store(given.store)
    some = held.codes[: given.practices or None]
    if given.what == "evaluate":
        evaluate(given, held, some)
    elif given.what == "scan":
        scan(held, some)
    else:
        fields(held, some, given.indicators)
