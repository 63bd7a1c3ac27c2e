from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from remit.core.problems import Refused
from remit.files.locks import LOCK, locked

HOLD = """
import sys, time
from pathlib import Path
from remit.files.locks import locked
with locked(Path(sys.argv[1]), "held."):
    print("held", flush=True)
    time.sleep(600)
"""
NOBODY = 65534
BUSY = "another run is making out."


def hold(folder: Path) -> subprocess.Popen[str]:
    """A process that holds the folder, and says so."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, folder], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_folder_is_free_once_its_holder_is_killed(tmp_path: Path, how: signal.Signals) -> None:
    holder = hold(tmp_path)
    with pytest.raises(Refused) as refused, locked(tmp_path, BUSY):
        pass
    assert str(refused.value) == f"{tmp_path}: {BUSY} Wait until it ends."
    holder.send_signal(how)
    holder.wait()
    assert (tmp_path / LOCK).is_file(), "what stays behind locks nothing"
    with locked(tmp_path, BUSY):
        pass
    with locked(tmp_path, BUSY):
        pass


def test_one_process_does_not_hold_a_folder_twice(tmp_path: Path) -> None:
    with locked(tmp_path, BUSY), pytest.raises(Refused, match="another run"), locked(tmp_path, BUSY):
        pass


def test_a_folder_is_free_when_the_block_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(tmp_path, BUSY):
        raise ZeroDivisionError
    with locked(tmp_path, BUSY):
        pass


def test_a_folder_that_was_taken_away_is_made_again(tmp_path: Path) -> None:
    """The one that had it took it away as it ended."""
    with locked(tmp_path / "gone", BUSY), pytest.raises(Refused, match="another run"), locked(tmp_path / "gone", BUSY):
        pass
    assert (tmp_path / "gone" / LOCK).is_file()


@pytest.fixture
def read_only() -> Iterator[Path]:
    """A folder that this process may look into and not write to. Root may write everywhere, so root is nobody here."""
    with tempfile.TemporaryDirectory() as name:
        folder, root = Path(name), os.geteuid() == 0
        with locked(folder, BUSY):  # all that a lock imports is here before another user would have to read it
            pass
        (folder / LOCK).unlink()
        folder.chmod(0o555)
        if root:
            os.seteuid(NOBODY)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)
            folder.chmod(0o700)


def test_a_folder_that_cannot_be_written_to_is_an_error_of_the_system(read_only: Path) -> None:
    with pytest.raises(PermissionError), locked(read_only, BUSY):
        pass
    assert not (read_only / LOCK).exists()
