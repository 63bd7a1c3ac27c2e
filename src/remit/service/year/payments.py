"""The payments that the ledger has, as far as they are seen: of a practice, or of a commissioner by what is looked for.

A payment is a transfer with cash on one side. Nothing of another table is joined to it: whoever sees a payment need not
see the run that it was in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from remit.documents.year_payments import Paid, ToCome, kind_of
from remit.payment.book import CASH, RECOVERY
from remit.payment.instalments import DuePayment
from remit.service.money.models import Transfer
from remit.service.offers.models import Participation, SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.web.words import month_name

A_PAGE = 50


@dataclass(frozen=True)
class Payment:
    """A payment as a page shows it; pence are above zero to the practice, below zero from it."""

    pk: int
    number: int
    day: date
    practice: Organisation
    scheme_year: int
    scheme: str
    kind: str
    pence: int
    memo: str

    @property
    def what(self) -> str:
        """What kind it is."""
        return kind_of(self.kind)

    @property
    def month(self) -> str:
        """`May 2024`."""
        return month_name(self.day)


def transfers() -> QuerySet[Transfer]:
    """Every payment in sight, the newest day first."""
    rows: QuerySet[Transfer] = Transfer.objects.filter(Q(debit=CASH) | Q(credit=CASH))
    return rows.select_related("practice").order_by("-day", "-number", "-pk")


def titles(scheme_years: Iterable[int]) -> dict[int, str]:
    """What scheme years are called: a practice that left the area has the title with its participation."""
    wanted = set(scheme_years)
    found = dict(Participation.objects.filter(scheme_year__in=wanted).values_list("scheme_year", "title"))
    return found | dict(SchemeYear.objects.filter(pk__in=wanted).values_list("pk", "title"))


def signed(one: Transfer) -> int:
    """The pence of a payment: above zero to the practice."""
    return one.pence if one.credit == CASH else -one.pence


def shown(rows: Iterable[Transfer]) -> list[Payment]:
    """Transfers as payments."""
    found = list(rows)
    names = titles(one.scheme_year_id for one in found)
    return [
        Payment(
            one.pk, one.number, one.day, one.practice, one.scheme_year_id, names.get(one.scheme_year_id, ""), one.kind,
            signed(one), one.memo,
        )
        for one in found
    ]  # fmt: skip


def of_practice(practice: Organisation) -> list[Payment]:
    """All payments of a practice, the earliest first."""
    return shown(transfers().filter(practice=practice).order_by("day", "number", "pk"))


@dataclass(frozen=True)
class Wanted:
    """Which payments are looked for: a practice by its code or a part of its name, a month by its first day, pence
    whichever way they went, a kind. None and nothing leave none out."""

    practice: str = ""
    month: date | None = None
    pence: int | None = None
    kind: str = ""


@dataclass(frozen=True)
class Page:
    """A page of payments, of how many there are; `next` is where the next page begins, where there is one."""

    payments: tuple[Payment, ...]
    count: int
    next: int | None


def of_commissioner(commissioner: Organisation, wanted: Wanted) -> QuerySet[Transfer]:
    """The payments of a commissioner's scheme years, and those that it paid as a successor."""
    rows = transfers().filter(Q(organisation=commissioner) | Q(paid_by=commissioner))
    if wanted.practice:
        text = wanted.practice.strip()
        rows = rows.filter(Q(practice__code__iexact=text) | Q(practice__name__icontains=text))
    if wanted.month:
        rows = rows.filter(day__year=wanted.month.year, day__month=wanted.month.month)
    if wanted.pence is not None:
        rows = rows.filter(pence=abs(wanted.pence))
    return rows.filter(kind=wanted.kind) if wanted.kind else rows


def page_of(rows: QuerySet[Transfer], start: int) -> Page:
    """So many of them from the start on."""
    count = rows.count()
    found = shown(rows[start : start + A_PAGE])
    return Page(tuple(found), count, start + A_PAGE if count > start + A_PAGE else None)


def months_of(commissioner: Organisation) -> list[date]:
    """The months in which something was paid, the newest first."""
    rows = Transfer.objects.filter(Q(organisation=commissioner) | Q(paid_by=commissioner))
    return list(rows.order_by().dates("day", "month", order="DESC"))


def still_to_come(dues: Iterable[DuePayment], paid: Iterable[Payment]) -> list[DuePayment]:
    """What falls due by what is known now, and was not paid yet: of each kind, what was paid covers the earliest."""
    left: dict[str, int] = {}
    for one in paid:
        left[one.kind] = left.get(one.kind, 0) + (-one.pence if one.kind == RECOVERY else one.pence)
    found = []
    for due in sorted(dues, key=lambda due: due.day or date.max):
        covered = min(max(left.get(due.kind, 0), 0), due.pence)
        left[due.kind] = left.get(due.kind, 0) - covered
        if covered < due.pence:
            found.append(DuePayment(due.day, due.kind, due.pence - covered))
    return found


def as_rows(paid: Iterable[Payment]) -> list[Paid]:
    """Payments as rows of a file."""
    return [
        Paid(one.number, one.day, one.practice.code, one.scheme, one.kind, one.pence, one.memo) for one in paid
    ]  # fmt: skip


def as_rows_to_come(practice: Organisation, scheme: str, dues: Iterable[DuePayment]) -> list[ToCome]:
    """What is to come as rows of a file."""
    return [ToCome(due.day, practice.code, scheme, due.kind, due.pence) for due in dues]
