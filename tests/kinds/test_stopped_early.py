"""Kind: Ctrl-C before the command's own code runs. It ends with 130 and one line, however early it comes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
STOPPED_IN = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.{how})
seen = 0
class Stopping:
    def find_spec(self, name, path=None, target=None):
        global seen
        seen += 1
        if seen == {at}:
            os.kill(os.getpid(), signal.SIGINT)
from remit.cli.main import main
sys.meta_path.insert(0, Stopping())
sys.argv = ["remit", "schemes"]
main()
"""


def stopped(at: int, how: str = "default_int_handler") -> subprocess.CompletedProcess[str]:
    """`remit schemes` in a process that is sent Ctrl-C at its so many-th import."""
    words = [sys.executable, "-c", STOPPED_IN.format(at=at, how=how)]
    return subprocess.run(words, capture_output=True, text=True, env=ENVIRONMENT, check=False)


@pytest.mark.parametrize("at", [1, 2, 5, 20, 60, 120, 200, 300])
def test_ctrl_c_in_the_first_second(at: int) -> None:
    """At any import, of our own modules or of others', before the command begins."""
    ended = stopped(at)
    assert ended.returncode == 130
    assert ended.stderr.strip().startswith("Stopped")
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "Traceback" not in ended.stdout + ended.stderr


def test_where_ctrl_c_is_ignored_it_still_is() -> None:
    """As with nohup, and in what a shell begins in the background."""
    ended = stopped(20, "SIG_IGN")
    assert ended.returncode == 0
    assert "qif-2024-25" in ended.stdout


def test_little_is_imported_before_ctrl_c_is_heard() -> None:
    """Whatever stands before that could end in a traceback."""
    listing = "import sys; import remit.cli.main; print(*sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-S", "-c", listing], capture_output=True, text=True, env=ENVIRONMENT, check=True
    )
    loaded = ended.stdout.split()
    ours = {"remit", "remit.cli", "remit.cli.main", "remit.core", "remit.core.version"}
    assert {name for name in loaded if name.startswith("remit")} == ours
    assert not {"typing", "dataclasses", "typer", "rich", "pydantic", "re"} & set(loaded)


def test_ctrl_c_is_heard_by_the_command_as_before() -> None:
    """The handler that ends the process at once is gone when the command runs."""
    asked = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "import sys; sys.argv = ['remit', '--version'];"
        "from remit.cli.main import main\n"
        "try: main()\n"
        "finally: print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    )
    ended = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, env=ENVIRONMENT, check=False)
    assert ended.stdout.split()[-1] == "True"
