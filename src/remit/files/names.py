"""Names of files and folders made from codes that somebody else chose."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LONGEST = 100
"""Of a file's name: most disks take 255 bytes."""
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
"""What Windows takes for a device and not for a file, whatever ends it."""


def file_names(codes: Sequence[str]) -> dict[str, str]:
    """A file name for each code: no folder, no device, nothing hidden, not too long, no two alike where capitals do not
    count."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for code in codes:
        name = plain = re.sub(r"[^A-Za-z0-9._-]", "_", code).lstrip(".")[:_LONGEST] or "_"
        name = plain = f"_{plain}" if _DEVICES.fullmatch(plain) else plain
        n = 2
        while name.casefold() in taken:
            name, n = f"{plain}-{n}", n + 1
        taken.add(name.casefold())
        names[code] = name
    return names
