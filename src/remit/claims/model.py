"""Claims of activity as data: a row of claims, a scheme's terms for them, and what became of each.

`deciding` says which count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from remit.core.dates import Period, add_months
from remit.core.figures import FigureKey, Quarter

Counted = Literal["at the quarter's end", "days", "each"]
Outcome = Literal["counted", "refused", "held"]
Window = tuple[date | None, date | None]
"""The first and the last day on which a provider is eligible, or in the scheme; None is open."""

ACTIVITY, DID_NOT_ATTEND, ACTIVITY_DAYS = "ACTIVITY", "DID_NOT_ATTEND", "ACTIVITY_DAYS"


@dataclass(frozen=True)
class ClaimTerms:
    """A scheme's terms for claims.

    Of `levels`, a patient has at most one in a quarter, over all schemes of the run with the same `exclusive` name and
    over all practices. `counted` says what an item counts as: a patient on it on the quarter's last day, the days on
    it, or each claim. `once` has the items that begin a patient's treatment, with the calendar months since the
    patient's last day on any level: after more than those, a beginning counts again. All of a group's beginnings are
    one and the same in this. `eligible`: the provider must be, on the day.
    """

    scheme: str
    items: frozenset[str]
    exclusive: str = ""
    levels: tuple[str, ...] = ()
    counted: Counted = "each"
    once: Mapping[str, int] = field(default_factory=dict)
    eligible: bool = False

    @property
    def group(self) -> tuple[str, str]:
        """What the scheme's levels exclude one another within."""
        return ("shared", self.exclusive) if self.exclusive else ("own", self.scheme)

    def by_days(self, item: str) -> bool:
        """Whether an item is counted by the days on it: the levels, or every item where there are none."""
        return self.counted == "days" and item not in self.once and (item in self.levels or not self.levels)


@dataclass(frozen=True)
class Claim:
    """A row of claims. `day` is the activity's; `start` and `end` are the first and the last day on the level."""

    row: int
    practice: str
    patient: str
    item: str
    scheme: str
    quarter: Period
    day: date | None = None
    start: date | None = None
    end: date | None = None
    attended: bool = True

    @property
    def last(self) -> date:
        """The quarter's last day."""
        assert self.quarter.day is not None, "a quarter has a last day"
        return self.quarter.day

    @property
    def first(self) -> date:
        """The quarter's first day."""
        return add_months(self.last.replace(day=1), -2)

    @property
    def paid_in(self) -> Quarter:
        """The quarter as its figures are kept."""
        return Quarter(self.quarter.year, (self.last.month - self.quarter.year.month) % 12 // 3 + 1)

    @property
    def quarter_text(self) -> str:
        """The quarter as claims write it, `2025-Q1`."""
        return f"{self.quarter.year.begins}-Q{self.paid_in.number}"

    @property
    def ended(self) -> bool:
        """Whether its days say that the patient was not on the level on the quarter's last day."""
        return (self.end is not None and self.end < self.last) or (self.start is not None and self.start > self.last)

    @property
    def days(self) -> tuple[date, date]:
        """The first and last day on the level within the quarter, both counted; none where the first is later."""
        return max(self.start or self.first, self.first), min(self.end or self.last, self.last)


class Decision(NamedTuple):
    """What became of a claim, and why."""

    row: int
    claim: Claim
    scheme: str
    outcome: Outcome
    reason: str


class ClaimedFigure(NamedTuple):
    """Whose figure of counted claims it is, under which scheme, of which item and what."""

    scheme: str
    practice: str
    item: str
    key: FigureKey


@dataclass(frozen=True)
class DecidedClaims:
    """Every claim's decision, in the order of the file, and the figures of those that are counted."""

    decisions: tuple[Decision, ...]
    figures: dict[ClaimedFigure, int]

    def count(self, outcome: Outcome) -> int:
        """How many claims have an outcome."""
        return sum(decision.outcome == outcome for decision in self.decisions)
