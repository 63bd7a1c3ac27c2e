"""The calendar of an organisation, as a page and for other calendars; and when reminders come."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from remit.documents.due_dates import as_icalendar, due_dates
from remit.documents.render.html import fragment
from remit.service.access import page
from remit.service.home import downloads
from remit.service.organisations.models import COMMISSIONER, Organisation
from remit.service.people import post
from remit.service.people.roles import Action
from remit.service.reminders import reading, services
from remit.service.reminders.calendars import calendar_of
from remit.service.reminders.forms import TimingForm
from remit.service.reminders.models import Sent
from remit.service.scope.scope import current

_MOST_SENT = 50


@page(Action.SEE_YEAR)
@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """The calendars of the organisations that somebody works for; the calendar itself where there is one alone."""
    own = list(Organisation.objects.filter(pk__in=current().own, closed__isnull=True).order_by("name"))
    if len(own) == 1:
        return redirect("calendar", organisation=own[0].code)
    return render(request, "reminders/index.html", {"own": own})


@page(Action.SEE_YEAR, organisation="organisation")
@require_safe
def calendar(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """What is due, who is late, and who takes part in what."""
    may_set = organisation.kind == COMMISSIONER and current().may(Action.MAKE_OFFERS, organisation.pk)
    shown = {"document": fragment(due_dates(calendar_of(organisation))), "organisation": organisation}
    return render(request, "reminders/calendar.html", shown | {"may_set": may_set})


@page(Action.SEE_YEAR, organisation="organisation")
@require_safe
def calendar_file(request: HttpRequest, organisation: Organisation, ending: str) -> HttpResponseBase:
    """The same for another calendar (ics), or as a workbook or tables."""
    found = calendar_of(organisation)
    if ending != "ics":
        return downloads.of_document(due_dates(found), f"calendar-{organisation.code}-{found.on}", ending)
    days = reading.year_of(organisation, found.on).timing.days_before
    response = HttpResponse(as_icalendar(found, days), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="calendar.ics"'
    return response


@page(Action.MAKE_OFFERS, organisation="organisation")
def timing(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """When a commissioner's things are due and reminded of, and what was sent of late."""
    before = reading.timing_of(organisation)
    initial = {name: getattr(before, name) for name in TimingForm.base_fields}
    form = TimingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if services.set_timing(organisation, form.cleaned_data):
            messages.success(request, "The reminders are changed.")
        else:
            messages.success(request, "Nothing was changed: the reminders are as you want them.")
        return redirect("calendar", organisation=organisation.code)
    sent = Sent.objects.select_related("person", "organisation").order_by("-at", "-pk")[:_MOST_SENT]
    shown = {"organisation": organisation, "form": form, "sent": list(sent), "is_set_up": post.is_set_up()}
    return render(request, "reminders/timing.html", shown)
