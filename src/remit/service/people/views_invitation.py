"""The page of an invitation: whoever has its address accepts it."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from remit.core.problems import Refused
from remit.service.access import public
from remit.service.people import invitations, reading, throttle
from remit.service.people.forms import Acceptance
from remit.service.people.invitations import Accepted
from remit.service.people.models import Invitation, Person
from remit.service.people.throttle import address_of
from remit.service.people.views_people import says


@public("whoever has the address of an invitation accepts it")
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Accept an invitation: with a password for a new account, or signed in for one that is there."""
    key = (throttle.INVITATION, (address_of(request),))
    throttle.take(key)
    try:
        found = invitations.find(token)
    except Refused as refused:
        return render(request, "account/invitation_of_no_use.html", {"why": says(refused)}, status=404)
    throttle.succeeded(key)
    person = request.user if isinstance(request.user, Person) else None
    form = _form(request, found, person)
    if request.method == "POST" and (form is None or form.is_valid()):
        typed = Accepted(**form.cleaned_data) if form else Accepted()
        try:
            accepted = invitations.accept(found, typed, person)
        except Refused as refused:
            if form is None:
                messages.error(request, says(refused))
                return redirect("invitation", token=token)
            form.add_error(None, says(refused))
        else:
            messages.success(request, "The invitation is accepted.")
            if person is not None:
                return redirect("home")
            request.session.cycle_key()
            return perform_password_login(
                request, {"email": accepted.email}, Login(user=accepted, redirect_url=reverse("home"))
            )
    page = {
        "invitation": found,
        "roles": reading.titles(found.roles),
        "sign_in": f"{reverse('account_login')}?next={request.path}",
    }
    return render(request, "account/invitation.html", page | ({"form": form} if form else {}))


def _form(request: HttpRequest, found: Invitation, person: Person | None) -> Acceptance | None:
    """What is asked for: nothing of who is signed in, but for the commissioner of a first invitation."""
    leave_out = []
    if person is not None:
        leave_out += ["name", "email", "password"]
    elif found.email:
        leave_out.append("email")
    if found.organisation_id or found.commissioner_code:
        leave_out.append("commissioner_code")
    if found.organisation_id or found.commissioner_name:
        leave_out.append("commissioner_name")
    if len(leave_out) == 5:
        return None
    return Acceptance(
        request.POST if request.method == "POST" else None, leave_out=tuple(leave_out), email=found.email,
        initial={"name": found.name},
    )  # fmt: skip
