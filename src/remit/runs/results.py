"""What a run says of one practice or network, and the words for how far it is settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from remit.organisation import Practice
from remit.payment.instalments import Due
from remit.payment.ledger import Entry, entries
from remit.payment.terms import Advance, Settlement
from remit.pricing.award import Award, Base
from remit.pricing.part_of_year import Participation
from remit.runs.networks import NETWORK, Pool
from remit.scheme.model import Scheme
from remit.scoring.achievement import Achievement
from remit.scoring.monitoring import Watched

FINAL, PROVISIONAL, MERGED, BLOCKED = "final", "provisional", "merged", "blocked"


@dataclass(frozen=True, slots=True)
class PracticeResult:
    """All that a run says of one practice or network. Amounts are whole pennies; None is not known, with a reason.

    Where money goes through a network, `pool` is the network's, for itself and for each of its members; a member's
    `pennies` are then its part of the pool, and its awards what it contributes.
    """

    practice: Practice
    scheme: Scheme
    awards: tuple[Award, ...]
    definitions: tuple[tuple[str, str, Achievement], ...]
    base: Base
    participation: Participation
    advance: Advance
    settlement: Settlement
    status: str
    pennies: int
    reason: str
    merged: tuple[Practice, ...] = ()
    pool: Pool | None = None
    watched: tuple[Watched, ...] = ()

    @property
    def through_network(self) -> bool:
        """Whether it is a member whose money is its network's, and is counted there."""
        return self.pool is not None and self.practice.level != NETWORK

    @property
    def schedule(self) -> tuple[Due, ...]:
        return self.settlement.schedule

    @property
    def pennies_at_one(self) -> int | None:
        """The awards with every prevalence and target population factor at 1; None for a scheme without them."""
        weights = self.scheme.weights
        if not (weights.prevalence or weights.target_population):
            return None
        return sum(award.pennies_at_one or 0 for award in self.awards)

    def ledger(self) -> Iterator[Entry]:
        """The dated entries of this practice's year; none of a member, whose money is its network's."""
        earned = self.pennies if self.status == FINAL and not self.through_network else None
        day = self.scheme.achievement_date
        advanced, merged = self.settlement.advance or 0, self.status == MERGED
        return entries(self.practice.code, self.scheme.scheme, self.schedule, earned, advanced, day, merged)
