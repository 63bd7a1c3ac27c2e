"""Codes as people spell them."""

from __future__ import annotations

import re


def key(text: str) -> str:
    """A code or measure without its punctuation and capitals: `CVD-PP001` and `cvdpp001` are one."""
    return re.sub(r"[^A-Z0-9*]", "", text.upper())


_JOINED = {"by", "in", "le", "next", "on", "super", "the", "under", "upon", "with"}
_SMALL = {"and", "of", *_JOINED}


def place_name(code: str) -> str:
    """The name of a place whose code is words: `stoke-on-trent` is Stoke-on-Trent, `cannock-chase` Cannock Chase.

    A code with a digit or a capital is no name, and stays.
    """
    if not re.fullmatch(r"[a-z]+(-[a-z]+)*", code):
        return code
    words = code.split("-")
    named = [word if n and word in _SMALL else word.capitalize() for n, word in enumerate(words)]
    return ("-" if _JOINED & set(words[1:-1]) else " ").join(named)
