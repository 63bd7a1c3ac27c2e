"""What makes a key a secret: that nobody can guess it, and that nobody else can read it."""

from __future__ import annotations

import math
import re
import string
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from remit.core.problems import Place, Problem, warning
from remit.files.private import others_may_read

LEAST = 32
"""Characters."""

_BITS = 128
_DIFFERENT = 8
_WORD = 12
"""Bits that a word of a list of some thousands is worth, where it was drawn by chance."""

_ALPHABETS = (string.digits, string.hexdigits.lower(), string.ascii_lowercase, string.ascii_letters,
              string.ascii_letters + string.digits)  # fmt: skip
_ANEW = "Make another before anything is stored: openssl rand -hex 32 > key"


def is_weak(key: bytes) -> bool:
    """Whether a key is none: too short, of too few different characters, or a few, below 16, three times or more."""
    repeats = _repeats_after(key)
    return len(key) < LEAST or len(set(key)) < _DIFFERENT or (3 * repeats <= len(key) and repeats < 16)


def is_table(key: bytes) -> bool:
    """Whether the key is a file of records, which others have too."""
    first, _, more = key.partition(b"\n")
    return key.startswith(b"PAR1") or bool(more.strip() and re.search(rb"practice_code|patient_id", first, re.I))


def key_doubts(path: Path, source: Path) -> Iterator[Problem]:
    """What a person should know of a key that can be used."""
    place, key = Place(str(path)), path.read_bytes().strip()
    if others_may_read(path):
        what = "others than you can read the key, or change it: with it, pseudonyms can be turned back."
        yield warning("records.key-open-to-others", what, place, f"Keep it to yourself: chmod 600 {path}")
    if path.resolve().is_relative_to(source.resolve()):
        what = "the key is in the folder of the extract: whoever is given the one has the other."
        yield warning("records.key-beside-extract", what, place, "Move it.")
    if why := _guessed_by(key):
        yield warning("records.key-can-be-guessed", f"the key can be guessed: {why}.", place, _ANEW, why=why)


def _guessed_by(key: bytes) -> str:
    """By what a key can be guessed; nothing where it looks as if it was drawn by chance."""
    steps = sum(one - other in (-1, 0, 1) for one, other in pairwise(key))
    if 2 * steps > len(key):
        return "its characters follow one another in order"
    if 2 * _repeats_after(key) <= len(key):
        return "it repeats itself"
    text = key.decode("ascii", "replace")
    words = [one for one in re.split("[^A-Za-z0-9]+", text) if re.fullmatch("[A-Za-z][a-z]+|[A-Z]+", one)]
    if len(words) > 2 and 2 * sum(map(len, words)) > len(text):
        return "it is a few words" if len(words) * _WORD < _BITS else ""
    characters = next((len(alphabet) for alphabet in _ALPHABETS if set(text.lower() if alphabet[-1] == "f" else text)
               <= set(alphabet)), 94)  # fmt: skip
    return (
        f"{len(text)} characters of {characters} different ones are too few"
        if len(text) * math.log2(characters) < _BITS
        else ""
    )


def _repeats_after(key: bytes) -> int:
    """After how many characters the key begins again; its length where it does not."""
    return next((n for n in range(1, len(key)) if all(key[i] == key[i - n] for i in range(n, len(key)))), len(key))
