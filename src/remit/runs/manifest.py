"""What the manifest of a run says: with the files beside it, all that the run rests on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from remit.core.dates import Period
from remit.core.problems import Place, refuse
from remit.files.manifest import SEVERAL, Files, Kind, Part, Sha256, Written, kind_of, read_manifest

_FIND = "Name the folder that 'remit run --out' made."
_SCHEME = r"^[a-z0-9][a-z0-9-]*$"


def _period(text: str) -> str:
    Period.parse(text)
    return text


class RunScheme(Part):
    """A scheme of the run, as `inputs/` holds it."""

    scheme: Annotated[str, Field(pattern=_SCHEME)]
    version: str
    year: str
    sha256: Sha256


class Only(Part):
    """What the run was narrowed to; nothing for all."""

    practices: tuple[str, ...]
    items: tuple[str, ...]


class RunManifest(Written):
    """A run's manifest. `indicators` is by scheme: each indicator's version."""

    kind: ClassVar[Kind] = Kind("run", 1, _FIND, "Run it again.", "manifest of a run")

    format: int
    remit: str
    schemes: Annotated[tuple[RunScheme, ...], Field(min_length=1)]
    indicators: dict[str, dict[str, str]]
    settings: dict[str, str]
    period: Annotated[str, AfterValidator(_period)] | None
    national: tuple[str, ...]
    only: Only
    warnings: tuple[str, ...]
    files: Files


class RunsManifest(Written):
    """The manifest of a folder with the runs of several schemes, each in a folder of its id."""

    kind: ClassVar[Kind] = Kind("run", 1, _FIND, "Run them again.", "manifest of several runs")

    format: int
    remit: str
    runs: tuple[Annotated[str, Field(pattern=_SCHEME)], ...]
    files: Files


def run_manifest(folder: Path) -> RunManifest:
    """A run's manifest. Raises Refused for a folder that is no run, or holds several."""
    if kind_of(folder) == SEVERAL:
        inside = " or ".join(str(folder / name) for name in read_manifest(folder, RunsManifest).runs)
        raise refuse("holds the runs of several schemes.", Place(str(folder)), f"Name one: {inside}.")
    return read_manifest(folder, RunManifest)
