"""What a veto costs: where every member of a pool must say yes, how likely one does not, and the pounds that wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Veto:
    """A pool that one member can block. `answers` are 1 for yes, 0 for no, None where a member has not said."""

    pool: str
    answers: tuple[int | None, ...]
    pence: int | None
    chance: Fraction

    @property
    def lost(self) -> Fraction | None:
        """The pence that are not paid out, on average."""
        return None if self.pence is None else self.pence * self.chance


def blocked(answers: Sequence[int | None], yes: Fraction) -> Fraction:
    """How likely a pool is blocked, exactly, where each member that has not answered says yes with a chance of `yes`,
    independently: 1 - yes^n, and 1 where one has said no."""
    if 0 in answers:
        return Fraction(1)
    return 1 - yes ** sum(answer is None for answer in answers)
