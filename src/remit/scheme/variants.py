"""Which schemes that ship may be variants of one, found without loading them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from remit.files.tables import read_text
from remit.scheme.loader import find, scheme_ids
from remit.scheme.source import plain_values


def ids_that_name(family: str) -> list[str]:
    """The ids of the schemes that ship that name a family, or extend one that does: two keys of a file are read, and
    those only where its text has the words.

    All of the family are among them. So is one that extends another and names a family of its own, and one with the
    words that is not YAML, which is refused where it is loaded.
    """
    paths = {name: find(name) for name in scheme_ids()}
    texts = {name: read_text(path) for name, path in paths.items()}

    def with_words(words: Iterable[str]) -> dict[str, dict[str, str] | None]:
        """The files that may have one of the words as a value: it stands in them, or may with an escape."""
        found = {name for name, text in texts.items() if "\\" in text or any(word in text for word in words)}
        return {name: plain_values(paths[name]) for name in found}

    naming = {name for name, top in with_words([family]).items() if top is None or top.get("family") == family}
    newest = naming
    while newest:
        below = with_words(newest)
        newest = {name for name, top in below.items() if top and _id(top.get("extends", "")) in naming} - naming
        naming |= newest
    return sorted(naming)


def _id(reference: str) -> str:
    """The id of a scheme beside this one that is named by its id or its file."""
    return Path(reference).stem if reference.endswith((".yaml", ".yml")) else reference
