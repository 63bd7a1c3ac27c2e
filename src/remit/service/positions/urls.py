"""The addresses of practices' positions by month."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
