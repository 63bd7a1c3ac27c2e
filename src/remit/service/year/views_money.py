"""Finance's page, the payments with their search, and the way from a payment to what it rests on."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from remit.documents.year_payments import payments as payments_document
from remit.service.access import page
from remit.service.home import downloads
from remit.service.organisations.models import COMMISSIONER, Organisation
from remit.service.people.roles import Action
from remit.service.scope.scope import current
from remit.service.year import payments
from remit.service.year.finance import Finance, finance_of, state_words
from remit.service.year.forms import PaymentsForm
from remit.service.year.links import address
from remit.service.year.rests import Rests, rests_of
from remit.service.year.rule import item_of
from remit.service.year.views import tabs

_ENDINGS = {"csv", "xlsx"}
_LARGEST = 10**9


@page(Action.SEE_BOOKS, organisation="organisation")
@require_safe
def finance(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """This month's run, what is owed, and what waits."""
    _check_commissioner(organisation)
    found = finance_of(organisation)
    context = {
        "organisation": organisation, "found": found, "tabs": tabs(organisation, "year-finance"),
        "state_words": state_words, "links": _money_links(organisation, found),
    }  # fmt: skip
    return render(request, "year/finance.html", context)


def _money_links(organisation: Organisation, found: Finance) -> list[tuple[str, str]]:
    """The pages on which money is decided."""
    code = organisation.code
    run = found.run
    every = [
        (f"Payment run {run.number}" if run else "", address("run", code, run.number) if run else ""),
        ("Payment runs", address("runs-of", code)),
        ("Recoveries", address("recoveries-of", code)),
        ("Adjustments", address("books-adjustments", code)),
        ("Accrual to date", address("books-accrual", code)),
        ("Journal", address("books-journal", code)),
        ("Books, and closing a month", address("books-of", code)),
    ]
    return [(text, href) for text, href in every if href]


@page(Action.SEE_BOOKS, organisation="organisation")
@require_safe
def payment_list(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """The payments of a commissioner, those that were looked for."""
    _check_commissioner(organisation)
    form = PaymentsForm(payments.months_of(organisation), request.GET or None)
    is_asked = form.is_bound and form.is_valid()
    rows = payments.of_commissioner(organisation, form.wanted if is_asked else payments.Wanted())
    start = request.GET.get("from", "")
    at = min(int(start), _LARGEST) if start.isascii() and start.isdigit() and len(start) < len(str(_LARGEST)) else 0
    shown = payments.page_of(rows, at) if is_asked or not form.is_bound else payments.Page((), 0, None)
    asked = {name: value for name, value in request.GET.items() if name in form.fields and value}
    context = {
        "organisation": organisation, "form": form, "page": shown, "tabs": tabs(organisation, "year-payments"),
        "file": urlencode(asked), "is_first": not at, "is_asked": bool(asked),
        "next": urlencode(asked | {"from": str(shown.next)}) if shown.next else "",
    }  # fmt: skip
    return render(request, "year/payments.html", context)


@page(Action.SEE_BOOKS, organisation="organisation")
@require_safe
def payment_file(request: HttpRequest, organisation: Organisation, ending: str) -> HttpResponseBase:
    """The payments that were looked for, as a file."""
    _check_commissioner(organisation)
    form = PaymentsForm(payments.months_of(organisation), request.GET)
    if ending not in _ENDINGS or not form.is_valid():
        raise Http404
    rows = payments.shown(payments.of_commissioner(organisation, form.wanted))
    document = payments_document(f"Payments of {organisation}", payments.as_rows(rows))
    return downloads.of_document(document, f"payments-{organisation.code}", ending)


@page(Action.SEE_MONEY)
@require_safe
def payment(request: HttpRequest, payment: int) -> HttpResponseBase:
    """A payment, and what it rests on."""
    found = rests_of(payment)
    if found is None:
        raise Http404
    context = {"found": found, "payment": found.payment, **_extract_links(found)}
    return render(request, "year/payment.html", context)


def _extract_links(found: Rests) -> dict[str, object]:
    """Where the extract is read, and which of its patients are counted, for whoever may."""
    scope, extract = current(), found.extract
    if extract is None:
        return {"may_see_extract": False, "extract_of": "", "patients_href": ""}
    code = found.stated.extract_of
    may_see = bool(code) and scope.may(Action.SEE_EXTRACTS, extract.organisation_id)
    practice = found.payment.practice
    is_own = extract.has_evidence and practice.pk in scope.patients and bool(code)
    href = reverse("patients-items", args=[practice.code, code, extract.number]) if is_own else ""
    return {"may_see_extract": may_see, "extract_of": code, "patients_href": href}


@page(Action.SEE_SCHEMES)
@require_safe
def rule(request: HttpRequest, organisation: str, scheme_id: str, version: int, item: str) -> HttpResponseBase:
    """An item of a scheme: what the scheme's text says of it, and the rules by which its indicator is counted."""
    found = item_of(organisation, scheme_id, version, item)
    if found is None:
        raise Http404
    return render(request, "year/rule.html", {"found": found, "document": found.rules})


def _check_commissioner(organisation: Organisation) -> None:
    if organisation.kind != COMMISSIONER:
        raise Http404
