"""The app of the audit log."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """What Django knows this app by."""

    name = "remit.service.audit"
    label = "audit"
