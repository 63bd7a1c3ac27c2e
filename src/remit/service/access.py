"""Who may open an address: each view says it here, once, and the middleware of views holds it.

A view is `page(action)`, for whoever may do that somewhere, `page(action, organisation="code")`, for whoever may do it
in the organisation that the address names, `signed_in`, for all who are, or `public`, with the reason why.
A view of an action sees what the roles that may do it see: what somebody sees by another role is not mixed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from remit.service.organisations.models import Organisation
from remit.service.people.roles import Action
from remit.service.people.second_factor import was_given
from remit.service.scope.acting import doing
from remit.service.scope.scope import current

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Access:
    """Who may open a view. `action` is None where all who are signed in may; `public` says why anybody may.

    `second_factor` is false for the page where it is given: whoever still has to give it opens that page and no other.
    """

    action: Action | None = None
    organisation: str = ""
    public: str = ""
    second_factor: bool = True


def public(reason: str) -> Callable[[View], View]:
    """A view that anybody may open; `reason` says why."""

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        opened.access = Access(public=reason)  # type: ignore[attr-defined]
        return opened

    return decorate


def signed_in(view: View) -> View:
    """A view for all who are signed in, whatever their roles."""
    return _guarded(view, Access())


def before_second_factor(view: View) -> View:
    """The view where the second factor is set up and given, for all who are signed in."""
    return _guarded(view, Access(second_factor=False))


def page(action: Action, organisation: str = "") -> Callable[[View], View]:
    """A view for whoever may do an action, in the organisation that the argument `organisation` of the address names.

    The argument is its code; the view gets the `Organisation` in its place. One outside the scope is not there (404),
    one in it where the action may not be done is refused (403).
    """

    def decorate(view: View) -> View:
        return _guarded(view, Access(action, organisation))

    return decorate


def _guarded(view: View, access: Access) -> View:
    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if any("\x00" in value for value in kwargs.values() if isinstance(value, str)):
            raise Http404  # no code has it, and PostgreSQL takes no text with it
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        needs = access.second_factor and any(grant.role.needs_second_factor for grant in current().grants)
        if needs and not was_given(request):
            return HttpResponseRedirect(reverse("second-factor"))
        if access.action is not None:
            found = None
            if access.organisation:
                found = Organisation.objects.filter(code=kwargs[access.organisation]).first()
                if found is None:
                    raise Http404
                kwargs[access.organisation] = found
            if not current().may(access.action, found.pk if found else None):
                raise PermissionDenied(access.action)
            with doing(access.action):
                return view(request, *args, **kwargs)
        return view(request, *args, **kwargs)

    opened.access = access  # type: ignore[attr-defined]
    return opened
