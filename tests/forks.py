"""Processes that begin by a fork of one that has read Remit already: quicker by seconds, and processes as any other.

Only for what a test runs to its end, a hundred times: what is killed at each step, what looks into a deployment. It has
an environment, standard output and errors of its own, and no threads of the one before, which starts none.
"""

from __future__ import annotations

import atexit
import itertools
import json
import os
import random
import runpy
import selectors
import subprocess
import sys
import tempfile
import threading
import time
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from remit.rules.definitions import all_that_ship
from remit.scheme.any_file import load_scheme

ROOT = Path(__file__).parents[1]

READ = (
    "django.db.models", "django.db.migrations", "django.forms", "jinja2", "psycopg", "remit.application.evaluate",
    "remit.application.simulate", "remit.application.run", "remit.application.extract", "remit.application.evidence",
    "remit.application.scheme_text", "remit.records.importing", "remit.cli.evaluate", "remit.cli.records_import",
    "remit.cli.simulate", "remit.cli.app", "remit.cli.main", "remit.evaluation.engine.counting", "duckdb", "pandas",
)  # fmt: skip
"""What is read before; nothing of the service, which reads its settings from the environment."""


def run(
    *, module: str = "", words: tuple[str, ...] = (), script: str = "", environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """A module with words, or a script, to its end, as `subprocess.run` says it. Signals are negative, as there."""
    server = _server()
    assert server.stdin
    assert server.stdout
    request = {"module": module, "words": words, "script": script, "environment": environment}
    server.stdin.write(json.dumps(request) + "\n")
    server.stdin.flush()
    line = server.stdout.readline()
    assert line, "the process that forks has ended"
    return subprocess.CompletedProcess([module, *words], **json.loads(line))


@cache
def _server() -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("REMIT_", "DJANGO_"))}
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT), environment.get("PYTHONPATH", "")])
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.forks"], cwd=ROOT, env=environment | {"PYTHONPATH": paths, "COLUMNS": "80"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    atexit.register(server.communicate)  # its input ends, and it with that
    return server


def _serve() -> dict[str, Any] | None:
    """Fork for each line that comes in: what it asks for, in the fork; None where no more comes."""
    for line in iter(sys.stdin.readline, ""):
        pipes = os.pipe(), os.pipe()
        pid = os.fork()
        if not pid:
            _become(tuple(write for _, write in pipes))
            for end in itertools.chain(*pipes):
                os.close(end)
            found: dict[str, Any] = json.loads(line)
            return found
        for _, write in pipes:
            os.close(write)
        out, err = _all_of(tuple(read for read, _ in pipes))
        _, status = os.waitpid(pid, 0)
        print(json.dumps({"returncode": os.waitstatus_to_exitcode(status), "stdout": out, "stderr": err}), flush=True)
    return None


def _all_of(pipes: tuple[int, ...]) -> list[str]:
    """What comes out of pipes until nobody holds their other end."""
    said = dict.fromkeys(pipes, b"")
    with selectors.DefaultSelector() as ready:
        for pipe in pipes:
            ready.register(pipe, selectors.EVENT_READ)
        while ready.get_map():
            for key, _ in ready.select():
                more = os.read(key.fd, 65536)
                said[key.fd] += more
                if not more:
                    ready.unregister(key.fd)
                    os.close(key.fd)
    return [one.decode() for one in said.values()]


def _become(streams: tuple[int, ...]) -> None:
    """A process with streams and a session of its own, and numbers by chance that no other has."""
    os.setsid()
    for number, stream in enumerate((os.open(os.devnull, os.O_RDONLY), *streams)):
        os.dup2(stream, number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    tempfile.tempdir = None
    random.seed()


def _main() -> None:
    for name in READ:
        import_module(name)
    all_that_ship()
    load_scheme("qif-2024-25")
    assert threading.active_count() == 1, "a fork of threads may wait for one that is not there"
    request = _serve()
    if request is None:
        return
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.path += [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path not in sys.path]
    time.tzset()
    sys.argv = [request["module"] or "-c", *request["words"]]
    if request["module"]:
        runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
    else:
        exec(compile(request["script"], "<string>", "exec"), {"__name__": "__main__"})


if __name__ == "__main__":
    _main()
