"""The cash calendar: what comes in or goes out, when and why, for practices across all their schemes.

Amounts are whole pence from the practice's side: above zero comes in, below zero goes out. What has no day yet
comes last. A payment whose amount is not known stands there without one, and is in no sum as nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Literal

from remit.core import say
from remit.core.problems import did_you_mean, refuse
from remit.core.sums import Sum
from remit.runs.amounts import on_activity
from remit.runs.engine import Run
from remit.runs.results import MERGED, PracticeResult


@dataclass(frozen=True)
class CashEvent:
    """One payment: its day and its amount (each None while it is not known), what it is and why it is due."""

    day: date | None
    practice: str
    scheme: str
    kind: Literal["instalment", "activity", "balance", "recovery", "balance or recovery"]
    pence: int | None
    why: str

    @property
    def month(self) -> str:
        """`2024-04`, or '' without a day."""
        return self.day.isoformat()[:7] if self.day else ""


@dataclass(frozen=True)
class Calendar:
    """The events of a practice (or of all practices of the runs), in the order of their days."""

    title: str
    events: tuple[CashEvent, ...]
    notes: tuple[str, ...]
    schemes: Mapping[str, str]
    """What each scheme is called."""

    @property
    def receipts(self) -> Sum:
        """The pence that come in."""
        return Sum.of(event.pence for event in self.events if event.pence is None or event.pence > 0)

    @property
    def recoveries(self) -> Sum:
        """The pence that go out, below zero. An instalment that is not known is none of them."""
        either = ("recovery", "balance or recovery")
        return Sum.of(e.pence for e in self.events if (e.kind in either if e.pence is None else e.pence < 0))

    @property
    def unknown(self) -> list[CashEvent]:
        """The payments whose amount is not known."""
        return [event for event in self.events if event.pence is None]

    def without_a_day(self) -> list[tuple[str, str, int]]:
        """(scheme, kind, pence) of what is known and has no day yet, in their order."""
        sums: dict[tuple[str, str], int] = {}
        for event in self.events:
            if event.day is None and event.pence is not None:
                sums[event.scheme, event.kind] = sums.get((event.scheme, event.kind), 0) + event.pence
        return [(*key, sums[key]) for key in sorted(sums)]

    def months(self) -> list[tuple[str, int, int]]:
        """(month, pence in it, pence from the start up to its end) from the first month to the last.

        Payments without a day or an amount are not in it.
        """
        days = [event.day for event in self.events if event.day and event.pence is not None]
        sums: dict[str, int] = {}
        for n in range(_month(days[-1]) - _month(days[0]) + 1 if days else 0):
            year, month = divmod(_month(days[0]) + n, 12)
            sums[f"{year}-{month + 1:02d}"] = 0
        for event in self.events:
            if event.day and event.pence is not None:
                sums[event.month] += event.pence
        return [
            (month, pence, total) for (month, pence), total in zip(sums.items(), accumulate(sums.values()), strict=True)
        ]

    @property
    def net(self) -> Sum:
        """Receipts less recoveries."""
        return Sum.of(event.pence for event in self.events)

    @property
    def total(self) -> int | None:
        """The net pence as they may be shown."""
        return self.net.value


def calendar(runs: Sequence[Run], practice: str | None = None) -> Calendar:
    """The calendar of one practice over several runs, or of all their practices.

    Raises Refused for a practice that no run has, and for two runs of one scheme that would pay a practice twice.
    """
    known = {code for run in runs for code in run.codes}
    if practice is not None and practice not in known:
        raise refuse(
            "runs.practice-unknown",
            f"there is no practice '{practice}' in these runs.",
            None,
            did_you_mean(practice, known),
            practice=practice,
        )
    events: list[CashEvent] = []
    notes: list[str] = []
    titles: dict[str, str] = {}
    paid: set[tuple[str, str, str]] = set()
    name = ""
    for run in runs:
        codes = [practice] if practice is not None and practice in run.codes else [] if practice else run.codes
        for code in codes:
            result = run.practice(code)
            key = (code, result.scheme.family or result.scheme.scheme, str(result.scheme.year))
            if key in paid:
                what = f"{result.scheme.scheme} for practice {code} is in two of these runs"
                raise refuse(
                    "runs.paid-twice",
                    f"{what}: it would be paid twice.",
                    None,
                    "Name one of them.",
                    practice=code,
                    scheme=result.scheme.scheme,
                )
            paid.add(key)
            name = result.practice.name
            titles[result.scheme.scheme] = result.scheme.title
            events.extend(_events(result))
            events.extend(_unknown(result, run.standings.plan(code).resolved.balance_due.value))
            if practice is not None and result.advance.working:
                notes.append(f"{result.scheme.title}: paid in advance is {say.grouped(result.advance.working)}.")
            if practice is not None and (result.reason or result.status != "final"):
                notes.append(f"{result.scheme.title}: {result.status}. {say.days_in(result.reason)}".strip())
    title = f"{name} ({practice})" if practice else f"{len(known)} practice{'' if len(known) == 1 else 's'}"
    events.sort(key=lambda e: (e.day is None, e.day or date.max, e.practice, e.scheme, e.kind))
    return Calendar(title, tuple(events), tuple(notes), titles)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _events(result: PracticeResult) -> Iterator[CashEvent]:
    parts: dict[str, int] = {}
    total_of = {kind: sum(due.kind == kind for due in result.schedule) for kind in ("instalment", "recovery")}
    for due in result.schedule:
        parts[due.kind] = parts.get(due.kind, 0) + 1
        place = f"{parts[due.kind]} of {total_of[due.kind]}" if due.kind in total_of else ""
        if due.kind == "instalment":
            why = f"Instalment {place} of what is paid in advance"
        elif due.kind == "activity":
            why = "Activity delivered in the quarter"
        elif due.kind == "balance":
            why = "Balance: the year's award less what was paid in advance"
        else:
            why = f"Recovery {place} of what was paid above the year's award"
        sign = -1 if due.kind == "recovery" else 1
        yield CashEvent(due.day, result.practice.code, result.scheme.scheme, due.kind, sign * due.pence, why)


def _unknown(result: PracticeResult, balance_due: date | None) -> Iterator[CashEvent]:
    """The payments of a practice whose amounts are not known, each with the reason.

    What is paid through a network is its network's, and one that merged is settled with its successor.
    """
    if result.through_network:
        return
    code, scheme, settled = result.practice.code, result.scheme.scheme, result.settlement
    if settled.advance is None:
        yield CashEvent(None, code, scheme, "instalment", None, f"Not known yet. {settled.reason}".strip())
    if result.scheme.terms.paid_on_activity and on_activity(result) is None:
        yield CashEvent(None, code, scheme, "activity", None, "Not known yet: what the activity pays is not known.")
    if settled.balance is None and result.status != MERGED:
        why = f"Not known yet: {result.status}. {result.reason}".strip()
        yield CashEvent(balance_due, code, scheme, "balance or recovery", None, why)
