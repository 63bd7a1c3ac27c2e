"""The pages of adjustments: all of a commissioner, one of them with what can be decided, and a new one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from remit.contract.adjustment import Step
from remit.core.problems import Refused
from remit.service import clock
from remit.service.access import page
from remit.service.money import adjustments
from remit.service.money.forms import AdjustmentForm, DecisionForm
from remit.service.money.views.books import check_commissioner
from remit.service.organisations.models import Organisation
from remit.service.people.roles import Action
from remit.service.scope.scope import current

_STEPS = {one.value for one in Step}
_DONE = {Step.APPROVE: "approved", Step.REFUSE: "refused", Step.TAKE_BACK: "taken back"}


@page(Action.SEE_BOOKS, organisation="organisation")
@require_safe
def listing(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """Every adjustment, the newest first, with the risk of all those of the same practice and year together."""
    those = adjustments.of_books(check_commissioner(organisation))
    declared = adjustments.declared_beside(those)
    context = {
        "organisation": organisation,
        "adjustments": [(one, *adjustments.risk_of(one, those, declared)) for one in those],
        "may_keep": current().may(Action.KEEP_BOOKS, organisation.pk),
    }
    return render(request, "books/adjustments.html", context)


@page(Action.KEEP_BOOKS, organisation="organisation")
def propose(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """Propose an adjustment."""
    years = adjustments.years_of(check_commissioner(organisation))
    form = AdjustmentForm(years, request.POST or None, initial={"day": clock.today()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = adjustments.propose(
                form.years[data["year"]], data["of"], data["pounds"], data["day"], data["reason"]
            )
        except Refused as refused:
            for one in refused.problems:
                form.add_error(None, one.message)
        else:
            messages.success(request, f"Adjustment {made.number} is proposed. Somebody else decides on it.")
            return redirect("books-adjustment", organisation=made.organisation.code, number=made.number)
    return render(request, "books/propose.html", {"organisation": organisation, "form": form, "years": years})


@page(Action.SEE_BOOKS, organisation="organisation")
def one(request: HttpRequest, organisation: Organisation, number: int) -> HttpResponseBase:
    """An adjustment: its amount and reason, what became of it, and what can be decided now."""
    check_commissioner(organisation)
    those = adjustments.of_books(organisation)
    found = next((each for each in those if (each.organisation_id, each.number) == (organisation.pk, number)), None)
    if found is None:
        raise Http404
    steps, why_not = adjustments.steps_for(found), adjustments.why_not(found)
    form = DecisionForm(steps, request.POST or None) if steps else None
    if request.method == "POST":
        step_sent = request.POST.get("step", "")
        if form is None or (step_sent in _STEPS and step_sent not in steps):
            messages.error(
                request, why_not or f"Adjustment {number} is {found.state}, or not for you to decide. Nothing changed."
            )
            return redirect("books-adjustment", organisation=organisation.code, number=number)
        if form.is_valid():
            step = Step(form.cleaned_data["step"])
            try:
                adjustments.decide(found, step, form.cleaned_data.get("words", ""))
            except Refused as refused:
                for problem in refused.problems:
                    form.add_error(None, problem.message)
            else:
                messages.success(request, f"Adjustment {number} is {_DONE[step]}.")
                return redirect("books-adjustment", organisation=organisation.code, number=number)
    risk, together = adjustments.risk_of(found, those, adjustments.declared_beside([found]))
    context = {
        "organisation": organisation,
        "adjustment": found,
        **({"form": form} if form else {}),
        "steps": list(found.steps.select_related("person").order_by("pk")),
        "transfers": list(found.transfers.order_by("number")),
        "risk": risk,
        "together": together,
        "why_not": why_not if current().may(Action.KEEP_BOOKS, organisation.pk) else "",
    }
    return render(request, "books/adjustment.html", context)
