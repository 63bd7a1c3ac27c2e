"""The app that scopes: after each migration PostgreSQL's policies are put in place anew."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import connection
from django.db.models.signals import post_migrate


class ScopeConfig(AppConfig):
    """What Django knows this app by."""

    name = "remit.service.scope"
    label = "scope"

    def ready(self) -> None:
        from remit.service.scope import checks, row_security  # noqa: F401  (checks; listens to new connections)

        post_migrate.connect(_after_migration, sender=self)


def _after_migration(**_: Any) -> None:
    if connection.vendor == "postgresql":
        from remit.service.scope.row_security import put_in_place

        put_in_place(settings.DEPLOYMENT.database.user)
