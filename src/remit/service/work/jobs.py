"""What makes a function a background job: it works for one organisation, and sees that one's rows and no others."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django_tasks import task
from django_tasks.base import Task

from remit.service import clock
from remit.service.organisations.models import Organisation
from remit.service.scope import reach
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING


def job(work: Callable[..., None]) -> Task[Any, Any]:
    """A task whose first argument is the id of the organisation that it works for; ids and texts are its arguments.

    A job may be run twice: whatever it does the second time changes nothing.
    """

    @wraps(work)
    def in_scope(organisation: int, *args: Any, **kwargs: Any) -> None:
        with acting(EVERYTHING):
            found = Organisation.objects.get(pk=organisation)
        with acting(reach.of_service(found, clock.today())):
            work(organisation, *args, **kwargs)

    in_scope.is_job = True  # type: ignore[attr-defined]
    return task()(in_scope)
