"""Sums of amounts, some of which may not be known: unknown amounts are counted, and never shown as 0."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sum:
    """The pence of what is known, and how many parts are known and are not."""

    pence: int = 0
    known: int = 0
    unknown: int = 0

    @classmethod
    def of(cls, parts: Iterable[int | None]) -> Sum:
        """The sum of some amounts; None is one that is not known."""
        pence = known = unknown = 0
        for part in parts:
            if part is None:
                unknown += 1
            else:
                pence += part
                known += 1
        return cls(pence, known, unknown)

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.pence + other.pence, self.known + other.known, self.unknown + other.unknown)

    @property
    def value(self) -> int | None:
        """What may be shown: None where a part is not known and what is known comes to nothing."""
        return None if self.unknown and not self.pence else self.pence


NOTHING = Sum()
