"""The addresses of the year: the practice's, the contract manager's, finance's and the auditor's."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
