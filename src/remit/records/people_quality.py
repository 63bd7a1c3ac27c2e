"""Findings about imports and about several practices: rows and cells that could not be stored, patients that a later
extract no longer has, and patients on two practices' lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from remit.core.problems import Problem, warning
from remit.core.words import agreed
from remit.records import cells
from remit.records.findings import GONE, REJECTED, TWO_BIRTHS, TWO_LISTS, UNREAD, Finding
from remit.records.later_extracts import Later
from remit.records.layout import PATIENTS, REGISTRATIONS, TABLES
from remit.records.manifest import SUPERSEDED, Import
from remit.records.store import Store

_MOST_SHOWN = 3


def findings_of_imports(store: Store, practices: Collection[str]) -> Iterator[Finding]:
    """The rows that imports rejected and the cells that they could not read, of those whose extracts are still held."""
    for number, one in _current_imports(store, practices):
        for table, count in one.rejected.items():
            if count:
                yield Finding(REJECTED, "", table, count, f"import {number}: {one.rejected_file} says why")
        for column_cells in one.cells:
            if column_cells.how == cells.UNREAD:
                what = f"import {number}, {column_cells.column}: {one.unread_file} says why"
                yield Finding(UNREAD, "", column_cells.table, column_cells.count, what)


def _current_imports(store: Store, practices: Collection[str]) -> Iterator[tuple[int, Import]]:
    """The imports that brought an extract which is still held, with their numbers."""
    numbers = {extract.imported for code in practices for extract in store.partition(code).extracts}
    return ((number, one) for number, one in enumerate(store.manifest.imports, 1) if number in numbers)


def gone_from_latest(store: Store, code: str) -> Iterator[Finding]:
    """What the latest of a practice's extracts no longer has."""
    extracts = store.partition(code).extracts
    if len(extracts) < 2:
        return
    later = Later(extracts[-1].id)
    for layout in TABLES:
        tables = (store.table(code, layout.name + ending) for ending in ("", SUPERSEDED))
        if count := later.gone(layout, *tables):
            what = "stays that have not ended, " if layout is REGISTRATIONS else ""
            yield Finding(GONE, code, layout.name, count, f"{what}not in {extracts[-1].id}; they still count")


def on_two_lists(store: Store, practices: Collection[str], on: date | None) -> Iterator[Finding]:
    """Who is on the lists of several practices on a day, as an evaluation counts them; else on the last day known."""
    day, whose = _on_several_lists(store, on)
    beside: dict[str, Counter[str]] = {}
    count: Counter[str] = Counter()
    for codes in whose.values():
        for code in codes:
            count[code] += 1
            beside.setdefault(code, Counter()).update(other for other in codes if other != code)
    for code in practices:
        if count[code]:
            most = sorted(beside[code].items(), key=lambda one: (-one[1], one[0]))
            others = ", ".join(f"{other} ({many:,})" for other, many in most[:_MOST_SHOWN])
            more = f" and {len(most) - _MOST_SHOWN:,} more practices" if len(most) > _MOST_SHOWN else ""
            yield Finding(TWO_LISTS, code, REGISTRATIONS.name, count[code], f"on {day} also at {others}{more}")


def two_birth_findings(store: Store, practices: Collection[str]) -> Iterator[Finding]:
    """The ids that have several days of birth: in one extract, whose rows of them were rejected, and at practices
    beside one another, which both keep theirs."""
    for number, one in _current_imports(store, practices):
        if one.two_births:
            what = f"import {number}: none of their rows is stored; {one.rejected_file} says which"
            yield Finding(TWO_BIRTHS, "", PATIENTS.name, one.two_births, what)
    columns = ["patient_id", "birth_date"]
    codes = store.codes if len(store.codes) > 1 and practices else ()
    parts = {code: store.table(code, PATIENTS.name, columns).combine_chunks() for code in codes}
    if not parts:
        return
    births = pa.concat_tables(parts.values()).group_by("patient_id").aggregate([("birth_date", "count_distinct")])
    several = births["patient_id"].filter(pc.greater(births["birth_date_count_distinct"], 1)).combine_chunks()
    for code in practices if len(several) else ():
        count = pc.sum(pc.is_in(parts[code]["patient_id"], several)).as_py() or 0
        if count:
            yield Finding(TWO_BIRTHS, code, PATIENTS.name, count, "another practice has another day of birth")


def birth_warnings(store: Store, practices: Collection[str]) -> Iterator[Problem]:
    """The warnings of an import and an evaluation about ids that may each belong to two people."""
    findings = list(two_birth_findings(store, practices))
    within = sum(one.count for one in findings if not one.practice)
    beside = {one.practice: one.count for one in findings if one.practice}
    hint = "Find out whose each id is, correct the extract, and import it again."
    if within:
        ids = f"{within:,} {agreed('id{ has|s have}', within)}"
        what = (
            f"{ids} several days of birth in one extract: nobody can say whose their records are, and none is stored."
        )
        yield warning("records.two-births", what, None, hint, patients=within)
    if beside:
        more = f" and {len(beside) - _MOST_SHOWN:,} more" if len(beside) > _MOST_SHOWN else ""
        names = f"{', '.join([*beside][:_MOST_SHOWN])}{more}"
        many = sum(beside.values())
        have = agreed(f"patient{{|s}} of {names} {{has|have}} another day of birth at another practice", many)
        what = f"{have}: two people may have one NHS number."
        yield warning("records.two-births", f"{many:,} {what}", None, hint, patients=many, practices=[*beside])


def import_warnings(store: Store) -> Iterator[Problem]:
    """The warnings of an import about patients on several lists, and about ids that may belong to two people."""
    yield from birth_warnings(store, store.codes)
    day, whose = _on_several_lists(store, None)
    if whose:
        codes = sorted({code for codes in whose.values() for code in codes})
        names = ", ".join(codes[:_MOST_SHOWN]) + (
            f" and {len(codes) - _MOST_SHOWN:,} more" if codes[_MOST_SHOWN:] else ""
        )
        are = agreed(f"patient{{ is|s are}} on the lists of several practices on {day} ({names})", len(whose))
        what = f"{len(whose):,} {are}, and count{agreed('{s|}', len(whose))} at each."
        yield warning(
            "records.patient-on-two-lists", what, None, "See which list is right.", patients=len(whose), practices=codes
        )


def _on_several_lists(store: Store, on: date | None) -> tuple[date, dict[str, list[str]]]:
    """Who is on several practices' lists on a day, else on the last day known; with the practices."""
    day = on or max((store.partition(code).last_day for code in store.codes), default=date.min)
    parts = {code: _on_list(store, code, day) for code in store.codes} if len(store.codes) > 1 else {}
    if not parts:
        return day, {}
    counted = pc.value_counts(pa.concat_arrays(parts.values()))
    several = counted.field("values").filter(pc.greater(counted.field("counts"), 1))
    whose: dict[str, list[str]] = {}
    for code, ids in parts.items() if len(several) else ():
        for id_ in ids.filter(pc.is_in(ids, several)).to_pylist():
            whose.setdefault(id_, []).append(code)
    return day, whose


def _on_list(store: Store, code: str, day: date) -> pa.Array:
    """Who is on a practice's own list on a day: both ends count, and who is dead or not born yet is on none."""
    people = store.table(code, PATIENTS.name, ["patient_id", "birth_date", "death_date"])
    alive = pc.and_(
        pc.less_equal(people["birth_date"], day),
        pc.fill_null(pc.greater_equal(people["death_date"], day), True),
    )
    stays = store.table(code, REGISTRATIONS.name, ["patient_id", "registered_at", "start_date", "end_date"])
    lasting = pc.and_(
        pc.and_(pc.equal(stays["registered_at"], code), pc.less_equal(stays["start_date"], day)),
        pc.fill_null(pc.greater_equal(stays["end_date"], day), True),
    )
    ids = people["patient_id"].filter(alive).combine_chunks()
    return ids.filter(pc.is_in(ids, stays["patient_id"].filter(lasting).combine_chunks()))
