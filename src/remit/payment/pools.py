"""A network's money shared out to its members, to the penny, by the rule that they agreed on.

Every part is the pool by the member's weight over all weights, rounded down; the pence left over go one each to the
largest remainders, so that the parts add up to the pool. Where every member must say yes, one that has not stops the
distribution for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from remit.core import say
from remit.core.rounding import exact_text, pounds_text, scaled
from remit.core.sharing import split
from remit.scheme.agreements import Assent
from remit.scheme.kinds.base import WorkingLine

RULES = ("equal", "list", "weighted list", "register", "historic", "contribution", "agreed")

_SUPPLY = {
    "list": "list_size",
    "weighted list": "weighted_list_size",
    "register": "REGISTER",
    "historic": "HISTORIC_POUNDS",
    "contribution": "the counts of its own achievement",
    "agreed": "AGREED_POUNDS",
}


@dataclass(frozen=True)
class Member:
    """A member of a network, with what the rules ask of it.

    `part` is the share of the year (0 to 1) in which it was a member. `basis` is its list (patients), register
    (patients) or historic income (pounds), as the rule has it; `agreed` is AGREED_POUNDS, `assent` is AGREED (1 yes,
    0 no); `contribution` is what its own achievement earned, in pence, or with `in_patients` its own
    patients in the numerators, where the network is counted as one. None is not known.
    """

    code: str
    name: str = ""
    part: Fraction = Fraction(1)
    basis: Fraction | None = None
    agreed: Fraction | None = None
    assent: int | None = None
    contribution: int | None = None
    in_patients: bool = False


@dataclass(frozen=True)
class Distribution:
    """A pool shared out: pence and working by member code, in the order of the codes; or why it is blocked.

    The parts of a blocked distribution are None: nobody is paid until it is lifted.
    """

    rule: str
    status: Literal["distributed", "blocked"]
    parts: dict[str, int | None]
    lines: dict[str, tuple[WorkingLine, ...]]
    reason: str = ""


def distribute(pence: int | None, rule: str, members: Iterable[Member], assent: Assent) -> Distribution:
    """Share a pool out by one of `RULES`; a member's weight is its basis by its part of the year.

    Members with no part of the year get nothing and are asked nothing. A pool of nothing gives everybody nothing, and
    nobody is asked. Whatever stops the distribution is named at once, and with it who is to do what.
    """
    assert rule in RULES, rule
    members = sorted(members, key=lambda member: member.code)
    codes = [member.code for member in members]
    assert len(set(codes)) == len(codes), "a member is listed twice"
    taking = [member for member in members if member.part]

    why = _blocks(pence, rule, taking, members, assent)
    if why or pence is None:
        shown = {member.code: _own(member) for member in members}
        return Distribution(rule, "blocked", dict.fromkeys(codes), shown, f"Blocked: {'; '.join(why)}.")

    parts: dict[str, int | None] = dict.fromkeys(codes, 0)
    lines: dict[str, tuple[WorkingLine, ...]] = {
        member.code: (WorkingLine("Part of the year", "not a member in the year", "£0.00"),) for member in members
    }
    if rule == "agreed":
        for member in taking:
            amount = member.agreed or Fraction(0)
            parts[member.code] = scaled(amount.numerator, amount.denominator, 2)
            lines[member.code] = (WorkingLine("Amount agreed", "as entered", pounds_text(amount)),)
    elif not pence:
        lines.update(
            {member.code: (WorkingLine("Part of the pool", "the pool is £0.00", "£0.00"),) for member in taking}
        )
    else:
        weights = [weight(rule, member) for member in taking]
        for member, part in zip(taking, split(pence, weights), strict=True):
            parts[member.code] = part
            lines[member.code] = _working(pence, rule, member, sum(weights, Fraction(0)), part)
    return Distribution(rule, "distributed", parts, {m.code: (*lines[m.code], *_own(m)) for m in members})


def _basis(rule: str, member: Member) -> Fraction | None:
    """What the rule shares by, for a whole year; None where it was not supplied."""
    if rule == "equal":
        return Fraction(1)
    if rule == "contribution":
        over = 1 if member.in_patients else 100
        return None if member.contribution is None else Fraction(member.contribution, over)
    return member.agreed if rule == "agreed" else member.basis


def weight(rule: str, member: Member) -> Fraction:
    """What a member's part of the pool is in proportion to."""
    basis = _basis(rule, member) or Fraction(0)
    return basis if rule == "contribution" else basis * member.part  # what a member earned is of its own part already


def _blocks(
    pence: int | None, rule: str, taking: Sequence[Member], members: Sequence[Member], assent: str
) -> list[str]:
    """Whatever stops the distribution, each in a few words; nothing where the pool can be shared out."""
    why = []
    if pence is None:
        why.append("the network's amount is not known yet")
    if pence != 0:
        if not taking:
            why.append("the network has no member in the year")
        if assent == "every member":
            unsaid = [f"{m.code} has not said yes (add AGREED)" for m in taking if m.assent is None]
            refused = [f"{m.code} has said no (AGREED 0)" for m in taking if m.assent == 0]
            why += [", ".join(unsaid + refused)] if unsaid or refused else []
        lacking = [member.code for member in taking if _basis(rule, member) is None]
        if lacking:
            why.append(f"not known for {', '.join(lacking)}: add {_SUPPLY[rule]}")
        elif rule != "agreed" and taking and not any(weight(rule, member) for member in taking):
            why.append(f"there is nothing to share by: it is 0 for every member (add {_SUPPLY[rule]})")
    if rule == "agreed" and pence is not None:
        why += _disagreement(pence, taking, members)
    return why


def _disagreement(pence: int, taking: Sequence[Member], members: Sequence[Member]) -> Iterable[str]:
    """What is wrong with the amounts entered: they are whole pence of members, and add up to the pool."""
    for member in members:
        if member.agreed and not member.part:
            yield f"{member.code} was not a member in the year and has {pounds_text(member.agreed)} entered"
        if member.agreed is not None and (member.agreed * 100).denominator != 1:
            yield f"{member.code} has {pounds_text(member.agreed)} entered, which is not in whole pence"
    if pence and any(member.agreed is None for member in taking):
        return
    pool, entered = Fraction(pence, 100), sum((member.agreed or Fraction(0) for member in taking), Fraction(0))
    if entered != pool:
        gap = f"{pounds_text(abs(entered - pool))} {'more' if entered > pool else 'less'}"
        yield f"the amounts agreed add up to {pounds_text(entered)}, {gap} than the pool of {pounds_text(pool)}"


def _working(pence: int, rule: str, member: Member, total: Fraction, part: int) -> tuple[WorkingLine, ...]:
    own, lines = weight(rule, member), []
    if member.part != 1 and rule != "contribution":
        basis = _shown(rule, _basis(rule, member) or Fraction(0))
        lines.append(WorkingLine("Weight", f"{basis} × {member.part} of the year", _shown(rule, own)))
    exact = pence * own / total
    down = scaled(exact.numerator, exact.denominator, 0, "down")
    rounded = ", rounded down" if exact.denominator != 1 else ""
    shown = _shown(rule, own, member.in_patients)
    working = f"{pounds_text(Fraction(pence, 100))} × {shown} / {_shown(rule, total, member.in_patients)}{rounded}"
    lines.append(WorkingLine("Part of the pool", working, pounds_text(Fraction(down, 100))))
    if part > down:
        working = f"{pounds_text(Fraction(down, 100))} + a penny left over, as its remainder is among the largest"
        lines.append(WorkingLine("With the pence left over", working, pounds_text(Fraction(part, 100))))
    return tuple(lines)


def _shown(rule: str, basis: Fraction, in_patients: bool = False) -> str:
    """A rule's basis as it is written: income in pounds, patients and shares as numbers."""
    in_pounds = rule == "historic" or (rule == "contribution" and not in_patients)
    return pounds_text(basis) if in_pounds else say.grouped(exact_text(basis, most=6))


def _own(member: Member) -> tuple[WorkingLine, ...]:
    """The member's own contribution, shown beside the others' whatever the rule."""
    if member.contribution is None:
        return ()
    if member.in_patients:
        return (
            WorkingLine(
                "Own contribution", "its own patients in what the network achieved", f"{member.contribution:,}"
            ),
        )
    earned = pounds_text(Fraction(member.contribution, 100))
    return (WorkingLine("Own contribution", "what its own achievement earned", earned),)
