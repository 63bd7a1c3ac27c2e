"""The app of offers of schemes and what practices answered."""

from django.apps import AppConfig


class OffersConfig(AppConfig):
    """What Django knows this app by."""

    name = "remit.service.offers"
    label = "offers"
