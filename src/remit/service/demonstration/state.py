"""What the demonstration keeps beside the database: its sign-ins, made at random once, and how far it is loaded."""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import generate_totp_secret

from remit.files.private import private_folder
from remit.files.whole import replace_synced

_SIGN_INS, _PROGRESS = "sign-ins.json", "progress.json"
_LETTERS = "bcdfghjkmnpqrstvwxz23456789"


@dataclass(frozen=True)
class SignIns:
    """The password of everybody in the made-up area, and the key of everybody's six-digit codes."""

    password: str
    key: str


@dataclass(frozen=True)
class Progress:
    """The step that is being done, of how many; `failed` says why it ended where it did. Past the last all is there."""

    step: int = 0
    of: int = 1
    doing: str = ""
    failed: str = ""

    @property
    def is_done(self) -> bool:
        return self.step > self.of

    @property
    def sentence(self) -> str:
        """How far it is, for a page; empty when all is there."""
        if self.is_done:
            return ""
        if self.failed:
            return f"The made-up area could not be loaded: {self.failed}"
        if not self.step:
            return "The made-up area is about to be loaded."
        return f"The made-up area is being loaded: step {self.step} of {self.of}, {self.doing}."


def folder(data: Path) -> Path:
    """Where it is, below the data folder."""
    return data / "demonstration"


def sign_ins(data: Path) -> SignIns:
    """The sign-ins, made the first time that they are asked for."""
    found = _read(data, _SIGN_INS)
    if found is None:
        parts = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
        made = SignIns("-".join(parts), generate_totp_secret())
        _write(data, _SIGN_INS, made)
        return made
    return SignIns(**found)


def progress(data: Path) -> Progress:
    """How far it is."""
    return Progress(**(_read(data, _PROGRESS) or {}))


def keep_progress(data: Path, now: Progress) -> None:
    """Let pages say so."""
    _write(data, _PROGRESS, now)


def _read(data: Path, name: str) -> Any:
    with suppress(FileNotFoundError):
        return json.loads((folder(data) / name).read_text(encoding="utf-8"))
    return None


def _write(data: Path, name: str, what: SignIns | Progress) -> None:
    private_folder(folder(data))
    replace_synced(folder(data) / name, json.dumps(asdict(what)).encode())
