"""The app of figures that came in."""

from django.apps import AppConfig


class ExtractsConfig(AppConfig):
    """What Django knows this app by."""

    name = "remit.service.extracts"
    label = "extracts"
