"""What the manifest of a scheme pack says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import Field

from remit.files.manifest import Files, Kind, OfFolder


class PackManifest(OfFolder):
    """A pack's manifest."""

    kind: ClassVar[Kind] = Kind(
        "scheme pack", 1, "Give the folder of a scheme pack.", "Make it again.", "manifest of a scheme pack"
    )

    format: int
    remit: str
    pack_of: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    version: str
    files: Files

    def listed(self, folder: Path) -> dict[str, str]:
        """The files of the pack."""
        return self.files

    @classmethod
    def of(cls, scheme: str, version: str, remit: str, files: Mapping[str, str]) -> Self:
        """The manifest of a pack with these files, each with its hash."""
        return cls(format=cls.kind.format, remit=remit, pack_of=scheme, version=version, files=dict(files))
