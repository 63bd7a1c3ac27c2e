"""A published or exported file beside a run: the difference of each figure, and its most likely cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.reconciliation.reconcile import reconcile as reconciled
from remit.reconciliation.rows import COLUMNS, Reconciliation
from remit.runs import open_run
from remit.scheme.years import need_april

__all__ = ["COLUMNS", "ReconcileRequest", "Reconciliation", "reconcile"]


@dataclass(frozen=True)
class ReconcileRequest:
    """A run's folder and the other side's CSV file, how it is laid out, and what is compared.

    `tolerances` are texts by quantity, such as `{"points": "0.01"}`; where one is not given, half the last place that
    publications print.
    """

    run: Path
    file: Path
    columns: Path | None = None
    layout: str | None = None
    tolerances: Mapping[str, str] = field(default_factory=dict)
    practices: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    pca_reference: Path | None = None
    ignore_unknown: bool = False
    errors: int = 20


def reconcile(
    request: ReconcileRequest, on_progress: OnProgress = silent, cancelled: Cancelled = never
) -> Reconciliation:
    """Set the file beside the run. Neither is changed. Raises Refused with every problem of the file."""
    run = open_run(request.run)
    need_april(run.inputs.schemes.values(), "a file is set beside a run")
    return reconciled(
        run,
        request.file,
        layout=request.layout,
        columns=request.columns,
        tolerances=request.tolerances,
        practices=request.practices,
        indicators=request.indicators,
        ignore_unknown=request.ignore_unknown,
        pca_reference=request.pca_reference,
        errors=request.errors,
        progress=reporting(on_progress, cancelled),
    )
