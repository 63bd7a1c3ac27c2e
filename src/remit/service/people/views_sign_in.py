"""Signing in: password, code, and a password that is set anew."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_password_login, record_authentication
from allauth.account.internal.flows.logout import logout
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import url_has_allowed_host_and_scheme, urlsafe_base64_decode, urlsafe_base64_encode
from django.views.decorators.debug import sensitive_post_parameters

from remit.service.access import public
from remit.service.people import failures, post, second_factor, services, throttle
from remit.service.people.forms import Address, Code, NewPassword, SignIn
from remit.service.people.models import Person
from remit.service.people.throttle import address_of

WRONG = "The e-mail address and the password do not fit together, or the account is switched off."
WRONG_CODE = "This code is wrong, or was used before. Wait for the next one, and try again."


def site(request: HttpRequest) -> str:
    """The address of the service, without a path: the deployment's own, whatever host a browser names."""
    return settings.DEPLOYMENT.address or request.build_absolute_uri("/").rstrip("/")


def next_page(request: HttpRequest) -> str:
    """The page of this service that was asked for before signing in; empty for anything else."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours and wanted.startswith("/") else ""


@public("this is where people sign in")
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """E-mail address and password; whatever is wrong, the answer is the same."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(next_page(request) or reverse("home"))
    form = SignIn(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        email, where = form.cleaned_data["email"].strip().lower(), address_of(request)
        keys = ((throttle.SIGN_IN, (where, email)), (throttle.SIGN_IN_ADDRESS, (where,)))
        try:
            throttle.take(*keys)
        except throttle.TooSoon:
            failures.note(throttle.FAILED, email, where)
            raise
        person = authenticate(request, email=email, password=form.cleaned_data["password"])
        if isinstance(person, Person):
            throttle.succeeded(*keys)
            request.session.cycle_key()
            login = Login(user=person, redirect_url=next_page(request) or None)
            return perform_password_login(request, {"email": email}, login)
        failures.note(throttle.FAILED, email, where)
        form.add_error(None, WRONG)
    page = {"form": form, "next": next_page(request), "sends_email": post.is_set_up()}
    return render(request, "account/login.html", page)


@public("the second step of signing in")
def code(request: HttpRequest) -> HttpResponseBase:
    """A code, after the password; only then somebody is signed in."""
    if request.user.is_authenticated:
        return redirect("home")
    stage = LoginStageController.enter(request, "mfa_authenticate")
    person = stage.login.user if stage else None
    if stage is None or not isinstance(person, Person) or not person.is_active:
        return redirect("account_login")
    form = Code(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        used = try_code(request, person, form.cleaned_data["code"])
        if used:
            record_authentication(request, person, "mfa", type=used)
            return stage.exit()
        form.add_error("code", WRONG_CODE)
    return render(request, "mfa/authenticate.html", {"form": form})


def try_code(request: HttpRequest, person: Person, typed: str) -> str:
    """Use a code up, with the waits of many tries; empty where it is wrong."""
    keys = ((throttle.CODE, (address_of(request), person.pk)), (throttle.CODE_ACCOUNT, (person.pk,)))
    throttle.take(*keys)
    used = second_factor.accept(person, typed)
    if used:
        throttle.succeeded(*keys)
    else:
        failures.note(throttle.FAILED_CODE, person.email, address_of(request))
    return used


@public("whoever is not signed in is sent to the sign-in")
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Ends this session; a link that somebody else made does nothing."""
    if request.method != "POST":
        return redirect("home")
    logout(request, show_message=False)
    messages.success(request, "You are signed out.")
    return redirect("account_login")


@public("for whoever forgot the password")
def reset(request: HttpRequest) -> HttpResponseBase:
    """Asks for an e-mail address; what happens looks the same whether there is an account or not."""
    form = Address(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and post.is_set_up():
        email, where = form.cleaned_data["email"].strip().lower(), address_of(request)
        throttle.take((throttle.RESET, (where, email)), (throttle.RESET_ADDRESS, (where,)))
        _send_reset(email, site(request))
        return redirect("reset-sent")
    return render(request, "account/reset.html", {"form": form, "sends_email": post.is_set_up()})


def _send_reset(email: str, address: str) -> None:
    person = Person.objects.filter(email=email, is_active=True).first()
    token = default_token_generator.make_token(person or Person(pk=0, email=email, password=""))
    try:
        throttle.take((throttle.RESET_EMAILS, (email,)))
    except throttle.TooSoon:
        return  # whoever asks is told nothing, and nobody's letter box is filled
    if person is not None:
        path = _reset_path(person, token)
        post.send(person.email, "Set a new password", "reset", name=person.name, address=address + path)


def reset_path(person: Person) -> str:
    """Where somebody sets a new password: good for an hour, and once."""
    return _reset_path(person, default_token_generator.make_token(person))


def _reset_path(person: Person, token: str) -> str:
    return reverse("reset-new", args=[urlsafe_base64_encode(force_bytes(person.pk)), token])


@public("says what to do next, to whoever forgot the password")
def reset_sent(request: HttpRequest) -> HttpResponseBase:
    """What to do next."""
    return render(request, "account/reset_sent.html")


@public("whoever has the address from the e-mail sets a new password")
@sensitive_post_parameters("password")
def reset_new(request: HttpRequest, uid: str, token: str) -> HttpResponseBase:
    """A new password; the address is of no use afterwards, and every session of the account ends."""
    throttle.take((throttle.INVITATION, (address_of(request),)))
    try:
        pk = int(urlsafe_base64_decode(uid).decode("ascii"))
    except ValueError:
        pk = 0
    person = Person.objects.filter(pk=pk, is_active=True).first()
    if person is None or not default_token_generator.check_token(person, token):
        return render(request, "account/reset_of_no_use.html", status=404)
    throttle.succeeded((throttle.INVITATION, (address_of(request),)))
    form = NewPassword(person, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.change_password(person, form.cleaned_data["password"])
        messages.success(request, "Your new password is set. Sign in with it.")
        return redirect("account_login")
    return render(request, "account/reset_new.html", {"form": form})
