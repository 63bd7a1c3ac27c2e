"""How signing in is done here: nobody signs up, people are invited; a second step asks for the code, and no other."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url

from remit.service.people import failures
from remit.service.people.models import Person
from remit.service.people.throttle import address_of


class Adapter(DefaultAccountAdapter):
    """What of allauth is done otherwise."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account without an invitation."""
        return False

    def get_login_stages(self) -> list[str]:
        """After the password: the code, for whoever has set up a second factor."""
        return ["allauth.mfa.stages.AuthenticateStage"]

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where a request comes from."""
        return address_of(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what there is to say."""

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, *, redirect_url: str | None, **_: Any
    ) -> HttpResponse:
        """Signing in is an entry of the audit log; then the page that was asked for, which the sign-in checked."""
        assert isinstance(user, Person)
        failures.note_sign_in(user)
        return HttpResponseRedirect(redirect_url or resolve_url(settings.LOGIN_REDIRECT_URL))
