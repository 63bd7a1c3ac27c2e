"""What the manifest of a run says: with the files beside it, all that the run rests on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field

from remit.core.dates import Period
from remit.core.problems import Data, Place, Problem, Severity, refuse, warning
from remit.files.manifest import (
    MANIFEST,
    SEVERAL,
    Files,
    Kind,
    OfFolder,
    Part,
    Sha256,
    kind_of,
    read_manifest,
    read_replaceable,
)

_FIND = "Give the folder of a run."
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


class SaidWarning(Part):
    """A warning of the run. Runs of an earlier Remit have its text alone."""

    code: str
    severity: Severity
    message: str
    hint: str
    data: dict[str, Any]


def kept_warning(one: Problem) -> SaidWarning:
    """A warning as the manifest keeps it: without its place, which would name a folder of the machine."""
    data = {name: list(value) if isinstance(value, tuple) else value for name, value in one.data.items()}
    return SaidWarning(code=one.code, severity=one.severity, message=one.message, hint=one.hint, data=data)


def warned(kept: SaidWarning | str) -> Problem:
    """A warning that a manifest kept."""
    if isinstance(kept, str):
        return warning("runs.warned-earlier", kept)
    return Problem(kept.code, kept.message, None, kept.hint, Data(**kept.data), kept.severity)


class Only(Part):
    """What the run was narrowed to; nothing for all."""

    practices: tuple[str, ...]
    items: tuple[str, ...]


class RunManifest(OfFolder):
    """A run's manifest. `indicators` is by scheme: each indicator's version."""

    kind: ClassVar[Kind] = Kind("run", 2, _FIND, "Run it again.", "manifest of a run")

    format: int
    remit: str
    schemes: Annotated[tuple[RunScheme, ...], Field(min_length=1)]
    indicators: dict[str, dict[str, str]]
    settings: dict[str, str]
    period: Annotated[str, AfterValidator(_period)] | None
    national: tuple[str, ...]
    only: Only
    warnings: tuple[SaidWarning | str, ...]
    files: Files

    def listed(self, folder: Path) -> dict[str, str]:
        """The files of the run, and of what was claimed."""
        return self.files


class RunsManifest(OfFolder):
    """The manifest of a folder with the runs of several schemes, each in a folder of its id."""

    kind: ClassVar[Kind] = Kind("run", 2, _FIND, "Run them again.", "manifest of several runs")

    format: int
    remit: str
    runs: tuple[Annotated[str, Field(pattern=_SCHEME)], ...]
    files: Files

    def listed(self, folder: Path) -> dict[str, str]:
        """The files of all runs, with their manifests. Raises Refused where one of these cannot be read."""
        files = dict(self.files)
        for name in self.runs:
            files[f"{name}/{MANIFEST}"] = ""
            run = read_replaceable(folder / name, RunManifest).listed(folder / name)
            files |= {f"{name}/{file}": sha256 for file, sha256 in run.items()}
        return files


def run_manifest(folder: Path) -> RunManifest:
    """A run's manifest. Raises Refused for a folder that is no run, or holds several."""
    if kind_of(folder) == SEVERAL:
        names = read_manifest(folder, RunsManifest).runs
        inside = " or ".join(str(folder / name) for name in names)
        what = "holds the runs of several schemes."
        raise refuse("runs.several-schemes", what, Place(str(folder)), f"Name one: {inside}.", runs=names)
    return read_manifest(folder, RunManifest)
