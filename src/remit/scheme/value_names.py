"""What a value of a scheme is called where a run supplies it: `SPI.tariff`, `terms.balance.due`."""

from __future__ import annotations

from remit.scheme.model import Scheme
from remit.scheme.numbers import Path


def name_of(scheme: Scheme, path: Path) -> str:
    """The name of the value at a path."""
    if path[0] == "items" and len(path) > 2:
        below = path[4:] if path[2] == "pays" else path[2:]
        return ".".join([scheme.items[int(path[1])].item, *map(str, below)])
    return ".".join(map(str, path))
