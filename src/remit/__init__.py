"""Primary-care incentive schemes as files: counts in, exact points, pounds and statements out.

run = remit.run("qif-2024-25", practices="practices.csv", counts="counts.csv")
run.practice("A1").pence          # 1610000: £16,100.00
remit.write_run(run, "results")
"""

from __future__ import annotations

from remit.core.version import VERSION

__version__ = VERSION
__all__ = [
    "GivenRows", "Run", "compare", "dict_rows", "load_catalogue", "load_scheme", "open_run", "reconcile", "run",
    "scheme_ids", "statement",
    "write_run",
]  # fmt: skip

TYPE_CHECKING = False  # typing would take longer to import than all of this
if TYPE_CHECKING:
    from typing import Any

    from remit.catalogue import load_catalogue
    from remit.comparison.compare import compare
    from remit.core.rows import GivenRows, dict_rows
    from remit.documents.statement.making import statement
    from remit.reconciliation.reconcile import reconcile
    from remit.runs import Run, open_run, write_run
    from remit.runs.api import run
    from remit.scheme import load_scheme, scheme_ids

_HOMES = {
    "GivenRows": "remit.core.rows",
    "Run": "remit.runs",
    "compare": "remit.comparison.compare",
    "dict_rows": "remit.core.rows",
    "load_catalogue": "remit.catalogue",
    "load_scheme": "remit.scheme",
    "open_run": "remit.runs",
    "reconcile": "remit.reconciliation.reconcile",
    "run": "remit.runs.api",
    "scheme_ids": "remit.scheme",
    "statement": "remit.documents.statement.making",
    "write_run": "remit.runs",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'remit' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
