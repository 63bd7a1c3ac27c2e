"""`remit backup` and `remit restore`, from what was typed to what was done."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from remit.core.problems import Place, refuse
from remit.service.serving.serve import alone, as_owner, existing, set_environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit.service.serving.backup import Result as BackedUp
    from remit.service.serving.restore import Result as Restored


@dataclass(frozen=True)
class BackupRequest:
    """Which deployment is backed up, where to, and how many of the older ones are kept."""

    to: Path | None = None
    keep: int | None = None
    data: Path | None = None
    database: str = ""


@dataclass(frozen=True)
class RestoreRequest:
    """Which file comes back, into which deployment, and whether it may take the place of what is there."""

    path: Path
    data: Path | None = None
    database: str = ""
    replace: bool = False


def backup(request: BackupRequest) -> BackedUp:
    """Back a deployment up, also while it runs. Raises Refused."""
    deployment = existing(request.data, request.database)
    with as_owner():
        from remit.service.serving.backup import backup as write

        return write(deployment.data, request.to, request.keep)


def restore(request: RestoreRequest) -> Restored:
    """Bring a backup back into a deployment that does not run. Raises Refused, with nothing changed."""
    deployment = set_environment(request.data, request.database)
    if not request.path.is_file():
        raise refuse("service.no-backup", "is not there.", Place(str(request.path)), "Name a file of 'remit backup'.")
    with alone(deployment) as (deployment, _):
        from remit.service.serving.restore import restore as bring_back

        return bring_back(request.path, deployment.data, request.replace)
