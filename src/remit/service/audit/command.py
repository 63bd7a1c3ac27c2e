"""`remit audit verify`, from what was typed to what was found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from remit.service.serving.serve import as_owner, existing

if TYPE_CHECKING:
    from remit.service.audit.chain import Verification


@dataclass(frozen=True)
class VerifyRequest:
    """Which deployment's log is verified, and an anchor that was kept from before, if any."""

    expected: str = ""
    data: Path | None = None
    database: str = ""


def verify(request: VerifyRequest) -> Verification:
    """Walk the chain, also while the service runs. Raises Refused where there is no log, or the anchor is none."""
    existing(request.data, request.database)
    with as_owner():
        from remit.service.audit import chain
        from remit.service.serving.backup import one_moment

        expected = chain.anchor_of(request.expected) if request.expected else None
        with one_moment():
            return chain.verify(expected)
