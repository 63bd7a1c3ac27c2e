"""Whether the files that rows point to are what was kept: for an extract's page, and for `remit serve --check`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from remit.application.extract import check_run
from remit.core.problems import Refused
from remit.files.hashes import sha256_file
from remit.service.extracts import files
from remit.service.extracts.models import Extract, PracticeCopy

RUN = "what was calculated from it"


def altered(extract: Extract) -> list[str]:
    """The names of an extract's files that are gone or changed. A file is read again when its time or size is another;
    of what was calculated only that it is there."""
    folder = files.folder_of(extract.organisation_id, extract.folder)
    found = [one["name"] for one in extract.files if not _is_same(folder / f"{one['kind']}.csv", one["sha256"])]
    return found + ([RUN] if extract.run and not (folder / extract.run).is_dir() else [])


def every_altered() -> Iterator[tuple[str, list[str]]]:
    """For each extract, in words, what is gone or changed of its files, its run and its evidence; all of it is read.
    The scope is the operator's."""
    rows = Extract.objects.select_related("organisation").defer("frame").order_by("organisation__code", "number")
    for extract in rows:
        found = altered(extract)
        if extract.run and RUN not in found:
            try:
                check_run(files.folder_of(extract.organisation_id, extract.folder) / extract.run)
            except Refused:
                found.append(RUN)
        for copy in PracticeCopy.objects.filter(figures__extract=extract).select_related("practice"):
            try:
                if copy.evidence:
                    files.check_evidence(files.evidence_folder(copy.practice_id, extract.folder), copy.evidence)
            except Refused:
                found.append(f"the evidence of {copy.practice.code}")
        yield f"extract {extract.number} of {extract.organisation.code}", found


def _is_same(path: Path, sha256: str) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    now = path.stat()
    return _hash(path, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns) == sha256


@lru_cache(maxsize=4096)
def _hash(path: Path, *state: int) -> str:
    return sha256_file(path)
