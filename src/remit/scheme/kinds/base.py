"""What every payment kind answers. A new kind is one module beside this one, named in `kinds/__init__.py`.

A kind is pure: it turns an achievement (a rate, or yes and no) into an award, either points or pounds per
weighted head, exactly. It knows nothing of practices, lists or files.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

Unit = Literal["points", "pounds per weighted head"]


@dataclass(frozen=True)
class Bound:
    """A place on the scale of achievement where what is earned starts, jumps or ends.

    `above` says whether the bound itself is still below (`>`) or already reached (`>=`). `words` are the source's.
    """

    at: Fraction
    above: bool
    words: str


class Strict(BaseModel):
    """A part of a file: unknown keys are refused, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Kind(Strict, ABC):
    """One way to turn achievement into an award."""

    name: ClassVar[str]
    unit: ClassVar[Unit]
    takes_rate: ClassVar[bool] = True

    @abstractmethod
    def most_earned(self) -> Fraction | None:
        """The award for full achievement, in `unit`; None where it must be supplied."""

    @abstractmethod
    def earned(self, rate: Fraction, gate: Fraction | None = None) -> Fraction:
        """The award at an achievement of `rate` (0 to 1; for yes and no, 1 and 0), in `unit`."""

    def bounds(self, gate: Fraction | None = None) -> tuple[Bound, ...]:
        """Where what is earned changes, lowest first. With a gate, those of the table that holds at its rate."""
        return ()

    def missing(self) -> str:
        """What the file must supply before this can pay, or nothing."""
        return ""

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What is wrong with the numbers taken together: (path below this kind, message)."""
        yield from ()

    @abstractmethod
    def words(self) -> str:
        """The kind in a line, as a contract manager would say it."""
