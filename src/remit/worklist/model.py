"""A worklist before it is laid out: patients, what each still needs, what that is worth, the dates that matter.

Amounts are whole pence; None is not known. Nothing here knows how records are stored or how the list is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from remit.core.dates import add_months
from remit.core.sums import Sum
from remit.worklist.actions import Action, ContactText, Risk

State = Literal["gap", "soon", "pca", "declined", "after death"]
"""How a patient stands with an indicator.

`gap`: in the denominator and not achieved. `soon`: counted now, by a record that expires before long. `pca`: out of
the denominator by a personalised care adjustment (PCA), and the care is still to be given. `declined`: the patient
chose not to. `after death`: a record of somebody who has died; only where sensitive items are asked for.
"""

Why = Literal["expires", "invitation", "year end"]


@dataclass(frozen=True)
class WorklistChoice:
    """What is asked of a list: whose, of which indicators (all where none is named), of which month of birth.

    `ahead` is for how many months ahead records that expire are looked for.
    """

    practice: str
    indicators: tuple[str, ...] = ()
    month: int = 0
    ahead: int = 3
    sensitive: bool = False
    top: int = 0


@dataclass(frozen=True, order=True)
class CareDue:
    """A day that matters, and why: a record expires, one more invitation counts, the year ends."""

    day: date
    why: Why


@dataclass(frozen=True)
class Care:
    """One indicator of one patient.

    `why` is the kind of a PCA and `since` its day. `last` is the latest record that the indicator looks at, `missing`
    the parts that are left of one that has parts, `before` what is done ahead of the contact, `invited` the days of
    invitations that may still count. `condition` is the condition that the indicator is about, '' for none; `risk` the
    name of a risk that the latest record shows, which `last` then says.
    """

    code: str
    title: str
    action: Action
    state: State
    why: str = ""
    since: date | None = None
    last: str = ""
    missing: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    invited: tuple[date, ...] = ()
    dues: tuple[CareDue, ...] = ()
    condition: str = ""
    risk: str = ""

    @property
    def next(self) -> CareDue | None:
        """The first day that matters."""
        return min(self.dues, default=None)


@dataclass(frozen=True)
class CareWorth:
    """What one more patient achieved is worth in one scheme, all other counts as they are.

    `why` says why it is not known, or why it is nothing. Where one more alone does not reach it, `more` patients reach
    the nearest threshold (`step`), which is worth `step_pence`.
    """

    scheme: str
    item: str
    pence: int | None
    why: str = ""
    more: int | None = None
    step: str = ""
    step_pence: int | None = None


@dataclass(frozen=True)
class Contact:
    """What one contact would close: its kind, the gaps, and what they are worth together.

    `pence` is priced with all of the gaps closed at once; those whose worth is not known are left out of it and
    `open` says so. `share` is what the gaps that earn nothing alone bring towards the steps of the items `towards`: of
    each step its pounds, divided by the patients that it takes.
    """

    kind: str
    gaps: tuple[Care, ...]
    pence: int | None
    open: bool
    share: Fraction
    towards: tuple[str, ...] = ()

    @property
    def next(self) -> CareDue | None:
        return min((due for care in self.gaps for due in care.dues), default=None)


@dataclass(frozen=True)
class Brought:
    """What closing a gap brings once everybody before on the list is done: pence (None: not known), and of which
    scheme and item they are."""

    pence: int | None
    by_item: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True)
class WorklistEntry:
    """One patient of the list. `contacts` begin with the one that closes most; `flags` are in words.

    `brings` is what each gap brings in the order of the list, by indicator: over all entries it adds up.
    """

    patient: str
    born: date
    age: int
    care: tuple[Care, ...]
    contacts: tuple[Contact, ...]
    last_seen: date | None
    unseen: bool
    flags: tuple[str, ...] = ()
    brings: Mapping[str, Brought] = field(default_factory=dict)

    def brought(self, contact: Contact | None = None) -> Sum:
        """What all of the patient's gaps bring in the order of the list, or those of one contact."""
        codes = self.brings if contact is None else [care.code for care in contact.gaps]
        return Sum.of(self.brings[code].pence for code in codes if code in self.brings)

    def of(self, state: State) -> tuple[Care, ...]:
        """The care in a state, in the order of the actions."""
        return tuple(care for care in self.care if care.state == state)

    @property
    def state(self) -> State:
        """Where the patient stands on the list: by what there is most to do about."""
        states: tuple[State, ...] = ("gap", "soon", "pca", "declined")
        return next((state for state in states if self.of(state)), "after death")

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions that the patient's care is about."""
        return tuple(dict.fromkeys(care.condition for care in self.care if care.condition))

    @property
    def risks(self) -> tuple[Care, ...]:
        """The care whose latest record shows a risk, one for each risk."""
        return tuple({care.risk: care for care in reversed(self.care) if care.risk}.values())

    @property
    def next(self) -> CareDue | None:
        """The first day that matters, over all care."""
        return min((due for care in self.care for due in care.dues), default=None)


@dataclass(frozen=True)
class SchemeOn:
    """A scheme that the list is made of."""

    scheme: str
    title: str
    year_end: date


@dataclass(frozen=True)
class Worklist:
    """The list of one practice, in the order in which it is to be worked through.

    `records_to` is the last day that the practice's records cover; `gone` how many patients were left out because the
    records know them to have died or left; `month` the month of birth that it was narrowed to, 0 for none.
    `demonstration` says that made-up codes were counted. Of those with gaps the first `top` are shown, all where it
    is 0; every number is of all. `other_rules` says that rules of another year than the scheme's counted; `asks`
    what the schemes ask of practices besides, `not_counted` which indicators no records were counted for.
    """

    practice: str
    name: str
    on: date
    records_to: date | None
    schemes: tuple[SchemeOn, ...]
    entries: tuple[WorklistEntry, ...]
    worths: Mapping[str, tuple[CareWorth, ...]]
    contacts: Mapping[str, ContactText]
    gone: int = 0
    ahead: int = 0
    month: int = 0
    sensitive: bool = False
    demonstration: bool = False
    top: int = 0
    notes: tuple[str, ...] = ()
    other_rules: str = ""
    risks: tuple[Risk, ...] = ()
    asks: tuple[str, ...] = ()
    not_counted: tuple[str, ...] = ()

    @property
    def shown(self) -> tuple[WorklistEntry, ...]:
        """The patients that are shown: of those with gaps the first `top`, or all; of the others all."""
        if not self.top:
            return self.entries
        gaps = [entry for entry in self.entries if entry.state == "gap"]
        return (*gaps[: self.top], *(entry for entry in self.entries if entry.state != "gap"))

    def brought(self, code: str) -> Sum:
        """What all listed gaps of an indicator bring together."""
        return Sum.of(entry.brings[code].pence for entry in self.entries if code in entry.brings)

    @property
    def hidden(self) -> int:
        """How many are not shown."""
        return len(self.entries) - len(self.shown)

    def of(self, state: State) -> tuple[WorklistEntry, ...]:
        """The patients who have care in that state, of those with gaps the ones shown. One may have several."""
        return tuple(entry for entry in (self.shown if state == "gap" else self.entries) if entry.of(state))

    def count(self, state: State, month: int = 0) -> int:
        """How many patients of the whole list have care in that state; with `month`, of those born in it."""
        return sum(bool(entry.of(state)) for entry in self.entries if month in (0, entry.born.month))

    def overdue(self, entry: WorklistEntry) -> bool:
        """Whether, on a list of one month of birth, the patient's month of this scheme year has gone by."""
        return bool(self.month) and entry.born.month != self.month

    @property
    def year_end(self) -> date:
        """The last day on which care counts in the schemes' year."""
        return max(one.year_end for one in self.schemes)

    @property
    def ended(self) -> bool:
        """Whether the year is over: the list is of its last day, and care given from now on is of the next year."""
        return self.on >= self.year_end

    @property
    def looks_to(self) -> date:
        """The last day for which records that expire are looked for."""
        return add_months(self.on, self.ahead)


def recall_place(month: int) -> int:
    """Where a month stands in the scheme year: April 0, March 11."""
    return (month - 4) % 12
