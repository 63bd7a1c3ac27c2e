"""Nothing below the command line throws a switch of the process that it runs in: garbage collection, signals."""

from __future__ import annotations

import ast
import gc
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from remit.cli.processwide import ctrl_c_waits, few_cycle_searches

PACKAGE = Path(__file__).parents[2] / "src" / "remit"
SWITCHES = {
    "gc": None,
    "signal": {"signal", "pthread_sigmask", "siginterrupt", "setitimer", "alarm", "set_wakeup_fd"},
    "faulthandler": None,
    "locale": {"setlocale"},
    "sys": {"setrecursionlimit", "setswitchinterval", "settrace", "setprofile"},
    "os": {"umask", "chdir", "putenv", "nice", "setpriority"},
}
"""By module the functions that change the process; all of it where none is named."""
WORKERS = {
    ("files/processes.py", "_work"),
    ("service/serving/supervisor.py", "run"),
    ("service/serving/worker.py", "main"),
}
"""Functions that only a process of their own runs: a worker, or the service."""


def thrown(path: Path) -> list[tuple[str, str]]:
    """The switches that a file throws, each with the function that it is in."""
    found: list[tuple[str, str]] = []

    def look(node: ast.AST, inside: str) -> None:
        if isinstance(node, ast.FunctionDef):
            inside = node.name
        if isinstance(node, ast.ImportFrom) and node.module in SWITCHES:
            names = SWITCHES[node.module]
            found.extend((inside, f"{node.module}.{a.name}") for a in node.names if names is None or a.name in names)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in SWITCHES:
            names = SWITCHES[node.value.id]
            if names is None or node.attr in names:
                found.append((inside, f"{node.value.id}.{node.attr}"))
        for child in ast.iter_child_nodes(node):
            look(child, inside)

    look(ast.parse(path.read_text(encoding="utf-8")), "")
    return found


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE / "cli")


def test_no_module_below_cli_throws_a_switch() -> None:
    names = {path: path.relative_to(PACKAGE).as_posix() for path in FILES}
    wrong = [
        (names[path], inside, what)
        for path in FILES
        for inside, what in thrown(path)
        if (names[path], inside) not in WORKERS
    ]
    assert wrong == []


def test_a_switch_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import gc\nfrom signal import signal\ndef f():\n    gc.disable()\n")
    assert thrown(tmp_path / "a.py") == [("", "signal.signal"), ("f", "gc.disable")]


def test_the_search_for_cycles_is_as_it_was_afterwards() -> None:
    before = gc.get_threshold()
    with few_cycle_searches():
        assert gc.isenabled(), "cycles of short-lived objects are still freed: statements of a nation need it"
        assert gc.get_threshold()[0] > before[0]
        with few_cycle_searches():
            pass
        assert gc.get_threshold() != before
    assert gc.get_threshold() == before


def interrupted(child: str, done: list[str]) -> None:
    """What a process writes that is started after Ctrl-C, both within the block."""
    with ctrl_c_waits():
        os.kill(os.getpid(), signal.SIGINT)
        done.append(subprocess.run([sys.executable, "-c", child], capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="no masks of signals on this system")
def test_ctrl_c_waits_until_the_block_has_ended_and_what_starts_in_it_does_not_hear_it() -> None:
    child = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        done: list[str] = []
        with pytest.raises(KeyboardInterrupt):
            interrupted(child, done)
        assert done == ["True\n"]
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
