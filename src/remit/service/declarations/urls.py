"""The addresses of declarations: what practices declare, and who approves it."""

from __future__ import annotations

from django.urls import URLPattern, path

from remit.service.declarations import views, views_declare

_OF = "declarations/<str:practice>/<str:scheme_id>/"
_ONE = f"{_OF}<int:number>/"

urlpatterns: list[URLPattern] = [
    path("declarations/", views.index, name="declarations"),
    path("declarations/list.csv", views.as_csv, name="declarations-csv"),
    path("declarations/approve/", views.approve_in_bulk, name="declarations-approve"),
    path(f"{_OF}new/", views_declare.declare, name="declare"),
    path(f"{_OF}evidence/", views_declare.add_evidence, name="declare-evidence"),
    path(f"{_OF}evidence/<int:place>/remove/", views_declare.remove_evidence, name="declare-evidence-remove"),
    path(f"{_OF}figures/<int:figures>/", views_declare.enter_numbers, name="declare-enter"),
    path(f"{_OF}numbers/<int:entered>/", views_declare.numbers, name="declare-numbers"),
    path(f"{_OF}numbers/<int:entered>/statement/", views_declare.numbers_statement, name="declare-numbers-statement"),
    path(_ONE, views.one, name="declaration"),
    path(f"{_ONE}statement/", views.statement, name="declaration-statement"),
    path(f"{_ONE}difference/", views.difference, name="declaration-difference"),
    path(f"{_ONE}file/<int:place>", views.file, name="declaration-file"),
    *(path(f"{_ONE}{step.value.replace(' ', '-')}/", view, name=f"declaration-{step.value.replace(' ', '-')}")
      for step, view in views.STEPS.items()),
]  # fmt: skip
