"""Plays a case of the deck: gives its commands one after another in a folder, and writes down what they say and write.

`record_of(case)` does so in an interpreter of its own, so that neither what other tests have imported nor the terminal
matters. Only the width of the terminal and its colours are set; the time zone, the language and the hash seed are the
caller's, for nothing that Remit says may rest on them. Of Remit only the command's entry point is imported.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import mock

from tests.deck.reading import Folder

ROOT = Path(__file__).parents[2]
PLAY = "import sys; from tests.deck.playing import play; sys.stdout.buffer.write(play(sys.argv[1]).encode())"
MARK, PART = "=== ", "--- "
HASH = re.compile(r"\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{16,64}\b")


def record_of(case: str) -> str:
    """The record of a case as it is today."""
    with tempfile.TemporaryDirectory(prefix="deck-") as folder:
        left_out = ("COLUMNS", "LINES", "TERM", "FORCE_COLOR", "CLICOLOR_FORCE", "PYTHONPATH", "COV_CORE_SOURCE")
        kept = {name: value for name, value in os.environ.items() if name not in left_out}
        source = str(Path(_package()).parent)
        path = os.pathsep.join([str(ROOT), source])
        made = subprocess.run(
            [sys.executable, "-c", PLAY, case],
            cwd=folder,
            env={**kept, "COLUMNS": "200", "NO_COLOR": "1", "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=False,
        )
    if made.returncode:
        raise RuntimeError(f"The deck could not play {case}:\n{made.stderr.decode(errors='replace')}")
    return made.stdout.decode("utf-8")


def _package() -> str:
    import remit

    assert remit.__file__
    return str(Path(remit.__file__).parent)


def say(words: list[str]) -> tuple[int | str, str, str]:
    """One command, by its entry point: how it ended, and what it said on either stream."""
    from remit.cli.main import main

    out, err = io.StringIO(), io.StringIO()
    status: int | str = 0
    with (
        mock.patch.object(sys, "argv", ["remit", *words]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        except Exception as error:  # a fault is recorded too: it must not stay unseen
            status = f"{type(error).__name__}: {error}"
    return status, out.getvalue(), err.getvalue()


def normal(text: str) -> str:
    """Without what differs by machine or release: folders, the version, hashes, blanks at a line's end."""
    from importlib.metadata import version

    import remit

    text = text.replace(str(Path.cwd()), "<work>").replace(_package(), "<remit>").replace(str(ROOT), "<root>")
    for held in {remit.__version__, version("remit")}:
        text = re.sub(rf'(?i)(remit"?:? "?){re.escape(held)}\b', r"\1<version>", text)
    text = HASH.sub("<hash>", text)
    lines = (line.rstrip() for line in text.split("\n"))
    return "\n".join(f" {line}" if line.startswith((MARK, PART)) else line for line in lines).strip("\n")


def play(case: str) -> str:
    """The record: a block for each command, with a part for its status, each stream and each file that it wrote."""
    from tests.deck.cases import CASES

    here = Path.cwd()
    steps = CASES[case](here)
    folder = Folder(here)
    lines: list[str] = []
    for words in steps:
        status, out, err = say(words)
        parts = [("status", str(status)), ("out", out), ("err", err), *folder.changes()]
        lines.append(MARK + normal(" ".join(words)))
        for name, text in parts:
            if text or name == "status":
                lines += [PART + name, normal(text)]
    return "\n".join(lines) + "\n"
