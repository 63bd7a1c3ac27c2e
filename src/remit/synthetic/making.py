"""A store of made-up people: its practices by several processes, its manifest last.

Until the manifest is there the folder is no store. A run that was interrupted leaves a folder that says so, which the
next run clears away; what is in a folder that no such run left is never touched.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from remit.core.problems import Collector, Place, refuse
from remit.files.beside import remove
from remit.files.folders import check_replaceable, clear, put_back, put_in_place, work_folder
from remit.files.locks import LOCK, locked
from remit.files.manifest import read_replaceable
from remit.files.private import private_folder
from remit.files.processes import Starting, shared_out
from remit.files.whole import sync_folder
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
from remit.synthetic.board import LARGEST, Practice, practices, usual_practices
from remit.synthetic.persons import Run

_EPOCH = date(1970, 1, 1).toordinal()
Told = Callable[[int, int], None]


@dataclass
class Made:
    """What was made: rows by table, practices and the people who are on their lists on the last day."""

    practices: int = 0
    listed: int = 0
    rows: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """What is asked for."""

    patients: int
    seed: int
    on: date
    practices: int
    years: int = 10

    @property
    def extract(self) -> str:
        return f"synthetic-{self.seed}"


def wanted(patients: int, seed: int, on: date, count: int | None = None, years: int = 10) -> Wanted:
    """What is asked for, if it can be made. Raises Refused with all that cannot."""
    problems = Collector()
    if not 1 <= patients <= 100_000_000:
        problems.add(
            "synthetic.patients-out-of-range",
            f"{patients:,} patients: expected 1 to 100,000,000.",
            None,
            "A board has about 1,200,000.",
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
    made = usual_practices(patients) if count is None else count
    if not 1 <= made <= 9999:
        problems.add("synthetic.practices-out-of-range", f"{made:,} practices: expected 1 to 9,999.", found=made)
    elif 1 <= patients < made:
        problems.add(
            "synthetic.too-few-patients",
            f"{patients:,} patients are too few for {made:,} practices.",
            None,
            "Each has one at least.",
            patients=patients,
            practices=made,
        )
    elif patients / made > LARGEST / 4:
        problems.add(
            "synthetic.too-many-patients",
            f"{patients:,} patients are too many for {made:,} practices: {LARGEST // 4:,} each at most.",
            None,
            f"Ask for {-(-patients * 4 // LARGEST)} practices or more.",
            patients=patients,
            practices=made,
            least=-(-patients * 4 // LARGEST),
        )
    problems.refuse_if_any()
    return Wanted(patients, seed, on, made, years)


def make_store(
    want: Wanted,
    store: Path | str,
    *,
    workers: int | None = None,
    replace: bool = False,
    progress: Told | None = None,
    starting: Starting = nullcontext,
) -> Made:
    """Make a store in a new or an empty folder, or with `replace` in the place of one that was made so.

    The same wants give the same bytes, however many `workers` there are. Raises Refused, with the folder as it was.
    """
    store = Path(store)
    count = workers if workers is not None else (os.cpu_count() or 1)
    if not 1 <= count <= 256:
        raise refuse("synthetic.workers-out-of-range", f"{count} workers: expected 1 to 256.", found=count)
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
                made = _fill(want, whole, count, progress or (lambda done, of: None), starting)
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
    return made


def _check_folder(store: Path, replace: bool) -> None:
    """Refuse a folder that holds anything but what a run of this kind made, and that too unless it is to go."""
    place = Place(str(store))
    if store.is_symlink() or (store.exists() and not store.is_dir()):
        raise refuse("files.not-a-folder", "is not a folder.", place, "Name a new folder.")
    if is_store(store.absolute().parent):
        raise refuse(
            "synthetic.inside-a-store",
            "lies in a folder that has a manifest: a store's, or a result's.",
            place,
            "Name one elsewhere.",
        )
    if not store.exists() or not any(store.iterdir()):
        return
    if not is_store(store):
        raise refuse(
            "synthetic.holds-other-files",
            "holds files that are no store of made-up people.",
            place,
            "Name a new or an empty folder.",
        )
    modes = {entry.mode for entry in read_replaceable(store, Manifest).imports}
    if modes != {SYNTHETIC}:
        raise refuse(
            "files.holds-records",
            "holds records that were imported, which nothing is written over.",
            place,
            "Name another folder.",
        )
    if not replace:
        raise refuse(
            "synthetic.holds-made-up-people", "holds a store of made-up people.", place, "Name another folder."
        )
    check_replaceable(store, Manifest, [LOCK])


def _fill(want: Wanted, folder: Path, workers: int, told: Told, starting: Starting) -> Made:
    """Write every practice and then the manifest into an empty folder."""
    board = practices(want.seed, want.patients, want.practices)
    run = Run(want.seed, want.on.toordinal() - _EPOCH, want.years)
    codes = [practice.code for practice in board]
    largest_first = sorted(board, key=lambda practice: -practice.patients)
    made, done = Made(practices=len(board)), 0
    found: dict[str, Partition] = {}
    told(0, want.patients)
    for practice, partition, listed in _each(folder, run, largest_first, codes, want.extract, workers, starting):
        found[practice.code] = partition
        made.listed += listed
        done += practice.patients
        told(done, want.patients)
    made.rows = totals_of(found)
    how = Import(
        mode=SYNTHETIC,
        seed=want.seed,
        years=want.years,
        extracts=len(board),
        files={},
        read=made.rows,
        stored=made.rows,
        rejected={},
        rejected_file="",
    )
    write_manifest(folder, manifest_of({"ids": "kept"}, found, (how,)))
    return made


Result = tuple[Practice, Partition, int]


def _each(
    folder: Path, run: Run, board: list[Practice], codes: list[str], extract: str, workers: int, starting: Starting
) -> Iterator[Result]:
    """Each practice as it is done."""
    if min(workers, len(board)) == 1:
        for practice in board:
            yield _make(folder, run, practice, codes, extract)
        return
    hint = "Nothing was made. If memory ran out, use one process."
    yield from shared_out(_begin, (folder, run, codes, extract), board, workers, hint, starting)


def _begin(setup: tuple[Path, Run, list[str], str]) -> Callable[[Practice], list[Result]]:
    """A process makes practices one after another; it shares the cores with the others."""
    folder, run, codes, extract = setup
    pa.set_cpu_count(1)
    return lambda practice: [_make(folder, run, practice, codes, extract)]


def _make(folder: Path, run: Run, practice: Practice, codes: list[str], extract: str) -> Result:
    """Make a practice and write its files."""
    from remit.synthetic.practice import make_tables

    others = [code for code in codes if code != practice.code]
    tables = make_tables(run, practice, others, extract)
    stored = {
        name: write_file(folder, practice.code, 1, name, table)
        for name, table in tables.items()
        if table.num_rows or name == "patients"
    }
    sync_folder(folder / f"practice={practice.code}")
    says = zip(tables["practices"]["since"].to_pylist(), tables["practices"]["list_size"].to_pylist(), strict=True)
    _, listed = max(says, key=lambda row: row[0] or date.min)
    return practice, Partition((Extract(extract, run.last_day, 1),), stored), listed
