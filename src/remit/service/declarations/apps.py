"""The app of what practices declare and who approves it."""

from django.apps import AppConfig


class DeclarationsConfig(AppConfig):
    """What Django knows this app by."""

    name = "remit.service.declarations"
    label = "declarations"
