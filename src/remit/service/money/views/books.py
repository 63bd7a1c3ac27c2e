"""The pages of a commissioner's books: what the accounts stand at, closing, and the journal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from remit.contract.books import State
from remit.core.dates import add_months
from remit.core.problems import Refused
from remit.documents.render.csv import rows_as_csv
from remit.service import clock
from remit.service.access import page
from remit.service.audit.log import record
from remit.service.money import closing, journal
from remit.service.money.forms import DaysForm
from remit.service.money.ledger import month_name
from remit.service.money.models import BookMonth
from remit.service.offers.models import SchemeYear
from remit.service.organisations.models import COMMISSIONER, Organisation
from remit.service.people.roles import Action
from remit.service.scope.scope import current

SHOWN = 200
"""How many transfers a page of the journal shows; the file has all."""


def check_commissioner(organisation: Organisation) -> Organisation:
    """Raises Http404 for what keeps no books: a place, a network, a practice."""
    if organisation.kind != COMMISSIONER:
        raise Http404
    return organisation


@page(Action.SEE_BOOKS)
@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """The books of one's own commissioner, or a choice of them."""
    those = Organisation.objects.filter(kind=COMMISSIONER, pk__in=current().own | current().parents).order_by("name")
    may = [one for one in those if current().may(Action.SEE_BOOKS, one.pk)]
    if len(may) == 1:
        return redirect("books-of", organisation=may[0].code)
    return render(request, "books/index.html", {"organisations": may})


@page(Action.SEE_BOOKS, organisation="organisation")
@require_safe
def books(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """What the accounts stand at today, which months and years are closed, and what can be closed next."""
    check_commissioner(organisation)
    those = closing.kept_by(organisation)
    months = BookMonth.objects.filter(organisation__in=those, state=State.CLOSED.value).order_by("-month")
    context = {
        "organisation": organisation,
        "today": clock.today(),
        "stands": closing.trial_balance(those, clock.today()),
        "months": [(month_name(one.month), one) for one in months],
        "next": _next(organisation, those),
        "years": [
            (one, current().may(Action.KEEP_BOOKS, one.organisation_id))
            for one in SchemeYear.objects.filter(organisation__in=those)
            .select_related("organisation")
            .order_by("-starts", "title")
        ],
        "may_keep": current().may(Action.KEEP_BOOKS, organisation.pk),
    }
    return render(request, "books/books.html", context)


def _next(organisation: Organisation, those: Collection[int]) -> tuple[str, str] | None:
    month = closing.next_to_close(those)
    return (month_name(month), closing.fault_to_close(organisation, month, month, those)) if month else None


@page(Action.KEEP_BOOKS, organisation="organisation")
def close_month(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """Close the next month, after a look at what it has. A form that is sent twice closes nothing more."""
    check_commissioner(organisation)
    if request.method == "POST":
        try:
            made = closing.close_month(organisation, _month(request.POST.get("month", "")))
        except Refused as refused:
            for one in refused.problems:
                messages.error(request, one.message)
        else:
            messages.success(request, f"The books of {month_name(made.month)} are closed.")
        return redirect("books-of", organisation=organisation.code)
    those = closing.kept_by(organisation)
    month = closing.next_to_close(those)
    last = add_months(month, 1) - timedelta(days=1) if month else clock.today()
    context = {
        "organisation": organisation,
        "month": month,
        "name": month_name(month) if month else "",
        "last": last,
        "fault": closing.fault_to_close(organisation, month, month, those) if month else "Nothing is in the books yet.",
        "stands": closing.trial_balance(those, last),
    }
    return render(request, "books/close_month.html", context)


def _month(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


@page(Action.KEEP_BOOKS, organisation="organisation")
def close_year(request: HttpRequest, organisation: Organisation, scheme: str) -> HttpResponseBase:
    """Close a scheme year for good, or say what is still open in it."""
    year = SchemeYear.objects.filter(
        organisation=check_commissioner(organisation), scheme_id=scheme
    ).select_related("organisation").first()  # fmt: skip
    if year is None:
        raise Http404
    if request.method == "POST":
        try:
            closing.close_year(year)
        except Refused as refused:
            for one in refused.problems:
                messages.error(request, one.message)
            return redirect("books-close-year", organisation=organisation.code, scheme=scheme)
        messages.success(request, f"The books of {year} are closed.")
        return redirect("books-of", organisation=organisation.code)
    context = {
        "organisation": organisation,
        "year": year,
        "open": list(closing.open_in_year(year)),
        "stands": closing.trial_balance([year.organisation_id], date.max, [year]),
    }
    return render(request, "books/close_year.html", context)


@page(Action.SEE_BOOKS, organisation="organisation")
@require_safe
def see_journal(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """The transfers of some days; the month so far where none are named."""
    check_commissioner(organisation)
    today = clock.today()
    days = {"since": today.replace(day=1), "until": today}
    form = DaysForm(request.GET if "since" in request.GET else None, initial=days)
    if form.is_bound:
        days = form.cleaned_data if form.is_valid() else {}
    rows = journal.transfers(organisation, days["since"], days["until"]) if days else None
    context = {
        "organisation": organisation,
        "form": form,
        "days": days,
        "shown": list(rows[:SHOWN]) if rows is not None else [],
        "count": rows.count() if rows is not None else 0,
    }
    return render(request, "books/journal.html", context)


@page(Action.SEE_BOOKS, organisation="organisation")
@require_safe
def journal_file(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """The journal of some days as CSV, two lines for each transfer; that it was saved is in the audit log."""
    check_commissioner(organisation)
    form = DaysForm(request.GET)
    if not form.is_valid():
        return redirect("books-journal", organisation=organisation.code)
    since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    lines = list(journal.rows(journal.transfers(organisation, since, until)))
    response = HttpResponse(rows_as_csv(journal.COLUMNS, lines), content_type="text/csv; charset=utf-8")
    name = f"journal-{organisation.code}-{since.isoformat()}-{until.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    with transaction.atomic():
        record("journal.exported", organisation, transfers=len(lines) // 2, since=since, until=until)
    return response
