"""The app of due dates and reminders."""

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    """What Django knows this app by."""

    name = "remit.service.reminders"
    label = "reminders"
