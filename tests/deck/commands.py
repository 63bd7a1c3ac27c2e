"""How the deck writes command lines."""

from __future__ import annotations

Steps = list[list[str]]


def words(text: str, *more: str) -> list[str]:
    """A command line whose words hold no blanks, and further words that may."""
    return [*text.split(), *more]
