"""`remit books check`, from what was typed to what was found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from remit.service.serving.serve import as_owner, existing

if TYPE_CHECKING:
    from remit.service.money.checking import BooksChecked


@dataclass(frozen=True)
class BooksRequest:
    """Which deployment's books are checked."""

    data: Path | None = None
    database: str = ""


def check(request: BooksRequest) -> BooksChecked:
    """Check all books at one moment, also while the service runs. Raises Refused where there is no deployment."""
    existing(request.data, request.database)
    with as_owner():
        from remit.service.money.checking import checked
        from remit.service.scope.acting import acting
        from remit.service.scope.scope import EVERYTHING
        from remit.service.serving.backup import one_moment

        with one_moment(), acting(EVERYTHING):
            return checked()
