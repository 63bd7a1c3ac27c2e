"""Columns that were kept, mended: by what is said anew of some patients, or by the better of two answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from remit.evaluation.engine import nodes as n
from remit.evaluation.engine.results import Cells


class Summed(NamedTuple):
    """What a shape came to, node after node."""

    patients: np.ndarray
    values: list[np.ndarray]
    ends: np.ndarray

    def of(self, at: int, part: int) -> tuple[np.ndarray, np.ndarray]:
        """A node's patients, and the values of a part; some are masked."""
        own = slice(self.ends[at], self.ends[at + 1])
        return self.patients[own], self.values[part][own]


class Column:
    """A column as it was kept, while it is mended; and for whom it has changed."""

    def __init__(self, patients: int, kind: n.Kind, was: Cells | None) -> None:
        type_ = "i4" if kind == "date" else "i8"
        self.cells = was or Cells(np.zeros(patients, type_), np.ones(patients, bool))
        self.changed = np.zeros(patients, bool)

    def replace(self, whom: np.ndarray, said: tuple[np.ndarray, np.ndarray]) -> None:
        """What is said of some patients, in place of all that was; nothing of those of whom nothing is said."""
        patients, values = said
        which = np.flatnonzero(whom[patients] & ~np.ma.getmaskarray(values))
        gone = whom & ~self.cells.missing
        gone[patients[which]] = False
        self.changed |= gone
        self.cells.missing[gone] = True
        self._set(patients[which], np.ma.getdata(values)[which])

    def better(
        self,
        whom: np.ndarray,
        said: tuple[np.ndarray, np.ndarray],
        best: Callable[[np.ndarray, np.ndarray], np.ndarray],
    ) -> None:
        """What is said of some patients, where it is better than what was, or nothing was."""
        patients, values = said
        which = np.flatnonzero(whom[patients] & ~np.ma.getmaskarray(values))
        at, more = patients[which], np.ma.getdata(values)[which]
        self._set(at, np.where(self.cells.missing[at], more, best(self.cells.values[at], more)))

    def _set(self, at: np.ndarray, values: np.ndarray) -> None:
        self.changed[at] |= self.cells.missing[at] | (self.cells.values[at] != values)
        self.cells.values[at] = values
        self.cells.missing[at] = False
