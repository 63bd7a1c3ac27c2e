"""The addresses of consent."""

from __future__ import annotations

from django.urls import path

from remit.service.consents import views
from remit.service.web.days import DAY

urlpatterns = [
    path("consents/", views.start, name="consents"),
    path("consents/<str:code>/", views.consent, name="consent"),
    path("consents/<str:code>/give/", views.give, name="consent-give"),
    path("consents/<str:code>/paper/", views.paper, name="consent-paper"),
    path(f"consents/<str:code>/<str:to>/<{DAY}:since>/withdraw/", views.withdraw, name="consent-withdraw"),
]
