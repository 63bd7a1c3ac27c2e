"""Codes as people spell them."""

from __future__ import annotations

import re


def key(text: str) -> str:
    """A code or measure without its punctuation and capitals: `CVD-PP001` and `cvdpp001` are one."""
    return re.sub(r"[^A-Z0-9*]", "", text.upper())
