"""Where the files of a run are from: what stands in a result of Remit's is taken only as that was written, whole."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from remit.files.manifest import MANIFEST, OfFolder, check_whole, kind_of, kind_of_model, read_manifest
from remit.runs.manifest import RunManifest, RunsManifest


def check_origins(paths: Iterable[Path | None]) -> None:
    """Refuse files of an evaluation or of a run of which anything was changed, left out or added since."""
    parents_ = [Path(os.path.abspath(path)).parents for path in paths if path is not None]
    for folder in dict.fromkeys(above for parents in parents_ for above in parents[:2]):  # `inputs/` is one below
        if (folder / MANIFEST).is_file():
            _check(folder)


def _check(folder: Path) -> None:
    from remit.evaluation.manifest import EvaluationManifest  # a run without one needs none of it

    models: tuple[type[OfFolder], ...] = (EvaluationManifest, RunManifest, RunsManifest)
    kind_ = kind_of(folder)
    for model in models:
        if kind_of_model(model) == kind_:
            check_whole(folder, read_manifest(folder, model))
