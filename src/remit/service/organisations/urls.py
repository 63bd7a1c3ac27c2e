"""The addresses of organisations."""

from __future__ import annotations

from django.urls import path

from remit.service.organisations import changing, importing, views
from remit.service.web.days import DAY

_ONE = "organisations/<str:code>/"
_MEMBERSHIP = f"{_ONE}in/<str:parent>/<{DAY}:since>/"
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
    path(f"{_ONE}list-size/", changing.list_size, name="organisation-list-size"),
    path(f"{_ONE}move/", changing.move, name="organisation-move"),
    path(f"{_ONE}merge/", changing.merge, name="organisation-merge"),
    path(f"{_ONE}undo-merger/", changing.undo_merger, name="organisation-undo-merger"),
    path(f"{_ONE}close/", changing.close, name="organisation-close"),
    path(f"{_MEMBERSHIP}leave/", changing.leave, name="membership-leave"),
    path(f"{_MEMBERSHIP}correct/", changing.correct_membership, name="membership-correct"),
]
