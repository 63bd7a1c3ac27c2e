"""Closing the books: of a month, with all before it, and of a scheme year. What is closed is never opened again.

A correction is an entry of the next open month. Whoever keeps the books of a commissioner closes them; a successor
closes those of the commissioners that it took over from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Min, QuerySet, Sum

from remit.contract.adjustment import State as Adjusted
from remit.contract.books import MACHINE, State, Step
from remit.contract.declaration import WAITING
from remit.core import say
from remit.core.dates import add_months
from remit.payment.book import ACCOUNTS, ADVANCE, OWED
from remit.service import clock
from remit.service.audit.log import record
from remit.service.declarations.models import Declaration
from remit.service.money.ledger import closed_until, month_name
from remit.service.money.models import (
    OPEN_PLANS,
    OPEN_RUNS,
    Adjustment,
    BookMonth,
    BookStep,
    PaymentRun,
    RecoveryPlan,
    Transfer,
)
from remit.service.money.successors import commissioners_of, keeper_of
from remit.service.offers.models import SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.organisations.standing import as_service
from remit.service.people.roles import Action
from remit.service.scope.acting import acting
from remit.service.scope.scope import current
from remit.service.steps import led, parties_in


@dataclass(frozen=True)
class TrialBalance:
    """What each account of a commissioner's books stands at, in pence: debits above zero. They sum to zero."""

    accounts: dict[str, int]
    transfers: int

    @property
    def total(self) -> int:
        return sum(self.accounts.values())

    @property
    def debits(self) -> int:
        return sum(pence for pence in self.accounts.values() if pence > 0)

    @property
    def credits(self) -> int:
        return -sum(pence for pence in self.accounts.values() if pence < 0)


def trial_balance(those: Collection[int], until: date, years: list[SchemeYear] | None = None) -> TrialBalance:
    """The accounts of commissioners (`kept_by`) at the end of a day, over all practices; of the years given alone.

    Whoever calls sees the books.
    """
    rows = books_of(those).filter(day__lte=until)
    return balance_of(rows if years is None else rows.filter(scheme_year__in=years))


def balance_of(rows: QuerySet[Transfer]) -> TrialBalance:
    """What the accounts come to over some transfers."""
    accounts = dict.fromkeys(ACCOUNTS, 0)
    transfers = 0
    pairs = rows.values_list("debit", "credit").annotate(sum=Sum("pence"), many=Count("pk")).order_by()
    for debit, credit, pence, many in pairs:
        accounts[debit] += pence
        accounts[credit] -= pence
        transfers += many
    return TrialBalance(accounts, transfers)


def kept_by(organisation: Organisation) -> frozenset[int]:
    """Whose books a commissioner keeps today: its own, and those of commissioners that it took over from."""
    return commissioners_of(organisation, clock.today())


def books_of(those: Collection[int]) -> QuerySet[Transfer]:
    """The transfers of commissioners' scheme years."""
    return Transfer.objects.filter(organisation__in=those)


def next_to_close(those: Collection[int]) -> date | None:
    """The first month, by its first day, that is open: after the last that is closed, else that of the first transfer.
    None where nothing is in the books."""
    closed = closed_until(those)
    if closed is not None:
        return add_months(closed, 1)
    first: date | None = books_of(those).aggregate(first=Min("day"))["first"]
    return first.replace(day=1) if first else None


def fault_to_close(organisation: Organisation, month: date, first: date | None, those: Collection[int]) -> str:
    """What is wrong with closing a month, in a sentence; empty where nothing is. `first` is the next to close."""
    if (keeper := keeper_of(organisation, clock.today())) != organisation:
        return f"{keeper} took over and keeps these books now: close them there."
    if first is None:
        return "Nothing is in the books yet."
    if month != first:
        return f"{month_name(first)} is the next month to close. Months are closed in their order."
    last = add_months(month, 1) - timedelta(days=1)
    if clock.today() <= last:
        return f"{month_name(month)} is not over. Close it from {say.day(last + timedelta(days=1))} on."
    run = PaymentRun.objects.filter(organisation__in=those, state__in=OPEN_RUNS, pay_on__lte=last).first()
    if run is not None:
        return (
            f"Payment run {run.number} pays on {say.day(run.pay_on)} and is not released. Release or cancel it first."
        )
    proposed = Adjustment.objects.filter(organisation__in=those, state=Adjusted.PROPOSED.value, day__lte=last)
    if one := proposed.order_by("number").first():
        return f"Adjustment {one.number} of {say.day(one.day)} is not decided. Approve, refuse or take it back first."
    return ""


def close_month(organisation: Organisation, month: date) -> BookMonth:
    """Close a month's books for good. Raises Refused where they cannot be, also where they are closed already."""
    _check_may(organisation)
    month = month.replace(day=1)
    with transaction.atomic():
        with acting(as_service()):
            Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)  # nobody posts meanwhile
            those = kept_by(organisation)
            closed = closed_until(those)
            state = State.CLOSED if closed is not None and month <= closed else State.OPEN
            fault = "" if state == State.CLOSED else fault_to_close(organisation, month, next_to_close(those), those)
            stood = trial_balance(those, add_months(month, 1) - timedelta(days=1))
            if stood.total and not fault:
                fault = "The accounts do not sum to zero: run 'remit books check', and report it."
        to = led(MACHINE, state.value, Step.CLOSE, parties_in(organisation), fault=fault)
        made, _ = BookMonth.objects.get_or_create(organisation=organisation, month=month)
        made.balances = {"accounts": stood.accounts, "transfers": stood.transfers, "of": sorted(those)}
        made.state = to.value
        made.save()
        BookStep.objects.create(
            organisation=organisation, book_month=made, step=Step.CLOSE.value, state=to.value,
            person_id=current().person, at=clock.now(),
        )  # fmt: skip
        record("books.closed", organisation, month_name(month), transfers=stood.transfers)
    return made


def open_in_year(year: SchemeYear) -> Iterator[str]:
    """What is not done in a scheme year, each in a sentence: with anything open its books are not closed."""
    if clock.today() <= year.ends:
        yield f"It ends on {say.day(year.ends)}."
    waiting = Declaration.objects.filter(scheme_year=year, state__in=[one.value for one in WAITING]).count()
    if waiting:
        yield f"{_many(waiting, 'declaration waits', 'declarations wait')} for somebody."
    plans = RecoveryPlan.objects.filter(scheme_year=year, state__in=OPEN_PLANS).count()
    if plans:
        yield f"{_many(plans, 'recovery plan is', 'recovery plans are')} not ended."
    adjustments = Adjustment.objects.filter(scheme_year=year, state=Adjusted.PROPOSED.value).count()
    if adjustments:
        yield f"{_many(adjustments, 'adjustment is', 'adjustments are')} not decided."
    runs = PaymentRun.objects.filter(state__in=OPEN_RUNS, lines__scheme_year=year).distinct().count()
    if runs:
        yield "A payment run that pays for it is open."
    accounts = trial_balance([year.organisation_id], date.max, [year]).accounts
    if accounts[ADVANCE]:
        yield f"{say.money(accounts[ADVANCE])} that was paid in advance is not set against an award."
    if accounts[OWED]:
        who = "practices are still owed" if accounts[OWED] < 0 else "practices still owe"
        yield f"{who[:1].upper()}{who[1:]} {say.money(abs(accounts[OWED]))}."


def close_year(year: SchemeYear) -> SchemeYear:
    """Close a scheme year's books for good. Raises Refused where anything in it is open."""
    _check_may(year.organisation)
    with transaction.atomic():
        with acting(as_service()):
            Organisation.objects.select_for_update(no_key=True).get(pk=year.organisation_id)
            year = SchemeYear.objects.select_for_update(no_key=True).select_related("organisation").get(pk=year.pk)
            fault = " ".join(open_in_year(year))
        state = State.CLOSED if year.closed else State.OPEN
        led(MACHINE, state.value, Step.CLOSE, parties_in(year.organisation), fault=fault)
        year.closed, year.closed_by_id = clock.now(), current().person
        year.save()
        record("books.year-closed", year.organisation, str(year))
    return year


def _check_may(organisation: Organisation) -> None:
    if not current().may(Action.KEEP_BOOKS, organisation.pk):
        raise PermissionDenied(Action.KEEP_BOOKS)


def _many(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
