"""The addresses of positions: commissioners and practices by their codes, schemes by their ids, extracts by numbers."""

from __future__ import annotations

from django.urls import path

from remit.service.positions import views

_AREA, _PRACTICE = "positions/<str:commissioner>/<str:scheme>/", "practice/<str:practice>/"

urlpatterns = [
    path("positions/", views.index, name="positions"),
    path(_AREA, views.area, name="positions-area"),
    path(_AREA + "<int:number>/", views.area, name="positions-area-by"),
    path(_AREA + "<int:number>/positions.<str:ending>", views.area, name="positions-area-file"),
    path(_AREA + _PRACTICE, views.practice, name="position"),
    path(_AREA + _PRACTICE + "position.<str:ending>", views.practice, name="position-file"),
]
