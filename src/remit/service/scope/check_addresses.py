"""Whether every address says who may open it, and every background job for whom it works."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver
from django.urls.converters import IntConverter, UUIDConverter
from django_tasks.base import Task

from remit.service.access import Access
from remit.service.scope import listed
from remit.service.scope.faults import Fault, place_of
from remit.service.web.days import DayConverter

_SHORTEST_REASON = 15


@dataclass(frozen=True)
class Address:
    """A pattern of the URL table: its path as it is written, its arguments with their converters, its view."""

    path: str
    name: str
    arguments: dict[str, Any]
    view: Callable[..., Any]

    @property
    def area(self) -> str:
        """The first part of the path."""
        return self.path.partition("/")[0]

    @property
    def access(self) -> Access | None:
        """What the view says of who may open it."""
        found = getattr(self.view, "access", None)
        return found if isinstance(found, Access) else None


def every_address(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[Address]:
    """All of a URL table, those of included tables too."""
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from every_address(one.url_patterns, path)
        else:
            yield Address(path, one.name or "", one.pattern.converters, one.callback)


def of_addresses(addresses: Iterable[Address]) -> Iterator[Fault]:
    """The faults of addresses."""
    for address in addresses:
        access = address.access
        if access is None:
            what = f"the view of /{address.path} does not say who may open it."
            to_do = 'Put @page(Action.…, organisation="…"), @signed_in or @public("why") on top of it.'
            yield Fault(place_of(address.view), what, to_do)
            continue
        if access.public:
            if len(access.public.strip()) < _SHORTEST_REASON:
                what = f"/{address.path} is public and hardly says why."
                yield Fault(place_of(address.view), what, 'Write the reason: @public("…").')
            continue
        if access.organisation and access.organisation not in address.arguments:
            what = f"/{address.path} has no argument {access.organisation}, by which its organisation is looked up."
            yield Fault(place_of(address.view), what, "Name an argument that the path has.")
        for name, converter in address.arguments.items():
            if name == access.organisation or isinstance(converter, IntConverter | UUIDConverter | DayConverter):
                continue
            if f"{address.area}/{name}" not in listed.ARGUMENTS:
                what = f"/{address.path} takes {name}, and nothing looks it up within the scope."
                to_do = f'Write @page(…, organisation="{name}"), or say in scope/listed.py (ARGUMENTS) what it is.'
                yield Fault(place_of(address.view), what, to_do)


def of_jobs() -> Iterator[Fault]:
    """The faults of background jobs: of every task of a module of the service that is loaded."""
    for name, module in sorted(sys.modules.items()):
        if name.startswith("remit.service."):
            for task in vars(module).copy().values():
                if isinstance(task, Task):
                    yield from of_task(task)


def of_task(task: Task[Any, Any]) -> Iterator[Fault]:
    """The faults of one task."""
    if getattr(task.func, "is_job", False):
        return
    where = place_of(task.func)
    if where.rpartition(":")[0] not in listed.TASKS:
        what = f"{task.func.__qualname__} is a task that works for no organisation, and sees what its caller saw."
        yield Fault(where, what, "Make it with @job of remit.service.work.jobs.")
