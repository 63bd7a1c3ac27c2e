"""Vetoes: where silence agrees, what the members of a network said no to, and by when.

A VETO is of an item or of all (`*`), and its period is the day on which it was said. Of several rows of one member the
last one by the contract's day holds: 1 vetoes, 0 takes it back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from remit.core import say
from remit.core.figures import Figures
from remit.organisation import Practice
from remit.pricing.award import Award, Priced
from remit.scheme.kinds import Calculation, WorkingLine
from remit.scheme.model import Scheme
from remit.scoring.subjects import WHOLE_PRACTICE


@dataclass(frozen=True)
class Veto:
    """A member's no, of one item or of all that its network is paid (`*`), on a day; None where no day is given."""

    practice: Practice
    subject: str
    day: date | None

    @property
    def words(self) -> str:
        """`S5 on 14 February 2026`."""
        return f"{self.practice.code} on {say.day(self.day)}" if self.day else self.practice.code


@dataclass(frozen=True)
class Vetoes:
    """The vetoes of a network's members by item: those that count, those whose day is missing, and those too late."""

    counting: Mapping[str, tuple[Veto, ...]] = field(default_factory=dict)
    undated: Mapping[str, tuple[Veto, ...]] = field(default_factory=dict)
    late: Mapping[str, tuple[Veto, ...]] = field(default_factory=dict)

    @property
    def pence(self) -> dict[str, int | None]:
        """What the items come to that were vetoed: nothing, or not known while the day of a veto is missing."""
        return {**dict.fromkeys(self.undated), **dict.fromkeys(self.counting, 0)}

    def of(self, practice: str) -> tuple[Veto, ...]:
        """The vetoes of one member that count, each once."""
        every = (veto for vetoes in self.counting.values() for veto in vetoes if veto.practice.code == practice)
        return tuple(dict.fromkeys(every))


NONE = Vetoes()


def vetoes_of(
    scheme: Scheme, members: Sequence[tuple[Practice, Mapping[str, Figures]]], items: Collection[str]
) -> Vetoes:
    """What members vetoed of the items that their network is paid for; nothing where a scheme does not ask."""
    if scheme.networks is None or scheme.networks.assent != "unless vetoed":
        return NONE
    by = scheme.networks.veto_by
    sorts: tuple[dict[str, tuple[Veto, ...]], ...] = ({}, {}, {})
    for practice, subjects in members:
        for item in items:
            for n, veto in _of_member(practice, subjects, item, by):
                sorts[n][item] = (*sorts[n].get(item, ()), veto)
    return Vetoes(*sorts)


def _of_member(
    practice: Practice, subjects: Mapping[str, Figures], item: str, by: date | None
) -> Iterator[tuple[int, Veto]]:
    """A member's vetoes of one item, each with whether it counts (0), lacks its day (1) or is too late (2)."""
    for subject in (WHOLE_PRACTICE, item):
        rows = {key.period: value for key, value in subjects.get(subject, {}).items() if key.measure == "VETO"}
        days = {day: value for day, value in rows.items() if isinstance(day, date)}
        for day, value in days.items():
            if value and by and day > by:
                yield 2, Veto(practice, subject, day)
        within = max((day for day in days if by is None or day <= by), default=None)
        if within is not None:
            if days[within]:
                yield 0, Veto(practice, subject, within)
        elif any(value for day, value in rows.items() if day not in days):
            yield (1 if by else 0), Veto(practice, subject, None)


def vetoed(priced: Priced, found: Vetoes, network: str, by: date | None) -> Priced:
    """The awards of a network or of a member with what was vetoed: final at nothing, whatever was counted."""
    if not (found.counting or found.undated):
        return priced
    return replace(priced, awards=tuple(_vetoed(award, found, network, by) for award in priced.awards))


def _vetoed(award: Award, found: Vetoes, network: str, by: date | None) -> Award:
    code = award.item.item
    if code in found.counting:
        whose = said_by(found.counting[code])
        why = f"Vetoed by {whose}: nothing is paid to any practice of {network}."
        line = WorkingLine("Vetoed", f"by {whose}: nothing is paid to any practice of {network}", "£0.00")
        calculation = Calculation(Fraction(0), (line,), reached=f"vetoed by {whose}")
        return replace(
            award, earned=None, pence=0, pence_at_one=0, reason=why, waits="", doubt="", unmet=(), factors=(),
            calculation=calculation, trail=(), before=None, pounds=None,
        )  # fmt: skip
    if code in found.undated:
        whose = said_by(found.undated[code])
        until = f", which counts until {say.day(by)}" if by else ""
        why = f"The day of the veto of {whose} is missing{until}: give it as the period of VETO."
        return replace(award, earned=None, pence=None, pence_at_one=None, reason=why, calculation=None)
    return award


def said_by(vetoes: Sequence[Veto]) -> str:
    """Who vetoed and when: `S4 on 3 February 2026 and S5 on 14 February 2026`."""
    return say.listed(list(dict.fromkeys(veto.words for veto in vetoes)))
