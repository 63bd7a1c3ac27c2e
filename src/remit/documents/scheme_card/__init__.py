"""A scheme's card: what it is, what it pays, on what, when, what a run must be given, and what is not verified."""

from remit.documents.scheme_card.boundaries import boundary_data, boundary_document
from remit.documents.scheme_card.card import card
from remit.documents.scheme_card.items import ITEM_COLUMNS, item_rows
from remit.documents.scheme_card.model import Coverage, SchemeCard
from remit.documents.scheme_card.unverified import unverified, unverified_in_all

__all__ = [
    "ITEM_COLUMNS",
    "Coverage",
    "SchemeCard",
    "boundary_data",
    "boundary_document",
    "card",
    "item_rows",
    "unverified",
    "unverified_in_all",
]
