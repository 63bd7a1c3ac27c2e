"""The award of a year in the ledger, and what restates it: each correction is a transfer of its own, which points at
what it corrects, by the difference alone.

As a run is released, each practice's year whose final figures are approved gets its award (a cost, owed to the
practice) and what it had on account set against it. Where other figures were approved since, or more was paid, the
difference is entered. What was paid for activity to a practice that merged was a cost of its own; it becomes an
advance on its successor's award, which has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from remit.core import say
from remit.payment import book
from remit.payment.book import (
    ACTIVITY,
    ACTIVITY_MERGED,
    ADVANCE,
    AWARD,
    BALANCE,
    RECOVERY,
    SET_AGAINST,
    Balance,
    PracticeYear,
)
from remit.service.money.known import Known
from remit.service.money.ledger import Posting

By = Mapping[PracticeYear, Sequence[book.Transfer]]


def settlements(known: Iterable[Known], new: By, day: date) -> Iterator[Posting]:
    """The transfers that bring the awards of the years to what is approved. `new` are those of the run itself."""
    every = {(one.year.pk, one.code): one for one in known}
    for one in every.values():
        made = (*one.transfers, *new.get(one.to_pay.whose, ()))
        successor = _last(one, every)
        for transfer in _of_year(one, successor, made, day):
            declaration = one.declaration or (successor.declaration if successor else None)
            yield Posting(transfer, one.year, one.practice, declaration=declaration.pk if declaration else None)


def _last(one: Known, every: Mapping[tuple[int, str], Known]) -> Known | None:
    """Who carries on a practice that merged, and whoever carries that on, to the last; None where nobody does."""
    found, known = None, {one.code}
    while (code := (found or one).to_pay.successor) and code not in known and (one.year.pk, code) in every:
        known.add(code)
        found = every[one.year.pk, code]
    return found


def _of_year(one: Known, successor: Known | None, made: Sequence[book.Transfer], day: date) -> Iterator[book.Transfer]:
    whose = one.to_pay.whose
    if _is_final(one):
        assert one.declared is not None
        assert one.declared.earned is not None
        assert one.declaration is not None
        activity = book.paid_to_date(made).get(whose, {}).get(ACTIVITY, book.Paid()).pence
        words = f"award of {one.year.title}, {say.money(one.declared.earned)} by declaration {one.declaration.number}"
        if activity:
            words += f", less {say.money(activity)} paid for activity"
        yield from _toward(made, whose, AWARD, one.declared.earned - activity, day, words)
    if _is_final(one) or (successor is not None and _is_final(successor)):
        into = f" of {successor.name}" if successor is not None and not _is_final(one) else ""
        if into:
            activity = book.paid_to_date(made).get(whose, {}).get(ACTIVITY, book.Paid()).pence
            words = f"what was paid for activity, now in advance on the award{into}"
            carried = list(_toward(made, whose, ACTIVITY_MERGED, activity, day, words))
            made = (*made, *carried)
            yield from carried
        words = f"what was paid in advance, set against the award{into}"
        on_account = book.balances(made).get(Balance(ADVANCE, *whose), 0)
        so_far = _standing(made, whose, SET_AGAINST)[0]
        yield from _toward(made, whose, SET_AGAINST, on_account + so_far, day, words)


def _is_final(one: Known) -> bool:
    return one.declared is not None and one.declared.is_final and one.declared.earned is not None


def _first(made: Sequence[book.Transfer], whose: PracticeYear, kind: str) -> book.Transfer | None:
    key = book.key_of(whose, kind, 1)
    return next((one for one in made if one.key == key), None)


def _standing(made: Sequence[book.Transfer], whose: PracticeYear, kind: str) -> tuple[int, int]:
    """What a kind of settlement stands at, with all that restated it, and how often it was restated."""
    first = _first(made, whose, kind)
    if first is None:
        return 0, 0
    stands = book.restated(made, first)
    return (stands.pence if first.debit == _DEBIT[kind] else -stands.pence), stands.times


def _carried_on(whose: PracticeYear, day: date, pence: int, words: str) -> book.Transfers:
    return book.activity_carried_on(whose, day, pence, 1, words)


_DEBIT = {AWARD: book.COST, SET_AGAINST: book.OWED, ACTIVITY_MERGED: book.ADVANCE}
_MAKERS: Mapping[str, Callable[[PracticeYear, date, int, str], book.Transfers]] = {
    AWARD: book.award_approved,
    SET_AGAINST: book.advances_set_against,
    ACTIVITY_MERGED: _carried_on,
}


def _toward(
    made: Sequence[book.Transfer], whose: PracticeYear, kind: str, right: int, day: date, words: str
) -> Iterator[book.Transfer]:
    """The transfer that makes it right: the first of its kind, or what restates it."""
    first = _first(made, whose, kind)
    stands, times = _standing(made, whose, kind)
    if first is None:
        yield from _MAKERS[kind](whose, day, right, words)
        return
    if stands == right:
        return
    sign = 1 if first.debit == _DEBIT[kind] else -1
    more = f"{words}: {say.gain(right - stands)} beside the {say.money(stands)} entered before"
    yield from book.restatement(first, day, sign * stands, sign * right, times + 1, more)


def pointed(transfer: book.Transfer, one: Known, before: Mapping[str, int | None]) -> book.Transfer:
    """A payment that rests on another declaration than the one before it says which payment it corrects.

    `before` has the declaration (its id) of each key that was paid.
    """
    if transfer.kind not in (ACTIVITY, BALANCE, RECOVERY) or one.declaration is None:
        return transfer
    of = (BALANCE, ACTIVITY) if transfer.kind == RECOVERY else (transfer.kind,)
    for kind in of:
        paid = [made for made in one.transfers if made.kind == kind and made.key in before]
        if paid and before[paid[-1].key] not in (None, one.declaration.pk):
            return replace(transfer, corrects=paid[-1].key)
    return transfer
