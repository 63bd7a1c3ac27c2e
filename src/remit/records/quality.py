"""The check of a store: whether its files are as they were written, and what in the records a person should look at.

A finding is not an error: the rows are kept and counted. No finding names a patient.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from remit.core.placeholders import is_filler
from remit.core.problems import Collector, Place, Problem, Refused
from remit.files.hashes import sha256_file
from remit.files.schedules import Schedule, ThisMachine
from remit.files.tables import read_table
from remit.records import by_code
from remit.records.code_quality import odd_codes
from remit.records.event_quality import odd_events
from remit.records.event_rows import plain
from remit.records.findings import (
    APART,
    BACKWARDS,
    DOUBLE,
    ELSEWHERE,
    FILLER,
    FUTURE,
    GAP,
    HALF,
    IMPOSSIBLE,
    KINDS,
    NO_DAY,
    NO_UNIT,
    ORPHAN,
    OVERLAP,
    PROVISIONAL,
    UNBORN,
    UNIT_NOT_READ,
    UNITS,
    UNKNOWN,
    UNREGISTERED,
    Finding,
)  # fmt: skip
from remit.records.layout import BY_NAME, EVENTS, PATIENTS, PRESCRIPTIONS, REGISTRATIONS, VALUE
from remit.records.manifest import BY_CODE, DROPPED, Extract, table_of
from remit.records.measures import shipped_measures
from remit.records.model import UNKNOWN_DAY
from remit.records.people_quality import findings_of_imports, gone_from_latest, on_two_lists, two_birth_findings
from remit.records.pieces import PLACES
from remit.records.standing import same_as_before
from remit.records.store import IMPORT_AGAIN, Store, stored_rows
from remit.records.value_quality import Odd, Reading, odd_values
from remit.records.values import unit_key


@dataclass(frozen=True)
class ValueLimit:
    """Values outside `lowest` to `highest` are impossible, for a unit, or for one code in that unit."""

    unit: str
    lowest: Decimal
    highest: Decimal
    code: str = ""


@dataclass(frozen=True)
class PracticeQuality:
    """A practice's extracts, rows and findings."""

    code: str
    last_day: date
    extracts: tuple[Extract, ...]
    rows: dict[str, int]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Quality:
    """The check of a store. `on` is the achievement date it was asked for; `known` how many codes the lists had."""

    practices: tuple[PracticeQuality, ...]
    on: date | None = None
    known: int | None = None
    whole: tuple[Finding, ...] = ()
    """Findings of the imports, and of practices beside one another."""

    @property
    def findings(self) -> list[Finding]:
        return [*self.whole, *(finding for practice in self.practices for finding in practice.findings)]

    def by_kind(self) -> Iterator[tuple[str, list[Finding]]]:
        """The findings of each kind that has some, in the order of `KINDS`."""
        for code, kind in KINDS.items():
            if findings := [finding for finding in self.findings if finding.code == code]:
                yield kind, findings


def check_store(
    store: Store,
    known_codes: Collection[str] | None = None,
    value_limits: Iterable[ValueLimit] = (),
    on: date | None = None,
    practices: Collection[str] = (),
    progress: Callable[[int, int], None] | None = None,
    reading: Reading | None = None,
    schedule: Schedule | None = None,
) -> Quality:
    """Check all practices, or some. Raises Refused with every file that is missing, damaged or out of order.

    `known_codes`: the codes that some list has. `on`: the achievement date; an extract that stops before it makes
    results provisional. `value_limits` are beside the limits by which values are read; `reading` says what rules read.
    A `schedule` shares the practices out; by default this process checks them one after the other.
    """
    codes = [code for code in store.codes if not practices or code in practices]
    for code in practices:
        store.partition(code)
    schedule = schedule or ThisMachine(1)
    check = _Check(store, known_codes, tuple(value_limits), reading or Reading(), on)
    at_once = schedule.at_once(len(codes), sum(store.partition(code).rows(EVENTS.name) for code in codes))
    found: dict[str, _Checked] = {}
    with closing(schedule.shared_out(_begin, check, [[code] for code in codes], at_once, _HINT)) as checking:
        for one in checking:
            found[one.code] = one
            if progress:
                progress(len(found), len(codes))
    problems = Collector(1000)
    for code in codes:
        for problem in found[code].problems:
            problems.take(problem)
    problems.refuse_if_any()
    whole = (*findings_of_imports(store, codes), *two_birth_findings(store, codes), *on_two_lists(store, codes, on))
    checked = tuple(sound for code in codes if (sound := found[code].quality))
    return Quality(checked, on, None if known_codes is None else len(known_codes), whole)


def read_value_limits(path: Path) -> list[ValueLimit]:
    """`unit, lowest, highest` and, if a limit is for one code, `code`. Raises Refused."""
    table = read_table(path, ("unit", "lowest", "highest"), ("code",))
    problems, limits = Collector(), []
    value = EVENTS.column("value")
    for row, (unit, lowest, highest, code) in table.rows(problems):
        try:
            limit = ValueLimit(unit, value.read(lowest), value.read(highest), code)
        except ValueError as error:
            problems.add("records.bound-unreadable", f"{error}.", table.place(row), reason=error)
            continue
        if limit.lowest > limit.highest:
            problems.add(
                "records.bound-upside-down",
                "the lowest value is above the highest.",
                table.place(row),
                lowest=limit.lowest,
                highest=limit.highest,
            )
        limits.append(limit)
    problems.refuse_if_any()
    return limits


@dataclass(frozen=True)
class _Check:
    """All that a process needs to check practices."""

    store: Store
    known_codes: Collection[str] | None
    value_limits: tuple[ValueLimit, ...]
    reading: Reading
    on: date | None

    def practice(self, code: str) -> _Checked:
        """What is wrong with a practice's files, or what is in them."""
        problems = Collector(1000)
        if not _sound(self.store, code, problems):
            return _Checked(code, tuple(problems.problems))
        limits = list(self.value_limits)
        return _Checked(code, (), _practice(self.store, code, self.known_codes, limits, self.reading, self.on))


@dataclass(frozen=True)
class _Checked:
    code: str
    problems: tuple[Problem, ...]
    quality: PracticeQuality | None = None


_HINT = "If memory ran out, check fewer practices at a time."


def _begin(check: _Check) -> Callable[[Sequence[str]], Iterator[_Checked]]:
    return lambda codes: map(check.practice, codes)


def _sound(store: Store, code: str, problems: Collector) -> bool:
    """Whether a practice's files are as they were written."""
    before = problems.total
    for named, stored in store.partition(code).named().items():
        name, path = named.partition("@")[0], store.folder / stored.file
        place, again = Place(str(path)), IMPORT_AGAIN
        if not path.is_file():
            problems.add("records.file-missing", "is missing from the store.", place, again, practice=code, table=name)
        elif sha256_file(path) != stored.sha256:
            problems.add(
                "records.file-changed",
                "was changed or damaged after the import.",
                place,
                again,
                practice=code,
                table=name,
            )
        else:
            try:
                table = stored_rows(path, name)
            except Refused as refused:
                problems.add(
                    "records.file-damaged", refused.problems[0].message, place, again, practice=code, table=name
                )
                continue
            layout = BY_NAME[table_of(name)]
            keys = [key for key in layout.sort if layout.column(key).required or layout.column(key).empty is not None]
            keys = PLACES.names if name.endswith(DROPPED) else keys
            keys = [one for one in by_code.SORT if one in table.column_names] if name.endswith(BY_CODE) else keys
            if table.num_rows != stored.rows or not _in_order(table, keys[:3]):
                problems.add("records.file-unordered", "is out of order.", place, again, practice=code, table=name)
    return problems.total == before


def _in_order(table: pa.Table, keys: list[str]) -> bool:
    if table.num_rows < 2:
        return True
    before = pa.repeat(True, table.num_rows - 1)
    for key in reversed(keys):
        column = table[key].combine_chunks()
        one, next_ = column.slice(0, len(column) - 1), column.slice(1)
        before = pc.or_(pc.less(one, next_), pc.and_(pc.equal(one, next_), before))
    return bool(pc.all(before).as_py())


@dataclass
class _Looking:
    """A practice while it is looked at."""

    store: Store
    code: str
    patients: pa.Table
    extracts: tuple[Extract, ...]
    findings: list[Finding] = field(default_factory=list)

    def add(self, kind: str, table: str, count: int, about: str = "") -> None:
        if count:
            self.findings.append(Finding(kind, self.code, table, count, about))

    def born(self, rows: pa.Table) -> pa.Array:
        ids = self.patients["patient_id"].combine_chunks()
        return self.patients["birth_date"].combine_chunks().take(pc.index_in(_column(rows, "patient_id"), ids))

    def last_day(self, rows: pa.Table) -> pa.Array:
        """Of each row's own extract."""
        ids = pa.array([extract.id for extract in self.extracts], pa.string())
        days = pa.array([extract.last_day for extract in self.extracts], pa.date32())
        return days.take(pc.index_in(_column(rows, "extract"), ids))


def _practice(
    store: Store,
    code: str,
    known_codes: Collection[str] | None,
    value_limits: list[ValueLimit],
    reading: Reading,
    on: date | None,
) -> PracticeQuality:
    partition = store.partition(code)
    look = _Looking(store, code, store.table(code, PATIENTS.name), partition.extracts)
    if on and partition.last_day < on:
        look.add(PROVISIONAL, "", 1, f"last day {partition.last_day}: results for {on} are provisional")
    _dates_of_patients(look)
    fillers = sum(map(is_filler, look.patients["patient_id"].to_pylist()))
    look.add(FILLER, PATIENTS.name, fillers)
    _registrations(look, store.table(code, REGISTRATIONS.name))
    look.findings += gone_from_latest(store, code)
    texts = {*(known_codes or ()), *(one for cluster in reading.codes.values() for one in cluster)}
    codes = None if known_codes is None else pa.array(sorted(known_codes), pa.string())
    for layout, value in ((EVENTS, "value"), (PRESCRIPTIONS, "quantity")):
        rows = store.table(code, layout.name)
        if not rows.num_rows:
            continue
        _dates(look, layout.name, rows, "date")
        look.add(DOUBLE, layout.name, _count(same_as_before(rows, layout.order(rows.column_names))))
        look.add(ORPHAN, layout.name, _count(pc.is_null(look.born(rows))))
        if codes is not None:
            unknown = rows.filter(pc.invert(pc.is_in(rows["code"], codes)))
            look.add(UNKNOWN, layout.name, unknown.num_rows, _most(unknown["code"]))
        for kind, odd in odd_codes(rows, texts).items():
            look.add(kind, layout.name, odd.count, odd.most())
        _units(look, layout.name, rows, value)
        for kind, count in odd_events(rows):
            look.add(kind, layout.name, count)
        if layout is EVENTS:
            _values(look, rows, value_limits, reading)
            _readings(look, rows)
    rows_of = {name: partition.rows(name) for name in BY_NAME}
    return PracticeQuality(code, partition.last_day, partition.extracts, rows_of, tuple(look.findings))


def _dates(look: _Looking, table: str, rows: pa.Table, column: str) -> None:
    days = _column(rows, column)
    about = "" if column == "date" else column
    look.add(FUTURE, table, _count(pc.greater(days, look.last_day(rows))), about)
    is_known = pc.not_equal(days, UNKNOWN_DAY)
    look.add(NO_DAY, table, _count(pc.invert(is_known)), about)
    look.add(UNBORN, table, _count(pc.and_(is_known, pc.less(days, look.born(rows)))), about)


def _dates_of_patients(look: _Looking) -> None:
    rows = look.patients
    look.add(FUTURE, PATIENTS.name, _count(pc.greater(_column(rows, "birth_date"), look.last_day(rows))), "birth_date")
    _dates(look, PATIENTS.name, rows, "death_date")


def _registrations(look: _Looking, rows: pa.Table) -> None:
    ids, name = _column(look.patients, "patient_id"), REGISTRATIONS.name
    there = pc.is_in(ids, _column(rows, "patient_id"))
    own = rows.filter(pc.equal(rows["registered_at"], look.code))
    here = pc.is_in(ids, _column(own, "patient_id"))
    look.add(UNREGISTERED, name, _count(pc.invert(there)))
    look.add(ELSEWHERE, name, _count(pc.and_(there, pc.invert(here))))
    if not rows.num_rows:
        return
    _dates(look, name, rows, "start_date")
    look.add(ORPHAN, name, _count(pc.is_null(look.born(rows))))
    look.add(BACKWARDS, name, _count(pc.less(rows["end_date"], rows["start_date"])))
    # By start: the next stay begins the day after the last one ended, or earlier, or later.
    same = same_as_before(rows, ["patient_id"]).slice(1)
    end = _column(rows, "end_date").slice(0, rows.num_rows - 1)
    days = pc.days_between(end, _column(rows, "start_date").slice(1))
    look.add(GAP, name, _count(pc.and_(same, pc.greater(days, 1))))
    look.add(OVERLAP, name, _count(pc.and_(same, pc.fill_null(pc.less_equal(days, 0), True))))


def _units(look: _Looking, table: str, rows: pa.Table, value: str) -> None:
    valued = rows.filter(pc.is_valid(rows[value]))
    look.add(NO_UNIT, table, _count(pc.equal(valued["unit"], "")))
    units: dict[str, set[str]] = defaultdict(set)
    for pair in valued.group_by(["code", "unit"]).aggregate([]).to_pylist():
        units[pair["code"]].add(unit_key(shipped_measures(), pair["unit"]))
    several = Odd({code: 1 for code, keys in units.items() if len(keys - {""}) > 1})
    look.add(UNITS, table, several.count, several.most())


def _values(look: _Looking, rows: pa.Table, value_limits: list[ValueLimit], reading: Reading) -> None:
    """A limit of one code goes before that of its unit; the first that fits is used. Then come the limits."""
    valued = rows.filter(pc.is_valid(rows["value"]))
    free = pa.repeat(True, valued.num_rows)
    for limit in sorted(value_limits, key=lambda limit: not limit.code):
        fits = pc.and_(free, pc.equal(_column(valued, "unit"), limit.unit))
        if limit.code:
            fits = pc.and_(fits, pc.equal(_column(valued, "code"), limit.code))
        free = pc.and_(free, pc.invert(fits))
        low, high = (pa.scalar(edge, VALUE) for edge in (limit.lowest, limit.highest))
        outside = pc.or_(pc.less(valued["value"], low), pc.greater(valued["value"], high))
        wrong = valued.filter(pc.and_(outside, fits))
        lead = f"{limit.code}, " if limit.code else ""
        span = f"outside {plain(limit.lowest)} to {plain(limit.highest)} {limit.unit}"
        look.add(IMPOSSIBLE, EVENTS.name, wrong.num_rows, f"{lead}{span}: {_most(wrong['code'])}")
    for kind, odd_by_label in zip((IMPOSSIBLE, UNIT_NOT_READ), odd_values(valued.filter(free), reading), strict=True):
        for label, odd in odd_by_label.items():
            look.add(kind, EVENTS.name, odd.count, f"{label}: {odd.most()}")


def _readings(look: _Looking, rows: pa.Table) -> None:
    read = rows.filter(pc.not_equal(rows["reading"], ""))
    if not read.num_rows:
        return
    each = read.group_by(["patient_id", "reading"]).aggregate([("code", "count"), ("date", "count_distinct")])
    look.add(HALF, EVENTS.name, _count(pc.equal(each["code_count"], 1)))
    look.add(APART, EVENTS.name, _count(pc.greater(each["date_count_distinct"], 1)))


def _column(rows: pa.Table, name: str) -> pa.Array:
    return rows[name].combine_chunks()


def _count(marked: Any) -> int:
    """How many are true."""
    return pc.sum(marked).as_py() or 0


def _most(codes: pa.ChunkedArray) -> str:
    """The codes that stand most often, each with how often, and how many others there are."""
    counted = pc.value_counts(codes.combine_chunks()).to_pylist()
    return Odd({count["values"]: count["counts"] for count in counted}).most()
