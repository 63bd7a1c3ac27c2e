"""People and their roles, for whoever gives roles; and what each role may do, for everybody."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from remit.core.problems import Refused
from remit.service.access import page, signed_in
from remit.service.organisations.models import Organisation
from remit.service.people import invitations, post, reading, second_factor, services, throttle
from remit.service.people.duties import act_pairs, role_pairs
from remit.service.people.forms import GiveRole, Invite, Reason
from remit.service.people.models import Appointment, Invitation, Person
from remit.service.people.roles import ROLES, Action
from remit.service.people.views_sign_in import site
from remit.service.scope.scope import current


def says(refused: Refused) -> str:
    """Why something was refused, for the form that asked for it."""
    return " ".join(f"{one.message[:1].upper()}{one.message[1:]} {one.hint}".strip() for one in refused.problems)


def _ids() -> list[int]:
    return [one.pk for one in reading.organisations_to_give_in()]


def _person(number: int, action: Action = Action.INVITE_PEOPLE) -> Person:
    """Somebody with a role, now or before, where the person at work does this; anybody else is not there."""
    ids = [one for one in _ids() if current().may(action, one)]
    row = Appointment.objects.filter(person_id=number, organisation_id__in=ids).select_related("person").first()
    if row is None:
        raise Http404
    return row.person


@page(Action.INVITE_PEOPLE)
def people(request: HttpRequest) -> HttpResponseBase:
    """Who has which role where, and who is invited."""
    ids = _ids()
    return render(request, "people/people.html", {
        "people": reading.people(ids),
        "invitations": [(one, reading.titles(one.roles)) for one in reading.open_invitations(ids)],
        "manages": current().may(Action.MANAGE_PEOPLE),
    })  # fmt: skip


@page(Action.INVITE_PEOPLE)
def invite(request: HttpRequest) -> HttpResponseBase:
    """Invites somebody; the address is shown once, to hand over."""
    form = Invite(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        throttle.take((throttle.INVITE, (current().person,)))
        typed = form.cleaned_data
        try:
            address = invitations.invite(
                typed["email"], typed["name"], typed["roles"], typed["organisation"], typed["since"], typed["until"],
                site(request),
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, says(refused))
        else:
            # In a signed cookie until the next page: the database never has the address.
            messages.info(request, f"The address for {typed['name']}, shown this once: {address}")
            return redirect("invited")
    return render(request, "people/invite.html", {"form": form})


@page(Action.INVITE_PEOPLE)
def invited(request: HttpRequest) -> HttpResponseBase:
    """What to do with the address of an invitation."""
    return render(request, "people/invited.html", {"sends_email": post.is_set_up(), "days": invitations.DAYS})


@page(Action.INVITE_PEOPLE)
@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponseBase:
    """Takes an invitation back."""
    row = reading.open_invitations(_ids()).filter(pk=number).first()
    if row is None or not set(row.roles) <= {role.id for role in reading.roles_to_give(_organisation(row))}:
        raise Http404
    invitations.revoke(row)
    messages.success(request, f"The invitation of {row.name} is taken back.")
    return redirect("people")


def _organisation(row: Invitation) -> Organisation:
    if row.organisation is None:
        raise Http404
    return row.organisation


@page(Action.INVITE_PEOPLE)
def person(request: HttpRequest, number: int) -> HttpResponseBase:
    """Somebody's roles, and what can be changed."""
    someone = _person(number)
    rows = Appointment.objects.filter(person=someone, organisation_id__in=_ids()).select_related("organisation")
    return render(request, "people/person.html", {
        "someone": someone,
        "holdings": [reading.holding(row) for row in rows.order_by("-since", "-pk")],
        "second_factor": second_factor.is_on(someone),
        "is_me": someone.pk == current().person,
        "manages": current().may(Action.MANAGE_PEOPLE),
    })  # fmt: skip


def _change(
    request: HttpRequest, someone: Person, form: BaseForm, texts: tuple[str, str, str], do: Callable[[], object]
) -> HttpResponseBase:
    """A page with a form about somebody: what was refused is said in it, with what was typed kept."""
    title, button_text, done = texts
    if request.method == "POST" and form.is_valid():
        try:
            do()
        except Refused as refused:
            form.add_error(None, says(refused))
        else:
            messages.success(request, done)
            return redirect("person", number=someone.pk)
    return render(request, "people/change.html", {
        "form": form, "someone": someone, "title": title, "button_text": button_text,
    })  # fmt: skip


@page(Action.INVITE_PEOPLE)
def give_role(request: HttpRequest, number: int) -> HttpResponseBase:
    """Gives somebody a role."""
    someone = _person(number)
    form = GiveRole(request.POST if request.method == "POST" else None)
    texts = (f"Give {someone.name} a role", "Give the role", "The role is given. It holds from the first day on.")

    def do() -> None:
        typed = form.cleaned_data
        services.give_role(
            someone, typed["role"], typed["organisation"], typed["since"], typed["until"], typed["reason"]
        )

    return _change(request, someone, form, texts, do)


@page(Action.INVITE_PEOPLE)
def end_role(request: HttpRequest, number: int, role: int) -> HttpResponseBase:
    """Ends a role at once."""
    someone = _person(number)
    row = Appointment.objects.filter(pk=role, person=someone, organisation_id__in=_ids()).first()
    if row is None:
        raise Http404
    form = Reason(request.POST if request.method == "POST" else None)
    texts = (f"End a role of {someone.name}: {row}", "End the role", "The role has ended.")
    return _change(request, someone, form, texts, lambda: services.end_role(row, form.cleaned_data["reason"]))


@page(Action.MANAGE_PEOPLE)
def reset_second_factor(request: HttpRequest, number: int) -> HttpResponseBase:
    """Takes a lost second factor away."""
    someone = _person(number, Action.MANAGE_PEOPLE)
    form = Reason(request.POST if request.method == "POST" else None)
    texts = (f"Reset the second factor of {someone.name}", "Reset", "At the next sign-in a new one is set up.")
    return _change(
        request, someone, form, texts, lambda: services.reset_second_factor(someone, form.cleaned_data["reason"])
    )


@page(Action.MANAGE_PEOPLE)
def switch(request: HttpRequest, number: int) -> HttpResponseBase:
    """Switches an account off, or on again."""
    someone = _person(number, Action.MANAGE_PEOPLE)
    form = Reason(request.POST if request.method == "POST" else None)
    if someone.is_active:
        texts = (f"Switch the account of {someone.name} off", "Switch it off", "The account is switched off.")
        return _change(request, someone, form, texts, lambda: services.deactivate(someone, form.cleaned_data["reason"]))
    texts = (f"Switch the account of {someone.name} on again", "Switch it on", "The account is switched on.")
    return _change(request, someone, form, texts, lambda: services.activate(someone, form.cleaned_data["reason"]))


@signed_in
def roles(request: HttpRequest) -> HttpResponseBase:
    """What each role may do, and what one person may not have together."""
    return render(request, "people/roles.html", {
        "roles": [
            (role, ", ".join(sorted(role.kinds)), ", ".join(sorted(map(str, role.actions))))
            for role in ROLES.values()
        ],
        "apart": [(ROLES[one].title, ROLES[other].title, why) for one, other, why in role_pairs()],
        "acts": [(str(one), str(other), why) for one, other, why in act_pairs()],
    })  # fmt: skip
