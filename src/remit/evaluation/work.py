"""Work in progress: what is done of an evaluation, practice by practice, so that an interrupted one can go on.

It stands beside the folder that is being made, in one of its own. A practice is done when its file in `done/` is there,
which is the last thing to be written of it; work of another scheme, day, rules, clusters or records is cleared away.
Where the disk is full or the process killed, what is done stays done.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from remit.core.problems import Place, refuse
from remit.evaluation import evaluate as e
from remit.evaluation.counting import Practice
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.plan import Plan
from remit.files.folders import put_back
from remit.files.hashes import sha256_file
from remit.records.manifest import locked, sync_folder, write_synced

_OF = "of.json"


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

    @property
    def whole(self) -> Path:
        """Where the folder is put together. Outcomes are moved there, and back if that does not come to its end."""
        return self.folder / "whole"

    def take_up(self, of: Mapping[str, Any]) -> list[str]:
        """Go on with work of the very same; clear away any other. Returns what has changed since, if anything was."""
        path, text = self.folder / _OF, json.dumps(of, indent=1, sort_keys=True)
        changed = _changes(path, json.loads(text)) if path.is_file() else []
        if not path.is_file() or changed:
            for stale in self.folder.iterdir():
                if stale.name != ".lock":
                    shutil.rmtree(stale) if stale.is_dir() else stale.unlink()
        self.clear_scratch()
        for name in ("outcomes", "cells", "done", "scratch"):
            (self.folder / name).mkdir(exist_ok=True)
        for moved in self.whole.glob("outcomes/*.parquet"):
            os.replace(moved, self.folder / "outcomes" / moved.name)
        if not path.is_file():
            write_synced(self.folder / f".{_OF}", text.encode())
            os.replace(self.folder / f".{_OF}", path)
        return changed

    def clear_scratch(self) -> None:
        """Remove what engines put there, those too that were killed."""
        shutil.rmtree(self.scratch, ignore_errors=True)

    def write(self, found: Practice, made: Evaluator, plan: Plan) -> dict[str, Any]:
        """Write a practice; it is done once this returns, and not before."""
        tally = found.tally
        code = tally.practice
        period = made.on if made.on != made.scheme.achievement_date else None
        path = self.folder / self.outcomes(code)
        for where, table in ((path, found.outcomes), (self.cells(code), found.cells)):
            pq.write_table(table, where, compression="zstd")
        done = {
            "practice": code,
            "sha256": sha256_file(path),
            "cells": sha256_file(self.cells(code)),
            "counts": list(e.count_rows(tally, plan, period, bool(made.why_provisional(code)))),
            "practices": [made.practice_row(code)],
            "attrition": list(e.attrition_rows(tally, plan)),
            "parts": list(e.part_rows(tally, plan)),
            "patients": tally.patients,
            "registered": tally.registered,
            "concerned": tally.concerned,
            "categories": {one: e.categories(tally, definition) for one, definition in plan.definitions().items()},
        }
        temporary = self.folder / "done" / f".{code}.{os.getpid()}"
        write_synced(temporary, json.dumps(done).encode())
        os.replace(temporary, self.folder / "done" / f"{code}.json")
        return done

    def read(self, code: str) -> dict[str, Any] | None:
        """What was done of a practice, or None where it is not done; where its files are not whole, it is no more."""
        path = self.folder / "done" / f"{code}.json"
        try:
            done: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            whole = done["sha256"] == sha256_file(self.folder / self.outcomes(code))
            if whole and done["cells"] == sha256_file(self.cells(code)):
                return done
        except (OSError, ValueError, KeyError, TypeError):
            pass
        path.unlink(missing_ok=True)
        return None

    def count(self, codes: Sequence[str]) -> int:
        """How many of the practices are done."""
        return sum((self.folder / "done" / f"{code}.json").is_file() for code in codes)


_WORDS = {
    "clusters": "the code clusters",
    "definitions": "the rules",
    "engine": "what counts",
    "format": "Remit itself",
    "on": "the achievement date",
    "payment_period": "the scheme",
    "records_to": "the records",
    "remit": "Remit itself",
    "scheme": "the scheme",
    "store": "the records",
    "supplied": "the scheme",
}
"""What work is of, as it is told to the one who runs it."""


def _changes(path: Path, of: Mapping[str, Any]) -> list[str]:
    """In words, what of the work of an interrupted run was another."""
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
        changed = {key for key in {*before, *of} if before.get(key) != of.get(key)}
        if before["store"].keys() != of["store"].keys():
            changed -= set() if _differ(before["store"], of["store"]) else {"store", "records_to"}
            changed.add("the choice of practices")
        if "definitions" in changed:
            # Other rules need other clusters: that is not a change of the clusters themselves.
            one, other = ({**each["clusters"], **each["clusters"]["clusters"], "clusters": 0} for each in (before, of))
            changed -= set() if _differ(one, other) else {"clusters"}
    except (ValueError, AttributeError, TypeError, KeyError):
        return ["the work folder itself"]
    return sorted({_WORDS.get(key, key) for key in changed})


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
        work.mkdir(parents=True, exist_ok=True)
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
                shutil.rmtree(work, ignore_errors=True)
