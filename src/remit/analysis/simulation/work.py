"""Draws under way: the blocks that are done, kept beside the folder of a simulation, so that it can go on.

A block is used again only if all that it rests on is the same: the run, the reforms, the seed, the number of draws.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

import numpy as np

from remit.analysis.simulation.shares import Pence
from remit.files.beside import remove
from remit.files.folders import clear, work_folder
from remit.files.locks import LOCK, locked
from remit.files.manifest import Kind, Sha256, Written, decoded, encoded
from remit.files.whole import replace_synced, unfinished

_OF, _DONE = "of.json", "done"
_WORDS = {
    "remit": "Remit itself",
    "numpy": "numpy",
    "run": "the run",
    "reforms": "the reforms",
    "seed": "the seed",
    "draws": "the number of draws",
}
_GOES_ON = "What is drawn is kept: the same command goes on from there."


class DrawBasis(Written):
    """What draws under way rest on: hashes of the run and of what each reform pays by and on, with its name, in the
    order in which a block has the reforms."""

    kind: ClassVar[Kind] = Kind("simulation under way", 0, "", "Simulate again.", "simulation under way")

    remit: str
    numpy: str
    run: Sha256
    reforms: tuple[tuple[str, Sha256], ...]
    seed: int
    draws: int


class DoneBlocks:
    """The blocks that are done; without a folder none are kept."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    def take_up(self, basis: DrawBasis) -> list[str]:
        """Go on with work on the same basis, and remove any other. Returns in words what has changed since, if
        anything."""
        if self.folder is None:
            return []
        path, changed = self.folder / _OF, []
        if path.is_file():
            old = decoded(path.read_bytes(), DrawBasis)
            values = old.model_dump() if old else {}
            changed = [_WORDS[key] for key, value in basis.model_dump().items() if values.get(key) != value]
        if changed or not path.is_file():
            clear(self.folder, LOCK)
            replace_synced(path, encoded(basis))
        (self.folder / _DONE).mkdir(exist_ok=True)
        return changed

    def read(self, number: int) -> Pence | None:
        """A block's differences; None where it is not done or not whole."""
        if self.folder is None:
            return None
        try:
            data = self._path(number).read_bytes()
        except OSError:
            return None
        if data[:64] != _hash(data[64:]):
            return None
        found: Pence = np.load(io.BytesIO(data[64:]), allow_pickle=False)
        return found

    def write(self, number: int, differences: Pence) -> None:
        """Keep a block; it is done once this returns, and not before."""
        if self.folder is None:
            return
        buffer = io.BytesIO()
        np.save(buffer, differences, allow_pickle=False)
        data = buffer.getvalue()
        replace_synced(self._path(number), _hash(data) + data)

    def _path(self, number: int) -> Path:
        assert self.folder is not None
        return self.folder / _DONE / f"{number:05}"


def _hash(data: bytes) -> bytes:
    return sha256(data).hexdigest().encode()


@contextmanager
def done_blocks(folder: Path | None) -> Iterator[DoneBlocks]:
    """The blocks done for a simulation that is to stand at `folder`, for this process alone. They are
    removed when the simulation ends well, and stay when it is stopped. Raises Refused where another process works."""
    if folder is None:
        yield DoneBlocks()
        return
    whole = Path(os.path.abspath(folder))
    whole.parent.mkdir(parents=True, exist_ok=True)
    work = whole.parent / f".{whole.name}.simulating"
    work_folder(work, _OF, unfinished(Path(_OF)).name, _DONE)
    with locked(work, f"another simulation is making {whole.name}."):
        try:
            yield DoneBlocks(work)
        except BaseException as stopped:
            if not any((work / _DONE).glob("[0-9]*")):
                remove(work)
            elif isinstance(stopped, KeyboardInterrupt):
                raise KeyboardInterrupt(f"Stopped. {_GOES_ON}") from None
            raise
        remove(work)
