"""The year of a practice in a scheme as a few stages, and what is to do next in one sentence. Pure: it reads no row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from remit.contract import declaration, participation
from remit.core import say
from remit.payment.book import ACTIVITY, BALANCE, INSTALMENT, RECOVERY
from remit.payment.instalments import DuePayment

_Part, _Declared = participation.State, declaration.State
_NO_PART = (_Part.REFUSED, _Part.LAPSED, _Part.TAKEN_BACK)
_ENDED = (_Declared.SENT_BACK, _Declared.TAKEN_BACK, _Declared.WITHDRAWN)


class Mark(StrEnum):
    """Where a stage stands."""

    DONE = "done"
    NOW = "now"
    STOPPED = "stopped"
    TO_COME = "to come"


@dataclass(frozen=True)
class Stage:
    """A stage of the year: where it stands, its day where it has one, and a few words."""

    title: str
    mark: Mark
    day: date | None = None
    words: str = ""


@dataclass(frozen=True)
class Facts:
    """What is known of a practice's year in a scheme.

    `part` is None where no offer was made. `figures` is the day of the newest figures. `declared` is the state of the
    newest declaration, with the days of its steps and `waits_for`, whoever is to act on it; `said` is what was said as
    it was sent back or withdrawn. `paid` are the pence that went to the practice so far, less what came back;
    `settled` says that nothing is left to pay or to recover, `left` what is. `is_final` says whether the declared
    figures are final, `year_end_came` whether those of the year's end are there and not declared. `plan_waits`: a
    recovery plan waits for an answer.
    """

    part: participation.State | None = None
    offered: date | None = None
    answered: date | None = None
    respond_by: date | None = None
    ends: date | None = None
    figures: date | None = None
    declared: declaration.State | None = None
    declared_on: date | None = None
    needs_review: bool = True
    reviewed_on: date | None = None
    approved_on: date | None = None
    waits_for: str = ""
    said: str = ""
    difference: int | None = None
    paid: int = 0
    last_paid: date | None = None
    settled: bool = False
    plan_waits: bool = False
    declared_day: date | None = None
    is_final: bool = False
    year_end_came: bool = False
    left: tuple[DuePayment, ...] = ()

    @property
    def takes_part(self) -> bool:
        """Whether an offer was accepted, whatever came after: nothing is declared or paid before."""
        carried_on = self.part == _Part.CARRIED_ON and self.answered is not None
        return self.part in (_Part.ACCEPTED, _Part.LEFT) or carried_on


def stages(of: Facts) -> tuple[Stage, ...]:
    """Offered, accepted, figures, declared, reviewed (where there is evidence), approved, paid: the first that is not
    done is where the year stands now."""
    found = [*_offer(of), _figures(of), _declaration(of)]
    if of.needs_review:
        found.append(_reviewed(of))
    found += [_approved(of), _paid(of)]
    return tuple(_with_now(found, stopped=of.part in _NO_PART))


def _with_now(found: list[Stage], stopped: bool) -> list[Stage]:
    done = True
    marked = []
    for one in found:
        if done and one.mark == Mark.TO_COME and not stopped:
            one, done = Stage(one.title, Mark.NOW, one.day, one.words), False
        elif one.mark == Mark.STOPPED:
            done = False
        marked.append(one)
    return marked


def _offer(of: Facts) -> tuple[Stage, Stage]:
    if of.part is None:
        return Stage("Offered", Mark.TO_COME, words="no offer yet"), Stage("Accepted", Mark.TO_COME)
    offered = Stage("Offered", Mark.DONE, of.offered)
    if of.part in _NO_PART:
        return offered, Stage("Accepted", Mark.STOPPED, of.answered, of.part.value)
    if of.part == _Part.OFFERED:
        words = f"answer by {say.short_day(of.respond_by)}" if of.respond_by else ""
        return offered, Stage("Accepted", Mark.TO_COME, words=words)
    words = "" if of.part == _Part.ACCEPTED else of.part.value
    if of.part == _Part.LEFT and of.ends:
        words = f"left on {say.short_day(of.ends)}"
    return offered, Stage("Accepted", Mark.DONE, of.answered, words)


def _figures(of: Facts) -> Stage:
    return Stage("Figures", Mark.DONE, of.figures) if of.figures else Stage("Figures", Mark.TO_COME)


def _declaration(of: Facts) -> Stage:
    if of.declared is None:
        return Stage("Declared", Mark.TO_COME)
    if of.declared in _ENDED:
        return Stage("Declared", Mark.TO_COME, words=of.declared.value)
    return Stage("Declared", Mark.DONE, of.declared_on)


def _reviewed(of: Facts) -> Stage:
    done = of.declared not in (None, *_ENDED) and of.reviewed_on is not None
    return Stage("Reviewed", Mark.DONE, of.reviewed_on) if done else Stage("Reviewed", Mark.TO_COME)


def _approved(of: Facts) -> Stage:
    if of.declared == _Declared.APPROVED:
        return Stage("Approved", Mark.DONE, of.approved_on)
    waits = f"waits for {of.waits_for}" if of.declared not in (None, *_ENDED) and of.waits_for else ""
    return Stage("Approved", Mark.TO_COME, words=waits)


def _paid(of: Facts) -> Stage:
    words = f"{say.money(of.paid)}{'' if of.settled else ' so far'}" if of.paid else ""
    if of.settled:
        return Stage("Paid", Mark.DONE, of.last_paid, words)
    return Stage("Paid", Mark.TO_COME, words=words)


class To(StrEnum):
    """Where somebody goes to do what is next."""

    NOWHERE = ""
    ANSWER = "answer"
    DECLARE = "declare"
    DECLARATION = "declaration"
    POSITION = "position"
    PLAN = "plan"


@dataclass(frozen=True)
class Next:
    """What is to do next, in a sentence, where it is done, and whether it is the practice's to do."""

    sentence: str
    to: To = To.NOWHERE
    is_practice: bool = False


def next_step(of: Facts, title: str) -> Next:
    """What is to do next in a scheme of a title."""
    if of.plan_waits:
        return Next("Agree to the recovery plan, or refuse it with a reason.", To.PLAN, True)
    if not of.takes_part:
        return _without_part(of, title)
    if of.declared in _ENDED:
        return _again(of)
    if of.declared is not None:
        return _after_declaring(of)
    if of.figures is None:
        return Next("Nothing is to do: the first figures have not come in yet.")
    sentence = f"Look at the figures of {say.day(of.figures)}, and declare them when they are right."
    return Next(sentence, To.DECLARE, True)


def _without_part(of: Facts, title: str) -> Next:
    """While no offer is accepted: only an open one is to be answered."""
    if of.part == _Part.OFFERED:
        by = f" by {say.day(of.respond_by)}" if of.respond_by else ""
        return Next(f"Read the offer and answer it{by}: nothing is paid before it is accepted.", To.ANSWER, True)
    sentence = _WITHOUT_PART[of.part].format(title=title) if of.part else f"{title} was not offered here{_SO_NOTHING}"
    return Next(f"{sentence} Its figures came in all the same." if of.figures else sentence)


_SO_NOTHING = ", so nothing is declared or paid here."
_WITHOUT_PART = {
    _Part.REFUSED: f"Nothing is to do: the practice refused the offer of {{title}}{_SO_NOTHING}",
    _Part.TAKEN_BACK: f"Nothing is to do: the offer of {{title}} was taken back{_SO_NOTHING}",
    _Part.LAPSED: (
        f"The offer of {{title}} was not answered in time{_SO_NOTHING} The commissioner can allow a late answer."
    ),
    _Part.CARRIED_ON: f"Nothing is to do: the practice merged before it accepted {{title}}{_SO_NOTHING}",
}


def _again(of: Facts) -> Next:
    said = of.said.strip().rstrip(".")
    if of.declared == _Declared.WITHDRAWN:
        by = f" by {say.gain(of.difference)}" if of.difference else ""
        return Next(
            f"The figures changed{by} after they were declared: look at the difference, and declare the new ones.",
            To.DECLARE, True,
        )  # fmt: skip
    if of.declared == _Declared.SENT_BACK:
        why = f": {said}" if said else ""
        return Next(f"Put right what was asked, and declare again{why}.", To.DECLARE, True)
    return Next("The declaration was taken back: declare again when the figures are right.", To.DECLARE, True)


def _after_declaring(of: Facts) -> Next:
    if of.declared == _Declared.APPROVED:
        return _after_approval(of)
    return Next(f"Nothing is to do for the practice: the declaration waits for {of.waits_for}.", To.DECLARATION)


def _after_approval(of: Facts) -> Next:
    """What comes of approved figures: final ones are settled, provisional ones release what was delivered alone."""
    if of.settled:
        return Next("Nothing is to do: the year is settled.", To.DECLARATION)
    if of.year_end_came and of.figures:
        sentence = f"Look at the figures of {say.day(of.figures)}, the end of the year, and declare them when"
        return Next(f"{sentence} they are right.", To.DECLARE, True)
    parts = [_still(of, kind, words) for kind, words in _STILL.items()]
    if of.is_final:
        parts.insert(0, "Nothing is to do: the figures of the year are approved.")
    else:
        day = f" of {say.day(of.declared_day)}" if of.declared_day else ""
        parts.insert(0, f"Nothing is to do: the figures{day} are approved, and are provisional.")
        instalments = "Instalments go on; a" if any(due.kind == INSTALMENT for due in of.left) else "A"
        parts.append(f"{instalments} balance, or a recovery, comes with the figures of the year’s end.")
    return Next(" ".join(filter(None, parts)), To.DECLARATION)


_STILL = {
    ACTIVITY: "{pounds} for activity is still to be paid", BALANCE: "A balance of {pounds} is still to be paid",
    RECOVERY: "{pounds} is still to be paid back",
}  # fmt: skip


def _still(of: Facts, kind: str, words: str) -> str:
    """What of a kind is left, with its days: `A balance of £300.05 is still to be paid, due on 30 June 2025.`"""
    dues = [due for due in of.left if due.kind == kind]
    if not dues:
        return ""
    days = [due.day for due in dues if due.day is not None]
    when = "its day is not known yet"
    if len(days) == len(dues):
        first, last = min(days), max(days)
        when = f"due on {say.day(first)}" if first == last else f"due from {say.day(first)} to {say.day(last)}"
    return f"{words.format(pounds=say.money(sum(due.pence for due in dues)))}, {when}."


__all__ = ["Facts", "Mark", "Next", "Stage", "To", "next_step", "stages"]
