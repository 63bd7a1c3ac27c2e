"""What is paid for each unit of health gain that is expected of an item, where somebody supplies what is expected.

As Fleetcroft and Cookson compared them (Centre for Health Economics research paper, May 2005): the most that is paid
for an item in a population beside the gain that is expected in the same population. In the contract of 2004 they found
no relation. Remit has no figures of gain of its own: each comes with its source from the weights that are supplied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class ExpectedGain:
    """What is expected of an item if its target is reached: so many units of `what` among so many `people`."""

    gain: Fraction
    people: int
    what: str
    source: str


@dataclass(frozen=True)
class PaidForGain:
    """What an item pays at full achievement, what it is expected to bring to the practices' people, and the pence for
    each unit of it: rounded down, None where no gain is expected."""

    paid: int
    expected: Fraction
    gain: ExpectedGain

    @property
    def pence_for_each(self) -> int | None:
        return int(self.paid / self.expected) if self.expected else None


def paid_for_gain(paid: Mapping[str, int], gains: Mapping[str, ExpectedGain], people: int) -> dict[str, PaidForGain]:
    """By item, of those with an expected gain. `paid` is in pence, for practices of so many `people` together."""
    return {
        code: PaidForGain(pence, gains[code].gain * people / gains[code].people, gains[code])
        for code, pence in paid.items()
        if code in gains
    }
