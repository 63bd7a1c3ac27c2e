"""The first page after signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from remit.service.access import signed_in
from remit.service.organisations.models import Organisation
from remit.service.scope.scope import current


@signed_in
def home(request: HttpRequest) -> HttpResponseBase:
    """What the person's roles lead to."""
    roles = sorted({grant.role.title for grant in current().grants})
    organisations = Organisation.objects.filter(pk__in=current().own).order_by("name")
    return render(request, "home.html", {"roles": roles, "organisations": organisations})
