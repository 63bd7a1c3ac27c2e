"""One's own account: name, password, second factor, sessions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from remit.core.problems import Refused
from remit.service.access import before_second_factor, signed_in
from remit.service.people import post, reading, second_factor, services, sessions, throttle
from remit.service.people.forms import ChangeEmail, ChangePassword, Code, FirstCode, Name
from remit.service.people.models import OpenSession, Person
from remit.service.people.throttle import address_of
from remit.service.people.views_sign_in import WRONG_CODE, site, try_code


def me(request: HttpRequest) -> Person:
    """Who is signed in."""
    assert isinstance(request.user, Person)
    return request.user


@signed_in
def account(request: HttpRequest) -> HttpResponseBase:
    """What an account is, and where to change it."""
    person = me(request)
    rows = OpenSession.objects.filter(person=person).order_by("-last_used")
    return render(request, "account/account.html", {
        "second_factor": second_factor.is_on(person),
        "needs_second_factor": reading.needs_second_factor(person),
        "codes_left": second_factor.codes_left(person),
        "sessions": [(row, row.session_key == request.session.session_key) for row in rows],
        "holdings": [reading.holding(row) for row in reading.all_appointments(person)],
    })  # fmt: skip


@signed_in
def name(request: HttpRequest) -> HttpResponseBase:
    """One's own name."""
    form = Name(request.POST if request.method == "POST" else None, initial={"name": me(request).name})
    if request.method == "POST" and form.is_valid():
        services.change_name(me(request), form.cleaned_data["name"])
        messages.success(request, "Your name is changed.")
        return redirect("account")
    return render(request, "account/form.html", {"form": form, "title": "Change your name", "button_text": "Change"})


@signed_in
@sensitive_post_parameters("current")
def email(request: HttpRequest) -> HttpResponseBase:
    """Another e-mail address, for whoever knows the password: at once, or once a link that was sent there is used."""
    person = me(request)
    form = ChangeEmail(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        key = (throttle.PASSWORD, (address_of(request), person.pk))
        throttle.take(key, (throttle.EMAIL, (person.pk,)))
        if person.check_password(form.cleaned_data["current"]):
            throttle.succeeded(key)
            return _to_new_address(request, person, form)
        form.add_error("current", "This is not your password.")
    page = {"form": form, "title": "Change your e-mail address", "button_text": "Change the address"}
    return render(request, "account/form.html", page)


def _to_new_address(request: HttpRequest, person: Person, form: ChangeEmail) -> HttpResponseBase:
    new = form.cleaned_data["email"].strip().lower()
    if post.is_set_up():
        if not Person.objects.filter(email=new).exists():  # what is said is the same where it is somebody's
            link = site(request) + reverse("account-email-new", args=[services.email_token(person, new)])
            post.send(new, "Confirm your e-mail address", "email_new", name=person.name, address=link)
        messages.success(request, f"Open the link in the e-mail to {new} within a day. Until then nothing changes.")
        return redirect("account")
    try:
        services.change_email(person, new)
    except Refused as refused:
        form.add_error("email", refused.problems[0].message)
        page = {"form": form, "title": "Change your e-mail address", "button_text": "Change the address"}
        return render(request, "account/form.html", page)
    messages.success(request, "Your e-mail address is changed. Sign in with it from now on.")
    return redirect("account")


@signed_in
def email_new(request: HttpRequest, token: str) -> HttpResponseBase:
    """The link that went to the new address: a button changes it, so that nothing that only looks at links does."""
    person = me(request)
    new = services.email_of(person, token)
    if not new:
        raise Http404
    if request.method == "POST":
        try:
            services.change_email(person, new)
        except Refused as refused:
            raise Http404 from refused
        messages.success(request, "Your e-mail address is changed. Sign in with it from now on.")
        return redirect("account")
    return render(request, "account/email_new.html", {"new": new})


@signed_in
@sensitive_post_parameters("current", "password")
def password(request: HttpRequest) -> HttpResponseBase:
    """Another password, for whoever knows the present one; every other session ends."""
    person = me(request)
    form = ChangePassword(person, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        key = (throttle.PASSWORD, (address_of(request), person.pk))
        throttle.take(key)
        if person.check_password(form.cleaned_data["current"]):
            throttle.succeeded(key)
            services.change_password(person, form.cleaned_data["password"], keep=request.session.session_key or "")
            update_session_auth_hash(request, person)
            sessions.follow(request, person)
            messages.success(request, "Your password is changed. Every other session of yours has ended.")
            return redirect("account")
        form.add_error("current", "This is not your present password.")
    page = {"form": form, "title": "Change your password", "button_text": "Change the password"}
    return render(request, "account/form.html", page)


@before_second_factor
def second_factor_page(request: HttpRequest) -> HttpResponseBase:
    """Set up a second factor, or give it where it was set up elsewhere."""
    person = me(request)
    if second_factor.is_on(person):
        return redirect("account") if second_factor.was_given(request) else _give(request, person)
    form = FirstCode(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        key = (throttle.CODE, (address_of(request), person.pk))
        throttle.take(key)
        if second_factor.set_up(request, person, form.cleaned_data["code"]):
            throttle.succeeded(key)
            services.note_second_factor(person, "second-factor.on")
            return redirect("recovery-codes")
        form.add_error("code", "This code does not fit. Check that the clock of the device is right, and try again.")
    key_text = second_factor.new_key(request, anew=request.method == "GET")
    return render(request, "mfa/set_up.html", {
        "form": form, "picture": second_factor.picture(person, key_text), "key": second_factor.in_fours(key_text),
        "is_required": reading.needs_second_factor(person),
    })  # fmt: skip


def _give(request: HttpRequest, person: Person) -> HttpResponseBase:
    form = Code(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        used = try_code(request, person, form.cleaned_data["code"])
        if used:
            second_factor.given(request, person, used)
            return redirect("home")
        form.add_error("code", WRONG_CODE)
    return render(request, "mfa/authenticate.html", {"form": form})


@signed_in
def recovery_codes(request: HttpRequest) -> HttpResponseBase:
    """The recovery codes, shown once; others in their place for whoever gives a code."""
    person = me(request)
    if not second_factor.is_on(person):
        return redirect("second-factor")
    form = Code(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if try_code(request, person, form.cleaned_data["code"]):
            second_factor.new_codes(person)
            services.note_second_factor(person, "second-factor.codes")
            return redirect("recovery-codes")
        form.add_error("code", WRONG_CODE)
    codes = second_factor.unseen_codes(person) if request.method == "GET" else []
    page = {"form": form, "codes": codes, "codes_left": second_factor.codes_left(person)}
    return render(request, "mfa/recovery_codes.html", page)


@signed_in
def switch_off(request: HttpRequest) -> HttpResponseBase:
    """Switches the second factor off, for whoever gives a code and has no role that asks for one."""
    person = me(request)
    if not second_factor.is_on(person) or reading.needs_second_factor(person):
        raise Http404
    form = Code(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if try_code(request, person, form.cleaned_data["code"]):
            second_factor.remove(person)
            services.note_second_factor(person, "second-factor.off")
            messages.success(request, "Your second factor is switched off.")
            return redirect("account")
        form.add_error("code", WRONG_CODE)
    page = {"form": form, "title": "Switch the second factor off", "button_text": "Switch it off"}
    return render(request, "account/form.html", page)


@signed_in
@require_POST
def end_session(request: HttpRequest, number: int) -> HttpResponseBase:
    """Ends another session of one's own."""
    if not sessions.end_one(me(request), number):
        raise Http404
    messages.success(request, "That session has ended.")
    return redirect("account")


@signed_in
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponseBase:
    """Ends every session of one's own, this one too."""
    sessions.end_all(me(request))
    request.session.flush()
    messages.success(request, "You are signed out everywhere.")
    return redirect("account_login")
