"""The commissioner's book of a scheme year: every event of money as transfers from one account to another.

A transfer debits one account and credits one other with the same whole pence, above zero, so that whatever is posted
sums to zero. It is never changed: a correction is a transfer of its own. Its key follows from what it is for, so that
the same event posted again is the same transfer, and two events can never share one.

| event | debit | credit |
|---|---|---|
| instalment paid | paid in advance | cash |
| activity paid | scheme cost | cash |
| activity of a practice that merged, now an advance on its successor's award | paid in advance | scheme cost |
| award for the year approved | scheme cost | owed to practices |
| advances set against the award | owed to practices | paid in advance |
| balance, or an adjustment, paid | owed to practices | cash |
| recovery received | cash | owed to practices |
| adjustment in the practice's favour (else the other way round) | scheme cost | owed to practices |
| restatement | as what it corrects, or the other way round | |
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

CASH, ADVANCE, COST, OWED = "cash", "paid in advance", "scheme cost", "owed to practices"
ACCOUNTS = (CASH, ADVANCE, COST, OWED)
"""`paid in advance` is what practices have on account; `owed to practices` is below zero while we owe them."""

INSTALMENT, ACTIVITY, BALANCE, RECOVERY = "instalment", "activity", "balance", "recovery"
ACTIVITY_MERGED, AWARD, SET_AGAINST = "merged activity", "award", "advance set against"
ADJUSTMENT, ADJUSTMENT_PAID, RESTATEMENT = "adjustment", "adjustment paid", "restatement"
PAID_KINDS = (INSTALMENT, ACTIVITY, BALANCE, ADJUSTMENT_PAID)
"""The kinds in which money goes to a practice; in `RECOVERY` it comes back."""
KINDS = (*PAID_KINDS, RECOVERY, ACTIVITY_MERGED, AWARD, SET_AGAINST, ADJUSTMENT, RESTATEMENT)


class PracticeYear(NamedTuple):
    """A practice (or network) in one year of a scheme: whose money it is."""

    practice: str
    scheme_year: str


class Balance(NamedTuple):
    """One account of a practice's scheme year."""

    account: str
    practice: str
    scheme_year: str


@dataclass(frozen=True)
class Transfer:
    """Pence (above zero) from the account `credit` to the account `debit`. `corrects` is the key of what it corrects.

    Raises ValueError where it is none: no such account, one account twice, or nothing moved.
    """

    key: str
    day: date
    practice: str
    scheme_year: str
    debit: str
    credit: str
    pence: int
    kind: str
    memo: str
    corrects: str = ""

    def __post_init__(self) -> None:
        if self.debit not in ACCOUNTS or self.credit not in ACCOUNTS:
            raise ValueError(f"{self.debit} to {self.credit}: the accounts are {', '.join(ACCOUNTS)}.")
        if self.debit == self.credit:
            raise ValueError(f"{self.key} debits and credits the same account, {self.debit}.")
        if self.pence <= 0:
            raise ValueError(f"{self.key} moves {self.pence} pence: a transfer moves pence above zero.")
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind} is no kind of transfer: they are {', '.join(KINDS)}.")

    @property
    def whose(self) -> PracticeYear:
        return PracticeYear(self.practice, self.scheme_year)


Transfers = tuple[Transfer, ...]


def balances(transfers: Iterable[Transfer]) -> dict[Balance, int]:
    """What each account stands at, in pence, by practice and scheme year; debits are above zero."""
    sums: dict[Balance, int] = defaultdict(int)
    for one in transfers:
        sums[Balance(one.debit, *one.whose)] += one.pence
        sums[Balance(one.credit, *one.whose)] -= one.pence
    return dict(sorted(sums.items()))


def trial_balance(transfers: Iterable[Transfer]) -> dict[str, int]:
    """What each account stands at over all practices and years, in pence. The accounts sum to zero."""
    sums = dict.fromkeys(ACCOUNTS, 0)
    for balance, pence in balances(transfers).items():
        sums[balance.account] += pence
    return sums


class Paid(NamedTuple):
    """What the book has of one kind: the pence, in how many transfers, and the day of the last."""

    pence: int = 0
    times: int = 0
    last: date | None = None


def paid_to_date(transfers: Iterable[Transfer], until: date | None = None) -> dict[PracticeYear, dict[str, Paid]]:
    """What was paid, received and adjusted by kind, of each practice's year; adjustments may be below zero."""
    paid: dict[PracticeYear, dict[str, Paid]] = defaultdict(dict)
    for one in transfers:
        if until is not None and one.day > until:
            continue
        if one.kind in (*PAID_KINDS, RECOVERY, ADJUSTMENT):
            before = paid[one.whose].get(one.kind, Paid())
            pence = -one.pence if one.kind == ADJUSTMENT and one.debit == OWED else one.pence
            last = max(one.day, before.last or one.day)
            paid[one.whose][one.kind] = Paid(before.pence + pence, before.times + 1, last)
    return dict(paid)


def key_of(whose: PracticeYear, kind: str, number: int | str) -> str:
    """The key of the so-manieth transfer of a kind of a practice's year."""
    return f"{whose.scheme_year}:{whose.practice}:{kind}:{number}"


def instalment_paid(whose: PracticeYear, day: date, pence: int, number: int, memo: str) -> Transfers:
    """An instalment goes out: the practice has it on account."""
    return _moved(whose, day, ADVANCE, CASH, pence, INSTALMENT, number, memo)


def activity_paid(
    whose: PracticeYear, day: date, pence: int, number: int, memo: str, as_advance: bool = False
) -> Transfers:
    """What was delivered is paid, a cost at once; `as_advance` on its successor's award, of a practice that merged."""
    return _moved(whose, day, ADVANCE if as_advance else COST, CASH, pence, ACTIVITY, number, memo)


def activity_carried_on(whose: PracticeYear, day: date, pence: int, number: int, memo: str) -> Transfers:
    """What a practice that merged was paid for activity becomes an advance on its successor's award."""
    return _moved(whose, day, ADVANCE, COST, pence, ACTIVITY_MERGED, number, memo)


def award_approved(whose: PracticeYear, day: date, pence: int, memo: str, number: int = 1) -> Transfers:
    """The award for the year without what was paid for activity. Where that was more than the award, the practice owes.

    There is one award of a practice's year: what is right later is a `restatement` of it.
    """
    return _signed(whose, day, COST, OWED, pence, AWARD, number, memo)


def advances_set_against(whose: PracticeYear, day: date, pence: int, memo: str, number: int = 1) -> Transfers:
    """What the practice had on account is set against its award."""
    return _moved(whose, day, OWED, ADVANCE, pence, SET_AGAINST, number, memo)


def balance_paid(whose: PracticeYear, day: date, pence: int, number: int, memo: str) -> Transfers:
    """What is left of the award goes out."""
    return _moved(whose, day, OWED, CASH, pence, BALANCE, number, memo)


def adjustment_paid(whose: PracticeYear, day: date, pence: int, number: int, memo: str) -> Transfers:
    """What an adjustment gave a practice goes out."""
    return _moved(whose, day, OWED, CASH, pence, ADJUSTMENT_PAID, number, memo)


def recovery_received(whose: PracticeYear, day: date, pence: int, number: int, memo: str) -> Transfers:
    """A practice pays back."""
    return _moved(whose, day, CASH, OWED, pence, RECOVERY, number, memo)


def adjustment(whose: PracticeYear, day: date, pence: int, number: int | str, reason: str) -> Transfers:
    """An amount beside the award, in the practice's favour or, below zero, against it. Raises ValueError without a
    reason."""
    if not reason.strip():
        raise ValueError("An adjustment needs its reason in words.")
    return _signed(whose, day, COST, OWED, pence, ADJUSTMENT, number, reason)


def restatement(corrects: Transfer, day: date, pence: int, right: int, number: int, memo: str) -> Transfers:
    """The difference between the pence that were posted (with what restated them so far) and those that are right.

    Both are in the direction of the transfer that is corrected; what is right may lie below zero.
    """
    key = f"{corrects.key}:{RESTATEMENT}:{number}"
    return _transfers(
        corrects.whose, day, corrects.debit, corrects.credit, right - pence, RESTATEMENT, key, memo, corrects.key
    )


def _moved(
    whose: PracticeYear, day: date, debit: str, credit: str, pence: int, kind: str, number: int | str, memo: str
) -> Transfers:
    if pence < 0:
        raise ValueError(f"{kind} of {whose.practice}: {pence} pence is below zero.")
    return _signed(whose, day, debit, credit, pence, kind, number, memo)


def _signed(
    whose: PracticeYear, day: date, debit: str, credit: str, pence: int, kind: str, number: int | str, memo: str
) -> Transfers:
    return _transfers(whose, day, debit, credit, pence, kind, key_of(whose, kind, number), memo)


def _transfers(
    whose: PracticeYear,
    day: date,
    debit: str,
    credit: str,
    pence: int,
    kind: str,
    key: str,
    memo: str,
    corrects: str = "",
) -> Transfers:
    """The transfer; none of nothing, and below zero the other way round."""
    if pence == 0:
        return ()
    if pence < 0:
        debit, credit, pence = credit, debit, -pence
    return (Transfer(key, day, *whose, debit, credit, pence, kind, memo, corrects),)


def restated(transfers: Iterable[Transfer], corrects: Transfer) -> Paid:
    """What a transfer stands at with all its restatements, in its own direction, and how many of them there are."""
    pence, times, last = corrects.pence, 0, corrects.day
    for one in transfers:
        if one.kind == RESTATEMENT and one.corrects == corrects.key:
            pence += one.pence if one.debit == corrects.debit else -one.pence
            times, last = times + 1, max(last, one.day)
    return Paid(pence, times, last)


def repeated_keys(transfers: Iterable[Transfer]) -> Mapping[str, int]:
    """The keys that occur more than once: there must be none in a book."""
    times: dict[str, int] = defaultdict(int)
    for one in transfers:
        times[one.key] += 1
    return {key: number for key, number in times.items() if number > 1}
