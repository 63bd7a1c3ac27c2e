"""What the check finds: where it is, what is wrong, and what to do."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from pathlib import Path

import remit.service

SERVICE = Path(remit.service.__file__).parent


@dataclass(frozen=True)
class Fault:
    """One thing that would let somebody see rows that are not for them to see."""

    where: str
    what: str
    to_do: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.to_do}"


def place_of(thing: object) -> str:
    """The file and line of a class or function, from the service's folder where it is in it."""
    try:
        unwrapped = inspect.unwrap(thing)  # type: ignore[arg-type]
        path = Path(inspect.getsourcefile(unwrapped) or "")
        line = inspect.getsourcelines(unwrapped)[1]
    except (TypeError, OSError, ValueError):
        return repr(thing)
    return f"{path.relative_to(SERVICE) if path.is_relative_to(SERVICE) else path.name}:{line}"
