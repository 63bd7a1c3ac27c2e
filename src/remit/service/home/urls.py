"""The addresses of the first page, the statements and the overview."""

from __future__ import annotations

from django.urls import path

from remit.service.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("statements/", views.statement_list, name="statements"),
    path("statements/<str:practice>/<int:extract>/", views.statement, name="statement"),
    path("statements/<str:practice>/<int:extract>/statement.<str:ending>", views.statement_file, name="statement-file"),
    path("overview/", views.overview_list, name="overviews"),
    path("overview/<int:extract>/", views.overview, name="overview"),
]
