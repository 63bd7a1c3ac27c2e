"""The addresses of offers and participation."""

from __future__ import annotations

from django.urls import URLPattern, path

from remit.service.offers.views import answering, offering, years

_PRACTICE = "offers/practice/<str:practice>/"
_ONE = f"{_PRACTICE}<int:number>/"
_YEAR = "offers/<str:code>/year/<str:scheme_id>/"

urlpatterns: list[URLPattern] = [
    path("offers/", offering.start, name="offers"),
    path(_PRACTICE, answering.of_practice, name="participations"),
    path(_ONE, answering.participation, name="participation"),
    path(f"{_ONE}accept/", answering.accept, name="participation-accept"),
    path(f"{_ONE}still-reported/", answering.reported_by_practice, name="participation-still-reported"),
    path(f"{_ONE}reported/", answering.reported_by_manager, name="participation-reported"),
    *(
        path(f"{_ONE}{step.value.replace(' ', '-')}/", view, name=f"participation-{step.value.replace(' ', '-')}")
        for step, view in answering.STEPS.items()
    ),
    path("offers/<str:code>/", offering.of_organisation, name="offers-of"),
    path("offers/<str:code>/new/", offering.new, name="offer-new"),
    path("offers/<str:code>/new/<str:scheme_id>/<int:version>/", offering.make, name="offer-make"),
    path("offers/<str:code>/<int:number>/", offering.offer_page, name="offer"),
    path("offers/<str:code>/<int:number>/practices.<str:ending>", offering.offer_file, name="offer-file"),
    path(_YEAR, years.year_page, name="scheme-year"),
    path(f"{_YEAR}limits/", years.limits, name="scheme-year-limits"),
    path(f"{_YEAR}practices.<str:ending>", years.year_file, name="scheme-year-file"),
]
