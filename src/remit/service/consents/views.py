"""The pages of consent: a practice's own, and that of whoever receives its counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from remit.core import say
from remit.core.problems import refuse
from remit.service import clock
from remit.service.access import page
from remit.service.consents import forms, reading, services
from remit.service.consents.models import PAPER, Consent
from remit.service.organisations.changing import answer
from remit.service.organisations.models import COMMISSIONER, NETWORK, PRACTICE, Organisation
from remit.service.organisations.views import asked_day
from remit.service.people.roles import Action
from remit.service.scope.scope import current

STAYS = (
    "From that day on nothing of a later day is shared. What was shared of earlier days stays, since payments rest on "
    "it. You can give consent again at any time."
)


@page(Action.SEE_CONSENT)
def start(request: HttpRequest) -> HttpResponseBase:
    """The organisations whose consent somebody sees; the only one's page, where there is one."""
    kinds = (COMMISSIONER, NETWORK, PRACTICE)
    mine = list(Organisation.objects.filter(pk__in=current().own, kind__in=kinds).order_by("kind", "name"))
    mine = [one for one in mine if current().may(Action.SEE_CONSENT, one.pk)]
    if len(mine) == 1:
        return HttpResponseRedirect(_home(mine[0]))
    return render(request, "consents/start.html", {"organisations": mine})


def _home(organisation: Organisation) -> str:
    return reverse("consent", args=[organisation.code])


@page(Action.SEE_CONSENT, organisation="code")
def consent(request: HttpRequest, code: Organisation) -> HttpResponseBase:
    """A practice's consents; or which practices consent to a commissioner or a network on a day."""
    if code.kind == PRACTICE:
        context: dict[str, Any] = {
            "organisation": code,
            "consents": reading.consents_of(code),
            "today": clock.today(),
            "may_give": current().may(Action.GIVE_CONSENT, code.pk),
        }
        return render(request, "consents/practice.html", context)
    day, wrong = asked_day(request)
    standings = reading.standings(code, day)
    context = {
        "organisation": code,
        "standings": standings,
        "given": sum(one.consent is not None for one in standings),
        "day": day,
        "typed": request.GET.get("day", ""),
        "wrong": wrong,
        "paper": PAPER,
        "may_record": current().may(Action.RECORD_CONSENT, code.pk) and code.kind in (COMMISSIONER, NETWORK),
    }
    return render(request, "consents/receiver.html", context)


@page(Action.GIVE_CONSENT, organisation="code")
def give(request: HttpRequest, code: Organisation) -> HttpResponseBase:
    """A practice lets its commissioner or its network see its counts."""
    receivers = {one.code: one for one in reading.receivers(code, clock.today())}
    typed = request.POST if request.method == "POST" else None
    form = forms.Give(typed, to=list(receivers.values()), initial={"since": clock.today()})

    def change(data: Mapping[str, Any]) -> str:
        given = services.give(code, receivers[data["to"]], data["since"], data["until"])
        until = f" until {say.day(given.until)}" if given.until else ""
        return f"{given.to} sees your counts from {say.day(given.since)}{until}."

    about = "They see counts, and what they come to in points and pounds. They never see a patient."
    return answer(request, form, "Give consent", "Give consent", _home(code), change, about)


@page(Action.GIVE_CONSENT, organisation="code")
def withdraw(request: HttpRequest, code: Organisation, to: str, since: date) -> HttpResponseBase:
    """A practice withdraws a consent from a day on."""
    found = [one for one in reading.consents_of(code) if one.to.code == to and one.since == since]
    if not found:
        raise Http404
    row: Consent = found[0]
    form = forms.Withdraw(request.POST if request.method == "POST" else None, initial={"day": clock.today()})

    def change(data: Mapping[str, Any]) -> str:
        services.withdraw(row, data["day"], data["reason"])
        return f"The consent to {row.to} is withdrawn from {say.day(data['day'])} on."

    return answer(request, form, f"Withdraw the consent to {row.to.name}", "Withdraw", _home(code), change, STAYS)


@page(Action.RECORD_CONSENT, organisation="code")
def paper(request: HttpRequest, code: Organisation) -> HttpResponseBase:
    """An administrator records a form that a practice signed on paper."""
    form = forms.Paper(request.POST if request.method == "POST" else None)

    def change(data: Mapping[str, Any]) -> str:
        practice = Organisation.objects.filter(code=data["practice"], kind=PRACTICE).first()
        if practice is None or not current().may(Action.RECORD_CONSENT, practice.pk):
            what = f"practice {data['practice']} is not among those that you administer."
            raise refuse("service.consent", what, None, "Correct the code.")
        services.record_paper(practice, code, data["since"], data["until"], data["evidence"], data["reason"])
        return f"The consent of {practice} was recorded."

    about = "A practice gives its consent itself. Use this only where it signed a form on paper; all see it marked so."
    return answer(request, form, f"Record a consent to {code.name}", "Record", _home(code), change, about)
