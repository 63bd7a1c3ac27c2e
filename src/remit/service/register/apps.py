"""The app of the scheme register."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """What Django knows this app by."""

    name = "remit.service.register"
    label = "register"
