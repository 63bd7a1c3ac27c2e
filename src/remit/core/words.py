"""Words that every layer writes alike, and text of others' that is safe to show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Categories of the characters that a terminal or a page obeys instead of showing: controls, turns of direction,
joiners, halves of a pair (a file name that is no UTF-8), ends of lines and paragraphs."""


def visible(text: str) -> str:
    """The text with a sign in place of each character that would be obeyed and not shown; tabs and line feeds stay.

    `\x1b` becomes `␛`: whoever reads it sees that something is there, and no cell, option or folder's name can clear a
    screen, colour a line or turn its letters round.
    """
    if text.isprintable():
        return text
    signs = {ord(character): sign for character in set(text) if (sign := _visible(character)) != character}
    return text.translate(signs) if signs else text


def _visible(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in _OBEYED:
        return character
    number = ord(character)
    return chr(0x2400 + number) if number < 0x20 else "\u2421" if number == 0x7F else "\ufffd"


def listed(parts: Sequence[object], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`; nothing where there is nothing."""
    *most, last = [str(part) for part in parts] or [""]
    return f"{', '.join(most)} {word} {last}" if most else last


def some_of(names: Sequence[str], most: int = 5) -> str:
    """`A1, B2 and 3 more`: the first of many names, and how many more there are."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def with_article(name: str) -> str:
    """`a run`, `an evaluation`."""
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def agreed(text: str, count: int) -> str:
    """A sentence that fits a number: of `cell{|s} {is|are}` the first of each pair for one, else the second."""
    return re.sub(r"\{([^{|}]*)\|([^{|}]*)\}", lambda pair: pair[1 if count == 1 else 2], text)
