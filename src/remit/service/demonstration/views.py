"""The page of the sign-ins: in a demonstration, on its own machine, and nowhere else."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.http.request import split_domain_port
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from remit.service.access import public
from remit.service.demonstration import state
from remit.service.demonstration.area import PEOPLE
from remit.service.deployment import LOCAL
from remit.service.people.roles import ROLES
from remit.service.people.second_factor import code_now


@public("in a demonstration everybody has the sign-ins; elsewhere the page is not there")
@never_cache
@require_safe
def sign_ins(request: HttpRequest) -> HttpResponseBase:
    """Who can sign in, with the password and the present code."""
    if not settings.DEPLOYMENT.is_demonstration or not _is_here(request):
        raise Http404
    data = settings.DEPLOYMENT.data
    signs = state.sign_ins(data)
    code, seconds = code_now(signs.key)
    people = [(ROLES[one.role].title, one.where, one.does, one.email) for one in PEOPLE]
    context = {"people": people, "password": signs.password, "code": code, "seconds": seconds}
    return render(request, "demonstration/sign_ins.html", context)


def _is_here(request: HttpRequest) -> bool:
    """Whether the page is asked for on the machine itself, by a name that it has for itself."""
    host, _ = split_domain_port(request.get_host())
    return host in LOCAL and request.META.get("REMOTE_ADDR", "") in LOCAL
