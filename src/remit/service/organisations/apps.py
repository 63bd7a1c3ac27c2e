"""The app of organisations."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """What Django knows this app by."""

    name = "remit.service.organisations"
    label = "organisations"
