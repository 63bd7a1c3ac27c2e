"""What must hold of what is paid in advance: known before the year has ended, no item twice, days that fit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Protocol

from remit.core.problems import Hint, did_you_mean
from remit.core.words import listed
from remit.scheme.advances import covered, instalment_days, placed, set_sums
from remit.scheme.agreements import FULL_AWARD, PaidInAdvance
from remit.scheme.model import Scheme
from remit.scheme.source import Key


class Add(Protocol):
    """Notes a fault at a place in the file."""

    def __call__(self, code: str, path: Key, message: str, hint: Hint = "", **data: object) -> None: ...


def check_advances(scheme: Scheme, add: Add) -> None:
    """Add every fault of what is paid in advance."""
    for path, ahead in placed(scheme):
        _items(scheme, add, path, ahead)
        _dates(scheme, add, path, ahead)
        if ahead.of == FULL_AWARD:
            _known(scheme, add, path, ahead)
    _once(scheme, add)


def _known(scheme: Scheme, add: Add, path: Key, ahead: PaidInAdvance) -> None:
    """Refuse an advance of the full award beside what no one knows before the year has ended."""
    paid = [item for item in covered(scheme, ahead) if item.item not in scheme.within]
    by_points = [
        item.item
        for item in paid
        if item.kind.unit == "points" or (item.kind.unit == "pounds per weighted head" and scheme.heads is None)
    ]
    if by_points:
        some = by_points if len(by_points) <= 6 else [*by_points[:5], f"{len(by_points) - 5} others"]
        why = (
            "the award for full achievement is known in advance only where every item pays by head or a set sum, "
            f"and {listed(some)} {'does' if len(by_points) == 1 else 'do'} not."
        )
        hint = "Name with 'items' those that do, or pay a share of 'previous achievement or agreed points'."
        add("scheme.advance-unknown", (*path, "of"), why, hint, items=by_points)
        return
    unknown = [i for i in set_sums(scheme, ahead) if i.kind.most_earned() is None and not i.kind.missing()]
    if unknown:
        codes = [item.item for item in unknown]
        words = f"what full achievement of {listed(codes)} pays is not known before the year has ended"
        add(
            "scheme.advance-unknown",
            (*path, "of"),
            f"{words}: no practice could be paid in advance, and no balance could be calculated.",
            "Give it a cap, pay activity by the quarter (paid_on_activity), or pay a share of blocks.",
            items=codes,
        )


def _items(scheme: Scheme, add: Add, path: Key, ahead: PaidInAdvance) -> None:
    """The items that an advance names are items that are paid by themselves."""
    codes = [item.item for item in scheme.items]
    for n, code in enumerate(ahead.items):
        where = (*path, "items", n)
        if code not in codes:
            hint = partial(did_you_mean, code, codes)
            add("scheme.item-unknown", where, f"there is no item '{code}'.", hint, name=code)
        elif code in scheme.within:
            by = scheme.within[code]
            message = f"{code} is paid within {by} and not by itself: name {by}."
            add("scheme.reference-unfit", where, message, item=code, name=by)
    if ahead.items and ahead.of == "previous achievement or agreed points":
        message = f"'{ahead.of}' is of all items together: 'items' goes with the award for full achievement or blocks."
        add("scheme.keys-contradict", (*path, "items"), message)


def _once(scheme: Scheme, add: Add) -> None:
    """No item is in two advances, and one at most is of all that the others do not name."""
    first: dict[str, int] = {}
    every = list(placed(scheme))
    for n, (path, ahead) in enumerate(every):
        for m, code in enumerate(ahead.items):
            if code in first:
                message = f"{code} is paid in advance twice: advance {first[code] + 1} names it too."
                add("scheme.paid-twice", (*path, "items", m), message, item=code)
            first.setdefault(code, n)
    rest = [path for path, ahead in every if not ahead.items]
    for path in rest[1:]:
        message = "two advances name no items: each would be of all that the others do not name."
        add("scheme.paid-twice", path, message, "Name the items of each with 'items'.")


def _dates(scheme: Scheme, add: Add, path: Key, ahead: PaidInAdvance) -> None:
    """As many instalments as days, in their order; a first one that is such a day; none after all is settled."""
    count = None if ahead.instalments is None else ahead.instalments.value
    if ahead.instalments is not None and (count is None or not 1 <= count <= 12):
        return  # said elsewhere
    if isinstance(ahead.due, tuple):
        _listed(scheme, add, path, ahead, count)
    elif ahead.instalments is None and ahead.due != "last day of each quarter":
        hint = "Say in how many instalments it is paid."
        add("scheme.missing-key", path, "the key 'instalments' is missing.", hint, key="instalments")
        return
    elif ahead.first is None and ahead.due == "same day of each month":
        add("scheme.missing-key", path, f"the key 'first' is missing, which day '{ahead.due}' is.", key="first")
        return
    elif ahead.first is not None and (days := instalment_days(scheme, ahead)) and days[0] != ahead.first:
        message = f"the first instalment is on {ahead.first}, which is no {ahead.due}."
        add("scheme.keys-contradict", (*path, "first"), message, f"The next such day is {days[0]}.", day=ahead.first)
    elif ahead.first is None:
        within = [day for day in instalment_days(scheme, ahead) if day <= scheme.ends]
        if count is not None and count > len(within):
            what = "contract" if scheme.term else "year"
            message = f"{count} instalments are more than the {len(within)} such days to the {what}'s end."
            hint = "Say on which day the first one falls with 'first', or give fewer."
            add("scheme.keys-contradict", (*path, "instalments"), message, hint, found=count, most=len(within))


def _listed(scheme: Scheme, add: Add, path: Key, ahead: PaidInAdvance, count: object) -> None:
    days = instalment_days(scheme, ahead)
    if not days:
        add("scheme.value-unfit", (*path, "due"), "the list of dates is empty.")
    for n, day in enumerate(days[1:], 1):
        if day <= days[n - 1]:
            message = f"{day} does not come after {days[n - 1]}: the dates stand in their order, each once."
            add("scheme.keys-contradict", (*path, "due", n), message, day=day)
    if count is not None and count != len(days):
        message = f"{count} instalments on {len(days)} dates: leave 'instalments' out, or give as many dates."
        add("scheme.keys-contradict", (*path, "instalments"), message, found=count, printed=len(days))
    if ahead.first is not None:
        message = "'first' goes with a rule such as 'last day of each month'; the list of dates says it already."
        add("scheme.keys-contradict", (*path, "first"), message)
    for n, day in enumerate(days):
        if abs(day.year - scheme.ends.year) > 1:
            message = f"{day} is far from the year {scheme.year}."
            add("scheme.day-outside-year", (*path, "due", n), message, day=day)


def settled_before_paid(scheme: Scheme) -> Iterator[tuple[str, Key, str, dict[str, object]]]:
    """A balance or a first recovery on a day before the last instalment is paid."""
    terms = scheme.terms
    days = [day for _, ahead in placed(scheme) for day in instalment_days(scheme, ahead)]
    last = str(max(days, default=""))
    for part, key, what, text in (
        ("balance", "due", "balance", terms.balance.due),
        ("recovery", "first", "first recovery", terms.recovery.first or ""),
    ):
        if text[:1].isdigit() and text < last:
            message = f"the {what} is on {text}, before the last instalment, on {last}."
            yield "lint.settled-before-paid", ("terms", part, key), message, {"day": text}


def repaid_not_advanced(scheme: Scheme) -> Iterator[tuple[str, Key, str, dict[str, object]]]:
    """A claw-back of what is not paid in advance: there is nothing to pay back, and the item just pays less."""
    ahead = {item.item for one in scheme.terms.advances for item in covered(scheme, one)}
    for n, item in enumerate(scheme.items):
        if item.repaid and item.item not in ahead:
            message = (
                f"{item.item} is repaid, and nothing of it is paid in advance ('paid_in_advance'): it pays less at the "
                "year's end. Say 'reduced' where that is meant."
            )
            yield "lint.repaid-not-advanced", ("items", n, "repaid"), message, {"item": item.item}
