"""What was offered, to whom, and who answered; and making an offer, in steps: scheme, days and practices, review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from remit.core.problems import Problem, Refused, error
from remit.core.say import capital
from remit.core.words import agreed
from remit.service import clock
from remit.service.access import page
from remit.service.offers import forms, listing, presenting, services
from remit.service.offers.choosing import Days, named, practices_of
from remit.service.offers.models import OFFERED, Offer
from remit.service.offers.views.files import table_file
from remit.service.organisations.models import COMMISSIONER, NETWORK, PLACE, PRACTICE, Organisation
from remit.service.people.roles import Action
from remit.service.register.checking import of_version
from remit.service.register.models import SchemeVersion
from remit.service.register.reading import one as version_of
from remit.service.register.states import State
from remit.service.scope.reach import below_on
from remit.service.scope.scope import current


@page(Action.SEE_YEAR)
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Whose offers somebody sees; the only one's page, where there is one."""
    own = Organisation.objects.filter(pk__in=current().own, closed__isnull=True).order_by("kind", "name")
    mine = [one for one in own if current().may(Action.SEE_YEAR, one.pk)]
    if len(mine) == 1:
        return HttpResponseRedirect(_home(mine[0]))
    return render(request, "offers/start.html", {"organisations": [(one, _home(one)) for one in mine]})


def _home(organisation: Organisation) -> str:
    return reverse("participations" if organisation.kind == PRACTICE else "offers-of", args=[organisation.code])


@page(Action.SEE_YEAR, organisation="code")
@require_safe
def of_organisation(request: HttpRequest, code: Organisation) -> HttpResponseBase:
    """The years of its schemes, its offers, and which practice has which scheme."""
    if code.kind == PRACTICE:
        return redirect("participations", code.code)
    years = listing.years_of(code)
    lines, grid = listing.year_lines(years)
    practices = Organisation.objects.filter(pk__in=grid, kind=PRACTICE).order_by("name")
    if code.kind not in (COMMISSIONER, PLACE):
        practices = practices.filter(pk__in=below_on(code, clock.today()))
    today = clock.today()
    waiting = sum(one.state_on(today).value == OFFERED for has in grid.values() for one in has.values())
    context = {
        "organisation": code, "lines": lines, "waiting": agreed(f"{waiting:,} answer{{|s}} {{is|are}}", waiting),
        "grid": [(one, grid[one.pk]) for one in practices],
        "offers": listing.offer_lines(Offer.objects.filter(organisation=code)), "today": today,
        "may_offer": current().may(Action.MAKE_OFFERS, code.pk) and code.kind in (COMMISSIONER, PLACE),
    }  # fmt: skip
    return render(request, "offers/list.html", context)


@page(Action.SEE_YEAR, organisation="code")
@require_safe
def offer_page(request: HttpRequest, code: Organisation, number: int) -> HttpResponseBase:
    """An offer, and what each practice answered."""
    offer = _found(code, number)
    lines = listing.lines_of(listing.rows_of(offer=offer))
    context = {
        "organisation": code, "offer": offer, "lines": lines, "counts": listing.counts_of(one.state for one in lines),
        "shown_state": listing.shown_state, "practices": agreed(f"{len(lines):,} practice{{|s}}", len(lines)),
    }  # fmt: skip
    return render(request, "offers/offer.html", context)


@page(Action.SEE_YEAR, organisation="code")
@require_safe
def offer_file(request: HttpRequest, code: Organisation, number: int, ending: str) -> HttpResponseBase:
    """The same practices as a file."""
    offer = _found(code, number)
    lines = listing.lines_of(listing.rows_of(offer=offer))
    title = f"{offer.scheme_year.title}, offer {offer.number} of {code.name}"
    return table_file(presenting.document(title, f"To {offer.to}:", lines), ending, f"offer-{offer.number}")


def _found(code: Organisation, number: int) -> Offer:
    offer = listing.offer_of(code, number)
    if offer is None:
        raise Http404
    return offer


@page(Action.MAKE_OFFERS, organisation="code")
def new(request: HttpRequest, code: Organisation) -> HttpResponseBase:
    """The first step of an offer: which scheme."""
    versions = listing.to_offer(code)
    form = forms.Pick(versions, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        scheme_id, _, version = form.cleaned_data["scheme"].rpartition("/")
        return redirect("offer-make", code.code, scheme_id, int(version))
    return render(request, "offers/new.html", {"organisation": code, "form": form, "versions": versions})


@page(Action.MAKE_OFFERS, organisation="code")
def make(request: HttpRequest, code: Organisation, scheme_id: str, version: int) -> HttpResponseBase:
    """The next steps: the days and the practices; then whom it goes to, to be read before it is sent."""
    found = version_of(code.code, scheme_id, version)
    if found is None or found.state != State.PUBLISHED.value:
        raise Http404
    areas = _areas(code)
    scheme = of_version(found).scheme
    initial = forms.first_days(scheme.begins, scheme.ends, clock.today()) if scheme else {}
    posted = request.method == "POST"
    form = forms.Make(areas, request.POST if posted else None, request.FILES if posted else None, initial=initial)
    if not posted or "change" in request.POST or not form.is_valid():
        return _form(request, code, found, _unbound(form, areas) if posted and "change" in request.POST else form)
    days = Days(form.cleaned_data["starts"], form.cleaned_data["ends"], form.cleaned_data["respond_by"])
    practices, to, problems = _chosen(code, form.cleaned_data, areas, days)
    problems += services.problems_with(found, practices, days)
    if "send" in request.POST and _was_sent(code, found, request.POST.get("number", ""), days, to):
        messages.info(request, "This offer was sent already: it is not sent again.")
        return redirect("offer", code.code, int(request.POST["number"]))
    if problems:
        return _form(request, code, found, form, problems)
    if "send" not in request.POST:
        return _review(request, code, found, form, practices, to)
    try:
        offer = services.make_offer(
            found, practices, days.starts, days.ends, days.respond_by, form.cleaned_data["words"], to
        )
    except Refused as refused:
        return _form(request, code, found, form, list(refused.problems))
    messages.success(request, agreed(f"The offer was sent to {len(practices):,} practice{{|s}}.", len(practices)))
    return redirect("offer", code.code, offer.number)


def _areas(code: Organisation) -> list[Organisation]:
    ids = below_on(code, clock.today())
    return list(Organisation.objects.filter(pk__in=ids, kind__in=(PLACE, NETWORK)).order_by("-kind", "name"))


def _chosen(
    code: Organisation, data: dict[str, Any], areas: list[Organisation], days: Days
) -> tuple[list[Organisation], str, list[Problem]]:
    """The practices of a choice, in words whom it goes to, and what is wrong with what was typed."""
    if data["whom"] == forms.NAMED:
        text, name = data["file"]
        practices, problems = named(code, text or data["codes"], name)
        count = len(practices)
        return practices, agreed(f"{count:,} named practice{{|s}}", count), problems
    top = code if data["whom"] == forms.ALL else next(one for one in areas if one.code == data["area"])
    practices = practices_of(top, days)
    if not practices:
        what = f"{top.name} has no practice on the first day."
        return [], "", [error("service.offer", what, None, "Choose others, or another first day.")]
    return practices, f"all practices of {top.name}", []


def _was_sent(code: Organisation, version: SchemeVersion, number: str, days: Days, to: str) -> bool:
    """Whether the offer that a page was about to send is there already: the form came twice."""
    if not number.isdecimal() or len(number) > 9:
        return False
    same = Offer.objects.filter(
        organisation=code, number=int(number), version=version, starts=days.starts, ends=days.ends,
        respond_by=days.respond_by, to=to, sent_by=current().person,
    )  # fmt: skip
    return same.exists()


def _unbound(form: forms.Make, areas: list[Organisation]) -> forms.Make:
    """The same form with what was typed, and nothing held against it."""
    return forms.Make(areas, initial={name: form.data.get(name, "") for name in form.fields})


_FEW = 5
"""So many problems stand beside their field too; more would bury it."""


def _form(
    request: HttpRequest, code: Organisation, version: SchemeVersion, form: forms.Make,
    problems: Sequence[Problem] = (),
) -> HttpResponseBase:  # fmt: skip
    data = form.cleaned_data if form.is_bound and form.is_valid() else {}
    of_practices = "file" if (data.get("file") or ("",))[0] else "codes" if data.get("whom") == forms.NAMED else "whom"
    few = len(problems) <= _FEW
    for one in problems:
        place = f"{one.place.file}, line {one.place.line}: " if one.place else ""
        field = str(one.data.get("field", "")) or (of_practices if few else "")
        form.add_error(field or None, place + capital(f"{one.message} {one.hint}".strip()))
    return render(request, "offers/make.html", {"organisation": code, "version": version, "form": form})


def _review(
    request: HttpRequest, code: Organisation, version: SchemeVersion, form: forms.Make,
    practices: list[Organisation], to: str,
) -> HttpResponseBase:  # fmt: skip
    data = dict(form.cleaned_data)
    kept = {
        "starts": data["starts"].isoformat(), "ends": data["ends"].isoformat(),
        "respond_by": data["respond_by"].isoformat(), "whom": data["whom"], "area": data["area"],
        "codes": "\n".join(one.code for one in practices) if data["whom"] == forms.NAMED else "",
        "words": data["words"],
    }  # fmt: skip
    last = Offer.objects.filter(organisation=code).order_by("-number").values_list("number", flat=True).first() or 0
    context = {
        "organisation": code, "version": version, "data": data, "kept": kept, "practices": practices, "to": to,
        "number": last + 1, "count": agreed(f"{len(practices):,} practice{{|s}}", len(practices)),
    }  # fmt: skip
    return render(request, "offers/review.html", context)
