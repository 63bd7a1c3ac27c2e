"""`remit.run`: the whole way of the data in one call, as the command line has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from remit.core.rows import RowSource
from remit.files.tables import CsvRows
from remit.runs.engine import Run
from remit.runs.inputs import FROM_RUN, inputs_from
from remit.scheme import Scheme, load_scheme

Rows = str | Path | RowSource
"""A CSV file, or rows from elsewhere: `remit.dict_rows`, `remit.GivenRows`."""


def run(
    scheme: str | Path | Scheme | Sequence[str | Path | Scheme],
    practices: Rows,
    counts: Rows,
    *,
    national: Rows | None = None,
    assign: Rows | None = None,
    recovery: Rows | None = None,
    settings: Mapping[str, str] | None = None,
    period: str | None = None,
    only_practices: Sequence[str] = (),
    only_indicators: Sequence[str] = (),
    ignore_unknown: bool = False,
    errors: int = 20,
) -> Run:
    """Check the inputs and make a run: what `remit run` does before it writes.

    `scheme` is an id, a file, a loaded scheme, or several of them; `national` is rows, or `from-run`. Counts are
    integers (patients); weighted lists may have decimals. Raises `remit.core.problems.Refused` with every problem of
    the inputs, each with its file and row, or where else it is from.
    """
    schemes = [scheme] if isinstance(scheme, str | Path | Scheme) else list(scheme)
    inputs = inputs_from(
        [one if isinstance(one, Scheme) else load_scheme(one) for one in schemes],
        _rows(practices),
        _rows(counts),
        national=FROM_RUN if national == FROM_RUN else _rows(national) if national is not None else None,
        assign=_rows(assign) if assign else None,
        recovery=_rows(recovery) if recovery else None,
        settings=settings,
        period=period,
        ignore_unknown=ignore_unknown,
        errors=errors,
        find=load_scheme,
    )
    return Run(inputs, only_practices, only_indicators)


def _rows(source: Rows) -> RowSource:
    return CsvRows(Path(source)) if isinstance(source, str | Path) else source
