"""The pages of recoveries: who owes, what is proposed, and the practice's answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from remit.contract.machine import after
from remit.contract.recovery_plan import WITHOUT_PRACTICE as MACHINE
from remit.contract.recovery_plan import State, Step
from remit.core.problems import Refused
from remit.payment.book import RECOVERY
from remit.service import clock
from remit.service.access import page
from remit.service.money import recoveries
from remit.service.money.known import years_of
from remit.service.money.models import RecoveryPlan, Transfer
from remit.service.money.run_forms import PlanForm, RefuseForm
from remit.service.money.scopes import for_commissioner
from remit.service.money.successors import commissioners_of
from remit.service.offers.models import SchemeYear
from remit.service.organisations.models import COMMISSIONER, Organisation
from remit.service.people.roles import Action
from remit.service.scope.scope import current
from remit.service.steps import done_by, open_steps, parties_in


@page(Action.SEE_BOOKS, organisation="organisation")
@require_safe
def of_commissioner(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Who owes a commissioner what, and every recovery plan."""
    if organisation.kind != COMMISSIONER:
        raise Http404
    those = commissioners_of(organisation, clock.today())
    with for_commissioner(organisation):
        owed = recoveries.owed_of(years_of(those, clock.today()))
    plans = RecoveryPlan.objects.filter(organisation__in=those).select_related("practice", "scheme_year")
    context = {
        "organisation": organisation, "owed": owed, "plans": list(plans.order_by("-pk")),
        "may_keep": current().may(Action.KEEP_BOOKS, organisation.pk),
    }  # fmt: skip
    return render(request, "payments/recoveries.html", context)


@page(Action.KEEP_BOOKS, organisation="organisation")
def propose(request: HttpRequest, organisation: Organisation, practice: str, year: int) -> HttpResponseBase:
    """Propose how a practice pays back what it owes for a year."""
    those = commissioners_of(organisation, clock.today())
    found = SchemeYear.objects.filter(pk=year, organisation__in=those).select_related("organisation").first()
    of = Organisation.objects.filter(code=practice).first()
    if found is None or of is None:
        raise Http404
    with for_commissioner(organisation):
        owed = next((one for one in recoveries.owed_of([found]) if one.known.practice == of.pk), None)
        if owed is None:
            raise Http404
        most = recoveries.most_of(found)
    form = PlanForm(request.POST or None, initial={"months": most})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            plan = recoveries.propose(found, of, data["months"], data["exceptional"], data["reason"])
        except Refused as refused:
            for one in refused.problems:
                form.add_error(None, one.message)
        else:
            messages.success(request, f"The plan is proposed to {of.name}.")
            return redirect("recovery-plan", plan=plan.pk)
    context = {"organisation": organisation, "practice": of, "year": found, "owed": owed, "most": most, "form": form}
    return render(request, "payments/propose.html", context)


@page(Action.SEE_MONEY)
@require_safe
def plan(request: HttpRequest, plan: int) -> HttpResponse:
    """A plan with its instalments, and what may be done with it."""
    return _shown(request, _plan(plan))


def _shown(request: HttpRequest, plan: RecoveryPlan, form: RefuseForm | None = None) -> HttpResponse:
    parties = parties_in(plan.practice_id, plan.organisation_id)
    done = done_by(current().person, MACHINE, plan.steps.all())
    can = open_steps(MACHINE, plan.state, parties, done)
    why = after(MACHINE, State(plan.state), Step.AGREE, parties, done)
    is_open = plan.state == State.PROPOSED.value
    received = Transfer.objects.filter(practice=plan.practice_id, scheme_year=plan.scheme_year_id, kind=RECOVERY)
    before = RecoveryPlan.objects.filter(
        practice=plan.practice_id, scheme_year=plan.scheme_year_id, state=State.AGREED.value
    ).exclude(pk=plan.pk)  # fmt: skip
    commissioner = Organisation.objects.filter(pk=plan.organisation_id).first()
    may_see = current().may(Action.SEE_BOOKS, plan.organisation_id)
    context: dict[str, Any] = {
        "plan": plan,
        "received": min(sum(received.values_list("pence", flat=True)), plan.pence),
        "schedule": [{"paid": False, **one, "day": date.fromisoformat(one["day"])} for one in plan.schedule],
        "may_agree": Step.AGREE in can,
        "why_not": "" if isinstance(why, State) or not is_open or not parties else why.why,
        "steps": list(plan.steps.select_related("person").order_by("pk")),
        "replaces": before.first() if is_open else None,
        "back_to": commissioner if may_see else None,
    }
    if (shown := form or (RefuseForm() if Step.REFUSE in can else None)) is not None:
        context["form"] = shown
    return render(request, "payments/plan.html", context)


@page(Action.SEE_MONEY)
@require_POST
def agree(request: HttpRequest, plan: int) -> HttpResponseBase:
    """Agree to a plan, by the button that says so."""
    found = _plan(plan)
    if request.POST.get("answer") != "agree":
        raise BadRequest("the plan's answer is missing")
    try:
        recoveries.agree(found)
    except Refused as refused:
        messages.warning(request, " ".join(one.message for one in refused.problems))
    else:
        messages.success(request, "The plan is agreed. Its instalments are taken in the payment runs.")
    return redirect("recovery-plan", plan=plan)


@page(Action.SEE_MONEY)
@require_POST
def refuse(request: HttpRequest, plan: int) -> HttpResponseBase:
    """Refuse a plan, with a reason."""
    found, form = _plan(plan), RefuseForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form)
    try:
        recoveries.turn_down(found, form.cleaned_data["words"])
    except Refused as refused:
        messages.warning(request, " ".join(one.message for one in refused.problems))
    else:
        messages.success(request, "The plan is refused. Finance is shown why.")
    return redirect("recovery-plan", plan=plan)


def _plan(number: int) -> RecoveryPlan:
    rows = RecoveryPlan.objects.select_related("practice", "scheme_year")
    found: RecoveryPlan | None = rows.filter(pk=number).first()
    if found is None:
        raise Http404
    return found
