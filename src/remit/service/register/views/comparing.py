"""A version beside another: in words at once, and in pounds as a job has calculated them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from remit.application.schemes import evaluate as schemes
from remit.core.problems import Refused, refuse
from remit.documents.render.html import fragment
from remit.documents.stored import from_json
from remit.service.access import page
from remit.service.people.roles import Action
from remit.service.register import over, pricing, reading
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
    """The choice, the difference in words where one is chosen, and the forms for pounds."""
    one = found(organisation, scheme_id, version)
    after = of_version(one)
    if after.scheme is None:
        messages.warning(request, "The text has errors: it cannot be compared yet.")
        return HttpResponseRedirect(reverse("scheme", kwargs=words(one)))
    values: dict[str, object] = {"version": one, "choice": WithForm(one), "document": None, "figures": None}
    if "other" not in request.GET:
        return render(request, "register/compare.html", values)
    choice = WithForm(one, request.GET)
    values["choice"] = choice
    if not choice.is_valid():
        return render(request, "register/compare.html", values | {"form": choice})
    other = choice.cleaned_data["other"]
    before = _version_of(one, other)
    names = (f"version {before.version}" if before else other, f"version {one.version}")
    document = difference_fragment(of_version(before) if before else of_shipped(other), after, names)
    values |= {"document": document, "other": other}
    if document and current().may(Action.SEE_SCHEMES, one.organisation_id):
        return _in_pounds(request, one, before, "" if before else other, values)
    return render(request, "register/compare.html", values)


def _in_pounds(
    request: HttpRequest, one: SchemeVersion, before: SchemeVersion | None, shipped: str, values: dict[str, object]
) -> HttpResponseBase:
    """The forms for pounds: over the latest extract of the scheme, where there is one, or over files."""
    extract = over.latest(one)
    sends_figures = request.method == "POST" and request.POST.get("over") != "extract"
    figures = FiguresForm(request.POST, request.FILES) if sends_figures else FiguresForm()
    values |= {"figures": figures, "extract": extract, "sends_figures": sends_figures}
    if request.method == "POST":
        asking = figures if sends_figures else forms.Form({})
        values["form"] = asking
        if asking.is_valid():
            try:
                if sends_figures:
                    row = pricing.ask(one, before, shipped, **figures.cleaned_data)
                elif extract is None:
                    raise refuse("service.nothing-shared", "There is no accepted extract of this scheme any more.")
                else:
                    row = pricing.ask_over(extract, one, before, shipped)
                return HttpResponseRedirect(reverse("scheme-priced", args=[one.organisation.code, row.key]))
            except Refused as refused:
                asking.add_error(None, " ".join(f"{each} {each.hint}".strip() for each in refused.problems))
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
        PricedComparison.objects.select_related("version__organisation", "before", "extract__scheme_version")
        .filter(key=key, organisation__code=organisation)
        .first()
    )
    if row is None or not current().may(Action.SEE_SCHEMES, row.organisation_id):
        raise Http404
    if row.extract is None:
        document = fragment(from_json(row.document)) if row.document else None
        shown: dict[str, object] = {
            "row": row,
            "version": row.version,
            "document": document,
            "changed": over.changed_since(row),
        }
        return render(request, "register/priced.html", shown)
    if not current().may(Action.SEE_STATEMENTS, row.organisation_id):
        raise Http404
    priced_over = over.shared_of(row)
    shown = {"row": row, "version": row.version, "over": priced_over, "document": priced_over.document}
    shown |= {"changed": priced_over.changed}
    return render(request, "register/priced.html", shown)
