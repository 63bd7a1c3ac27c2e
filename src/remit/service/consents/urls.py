"""The addresses of consent. The day in an address is converted by `organisations.urls`."""

from __future__ import annotations

from django.urls import path

from remit.service.consents import views
from remit.service.organisations import urls as _with_days  # noqa: F401  (its converter)

urlpatterns = [
    path("consents/", views.start, name="consents"),
    path("consents/<str:code>/", views.consent, name="consent"),
    path("consents/<str:code>/give/", views.give, name="consent-give"),
    path("consents/<str:code>/paper/", views.paper, name="consent-paper"),
    path("consents/<str:code>/<str:to>/<day:since>/withdraw/", views.withdraw, name="consent-withdraw"),
]
