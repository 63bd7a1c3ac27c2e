"""Words that every layer writes alike."""

from __future__ import annotations

from collections.abc import Sequence


def listed(parts: Sequence[object], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`; nothing where there is nothing."""
    *most, last = [str(part) for part in parts] or [""]
    return f"{', '.join(most)} {word} {last}" if most else last


def some_of(names: Sequence[str], most: int = 5) -> str:
    """`A1, B2 and 3 more`: the first of many names, and how many more there are."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
