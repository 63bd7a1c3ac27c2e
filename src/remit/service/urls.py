"""Every address of the service. Each view says who may open it: `remit.service.access`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from remit.service.audit import urls as audit
from remit.service.consents import urls as consents
from remit.service.declarations import urls as declarations
from remit.service.demonstration import urls as demonstration
from remit.service.extracts import urls as extracts
from remit.service.health import health
from remit.service.home import urls as home
from remit.service.money import urls as money
from remit.service.offers import urls as offers
from remit.service.organisations import urls as organisations
from remit.service.people import urls as people
from remit.service.positions import urls as positions
from remit.service.register import urls as register
from remit.service.reminders import urls as reminders
from remit.service.web import typeface
from remit.service.year import urls as year

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health, name="health"),
    *home.urlpatterns,
    *organisations.urlpatterns,
    *consents.urlpatterns,
    *people.urlpatterns,
    *audit.urlpatterns,
    *typeface.urlpatterns,
    *register.urlpatterns,
    *extracts.urlpatterns,
    *offers.urlpatterns,
    *positions.urlpatterns,
    *declarations.urlpatterns,
    *money.urlpatterns,
    *reminders.urlpatterns,
    *year.urlpatterns,
    *demonstration.urlpatterns,
]

handler400 = "remit.service.web.errors.bad_request"
handler403 = "remit.service.web.errors.not_allowed"
handler404 = "remit.service.web.errors.not_there"
handler429 = "remit.service.web.errors.too_many"
handler500 = "remit.service.web.errors.failed"
