"""The pages of organisations that change something: a form each, with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from remit.core import say
from remit.core.problems import Refused
from remit.core.say import capital
from remit.service import clock
from remit.service.access import page
from remit.service.organisations import forms, mergers, services
from remit.service.organisations.models import COMMISSIONER, KINDS, PRACTICE, Membership, Organisation, Succession
from remit.service.people.roles import Action

CHANGE = Action.CHANGE_ORGANISATIONS


def answer(
    request: HttpRequest,
    form: django_forms.Form,
    heading: str,
    button: str,
    back: str,
    change: Callable[[Mapping[str, Any]], str],
    about: str = "",
) -> HttpResponseBase:
    """A form's page; where it was sent and fits, the change, its message, and back. What was typed is kept."""
    if request.method == "POST" and form.is_valid():
        try:
            done = change(form.cleaned_data)
        except Refused as refused:
            for problem in refused.problems:
                form.add_error(None, capital(f"{problem.message} {problem.hint}".strip()))
        else:
            messages.success(request, done)
            return HttpResponseRedirect(back)
    context = {"form": form, "heading": heading, "button_text": button, "back": back, "about": about}
    return render(request, "organisations/form.html", context)


def _home(organisation: Organisation) -> str:
    return reverse("organisation", args=[organisation.code])


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _in_scope(code: str, what: str) -> Organisation:
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise services.no(f"{what} {code} is not among the organisations that you see.", "Correct the code.")
    return found


def _allowed(*organisations: Organisation) -> None:
    try:
        services.permit(*organisations)
    except PermissionDenied:
        names = ", ".join(str(one) for one in organisations if not services.may_change(one))
        raise services.no(f"you do not administer {names}.", "Ask its administrator.") from None


@page(CHANGE, organisation="code")
def add(request: HttpRequest, code: Organisation) -> HttpResponseBase:
    """A new organisation that belongs to this one."""
    form = forms.Add(_sent(request))
    order = [kind for kind, _ in KINDS]
    below = [pair for pair in KINDS if order.index(pair[0]) > order.index(code.kind)]
    form.fields["kind"].choices = below  # type: ignore[attr-defined]

    def change(data: Mapping[str, Any]) -> str:
        new = services.add(data["code"], data["name"], data["kind"], code, data["since"], data["reason"])
        return f"{new} was added."

    return answer(request, form, f"Add an organisation to {code.name}", "Add", _home(code), change)


@page(CHANGE, organisation="code")
def correct(request: HttpRequest, code: Organisation) -> HttpResponseBase:
    """A name or days that were recorded wrongly."""
    initial = {"name": code.name, "opened": code.opened, "closed": code.closed}
    form = forms.Correct(_sent(request), initial=initial)

    def change(data: Mapping[str, Any]) -> str:
        services.correct(code, data["name"], data["opened"], data["closed"], data["reason"])
        return f"{code} was corrected."

    about = "For what was recorded wrongly. The audit log keeps what was there before."
    return answer(request, form, f"Correct {code.name}", "Correct", _home(code), change, about)


@page(CHANGE, organisation="code")
def rename(request: HttpRequest, code: Organisation) -> HttpResponseBase:
    """Another name from a day on."""
    form = forms.Rename(_sent(request))

    def change(data: Mapping[str, Any]) -> str:
        services.rename(code, data["name"], data["day"], data["reason"])
        return f"{code} has its new name."

    return answer(request, form, f"Give {code.name} another name", "Rename", _home(code), change)


@page(CHANGE, organisation="code")
def list_size(request: HttpRequest, code: Organisation) -> HttpResponseBase:
    """The people on a practice's list on a day, by hand."""
    if code.kind != PRACTICE:
        raise Http404
    form = forms.ListSizeOf(_sent(request))

    def change(data: Mapping[str, Any]) -> str:
        services.record_list_size(code, data["day"], data["people"], data["source"], data["reason"])
        return f"The list size of {code} is recorded."

    about = "List sizes also come with each extract. This one takes the place of what is known of the same day."
    return answer(request, form, f"Enter the list size of {code.name}", "Save", _home(code), change, about)


@page(CHANGE, organisation="code")
def move(request: HttpRequest, code: Organisation) -> HttpResponseBase:
    """Another network, place or commissioner from a day on."""
    form = forms.Move(_sent(request))

    def change(data: Mapping[str, Any]) -> str:
        parent = _in_scope(data["parent"], "organisation")
        _allowed(parent)
        services.move(code, parent, data["day"], data["reason"])
        return f"{code} belongs to {parent} from the day that you gave."

    about = "Consent that it gave to those whom it leaves ends with its last day there."
    return answer(request, form, f"Move {code.name}", "Move", _home(code), change, about)


@page(CHANGE, organisation="code")
def close(request: HttpRequest, code: Organisation) -> HttpResponseBase:
    """The last day of an organisation."""
    form = forms.Close(_sent(request))

    def change(data: Mapping[str, Any]) -> str:
        services.close(code, data["last"], data["reason"])
        return f"{code} has its last day."

    about = (
        "Where another organisation takes over, merge it instead. A practice's part in schemes ends with its last day, "
        "and offers that it has not answered are taken back."
    )
    return answer(request, form, f"Close {code.name}", "Close", _home(code), change, about)


@page(CHANGE, organisation="code")
def merge(request: HttpRequest, code: Organisation) -> HttpResponseBase:
    """Another organisation takes over from a day on."""
    form = forms.Merge(_sent(request), of=code)

    def change(data: Mapping[str, Any]) -> str:
        if code.kind == COMMISSIONER and data.get("name"):
            done = mergers.merge_into_new(code, data["successor"], data["name"], data["day"], data["reason"])
        else:
            into = _in_scope(data["successor"], "organisation")
            if not mergers.may_take_over(into):
                _allowed(into)
            done = mergers.merge(code, into, data["day"], data["reason"])
        return f"{done.successor} takes over from {code}."

    about = (
        "Its members move, its own memberships end, and whoever works for the successor sees what was its. "
        "A practice's consents end; consents to a commissioner or network go on with whoever takes over. "
        "A practice's part in schemes is carried on by its successor, which is offered those that it has no part in."
    )
    return answer(request, form, f"Merge {code.name} into another", "Merge", _home(code), change, about)


@page(CHANGE, organisation="code")
def undo_merger(request: HttpRequest, code: Organisation) -> HttpResponseBase:
    """A merger that was recorded by mistake."""
    succession = Succession.objects.filter(predecessor=code).select_related("predecessor", "successor").first()
    if succession is None:
        raise Http404
    form = forms.Undo(_sent(request))

    def change(data: Mapping[str, Any]) -> str:
        mergers.undo(succession, data["reason"])
        return "The merger was undone."

    about = f"{succession.successor} took over on {say.day(succession.day)}. What the merger ended goes on as before."
    return answer(request, form, f"Undo the merger of {code.name}", "Undo the merger", _home(code), change, about)


def _membership(code: Organisation, parent: str, since: date) -> Membership:
    found = Membership.objects.filter(member=code, parent__code=parent, since=since).select_related("member", "parent")
    row = found.first()
    if row is None:
        raise Http404
    return row


@page(CHANGE, organisation="code")
def leave(request: HttpRequest, code: Organisation, parent: str, since: date) -> HttpResponseBase:
    """The last day of a membership, with none after it."""
    row = _membership(code, parent, since)
    form = forms.Leave(_sent(request), initial={"last": clock.today()})

    def change(data: Mapping[str, Any]) -> str:
        services.leave(row, data["last"], data["reason"])
        return f"{code} has its last day in {row.parent}."

    about = "For an organisation that belongs to no other of this kind afterwards. To change it for another, move it."
    return answer(request, form, f"{code.name} leaves {row.parent.name}", "Leave", _home(code), change, about)


@page(CHANGE, organisation="code")
def correct_membership(request: HttpRequest, code: Organisation, parent: str, since: date) -> HttpResponseBase:
    """The days of a membership that were recorded wrongly."""
    row = _membership(code, parent, since)
    form = forms.CorrectMembership(_sent(request), initial={"since": row.since, "until": row.until})

    def change(data: Mapping[str, Any]) -> str:
        services.correct_membership(row, data["since"], data["until"], data["reason"], data["never"])
        return f"That {code} belongs to {row.parent} was corrected."

    about = "For what was recorded wrongly. The audit log keeps what was there before."
    heading = f"Correct that {code.name} belongs to {row.parent.name}"
    return answer(request, form, heading, "Correct", _home(code), change, about)
