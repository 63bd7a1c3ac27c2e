"""The app of the ledger, payment runs, recoveries and closes."""

from django.apps import AppConfig


class MoneyConfig(AppConfig):
    """What Django knows this app by."""

    name = "remit.service.money"
    label = "money"
