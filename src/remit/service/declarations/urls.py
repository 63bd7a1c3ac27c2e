"""The addresses of declarations and their approval."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
