"""Uploads go to the disk of the data folder as they come, and no more of them than is allowed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse

from remit.files.private import private_folder
from remit.service.scope.scope import current_or_nobody
from remit.service.serving.backup_files import UPLOADS
from remit.service.web.errors import too_large

LARGEST = 512 << 20
"""Bytes that somebody who is signed in may send at once: counts of all England take half of it."""
LARGEST_OF_STRANGERS = 64 << 10
_LEFT_OVER_AFTER = 24 * 60 * 60


class UploadLimitMiddleware:
    """Refuses what is too large before any of it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = current_or_nobody().person is not None
        try:
            size = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            size = 0
        if size > (LARGEST if signed_in else LARGEST_OF_STRANGERS):
            response = too_large(request)
            response.headers["Connection"] = "close"
            return response
        return self._get_response(request)


class ToDisk(TemporaryFileUploadHandler):
    """Writes each file to the uploads of the data folder, block by block, whatever its size."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = _Upload(self.file_name, self.content_type, self.charset, self.content_type_extra)


class _Upload(TemporaryUploadedFile):
    """A file of the uploads, which is removed when the request ends."""

    def __init__(self, name: str | None, kind: str | None, charset: str | None, more: dict[str, bytes] | None) -> None:
        private_folder(folder())
        file = NamedTemporaryFile(suffix=".upload", dir=folder())  # noqa: SIM115  (it is closed with the request)
        UploadedFile.__init__(self, file, name, kind, 0, charset, more)


def folder() -> Path:
    """Where uploads are while they come in."""
    return Path(settings.DEPLOYMENT.data) / UPLOADS


def sweep() -> None:
    """Remove what an ended upload left, once it is a day old."""
    for path in folder().iterdir() if folder().is_dir() else ():
        with suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_mtime < time.time() - _LEFT_OVER_AFTER:
                os.unlink(path)
