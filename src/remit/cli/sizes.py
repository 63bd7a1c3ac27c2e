"""Sizes as options say them."""

from __future__ import annotations

import re
from fractions import Fraction

from remit.core.problems import refuse


def read_size(text: str | None) -> int:
    """A size such as 4GB or 1.5 GB, in bytes; 0 where none is said."""
    if text is None:
        return 0
    match = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,3})?) ?([MGT])B?", text.strip(), re.ASCII | re.IGNORECASE)
    size = int(Fraction(match[1]) * {"M": 10**6, "G": 10**9, "T": 10**12}[match[2].upper()]) if match else 0
    if size < 200_000_000:
        raise refuse(
            "cli.value-unfit",
            f"--memory {text}: expected a size of at least 200MB, as 4GB or 1.5GB.",
            option="--memory",
            found=text,
        )
    return size
