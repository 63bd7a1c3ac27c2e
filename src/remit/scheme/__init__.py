"""What a scheme says: the typed model, the strict loader, the payment kinds, checks, lint and comparison."""

from __future__ import annotations

from remit.scheme.any_file import load_scheme
from remit.scheme.loader import frozen_text, scheme_ids, thaw
from remit.scheme.model import Indicator, Item, Scheme

__all__ = ["Indicator", "Item", "Scheme", "frozen_text", "load_scheme", "scheme_ids", "thaw"]
