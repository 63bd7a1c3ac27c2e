"""What several items pay together at most and at least: "no practice is paid more than £20,000 under items 1 to 4".

It comes last: each award was rounded to the penny, with its own clauses. Those of the group are then cut, or raised, in
proportion to what they came to, so that they add up to the limit exactly: each is rounded down, and the pence left over
go one each to the largest remainders. What is paid within another item is in that item.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from remit.core import say
from remit.core.sharing import split
from remit.pricing.award import Award
from remit.scheme.kinds import WorkingLine
from remit.scheme.limits import Limit
from remit.scheme.model import Scheme


def limited(scheme: Scheme, awards: Mapping[str, Award], vetoed: Mapping[str, int | None]) -> None:
    """Write into the awards of one practice or network, by item, what the limits leave of them, one after the other.
    What was `vetoed` comes to so many pence, and takes nothing of what the others are paid."""
    for code in vetoed.keys() & awards.keys():
        awards[code].pence = awards[code].pence_at_one = vetoed[code]
    for limit in scheme.limits:
        codes = [code for code in scheme.limited(limit) if code in awards]
        _limit(limit, [awards[code] for code in codes])


def _limit(limit: Limit, awards: list[Award]) -> None:
    if limit.missing:
        for award in awards:
            award.pence = award.pence_at_one = None
            award.reason = f"{award.reason} The {limit.missing} must be supplied: no source gives that.".strip()
        return
    open_ = [award.item.item for award in awards if award.pence is None]
    came_to = sum(award.pence or 0 for award in awards)
    to = limit.pence_for(came_to) if not open_ else min(came_to, limit.pence_for(came_to))
    if open_:
        for award in awards:
            award.waits = award.waits or f"{limit.words}, and {say.listed(open_)} has no pounds yet"
    if to != came_to:
        known = [award for award in awards if award.pence]
        parts = split(to, [Fraction(award.pence or 0) for award in known])
        for award, part in zip(known, parts, strict=True):
            _cut(award, limit, came_to, to, part)
    at_one = sum(award.pence_at_one or 0 for award in awards)
    to_at_one = limit.pence_for(at_one)
    if not open_ and to_at_one != at_one:
        known = [award for award in awards if award.pence_at_one]
        for award, part in zip(known, split(to_at_one, [Fraction(a.pence_at_one or 0) for a in known]), strict=True):
            award.pence_at_one = part


def _cut(award: Award, limit: Limit, came_to: int, to: int, part: int) -> None:
    """One award, with the line that says so."""
    own = award.pence or 0
    exact = Fraction(own * to, came_to)
    left_over = " + a penny left over" if part > exact else ", rounded down" if exact.denominator != 1 else ""
    working = f"{say.money(own)} × {say.money(to)} / {say.money(came_to)}{left_over} ({limit.words})"
    award.before = own if award.before is None else award.before
    award.trail = (*award.trail, WorkingLine("Limit of several items", working, say.money(part)))
    award.pence, award.pounds = part, Fraction(part, 100)
