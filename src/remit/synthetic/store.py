"""A store of made-up people: its practices by what a schedule shares them out among, its manifest last.

Until the manifest is there the folder is not a store. An interrupted run leaves a folder that says so, and the next run
removes it. Nothing else in the folder is touched.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

import pyarrow as pa

from remit.core.problems import Collector, Place, refuse
from remit.files.beside import remove
from remit.files.folders import check_replaceable, clear, put_back, put_in_place, work_folder
from remit.files.locks import LOCK, locked
from remit.files.manifest import read_replaceable
from remit.files.private import private_folder
from remit.files.processes import Starting, begun_for_work
from remit.files.schedules import Schedule, ThisMachine, folder_elsewhere
from remit.files.whole import sync_folder, synced
from remit.records.by_code import tables_by_code
from remit.records.manifest import (
    SYNTHETIC,
    Extract,
    Import,
    Manifest,
    Partition,
    is_store,
    manifest_of,
    totals_of,
    write_manifest,
)
from remit.records.partition import write_file
from remit.synthetic.area import LARGEST, MadeUpPractice, practices, usual_practices
from remit.synthetic.persons import Run

_EPOCH = date(1970, 1, 1).toordinal()
_ROWS = 150
"""Entries of a patient, about."""
Progress = Callable[[int, int], None]


@dataclass
class StoreSummary:
    """What a store of made-up people holds: rows by table, practices, and the people on their lists on the last day."""

    practices: int = 0
    listed: int = 0
    rows: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class StoreRequest:
    """What is asked for."""

    patients: int
    seed: int
    on: date
    practices: int
    years: int = 10

    @property
    def extract(self) -> str:
        return f"synthetic-{self.seed}"


def store_request(patients: int, seed: int, on: date, count: int | None = None, years: int = 10) -> StoreRequest:
    """The request, checked. Raises Refused with everything that is wrong with it."""
    problems = Collector()
    if not 1 <= patients <= 100_000_000:
        problems.add(
            "synthetic.patients-out-of-range",
            f"{patients:,} patients: expected 1 to 100,000,000.",
            None,
            "An ICB has about 1,200,000.",
            found=patients,
        )
    if not 0 <= seed < 10**12:
        problems.add(
            "synthetic.seed-out-of-range",
            f"the seed {seed}: expected a whole number of at most 12 digits, not below 0.",
            found=seed,
        )
    if not 1 <= years <= 40:
        problems.add("synthetic.years-out-of-range", f"{years} years of records: expected 1 to 40.", found=years)
    if not 1990 <= on.year <= 2050:
        problems.add("synthetic.day-out-of-range", f"the day {on}: expected one of 1990 to 2050.", found=on)
    in_all = usual_practices(patients) if count is None else count
    if not 1 <= in_all <= 9999:
        problems.add("synthetic.practices-out-of-range", f"{in_all:,} practices: expected 1 to 9,999.", found=in_all)
    elif 1 <= patients < in_all:
        problems.add(
            "synthetic.too-few-patients",
            f"{patients:,} patients are too few for {in_all:,} practices.",
            None,
            "Each practice needs at least one.",
            patients=patients,
            practices=in_all,
        )
    elif patients / in_all > LARGEST / 4:
        problems.add(
            "synthetic.too-many-patients",
            f"{patients:,} patients are too many for {in_all:,} practices: {LARGEST // 4:,} each at most.",
            None,
            f"Ask for {-(-patients * 4 // LARGEST)} practices or more.",
            patients=patients,
            practices=in_all,
            least=-(-patients * 4 // LARGEST),
        )
    problems.refuse_if_any()
    return StoreRequest(patients, seed, on, in_all, years)


def make_store(
    request: StoreRequest,
    store: Path | str,
    *,
    workers: int | None = None,
    replace: bool = False,
    progress: Progress | None = None,
    starting: Starting = nullcontext,
    schedule: Schedule | None = None,
) -> StoreSummary:
    """Make a store in a new or an empty folder, or with `replace` in the place of one that was made so.

    The same request gives the same bytes, however many `workers` there are, and whichever `schedule` takes their place.
    Raises Refused, with the folder as it was.
    """
    store = Path(store)
    if workers is not None and not 1 <= workers <= 256:
        raise refuse("synthetic.workers-out-of-range", f"{workers} workers: expected 1 to 256.", found=workers)
    _check_folder(store, replace)
    store = Path(os.path.abspath(store))
    work = store.parent / f".{store.name}.making"
    try:
        work_folder(work, "whole")
        with locked(work, f"another run is making {store.name}."):
            put_back(store)
            _check_folder(store, replace)  # one whose replacement was interrupted is back
            clear(work, LOCK)  # what an interrupted run left
            whole = work / "whole"
            try:
                private_folder(whole)
                how = schedule or ThisMachine(workers or 0, starting)
                summary = _fill(request, whole, how, progress or (lambda done, of: None))
                _check_folder(store, replace)  # somebody may have put something there in the meantime
                put_in_place(whole, store)
                sync_folder(store.parent)
            finally:
                remove(work)
    except OSError as error:
        place = Place(str(error.filename or store))
        raise refuse(
            "files.cannot-be-written",
            f"cannot be written: {error.strerror or error}. Nothing was made.",
            place,
            reason=error.strerror or error,
        ) from None
    return summary


def _check_folder(store: Path, replace: bool) -> None:
    """Refuse a folder that holds anything but made-up people, and those too unless they are to be replaced."""
    place = Place(str(store))
    if store.is_symlink() or (store.exists() and not store.is_dir()):
        raise refuse("files.not-a-folder", "is not a folder.", place, "Name a new folder.")
    if is_store(store.absolute().parent):
        raise refuse(
            "synthetic.inside-a-store",
            "is inside a folder with a manifest: a store or a result.",
            place,
            "Name one elsewhere.",
        )
    if not store.exists() or not any(store.iterdir()):
        return
    if not is_store(store):
        raise refuse(
            "synthetic.holds-other-files",
            "holds files that are not a store of made-up people.",
            place,
            "Name a new or an empty folder.",
        )
    modes = {entry.mode for entry in read_replaceable(store, Manifest).imports}
    if modes != {SYNTHETIC}:
        raise refuse(
            "files.holds-records",
            "holds imported records, which are never overwritten.",
            place,
            "Name another folder.",
        )
    if not replace:
        raise refuse(
            "synthetic.holds-made-up-people", "holds a store of made-up people.", place, "Name another folder."
        )
    check_replaceable(store, Manifest, [LOCK])


def _fill(request: StoreRequest, folder: Path, schedule: Schedule, on_progress: Progress) -> StoreSummary:
    """Write every practice and then the manifest into an empty folder."""
    all_practices = practices(request.seed, request.patients, request.practices)
    run = Run(request.seed, request.on.toordinal() - _EPOCH, request.years)
    codes = [practice.code for practice in all_practices]
    largest_first = sorted(all_practices, key=lambda practice: -practice.patients)
    summary, done = StoreSummary(practices=len(all_practices)), 0
    partitions: dict[str, Partition] = {}
    on_progress(0, request.patients)
    made = {practice.code: practice for practice in largest_first}
    making = _Making(folder if schedule.here else None, run, made, codes, request.extract)
    at_once = schedule.at_once(len(made), request.patients * _ROWS)
    hint = "Nothing was made. If memory ran out, use one process."
    with closing(schedule.shared_out(_begin, making, [[code] for code in made], at_once, hint)) as results:
        for one in results:
            _take_in(folder, one)
            partitions[one.code] = one.partition
            summary.listed += one.listed
            done += made[one.code].patients
            on_progress(done, request.patients)
    summary.rows = totals_of(partitions)
    how = Import(
        mode=SYNTHETIC,
        seed=request.seed,
        years=request.years,
        extracts=len(all_practices),
        files={},
        read=summary.rows,
        stored=summary.rows,
        rejected={},
        rejected_file="",
    )
    write_manifest(folder, manifest_of({"ids": "kept"}, partitions, (how,)))
    return summary


@dataclass(frozen=True)
class _Making:
    """All that a process needs to make practices. Without a `folder` it makes them elsewhere, and sends their files."""

    folder: Path | None
    run: Run
    practices: Mapping[str, MadeUpPractice]
    codes: list[str]
    extract: str


@dataclass(frozen=True)
class _Made:
    """A practice that was made; `files` are those that are sent, by their names below the store."""

    code: str
    partition: Partition
    listed: int
    files: Mapping[str, bytes] = field(default_factory=dict)


def _begin(making: _Making) -> Callable[[Sequence[str]], Iterator[_Made]]:
    """A process makes practices one after another; one that was begun for it shares the cores with the others."""
    if begun_for_work() or making.folder is None:
        pa.set_cpu_count(1)
    return partial(_each, making)


def _each(making: _Making, codes: Sequence[str]) -> Iterator[_Made]:
    for code in codes:
        if making.folder:
            yield _make(making, making.folder, code)
            continue
        folder = folder_elsewhere()
        private_folder(folder)
        try:
            made = _make(making, folder, code)
            names = [stored.file for stored in made.partition.tables.values()]
            yield replace(made, files={name: (folder / name).read_bytes() for name in names})
        finally:
            remove(folder)


def _take_in(folder: Path, made: _Made) -> None:
    """Write the files that were sent."""
    for name, data in made.files.items():
        private_folder((folder / name).parent)
        with synced(folder / name) as file:
            file.write(data)
    if made.files:
        sync_folder(folder / f"practice={made.code}")


def _make(making: _Making, folder: Path, code: str) -> _Made:
    """Make a practice and write its files."""
    from remit.synthetic.practice import make_tables

    run, extract = making.run, making.extract
    tables = make_tables(run, making.practices[code], [other for other in making.codes if other != code], extract)
    stored = {
        name: write_file(folder, code, 1, name, table)
        for name, table in tables.items()
        if table.num_rows or name == "patients"
    }
    stored |= tables_by_code(folder, stored, tables["patients"]["patient_id"].combine_chunks())
    sync_folder(folder / f"practice={code}")
    says = zip(tables["practices"]["since"].to_pylist(), tables["practices"]["list_size"].to_pylist(), strict=True)
    _, listed = max(says, key=lambda row: row[0] or date.min)
    return _Made(code, Partition((Extract(extract, run.last_day, 1),), stored), listed)
