"""The addresses for signing in and for people."""

from __future__ import annotations

from allauth.account.views import LoginView, LogoutView
from allauth.mfa.base.views import AuthenticateView
from django.urls import path

from remit.service.access import public

urlpatterns = [
    path("sign-in/", public("this is where people sign in")(LoginView.as_view()), name="account_login"),
    path(
        "sign-out/",
        public("whoever is not signed in is sent to the sign-in")(LogoutView.as_view()),
        name="account_logout",
    ),
    path("sign-in/code/", public("the second step of signing in")(AuthenticateView.as_view()), name="mfa_authenticate"),
]
