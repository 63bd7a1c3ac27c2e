"""What a command makes somebody wait for: it imports only the large libraries that it uses.

All commands run in one process, each in a fork of it that has imported nothing but the command line.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "qif-2024-25"

LARGE = (
    "duckdb", "pyarrow", "numpy", "pandas", "scipy", "lark", "jinja2", "typst", "xlsxwriter", "django", "cryptography",
    "multiprocessing", "concurrent", "asyncio", "pyspark",
)  # fmt: skip
"""Large, or slow to start; beside them, models and the reader of schemes."""
SCHEMES = ("pydantic", "yaml", "remit.scheme")

FIGURES = ("--practices", f"{EXAMPLE}/practices.csv", "--counts", f"{EXAMPLE}/counts.csv")
RUN = ("run", "qif-2024-25", *FIGURES, "--out")
COMMANDS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("--help",): (),
    ("run", "--help"): ("pydantic",),
    ("show", "qif-2024-25"): SCHEMES,
    ("template", "qif-2024-25", "--practice", "A1", "--out", "mine"): SCHEMES,
    ("check", str(ROOT / "src/remit/library/schemes/qif-2024-25.yaml")): SCHEMES,
    (*RUN, "first"): SCHEMES,
    ("compare", "first", "first"): SCHEMES,
    ("what-if", "first", "--item", "4", "--thresholds", "+3pp"): SCHEMES,
    ("statement", "first", "--practice", "A1"): (*SCHEMES, "numpy"),
}
"""Each command with what it may import of those; in this order, in one folder."""

FORKS = """
import io, json, os, sys
from remit.cli import app
commands, watched = json.load(sys.stdin)
for words in commands:
    child = os.fork()
    if child == 0:
        output, sys.stdout, sys.stderr, sys.argv = sys.stdout, io.StringIO(), io.StringIO(), ["remit", *words]
        status = 0
        try:
            app.run()
        except SystemExit as end:
            status = end.code or 0
        said = "" if status == 0 else sys.stderr.getvalue()
        print(json.dumps([words, said, [one for one in watched if one in sys.modules]]), file=output, flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_a_command_imports_only_what_it_uses(tmp_path: Path) -> None:
    asked = json.dumps([list(COMMANDS), [*LARGE, *SCHEMES]])
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", FORKS], input=asked, capture_output=True, text=True, cwd=tmp_path, env=environment,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [tuple(words) for words, _, _ in answers] == list(COMMANDS)
    assert {" ".join(words): said for words, said, _ in answers if said} == {}
    imported = {tuple(words): set(found) for words, _, found in answers}
    assert {
        words: found - set(COMMANDS[words]) for words, found in imported.items() if found - set(COMMANDS[words])
    } == {}
    assert imported["show", "qif-2024-25"] == set(SCHEMES), "what is watched is what is imported"
