"""Extracts that are laid beside a practice's files, against the same extracts with all its files written anew.

Few patients, days, codes and words, so that extracts say the same, say more, and say otherwise of the same record.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow as pa
from hypothesis import event, given
from hypothesis import strategies as st
from tests.faults.folders import HEADERS, held, imported
from tests.generative import rule_made as made
from tests.generative.test_engines_agree import SUMMED
from tests.profiles import examples

from remit.core.problems import Refused
from remit.evaluation.engine.counting import _tables
from remit.evaluation.engine.planning import query_plan
from remit.evaluation.engine.practice import Engine
from remit.records.by_code import ByCode
from remit.records.compacting import compact
from remit.records.layout import EVENTS, PRESCRIPTIONS, TABLES
from remit.records.manifest import SUPERSEDED
from remit.records.quality import check_store
from remit.records.store import Store
from remit.rules import model as r

PEOPLE = ("p1", "p2", "p3")
DAYS = ("2024-05-01", "2024-05-02", "2025-03-01")
OPTIONAL = {"events": ("record", "status", "end_date", "negation"), "prescriptions": ("record", "status", "days")}
WORDS = {
    "record": ("", "", "r1", "r2"), "status": ("", "", "final", "cancelled"), "end_date": ("", "", "2025-04-01"),
    "negation": ("", "", "refused"), "days": ("", "28"),
}  # fmt: skip


@st.composite
def extracts(draw: st.DrawFn, n: int) -> dict[str, list[str]]:
    """One extract of one practice: its patients, their stays and records, with some of the optional columns."""
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True).map(sorted))
    listed = draw(st.sets(st.sampled_from(people)))
    tables = {
        "extracts": [HEADERS["extracts"], f"e{n},A1,2025-0{n + 1}-28"],
        "patients": [HEADERS["patients"], *(f"A1,{one},1950-06-30,F,,,," for one in people)],
    }
    if listed:
        ends = draw(st.sampled_from(("", "2025-03-01")))
        tables["registrations"] = [HEADERS["registrations"], *(f"A1,{one},A1,2001-01-01,{ends}" for one in listed)]
    for table, own in (("events", "{value},,,"), ("prescriptions", "{value},")):
        more = draw(st.lists(st.sampled_from(OPTIONAL[table]), unique=True, max_size=3))
        rows = draw(st.lists(st.tuples(
            st.sampled_from(people), st.sampled_from(DAYS), st.sampled_from(("c1", "c2")), st.sampled_from(("", "1")),
            *(st.sampled_from(WORDS[name]) for name in more),
        ), max_size=8))  # fmt: skip
        head = ",".join([HEADERS[table], *more])
        tables[table] = [head, *(
            ",".join(["A1", who, day, code, own.format(value=value), *said]) for who, day, code, value, *said in rows
        )]  # fmt: skip
    return tables


def written(home: Path, tables: dict[str, list[str]]) -> Path:
    home.mkdir()
    for name, lines in tables.items():
        (home / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return home


def _rows(store: Path) -> dict[str, pa.Table]:
    found = Store(store)
    names = [layout.name + ending for layout in TABLES for ending in ("", SUPERSEDED)]
    return {name: found.table("A1", name) for name in names} | {
        f"{name} rows": found.partition("A1").rows(name) for name in names
    }


def told(extract: Path, store: Path, beside: bool) -> tuple[Any, ...]:
    """What an import says of itself, or why it is refused."""
    try:
        with (
            mock.patch("remit.records.importing.pays", return_value=beside),
            mock.patch("remit.records.by_code.LEAST_ROWS", 1),
        ):
            report = imported(extract, store, "append" if store.exists() else "add")
    except Refused as refused:
        return tuple(problem.code for problem in refused.problems)
    return report.read, report.stored, report.rejected, report.gone


@given(st.tuples(*(extracts(n) for n in range(3))))
@examples(0.5)
def test_an_extract_laid_beside_gives_what_all_written_anew_gives(each: tuple[dict[str, list[str]], ...]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for n, tables in enumerate(each):
            extract = written(home / f"e{n}", tables)
            assert told(extract, home / "beside", True) == told(extract, home / "anew", False)
            if not (home / "anew").exists():
                continue  # the first ones were refused
            assert _rows(home / "beside") == _rows(home / "anew")
        if not (home / "anew").exists():
            return
        assert held(home / "beside") == held(home / "anew")
        assert _scanned(home / "beside") == _scanned(home / "anew") == _scanned(home / "anew", by_code=False)
        check_store(Store(home / "beside"))
        part = Store(home / "beside").partition("A1")
        for layout in (EVENTS, PRESCRIPTIONS):
            for ending in ("", ".superseded", ".dropped"):
                event(f"{layout.name}{ending} beside: {any(layout.name + ending in tables for tables in part.beside)}")
        _without_an_extract_is_as_if_it_had_not_come(home)
        _compacted_is_written_anew(home)


@cache
def _engine() -> Engine:
    """An engine that asks for something of every record; one cluster has both codes, the others one of them."""
    codes = {name: ("c1", "c2") if at == 1 else (f"c{at % 2 + 1}",) for at, name in enumerate(sorted(made.CODES))}
    rule = replace(SUMMED.rules[0], condition=r.IsNull(r.Name("FIRST_DAT"), absent=False))
    of_dates: dict[str, r.Field] = {"FIRST_DAT": r.Pick("earliest", ("A_COD", "B_COD"), None)}
    dated = replace(SUMMED, code="DATED", fields=of_dates, rules=(rule,))
    return Engine(query_plan([SUMMED, dated], {}, made.DATES), codes)


def _scanned(store: Path, by_code: bool = True) -> list[tuple[Any, ...]]:
    """The records as an engine has them, whichever files they are read from."""
    with ExitStack() as plain:
        if not by_code:
            plain.enter_context(mock.patch("remit.evaluation.engine.counting.by_code_of", return_value=None))
        tables = _tables(Store(store), "A1")
    event(f"read by code: {isinstance(tables.events.rows, ByCode)}, beside: {len(tables.events.beside)}")
    _engine()._patients([tables])
    _engine()._records([tables])
    of_dates = [at for slice_, at in _engine().plan.slices.items() if slice_ not in _engine().plan.more]
    assert of_dates, "one of whose records only the date is read"
    rows = _engine().connection.execute("SELECT * FROM records ORDER BY ALL").fetchall()
    return [row[:3] if row[1] in of_dates else row for row in rows]


def _without_an_extract_is_as_if_it_had_not_come(home: Path) -> None:
    """An extract taken out again: what it dropped stands once more, whichever way it had come."""
    for name in ("beside", "anew"):
        latest = Store(home / name).partition("A1").extracts[-1]
        shutil.copytree(home / name, home / f"{name}-less")
        gone = written(home / f"{name}-gone", {"extracts": [HEADERS["extracts"], f"{latest.id},A1,{latest.last_day}"]})
        imported(gone, home / f"{name}-less", "delete")
    left = [Store(home / f"{name}-less") for name in ("beside", "anew")]
    assert [store.codes for store in left] == [left[0].codes] * 2
    if left[0].codes:
        assert _rows(left[0].folder) == _rows(left[1].folder)


def _compacted_is_written_anew(home: Path) -> None:
    """The files of a store that is compacted are those of the other, but for the import that their names say."""
    with mock.patch("remit.records.by_code.LEAST_ROWS", 1):
        compact(home / "beside")
    assert not Store(home / "beside").partition("A1").beside
    parts = [Store(home / name).partition("A1").named() for name in ("beside", "anew")]
    hashes = [{name: stored.sha256 for name, stored in part.items()} for part in parts]
    assert hashes[0] == hashes[1]
    for table in ("events", "prescriptions"):
        assert (table in parts[0]) == (f"{table}.bycode" in parts[0])
    shutil.rmtree(home)
