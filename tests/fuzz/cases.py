"""One case: a command on sound inputs of which one is damaged; and what must hold however that ends.

No exception but an exit, no hang, no traceback; a refusal says something and leaves nothing; no input is changed; a
result's folder that was altered is not read as if it were not; a table that says the same in another way gives the
same.
"""

from __future__ import annotations

import faulthandler
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import FrameType

from tests.bad_files.command import CommandResult, contents, remit
from tests.fuzz.commands import COMMANDS
from tests.fuzz.mutations import VALUES, damage, fit, harmless, near

RESULTS = ("first", "second", "local", "evaluated", "store")
"""Folders of results: whatever stands in them is listed and compared when they are opened."""


class Hang(BaseException):
    """A case that took longer than anything it does could: it is ended, and is a finding."""


@dataclass(frozen=True)
class Case:
    """A case by its seed: the same seed, command and number, the same damage."""

    seed: int
    command: str
    number: int

    @property
    def random(self) -> Random:
        return Random(f"{self.seed}:{self.command}:{self.number}")


@dataclass(frozen=True)
class Finding:
    """What went wrong in a case."""

    case: Case
    did: str
    what: str

    def __str__(self) -> str:
        again = f"SEED={self.case.seed} ONLY='{self.case.command}' CASE={self.case.number}"
        return f"make fuzz {again}\n  {self.did}\n  {self.what}"


def played(case: Case, world: Path, beside: Path, limit: int = 60) -> Finding | None:
    """Play a case on a copy of the inputs that it reads, in a folder `beside`, and look at how it ended."""
    random, words = case.random, COMMANDS[case.command].split()
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    names = [word for word in words if os.path.exists(world / word)]
    for name in {*names, *_further(words)}:
        copy = shutil.copytree if (world / name).is_dir() else shutil.copy
        copy(world / name, beside / name)
    way = random.random()
    tables = [name for name in names if name.endswith(".csv")]
    same = False
    if way < 0.1 and tables:
        did, same = harmless(beside / random.choice(tables), random), True
    elif (way < 0.2 and len(words) > 2) or not names:
        did = _other_word(words, names, random)
    else:
        name = random.choice([*names, *_further(words)])
        did = f"{name}: {damage(beside / name, random)}"
        if name in RESULTS and random.random() < 0.6 and fit(beside / name):
            did = f"{name} with hashes that fit: {did}"
    before = contents(beside)
    said = _said(case, did, words, beside, limit)
    return said if isinstance(said, Finding) else _wrong(case, did, words, world, beside, before, said, same)


def _further(words: list[str]) -> list[str]:
    """Files that others name."""
    return {"over.yaml": ["local.yaml"], "register.yaml": ["good_catalogue.yaml"]}.get(words[-1], []) + (
        ["good_catalogue.yaml"] if "register.yaml" in words else []
    )


def _other_word(words: list[str], names: list[str], random: Random) -> str:
    at = [n for n in range(1, len(words)) if words[n] not in names and not words[n].startswith(("--", "OUT"))]
    if not at:
        words.append(random.choice(VALUES))
        return f"{words[-1]!r} at the end"
    n, value = random.choice(at), random.choice(VALUES).replace("\0", "")
    value = near(words[n], random) if random.random() < 0.5 else value
    old, _, _ = words[n].partition("=")
    words[n] = f"{old}={value}" if "=" in words[n] and random.random() < 0.8 else value
    return f"{words[n]!r} as word {n}"


def _paths(words: list[str], folder: Path) -> list[str | Path]:
    return [_path(word, folder) for word in words]


def _path(word: str, folder: Path) -> str | Path:
    if word.startswith("OUT"):
        return folder / word.replace("OUT", "out")
    ours = word.strip(".") and "/" not in word and os.path.exists(folder / word)
    return folder / word if ours else word


def _said(case: Case, did: str, words: list[str], folder: Path, limit: int) -> CommandResult | Finding:
    try:
        with guarded(limit):
            return remit(*_paths(words, folder))
    except Hang:
        return Finding(case, did, f"it hangs: no end after {limit} s")
    except Exception as error:
        last = traceback.extract_tb(sys.exc_info()[2])[-1]
        return Finding(case, did, f"{type(error).__name__}: {str(error)[:300]} at {last.filename}:{last.lineno}")


@contextmanager
def guarded(limit: int) -> Iterator[None]:
    """End what does not end. A guard, and no measure: nothing that is sound comes near it."""

    def ended(number: int, frame: FrameType | None) -> None:
        raise Hang

    old = signal.signal(signal.SIGALRM, ended)
    signal.alarm(limit)
    faulthandler.dump_traceback_later(limit * 3, exit=True)
    try:
        yield
    finally:
        signal.alarm(0)
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGALRM, old)


def _wrong(
    case: Case,
    did: str,
    words: list[str],
    world: Path,
    beside: Path,
    before: dict[str, bytes],
    said: CommandResult,
    same: bool,
) -> Finding | None:
    def finding(what: str) -> Finding:
        return Finding(case, did, what)

    if said.status not in (0, 1, 2, 3):
        return finding(f"status {said.status}")
    if "Traceback" in said.out + said.err or "Error:" in said.err:
        return finding(f"a traceback: {said.err[-300:]}")
    if said.status in (1, 2) and not said.err.strip():
        if case.command.startswith(("check", "records check", "clusters lock")) and said.out.strip():
            return None
        return finding(f"status {said.status}, and it says nothing")
    left = {name: data for name, data in contents(beside).items() if not name.startswith(("out", ".out"))}
    if left != before:
        changed = sorted(name for name in {*left, *before} if left.get(name) != before.get(name))
        return finding(f"inputs are changed: {changed[:5]}")
    written = sorted(path.name for path in beside.iterdir() if path.name.startswith(("out", ".out")))
    if said.status in (1, 2) and written:
        return finding(f"refused, and {written} is there")
    if any(name.startswith(".out") for name in written):
        return finding(f"{written} is left")
    if said.status == 0 and case.command not in ("synth",):
        name = did.partition(":")[0]
        if same or name in RESULTS:
            return _changed(case, did, words, world, beside, said, same)
    return None


def _changed(
    case: Case, did: str, words: list[str], world: Path, beside: Path, said: CommandResult, same: bool
) -> Finding | None:
    """Whether the figures are others than those of the sound inputs, though nobody was told."""
    sound = beside.with_name("well"[: len(beside.name)])  # of the same length: lines break alike
    shutil.rmtree(sound, ignore_errors=True)
    sound.mkdir()
    for name in {*[word for word in words if os.path.exists(world / word)], *_further(words)}:
        copy = shutil.copytree if (world / name).is_dir() else shutil.copy
        copy(world / name, sound / name)
    expected = remit(*_paths(words, sound))
    shown = [text.replace(str(folder), "") for text, folder in ((said.out, beside), (expected.out, sound))]
    if shown[0] != shown[1] and not said.err:
        return Finding(case, did, f"another figure, and not a word: {_first(*shown)}")
    made = [{n: d for n, d in contents(folder).items() if n.startswith("out")} for folder in (beside, sound)]
    differ = sorted(n for n in {*made[0], *made[1]} if made[0].get(n) != made[1].get(n))
    if differ and same:
        return Finding(case, did, f"the same figures in another way give another {differ[:3]}")
    return None


def _first(one: str, other: str) -> str:
    for mine, sound in zip(one.splitlines(), other.splitlines(), strict=False):
        if mine != sound:
            return f"{mine.strip()!r} for {sound.strip()!r}"
    return "more or fewer lines"
