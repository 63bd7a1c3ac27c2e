"""The bytes of a version as a file below the data folder, for what reads files: written whole, and named by hash."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from remit.core.problems import refuse
from remit.files.hashes import sha256_file
from remit.files.private import private_folder
from remit.files.whole import sync_folder
from remit.service.register.models import SchemeVersion
from remit.service.register.text import hash_of

_READ_ONLY = 0o400


def folder() -> Path:
    """Where the files are: each is named by the SHA-256 of its bytes."""
    return Path(settings.DEPLOYMENT.data) / "register"


def file_of(version: SchemeVersion) -> Path:
    """The version's file, with exactly its bytes, readable by the service alone.

    Raises Refused where the bytes in the database are not those of its hash. A file that was changed is noticed by its
    hash and written anew.
    """
    content = bytes(version.content)
    if hash_of(content) != version.sha256:
        what = f"the bytes of {version} are not those that were saved: their SHA-256 differs."
        raise refuse("service.scheme-changed", what, None, "Restore the newest backup.", scheme=version.scheme_id)
    path = folder() / f"{version.sha256}.yaml"
    if is_whole(path, version.sha256):
        return path
    private_folder(folder())
    work = path.with_name(f".{version.sha256}.{uuid4().hex}")
    try:
        handle = os.open(work, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _READ_ONLY)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        work.replace(path)
        sync_folder(folder())
    finally:
        with suppress(FileNotFoundError):
            work.unlink()
    return path


def is_whole(path: Path, sha256: str) -> bool:
    """Whether a file is there with the bytes of its hash."""
    return path.is_file() and not path.is_symlink() and sha256_file(path) == sha256
