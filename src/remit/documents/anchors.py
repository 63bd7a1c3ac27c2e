"""The name that a link within a document goes by: `#what-each-item-earned` leads to the heading of these words."""

from __future__ import annotations

import re


def anchor(text: str) -> str:
    """What a link to a heading of this text says behind its `#`."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "part"
