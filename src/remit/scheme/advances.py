"""What a scheme pays in advance: which items each advance is of, and on which days its instalments fall.

An advance that names no items is of all those that no other one names. What is paid as it is delivered is in none,
unless the file sets it off against what was paid in advance, or an advance names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction

from remit.core.dates import add_months, month_end
from remit.core.words import listed
from remit.scheme.agreements import PaidInAdvance
from remit.scheme.kinds import Activity
from remit.scheme.model import Item, Scheme

Path = tuple[str | int, ...]
_MONTHS_OF_A_YEAR = 12


def placed(scheme: Scheme) -> Iterator[tuple[Path, PaidInAdvance]]:
    """Each advance, with where the file has it."""
    path: Path = ("terms", "paid_in_advance")
    several = isinstance(scheme.terms.paid_in_advance, tuple)
    for n, ahead in enumerate(scheme.terms.advances):
        yield (*path, n) if several else path, ahead


def covered(scheme: Scheme, ahead: PaidInAdvance) -> tuple[Item, ...]:
    """The items that an advance is of: those that it names, else all others that are not paid as they are delivered."""
    if ahead.items:
        return tuple(item for item in scheme.to_practices() if item.item in ahead.items)
    elsewhere = {code for other in scheme.terms.advances for code in other.items}
    delivered = scheme.terms.paid_on_activity
    apart = delivered is not None and delivered.set_off != "what was paid in advance"
    return tuple(
        item
        for item in scheme.to_practices()
        if item.item not in elsewhere and not (apart and isinstance(item.kind, Activity))
    )


def never_due(scheme: Scheme) -> tuple[Path, ...]:
    """The terms that no payment waits for: of recovery where nothing is paid in advance, of the balance where all that
    is earned is paid as it is delivered.

    The last quarter's payment comes to all that the year's activity does, so that nothing is left to pay.
    """
    kinds = [item.kind for item in scheme.items if item.item not in scheme.within]
    activity = [kind for kind in kinds if isinstance(kind, Activity)]
    paid_whole = scheme.terms.paid_on_activity and not (scheme.networks or scheme.scaled_to) and activity
    nothing_left = paid_whole and all(isinstance(kind, Activity) or kind.most_earned() == 0 for kind in kinds)
    without = [] if scheme.terms.paid_in_advance else [("terms", "recovery")]
    return (*without, ("terms", "balance")) if nothing_left else tuple(without)


def set_sums(scheme: Scheme, ahead: PaidInAdvance) -> tuple[Item, ...]:
    """The items with a set sum whose full achievement an advance is of."""
    within = scheme.within
    return tuple(item for item in covered(scheme, ahead) if item.kind.unit == "pounds" and item.item not in within)


def per_head(scheme: Scheme, ahead: PaidInAdvance) -> Fraction | None:
    """Pounds per weighted head for full achievement of what an advance is of; None where none of it pays by head."""
    if scheme.heads is None:
        return None
    kinds = [item.kind for item in covered(scheme, ahead) if item.kind.unit == "pounds per weighted head"]
    if not kinds and ahead.items:
        return None
    return sum((kind.most_earned() or Fraction(0) for kind in kinds), Fraction(0))


def instalment_days(scheme: Scheme, ahead: PaidInAdvance) -> list[date]:
    """The days of an advance's instalments, as many as there are, by the rule or the list that the file has."""
    if isinstance(ahead.due, tuple):
        return list(ahead.due)
    first = ahead.first or scheme.begins
    if ahead.due == "last day of each quarter":
        ends = [one.end for one in scheme.quarters() if one.end >= first]
        start = ends[0] if ends else last_day_of(first)
        return [last_day_of(add_months(start.replace(day=1), 3 * n)) for n in range(_many(ahead, len(ends)))]
    many = _many(ahead, _MONTHS_OF_A_YEAR)
    if ahead.due == "same day of each month":
        return [add_months(first, n) for n in range(many)]
    if ahead.due == "last day of each month":
        return [last_day_of(add_months(first.replace(day=1), n)) for n in range(many)]
    start = first if first.day == 1 else add_months(first.replace(day=1), 1)
    return [add_months(start, n) for n in range(many)]


def paid_days(scheme: Scheme, ahead: PaidInAdvance) -> list[date]:
    """The same days as they are paid: those before a contract was agreed fall on the first of any after that."""
    days = instalment_days(scheme, ahead)
    agreed = scheme.term.agreed if scheme.term else None
    if agreed is None:
        return days
    every = [day for one in scheme.terms.advances for day in instalment_days(scheme, one)]
    later = min((day for day in every if day >= agreed), default=agreed)
    return [max(day, later) if day < agreed else day for day in days]


def last_day_of(day: date) -> date:
    """The last day of a day's month."""
    return month_end(day.year, day.month)


def due_words(ahead: PaidInAdvance, day: Callable[[date], str]) -> str:
    """The days of its instalments in words: `the last day of each month`, or the dates of the list."""
    return f"the {ahead.due}" if isinstance(ahead.due, str) else listed([day(one) for one in ahead.due])


def rhythm(ahead: PaidInAdvance) -> str:
    """How its instalments follow one another: `monthly `, `quarterly `, or '' for a list of dates."""
    if isinstance(ahead.due, tuple) or (ahead.instalments is not None and ahead.instalments.value == 1):
        return ""
    return "quarterly " if ahead.due == "last day of each quarter" else "monthly "


def in_equal_parts(scheme: Scheme) -> bool:
    """Whether all that is paid in advance is paid in equal parts, each on its own day."""
    days = [day for ahead in scheme.terms.advances for day in paid_days(scheme, ahead)]
    return len(scheme.terms.advances) == 1 and len(days) == len(set(days))


def set_off_words(scheme: Scheme) -> str:
    """What is set against what is paid for activity, to stand behind when it is paid; '' where nothing is advanced."""
    delivered = scheme.terms.paid_on_activity
    if delivered is None or not scheme.terms.advances:
        return ""
    if delivered.set_off == "what was paid in advance":
        return ", as far as it is more than what was paid in advance by then"
    return ", in full, without setting off what was paid in advance"


def quarter_ends(scheme: Scheme) -> list[tuple[int, date]]:
    """The numbers of the quarters that the contract reaches into, each with its last day in it."""
    return [(one.number, min(one.end, scheme.ends)) for one in scheme.quarters()]


def _many(ahead: PaidInAdvance, otherwise: int) -> int:
    return otherwise if ahead.instalments is None else int(ahead.instalments.known())
