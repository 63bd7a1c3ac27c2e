"""The earlier name of `remit.runs.several_schemes`, for programs that import it."""

from __future__ import annotations

from remit.runs.several_schemes import claimed_runs as claimed_runs
