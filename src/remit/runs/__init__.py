"""A run: inputs read and checked once, every practice awarded and paid, results kept in a folder."""

from __future__ import annotations

from remit.runs.engine import Run
from remit.runs.folder import open_run, write_run
from remit.runs.inputs import Inputs, read_inputs
from remit.runs.results import PracticeResult

__all__ = ["Inputs", "PracticeResult", "Run", "open_run", "read_inputs", "write_run"]
