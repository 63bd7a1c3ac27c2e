"""The app of people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """What Django knows this app by."""

    name = "remit.service.people"
    label = "people"

    def ready(self) -> None:
        from remit.service.people import sessions  # noqa: F401  (listens to signing in)
