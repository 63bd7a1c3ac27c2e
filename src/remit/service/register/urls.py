"""The addresses of the register."""

from __future__ import annotations

from django.urls import path

from remit.service.register.states import Step
from remit.service.register.views import comparing, drafts, listing, versions

_ONE = "schemes/<str:organisation>/<str:scheme_id>/<int:version>/"

urlpatterns = [
    path("schemes/", listing.schemes, name="schemes"),
    path("schemes/list.csv", listing.as_csv, name="schemes-csv"),
    path("schemes/<str:organisation>/start/", drafts.start, name="scheme-start"),
    path("schemes/<str:organisation>/priced/<str:key>/", comparing.priced, name="scheme-priced"),
    path(_ONE, versions.version_page, name="scheme"),
    path(f"{_ONE}edit/", drafts.edit, name="scheme-edit"),
    path(f"{_ONE}replace/", drafts.replace, name="scheme-replace"),
    path(f"{_ONE}new-version/", drafts.new_version, name="scheme-new-version"),
    path(f"{_ONE}file", versions.download, name="scheme-file"),
    path(f"{_ONE}card/", versions.card, name="scheme-card"),
    path(f"{_ONE}compare/", comparing.compare, name="scheme-compare"),
    path(f"{_ONE}submit/", versions.STEPS[Step.SUBMIT], name="scheme-submit"),
    path(f"{_ONE}take-back/", versions.STEPS[Step.TAKE_BACK], name="scheme-take-back"),
    path(f"{_ONE}withdraw/", versions.STEPS[Step.WITHDRAW], name="scheme-withdraw"),
    path(f"{_ONE}approve/", versions.STEPS[Step.APPROVE], name="scheme-approve"),
    path(f"{_ONE}send-back/", versions.STEPS[Step.SEND_BACK], name="scheme-send-back"),
    path(f"{_ONE}publish/", versions.STEPS[Step.PUBLISH], name="scheme-publish"),
]
