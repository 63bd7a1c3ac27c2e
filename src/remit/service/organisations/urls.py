"""The addresses of organisations."""

from __future__ import annotations

from datetime import date

from django.urls import path, register_converter

from remit.service.organisations import changing, importing, views


class DayConverter:
    """A day in an address: 2025-03-31."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")

_ONE = "organisations/<str:code>/"
_MEMBERSHIP = f"{_ONE}in/<str:parent>/<day:since>/"
urlpatterns = [
    path("organisations/", views.start, name="organisations"),
    path(_ONE, views.organisation, name="organisation"),
    path(f"{_ONE}area/", views.area, name="area"),
    path(f"{_ONE}to-look-at/", views.to_look_at, name="organisation-to-look-at"),
    path(f"{_ONE}export.csv", views.export, name="organisation-export"),
    path(f"{_ONE}import/", importing.upload, name="organisation-import"),
    path(f"{_ONE}import/<str:token>/", importing.read, name="organisation-import-read"),
    path(f"{_ONE}add/", changing.add, name="organisation-add"),
    path(f"{_ONE}correct/", changing.correct, name="organisation-correct"),
    path(f"{_ONE}rename/", changing.rename, name="organisation-rename"),
    path(f"{_ONE}move/", changing.move, name="organisation-move"),
    path(f"{_ONE}merge/", changing.merge, name="organisation-merge"),
    path(f"{_ONE}undo-merger/", changing.undo_merger, name="organisation-undo-merger"),
    path(f"{_ONE}close/", changing.close, name="organisation-close"),
    path(f"{_MEMBERSHIP}leave/", changing.leave, name="membership-leave"),
    path(f"{_MEMBERSHIP}correct/", changing.correct_membership, name="membership-correct"),
]
