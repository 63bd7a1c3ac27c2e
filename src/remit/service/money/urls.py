"""The addresses of payment runs, recoveries and the books."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
