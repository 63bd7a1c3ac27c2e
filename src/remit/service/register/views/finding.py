"""A version by its address, and the address of a version."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse

from remit.service.organisations.models import Organisation
from remit.service.register import reading
from remit.service.register.models import SchemeVersion


def found(organisation: Organisation | str, scheme_id: str, version: int) -> SchemeVersion:
    """The version. Raises Http404 where there is none that may be seen."""
    code = organisation if isinstance(organisation, str) else organisation.code
    one = reading.one(code, scheme_id, version)
    if one is None:
        raise Http404
    return one


def address(name: str, version: SchemeVersion) -> str:
    """The address of one of a version's pages."""
    return reverse(name, kwargs=words(version))


def words(version: SchemeVersion) -> dict[str, Any]:
    """What stands in a version's addresses."""
    return {
        "organisation": version.organisation.code,
        "scheme_id": version.scheme_id,
        "version": version.version,
    }
