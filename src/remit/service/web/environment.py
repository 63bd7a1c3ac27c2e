"""The templates' environment: Jinja2, which escapes whatever is not markup and refuses names that nobody set."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from remit.service.scope.scope import current_or_nobody


def environment(**options: Any) -> Environment:
    """What Django makes its Jinja2 engine of."""
    options |= {
        "loader": ChoiceLoader([PackageLoader("remit.service.web"), PackageLoader("nhsuk_frontend_jinja")]),
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    made = Environment(**options)
    made.globals |= {"static": static, "url": reverse}
    return made


def for_every_page(request: HttpRequest) -> dict[str, Any]:
    """What the layout shows on each page: who is signed in, and what they may open."""
    return {"person": request.user if request.user.is_authenticated else None, "scope": current_or_nobody()}
