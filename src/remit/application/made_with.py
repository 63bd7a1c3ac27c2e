"""What the figures of an extract rest on: engine, scheme, indicators, files, and the clusters and rules of the counts.

The clusters and rules are those that an evaluation's manifest states, and only where the counts are, byte for byte,
those that it wrote. Of counts from elsewhere nobody can say them, and `not stated by the figures` is what is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from remit.core.problems import Refused
from remit.files.hashes import sha256_file
from remit.files.manifest import read_written
from remit.runs.manifest import RunManifest

NOT_STATED = "not stated by the figures"
_EVALUATED = ("practices.csv", "counts.csv")


@dataclass(frozen=True)
class SchemeUsed:
    """A scheme as it was run: `sha256` is the hash of it in the run, `file_sha256` that of the file that it was read
    from, nothing where it is one that ships."""

    scheme: str
    version: str
    year: str
    sha256: str
    file_sha256: str = ""


@dataclass(frozen=True)
class ClusterUsed:
    """How many codes a cluster had, and their hash."""

    codes: int
    sha256: str


@dataclass(frozen=True)
class RuleUsed:
    """The rules that an indicator was counted by."""

    title: str
    version: str
    status: str
    sha256: str


@dataclass(frozen=True)
class CountedWith:
    """The evaluation that made the counts: the Remit that counted, the achievement date, the cluster set with its
    release and each cluster, and each indicator's rules. `sha256` is the hash of its manifest."""

    engine: str
    on: str
    cluster_set: str
    release: str
    demonstration: bool
    clusters: Mapping[str, ClusterUsed]
    rules: Mapping[str, RuleUsed]
    sha256: str


@dataclass(frozen=True)
class MadeWith:
    """What a run rests on. `indicators` have the version of each, `files` the hash of each file that came in by what
    it is; `counted` is None where the figures do not state by what the counts were made."""

    engine: str
    scheme: SchemeUsed
    indicators: Mapping[str, str]
    files: Mapping[str, str]
    counted: CountedWith | None

    @property
    def clusters(self) -> str:
        """The cluster set and its release, in words."""
        if self.counted is None:
            return NOT_STATED
        made_up = ", made up for demonstrations" if self.counted.demonstration else ""
        return f"{self.counted.cluster_set} {self.counted.release}{made_up}".strip()


_READER = TypeAdapter(MadeWith)


def made_with(run: RunManifest, scheme_file: Path, files: Mapping[str, Path], evaluation: Path | None) -> MadeWith:
    """What a run of one scheme rests on. `files` are those that came in, by what they are; `evaluation` is the manifest
    of the evaluation that is said to have made the practices and the counts."""
    scheme = run.schemes[0]
    file_sha256 = sha256_file(scheme_file) if scheme_file.is_file() else ""
    hashes = {kind: sha256_file(path) for kind, path in sorted(files.items())}
    return MadeWith(
        run.remit, SchemeUsed(scheme.scheme, scheme.version, scheme.year, scheme.sha256, file_sha256),
        dict(run.indicators.get(scheme.scheme, {})), hashes,
        _counted(evaluation, (hashes.get("practices", ""), hashes.get("counts", ""))) if evaluation else None,
    )  # fmt: skip


def as_content(value: MadeWith) -> dict[str, Any]:
    """As it is kept: plain names and texts."""
    content: dict[str, Any] = _READER.dump_python(value, mode="json")
    return content


def made_with_of(content: Mapping[str, Any]) -> MadeWith | None:
    """What was kept; None of an extract from before this was kept."""
    return _READER.validate_python(content) if content else None


def _counted(path: Path, hashes: tuple[str, str]) -> CountedWith | None:
    """What an evaluation's manifest states; None where it is not whole, or not of these files."""
    from remit.evaluation.manifest import EvaluationManifest

    try:
        manifest = read_written(path, EvaluationManifest)
    except Refused:
        return None
    if tuple(manifest.files.get(name) for name in _EVALUATED) != hashes:
        return None
    lock = manifest.clusters
    return CountedWith(
        manifest.remit, manifest.on.isoformat(), lock.name, lock.release, lock.demonstration,
        {name: ClusterUsed(one.codes, one.sha256) for name, one in sorted(lock.clusters.items())},
        {
            code: RuleUsed(one.title, one.version, one.status, one.sha256)
            for code, one in sorted(manifest.definitions.items())
        },
        sha256_file(path),
    )  # fmt: skip
