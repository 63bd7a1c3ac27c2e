"""A thing that is due on a day, whose it is, and when somebody is reminded of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from remit.core import say
from remit.service.organisations.models import Organisation
from remit.service.people.roles import Action
from remit.service.reminders.models import AFTER, BEFORE, ON_DAY, Timing

FIGURES, ANSWER, DECLARATION, REVIEW = "figures", "answer", "declaration", "review"
PAYMENT, RECOVERY, CLOSE = "payment", "recovery", "close"
ACTIONS = (
    Action.RECEIVE_EXTRACTS, Action.MAKE_OFFERS, Action.ANSWER_OFFERS, Action.DECLARE, Action.REVIEW_EVIDENCE,
    Action.KEEP_BOOKS,
)  # fmt: skip
"""What somebody can be reminded to do."""
LONG_AGO = timedelta(days=60)
"""So long after its day nobody is written to any more: who starts to use the service gets no letters of years ago."""


@dataclass(frozen=True)
class Due:
    """A thing that is due. `subject` tells it from others of its kind; `open` is how many practices have still to do
    it, `pence` what is paid or recovered. `action` is what whoever does it may do, None where nobody has to do
    anything; `link` is the page where it is done."""

    kind: str
    subject: str
    day: date
    what: str
    organisation: Organisation
    done: bool
    open: int | None = None
    pence: int | None = None
    action: Action | None = None
    link: str = ""

    def is_late(self, today: date) -> bool:
        """Whether its day has passed, and it is not done."""
        return not self.done and self.action is not None and today > self.day

    def stage(self, today: date, timing: Timing) -> str:
        """Which reminder it is time for: of those whose day has come the last one; nothing where there is none."""
        if self.done or self.action is None or today > self.day + LONG_AGO:
            return ""
        if today >= self.day + timedelta(days=max(timing.days_after, 1)):
            return AFTER
        if today >= self.day:
            return ON_DAY
        return BEFORE if today >= self.day - timedelta(days=timing.days_before) else ""

    def sentence(self, today: date) -> str:
        """`QIF 2024/25: figures of March 2025, due by 10 April 2025`, or since when it is late."""
        late = self.is_late(today)
        return f"{self.what}, {'late since' if late else 'due by'} {say.day(self.day)}"
