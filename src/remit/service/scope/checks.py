"""The check that nothing passes the scope by: run by `remit serve` before it starts, by Django, and by the tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, register

from remit.core.problems import Refused, error
from remit.service.scope.faults import Fault


def faults(role: str = "") -> Iterator[Fault]:
    """Everything that would let somebody see rows that are not for them to see.

    `role`: what PostgreSQL calls whoever pages and jobs connect as, where another one asks.
    """
    from remit.service.scope.check_tables import of_tables

    yield from of_code()
    yield from of_tables(role)


def of_code() -> Iterator[Fault]:
    """The same without what a database holds."""
    from remit.service import urls
    from remit.service.scope.check_addresses import every_address, of_addresses, of_jobs
    from remit.service.scope.check_models import of_models
    from remit.service.scope.check_source import of_source

    yield from of_models(apps.get_models(include_auto_created=True))
    yield from of_addresses(every_address(urls.urlpatterns))
    yield from of_jobs()
    yield from of_source()


def refuse_faults(role: str = "") -> None:
    """Raises Refused with every fault: for `remit serve`, which does not start with one."""
    found = [
        error("service.scope-open", f"Remit does not start: {fault.where}: {fault.what}", None, fault.to_do)
        for fault in faults(role)
    ]
    if found:
        raise Refused(found)


@register(Tags.security)
def of_django(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """What Django's own `check` shows."""
    return [Error(f"{fault.where}: {fault.what}", fault.to_do, id="remit.scope") for fault in of_code()]


@register(Tags.database)
def of_database(app_configs: Any, databases: Any = None, **_: Any) -> list[CheckMessage]:
    """The same of the database, where it is asked for."""
    from remit.service.scope.check_tables import of_tables

    found = of_tables() if databases else ()
    return [Error(f"{fault.where}: {fault.what}", fault.to_do, id="remit.scope") for fault in found]
