"""Work on the books sees all that they rest on: a practice is paid whether or not it shares its figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from remit.service import clock
from remit.service.organisations.models import Organisation
from remit.service.scope import reach
from remit.service.scope.acting import acting


@contextmanager
def for_commissioner(organisation: Organisation) -> Iterator[None]:
    """As the service for a commissioner, after the check that whoever is at work may. What is shown of it is amounts
    and reasons, never counts."""
    with acting(reach.of_service(organisation, clock.today())):
        yield
