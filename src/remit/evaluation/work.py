"""Work in progress: the practices that are done, so that an interrupted evaluation can continue.

It has its own folder beside the one that is being written. A practice is done when its file in `done/` is there, which
is written last; work of another scheme, day, rules, clusters or records is removed.
Where the disk is full or the process killed, what is done stays done.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from remit.core.problems import Place, refuse
from remit.evaluation.cells import cells
from remit.evaluation.counts import attrition_rows, categories, count_rows, left_out_rows, part_rows
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.evidence.keeping import evidence_of
from remit.evaluation.evidence.layout import EVIDENCE
from remit.evaluation.kept_results.folder import write_kept
from remit.evaluation.layout import CountedPractice
from remit.evaluation.manifest import EvaluatedPractice, WorkBasis
from remit.evaluation.outside_clusters import TABLES, outside
from remit.evaluation.plan import Plan
from remit.files.beside import remove
from remit.files.folders import clear, move, put_back, work_folder
from remit.files.hashes import sha256_file
from remit.files.locks import LOCK, locked
from remit.files.manifest import decoded, encoded
from remit.files.names import file_names
from remit.files.private import private_file, private_folder
from remit.files.whole import replace_synced, sync_folder, unfinished

_WORK_FILE = "of.json"
_PARTS = ("outcomes", "cells", EVIDENCE, "kept", "done", "scratch")


@dataclass(frozen=True)
class PackedPractice:
    """A practice that is done, as it is sent from one work folder to another: its files by their names below it."""

    practice: str
    files: dict[str, bytes]


class Work:
    """The folder of an evaluation under way."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def scratch(self) -> Path:
        """Where an engine puts what does not fit in memory."""
        return self.folder / "scratch"

    def outcomes(self, code: str) -> str:
        """A practice's outcomes, below the folder."""
        return f"outcomes/practice={code}.parquet"

    def cells(self, code: str) -> Path:
        """A practice's cells."""
        return self.folder / "cells" / f"{code}.parquet"

    def evidence(self, code: str) -> Path:
        """A practice's evidence."""
        return self.folder / EVIDENCE / code

    def kept(self, code: str) -> Path:
        """What is kept of a practice."""
        return self.folder / "kept" / f"{code}.arrow"

    @property
    def whole(self) -> Path:
        """Where the folder is put together. Outcomes are moved there, and back if that does not come to its end."""
        return self.folder / "whole"

    def take_up(self, basis: WorkBasis) -> list[str]:
        """Continue work on the same basis; remove any other. Returns what has changed since, if anything."""
        path = self.folder / _WORK_FILE
        changed = _changes(path, basis) if path.is_file() else []
        if not path.is_file() or changed:
            clear(self.folder, LOCK)
        self.clear_scratch()
        self.make_parts()
        for moved in self.whole.glob("outcomes/*.parquet"):
            move(moved, self.folder / "outcomes" / moved.name)
        for code, name in file_names(list(basis.store)).items():
            if (self.whole / EVIDENCE / name).is_dir():
                move(self.whole / EVIDENCE / name, self.evidence(code))
        if not path.is_file():
            replace_synced(path, encoded(basis, indent=1, sort_keys=True))
        return changed

    def make_parts(self) -> None:
        """Make the folders that practices are written to, where they are not there."""
        for name in _PARTS:
            (self.folder / name).mkdir(exist_ok=True)

    def clear_scratch(self) -> None:
        """Remove what engines put there, those too that were killed."""
        remove(self.scratch)

    def write(
        self, counted: CountedPractice, evaluator: Evaluator, plan: Plan, with_evidence: bool = False, anew: str = ""
    ) -> EvaluatedPractice:
        """Write a practice; it is done once this returns, and not before. `anew` says why nothing was gone on from."""
        tally = counted.tally
        code = tally.practice
        period = evaluator.on if evaluator.on != evaluator.scheme.achievement_date else None
        path = self.folder / self.outcomes(code)
        for where, table in ((path, counted.outcomes), (self.cells(code), cells(counted.outcomes, counted.people))):
            pq.write_table(table, where.absolute(), compression="zstd")
        unknown = outside(evaluator.store, code, evaluator.codes_of_clusters, counted.since)
        kept = counted.kept and write_kept(self.kept(code), replace(counted.kept, outside=unknown))
        evidence = {}
        if with_evidence:
            codes = sorted({text for by_code in unknown.values() for text in by_code})
            evidence = evidence_of(code, counted.outcomes, evaluator, plan, codes, self.evidence(code))
        done = EvaluatedPractice(
            practice=code,
            sha256=sha256_file(path),
            cells=sha256_file(self.cells(code)),
            counts=_rows(count_rows(tally, plan, period, bool(evaluator.why_provisional(code)))),
            practices=_rows([evaluator.practice_row(code)]),
            attrition=_rows(attrition_rows(tally, plan)),
            parts=_rows(part_rows(tally, plan)),
            left_out=_rows(left_out_rows(tally)),
            rows={table: evaluator.store.partition(code).rows(table) for table in TABLES},
            outside=unknown,
            patients=tally.patients,
            registered=tally.registered,
            concerned=tally.concerned,
            categories={one: dict(categories(tally, d)) for one, d in plan.definitions().items()},
            evidence=evidence,
            kept=kept or "",
            went_on=counted.since is not None,
            anew=anew,
        )
        replace_synced(self.folder / "done" / f"{code}.json", encoded(done, indent=None))
        return done

    def read(self, code: str) -> EvaluatedPractice | None:
        """A practice's results, or None where it is not done or its files are not whole."""
        path = self.folder / "done" / f"{code}.json"
        try:
            done = decoded(path.read_bytes(), EvaluatedPractice)
            if done and self._is_whole(done):
                return done
        except OSError:
            pass
        path.unlink(missing_ok=True)
        return None

    def packed(self, done: EvaluatedPractice) -> PackedPractice:
        """The files of a practice that is done, to be sent to another work folder."""
        names = self._files(done)
        return PackedPractice(done.practice, {name: (self.folder / name).read_bytes() for name in names})

    def take_in(self, packed: PackedPractice) -> EvaluatedPractice | None:
        """Write a practice that was counted in another work folder; it is done once this returns.

        None where what was sent is not whole. Taken in twice, it is the same once.
        """
        code = packed.practice
        done = decoded(packed.files.get(self._done(code), b""), EvaluatedPractice)
        if done is None or done.practice != code or packed.files.keys() != {*self._files(done)}:
            return None
        if done.evidence:
            private_folder(self.evidence(code))
            private_folder(self.evidence(code) / "outcomes")
        for name, data in packed.files.items():
            if name != self._done(code):
                private_file(self.folder / name)
                (self.folder / name).write_bytes(data)
        replace_synced(self.folder / self._done(code), packed.files[self._done(code)])
        return self.read(code)

    def drop(self, code: str) -> None:
        """Remove a practice's files, those too of one that is not done."""
        for path in (
            self.folder / self._done(code),
            self.folder / self.outcomes(code),
            self.cells(code),
            self.kept(code),
        ):
            path.unlink(missing_ok=True)
        remove(self.evidence(code))

    def _done(self, code: str) -> str:
        return f"done/{code}.json"

    def _files(self, done: EvaluatedPractice) -> list[str]:
        """All the files of a practice, below the folder."""
        code = done.practice
        own = [self.outcomes(code), f"cells/{code}.parquet", self._done(code)]
        return [*own, *(f"{EVIDENCE}/{code}/{name}" for name in done.evidence)]

    def _is_whole(self, done: EvaluatedPractice) -> bool:
        code = done.practice
        written = [(self.folder / self.outcomes(code), done.sha256), (self.cells(code), done.cells)]
        written += [(self.kept(code), done.kept)] if done.kept else []
        return all(sha256_file(path) == sha256 for path, sha256 in written) and self._has_evidence(done)

    def _has_evidence(self, done: EvaluatedPractice) -> bool:
        folder = self.evidence(done.practice)
        return all(sha256_file(folder / name) == sha256 for name, sha256 in done.evidence.items())

    def count(self, codes: Sequence[str]) -> int:
        """How many of the practices are done."""
        return sum((self.folder / "done" / f"{code}.json").is_file() for code in codes)


_WORDS = {
    "clusters": "the code clusters",
    "definitions": "the rules",
    "engine": "what counts",
    "evidence": "whether evidence is kept",
    "format": "Remit itself",
    "kept": "whether results are kept",
    "on": "the achievement date",
    "payment_period": "the scheme",
    "records_to": "the records",
    "remit": "Remit itself",
    "rules_of": "the years whose rules are used",
    "scheme": "the scheme",
    "store": "the records",
    "supplied": "the scheme",
}
"""What may have changed since the interrupted work, in words."""


def _changes(path: Path, work: WorkBasis) -> list[str]:
    """In words, what has changed since the interrupted run."""
    try:
        old = decoded(path.read_bytes(), WorkBasis)
    except OSError:
        old = None
    if old is None:
        return ["the work folder itself"]
    old_values, new_values = old.model_dump(), work.model_dump()
    changed = {key for key in old_values.keys() | new_values.keys() if old_values.get(key) != new_values.get(key)}
    if old_values["store"].keys() != new_values["store"].keys():
        changed -= set() if _differ(old_values["store"], new_values["store"]) else {"store", "records_to"}
        changed.add("the choice of practices")
    if "definitions" in changed:
        # Other rules need other clusters: that is not a change of the clusters themselves.
        one, other = (
            {**each["clusters"], **each["clusters"]["clusters"], "clusters": 0} for each in (old_values, new_values)
        )
        changed -= set() if _differ(one, other) else {"clusters"}
    return sorted({_WORDS.get(key, key) for key in changed})


def _rows(rows: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, rows))


def _differ(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether anything that both have is not the same."""
    return any(one[key] != other[key] for key in one.keys() & other.keys())


@contextmanager
def work_on(folder: Path) -> Iterator[Work]:
    """The work folder beside `folder`, for this run alone. It is kept for a later run where a practice is done.

    Raises Refused where another run has it.
    """
    folder = Path(os.path.abspath(folder))
    work = folder.parent / f".{folder.name}.evaluating"
    try:
        work_folder(work, _WORK_FILE, unfinished(Path(_WORK_FILE)).name, *_PARTS, "whole")
    except OSError as error:
        raise refuse(
            "files.cannot-be-written",
            f"cannot be written: {error.strerror}.",
            Place(str(folder)),
            reason=error.strerror,
        ) from None
    with locked(work, f"another run is making {folder.name}."):
        put_back(folder)
        try:
            yield Work(work)
            sync_folder(folder.parent)
        finally:
            Work(work).clear_scratch()
            if not any(work.glob("done/*.json")):
                remove(work)
