"""What was stated and what came true, over areas; with the Monte Carlo error of the difference.

Practices of one area share a fit, so that they are not independent: the error is taken from how areas differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

Bound = Literal["equal", "at most", "at least"]


@dataclass(frozen=True)
class Claim:
    """What a part of the laboratory states: `key` names it, `bound` says how the stated share binds.

    `exact` is False where the method itself states an approximation, so that no difference is a fault of the code.
    """

    key: str
    words: str
    part: str
    bound: Bound = "equal"


@dataclass(frozen=True)
class Outcome:
    """Of one claim in one area: how often it came true, of how many, and how often it was stated to (a sum)."""

    claim: str
    hits: float
    stated: float
    trials: int


@dataclass(frozen=True)
class Tally:
    """Over areas: the stated share, the true one, and the standard error of their difference."""

    trials: int
    areas: int
    stated: float
    true: float
    error: float

    @property
    def apart(self) -> float:
        """How many standard errors the true share is above the stated; 0 where they are the same."""
        gap = self.true - self.stated
        if not self.error:
            return 0.0 if abs(gap) < 1e-12 else float("inf") * (1 if gap > 0 else -1)
        return gap / self.error

    def verdict(self, bound: Bound) -> str:
        """Whether it is as stated: within two standard errors, or on the side that the claim allows."""
        apart = self.apart
        if bound == "at most":
            apart = max(apart, 0.0)
        elif bound == "at least":
            apart = min(apart, 0.0)
        if abs(apart) <= 2:
            return "as stated"
        side = "above" if apart > 0 else "below"
        return f"{side}, within 3 errors" if abs(apart) <= 3 else f"**{side}**"


def tally(outcomes: Iterable[Outcome]) -> Tally | None:
    """Of one claim over areas. None where nothing was tried."""
    held: Sequence[Outcome] = [one for one in outcomes if one.trials]
    trials = sum(one.trials for one in held)
    if not trials:
        return None
    stated, true = sum(one.stated for one in held) / trials, sum(one.hits for one in held) / trials
    gap, many, mean = true - stated, len(held), trials / len(held)
    residuals = [one.hits - one.stated - gap * one.trials for one in held]
    error = sqrt(sum(r * r for r in residuals) / max(many - 1, 1) / many) / mean
    return Tally(trials, many, stated, true, error)
