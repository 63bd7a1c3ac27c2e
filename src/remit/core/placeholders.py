"""Filler ids: what systems write for every patient whose NHS number is not known."""

from __future__ import annotations

import re
import unicodedata

_FILLERS = frozenset(
    (
        *(digit * 10 for digit in "0123456789"),
        *("0123456789", "1234567890", "0987654321", "9876543210"),
        *("2333455667", "1234567881", "9000000009"),  # what documents and examples show
    )
)
"""What records have in place of an NHS number that is not known. Of most of them the check digit holds."""

_REPEATED = re.compile(r"([0-9])\1{8,}|9+E\+0?9|1E\+10")
"""Nine of one digit or more, and what a spreadsheet makes of ten nines."""

_NOBODY = frozenset(
    ("UNKNOWN", "NOT KNOWN", "NOTKNOWN", "NONE", "NULL", "NA", "N/A", "NAN", "NIL", "TEST", "XXXXXXXXXX")
)


def is_filler(text: str) -> bool:
    """Whether an id is one that systems give to everybody whose own is not known: it would make one of many people."""
    shown = unicodedata.normalize("NFKC", text).strip().upper()
    plain = re.sub(r"[\s.-]", "", re.sub(r"\.0*$", "", shown))
    return plain in _FILLERS or shown in _NOBODY or bool(_REPEATED.fullmatch(plain))
