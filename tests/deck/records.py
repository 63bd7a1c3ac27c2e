"""The records that are kept: one compressed text for each case, the same bytes for the same text."""

from __future__ import annotations

import lzma
from pathlib import Path

FOLDER = Path(__file__).parent / "records"


def path_of(case: str) -> Path:
    """Where a case's record is."""
    return FOLDER / f"{case}.txt.xz"


def kept(case: str) -> str:
    """The record of a case as it was committed; empty where there is none yet."""
    path = path_of(case)
    return lzma.decompress(path.read_bytes()).decode("utf-8") if path.exists() else ""


def keep(case: str, record: str) -> None:
    """Write a case's record."""
    FOLDER.mkdir(exist_ok=True)
    path_of(case).write_bytes(lzma.compress(record.encode("utf-8"), preset=9 | lzma.PRESET_EXTREME))


def names() -> list[str]:
    """The cases that have a record."""
    return sorted(path.name.removesuffix(".txt.xz") for path in FOLDER.glob("*.txt.xz"))
