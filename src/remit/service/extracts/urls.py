"""The addresses of figures: organisations by their codes, extracts by their numbers, patients by the row of a list."""

from __future__ import annotations

from django.urls import path

from remit.service.extracts import views

urlpatterns = [
    path("figures/", views.index, name="figures"),
    path("figures/<str:organisation>/", views.of_commissioner, name="figures-of"),
    path("figures/<str:organisation>/new/", views.receive, name="figures-new"),
    path("figures/<str:organisation>/due/", views.due, name="figures-due"),
    path("figures/<str:organisation>/<int:number>/", views.one, name="figures-one"),
    path("figures/<str:organisation>/<int:number>/cancel/", views.cancel, name="figures-cancel"),
    path("figures/<str:organisation>/<int:number>/again/", views.again, name="figures-again"),
    path("figures/<str:commissioner>/<int:number>/moved/", views.moved, name="figures-moved"),
    path("figures/<str:commissioner>/<int:number>/moved/<str:practice>/", views.moved, name="figures-moved-practice"),
    path("patients/<str:practice>/<str:commissioner>/<int:number>/", views.items, name="patients-items"),
    path("patients/<str:practice>/<str:commissioner>/<int:number>/<str:item>/", views.patients, name="patients"),
    path(
        "patients/<str:practice>/<str:commissioner>/<int:number>/<str:item>/<int:row>/", views.patient, name="patient"
    ),
]
