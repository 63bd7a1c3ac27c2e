"""What a commissioner commissions: its services, how they are paid, and which reviews are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from remit.catalogue import Catalogue, catalogue_ids, load_catalogue, narrowed, reminders
from remit.catalogue.loader import read_catalogue, with_services
from remit.documents.catalogue import Due

__all__ = ["Catalogue", "CatalogueRequest", "CatalogueResult", "Due", "catalogues", "evaluate"]


@dataclass(frozen=True)
class CatalogueRequest:
    """Whose catalogue, by its commissioner's name or as a file; which services; and which reviews are asked for.

    `due` is how many months ahead of the day `on` a review is looked for.
    """

    commissioner: str = ""
    file: Path | None = None
    services: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    due: int | None = None
    on: date | None = None


@dataclass(frozen=True)
class CatalogueResult:
    """The services that were asked for, and the reviews that are due, where they were asked for."""

    catalogue: Catalogue
    due: Due | None = None


def catalogues() -> tuple[Catalogue, ...]:
    """The catalogues that ship."""
    return tuple(map(load_catalogue, catalogue_ids()))


def evaluate(request: CatalogueRequest) -> CatalogueResult:
    """The catalogue as it was asked for. Raises Refused for a name that is not known."""
    whole = read_catalogue(request.file) if request.file else load_catalogue(request.commissioner)
    found = narrowed(whole, request.services, request.kinds)
    if request.due is None or request.on is None:
        return CatalogueResult(found)
    due = Due(request.on, request.due, tuple(reminders(found.services, request.on, request.due)))
    return CatalogueResult(with_services(found, [r.service for r in due.found]), due)
