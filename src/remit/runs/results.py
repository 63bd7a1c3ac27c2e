"""What a run says of one practice or network, and the words for how far it is settled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from remit.core.sums import Sum
from remit.organisation import Practice
from remit.payment.instalments import DuePayment
from remit.payment.ledger import LedgerEntry, entries
from remit.payment.terms import Advance, Settlement
from remit.pricing.award import Award, Base
from remit.pricing.part_of_year import Participation
from remit.runs.networks import NETWORK, Pool
from remit.scheme.model import Scheme
from remit.scoring.achievement import Achievement
from remit.scoring.monitoring import Watched, WatchedVerdict, verdict

FINAL, PROVISIONAL, MERGED, BLOCKED = "final", "provisional", "merged", "blocked"


@dataclass(frozen=True, slots=True)
class PracticeResult:
    """All that a run says of one practice or network. Amounts are whole pence; None is not known, with a reason.

    `pence` are those of its award that are known, None where nothing of it is. `if_final` is how a provisional award
    would be settled if what is known of it were all.

    Where money goes through a network, `pool` is the network's, for itself and for each of its members; a member's
    `pence` are then its part of the pool, and its awards what it contributes.

    Where some items are paid to practices and some to their networks, `parts` has the pool of each of these; a member's
    part of it is its award, and nothing is paid to the network itself.
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
    pence: int | None
    reason: str
    merged: tuple[Practice, ...] = ()
    pool: Pool | None = None
    watched: tuple[Watched, ...] = ()
    if_final: Settlement | None = None
    parts: Mapping[str, Pool] = field(default_factory=dict)

    @property
    def verdict(self) -> WatchedVerdict | None:
        """The one verdict by what is watched."""
        return verdict(self.scheme, self.watched) if self.watched else None

    @property
    def shares_out(self) -> bool:
        """Whether it is a network whose items' pounds are its members', each part in the member's own payment."""
        return bool(self.parts) and self.practice.level == NETWORK

    @property
    def through_network(self) -> bool:
        """Whether it is a member whose money is its network's, and is counted there."""
        return self.pool is not None and self.practice.level != NETWORK

    @property
    def schedule(self) -> tuple[DuePayment, ...]:
        return self.settlement.schedule

    @property
    def pence_at_one(self) -> int | None:
        """The awards with every prevalence and target population factor at 1; None for a scheme without them."""
        if not weighed(self.scheme):
            return None
        if self.status == MERGED:
            return 0
        return Sum.of(
            0 if award.pence_at_one is None and (award.within or award.pence is not None) else award.pence_at_one
            for award in self.awards
        ).value

    @property
    def awarded(self) -> Sum:
        """Its award as one part of a sum over practices: what is known, and whether all of it is.

        Nothing is due to one that merged: its award is its successor's.
        """
        if self.status == MERGED:
            return Sum(0, 1, 0)
        known = self.pence is not None and not any(award.unpaid for award in self.awards)
        return Sum(self.pence or 0, int(known), int(not known))

    def ledger(self) -> Iterator[LedgerEntry]:
        """The dated entries of this practice's year; none of a member, whose money is its network's."""
        advance, merged = self.settlement.advance, self.status == MERGED
        settled = self.status == FINAL and not self.through_network and advance is not None
        earned, day = self.pence if settled else None, self.scheme.achievement_date
        return entries(self.practice.code, self.scheme.scheme, self.schedule, earned, advance or 0, day, merged)


def weighed(scheme: Scheme) -> bool:
    """Whether prevalence or target populations weigh a scheme's points."""
    return bool(scheme.weights.prevalence or scheme.weights.target_population)
