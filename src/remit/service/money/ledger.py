"""The ledger: the one place that writes it, and how it is read. A key is posted once; the database itself refuses more.

Whoever posts has decided and checked; here the transfers get their numbers, one writer at a time for each commissioner.
What was posted already, to the letter, is passed over; the same key with anything else is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max

from remit.contract.books import State as Books
from remit.core import say
from remit.core.problems import Refused, refuse
from remit.payment import book
from remit.service import clock
from remit.service.money.models import BookMonth, Transfer
from remit.service.offers.models import SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.organisations.standing import as_service
from remit.service.scope.acting import acting
from remit.service.scope.scope import current

COLUMNS = (
    "scheme_year_id", "key", "day", "practice__code", "scheme_year__scheme_id", "debit", "credit", "pence", "kind",
    "memo", "corrects__key",
)  # fmt: skip
"""What a transfer of the book-keeping is made of, after its year."""


@dataclass(frozen=True)
class Posting:
    """A transfer with the rows that it is of: ids, None where there is none."""

    transfer: book.Transfer
    year: SchemeYear
    practice: int
    line: int | None = None
    declaration: int | None = None
    adjustment: int | None = None


def month_name(month: date) -> str:
    """`May 2024`."""
    return say.month(month)


def post(postings: Sequence[Posting], transaction_name: str, paid_by: Organisation | None = None) -> int:
    """Add transfers to the ledger, all of them or none; how many are new. Call it in the transaction of a decision.

    Transfers of one name belong together. `paid_by` keeps the books of the day: the commissioner of the year itself
    unless a successor is named. Raises Refused where a month or a year is closed, or where a key was posted before with
    something else.
    """
    by, now = current().person, clock.now()
    with transaction.atomic(), acting(as_service()):
        commissioners = sorted({one.year.organisation_id for one in postings})
        keepers = {*commissioners} if paid_by is None else {*commissioners, paid_by.pk}
        list(Organisation.objects.select_for_update(no_key=True).filter(pk__in=keepers).order_by("pk"))
        new = _new(postings, commissioners)
        _check_open(new, keepers)
        numbers: dict[int, int] = dict.fromkeys(commissioners, 0)
        last = Transfer.objects.filter(organisation__in=commissioners).values("organisation").annotate(n=Max("number"))
        numbers |= {one["organisation"]: one["n"] for one in last}
        corrected = _corrected(new, commissioners)
        rows = []
        for one in new:
            commissioner, made = one.year.organisation_id, one.transfer
            numbers[commissioner] += 1
            rows.append(
                Transfer(
                    organisation_id=commissioner, paid_by_id=paid_by.pk if paid_by else commissioner,
                    number=numbers[commissioner], transaction=transaction_name, key=made.key, day=made.day,
                    practice_id=one.practice, scheme_year=one.year, debit=made.debit, credit=made.credit,
                    pence=made.pence, kind=made.kind, memo=made.memo, at=now, by_id=by, line_id=one.line,
                    declaration_id=one.declaration, adjustment_id=one.adjustment,
                    corrects_id=corrected.get((commissioner, made.corrects)),
                )
            )  # fmt: skip
        try:
            with transaction.atomic():
                Transfer.objects.bulk_create(rows)
        except IntegrityError as error:
            raise _refused(error) from None
    return len(rows)


def _new(postings: Sequence[Posting], commissioners: Sequence[int]) -> list[Posting]:
    """Those that are not in the ledger yet. Raises Refused where one is there with something else, or comes twice."""
    keys = {one.transfer.key for one in postings}
    rows = Transfer.objects.filter(organisation__in=commissioners, key__in=keys)
    there = {(of, values[1]): values for of, *values in rows.values_list("organisation_id", *COLUMNS)}
    new: dict[tuple[int, str], Posting] = {}
    for one in postings:
        key = (one.year.organisation_id, one.transfer.key)
        if key in new or there.get(key, _columns(one)) != _columns(one):
            what = f"{one.transfer.memo} of {one.transfer.practice} is in the ledger already: nothing is entered twice."
            raise refuse("service.posted-before", what, None, "Look at the ledger. Nothing was changed.")
        if key not in there:
            new[key] = one
    return list(new.values())


def _columns(posting: Posting) -> list[object]:
    one = posting.transfer
    return [
        posting.year.pk, one.key, one.day, one.practice, posting.year.scheme_id, one.debit, one.credit, one.pence,
        one.kind, one.memo, one.corrects or None,
    ]  # fmt: skip


def _check_open(postings: Sequence[Posting], keepers: Collection[int]) -> None:
    """Raises Refused where a day is in a closed month, or before one, or a year's books are closed for good."""
    years = SchemeYear.objects.filter(pk__in={one.year.pk for one in postings}, closed__isnull=False)
    for year in years:
        raise refuse("service.books-closed", f"the books of {year} are closed: nothing is entered in them any more.")
    closed = closed_until(keepers)
    early = min((one.transfer.day for one in postings), default=None)
    if closed is not None and early is not None and early.replace(day=1) <= closed:
        what = f"the books are closed until {month_name(closed)}: nothing is entered for {say.day(early)} any more."
        raise refuse("service.books-closed", what, None, "Enter it in the next open month.")


def closed_until(keepers: Collection[int]) -> date | None:
    """The last month that those who keep books have closed; None where they closed none."""
    rows = BookMonth.objects.filter(organisation__in=keepers, state=Books.CLOSED.value)
    last: date | None = rows.aggregate(last=Max("month"))["last"]
    return last


def _refused(error: IntegrityError) -> Refused | IntegrityError:
    text = str(error)
    if "closed month" in text:
        what = "the books of that month are closed: nothing is entered in them any more."
        return refuse("service.books-closed", what, None, "Enter it in the next open month.")
    if "transfer_key_once" in text or "money_transfer.key" in text or "only ever added" in text:
        what = "this was entered in the ledger before: nothing is entered twice."
        return refuse("service.posted-before", what, None, "Look at the ledger. Nothing was changed.")
    return error


def _corrected(postings: Sequence[Posting], commissioners: Sequence[int]) -> dict[tuple[int, str], int]:
    keys = {one.transfer.corrects for one in postings if one.transfer.corrects}
    if not keys:
        return {}
    rows = Transfer.objects.filter(organisation__in=commissioners, key__in=keys)
    return {(commissioner, key): pk for pk, commissioner, key in rows.values_list("pk", "organisation_id", "key")}


def transfers_of(years: Collection[SchemeYear], until: date | None = None) -> dict[int, list[book.Transfer]]:
    """The transfers of scheme years as book-keeping reads them, by the year's id, in the order of the ledger."""
    found: dict[int, list[book.Transfer]] = defaultdict(list)
    rows = Transfer.objects.filter(scheme_year__in=years)
    if until is not None:
        rows = rows.filter(day__lte=until)
    ordered: Iterable[tuple[object, ...]] = rows.order_by("organisation", "number").values_list(*COLUMNS)
    for year, *parts, corrects in ordered:
        found[year].append(book.Transfer(*parts, corrects=corrects or ""))  # type: ignore[index, arg-type, misc]
    return found
