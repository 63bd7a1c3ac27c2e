"""The addresses of the calendar and reminders: organisations by their codes."""

from __future__ import annotations

from django.urls import URLPattern, path

from remit.service.reminders import views

urlpatterns: list[URLPattern] = [
    path("calendar/", views.index, name="calendars"),
    path("calendar/<str:organisation>/", views.calendar, name="calendar"),
    path("calendar/<str:organisation>/calendar.<str:ending>", views.calendar_file, name="calendar-file"),
    path("calendar/<str:organisation>/reminders/", views.timing, name="calendar-reminders"),
]
