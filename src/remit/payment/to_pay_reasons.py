"""Why a line of a payment run is what it is, in a sentence that the practice reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import accumulate

from remit.core import say
from remit.core.dates import MONTHS
from remit.payment.book import ACTIVITY, ADJUSTMENT, ADJUSTMENT_PAID, BALANCE, INSTALMENT
from remit.payment.instalments import DuePayment
from remit.payment.year_to_pay import YearToPay, day_of

_NAMES = {ACTIVITY: "activity", BALANCE: "balance of the year", ADJUSTMENT_PAID: "adjustments"}


def payment_reason(
    year: YearToPay, kind: str, due: int, against: int, back: int, until: date, merged: Mapping[str, int]
) -> str:
    """Why a practice is paid: what is due, less what is `against` it, and what it paid `back` beyond what it owes.

    What was set against earlier instalments counts as paid: it is said when it happens, and not each month after.
    """
    parts = []
    if due and kind == INSTALMENT and (words := _set_against_before(year, against, until)):
        parts.append(words)
        if merged:
            parts.append(
                f"{say.money(sum(merged.values()))} that was paid to {_names_of(merged)} after it merged counts as paid"
            )
        against = 0
    elif due:
        parts.append(_instalments(year, until) if kind == INSTALMENT else _other(year, kind, due))
    adjusted = min(against, _adjusted(year))
    if adjusted:
        parts.append(f"less {say.money(adjusted)} by adjustments")
    if against > adjusted:
        parts.append(f"less {say.money(against - adjusted)} that was paid beyond what was due{_to_merged(merged)}")
    if back:
        parts.append(f"{say.money(back)} that was paid back and is no longer owed")
    return "; ".join(parts)


def carried_reason(year: YearToPay, over: int, until: date, merged: Mapping[str, int]) -> str:
    """Why a practice is paid nothing, and what happens to what it owes."""
    adjusted = _adjusted(year)
    why = f", with {say.money(adjusted)} of adjustments against it" if adjusted else ""
    why += f"{_to_merged(merged)}{_list_moved(year)}"
    then = "it is carried over and set against what comes next, or recovered by a plan"
    return f"{say.money(over)} more was paid than is due to {say.day(until)}{why}: {then}"


def recovery_reason(plan: Sequence[DuePayment], pence: int, received: int) -> str:
    """Which of the recoveries a receipt is."""
    numbers = _covered([due.pence for due in plan], received, received + pence)
    of = f"of {len(plan)}"
    if numbers is None:
        return f"recovery: what is due to date less {say.money(received)} that was paid back"
    first, last = numbers
    return f"recovery {last} {of}" if first == last else f"recoveries {_from_to(first, last)} {of}"


def _instalments(year: YearToPay, until: date) -> str:
    """`instalment 3 of 12`, with what it catches up or corrects."""
    dues, paid = year.instalments, year.of(INSTALMENT)
    to_date = [due for due in dues if day_of(due) <= until]
    total = sum(due.pence for due in to_date)
    numbers = _covered([due.pence for due in dues], paid.pence, total)
    of, late = f"of {len(dues)}", year.late()
    if numbers is None:
        newest = to_date[-1] if to_date else None
        this_month = newest is not None and (paid.last is None or day_of(newest) > paid.last)
        words = [f"instalment {len(to_date)} {of}"] if this_month else []
        if not this_month or newest is None or total - newest.pence != paid.pence:
            moved = total - (newest.pence if this_month and newest else 0) - paid.pence
            sign = "plus" if moved > 0 else "less"
            before = f"{sign} {say.money(abs(moved))}: " if words and moved else ""
            words.append(f"{before}correction{_month_of(paid.last)}{_list_moved(year, ': ')}")
        return ", ".join(words)
    first, last = numbers
    if first == last:
        return f"instalment {last} {of}"
    behind = _many(last - first)
    shown = f"instalments {_from_to(first, last)} {of}"
    if first == 1 and late:
        return f"{shown}: joined on {say.short_day(late)}, catches up {behind}"
    return f"{shown}: catches up {behind}"


def _set_against_before(year: YearToPay, against: int, until: date) -> str:
    """`instalment 6 of 12`, where what is set against it was set against earlier ones; else nothing."""
    dues, paid = year.instalments, year.of(INSTALMENT).pence
    total = sum(due.pence for due in dues if day_of(due) <= until)
    parts = [due.pence for due in dues]
    numbers = _covered(parts, paid + against, total) if against and not _covered(parts, paid, total) else None
    if numbers is None:
        return ""
    first, last = numbers
    if first == last:
        return f"instalment {last} of {len(dues)}"
    return f"instalments {_from_to(first, last)} of {len(dues)}: catches up {_many(last - first)}"


def _adjusted(year: YearToPay) -> int:
    """The pence of adjustments against a practice, less those in its favour that were not paid."""
    return max(0, year.of(ADJUSTMENT_PAID).pence - year.of(ADJUSTMENT).pence)


def _many(number: int) -> str:
    return f"{number} instalment{'' if number == 1 else 's'}"


def _from_to(first: int, last: int) -> str:
    return f"{first} {'and' if last == first + 1 else 'to'} {last}"


def _other(year: YearToPay, kind: str, due: int) -> str:
    before = year.of(kind).pence
    name = _NAMES[kind]
    return f"{name}, {say.money(due)} more than the {say.money(before)} paid before" if before else name


def _covered(parts: Sequence[int], before: int, after: int) -> tuple[int, int] | None:
    """The first and last of the parts that lie between two sums of them; None where no parts end there."""
    sums = [0, *accumulate(parts)]
    if before not in sums or after not in sums or before >= after:
        return None
    return sums.index(before) + 1, sums.index(after)


def _month_of(day: date | None) -> str:
    return f" of {MONTHS[day.month - 1]}" if day else ""


def _list_moved(year: YearToPay, before: str = "; ") -> str:
    if year.list_size is None or year.list_before is None or year.list_size == year.list_before:
        return ""
    return f"{before}the list is {year.list_size:,}, it was {year.list_before:,}"


def _to_merged(merged: Mapping[str, int]) -> str:
    return f", with what was paid to {_names_of(merged)} after it merged" if merged else ""


def _names_of(merged: Mapping[str, int]) -> str:
    return say.listed(sorted(merged))
