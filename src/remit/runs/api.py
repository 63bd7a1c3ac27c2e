"""`remit.run`: the whole way of the data in one call, as the command line has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from remit.runs.engine import Run
from remit.runs.inputs import read_inputs
from remit.scheme import Scheme


def run(
    scheme: str | Path | Scheme | Sequence[str | Path | Scheme],
    practices: str | Path,
    counts: str | Path,
    *,
    national: str | Path | None = None,
    assign: str | Path | None = None,
    recovery: str | Path | None = None,
    settings: Mapping[str, str] | None = None,
    period: str | None = None,
    only_practices: Sequence[str] = (),
    only_indicators: Sequence[str] = (),
    ignore_unknown: bool = False,
    errors: int = 20,
) -> Run:
    """Read the inputs and make a run: what `remit run` does before it writes.

    `scheme` is an id, a file, a loaded scheme, or several of them. Counts are integers (patients); weighted lists may
    have decimals. Raises `remit.core.problems.Refused` with every problem of the inputs, each with its file and row.
    """
    schemes = [scheme] if isinstance(scheme, str | Path | Scheme) else list(scheme)
    inputs = read_inputs(
        schemes,
        Path(practices),
        Path(counts),
        national=national if national in (None, "from-run") else Path(str(national)),
        assign=Path(assign) if assign else None,
        recovery=Path(recovery) if recovery else None,
        settings=settings,
        period=period,
        ignore_unknown=ignore_unknown,
        errors=errors,
    )
    return Run(inputs, only_practices, only_indicators)
