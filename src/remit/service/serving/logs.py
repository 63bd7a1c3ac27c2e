"""What the service writes about itself: one line for each thing that happened, with a fixed list of fields.

Nothing but these fields can be in a line, and each has a form that no name, e-mail address, NHS number, code or token
fits: of a request the pattern of its address and not the address, of an exception its type and its place and not its
text. Messages of other libraries are left out for the same reason: their logger and level alone are written.
JSON where standard error is no terminal.
"""

from __future__ import annotations

import json
import logging
import logging.config
import re
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="")

_WORD = re.compile(r"[A-Za-z_][\w.-]{0,99}")
_TEXTS = {
    "event": _WORD,
    "request": re.compile(r"[0-9a-f]{16}"),
    "method": re.compile(r"GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|other"),
    "path": re.compile(r"/[\w/<>:.-]{0,200}|none"),
    "job": _WORD,
    "process": re.compile(r"web|worker-\d+|serve"),
    "error": _WORD,
    "at": re.compile(r"[\w./-]+\.py:\d+"),
    "result": re.compile(r"[a-z -]{1,40}"),
}
"""The fields that hold text, and what the text may be; `path` is a pattern of urls.py, never what was sent."""
_NUMBERS = frozenset({"status", "ms", "person", "code", "port", "times"})
_FLAGS = frozenset({"slow"})
FIELDS = frozenset({"time", "level", "organisations", *_TEXTS, *_NUMBERS, *_FLAGS})
"""Every field that a line may have."""

LIBRARIES = ("django", "django_tasks", "django_tasks_db", "allauth", "_granian", "granian.access", "asyncio")


def event(name: str, level: int = logging.INFO, error: BaseException | None = None, **fields: Any) -> None:
    """Write a line. What is none of the fields, or not of their form, is left out."""
    logging.getLogger("remit").log(level, name, extra={"fields": fields, "failure": error})


def allowed(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that may be written, of those that were given."""
    kept: dict[str, Any] = {}
    for name, value in fields.items():
        if name in _TEXTS:
            if isinstance(value, str) and _TEXTS[name].fullmatch(value):
                kept[name] = value
        elif name in _NUMBERS:
            if type(value) is int:
                kept[name] = value
        elif name in _FLAGS and value is True:
            kept[name] = True
        elif name == "organisations" and all(isinstance(one, int) for one in value):
            kept[name] = sorted(value)
    return kept


def place_of(failure: BaseException) -> dict[str, str]:
    """An exception's type, and the last line of ours (or of anybody's) that it went through."""
    frames = traceback.extract_tb(failure.__traceback__)
    ours = [frame for frame in frames if "/remit/" in frame.filename.replace("\\", "/")] or list(frames)
    found = {"error": type(failure).__qualname__}
    if ours:
        parts = Path(ours[-1].filename).parts
        start = len(parts) - parts[::-1].index("remit") if "remit" in parts else len(parts) - 1
        found["at"] = f"{'/'.join(parts[start:])}:{ours[-1].lineno}"
    return found


class Lines(logging.Formatter):
    """A record as its line."""

    def __init__(self, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """Ours with its fields; another library's with its logger's name, its level and where it failed."""
        ours = record.name == "remit"
        fields: dict[str, Any] = {"event": record.msg if ours else record.name}
        fields |= getattr(record, "fields", {}) if ours else {}
        failure = getattr(record, "failure", None) or (record.exc_info[1] if record.exc_info else None)
        if failure is not None:
            fields |= place_of(failure)
        fields.setdefault("request", request_id.get())
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": when, "level": record.levelname.lower(), **allowed(fields)}
        if self._as_json:
            return json.dumps(line)
        return " ".join([line.pop("time"), line.pop("level"), line.pop("event", ""), *_pairs(line)])


def _pairs(line: dict[str, Any]) -> list[str]:
    return [f"{name}={','.join(map(str, value)) if isinstance(value, list) else value}" for name, value in line.items()]


def config() -> dict[str, Any]:
    """The same for Python's logging, Django's and the web server's."""
    handled = {"handlers": ["lines"], "level": "WARNING", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": "remit.service.serving.logs.Lines", "as_json": not sys.stderr.isatty()}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stderr"}},
        "root": {"handlers": ["lines"], "level": "WARNING"},
        "loggers": {
            **{name: dict(handled) for name in LIBRARIES},
            "django.request": {**handled, "level": "ERROR"},  # a line of the request log says the rest
            "remit": {**handled, "level": "INFO"},
        },
    }


def say_where_it_failed() -> None:
    """Let an exception that ends this process be a line too, and no traceback, which quotes values."""

    def hook(kind: type[BaseException], failure: BaseException, trace: Any) -> None:
        say_failure(failure)

    sys.excepthook = hook


def say_failure(failure: BaseException) -> None:
    """The line of an exception that ends a process, which may come before Django has set the logs up."""
    logging.config.dictConfig(config())
    event("failed", logging.ERROR, failure)
