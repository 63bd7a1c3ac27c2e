"""The day at which a rehearsal lives: a file of its data folder, read whenever the service asks what day it is.

A deployment is a rehearsal from its first start on (`REMIT_REHEARSAL`) or never; its file marks it, and is in its
backups. Nothing here knows Django.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

from remit.core import say
from remit.files.whole import replace_synced

MARK = "rehearsal"
PREFIX = "rehearsal-"
"""How the name of every file begins that somebody takes out of a rehearsal."""


def day_of(data: Path) -> date | None:
    """The day at which the deployment of a data folder lives; none where it lives today."""
    with suppress(FileNotFoundError, NotADirectoryError):
        return date.fromisoformat((data / MARK).read_text(encoding="ascii").strip())
    return None


def set_day(data: Path, day: date) -> None:
    """Let it live at this day from now on."""
    replace_synced(data / MARK, f"{day.isoformat()}\n".encode())


def sentence(day: date) -> str:
    """What pages, commands and files say of it."""
    return f"Rehearsal: it is {say.day(day)} here."
