"""The demonstration: the made-up area, loaded by the worker while the service is up already."""

from __future__ import annotations

from django.conf import settings
from django_tasks import task

from remit.service.demonstration import loading


@task()
def load() -> None:
    """Load what is not there yet; it may be run twice."""
    loading.load(settings.DEPLOYMENT.data)
