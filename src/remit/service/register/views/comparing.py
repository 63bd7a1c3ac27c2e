"""A version beside another: in words at once, and in pounds as a job has calculated them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from remit.application.schemes import evaluate as schemes
from remit.core.problems import Refused
from remit.documents.render.html import fragment
from remit.documents.stored import from_json
from remit.service.access import page
from remit.service.people.roles import Action
from remit.service.register import pricing, reading
from remit.service.register.checking import difference_fragment, of_shipped, of_version
from remit.service.register.forms import FiguresForm
from remit.service.register.models import PricedComparison, SchemeVersion
from remit.service.register.views.finding import found, words
from remit.service.scope.scope import current


class WithForm(forms.Form):
    """Which version, or which scheme that ships, to compare from."""

    other = forms.ChoiceField(label="Compare from", error_messages={"required": "Choose one."})

    def __init__(self, version: SchemeVersion, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        own = [(f"version-{one.version}", f"Version {one.version} ({one.state})") for one in reading.others_of(version)]
        shipped = [(one.scheme, f"{one.title} ({one.scheme})") for one in schemes()]
        self.fields["other"].choices = [("", "Choose"), *own, *shipped]  # type: ignore[attr-defined]


@page(Action.SEE_SCHEMES)
def compare(request: HttpRequest, organisation: str, scheme_id: str, version: int) -> HttpResponseBase:
    """The choice, the difference in words where one is chosen, and the form for pounds."""
    one = found(organisation, scheme_id, version)
    after = of_version(one)
    inside = current().may(Action.SEE_SCHEMES, one.organisation_id)
    if after.scheme is None:
        messages.warning(request, "The text has errors: it cannot be compared yet.")
        return HttpResponseRedirect(reverse("scheme", kwargs=words(one)))
    values: dict[str, object] = {"version": one, "choice": WithForm(one), "document": None, "figures": None}
    if "other" in request.GET:
        choice = WithForm(one, request.GET)
        values["choice"] = choice
        if not choice.is_valid():
            return render(request, "register/compare.html", values | {"form": choice})
        other = choice.cleaned_data["other"]
        before = _version_of(one, other)
        names = (f"version {before.version}" if before else other, f"version {one.version}")
        document = difference_fragment(of_version(before) if before else of_shipped(other), after, names)
        figures = FiguresForm(request.POST, request.FILES) if request.method == "POST" else FiguresForm()
        values |= {"document": document, "other": other, "figures": figures if inside and document else None}
        if request.method == "POST" and inside:
            if figures.is_valid():
                try:
                    row = pricing.ask(one, before, "" if before else other, **figures.cleaned_data)
                    return HttpResponseRedirect(reverse("scheme-priced", args=[organisation, row.key]))
                except Refused as refused:
                    figures.add_error("practices", " ".join(each.message for each in refused.problems))
            values["form"] = figures
    return render(request, "register/compare.html", values)


def _version_of(version: SchemeVersion, other: str) -> SchemeVersion | None:
    """The version that a choice names, or None where it names a scheme that ships."""
    number = other.removeprefix("version-")
    if number == other or not number.isdigit():
        return None
    return found(version.organisation, version.scheme_id, int(number))


@page(Action.SEE_SCHEMES)
def priced(request: HttpRequest, organisation: str, key: str) -> HttpResponseBase:
    """What a comparison in pounds came to, or that it is not done yet."""
    row = (
        PricedComparison.objects.select_related("version", "version__organisation", "before")
        .filter(key=key, organisation__code=organisation)
        .first()
    )
    if row is None or not current().may(Action.SEE_SCHEMES, row.organisation_id):
        raise Http404
    document = fragment(from_json(row.document)) if row.document else None
    return render(request, "register/priced.html", {"row": row, "version": row.version, "document": document})
