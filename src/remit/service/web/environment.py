"""The templates' environment: Jinja2, which escapes whatever is not markup and refuses names that nobody set.

The design system's own templates are made for values that may be missing; those alone are lenient.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template import engines
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from remit.core.version import VERSION
from remit.service import clock, rehearsal
from remit.service.scope.scope import current_or_nobody
from remit.service.web import fields, navigation, words


class _Environment(Environment):
    """Strict for the service's own templates, lenient for those of the design system (`nhsuk/`)."""

    lenient: Environment | None = None

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        if self.lenient and isinstance(name, str) and name.startswith("nhsuk/"):
            return self.lenient.get_template(name, parent, globals)
        return super().get_template(name, parent, globals)


def environment(**options: Any) -> Environment:
    """What Django makes its Jinja2 engine of."""
    options |= {"trim_blocks": True, "lstrip_blocks": True}
    made = _Environment(
        **options | {"loader": PackageLoader("remit.service.web"), "undefined": StrictUndefined, "autoescape": True}
    )
    nhsuk = ChoiceLoader([PackageLoader("nhsuk_frontend_jinja")])
    made.lenient = Environment(
        **options | {"loader": nhsuk, "undefined": ChainableUndefined, "autoescape": True, "trim_blocks": False}
    )
    made.globals |= {"static": _static, "url": reverse, "field_params": fields.params, "errors_of": fields.errors}
    made.filters |= {
        name: getattr(words, name)
        for name in ("pounds", "gain", "grouped", "day", "short_day", "month_name", "moment")
    }  # fmt: skip
    return made


def _static(name: str) -> str:
    """The address of a file of the service's own; another version of Remit has another address."""
    return f"{static(name)}?v={VERSION}"


def for_every_page(request: HttpRequest) -> Mapping[str, Any]:
    """What the layout shows on each page: who is signed in, where, and what they may open."""
    scope = current_or_nobody()
    person = request.user if request.user.is_authenticated else None
    return for_nobody() | {
        "person": person,
        "scope": scope,
        "works_for": navigation.works_for(scope) if person else "",
        "navigation": tuple(navigation.links(request, scope)) if person else (),
        "notices": get_messages(request),
    }


def for_nobody() -> dict[str, Any]:
    """What the layout shows where nothing is known of the reader."""
    return {
        "person": None,
        "works_for": "",
        "navigation": (),
        "notices": (),
        "demonstration": settings.DEPLOYMENT.is_demonstration,
        "demonstration_progress": _progress() if settings.DEPLOYMENT.is_demonstration else "",
        "rehearsal": rehearsal.sentence(day) if (day := clock.rehearsed()) else "",
        "nhs_logo": _logo() if settings.DEPLOYMENT.nhs_logo else "",
        "nhs_typeface": bool(settings.DEPLOYMENT.nhs_typeface),
    }


def _progress() -> str:
    """How far the made-up area is loaded, while it is not."""
    from remit.service.demonstration import state

    return state.progress(settings.DEPLOYMENT.data).sentence


@cache
def _logo() -> Markup:
    """The NHS logo, out of the design system's own header: no file of it ships with Remit."""
    template = engines.all()[0].env.from_string(  # type: ignore[attr-defined]
        '{% from "nhsuk/components/header/macro.jinja" import header %}{{ header({}) }}'
    )
    found = re.search(r'<svg class="nhsuk-header__logo".*?</svg>', template.render(), re.DOTALL)
    return Markup(found[0] if found else "")
