"""What a commissioner commissions: the catalogue of services, when each is reviewed, and the register of requests."""

from __future__ import annotations

from remit.catalogue.loader import catalogue_ids, load_catalogue, narrowed
from remit.catalogue.model import Catalogue, Service
from remit.catalogue.register import Answer, InformationRequest, Register, answer, load_register
from remit.catalogue.reminders import Reminder, reminders

__all__ = [
    "Answer", "Catalogue", "InformationRequest", "Register", "Reminder", "Service", "answer", "catalogue_ids",
    "load_catalogue", "load_register", "narrowed", "reminders",
]  # fmt: skip
