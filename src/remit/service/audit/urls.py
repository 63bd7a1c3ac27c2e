"""The addresses of the audit log."""

from __future__ import annotations

from django.urls import path

from remit.service.audit import views

urlpatterns = [
    path("audit/", views.audit, name="audit"),
    path("audit/entries.csv", views.export, name="audit-file"),
]
