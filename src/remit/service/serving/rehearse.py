"""The operator moves a rehearsal from day to day. `serve` begins it, at the first start of a deployment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from remit.core.problems import refuse
from remit.service import rehearsal
from remit.service.serving.serve import BEGIN_REHEARSAL, as_service, existing


@dataclass(frozen=True)
class Request:
    """To which day, of which deployment; without a day nothing is moved."""

    day: date | None
    data: Path | None = None
    database: str = ""


def move(request: Request) -> str:
    """Let a rehearsal live at another day, and say at which it lives. Raises Refused where it is none."""
    deployment = existing(request.data, request.database)
    before = rehearsal.day_of(deployment.data)
    with as_service(deployment):
        from remit.service.audit import chain

        chain.anchor()  # so that a deployment without tables is refused as such
        if before is None:
            what = "This deployment was not begun as a rehearsal: it lives today."
            raise refuse("service.rehearsal", what, None, BEGIN_REHEARSAL)
        day = request.day or before
        if day != before:
            _note(before, day)
            rehearsal.set_day(deployment.data, day)
    return rehearsal.sentence(day)


def _note(before: date, day: date) -> None:
    """Everything that the log says from here on is of another day."""
    from django.db import transaction

    from remit.service.audit import log
    from remit.service.scope.acting import acting
    from remit.service.scope.scope import EVERYTHING

    with acting(EVERYTHING), transaction.atomic():
        log.record("rehearsal.day", before=before, day=day)
