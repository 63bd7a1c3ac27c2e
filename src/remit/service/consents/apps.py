"""The app of consents."""

from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    """What Django knows this app by."""

    name = "remit.service.consents"
    label = "consents"
