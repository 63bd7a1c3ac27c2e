"""What several tests of faults start from."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.faults.folders import imported

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three practices of the example; their extract lies beside, as `in`."""
    folder = tmp_path_factory.mktemp("records")
    maker = ROOT / "examples" / "qif-from-records" / "make_records.py"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    subprocess.run([sys.executable, maker, folder / "in"], check=True, env=environment)
    imported(folder / "in", folder / "store")
    return folder / "store"
