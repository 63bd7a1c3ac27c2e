"""At the start: the tables are brought to this version, after a backup where there is anything to lose."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from remit.core.problems import Refused, refuse
from remit.files.private import private_folder
from remit.service.serving import migrate
from remit.service.serving.backup import backup
from remit.service.serving.backup_files import FOLDER, path_for
from remit.service.serving.logs import place_of


@dataclass(frozen=True)
class Upgrade:
    """How many migrations were applied, and the backup that was made before."""

    applied: int
    backup: Path | None


def upgrade(data: Path) -> Upgrade:
    """Apply what is due, all or nothing. Raises Refused where a migration fails: everything is as it was then."""
    waiting = migrate.due()
    has_owner = connection.vendor != "postgresql" or settings.DEPLOYMENT.owner != settings.DEPLOYMENT.database
    if not waiting:
        if connection.vendor == "postgresql" and has_owner:
            _put_row_security_in_place()
        return Upgrade(0, None)
    if not has_owner:
        what = f"{len(waiting)} changes of the tables are due, and the role of REMIT_DATABASE may not make them."
        raise refuse("service.owner-needed", what, None, "Name the owner in REMIT_DATABASE_OWNER, for this start.")
    before = None
    if not migrate.is_empty():
        private_folder(data / FOLDER)
        before = backup(data, path_for(data, "before-upgrade")).path
    try:
        with migrate.one_transaction():
            migrate.to()
    except Refused:
        raise
    except Exception as failure:
        place = place_of(failure)
        kept = f" The backup made before is {before}." if before else ""
        raise refuse(
            "service.migration-failed",
            f"The tables could not be brought to this version ({place['error']} at {place.get('at', 'no place')}). "
            f"Nothing was changed.{kept}",
            None,
            "Start the version before again, and report it.",
        ) from failure
    return Upgrade(len(waiting), before)


def _put_row_security_in_place() -> None:
    """The key follows the secret and the grants follow the role, which may both be new."""
    from remit.service.scope.row_security import put_in_place

    with migrate.one_transaction():
        put_in_place(settings.DEPLOYMENT.database.user)
