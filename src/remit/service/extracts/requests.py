"""What the files of an extract are run as: for the job that checks it, and wherever its figures are run again."""

from __future__ import annotations

from pathlib import Path

from remit.application.extract import Request
from remit.service.extracts import files, reading
from remit.service.extracts.models import Extract
from remit.service.register.files import file_of


def request_for(row: Extract, folder: Path, run: Path, before: Extract | None) -> Request:
    """What an extract's files are run as; `run` is the folder for the run."""
    members = reading.members_on(row.organisation, row.day)
    kept = {one.kind: one for one in kept_of(row)}
    paths = {kind: folder / f"{kind}.csv" for kind in kept}
    return Request(
        file_of(row.scheme_version), paths[files.PRACTICES], paths[files.COUNTS], run, row.day,
        {code: one.name for code, one in members.items()},
        paths.get(files.NATIONAL), {**row.scheme_version.settings, **row.settings},
        {paths[kind]: one.name for kind, one in kept.items()},
        files.folder_of(before.organisation_id, before.folder) / before.run if before else None,
        evaluation=folder / files.EVALUATION if row.has_evidence else None,
        gone={code: last for code, (_, last) in reading.gone_elsewhere(row.organisation, row.day).items()},
    )  # fmt: skip


def kept_of(row: Extract) -> list[files.KeptFile]:
    """The files as they came in."""
    return [files.KeptFile(**one) for one in row.files]
