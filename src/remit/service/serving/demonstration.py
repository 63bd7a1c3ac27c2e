"""The demonstration: the made-up area, loaded by the worker while the service is up already."""

from __future__ import annotations

from django_tasks import task


@task()
def load() -> None:
    """Load what is not there yet; it may be run twice."""
