"""A scheme by its id, from its file, or from the file of a reform, which is read as the scheme that it makes."""

from __future__ import annotations

import re
from pathlib import Path

from remit.files.tables import read_text
from remit.scheme.loader import find, scheme_ids
from remit.scheme.loader import load_scheme as load_plain
from remit.scheme.model import Scheme


def load_scheme(reference: str | Path) -> Scheme:
    """A scheme by its id in the library, or from a file: a scheme's, or a reform's.

    Raises Refused with every error at its file, line and column; for an unknown id, with the nearest ids.
    """
    if str(reference) in scheme_ids():
        return load_plain(reference)
    path = find(str(reference))
    if re.search(r"^reform:", read_text(path), re.MULTILINE):
        from remit.scheme.reform_file import scheme_of  # its models take time, and most files are schemes

        return scheme_of(path)
    return load_plain(reference)
