"""`remit audit verify`, from what was typed to what was found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from remit.core.problems import Place, refuse
from remit.service.serving.serve import as_owner, set_environment

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
    deployment = set_environment(request.data, request.database)
    there = deployment.data if deployment.database.is_postgresql else Path(deployment.database.name)
    if not there.exists():
        what = "is not there: no deployment has its data in it."
        raise refuse("service.nothing-there", what, Place(str(deployment.data)), "Name its data folder with --data.")
    with as_owner():
        from django.db import DatabaseError

        from remit.service.audit import chain
        from remit.service.serving.backup import one_moment

        expected = chain.anchor_of(request.expected) if request.expected else None
        try:
            with one_moment():
                return chain.verify(expected)
        except DatabaseError as error:
            reason = str(error).strip().partition("\n")[0]
            what = f"The audit log cannot be read: {reason}."
            raise refuse("service.nothing-there", what, None, "Start the service once with 'remit serve'.") from None
