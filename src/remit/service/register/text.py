"""The bytes of a scheme's file, and the same as text to edit: what is not edited stays byte for byte."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import PurePosixPath, PureWindowsPath

LARGEST = 512 * 1024
"""Bytes of a scheme's file at most; the longest that ships has some 36,000."""

_BOM = b"\xef\xbb\xbf"
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


def hash_of(content: bytes) -> str:
    """The SHA-256 of the bytes."""
    return sha256(content).hexdigest()


def shown(content: bytes) -> str | None:
    """The text to edit, with `\\n` at each line's end; None where the bytes are not text."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text.replace("\r\n", "\n").replace("\r", "\n")


def edited(content: bytes, text: str) -> bytes:
    """The bytes after somebody edited the text in a page, which ends each line its own way.

    Where nothing was edited they are the same bytes; else the file keeps its mark and its way to end lines.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text == shown(content):
        return content
    if content.count(b"\r\n") * 2 > content.count(b"\n"):
        text = text.replace("\n", "\r\n")
    return (_BOM if content.startswith(_BOM) else b"") + text.encode()


def own_name(name: str) -> str:
    """A file's own name, whatever folders a browser sent with it, ending in .yaml or .yml."""
    name = PureWindowsPath(PurePosixPath(name).name).name
    name = "".join(letter for letter in name if letter.isprintable()).strip()[-115:]
    return name if name.endswith((".yaml", ".yml")) else f"{name or 'scheme'}.yaml"


def id_in(content: bytes) -> str:
    """The id that a text says it has, even where the rest cannot be read; "" where it says none that can be one."""
    found = re.search(rb"^\xef?\xbb?\xbf?scheme:[ \t]*['\"]?([^\s'\"#]+)", content, re.MULTILINE)
    name = found[1].decode("utf-8", "replace") if found else ""
    return name if is_id(name) else ""


def is_id(name: str) -> bool:
    """Whether a name can be the id of a scheme: small letters, digits and hyphens, at most 60."""
    return _ID.fullmatch(name) is not None


def settings_of(lines: str) -> dict[str, str]:
    """The values of what a scheme leaves open, one `name=value` a line. Raises ValueError for another line."""
    found: dict[str, str] = {}
    for number, line in enumerate(lines.splitlines(), 1):
        if not line.strip():
            continue
        name, equals, value = (part.strip() for part in line.partition("="))
        if not equals or not name or not value:
            raise ValueError(f"Line {number} is not a name, = and a value, such as SPI.tariff=£45.00.")
        if name in found:
            raise ValueError(f"{name} is listed twice (again on line {number}).")
        found[name] = value
    return found


def settings_lines(settings: dict[str, str]) -> str:
    """The same as lines to edit."""
    return "\n".join(f"{name}={value}" for name, value in settings.items())
